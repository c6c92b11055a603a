"""Who holds what, asked backwards for everybody at once, is what walking one by one finds.

Two oracles: the brute-force walker of the specification, on whole estates, and a loop over sets,
on clauses drawn at random, where needs, circles and dead ends are dense. Everything is done by
the loops as they stand and by the compiled ones.
"""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance import reached
from nhigraph.assurance.gates import compile_gates
from nhigraph.assurance.walk import start_states
from nhigraph.schema.types import State
from nhigraph.trace import blocks, count_kernels, dag_kernels, radius_kernels
from nhigraph.trace.counted import first_and_count
from nhigraph.trace.holders import Starts, held_in_groups, holders
from nhigraph.trace.horn import taken_apart
from nhigraph.trace.product import STATES, Closure, Product, compile_product, state_id
from nhigraph.trace.radius import radius
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.walker import identities_of, prepared

Record = dict[str, Any]
Records = list[Record]
Clause = tuple[int, frozenset[int], int]
_CLOSURES = {Closure.MAY: "may", Closure.CAN: "can", Closure.OPEN: "open",
             Closure.MAYBE_OPEN: "maybe_open"}  # fmt: skip


def _closed(start: set[int], clauses: list[Clause]) -> set[int]:
    """Whatever is held, clause by clause until nothing is added."""
    held = set(start)
    while more := {end for at, needs, end in clauses if at in held and needs <= held} - held:
        held |= more
    return held


def _drawn(rng: random.Random) -> tuple[int, list[Clause]]:
    """Clauses over a few nodes' states, sparse or dense, many with needs or few."""
    size = rng.choice([1, 3, 8, 20]) * STATES
    count = int(size * rng.choice([0.5, 1.2, 2.5]))
    needing = rng.choice([0.0, 0.1, 0.5])
    clauses: list[Clause] = []
    for _ in range(count):
        needs = rng.choices(range(size), k=rng.choice([1, 1, 2, 3]))
        some = frozenset(needs) if rng.random() < needing else frozenset[int]()
        clauses.append((rng.randrange(size), some, rng.randrange(size)))
    return size, clauses


def _product(size: int, clauses: list[Clause]) -> Product:
    needs = [sorted(some) for _, some, _ in clauses]
    none = np.full(len(clauses), -1, dtype=np.int64)
    return Product(
        size + 1,
        size // STATES,
        np.array([clause[0] for clause in clauses], dtype=np.int64),
        np.array([clause[2] for clause in clauses], dtype=np.int64),
        none,
        np.ones(len(clauses), dtype=bool),
        none,
        np.cumsum([0, *map(len, needs)]),
        np.array([need for some in needs for need in some], dtype=np.int64),
        (),
    )


