"""A JSON Schema for each form of ``--format json``, from the types of its rows.

Columns may be added at the end, so a row may have more than its schema says, never less.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from nhigraph.app.questions.cut import WAYS
from nhigraph.app.questions.explain import Said
from nhigraph.app.sources import SourceRow
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.rotation_rows import RotationRow
from nhigraph.docsgen.docstrings import attributes
from nhigraph.docsgen.json_schema import Schema, document
from nhigraph.docsgen.rows import ANSWERS
from nhigraph.docsgen.tables import meanings
from nhigraph.output import columns

#: Fields that an answer has where rows alone would not say what they rest on.
_HEAD: Schema = {
    "as_of": {"type": "string", "description": "ISO date of the answer."},
    "coverage": {
        "type": "object",
        "required": ["complete", "gaps"],
        "properties": {
            "complete": {"type": "boolean"},
            "gaps": {"type": "integer", "minimum": 0},
        },
    },
}


def _listed(said: str, *names: str, **types: str) -> Schema:
    """A list of objects with these fields: texts, or of the type given."""
    fields_of = {**dict.fromkeys(names, "string"), **types}
    made: Schema = {name: {"type": kind} for name, kind in fields_of.items()}
    one: Schema = {"type": "object", "required": [*made], "properties": made}
    return {"type": "array", "items": one, "description": said}


#: Fields that the answer of one command has besides.
_BESIDE: dict[str, Schema] = {
    "check": {
        "exit_code": {"enum": [0, 1, 3], "description": "What the command exits with."},
        "answer": {"type": "string", "description": "The answer in a sentence or two."},
    },
    "coverage": {
        "scope": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What is wrong in the scope, in sentences.",
        },
        "quarantined": _listed("Records that were refused.", "artifact", "pointer", "reason"),
        "notes": _listed("What was read with a remark.", "artifact", "pointer", "reason"),
        "gaps": _listed("What is not known.", "node", "reason", closed="boolean"),
        "absent": _listed(
            "Exports that nobody supplied, as in coverage.json.",
            *("title", "source", "settles", "command"),
        ),
    },
    "radius": {
        "ways": {"enum": [*WAYS], "description": "Which ways are counted."},
    },
}
_PLAIN = {str: "string", int: "integer", bool: "boolean", float: "number", NoneType: "null"}


def schemas() -> dict[str, Schema]:
    """Schema by file name, one for each command that prints JSON."""
    return {f"{_file(name)}-1.schema.json": _answer(name, rows) for name, rows in ANSWERS.items()}


def _file(command: str) -> str:
    return command.replace(" ", "-")


def _answer(command: str, types: tuple[type, ...]) -> Schema:
    made = [_row(one) for one in types]
    rows: Schema = {"type": "array", "items": made[0] if len(made) == 1 else {"anyOf": made}}
    # What explains a word, or lists the sources, stands beside no graph.
    bare = {SourceRow, Said}.intersection(types)
    head: Schema = {} if SourceRow in types else {**_HEAD, **_BESIDE.get(command, {})}
    body: Schema = {
        "type": "object",
        "required": ["nhigraph", *([] if bare else head), "rows"],
        "properties": {"nhigraph": {"const": f"{command}/1"}, **head, "rows": rows},
    }
    return document(f"nhigraph {command}, --format json", f"{_file(command)}-1", body)


def _row(row: type) -> Schema:
    """A row: its columns, and of two rows what only their JSON form has."""
    told, hints = meanings(row), get_type_hints(row)
    stated = dict(columns(row))
    if row is RotationRow:
        stated = {field.name: field.name for field in fields(RotationRow)}
    made: dict[str, Schema] = {
        column: {**_type(hints[field]), **_said(told.get(column, ""))}
        for column, field in stated.items()
    }
    if row is QuestionRow:
        label: Schema = {"label": {"type": "string"}, "scope": {"type": "object"}}
        one: Schema = {"type": "object", "required": [*label], "properties": label}
        made["answers"] = {"type": "array", "items": one}
        made["named"] = {**_type(hints["named"]), **_said(attributes(row)["named"])}
    return {"title": row.__name__, "type": "object", "required": [*made], "properties": made}


def _said(text: str) -> Schema:
    return {"description": text} if text else {}


def _type(hint: Any) -> Schema:  # noqa: ANN401 - whatever a field is annotated with
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if origin in {UnionType, Union}:
        return {"type": [_PLAIN[one] for one in inner]}
    if origin is tuple:
        return {"type": "array", "items": _type(inner[0])}
    if is_dataclass(hint) or hint is Mapping or origin is Mapping:
        return {"type": "object"}
    raise TypeError(f"no JSON form is known of {hint}")
