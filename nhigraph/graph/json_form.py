"""JSON for what Python holds and JSON does not: days, tuples, and keys that are no text.

The form is ASCII, sorted and lossless; reading it executes nothing.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import UnionType
from typing import Any

#: Halves of surrogate pairs, which have no UTF-8, and the mark that spells them.
_UNWRITABLE = re.compile("[\\\\\ud800-\udfff]")
_SPELT = re.compile(r"\\([0-9a-f]{4})")


def spelt(text: str) -> str:
    """Text with lone surrogates spelt out, so that it has a UTF-8 form."""
    return _UNWRITABLE.sub(lambda found: f"\\{ord(found.group()):04x}", text)


def unspelt(text: str) -> str:
    """What ``spelt`` was given."""
    return _SPELT.sub(lambda found: chr(int(found.group(1), 16)), text)


def dumped(value: object) -> bytes:
    """Sorted, indented JSON, the same on every machine."""
    return json.dumps(plain(value), sort_keys=True, indent=1).encode() + b"\n"


def loaded(content: bytes) -> Any:  # noqa: ANN401 - what was dumped
    """What ``dumped`` was given.

    Raises:
        ValueError: The content is not of that form.
    """
    return restored(json.loads(content))


def plain(value: object) -> object:
    """A value as JSON has it; what JSON has no word for becomes a marked object.

    Raises:
        TypeError: The value is of another kind.
    """
    if isinstance(value, str) or value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: plain(item) for key, item in value.items()}
        pairs = ([plain(key), plain(item)] for key, item in value.items())
        return {"$map": sorted(pairs, key=json.dumps)}
    for mark, kinds, write, _ in _MARKED:
        if isinstance(value, kinds):
            return {mark: write(value)}
    raise TypeError(f"a {type(value).__name__} has no place in a snapshot")


def restored(value: Any) -> Any:  # noqa: ANN401 - parsed JSON
    """What ``plain`` was given."""
    if isinstance(value, list):
        return [restored(item) for item in value]
    if not isinstance(value, dict):
        return value
    for mark, _, _, read in _MARKED:
        if mark in value:
            return read(value[mark])
    return {key: restored(item) for key, item in value.items()}


#: Mark, what it stands for, its content, and the way back; a datetime is a date, so it is first.
_MARKED: tuple[tuple[str, type | UnionType, Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    ("$datetime", datetime, datetime.isoformat, datetime.fromisoformat),
    ("$date", date, date.isoformat, date.fromisoformat),
    ("$tuple", tuple, lambda many: [plain(i) for i in many], lambda x: tuple(restored(x))),
    (
        "$set",
        set | frozenset,
        lambda many: sorted((plain(i) for i in many), key=json.dumps),
        lambda x: set(restored(x)),
    ),
    ("$map", Mapping, dict, lambda x: {restored(k): restored(v) for k, v in x}),
)
