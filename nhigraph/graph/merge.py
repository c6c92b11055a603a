"""How two records of one thing add up.

Commutative, associative and idempotent: an absent value says nothing; on conflict each field has
one rule, chosen so that the answer that hides less wins. The rules of properties stand in
``schema/properties.py``, those of a node's and a gate's own columns here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from nhigraph.graph import columns
from nhigraph.graph.columns import canonical
from nhigraph.schema import kinds, properties
from nhigraph.schema.properties import Merge

#: Days, with or without a time, order as their text.
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Words of a column, from the one that hides most to the one that hides least. What is active
#: reaches something; a recovery takes machines for approvers, a protection holds without any, and
#: what an unreadable record was says nothing. A flag that could not be read takes a "false"
#: back: the kind decides.
_COLUMN_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "state": ("disabled", "deleted", "active"),
    "nhi": ("false", columns.UNREAD, "true"),
    "gate kind": ("unknown", "control", "recovery", "protection", "review", "approval"),
}

#: Columns that keep what every record says, joined.
_BOTH: Final = frozenset({"name", "owner", "at", "log"})


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and _DAY.match(value) is not None


#: Rule -> what a value must be to count, and its order: the largest stands.
_BEST: Final[Mapping[Merge, tuple[Callable[[Any], bool], Callable[[Any], Any]]]] = {
    Merge.TRUE: (lambda v: isinstance(v, bool), lambda v: v),
    Merge.FALSE: (lambda v: isinstance(v, bool), lambda v: not v),
    Merge.SMALLER: (_is_number, lambda v: -v),
    Merge.LARGER: (_is_number, lambda v: v),
    Merge.EARLIER: (_is_day, lambda v: [-ord(char) for char in v]),
    Merge.LATER: (_is_day, lambda v: v),
}


def merge_property(name: str, values: Iterable[Any]) -> Any:  # noqa: ANN401 - a property
    """One value of several, by the rule of the property; the items of a list count one by one."""
    distinct = {canonical(value): value for value in values}
    found = list(distinct.values())
    if len(found) == 1:
        return found[0]
    rule = properties.merge_of(name)
    items = [item for value in found for item in _items(value)]
    if rule is Merge.BOTH:
        return sorted({item if isinstance(item, str) else canonical(item) for item in items})
    if rule is Merge.LAST:
        declared = properties.declared(name)
        words = declared.words if declared else ()
        return _best(items, words.__contains__, words.index)
    return _best(items, *_BEST[rule])


def _items(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _best(items: list[Any], fits: Callable[[Any], bool], order: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """The largest item that is of the right type; where none is, the smallest text of them."""
    right = [item for item in items if fits(item)]
    if right:
        return max(right, key=lambda item: (order(item), canonical(item)))
    return min(items, key=canonical, default=[])


def merge_props(many: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Unite property maps.

    Returns:
        The union, and the names on which single values disagreed.
    """
    values: dict[str, dict[str, Any]] = {}
    for props in many:
        for name, value in props.items():
            if value is not None:
                values.setdefault(name, {})[canonical(value)] = value
    united = {name: merge_property(name, found.values()) for name, found in values.items()}
    conflicts = [
        name
        for name, found in values.items()
        if len(found) > 1 and not all(isinstance(v, list | tuple) for v in found.values())
    ]
    return united, sorted(conflicts)


def merge_kinds(cells: Iterable[str]) -> tuple[str, str]:
    """The kinds of a node, each with the most specific origin that says it, and the printed one.

    Printed is the kind of the most specific origin, any before Unknown, else the smallest.
    """
    origins: dict[str, int] = {}
    for cell in cells:
        for origin, label in columns.kinds_of(cell):
            origins[label] = min(origin, origins.get(label, origin))
    unknown = kinds.UNKNOWN.label
    printed = min(origins, key=lambda label: (label == unknown, origins[label], label))
    pairs = sorted((origin, label) for label, origin in origins.items())
    return ";".join(columns.kind_cell(label, origin) for origin, label in pairs), printed


def merge_cell(column: str, values: Iterable[str]) -> str:
    """One text cell of several that are not empty."""
    found = sorted(set(values))
    if len(found) < 2:  # noqa: PLR2004 - nothing to choose
        return found[0] if found else ""
    if column in _BOTH:
        return ";".join(sorted({part for value in found for part in value.split(";")} - {""}))
    words = _COLUMN_WORDS.get(column)
    if words is not None:
        return str(_best(found, words.__contains__, words.index))
    return found[-1] if column == "expires" else found[0]


def merge_tests(many: Iterable[Mapping[str, bool | None]]) -> dict[str, bool | None]:
    """Answers to a gate's tests: who denies outweighs who does not know, and both who claims."""
    found: dict[str, bool | None] = {}
    for tests in many:
        for name, answer in tests.items():
            both = (found.get(name, True), answer)
            found[name] = False if False in both else None if None in both else True
    return dict(sorted(found.items()))
