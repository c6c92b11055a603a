"""How two records of one thing add up.

Commutative, associative and idempotent: an absent value says nothing; on conflict each field has
one rule, chosen so that the answer that hides less wins.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nhigraph.graph.columns import canonical

#: Property to how its conflicts resolve; every other is the smallest in code-point order.
_SMALLER = ("required_reviews",)
_LARGER = ("used_by", "rights_granted", "rights_used")
_TRUE_WINS = ("exposed",)


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical(value)


def _smallest(values: list[Any]) -> Any:  # noqa: ANN401 - a cell of any type
    return min(values, key=lambda value: (_text(value), type(value).__name__))


def _numbers(values: list[Any]) -> list[Any]:
    return [
        value for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _choose(pick: Callable[[list[Any]], Any], values: list[Any]) -> Any:  # noqa: ANN401
    numbers = _numbers(values)
    return pick(numbers) if numbers else _smallest(values)


def merge_property(name: str, values: Iterable[Any]) -> Any:  # noqa: ANN401 - a property
    """One value of several; lists unite."""
    found = list(values)
    if any(isinstance(value, list | tuple) for value in found):
        united: set[str] = set()
        for value in found:
            united.update(value if isinstance(value, list | tuple) else [str(value)])
        return sorted(united)
    if name in _TRUE_WINS and any(value is True for value in found):
        return True
    if name in _SMALLER:
        return _choose(min, found)
    if name in _LARGER:
        return _choose(max, found)
    return _smallest(found)  # ISO dates order as text, so the smallest is the earlier one


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


def merge_cell(column: str, values: Iterable[str]) -> str:
    """One text cell of several that are not empty."""
    found = sorted(set(values))
    if not found:
        return ""
    if column == "state" and "active" in found:
        return "active"
    if column == "expires":
        return found[-1]
    if column == "nhi" and "true" in found:
        return "true"
    return found[0]
