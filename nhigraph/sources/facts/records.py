"""facts/1 as YAML or JSON: one object per record."""

from __future__ import annotations  # readers are made for every record: none works its types out

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts import refused
from nhigraph.facts.facts import LIFE, Edge, Fact, Gap, Gate, Node, Note, Refused, Value
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record, quoted, suggestion
from nhigraph.schema import controls, kinds
from nhigraph.schema import properties as schema
from nhigraph.schema.types import Certainty, GateKind, NodeState, Origin, State, Transform
from nhigraph.sources.facts import properties, vocabulary

NODE_FIELDS = (
    "kind",
    "key",
    "name",
    "owner",
    "nhi",
    "state",
    "expires",
    "props",
    *properties.BESIDE,
)
EDGE_FIELDS = (
    "kind",
    "from",
    "to",
    "action",
    "certainty",
    "condition",
    "gate",
    "needs",
    "valid_from",
    "valid_until",
    "transform",
)
GATE_FIELDS = ("key", "kind", "approvers", "at", "log", "tests")
GAP_FIELDS = ("at", "reason", "states")
FORM = "facts/1"
T = TypeVar("T")


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one document says.

    Raises:
        InputError: It is of another version of the format.
    """
    content = fields.mapping(doc, doc.content)
    if content.get("nhigraph") != FORM:
        raise InputError(
            doc.artifact, "/nhigraph", f"expected '{FORM}'", "this version reads no other"
        )
    top = Record(doc, content, ())
    yield from _unknown(top, doc, content)
    try:
        top.day("extracted")
    except InputError as error:
        yield Note(error.problem, doc.at("extracted", excerpt=False))
    for section, make in _SECTIONS.items():
        for record in fields.records(doc, content.get(section), section):
            if isinstance(record, Refused):
                yield record
                continue
            try:
                # All or nothing: a record refused half way leaves no notes behind.
                yield from list(make(record))
            except InputError as error:
                yield record.refused(error)


def _unknown(top: Record, doc: Document, content: Mapping[str, object]) -> Iterator[Fact]:
    """Fields that are none; a list among them was meant as records, and is lost as such."""
    known = ("nhigraph", "extracted", *_SECTIONS)
    lists = [name for name in content if name not in known and isinstance(content[name], list)]
    for name in lists:
        near = suggestion(name, _SECTIONS)
        reason = f"unknown section {quoted(name)}: none of its records was read{near}"
        yield Refused(reason, doc.at(name, excerpt=False))
    yield from top.unknown((*known, *lists))


def extracted(doc: Document) -> str | None:
    """The day on which the facts were gathered, where the document says so."""
    try:
        found = fields.day(fields.mapping(doc, doc.content).get("extracted"))
    except SchemaError:
        return None
    return None if found is None else found.isoformat()


#: Fields of a node and of a gate that, set aside, leave out who is judged, or what defeats a rule.
#: Any other one set aside says more: an edge holds longer, needs less, passes no gate.
_POPULATION, _DEFEATS = ("nhi",), ("at", "log")


def _failing(record: Record, field: str, read: Callable[[], T]) -> T:
    """What is read; an error of the vocabulary becomes one of the field."""
    try:
        return read()
    except SchemaError as error:
        raise record.fail(field, error) from None


def _node(record: Record) -> Iterator[Fact]:
    errors: list[InputError] = []

    def attempt(read: Callable[[], T]) -> T | None:
        return record.attempt(read, errors)

    body = record.body
    kind = attempt(
        lambda: _failing(record, "kind", lambda: vocabulary.node_kind(body.get("kind")))
    )
    state = attempt(lambda: _state(record))
    # What stands beside unreadable properties counts all the same.
    props, notes = _props(record, attempt(lambda: _mapping(record, "props")) or {})
    key = attempt(lambda: record.required("key"))
    node = Node(
        kind or kinds.UNKNOWN,
        key or "",
        record.evidence,
        name=attempt(lambda: record.text("name")),
        owner=attempt(lambda: record.text("owner")),
        nhi=attempt(lambda: record.flag("nhi")),
        state=None if state is None else NodeState(state),
        expires=attempt(lambda: record.day("expires")),
        props=props,
        origin=Origin.FACTS,
    )
    errors += _misspelt(record, NODE_FIELDS, _POPULATION)
    if errors:
        node = replace(node, unread=_unread(record))
        gap = refused.of_node(node.key, fields.said(errors[0]), record.evidence)
        yield record.refused(errors[0], (node, gap) if key else ())
        return
    yield node
    yield from notes
    yield from record.unknown(NODE_FIELDS)


def _state(record: Record) -> str | None:
    return record.word("state", vocabulary.NODE_STATES, "node state")


def _unread(record: Record) -> tuple[str, ...]:
    """The fields that say whether a node counts, as far as they cannot be read."""
    readers: dict[str, Callable[[], object]] = {
        "nhi": lambda: record.flag("nhi"),
        "state": lambda: _state(record),
        "expires": lambda: record.day("expires"),
    }
    errors: dict[str, list[InputError]] = {name: [] for name in LIFE}
    for name in LIFE:
        record.attempt(readers[name], errors[name])
    for name in _POPULATION:
        errors[name] += _misspelt(record, NODE_FIELDS, (name,))
    return tuple(name for name in LIFE if errors[name])


def _misspelt(
    record: Record, known: Collection[str], decisive: Collection[str]
) -> Iterator[InputError]:
    """Unknown fields that may be one without which too little is said; false says no more."""
    for field, value in record.body.items():
        near = None if field in known or value is False else fields.nearest(field, known)
        if near is not None and near in decisive and near not in record.body:
            yield record.fail(field, f"unknown field; did you mean {fields.quoted(near)}?")


def _mapping(record: Record, field: str) -> Mapping[str, object]:
    body = record.body.get(field)
    if body is not None and not isinstance(body, dict):
        raise record.fail(field, "expected a mapping of properties")
    return body or {}


def _props(record: Record, body: Mapping[str, object]) -> tuple[dict[str, Value], list[Note]]:
    """The properties, sorted by name, and what was set aside of them."""
    found: dict[str, Value] = {}
    notes: list[Note] = []
    stated = [(f"props/{name}", name, value) for name, value in body.items()]
    stated += [(name, name, record.body.get(name)) for name in properties.BESIDE]
    for place, name, value in stated:
        try:
            read = properties.read(name, value)
        except SchemaError as error:
            notes.append(record.note(f"{fields.quoted(place)} set aside: {error}"))
            continue
        declared = schema.declared(name)
        if declared is not None:
            read, lines = properties.known_words(declared, read)
            notes += [record.note(line) for line in lines]
        if read is None:
            continue
        question = properties.misspelt(name)
        if question is not None:
            notes.append(record.note(f"{fields.quoted(place)}: {question}"))
        known = found.get(name)
        if isinstance(known, tuple) and isinstance(read, tuple):
            read = tuple(dict.fromkeys(known + read))
        found[name] = read
    return dict(sorted(found.items())), notes


def _edge(record: Record) -> Iterator[Fact]:
    errors: list[InputError] = []

    def attempt(read: Callable[[], T]) -> T | None:
        return record.attempt(read, errors)

    body = record.body
    kind = attempt(
        lambda: _failing(record, "kind", lambda: vocabulary.edge_kind(body.get("kind")))
    )
    needs = attempt(lambda: _failing(record, "needs", lambda: vocabulary.needs(body.get("needs"))))
    condition = attempt(lambda: record.text("condition"))
    certainty = attempt(lambda: record.word("certainty", vocabulary.CERTAINTIES, "certainty"))
    start = attempt(lambda: record.day("valid_from"))
    end = attempt(lambda: record.day("valid_until"))
    if start and end and end < start:
        errors.append(record.fail("valid_until", "lies before valid_from"))
    transform = None
    if kind is None or kind is kinds.FEEDS:
        transform = attempt(lambda: record.word("transform", vocabulary.TRANSFORMS, "transform"))
    source = attempt(lambda: record.required("from"))
    target = attempt(lambda: record.required("to"))
    action = attempt(lambda: record.word("action", kinds.ACTIONS, "action"))
    gate = attempt(lambda: record.text("gate"))
    if errors or kind is None or source is None or target is None:
        stated = kind or kinds.EDGE_KINDS.get(str(body.get("kind")))
        reason = fields.said(errors[0])
        gaps = refused.of_edge(stated, source, target, reason, record.evidence, (start, end))
        yield record.refused(errors[0], gaps)
        return
    if certainty is None:
        certainty = Certainty.CERTAIN if condition is None else Certainty.CONDITIONAL
    if kind is not kinds.FEEDS and body.get("transform") not in (None, ""):
        yield record.note("transform set aside: it has a meaning on FEEDS only")
    yield Edge(
        kind,
        source,
        target,
        record.evidence,
        action=action,
        certainty=Certainty(certainty),
        condition=condition,
        gate=gate,
        needs=needs or (),
        valid_from=start,
        valid_until=end,
        transform=None if transform is None else Transform(transform),
    )
    yield from record.unknown(EDGE_FIELDS)


def _gate(record: Record) -> Iterator[Fact]:
    errors: list[InputError] = []

    def attempt(read: Callable[[], T]) -> T | None:
        return record.attempt(read, errors)

    kind = attempt(lambda: record.word("kind", vocabulary.GATE_KINDS, "gate kind"))
    if kind is None and not errors:
        errors.append(record.fail("kind", "missing, and every such record needs it"))
    known = GateKind.UNKNOWN if kind is None else GateKind(kind)
    tests, notes = attempt(lambda: _tests(record, known)) or ({}, [])
    key = attempt(lambda: record.required("key"))
    gate = Gate(
        key or "",
        known,
        record.evidence,
        approvers=attempt(lambda: record.texts("approvers")) or (),
        at=attempt(lambda: record.text("at")),
        log=attempt(lambda: record.text("log")),
        tests=tests,
    )
    errors += _misspelt(record, GATE_FIELDS, _DEFEATS)
    if errors:
        # What it said is not known: it may deny what another record of the gate claims.
        unread = dict.fromkeys((*vocabulary.TESTS, *vocabulary.RECOVERY_TESTS))
        left = Gate(gate.key, GateKind.UNKNOWN, record.evidence, tests=unread)
        yield record.refused(errors[0], (left,) if key else ())
        return
    yield gate
    yield from notes
    yield from record.unknown(GATE_FIELDS)


def _tests(record: Record, kind: GateKind) -> tuple[dict[str, bool], list[Note]]:
    """The answered tests; one that is set aside stays unknown, and so does its gate.

    Tests of another kind are kept, and nobody asks for them: a day on which only the kind changes
    differs in one thing.
    """
    body = record.body.get("tests")
    if body is not None and not isinstance(body, dict):
        raise record.fail("tests", "expected a mapping of test names to true or false")
    known = controls.tests_of(kind)
    every = (*vocabulary.TESTS, *vocabulary.RECOVERY_TESTS)
    found: dict[str, bool] = {}
    notes: list[Note] = []
    for name, value in (body or {}).items():
        if name not in known:
            near = fields.suggestion(name, known)
            reason = f"a gate of kind {kind} has no test {fields.quoted(name)}; set aside{near}"
            notes.append(record.note(reason))
        if name in every and isinstance(value, bool):
            found[name] = value
        elif name in known and value is not None:
            notes.append(record.note(f"tests/{name} set aside: expected true or false"))
    return found, notes


def _gap(record: Record) -> Iterator[Fact]:
    """A gap; where its details cannot be read it is kept, and hides every state.

    To refuse it would turn "not known" into "no path".
    """
    at = record.required("at")
    states: tuple[State, ...] = ()
    reason: str | None = None
    try:
        states = tuple(sorted({vocabulary.state(name) for name in record.texts("states")}))
    except (InputError, SchemaError) as error:
        problem = error.problem if isinstance(error, InputError) else f"states: {error}"
        yield record.note(f"{problem}; taken as any state")
    try:
        reason = record.text("reason")
    except InputError as error:
        yield record.note(error.problem)
    yield Gap(at, reason or "no reason stated", record.evidence, states)
    yield from record.unknown(GAP_FIELDS)


_SECTIONS: dict[str, Callable[[Record], Iterator[Fact]]] = {
    "nodes": _node,
    "edges": _edge,
    "gates": _gate,
    "gaps": _gap,
}
