"""Values as the database keeps them: typed as the schema declares, and never refused by it.

What 5.26 does not take, measured: a list with an empty item or of several types, a map, a whole
number beyond 64 bits, half a surrogate pair, an indexed text above about 8,000 bytes, a property's
name with a null byte.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from nhigraph.graph.json_form import spelt
from nhigraph.schema.properties import PROPERTIES, Type

#: What a property holds: text, a truth value, a number, a day, or a list of texts.
Value = str | bool | int | float | date | list[str]
Row = dict[str, Any]

#: Longest key that is looked up by itself, in bytes; a longer one is looked up by its digest.
KEY_BYTES: Final = 4_000
#: Begins the name of a property that people made up: it cannot then hide one of ours.
THEIRS: Final = "x_"
_LARGEST: Final = 2**63


def text(value: str) -> str:
    """The text, with what has no UTF-8 spelt out."""
    return value if value.isascii() else spelt(value)


def place(key: str) -> str:
    """What a node is looked up by: its key, or a digest of one that no index takes."""
    cleaned = text(key)
    raw = cleaned.encode()
    if len(raw) <= KEY_BYTES:
        return cleaned
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def day(cell: str) -> date | str:
    """A day of a cell; as it is written where it is none."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return text(cell)


def typed(name: str, value: object) -> Value | None:
    """A property's value by its declaration; several values, where records disagree, are texts.

    Returns:
        None where there is nothing to keep.
    """
    declared = PROPERTIES.get(name)
    if isinstance(value, list | tuple):
        many = [_one_text(item) for item in value if item is not None]
        return many or None
    if declared is not None and declared.type is Type.DAY and isinstance(value, str):
        return day(value)
    if declared is not None and declared.type in {Type.WORDS, Type.LINES}:
        return None if value is None else [_one_text(value)]
    return plain(value)


def plain(value: object) -> Value | None:
    """A value as it is, or as text where the database has no type for it."""
    match value:
        case None:
            return None
        case bool() | float() | date():
            return value
        case int():
            return value if -_LARGEST <= value < _LARGEST else str(value)
        case str():
            return text(value)
        case _:
            return _one_text(value)


def _one_text(value: object) -> str:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, date):
        return value.isoformat()
    return text(json.dumps(value, sort_keys=True, default=str, ensure_ascii=False))


def properties(props: Mapping[str, object]) -> Row:
    """Properties of a node; those that nobody declared begin with ``x_``."""
    found: Row = {}
    for name, value in props.items():
        kept = typed(name, value)
        if kept is not None:
            found[name if name in PROPERTIES else f"{THEIRS}{_name(name)}"] = kept
    return found


def _name(name: str) -> str:
    """A property's name; the server refuses one with a null byte, and all that comes with it."""
    return text(name).replace("\0", "\\0000")


def cells(pairs: Mapping[str, object]) -> Row:
    """Columns of a row: lists as lists of texts, nothing for what is empty."""
    found: Row = {}
    for name, value in pairs.items():
        kept = _listed(value) if isinstance(value, tuple | list) else plain(value)
        if kept not in ("", None, []):
            found[name] = kept
    return found


def _listed(value: Sequence[object]) -> list[str]:
    return [_one_text(item) for item in value]
