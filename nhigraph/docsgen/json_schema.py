"""The forms of JSON Schema that nhigraph's formats are made of.

What the readers take without a remark is valid: an absent value may be written as null, and text
that YAML reads as a whole number is text.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nhigraph.schema.claims import CONDITIONS, selected_kinds

Schema = dict[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"
TEXT: Schema = {"type": ["string", "integer", "null"]}
NEEDED: Schema = {"type": ["string", "integer"], "minLength": 1}
TEXTS: Schema = {"type": ["array", "null"], "items": NEEDED}
FLAG: Schema = {"type": ["boolean", "null"]}
NUMBER: Schema = {"type": "number", "minimum": 0}
_TIME = r"([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?"
#: A day, or a date with time, of which the UTC day counts.
DAY: Schema = {
    "type": ["string", "null"],
    "pattern": rf"^(\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]){_TIME})?$",
}


def words(listed: Collection[str]) -> Schema:
    """One of some words, or absent."""
    return {"enum": [*listed, None]}


def some_of(listed: Collection[str]) -> Schema:
    """A list of some words, or absent."""
    return {"type": ["array", "null"], "items": {"enum": [*listed]}}


def many(item: Schema) -> Schema:
    """A list, or absent."""
    return {"type": ["array", "null"], "items": item}


def record(
    fields: Mapping[str, Schema], needed: Sequence[str] = (), says: Mapping[str, str] | None = None
) -> Schema:
    """A mapping that has these fields and no others, each with its sentence."""
    told = says or {}
    stated = {
        name: {**one, "description": told[name]} if name in told else one
        for name, one in fields.items()
    }
    made: Schema = {"type": "object", "properties": stated, "additionalProperties": False}
    return {**made, "required": [*needed]} if needed else made


def item(*, empty: bool) -> Schema:
    """An item of a selector.

    Args:
        empty: Whether one that matches nothing may stand there.
    """
    conditions: dict[str, Schema] = dict.fromkeys(CONDITIONS, NEEDED)
    conditions["kind"] = {"anyOf": [{"enum": [*selected_kinds()]}, {"pattern": r"[*?]"}]}
    made = record(conditions)
    return made if empty else {**made, "minProperties": 1}


def document(title: str, name: str, body: Schema) -> Schema:
    """A whole schema."""
    return {"$schema": DIALECT, "$id": f"urn:nhigraph:schema:{name}", "title": title, **body}
