"""Values in dbt's Jinja, as far as text alone tells them; the rest is ``UNKNOWN``."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from nhigraph.records import dataclass

#: Stands in SQL for what only a run can tell.
UNTOLD = "untold__by_text"
_LONGEST = 1_000_000


def is_untold(parts: Iterable[str]) -> bool:
    """Whether only a run can tell one of the names; platforms fold them, some to capitals."""
    return any(UNTOLD in part.lower() for part in parts)


class Unknown:
    """A value that only a run knows.

    Attributes:
        holds: Whether it counts as true, where that is known of it.
    """

    def __init__(self, *, holds: bool | None = None) -> None:
        """Nothing is known but this."""
        self.holds = holds

    def __repr__(self) -> str:
        return "UNKNOWN" if self.holds is None else f"UNKNOWN({self.holds})"


UNKNOWN = Unknown()


class Undefined:
    """What is not there: it is written as nothing."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED = Undefined()


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


class Given(dict[str, Value]):
    """A mapping that a document holds: all that is in it is told, and no text changes it."""


def as_given(value: Value) -> Value:
    """What a document holds, as a value: the mappings and lists in it are only read."""
    if isinstance(value, dict):
        return Given({str(name): as_given(inner) for name, inner in value.items()})
    return GivenList(map(as_given, value)) if isinstance(value, list | tuple) else value


class GivenList(tuple[Value, ...]):
    """A list that a document holds; no text changes it."""

    __slots__ = ()


class View(tuple[Value, ...]):
    """What is in a mapping, as it is gone through; how it is written depends on the version."""

    __slots__ = ()


def text_of(value: Value) -> str:
    """A value where it is written into SQL."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | Relation) or value is None:
        return str(value)
    return "" if isinstance(value, Undefined) else _written(value)


def _written(value: Value) -> str:
    """A value inside a list, and a list, as Python writes them."""
    if isinstance(value, str) and UNTOLD not in value:
        return repr(value)
    if isinstance(value, bool | int | float) or value is None:
        return str(value)
    if isinstance(value, View) or not isinstance(value, list | tuple):
        return UNTOLD
    inner = ", ".join(map(_written, value))
    if isinstance(value, tuple) and not isinstance(value, GivenList):
        return f"({inner}{',' * (len(value) == 1)})"
    return f"[{inner}]"


def truth(value: Value) -> bool | None:
    """Whether a condition holds; None where only a run can tell."""
    if isinstance(value, Unknown) or (isinstance(value, Relation) and not value.there):
        return value.holds if isinstance(value, Unknown) else None
    if (isinstance(value, str) and UNTOLD in value) or _may_be_filled(value):
        return None
    if isinstance(value, Undefined):
        return False
    if isinstance(value, str | bool | int | float | list | tuple | dict) or value is None:
        return bool(value)
    return True


def _may_be_filled(value: Value) -> bool:
    """Whether a mapping is empty but for what only a run can put there."""
    return isinstance(value, dict) and value.keys() == {UNTOLD}


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
        return UNKNOWN if UNTOLD in value else value.get(name, UNKNOWN)
    if isinstance(value, Relation):
        at = {"database": 0, "schema": 1, "identifier": 2, "name": 2, "table": 2}.get(name)
        return UNKNOWN if at is None else value.parts[at]
    if isinstance(value, list | tuple) and re.fullmatch(r"-?[0-9]{1,6}", name):
        at = int(name)
        return value[at] if -len(value) <= at < len(value) else UNKNOWN
    return UNKNOWN


def sliced(value: Value, start: Value, stop: Value, step: Value) -> Value:
    """A part of a text or list."""
    ends = [one for one in (start, stop, step) if one is None or type(one) is int]
    if not isinstance(value, str | list | tuple) or _untold(value) or step == 0:
        return UNKNOWN
    return value[slice(*ends)] if len(ends) == len((start, stop, step)) else UNKNOWN


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
    return _of_text(value, name, given) if isinstance(value, str) else UNKNOWN


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
        found: dict[str, Iterable[Value]] = {"items": value.items(), "values": value.values()}
        return View(found.get(name, value))
    asked = given[0] if given else UNTOLD
    if name == "get" and isinstance(asked, str) and UNTOLD not in (asked, *value):
        return value.get(asked, given[1] if len(given) > 1 else None)
    if isinstance(value, Given) or name in ("get", "copy"):
        return UNKNOWN
    if name == "update" and given and isinstance(given[0], dict):
        value.update(given[0])
        return None
    value[UNTOLD] = UNKNOWN  # It may have been changed.
    return UNKNOWN


def _of_text(value: str, name: str, given: Sequence[Value]) -> Value:
    if name == "join" and given:
        return joined(value, given[0])
    texts = [one for one in given if isinstance(one, str) and UNTOLD not in one]
    if UNTOLD in value or len(texts) != len(given) or texts[:1] == [""]:
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
        "isdigit": value.isdigit,
        "splitlines": value.splitlines,
    }
    if name in ("startswith", "endswith"):
        return UNKNOWN if first is None else getattr(value, name)(first)
    if name in answers:
        return answers[name]()
    if name != "replace" or len(texts) != len(("from", "to")):
        return UNKNOWN
    grown = value.count(texts[0]) * len(texts[1])
    return value.replace(texts[0], texts[1]) if grown <= _LONGEST else UNKNOWN


def joined(sign: str, listed: Value) -> Value:
    """The items of a list as one text."""
    items = [*listed] if isinstance(listed, list | tuple | dict) else []
    if not isinstance(listed, list | tuple | dict) or len(sign) * len(items) > _LONGEST:
        return UNKNOWN
    return sign.join(text_of(one) for one in items)
