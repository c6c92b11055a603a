"""Choke points on products written out by hand, and on random ones against removal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.trace.cuts import Choke, choke_points
from nhigraph.trace.product import STATES
from tests.unit.trace.test_cuts import Clause, product


def points(clauses: list[Clause], starts: list[list[int]], goals: list[int]) -> Choke:
    """Each edge is a change of its own; states are of nodes of five."""
    edges = {edge: edge for _, _, edge in clauses if edge >= 0}
    return choke_points(product(clauses), starts, goals, edges)


def at(node: int) -> int:
    """The first state of a node."""
    return node * STATES


#: Inputs and end of a clause by node, and its edge.
Short = tuple[tuple[int, ...], int, int]

NAMED: list[tuple[str, list[Short], list[int], tuple[int, ...], tuple[int, ...]]] = [
    ("one way", [((1,), 2, 7), ((2,), 9, 8)], [1], (7, 8), (1, 2)),
    (
        "two ways that meet",
        [((1,), 2, 0), ((1,), 3, 1), ((2,), 4, 2), ((3,), 4, 3), ((4,), 9, 4)],
        [1],
        (4,),
        (1, 4),
    ),
    (
        "a need that all have",
        [((1,), 2, 0), ((1,), 3, 1), ((2, 3), 9, 2)],
        [1],
        (0, 1, 2),
        (1, 2, 3),
    ),
    (
        "walkers who together would have a way around",
        [((1,), 2, 0), ((3,), 4, 1), ((2, 4), 9, 2), ((1,), 5, 3), ((3,), 5, 4), ((5,), 9, 5)],
        [1, 3],
        (5,),
        (5,),
    ),
    (
        "a circle proves nothing",
        [((1,), 2, 0), ((3,), 2, 1), ((2,), 3, 2), ((3,), 9, 3)],
        [1],
        (0, 2, 3),
        (1, 2, 3),
    ),
]


@pytest.mark.parametrize(
    ("clauses", "starts", "changes", "nodes"), [n[1:] for n in NAMED], ids=[n[0] for n in NAMED]
)
def test_named_cases(
    clauses: list[Short],
    starts: list[int],
    changes: tuple[int, ...],
    nodes: tuple[int, ...],
) -> None:
    whole: list[Clause] = [
        (tuple(map(at, inputs)), at(end), edge) for inputs, end, edge in clauses
    ]
    found = points(whole, [[at(start)] for start in starts], [at(9)])
    assert (found.changes, found.nodes) == (changes, nodes)


@pytest.mark.parametrize("walkers", [1, 1500])
def test_every_point_of_a_chain_of_five_thousand_is_found(walkers: int) -> None:
    """One by one, each would cost a walk of everybody."""
    clauses: list[Clause] = [((at(n),), at(n + 1), n) for n in range(walkers, 5000)]
    clauses += [((at(n),), at(walkers), 6000 + n) for n in range(walkers)]
    reading = product(clauses, nodes=6000)
    edges = {edge: edge for _, _, edge in clauses}
    found = choke_points(reading, [[at(n)] for n in range(walkers)], [at(5000)], edges)
    assert set(range(walkers, 5000)) <= set(found.changes)
    assert len(found.changes) == 5000 - walkers + (walkers == 1)


_STATE = st.integers(0, 39)


@given(
    st.lists(
        st.tuples(
            st.lists(_STATE, min_size=1, max_size=3, unique=True), _STATE, st.integers(-1, 9)
        ),
        min_size=4,
        max_size=40,
    ),
    st.lists(st.lists(_STATE, min_size=1, max_size=3, unique=True), min_size=1, max_size=4),
    st.lists(_STATE, min_size=1, max_size=2, unique=True),
)
def test_they_are_what_removal_finds(
    many: list[tuple[list[int], int, int]], starts: list[list[int]], goals: list[int]
) -> None:
    """Each change, and each node, is taken away in turn; states are tried until nothing comes."""
    clauses: list[Clause] = [(tuple(inputs), end, edge) for inputs, end, edge in many]
    starts = [[state for state in one if state not in goals] for one in starts]

    def reaching(gone: int = -2, closed: int = -1) -> set[int]:
        found = set()
        for lane, start in enumerate(starts):
            held = {state for state in start if state // STATES != closed}
            size = -1
            while size != len(held):
                size = len(held)
                held |= {
                    end
                    for inputs, end, edge in clauses
                    if edge != gone and held.issuperset(inputs) and end // STATES != closed
                }
            if held.intersection(goals):
                found.add(lane)
        return found

    found = points(clauses, starts, goals)
    whole = reaching()
    assert set(found.reaching) == whole
    changes = {e for _, _, e in clauses if e >= 0 and whole and not reaching(gone=e)}
    ends = {goal // STATES for goal in goals}
    nodes = {n for n in range(40 // STATES) if whole and not reaching(closed=n)} - ends
    assert (set(found.changes), set(found.nodes)) == (changes, nodes)
