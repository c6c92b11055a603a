"""The ways to goals found in clauses that are laid out, against plain rounds over all clauses."""

import random
from collections.abc import Collection

import numpy as np
import pytest

from nhigraph.trace.crowd import Starts
from nhigraph.trace.laid import Laid
from nhigraph.trace.product import GateSpec, Product
from nhigraph.trace.web import Web

NODES, GATES = 12, 3
SIZE = NODES * 5 + 2 * GATES + 1


def product(seed: int) -> Product:
    """A product with needs and gates, some states of which no clause touches."""
    chance = random.Random(seed)
    states = chance.sample(range(SIZE - 1), 30)
    many = chance.randint(0, 60)
    needs = [chance.choices(states, k=chance.choice((0, 0, 0, 1, 2))) for _ in range(many)]
    gates = [GateSpec(f"acme:gate-{n}", fails=False, unknown=False) for n in range(GATES)]
    column = np.array(
        [
            (chance.choice(states), chance.choice(states), chance.randint(-1, 25), gate)
            for gate in chance.choices((-1, -1, -1, 0, 1, 2), k=many)
        ],
        dtype=np.int64,
    ).reshape(-1, 4)
    src, dst, edge, gate = column.T.copy()
    return Product(
        SIZE,
        NODES,
        src,
        dst,
        edge,
        np.ones(many, dtype=bool),
        gate,
        np.cumsum([0, *map(len, needs)]).astype(np.int64),
        np.array([need for one in needs for need in one], dtype=np.int64),
        gates,
    )


def inputs(reading: Product, clause: int) -> set[int]:
    """The states that a clause takes."""
    first, last = reading.need_ptr[clause : clause + 2].tolist()
    return {int(reading.src[clause]), *reading.need_idx[first:last].tolist()}


def led(reading: Product, goals: Collection[int]) -> dict[int, int]:
    """Clause to how many lie between it and a goal, round by round."""
    found: dict[int, int] = {}
    depth, level, seen = 0, set(goals), set(goals)
    while level:
        now = [c for c in range(reading.clauses) if int(reading.dst[c]) in level]
        found |= dict.fromkeys(now, depth)
        level = {state for clause in now for state in inputs(reading, clause)} - seen
        seen |= level
        depth += 1
    return found


def worth(
    reading: Product, goals: Collection[int], fixed: Collection[int]
) -> tuple[set[int], set[int]]:
    """States as good as goals, and the clauses that lead to the first of them."""
    good, size = set(goals), -1
    while size != (size := len(good)):
        for clause in fixed:
            if int(reading.dst[clause]) in good and len(inputs(reading, clause)) == 1:
                good |= inputs(reading, clause)
    outer = [c for c in range(reading.clauses) if good.isdisjoint(inputs(reading, c))]
    wanted, kept = set(good), set[int]()
    size = -1
    while size != (size := len(kept)):
        kept |= {clause for clause in outer if int(reading.dst[clause]) in wanted}
        wanted |= {state for clause in kept for state in inputs(reading, clause)}
    return good, kept


@pytest.mark.parametrize("seed", range(300))
def test_clauses_on_the_ways_to_goals(seed: int, engine: str) -> None:
    assert engine
    reading, chance = product(seed), random.Random(seed)
    laid = Laid(reading)
    for _ in range(3):
        goals = chance.sample(range(SIZE - 1), chance.randint(1, 4))
        found = laid.leading(laid.rows(goals))
        assert dict(zip(found.ways.tolist(), found.depth.tolist(), strict=True)) == led(
            reading, goals
        )
        whole = reading.leading_to(np.array(goals))
        told = reading.only(np.isin(np.arange(reading.clauses), found.whole))
        assert (found.clauses, told.edge.tolist()) == (whole.clauses, whole.edge.tolist())
        assert (told.src.tolist(), told.dst.tolist()) == (whole.src.tolist(), whole.dst.tolist())


@pytest.mark.parametrize("seed", range(300))
def test_what_of_them_is_worth_cutting(seed: int, engine: str) -> None:
    assert engine
    reading, chance = product(seed), random.Random(seed)
    laid = Laid(reading)
    for _ in range(3):
        fixed = np.array([chance.random() < 0.5 for _ in range(reading.clauses)], dtype=bool)
        goals = chance.sample(range(SIZE - 1), chance.randint(1, 4))
        touched = set(laid.state.tolist())
        found = laid.closed(laid.rows(goals), fixed)
        good, kept = worth(reading, goals, np.flatnonzero(fixed).tolist())
        assert set(laid.state[found.goals].tolist()) == good & touched
        assert found.kept.tolist() == sorted(kept)


def test_who_holds_the_same_in_a_web_is_one_and_who_holds_nothing_is_not_there() -> None:
    none = np.full(3, -1)
    chain = Product(
        SIZE,
        NODES,
        np.array([1, 2, 3]),
        np.array([2, 3, 4]),
        np.array([0, 1, 2]),
        none < 0,
        none,
        np.zeros(4, dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        (),
    )
    web = Web(Laid(chain), [4, 50], np.array([0, 1, 2]))
    crowd = web.crowd(Starts([[1], [40], [2, 1], [1, 41], [2], [50], [3]]), {3})
    assert crowd.lanes == ((0, 3), (2,), (4,), (5,))
    assert crowd.walkers(web.reached(crowd, {0})) == (2, 4, 5)
    others = crowd.without(0b100)
    assert others.walkers(web.reached(others, {0})) == (2, 5)
