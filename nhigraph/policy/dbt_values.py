"""Values in dbt's Jinja, as far as text alone tells them; the rest is ``UNKNOWN``."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from nhigraph.records import dataclass

#: Stands in SQL for what only a run can tell.
UNTOLD = "untold__by_text"
_LONGEST = 1_000_000


class Unknown:
    """A value that only a run knows."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as dbt's Jinja has it.

    Attributes:
        parts: Database, schema and name, as the platform's catalogue stores them.
        mark: What quotes a name.
        shown: Which of the parts are written, by ``include``.
        there: Whether it is certain that there is such a thing; ``get_relation`` may find none.
    """

    parts: tuple[str, str, str]
    mark: str = '"'
    shown: tuple[bool, bool, bool] = (True, True, True)
    there: bool = True
    cte: str = ""

    def __str__(self) -> str:
        if self.cte:
            return self.cte
        named = [
            part for part, shown in zip(self.parts, self.shown, strict=True) if part and shown
        ]
        return ".".join(
            part
            if part == UNTOLD
            else f"{self.mark}{part.replace(self.mark, self.mark * 2)}{self.mark}"
            for part in named
        )


#: A text, a number, a truth value, nothing, a list, a mapping, a relation, or ``UNKNOWN``.
Value = object


def text_of(value: Value) -> str:
    """A value where it is written into SQL."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | Relation) or value is None:
        return str(value)
    if isinstance(value, list | tuple):
        # A list is written as Python writes it.
        return "[" + ", ".join(repr(text_of(one)) for one in value) + "]"
    return UNTOLD


def truth(value: Value) -> bool | None:
    """Whether a condition holds; None where only a run can tell."""
    if isinstance(value, Unknown) or (isinstance(value, Relation) and not value.there):
        return None
    if isinstance(value, str) and UNTOLD in value:
        return None
    if isinstance(value, str | bool | int | float | list | tuple | dict) or value is None:
        return bool(value)
    return True


def compared(left: Value, sign: str, right: Value) -> bool | None:
    """One comparison; None where only a run can tell."""
    if _untold(left) or _untold(right):
        return None
    if sign in ("in", "notin"):
        found = _within(left, right)
        return None if found is None else found == (sign == "in")
    if sign in ("eq", "ne"):
        return (left == right) == (sign == "eq")
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    return {"lt": left < right, "gt": left > right, "lteq": left <= right}.get(sign, left >= right)


def _within(left: Value, right: Value) -> bool | None:
    if isinstance(right, str):
        return left in right if isinstance(left, str) else None
    if isinstance(right, list | tuple | dict):
        items = list(right)
        return None if any(_untold(one) for one in items) else left in items
    return None


def _untold(value: Value) -> bool:
    return (
        isinstance(value, Unknown)
        or (isinstance(value, Relation) and not value.there)
        or (isinstance(value, str) and UNTOLD in value)
    )


def attribute(value: Value, name: str) -> Value:
    """A member of a value."""
    if isinstance(value, dict):
        return value.get(name, UNKNOWN)
    if isinstance(value, Relation):
        at = {"database": 0, "schema": 1, "identifier": 2, "name": 2, "table": 2}.get(name)
        return UNKNOWN if at is None else value.parts[at]
    if isinstance(value, list | tuple) and re.fullmatch(r"-?[0-9]{1,6}", name):
        at = int(name)
        return value[at] if -len(value) <= at < len(value) else UNKNOWN
    return UNKNOWN


def _shown(value: Relation, given: dict[str, Value]) -> Relation:
    shown = list(value.shown)
    for at, name in enumerate(("database", "schema", "identifier")):
        if isinstance(given.get(name), bool):
            shown[at] = bool(given[name])
    return replace(value, shown=(shown[0], shown[1], shown[2]))


def method(value: Value, name: str, given: Sequence[Value], named: dict[str, Value]) -> Value:
    """What a method of a value answers; lists and mappings change as Jinja changes them."""
    if isinstance(value, Relation):
        if name == "include":
            return _shown(value, named)
        return value if name in ("quote", "render", "incorporate") else UNKNOWN
    if isinstance(value, list):
        return _of_list(value, name, given)
    if isinstance(value, dict):
        return _of_mapping(value, name, given)
    if isinstance(value, str) and UNTOLD not in value:
        return _of_text(value, name, given)
    return UNKNOWN


def _of_list(value: list[Value], name: str, given: Sequence[Value]) -> Value:
    if name in ("index", "count", "copy"):
        return [*value] if name == "copy" else UNKNOWN
    if name == "extend" and given and isinstance(given[0], list | tuple):
        value.extend(given[0])
    elif name in ("append", "insert") and given:
        value.append(given[-1])
    else:
        value.append(UNKNOWN)  # Changed in a way that is not followed.
    return None


def _of_mapping(value: dict[str, Value], name: str, given: Sequence[Value]) -> Value:
    if name in ("items", "values", "keys"):
        found = {"items": list(value.items()), "values": list(value.values())}
        return found.get(name, list(value))
    if name == "get" and given and isinstance(given[0], str):
        return value.get(given[0], given[1] if len(given) > 1 else None)
    if name == "update" and given and isinstance(given[0], dict):
        value.update(given[0])
        return None
    value[UNTOLD] = UNKNOWN  # It may have been changed.
    return UNKNOWN


def _of_text(value: str, name: str, given: Sequence[Value]) -> Value:
    texts = [one for one in given if isinstance(one, str) and UNTOLD not in one]
    if len(texts) != len(given) or texts[:1] == [""]:
        return UNKNOWN
    first = texts[0] if texts else None
    answers: dict[str, Callable[[], Value]] = {
        "lower": value.lower,
        "upper": value.upper,
        "title": value.title,
        "capitalize": value.capitalize,
        "strip": lambda: value.strip(first),
        "lstrip": lambda: value.lstrip(first),
        "rstrip": lambda: value.rstrip(first),
        "split": lambda: [*value.split(first)],
    }
    if name in answers:
        return answers[name]()
    if name != "replace" or len(texts) != len(("from", "to")):
        return UNKNOWN
    grown = value.count(texts[0]) * len(texts[1])
    return value.replace(texts[0], texts[1]) if grown <= _LONGEST else UNKNOWN


def filtered(value: Value, name: str, given: Sequence[Value]) -> Value:
    """What a filter makes of a value."""
    if name in ("as_text", "as_native", "as_bool", "as_number", "safe"):
        return value
    if name in ("trim", "lower", "upper", "replace", "title", "capitalize"):
        return method(value, {"trim": "strip"}.get(name, name), given, {})
    if isinstance(value, list | tuple):
        return _of_items(list(value), name, given)
    if name in ("default", "d"):
        return value
    return text_of(value) if name == "string" else UNKNOWN


def _of_items(value: list[Value], name: str, given: Sequence[Value]) -> Value:
    if name == "join":
        sign = text_of(given[0]) if given else ""
        if len(sign) * len(value) > _LONGEST:
            return UNKNOWN
        return sign.join(text_of(one) for one in value)
    if name in ("first", "last"):
        return value[0 if name == "first" else -1] if value else UNKNOWN
    if name in ("length", "count"):
        return len(value)
    return value if name in ("list", "unique", "sort", "default", "d") else UNKNOWN
