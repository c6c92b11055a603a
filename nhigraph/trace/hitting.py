"""The cheapest set that has something of every one of some sets (minimum hitting set).

The problem is NP-hard. What settles itself is settled first, by the usual three rules: an element
that alone meets a set is in; a set that holds another one goes with it; of two elements the one
that meets no more and costs no less is out. What is left is tried out where it is little, else
handed, as a whole-number program, to HiGHS by way of ``scipy.optimize.milp``
(https://docs.scipy.org/doc/scipy/reference/generated/scipy.optimize.milp.html), which proves what
it finds. That is imported where it is needed: cuts of most estates never come so far.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

#: Elements up to which equal costs are settled by preference: beyond, the numbers grow too long.
_SETTLED = 300

#: Elements of all sets together up to which the rules are applied, and up to which what they leave
#: is tried out; and the steps of that: beyond, the program is faster.
_RULED, _TRIED, _STEPS = 20_000, 1_000, 60

Sets = list[frozenset[int]]


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
    if not all(sets):
        raise RuntimeError("a set without elements has been given: nothing meets it")
    ordered = sorted({element for one in sets for element in one}, key=preferred)
    settling = len(ordered) <= _SETTLED
    step = len(ordered) * (len(ordered) + 1) // 2 + 1 if settling else 1
    #: Price and place: no two elements are alike, so that what is kept never hangs on chance.
    price = {
        element: (cost[element] * step + (place if settling else 0), place)
        for place, element in enumerate(ordered)
    }
    left, taken = [frozenset(one) for one in sets], set[int]()
    if _size(left) <= _RULED:
        taken, left = _settled(left, price)
    if left:
        tried = _Trial(price)
        small = _size(left) <= _TRIED and tried.out(left)
        taken |= tried.best if small else _program(left, price)
    return frozenset(taken)


def _size(sets: Sets) -> int:
    return sum(len(one) for one in sets)


Prices = Mapping[int, tuple[int, int]]


def _settled(sets: Sets, price: Prices) -> tuple[set[int], Sets]:
    """Elements that are in any case in, and the sets that these do not meet, made smaller."""
    taken: set[int] = set()
    size = -1
    while sets and size != (size := sum(len(one) + 1 for one in sets)):
        sets = _undominated(_innermost(sets, price), price)
        alone = {element for one in sets if len(one) == 1 for element in one}
        taken |= alone
        sets = [one for one in sets if alone.isdisjoint(one)]
    return taken, sets


def _innermost(sets: Sets, price: Prices) -> Sets:
    """The sets that hold no other one, in a fixed order."""

    def places(one: frozenset[int]) -> list[int]:
        return sorted(price[element][1] for element in one)

    kept: dict[int, Sets] = {}
    for one in sorted(set(sets), key=lambda one: (len(one), places(one))):
        if not any(inner <= one for element in one for inner in kept.get(element, ())):
            # What a set holds has its own first element among those of the set.
            kept.setdefault(min(one, key=price.__getitem__), []).append(one)
    return [one for first in sorted(kept, key=price.__getitem__) for one in kept[first]]


def _undominated(sets: Sets, price: Prices) -> Sets:
    """The sets without elements that another one stands in for wherever they are."""
    member: dict[int, Sets] = {}
    for one in sets:
        for element in one:
            member.setdefault(element, []).append(one)
    out = {
        element
        for element, many in member.items()
        if any(price[e] < price[element] for e in frozenset.intersection(*many))
    }
    return [one - out for one in sets]


class _Trial:
    """Trying out, element by element, with the rules again after each.

    Attributes:
        best: The cheapest elements so far that meet all sets.
    """

    def __init__(self, price: Prices) -> None:
        self._price, self._steps = price, _STEPS
        self.best: set[int] = set()
        self._least: int | None = None

    def out(self, sets: Sets) -> bool:
        """Try what may be the best; False where that would take too long."""
        self._try(sets, set())
        return self._steps > 0

    def _try(self, sets: Sets, chosen: set[int]) -> None:
        self._steps -= 1
        taken, left = _settled(sets, self._price)
        now = chosen | taken
        worth = sum(self._price[element][0] for element in now)
        if self._steps <= 0 or (
            self._least is not None and worth + self._more(left) >= self._least
        ):
            return
        if not left:
            self.best, self._least = now, worth
            return
        # Every answer has one of the elements of a set: the first of them that it has is tried.
        smallest: frozenset[int] = min(left, key=len)
        for element in sorted(smallest, key=self._price.__getitem__):
            self._try([one for one in left if element not in one], now | {element})
            left = [one - {element} for one in left]
            if not all(left):
                return

    def _more(self, sets: Sets) -> int:
        """What meeting some sets costs at least: those that share nothing are met one by one."""
        met: set[int] = set()
        least = 0
        for one in sets:
            if met.isdisjoint(one):
                met |= one
                least += min(self._price[element][0] for element in one)
        return least


def _program(sets: Sets, price: Prices) -> set[int]:
    """The rest, by a program that proves its answer."""
    from scipy import sparse  # noqa: PLC0415 - with the next slow to import, and rarely needed
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

    elements = sorted({element for one in sets for element in one}, key=price.__getitem__)
    column = {element: number for number, element in enumerate(elements)}
    at = np.array([(row, column[e]) for row, one in enumerate(sets) for e in one]).T
    shape = (len(sets), len(elements))
    matrix: sparse.csr_array[np.float64] = sparse.csr_array(
        (np.ones(at.shape[1]), at), shape=shape
    )
    found = milp(
        np.array([price[element][0] for element in elements], dtype=float),
        constraints=LinearConstraint(matrix, lb=1),
        integrality=np.ones(len(elements), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise RuntimeError(f"no set meets all the others: {found.message}")
    return {elements[n] for n in np.flatnonzero(np.round(found.x)).tolist()}
