"""The cheapest set that has something of every one of some sets (minimum hitting set).

The problem is NP-hard; it is handed, as a whole-number program, to HiGHS by way of
``scipy.optimize.milp`` (https://docs.scipy.org/doc/scipy/reference/generated/scipy.optimize.milp.html),
which proves what it finds.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

#: Elements up to which equal costs are settled by preference: beyond, the numbers grow too long.
_SETTLED = 300


def cheapest(
    sets: Sequence[Collection[int]],
    cost: Mapping[int, int],
    preferred: Callable[[int], tuple[int, ...]],
) -> frozenset[int]:
    """Elements that together meet every set at the least cost; of equal ones the preferred.

    Args:
        sets: None of them empty.
        cost: What an element costs, 1 or more.
        preferred: Sorts elements, the one to prefer first.
    """
    if not sets:
        return frozenset()
    elements = _apart(sets, cost, preferred)
    column = {element: number for number, element in enumerate(elements)}
    rows = [(row, column[e]) for row, one in enumerate(sets) for e in one if e in column]
    at = np.array(rows, dtype=np.int64).T
    shape = (len(sets), len(elements))
    matrix: sparse.csr_array[np.float64] = sparse.csr_array((np.ones(len(rows)), at), shape=shape)
    step = len(elements) * (len(elements) + 1) // 2 + 1 if len(elements) <= _SETTLED else 1
    price = [cost[e] * step + (rank if step > 1 else 0) for rank, e in enumerate(elements)]
    found = milp(
        np.array(price, dtype=float),
        constraints=LinearConstraint(matrix, lb=1),
        integrality=np.ones(len(elements), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise RuntimeError(f"a set without elements has been given: {found.message}")
    return frozenset(elements[n] for n in np.flatnonzero(np.round(found.x)).tolist())


def _apart(
    sets: Sequence[Collection[int]],
    cost: Mapping[int, int],
    preferred: Callable[[int], tuple[int, ...]],
) -> list[int]:
    """The elements that matter, the preferred first: of those in the same sets, the cheapest."""
    member: dict[int, list[int]] = {}
    for number, one in enumerate(sets):
        for element in one:
            member.setdefault(element, []).append(number)
    best: dict[tuple[int, ...], int] = {}
    for element, numbers in member.items():
        rival = best.setdefault(tuple(numbers), element)
        if (cost[element], preferred(element)) < (cost[rival], preferred(rival)):
            best[tuple(numbers)] = element
    return sorted(best.values(), key=preferred)
