"""Properties of nodes: which have a type of their own, and what none may be."""

import json
import math
import re
from collections.abc import Callable, Mapping

from nhigraph.errors import SchemaError
from nhigraph.facts.facts import Value
from nhigraph.ingest import fields, secret_names

_DIGITS = re.compile(r"\d{1,15}", re.ASCII)
#: Counts are below this: every consumer's number holds them exactly.
_TOO_MANY = 10**15
_OWNER_STATUS = ("active", "left", "none")
IN_URL = "a user's password stands in it, as in a URL"
_TRUST_SUBJECT = ("exact", "wildcard", "missing")


def is_secret(name: str) -> bool:
    """Whether a property of this name would hold a secret's value: it is set aside unread."""
    return secret_names.is_secret(name)


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


def _list(value: object) -> Value | None:
    if isinstance(value, str):
        parts = (part.strip() for part in value.split(";"))
        return tuple(part for part in parts if part) or None
    return fields.texts(value) or None


def _owner_status(value: object) -> Value | None:
    return fields.word(value, _OWNER_STATUS, "owner status")


def _trust_subject(value: object) -> Value | None:
    return fields.word(value, _TRUST_SUBJECT, "trust subject")


Reader = Callable[[object], Value | None]

#: Properties from which weaknesses are decided: a wrong type there would decide wrongly.
TYPED: Mapping[str, Reader] = {
    "created": _day,
    "exposed": _flag,
    "last_used": _day,
    "owner_status": _owner_status,
    "required_reviews": _count,
    "rights_granted": _count,
    "rights_used": _count,
    "rotated": _day,
    "tags": _list,
    "trust_subject": _trust_subject,
    "used_by": _count,
    "vendor": fields.text,
    "vendor_assessed": _day,
    "weaknesses": _list,
}
#: Fields of a node that are kept among its properties.
BESIDE = ("tags", "weaknesses")


def read(name: str, value: object) -> Value | None:
    """The value of a property; None where it is absent.

    Raises:
        SchemaError: It cannot be one.
    """
    if is_secret(name):
        raise SchemaError("a property of this name would hold a secret's value")
    if name in TYPED:
        return TYPED[name](value)
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
    texts = found if isinstance(found, tuple) else (found,)
    if any(isinstance(text, str) and secret_names.holds_password(text) for text in texts):
        raise SchemaError(IN_URL)
    return found


def canonical(value: object) -> str:
    """Canonical JSON: sorted, without spaces, other scripts as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
