"""Properties of nodes as files state them, checked against ``schema/properties.py``."""

import json
import math
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from nhigraph.errors import SchemaError
from nhigraph.facts.facts import Value
from nhigraph.ingest import fields, secret_names
from nhigraph.schema import properties as schema
from nhigraph.schema.properties import Property, Type

_DIGITS = re.compile(r"\d{1,15}", re.ASCII)
#: Counts are below this: every consumer's number holds them exactly.
_TOO_MANY = 10**15
IN_URL = "a user's password stands in it, as in a URL"
#: How alike a name must be to count as a misspelt one: people have names of their own.
_ALIKE = 0.82
_LONGEST = 40
_BESIDE_LETTERS = re.compile(r"[\W_]+")
#: Fields of a node that are kept among its properties.
BESIDE = ("tags", "weaknesses")
#: Fields of a node that mean nothing among its properties.
_FIELDS = ("nhi", "state", "expires", "owner")


def is_secret(name: str) -> bool:
    """Whether a property of this name would hold a secret's value: it is set aside unread."""
    return secret_names.is_secret(name) or secret_names.holds_password(name)


def _day(value: object) -> Value | None:
    found = fields.day(value)
    return None if found is None else found.isoformat()


def _count(value: object) -> Value | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # A column of counts with gaps in it is stored as floats.
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _TOO_MANY:
        return value
    raise SchemaError("expected a count such as 0 or 12")


def _flag(value: object) -> Value | None:
    if isinstance(value, str):
        if value == "":
            return None
        if value.lower() in {"true", "false"}:
            return value.lower() == "true"
    return fields.flag(value)


def _words(value: object) -> Value | None:
    if isinstance(value, str):
        parts = (part.strip() for part in value.split(";"))
        return tuple(part for part in parts if part) or None
    return fields.texts(value) or None


def _lines(value: object) -> Value | None:
    if isinstance(value, str):
        return (value,) if value else None
    return fields.texts(value) or None


Reader = Callable[[object], Value | None]

_READERS: Mapping[Type, Reader] = {
    Type.TEXT: fields.text,
    Type.FLAG: _flag,
    Type.COUNT: _count,
    Type.DAY: _day,
    Type.WORDS: _words,
    Type.LINES: _lines,
}


def typed(declared: Property, value: object) -> Value | None:
    """The value of a declared property; None where it is absent.

    Raises:
        SchemaError: It is of another type.
    """
    if declared.type is Type.WORD:
        return fields.word(value, declared.words, declared.name.replace("_", " "))
    found = _READERS[declared.type](value)
    _no_password(found)
    return found


def known_words(declared: Property, value: Value | None) -> tuple[Value | None, list[str]]:
    """A list without the words that its property does not know, and a line on each of those.

    The nearest word is not taken for what was meant: the line asks.
    """
    if not isinstance(value, tuple) or not declared.words:
        return value, []
    what = "weakness" if declared.name == "weaknesses" else "word"
    lines = [
        f"{declared.name}: unknown {what} {fields.quoted(word)} set aside"
        f"{fields.suggestion(word, declared.words)}"
        for word in value
        if word not in declared.words
    ]
    return tuple(word for word in value if word in declared.words) or None, lines


def misspelt(name: str) -> str | None:
    """A question about a property that nobody declared and that is nearly a declared one."""
    if schema.declared(name) is not None or len(name) > _LONGEST:
        return None
    if name in _FIELDS:
        return f"it says nothing there; did you mean the field '{name}' beside props?"
    folded = _folded(name)
    known = {_folded(one): one for one in schema.by_people()}
    near = [folded] if folded in known else get_close_matches(folded, known, 1, _ALIKE)
    # `created_by` is another thing than `created`.
    if not near or folded.endswith("by") != near[0].endswith("by"):
        return None
    return f"nothing is read from it; did you mean '{known[near[0]]}'?"


def _folded(name: str) -> str:
    return _BESIDE_LETTERS.sub("", name).casefold()


def read(name: str, value: object) -> Value | None:
    """The value of a property; None where it is absent.

    Raises:
        SchemaError: It cannot be one.
    """
    if is_secret(name):
        raise SchemaError("a property of this name would hold a secret's value")
    declared = schema.declared(name)
    if declared is not None:
        return typed(declared, value)
    if isinstance(value, float) and not math.isfinite(value):
        raise SchemaError("expected a finite number")
    if isinstance(value, int) and value.bit_length() > 63:  # noqa: PLR2004 - what stores hold
        raise SchemaError("expected a number of at most 18 digits (put longer ones in quotes)")
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float):
        found: Value = value
    elif isinstance(value, list):
        found = fields.texts(value)
    else:
        raise SchemaError("expected text, a number, true or false, or a list of texts")
    _no_password(found)
    return found


def _no_password(value: Value | None) -> None:
    texts = value if isinstance(value, tuple) else (value,)
    if any(isinstance(text, str) and secret_names.holds_password(text) for text in texts):
        raise SchemaError(IN_URL)


def parsed(cell: str) -> dict[str, Value]:
    """The properties of a cell of canonical JSON."""
    found: dict[str, Value] = {}
    for name, value in (json.loads(cell) if cell else {}).items():
        found[name] = tuple(value) if isinstance(value, list) else value
    return found


def canonical(value: object) -> str:
    """Canonical JSON: sorted, without spaces, other scripts as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
