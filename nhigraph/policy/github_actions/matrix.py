"""Combinations of a job's matrix, and the values that a variable of it has in them.

``exclude`` leaves out each combination that has all the values of one of its items; then each item
of ``include`` is added to every combination of which it changes no value of the lists, and is one
of its own where there is none
(https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations,
"Expanding or adding matrix configurations", read 28 November 2026). A combination that has no
value of a name leaves the expression empty: what stands behind ``||`` then stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Final

#: More than a matrix may have (https://docs.github.com/en/actions/reference/limits).
_MOST: Final = 256

Values = tuple[object, ...]
Item = dict[str, object]


def values(matrix: Mapping[str, object]) -> dict[str, Values | None]:
    """Values of each variable; None where the file does not say all of them.

    A value that some combination does not have is None there.
    """
    lists = {
        name.lower(): value if isinstance(value, list) else None
        for name, value in matrix.items()
        if name not in ("include", "exclude")
    }
    exclude, include = (_items(matrix.get(name)) for name in ("exclude", "include"))
    known = {name: value for name, value in lists.items() if value is not None}
    if include is not None and exclude is not None and prod(map(len, known.values())) <= _MOST:
        clear = not _unclear([*lists.values(), *exclude, *include])
        return (
            _by_name(_combinations(known, exclude, include))
            if clear
            else _loosely(lists, exclude, include)
        )
    return _loosely(lists, exclude, include)


def _items(value: object) -> list[Item] | None:
    """Items of ``include`` or ``exclude``; None where an expression says them."""
    if isinstance(value, str):
        return None
    many = value if isinstance(value, list) else []
    return [
        {name.lower(): inner for name, inner in one.items()}
        for one in many
        if isinstance(one, dict)
    ]


def _unclear(value: object) -> bool:
    """Whether an expression decides what is equal to what."""
    if isinstance(value, dict):
        return any(map(_unclear, value.values()))
    if isinstance(value, list):
        return any(map(_unclear, value))
    return value is None or (isinstance(value, str) and "${{" in value)


def _combinations(
    lists: Mapping[str, Sequence[object]], exclude: Iterable[Item], include: Iterable[Item]
) -> list[Item]:
    many = (
        [dict(zip(lists, one, strict=True)) for one in product(*lists.values())] if lists else []
    )
    base = [one for one in many if not any(item and _has(one, item) for item in exclude)]
    found = [dict(one) for one in base]
    for item in include:
        own = {name: value for name, value in item.items() if name in lists}
        into = [at for at, one in enumerate(base) if _has(one, own)]
        for at in into:
            found[at] |= item
        if not into:
            found.append(dict(item))
    return found


def _has(one: Item, said: Item) -> bool:
    return all(name in one and one[name] == value for name, value in said.items())


def _by_name(combinations: Sequence[Item]) -> dict[str, Values | None]:
    names = dict.fromkeys(name for one in combinations for name in one)
    return {name: tuple(one.get(name) for one in combinations) for name in names}


def _loosely(
    lists: Mapping[str, list[object] | None],
    exclude: Sequence[Item] | None,
    include: Sequence[Item] | None,
) -> dict[str, Values | None]:
    """What may be, where it is not known what is equal to what, or there is very much."""
    found: dict[str, Values | None] = {
        name: None if value is None else tuple(value) for name, value in lists.items()
    }
    for item in exclude or ():
        # One of several words leaves out some combinations of a value, not the value.
        for name, value in item.items() if len(item) == 1 else ():
            if all_of := found.get(name):
                found[name] = tuple(one for one in all_of if one != value)
    for item in include or ():
        for name, value in item.items():
            # Of its own, another combination may lack it.
            known = found.get(name, (None,))
            found[name] = None if known is None else (*known, value)
    # A list that is itself an expression may add to any of them.
    return dict.fromkeys(found) if include is None else found
