"""Smallest cuts on products written out by hand: walkers start, clauses lead on, goals end."""

import random
from collections.abc import Collection
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.trace import hitting, web_kernels
from nhigraph.trace.cuts import Choke, Cut, choke_points, smallest
from nhigraph.trace.hitting import cheapest
from nhigraph.trace.product import Product
from nhigraph.trace.web import TooMuchWork

#: A clause: inputs, what it yields, and its edge.
Clause = tuple[tuple[int, ...], int, int]


def product(clauses: list[Clause], nodes: int = 199) -> Product:
    """A product of such clauses."""
    needs = [list(inputs[1:]) for inputs, _, _ in clauses]
    ptr = np.cumsum([0, *(len(one) for one in needs)])
    none = np.full(len(clauses), -1)
    return Product(
        size=nodes * 5 + 5,
        nodes=nodes,
        src=np.array([inputs[0] for inputs, _, _ in clauses], dtype=np.int64),
        dst=np.array([end for _, end, _ in clauses], dtype=np.int64),
        edge=np.array([edge for _, _, edge in clauses], dtype=np.int64),
        certain=none < 0,
        gate=none,
        need_ptr=ptr.astype(np.int64),
        need_idx=np.array([n for one in needs for n in one], dtype=np.int64),
        gates=(),
    )


def cut(clauses: list[Clause], starts: list[list[int]], goals: list[int], **more: int) -> Cut:
    """A cut in which each edge is a change of its own and costs 1, or what `more` says (e7=3)."""
    edges = {edge for _, _, edge in clauses if edge >= 0}
    cost = {edge: more.get(f"e{edge}", 1) for edge in edges}
    return smallest(product(clauses), starts, goals, {edge: edge for edge in edges}, cost)


NAMED = [
    ("nobody reaches the goal", [((1,), 2, 0)], [[3]], [2], ()),
    ("one way is cut once", [((1,), 2, 0), ((2,), 3, 1)], [[1]], [3], (1,)),
    ("the change nearest to the goal", [((1,), 2, 5), ((2,), 3, 2)], [[1]], [3], (2,)),
    (
        "two ways that meet",
        [((1,), 2, 0), ((1,), 3, 1), ((2,), 4, 2), ((3,), 4, 3), ((4,), 5, 4)],
        [[1]],
        [5],
        (4,),
    ),
    (
        "two ways that do not",
        [((1,), 2, 0), ((1,), 3, 1), ((2,), 4, 2), ((3,), 4, 3)],
        [[1]],
        [4],
        (2, 3),
    ),
    (
        "a need is as good a place as the source",
        [((1,), 2, 0), ((1,), 3, 1), ((1,), 3, 2), ((3, 2), 4, -1)],
        [[1]],
        [4],
        (0,),
    ),
    (
        "one edge that is two clauses counts once",
        [((1,), 2, 0), ((1,), 3, 1), ((2,), 4, 7), ((3,), 4, 7)],
        [[1]],
        [4],
        (7,),
    ),
    ("a circle", [((1,), 2, 0), ((2,), 1, 1), ((2,), 3, 2)], [[1]], [3], (2,)),
    (
        "two walkers by one right",
        [((1,), 3, 0), ((2,), 3, 1), ((3,), 4, 2)],
        [[1], [2]],
        [4],
        (2,),
    ),
    ("a need that another walker holds is none", [((1, 2), 4, 0)], [[1], [2]], [4], ()),
    ("two goals", [((1,), 2, 0), ((2,), 3, 1), ((2,), 4, 2)], [[1]], [3, 4], (0,)),
]


@pytest.mark.parametrize(
    ("clauses", "starts", "goals", "changes"),
    [one[1:] for one in NAMED],
    ids=[n[0] for n in NAMED],
)
def test_named_cases(
    clauses: list[Clause], starts: list[list[int]], goals: list[int], changes: tuple[int, ...]
) -> None:
    found = cut(clauses, starts, goals)
    assert found.changes == changes
    assert found.proven
    assert found.cost == len(changes)


