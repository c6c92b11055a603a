"""Filters and tests of Jinja, as far as text alone tells what they answer.

https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-filters
"""

from collections.abc import Callable, Sequence
from typing import Final

from nhigraph.policy.dbt_values import (
    UNKNOWN,
    UNTOLD,
    Relation,
    Undefined,
    Unknown,
    Value,
    View,
    joined,
    method,
    text_of,
    truth,
)

#: Filters that methods of texts are, by the method's name.
_METHODS: Final = {"trim": "strip"} | {
    name: name for name in ("lower", "upper", "replace", "title", "capitalize")
}
_SAME: Final = frozenset({"as_text", "as_native", "as_bool", "as_number", "safe"})


def filtered(value: Value, name: str, given: Sequence[Value]) -> Value:
    """What a filter makes of a value."""
    if name in _METHODS:
        return method(text_of(value), _METHODS[name], given, {})  # They are of texts.
    if name in ("default", "d"):
        return _or_else(value, given)
    if isinstance(value, list | tuple | dict):
        return _of_items(value, name, given)
    if name in _SAME:
        return value
    return text_of(value) if name == "string" else UNKNOWN


def _or_else(value: Value, given: Sequence[Value]) -> Value:
    """What is there, or something else: for what is not, and on request for what is nothing."""
    lenient = truth(given[1]) if len(given) > 1 else False
    if lenient is None or isinstance(value, Unknown) or not given:
        return UNKNOWN
    met = truth(value) if lenient else not isinstance(value, Undefined)
    if met is None:
        return UNKNOWN
    return value if met else given[0]


def _of_items(value: Value, name: str, given: Sequence[Value]) -> Value:
    items = [*value] if isinstance(value, list | tuple | dict) else []
    if isinstance(value, dict) and name == "items":
        return View(value.items())
    answers: dict[str, Callable[[], Value]] = {
        "join": lambda: joined(text_of(given[0]) if given else "", items),
        "first": lambda: items[0] if items else UNKNOWN,
        "last": lambda: items[-1] if items else UNKNOWN,
        "length": lambda: UNKNOWN if UNTOLD in items else len(items),
        "list": lambda: items,
        "string": lambda: text_of(value),
        **dict.fromkeys(_SAME, lambda: value),
    }
    answers["count"] = answers["length"]
    answers["unique"] = answers["sort"] = answers["list"]
    return answers[name]() if name in answers else UNKNOWN


#: What a value is, by the name of the test.
_SORTS: Final[dict[str, type | tuple[type, ...]]] = {
    "string": str,
    "mapping": dict,
    "sequence": (str, list, tuple, dict),
    "iterable": (str, list, tuple, dict),
    "number": (int, float),
    "float": float,
    "boolean": bool,
}


def tested(value: Value, name: str) -> bool | None:
    """Whether a value passes a test; None where only a run can tell."""
    if isinstance(value, Unknown | Relation):
        plain = {"none": False, "defined": True, "string": False, "mapping": False}
        there = isinstance(value, Relation) and value.there
        return plain.get(name) if there else None
    if name in ("sequence", "iterable") and isinstance(value, View | Undefined):
        return None  # It depends on how Jinja goes through it.
    if name in _SORTS:
        return isinstance(value, _SORTS[name])
    there = not isinstance(value, Undefined)
    answers = {"none": value is None, "defined": there, "undefined": not there}
    answers |= {"true": value is True, "false": value is False}
    return answers.get(name)
