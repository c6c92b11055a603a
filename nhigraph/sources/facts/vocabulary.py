"""The vocabulary of facts/1, checked one word at a time for records and columns alike."""

import json

from nhigraph.errors import SchemaError
from nhigraph.facts.facts import Need
from nhigraph.ingest import fields
from nhigraph.schema import controls, kinds
from nhigraph.schema.types import (
    STATED_GATES,
    Certainty,
    EdgeKind,
    Family,
    NodeKind,
    NodeState,
    State,
    Transform,
)

STATES = tuple(state.name for state in State)
NODE_STATES = tuple(NodeState)
CERTAINTIES = tuple(Certainty)
TRANSFORMS = tuple(Transform)
GATE_KINDS = STATED_GATES

TESTS = controls.GATE_TESTS
RECOVERY_TESTS = controls.RECOVERY_TESTS

_MADE_BY_SCOPE = "is made by the scope: declare a target there"


def node_kinds() -> dict[str, NodeKind]:
    """Kinds of node that a file may state, by label."""
    found = kinds.NODE_KINDS.items()
    return {label: kind for label, kind in found if kind.family is not Family.ASSURANCE}


def edge_kinds() -> dict[str, EdgeKind]:
    """Kinds of edge that a file may state, by label."""
    found = kinds.EDGE_KINDS.items()
    return {label: kind for label, kind in found if kind is not kinds.SUPPORTS}


def node_kind(value: object) -> NodeKind:
    """A kind of node that a file may state.

    Raises:
        SchemaError: Missing, unknown, or left to the scope.
    """
    found = kinds.NODE_KINDS.get(value) if isinstance(value, str) else None
    if found is not None and found.family is Family.ASSURANCE:
        raise SchemaError(f"'{value}' {_MADE_BY_SCOPE}")
    if found is None and fields.word(value, node_kinds(), "node kind") is None:
        raise SchemaError("missing, and every such record needs it")
    return kinds.NODE_KINDS[str(value)]


def edge_kind(value: object) -> EdgeKind:
    """A kind of edge that a file may state.

    Raises:
        SchemaError: Missing, unknown, or left to the scope.
    """
    if value == kinds.SUPPORTS.label:
        raise SchemaError(f"'{kinds.SUPPORTS.label}' {_MADE_BY_SCOPE}")
    known = isinstance(value, str) and value in kinds.EDGE_KINDS
    if not known and fields.word(value, edge_kinds(), "edge kind") is None:
        raise SchemaError("missing, and every such record needs it")
    return kinds.EDGE_KINDS[str(value)]


def state(value: object) -> State:
    """A state by its name in capitals.

    Raises:
        SchemaError: Missing or unknown.
    """
    label = fields.word(value, STATES, "state")
    if label is None:
        raise SchemaError("missing state")
    return State[label]


def needs(value: object) -> tuple[Need, ...]:
    """The states an edge needs, sorted.

    Raises:
        SchemaError: Not a list of ``{at: KEY, state: STATE}``.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        raise SchemaError("expected a list of {at: KEY, state: STATE}")
    found: list[Need] = []
    for item in value:
        if not isinstance(item, dict) or set(item) != {"at", "state"}:
            raise SchemaError("expected items of the form {at: KEY, state: STATE}")
        key = fields.text(item["at"])
        if key is None:
            raise SchemaError("expected the key of a node at 'at'")
        found.append(Need(key, state(item["state"])))
    return tuple(sorted(set(found)))


def needs_text(cell: str) -> tuple[Need, ...]:
    """The needs of a table's cell: JSON, or the short form ``KEY STATE;KEY STATE``.

    Raises:
        SchemaError: Neither.
    """
    if cell.lstrip().startswith("["):
        try:
            return needs(json.loads(cell))
        except (ValueError, RecursionError):
            raise SchemaError("broken JSON; expected a list of {at: KEY, state: STATE}") from None
    found: list[Need] = []
    for part in cell.split(";"):
        if not part.strip():
            continue
        key, _, label = part.strip().rpartition(" ")
        if not key.strip():
            raise SchemaError("expected JSON or 'KEY STATE;KEY STATE'")
        found.append(Need(key.strip(), state(label)))
    return tuple(sorted(set(found)))