def test_who_is_stopped_by_nothing_is_told_apart_and_the_others_are_stopped() -> None:
    found = cut([((1,), 3, -1), ((2,), 4, 0), ((4,), 3, 1)], [[1], [2]], [3])
    assert (found.beyond, found.stopped, found.changes) == ((0,), (1,), (1,))
    assert found.holding == {1: (1,)}


def test_two_cheap_changes_go_before_a_dear_one() -> None:
    clauses: list[Clause] = [
        ((1,), 2, 0),
        ((1,), 3, 1),
        ((2,), 4, -1),
        ((3,), 4, -1),
        ((4,), 5, 2),
    ]
    assert cut(clauses, [[1]], [5]).changes == (2,)
    found = cut(clauses, [[1]], [5], e2=3)
    assert (found.changes, found.cost) == ((0, 1), 2)


def test_a_chain_of_five_thousand_is_cut_once() -> None:
    clauses: list[Clause] = [((n,), n + 1, n) for n in range(5000)]
    edges = {n: n for n in range(5000)}
    found = smallest(product(clauses, nodes=1_001), [[0]], [5000], edges, dict.fromkeys(edges, 1))
    assert found.changes == (4999,)


def test_what_is_given_up_is_a_cut_without_a_change_to_spare_and_has_a_bound() -> None:
    clauses: list[Clause] = [((1,), n, n) for n in range(10, 20)]
    clauses += [((n,), 5, 20 + n) for n in range(10, 20)]
    edges = {edge: edge for _, _, edge in clauses}
    found = smallest(product(clauses), [[1]], [5], edges, dict.fromkeys(edges, 1), ways=1)
    assert found.cost == 10
    assert 0 < found.bound <= 10
    assert all(found.holding.values())


def test_of_equal_sets_the_preferred_elements() -> None:
    sets = [{1, 2}, {2, 3}, {1, 3}]
    cost = dict.fromkeys((1, 2, 3), 1)
    assert cheapest(sets, cost, lambda one: (one,)) == {1, 2}
    assert cheapest(sets, cost, lambda one: (-one,)) == {2, 3}
    assert cheapest([], cost, lambda one: (one,)) == frozenset()


