"""The cheapest set that has something of every one of some sets (minimum hitting set).

The problem is NP-hard. What shares no element is settled part by part; and in each part what
settles itself first, by the usual three rules: an element that alone meets a set is in; a set that
holds another one goes with it; of two elements the one that meets no more and costs no less is
out. What is left falls into parts again, most of them tiny: a part is tried out where it is
little, else handed, as a whole-number program, to HiGHS by way of ``scipy.optimize.milp``
(https://docs.scipy.org/doc/scipy/reference/generated/scipy.optimize.milp.html), which proves what
it finds. That is imported where it is needed: cuts of most estates never come so far.

Of sets that cost the same and are preferred alike, trying out takes the one with the first element
that is not in both, so that it never hangs on the order of the input. The program says of such
ties only what it says.

The elements of a part are bits of a number, the cheapest one the lowest, and a set is a number.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np

#: Elements up to which equal costs are settled by preference: beyond, the numbers grow too long.
_SETTLED = 300

#: Elements of all sets of a part together up to which the rules are applied, and up to which what
#: they leave is tried out; and the steps of that: beyond, the program is faster.
_RULED, _TRIED, _STEPS = 20_000, 1_000, 400

#: Sets, each as bits.
Masks = list[int]
#: Per bit, what the element costs, and its place among the preferred.
Prices = Sequence[tuple[int, int]]


def cheapest(
    sets: Sequence[Collection[int]],
    cost: Mapping[int, int],
    preferred: Callable[[int], int | tuple[int, ...]],
) -> frozenset[int]:
    """Elements that together meet every set at the least cost; of equal ones the preferred.

    Preferred are those the places of which, in the order given, add up to the least.

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
    found: set[int] = set()
    for part in _apart(sets):
        if len(part) == 1:  # as most are
            found.add(min(part[0], key=price.__getitem__))
            continue
        elements = sorted({element for one in part for element in one}, key=price.__getitem__)
        bit = {element: 1 << number for number, element in enumerate(elements)}
        masks = [sum(bit[element] for element in one) for one in part]
        met = _met(masks, [price[element] for element in elements])
        found.update(elements[number] for number in _numbers(met))
    return frozenset(found)


def _apart(sets: Sequence[Collection[int]]) -> Iterator[list[Collection[int]]]:
    """The sets in parts that share no element, each in the order given."""
    first: dict[int, int] = {}

    def head(element: int) -> int:
        while (above := first.setdefault(element, element)) != element:
            first[element] = first[above]
            element = above
        return element

    for one in sets:
        top = head(next(iter(one)))
        for element in one:
            first[head(element)] = top
    parts: dict[int, list[Collection[int]]] = {}
    for one in sets:
        parts.setdefault(head(next(iter(one))), []).append(one)
    yield from parts.values()


def _met(masks: Masks, price: Prices) -> int:
    """The cheapest elements that meet the sets of a part, as bits."""
    if sum(map(int.bit_count, masks)) > _RULED:
        return _program(masks, price)
    met, left = _settled(masks)
    for part in _parts(left):
        little = sum(map(int.bit_count, part)) <= _TRIED
        tried = _Trial(price).best(part) if little else None
        met |= _program(part, price) if tried is None else tried
    return met


def _parts(masks: Masks) -> list[Masks]:
    """Sets in parts that share no element."""
    parts: list[tuple[int, Masks]] = []
    for one in masks:
        whole, members, apart = one, [one], []
        for part in parts:
            if part[0] & one:
                whole, members = whole | part[0], part[1] + members
            else:
                apart.append(part)
        parts = [*apart, (whole, members)]
    return [members for _, members in parts]


def _settled(masks: Masks) -> tuple[int, Masks]:
    """Elements that are in any case in, and the sets that these do not meet, made smaller."""
    taken, size = 0, -1
    while masks and size != (size := sum(map(int.bit_count, masks)) + len(masks)):
        masks = _undominated(_innermost(masks))
        alone = 0
        for one in masks:
            if not one & (one - 1):
                alone |= one
        if alone:
            taken |= alone
            masks = [one for one in masks if not one & alone]
    return taken, masks


def _innermost(masks: Masks) -> Masks:
    """The sets that hold no other one, in a fixed order."""
    ordered = sorted(set(masks), key=lambda one: (one.bit_count(), one))
    kept: dict[int, Masks] = {}
    for one in ordered:
        # What a set holds has its own first element among those of the set.
        if not any(inner & one == inner for low in _lows(one) for inner in kept.get(low, ())):
            kept.setdefault(one & -one, []).append(one)
    return [one for first in sorted(kept) for one in kept[first]]


def _undominated(masks: Masks) -> Masks:
    """The sets without elements that a cheaper one stands in for wherever they are."""
    common: dict[int, int] = {}
    for one in masks:
        for low in _lows(one):
            common[low] = common.get(low, one) & one
    out = sum(low for low, every in common.items() if every & (low - 1))
    return [one & ~out for one in masks] if out else masks


def _lows(mask: int) -> Iterator[int]:
    """The bits of a number, each as a number, the lowest first."""
    while mask:
        low = mask & -mask
        yield low
        mask ^= low


def _numbers(mask: int) -> Iterator[int]:
    """The elements of a set, by their numbers: few, so that this takes less than arrays do."""
    return (low.bit_length() - 1 for low in _lows(mask))


class _TooLong(Exception):  # noqa: N818 - an outcome, not a fault
    """Trying out took more steps than it may."""


class _Trial:
    """Trying out, element by element, with the rules again after each."""

    def __init__(self, price: Prices) -> None:
        self._price, self._steps = price, _STEPS

    def best(self, masks: Masks) -> int | None:
        """The cheapest elements that meet a part that is settled; None where it takes too long."""
        try:
            return self._branched(masks)
        except _TooLong:
            return None

    def _branched(self, masks: Masks) -> int:
        # Every answer has one of the elements of a set: the first of them that it has is tried.
        best, least, before = 0, -1, 0
        for number in _numbers(min(masks, key=int.bit_count)):
            one = 1 << number
            left = [mask & ~before for mask in masks if not mask & one]
            if not all(left):
                break
            if least < 0 or self._price[number][0] + self._more(left) <= least:
                self._steps -= 1
                if self._steps < 0:
                    raise _TooLong
                found = one | self._solved(left)
                worth = sum(self._price[element][0] for element in _numbers(found))
                if least < 0 or worth < least or (worth == least and _before(found, best)):
                    best, least = found, worth
            before |= one
        return best

    def _solved(self, masks: Masks) -> int:
        found, left = _settled(masks)
        for part in _parts(left):
            found |= self._branched(part)
        return found

    def _more(self, masks: Masks) -> int:
        """What meeting some sets costs at least: those that share nothing are met one by one."""
        met = least = 0
        for one in masks:
            if not met & one:
                met |= one
                least += self._price[(one & -one).bit_length() - 1][0]
        return least


def _before(some: int, others: int) -> bool:
    """Whether the first element that is not in both is among some."""
    differing = some ^ others
    return bool(differing & -differing & some)


def _program(masks: Masks, price: Prices) -> int:
    """A part, by a program that proves its answer."""
    from scipy import sparse  # noqa: PLC0415 - with the next slow to import, and rarely needed
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

    every = 0
    for one in masks:
        every |= one
    elements = list(_numbers(every))
    column = {element: number for number, element in enumerate(elements)}
    at = np.array([(row, column[e]) for row, one in enumerate(masks) for e in _numbers(one)]).T
    shape = (len(masks), len(elements))
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
    return sum(1 << elements[n] for n in np.flatnonzero(np.round(found.x)).tolist())
