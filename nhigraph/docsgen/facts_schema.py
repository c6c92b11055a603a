"""The JSON Schema of facts/1, for editors."""

from nhigraph.docsgen.formats import FACTS, FIELDS
from nhigraph.docsgen.json_schema import (
    DAY,
    FLAG,
    NEEDED,
    TEXT,
    TEXTS,
    Schema,
    document,
    many,
    record,
    some_of,
    words,
)
from nhigraph.schema import kinds
from nhigraph.schema.properties import PROPERTIES, Property, Type
from nhigraph.schema.types import GateKind
from nhigraph.sources.facts import vocabulary
from nhigraph.sources.facts.records import FORM

_TRUTH = "^([Tt]rue|[Ff]alse|TRUE|FALSE)?$"
_VALUE: Schema = {
    "anyOf": [
        {"type": ["string", "number", "boolean", "null"]},
        {"type": "array", "items": NEEDED},
    ]
}


def schema() -> Schema:
    """The schema of a file of facts."""
    made = {"nodes": _node(), "edges": _edge(), "gates": _gate(), "gaps": _gap()}
    sections = {name: many({"$ref": f"#/definitions/{name}"}) for name in made}
    top = record({"nhigraph": {"const": FORM}, "extracted": DAY, **sections}, ("nhigraph",))
    return document("nhigraph facts/1", "facts-1", {**top, "definitions": made})


def _record(section: str, fields: dict[str, Schema], needed: tuple[str, ...]) -> Schema:
    ordered = {name: fields[name] for name in FIELDS[section]}
    return record(ordered, needed, FACTS[section])


def _node() -> Schema:
    listed = {name: _property(PROPERTIES[name]) for name in ("tags", "weaknesses")}
    fields: dict[str, Schema] = {
        "kind": {"enum": [*vocabulary.node_kinds()]},
        "key": NEEDED,
        "name": TEXT,
        "owner": TEXT,
        "nhi": FLAG,
        "state": words(vocabulary.NODE_STATES),
        "expires": DAY,
        "props": _props(),
        **listed,
    }
    return _record("nodes", fields, ("kind", "key"))


def _props() -> Schema:
    declared = {name: _property(one) for name, one in PROPERTIES.items()}
    made: Schema = {"type": ["object", "null"], "properties": declared}
    return {**made, "additionalProperties": _VALUE}


def _property(one: Property) -> Schema:
    """What a declared property takes, as a table writes it, too."""
    listed: Schema = some_of(one.words) if one.words else TEXTS
    shapes: dict[Type, Schema] = {
        Type.TEXT: TEXT,
        Type.FLAG: {"anyOf": [FLAG, {"type": "string", "pattern": _TRUTH}]},
        Type.COUNT: {"anyOf": [{"type": ["integer", "null"], "minimum": 0},
                               {"type": "string", "pattern": r"^\d{0,15}$"}]},
        Type.DAY: DAY,
        Type.WORD: words(one.words),
        Type.WORDS: {"anyOf": [listed, {"type": "string"}]},
        Type.LINES: {"anyOf": [listed, {"type": "string"}]},
    }  # fmt: skip
    return {**shapes[one.type], "description": one.doc}


def _edge() -> Schema:
    need = record({"at": NEEDED, "state": {"enum": [*vocabulary.STATES]}}, ("at", "state"))
    fields: dict[str, Schema] = {
        "kind": {"enum": [*vocabulary.edge_kinds()]},
        "from": NEEDED,
        "to": NEEDED,
        "action": words(kinds.ACTIONS),
        "certainty": words(vocabulary.CERTAINTIES),
        "condition": TEXT,
        "gate": TEXT,
        "needs": many(need),
        "valid_from": DAY,
        "valid_until": DAY,
        "transform": words(vocabulary.TRANSFORMS),
    }
    made = _record("edges", fields, ("kind", "from", "to"))
    other: Schema = {"properties": {"kind": {"not": {"const": kinds.FEEDS.label}}}}
    absent: Schema = {"properties": {"transform": {"type": "null"}}}
    return {**made, "if": other, "then": absent}


def _gate() -> Schema:
    fields: dict[str, Schema] = {
        "key": NEEDED,
        "kind": {"enum": [*vocabulary.GATE_KINDS]},
        "approvers": TEXTS,
        "at": TEXT,
        "log": TEXT,
        "tests": {"type": ["object", "null"]},
    }
    made = _record("gates", fields, ("key", "kind"))
    recovery: Schema = {"properties": {"kind": {"const": str(GateKind.RECOVERY)}}}
    return {
        **made,
        "if": recovery,
        "then": _tests(vocabulary.RECOVERY_TESTS),
        "else": _tests(vocabulary.TESTS),
    }


def _tests(names: tuple[str, ...]) -> Schema:
    asked = record(dict.fromkeys(names, FLAG))
    return {"properties": {"tests": {**asked, "type": ["object", "null"]}}}


def _gap() -> Schema:
    fields: dict[str, Schema] = {
        "at": NEEDED,
        "reason": TEXT,
        "states": some_of(vocabulary.STATES),
    }
    return _record("gaps", fields, ("at",))