@given(
    st.lists(st.frozensets(st.integers(0, 9), min_size=1, max_size=5), min_size=1, max_size=12),
    st.lists(st.integers(1, 4), min_size=10, max_size=10) | st.just([1] * 10),
    st.randoms(use_true_random=False),
)
def test_no_set_is_cheaper_and_of_equal_ones_none_comes_before(
    sets: list[frozenset[int]], prices: list[int], chance: random.Random
) -> None:
    """All sets of elements are tried; the order of the input says nothing."""
    cost = dict(enumerate(prices))
    ranked = sorted(frozenset[int]().union(*sets))

    def worth(some: Collection[int]) -> tuple[int, int, list[tuple[int, int]]]:
        first = sorted((cost[e], e) for e in some)
        return sum(cost[e] for e in some), sum(ranked.index(e) for e in some), first

    meeting = (
        some
        for size in range(len(ranked) + 1)
        for some in combinations(ranked, size)
        if all(one.intersection(some) for one in sets)
    )
    found = cheapest(sets, cost, lambda one: (one,))
    assert all(found & one for one in sets)
    assert worth(found) == min(map(worth, meeting))
    assert found == cheapest(chance.sample(sets, len(sets)), cost, lambda one: (one,))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_tried_out_is_no_worse_than_what_the_program_finds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many sets in parts, some of them large, against HiGHS alone on all of them."""
    chance = random.Random(seed)
    sets = [
        frozenset(chance.choices(range(40 * part, 40 * part + chance.randint(3, 30)), k=size))
        for part in range(6)
        for _ in range(chance.randint(4, 60))
        for size in (chance.choice((1, 2, 2, 2, 3, 5)),)
    ]
    cost = {element: chance.choice((1, 1, 1, 2)) for element in range(240)}
    ranked = sorted(frozenset[int]().union(*sets))

    def worth(some: Collection[int]) -> tuple[int, int]:
        return sum(cost[e] for e in some), sum(ranked.index(e) for e in some)

    found = cheapest(sets, cost, lambda one: (one,))
    assert all(found & one for one in sets)
    monkeypatch.setattr(hitting, "_RULED", 0)
    assert worth(found) == worth(cheapest(sets, cost, lambda one: (one,)))


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 3)), min_size=1, max_size=24
    )
)
def test_without_needs_it_is_a_minimum_cut(arcs: list[tuple[int, int, int]]) -> None:
    """The cost is the minimum cut that networkx finds, each arc an edge of its own."""
    clauses: list[Clause] = [((a,), b, n) for n, (a, b, _) in enumerate(arcs) if a != b]
    if not clauses:
        return
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from((0, 8))
    cost = {edge: arcs[edge][2] for _, _, edge in clauses}
    for (source,), end, edge in clauses:
        before = graph.get_edge_data(source, end, {"capacity": 0})["capacity"]
        graph.add_edge(source, end, capacity=before + cost[edge])
    found = smallest(product(clauses), [[0]], [8], {edge: edge for edge in cost}, cost)
    assert found.proven
    assert found.cost == nx.minimum_cut_value(graph, 0, 8)


def _web(rng: random.Random) -> tuple[list[Clause], list[list[int]], list[int], dict[int, int]]:
    """Clauses with needs, walkers (of more than one word, at times), goals, and changes."""
    nodes = rng.randrange(8, 40)
    clauses: list[Clause] = []
    for _ in range(rng.randrange(nodes, 4 * nodes)):
        inputs = tuple(rng.sample(range(nodes), rng.choice((1, 1, 1, 2, 3))))
        clauses.append((inputs, rng.randrange(nodes), rng.randrange(-1, 2 * nodes)))
    many = rng.choice((1, 3, 20, 130))
    starts = [rng.sample(range(nodes), rng.choice((1, 1, 2, 4))) for _ in range(many)]
    goals = rng.sample(range(nodes + 3), rng.choice((1, 2, 4)))
    # Some edges go together, and some do not go at all.
    change = {edge: edge - edge % rng.choice((1, 2)) for _, _, edge in clauses if edge >= 0}
    change = {edge: one for edge, one in change.items() if rng.random() < 0.85}
    return clauses, starts, goals, {**change, **{one: one for one in change.values()}}


def test_compiled_loops_cut_as_lists_are_cut_look_by_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    costly, words, beyond, choked = 0, 0, 0, 0
    for seed in range(400):
        rng = random.Random(seed)
        clauses, starts, goals, change = _web(rng)
        cost = {one: rng.choice((1, 1, 1, 2, 5)) for one in change.values()}
        asked = product(clauses), starts, goals, change
        work, ways = rng.choice((None, 30, 300)), rng.choice((20_000, 1))

        def found(
            asked: tuple[Product, list[list[int]], list[int], dict[int, int]] = asked,
            cost: dict[int, int] = cost,
            work: int | None = work,
            ways: int = ways,
        ) -> tuple[Cut | None, Choke]:
            try:
                cut_of = smallest(*asked, cost, work=work, ways=ways)
            except TooMuchWork:
                cut_of = None
            return cut_of, choke_points(*asked)

        plain = found()
        with monkeypatch.context() as forced:
            forced.setattr(web_kernels, "COMPILE_FROM", 0)
            assert found() == plain, seed
        costly += plain[0] is None
        words += len(starts) > 64 and plain[0] is not None and len(plain[0].stopped) > 64
        beyond += plain[0] is not None and bool(plain[0].beyond)
        choked += len(plain[1].changes) > 0
    assert min(costly, words, beyond, choked) > 10, (costly, words, beyond, choked)
