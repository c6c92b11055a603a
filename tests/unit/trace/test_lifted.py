"""Copies of states for flags: what is too much is not laid out."""

import numpy as np
import pytest

from nhigraph.trace.lifted import Lifting, Mark, Region
from nhigraph.trace.product import Product


def _chain(states: int) -> Product:
    """Each state leads to the next; the last is the one that nobody holds."""
    clauses = states - 2
    none = np.full(clauses, -1)
    return Product(
        size=states,
        nodes=states // 5,
        src=np.arange(clauses),
        dst=np.arange(1, clauses + 1),
        edge=np.arange(clauses),
        certain=np.ones(clauses, dtype=bool),
        gate=none,
        need_ptr=np.zeros(clauses + 1, dtype=np.int64),
        need_idx=np.zeros(0, dtype=np.int64),
        gates=[],
    )


def test_a_flag_comes_to_what_lies_behind_it() -> None:
    reading = _chain(12)
    nowhere = np.zeros(reading.clauses, dtype=bool)
    lifting, marks = Lifting(reading), [Mark((8,), nowhere), Mark((3,), nowhere)]
    regions = lifting.regions(marks)
    assert regions is not None
    assert [region.arcs for region in regions] == [2, 7]
    found = lifting.copies(marks, regions)
    assert [some.tolist() for some in found.states] == [[8, 9, 10], [*range(3, 11)]]
    assert [some.tolist() for some in found.arcs] == [[8, 9], [*range(3, 10)]]


@pytest.mark.parametrize(("most", "laid"), [(9, True), (8, False), (1, False)])
def test_flags_of_more_arcs_than_wanted_are_not_looked_at(most: int, *, laid: bool) -> None:
    reading = _chain(12)
    nowhere = np.zeros(reading.clauses, dtype=bool)
    marks = [Mark((8,), nowhere), Mark((3,), nowhere)]
    asked: list[int] = []

    class Watched(Lifting):
        def _region(self, mark: Mark) -> Region:
            asked.append(int(mark.states[0]))
            return super()._region(mark)

    found = Watched(reading).regions(marks, most)
    assert (found is not None) == laid
    assert asked == ([8] if most == 1 else [8, 3])