def _compare_clauses(seed: int, threads: int) -> None:
    rng = random.Random(seed)
    size, clauses = _drawn(rng)
    reading = _product(size, clauses)
    walkers = [
        rng.choices(range(size), k=rng.choice([0, 1, 1, 2])) for _ in range(rng.choice([1, 5, 40]))
    ]
    probes = rng.choices(range(size), k=rng.choice([1, size, 3 * size]))
    found = holders(reading, Starts.of(walkers), probes, threads)
    held = [_closed(set(start), clauses) for start in walkers]
    expected = [[n for n, probe in enumerate(probes) if probe in one] for one in held]
    assert [found.probes(at).tolist() for at in range(len(walkers))] == expected, seed
    counts = [sum(probe in one for one in held) for probe in probes]
    assert found.counts().tolist() == counts, seed
    assert found.of(0).tolist() == [probes[0] in one for one in held], seed
    assert found.anywhere().tolist() == [bool(some) for some in expected], seed
    many = rng.choice([7, 150])
    groups = [rng.choices(range(size), k=rng.choice([0, 1, 2, 5])) for _ in range(many)]
    states = np.array([state for some in groups for state in some], dtype=np.int64)
    group_of = np.repeat(np.arange(many), [len(some) for some in groups])
    horn, starts = taken_apart(reading), Starts.of(walkers)
    together = held_in_groups(horn, starts, states, group_of, many, threads)
    for number, group in enumerate(groups):
        assert together.of(number).tolist() == [bool(one & {*group}) for one in held], seed
    listed = [[who for who, one in enumerate(held) if one & {*group}] for group in groups]
    assert [who.tolist() for who in together.each()] == listed, seed
    mixed = replace(together, lane=together.lane[::-1])  # words are then asked for out of order
    assert [who.tolist() for who in mixed.each()] == listed[::-1], seed
    most = rng.choice([1, 3, 50])
    firsts = [(who[:most], len(who)) for who in listed]
    told = first_and_count(horn, starts, (states, group_of, many), most, threads)
    assert [(who.tolist(), number) for who, number in told] == firsts, seed
    family = np.array([rng.randrange(3) for _ in range(size // STATES)])
    _compare_radius(reading, walkers, held, family, threads)


def _compare_radius(
    reading: Product,
    walkers: list[list[int]],
    held: list[set[int]],
    family: np.ndarray,
    threads: int,
) -> None:
    found = radius(taken_apart(reading), Starts.of(walkers), family, exact=True, threads=threads)
    families = found.counts.shape[1] - 1
    for walker, states in enumerate(held):
        for number in range(families + 1):
            nodes = {s // STATES for s in states}
            meant = {n for n in nodes if number in (0, int(family[n]) + 1)}
            by_state = [sum(n * STATES + s in states for n in meant) for s in range(STATES)]
            row = found.counts[found.which[walker], number].tolist()
            assert row == [len(meant), *by_state]


@pytest.fixture(params=["as they stand", "compiled"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "compiled":
        monkeypatch.setattr(dag_kernels, "COMPILE_FROM", 0)
        monkeypatch.setattr(radius_kernels, "COMPILE_FROM", 0)
        monkeypatch.setattr(count_kernels, "COMPILE_FROM", 0)
    return str(request.param)


def test_random_clauses_are_closed_as_sets_are(loops: str) -> None:
    for seed in range(60 if loops == "as they stand" else 300):
        _compare_clauses(seed, 1 + seed % 2)


@pytest.mark.nightly
def test_thousands_of_random_clauses_are_closed_as_sets_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dag_kernels, "COMPILE_FROM", 0)
    monkeypatch.setattr(radius_kernels, "COMPILE_FROM", 0)
    for seed in range(1_000, 6_000):
        _compare_clauses(seed, 1 + seed % 2)


def _compare_estates(folder: Path, seeds: range) -> None:
    for seed in seeds:
        place = folder / str(seed)
        place.mkdir()
        facts, scope = estate(seed)
        write_estate(place, facts, scope)
        _compare_estate(place, facts, scope, seed)


def _day(facts: Records, scope: Record) -> str | None:
    """A date where neither scope nor facts give one: the clock is no oracle."""
    dated = scope.get("as_of") or any(document.get("extracted") for document in facts)
    return None if dated else "2026-11-23"


def _compare_estate(place: Path, facts: Records, scope: Record, seed: int) -> None:
    day = _day(facts, scope)
    found = of_collection(collect([place]), option=day).estate
    gates = compile_gates(found)
    product = compile_product(found.graph, gates.masks, gates.specs)
    keys = found.graph.key_list
    starts = Starts.of([start_states(found, walker) for walker in found.identities])
    probes = np.arange(len(keys) * STATES)
    told = {closure: holders(product.in_closure(closure), starts, probes) for closure in _CLOSURES}
    ctx, targets, moves = prepared(facts, scope, day)
    number = {key: at for at, key in enumerate(keys)}
    walked = list(identities_of(ctx, targets, moves))
    assert [one.key for one in walked] == [keys[walker] for walker in found.identities]
    for walker, one in enumerate(walked):
        for closure, name in _CLOSURES.items():
            held = getattr(one.walk, name).held
            states = [state_id(number[key], State[state]) for key, state in held if key in number]
            assert told[closure].probes(walker).tolist() == sorted(states), (seed, one.key, name)


@pytest.mark.parametrize("way", ["_walked", "_turned"])
def test_places_are_reached_by_whom_the_walker_says(way: str, tmp_path: Path) -> None:
    """The question as it stands, on small graphs, and turned round, on large ones."""
    rng = random.Random(3)
    for seed in range(81_000, 81_012):
        place = tmp_path / str(seed)
        place.mkdir()
        facts, scope = estate(seed)
        write_estate(place, facts, scope)
        day = _day(facts, scope)
        found = of_collection(collect([place]), option=day).estate
        keys = found.graph.key_list
        groups = [
            [
                (node, tuple(rng.sample(list(State), rng.randrange(1, 6))))
                for node in rng.choices(range(len(keys)), k=rng.choice([0, 1, 1, 1, 3]))
            ]
            for _ in range(2 * len(keys))
        ]
        told = [*getattr(reached, way)(found, found.identities, groups)]
        walked = [*identities_of(*prepared(facts, scope, day))]
        for group, walkers in zip(groups, told, strict=True):
            meant = {(keys[node], state.name) for node, states in group for state in states}
            expected = [n for n, one in enumerate(walked) if meant & one.walk.may.held]
            assert walkers.tolist() == expected, (seed, meant)


def test_estates_are_closed_as_the_walker_closes_them(tmp_path: Path) -> None:
    _compare_estates(tmp_path, range(80_000, 80_040))


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(80_040, 83_040, 250))
def test_three_thousand_estates_are_closed_as_the_walker_closes_them(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dag_kernels, "COMPILE_FROM", 0)
    _compare_estates(tmp_path, range(first, first + 250))


def test_lanes_of_many_blocks_are_each_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 512 probes and more than 512 walkers, two blocks at once."""
    monkeypatch.setattr(dag_kernels, "COMPILE_FROM", 0)
    rng = random.Random(5)
    size = 300 * STATES
    pairs = [sorted(rng.sample(range(size), 2)) for _ in range(2 * size)]
    clauses: list[Clause] = [(one, frozenset(), other) for one, other in pairs]
    walkers = [[rng.randrange(size)] for _ in range(1_100)]
    found = holders(_product(size, clauses), Starts.of(walkers), range(size), 2)
    assert found.words.shape[1] > 2 * blocks.WORDS
    for walker, start in enumerate(walkers[:60]):
        assert set(found.probes(walker).tolist()) == _closed(set(start), clauses)
