"""The user's scope, scope/1: which nodes are assurance targets, as claims with evidence.

Blind spots: none of its selectors is resolved here; that needs the merged graph.

Every claim's body is normalised. Lists are tuples of text, texts are text, absent is None, an item
of a selector is a mapping of condition (see ``CONDITIONS``) to text, empty if it has none.

``scope`` (one, at the root):
    ``organization`` text or None; ``commitments`` tuple of letters, ``"unknown"``, or None;
    ``as_of`` ISO date text or None; ``thresholds`` mapping of name to number, only those given.
``target`` (one per target that can be used):
    ``id``; ``family`` ``financial-reporting`` or ``trust-service``; ``process`` text or None;
    ``fs_role`` and ``icfr_basis`` text, ``"unknown"`` where absent, None on a trust target;
    ``assertions`` tuple, aliases resolved; ``commitments`` tuple of letters, ``"unknown"``, or
    None where absent (always None on a financial target); ``data_class`` tuple; ``recoverable``
    text or None; ``select`` tuple of items. Tuples are in the order in which outputs print them.
``boundary`` (one per entry):
    ``list`` ``carve_out``, ``inclusive`` or ``outside``; ``select`` one item.
``owner``: ``select`` tuple of items; ``owner`` text.
``alias``: ``platform``, ``host``, ``as``: text.
``link``: ``kind`` label of an edge kind; ``from``, ``to`` text; ``confirmed_by``, ``action``,
    ``condition``, ``gate``, ``transform`` text or None; ``valid_from``, ``valid_until`` ISO date
    text or None.
``refused link``: the same, None for what cannot be read, and ``reason``: text.
"""

from collections.abc import Callable, Iterator, Mapping

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts.facts import Claim, Fact, Refused
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds, properties
from nhigraph.schema.types import Family, Transform

FORM = "scope/1"
FAMILIES = ("financial-reporting", "trust-service")
FS_ROLES = (
    "record",
    "feeder",
    "logic",
    "key_report",
    "itgc_tool",
    "audit_trail",
    "none",
    "unknown",
)
ICFR_BASES = ("own", "user_entity", "both", "unknown")
CATEGORIES = ("S", "A", "PI", "C", "P")
DATA_CLASSES = ("confidential", "personal")
ASSERTIONS = (
    "existence_occurrence",
    "completeness",
    "valuation_allocation",
    "rights_obligations",
    "presentation_disclosure",
    "cut_off",
)
ASSERTION_ALIASES: Mapping[str, str] = {
    "accuracy": "valuation_allocation",
    "classification": "presentation_disclosure",
    "existence": "existence_occurrence",
    "occurrence": "existence_occurrence",
    "presentation": "presentation_disclosure",
    "rights": "rights_obligations",
    "valuation": "valuation_allocation",
}
CONDITIONS = (
    "key",
    "kind",
    "name",
    "tag",
    "label",
    "group",
    "owner",
    "dbt",
    "downstream_of",
)
BOUNDARIES = ("carve_out", "inclusive", "outside")
THRESHOLDS = tuple(properties.THRESHOLDS)

_UNKNOWN = "unknown"
#: Largest count or number of days: any machine holds it exactly.
_MOST = 1_000_000_000
_TOP = (
    "nhigraph",
    "organization",
    "commitments",
    "as_of",
    "thresholds",
    "targets",
    "boundary",
    "owners",
    "aliases",
    "links",
)
_COMMON = ("id", "family", "process", "data_class", "recoverable", "select")
_FINANCIAL = ("fs_role", "icfr_basis", "assertions")
_LINK = (
    "kind",
    "from",
    "to",
    "confirmed_by",
    "action",
    "condition",
    "gate",
    "transform",
    "valid_from",
    "valid_until",
)
_LINK_KINDS = tuple(label for label in kinds.EDGE_KINDS if label != kinds.SUPPORTS.label)
_NODE_KINDS = tuple(
    label for label, kind in kinds.NODE_KINDS.items() if kind.family is not Family.ASSURANCE
)


def recognises(doc: Document) -> bool:
    """Whether the document says that it is a scope, in any version."""
    content = doc.content
    form = content.get("nhigraph") if isinstance(content, dict) else None
    return isinstance(form, str) and form.startswith("scope/")


def read(doc: Document) -> Iterator[Fact]:
    """Yield what the scope claims.

    Raises:
        InputError: It is of another version of the format.
    """
    content = fields.mapping(doc, doc.content)
    if content.get("nhigraph") != FORM:
        raise InputError(
            doc.artifact, "/nhigraph", f"expected '{FORM}'", "this version reads no other"
        )
    top = Record(doc, content, ())
    yield from top.unknown(_TOP)
    yield from _scope(top)
    seen: set[str] = set()
    yield from _each(doc, "targets", lambda record: _target(record, seen))
    yield from _boundary(top)
    yield from _each(doc, "owners", _owner)
    yield from _each(doc, "aliases", _alias)
    yield from _each(doc, "links", _link)


def _each(doc: Document, section: str, make: Callable[[Record], Iterator[Fact]]) -> Iterator[Fact]:
    for record in fields.records(doc, doc.content.get(section), section):
        if isinstance(record, Refused):
            yield record
            continue
        try:
            # All or nothing: a record refused half way leaves no notes behind.
            yield from list(make(record))
        except InputError as error:
            yield record.refused(error)


def _words(record: Record, field: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    """Words of a vocabulary, each once, in the vocabulary's order."""
    found = set()
    for stated in record.texts(field):
        value = stated
        try:
            if known is ASSERTIONS:
                value = fields.word(value, (*ASSERTIONS, *ASSERTION_ALIASES), what) or value
                value = ASSERTION_ALIASES.get(value, value)
            found.add(fields.word(value, known, what))
        except SchemaError as error:
            raise record.fail(field, error) from None
    return tuple(word for word in known if word in found)


def _commitments(record: Record) -> tuple[str, ...] | str | None:
    value = record.body.get("commitments")
    if value is None or value == _UNKNOWN:
        return value
    return _words(record, "commitments", CATEGORIES, "category")


# --- the scope as a whole ----------------------------------------------------------------------


def _scope(top: Record) -> Iterator[Fact]:
    """The claim at the root; a field that cannot be read is refused by itself."""
    body: dict[str, object] = {
        "organization": None,
        "commitments": _legible(top.body.get("commitments")),
        "as_of": None,
        "thresholds": {},
    }
    readers: dict[str, Callable[[], object]] = {
        "organization": lambda: top.text("organization"),
        "commitments": lambda: _commitments(top),
        "as_of": lambda: _day(top, "as_of"),
    }
    for name, reader in readers.items():
        try:
            body[name] = reader()
        except InputError as error:
            yield Refused(error.problem, top.doc.at(name, excerpt=False))
    thresholds: dict[str, int | float] = {}
    stated = top.body.get("thresholds")
    if stated is not None and not isinstance(stated, dict):
        yield Refused("thresholds: expected a mapping of names to numbers", top.evidence)
        stated = None
    for name, value in (stated or {}).items():
        try:
            thresholds[name] = _threshold(name, value)
        except SchemaError as error:
            yield Refused(f"thresholds: {error}", top.doc.at("thresholds", excerpt=False))
    body["thresholds"] = thresholds
    yield Claim("scope", body, top.evidence)


def _legible(value: object) -> tuple[str, ...] | str:
    """What stays of commitments that cannot all be read: never "nothing was promised"."""
    stated = value if isinstance(value, list) else []
    return tuple(letter for letter in CATEGORIES if letter in stated) or _UNKNOWN


def _threshold(name: str, value: object) -> int | float:
    fields.word(name, THRESHOLDS, "threshold")
    if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
        raise SchemaError(f"'{name}' must be a number, 0 or more")
    if name == "unused_rights_share":
        if value > 1:
            raise SchemaError(f"'{name}' is a share between 0 and 1")
        return value
    if isinstance(value, float) and not value.is_integer():
        raise SchemaError(f"'{name}' must be a whole number")
    if value > _MOST:
        raise SchemaError(f"'{name}' must be at most {_MOST}")
    return int(value)


def _day(record: Record, field: str) -> str | None:
    found = record.day(field)
    return None if found is None else found.isoformat()


# --- its items ---------------------------------------------------------------------------------


def _item(record: Record, value: object, place: str) -> dict[str, str]:
    if not isinstance(value, dict):
        example = 'a condition such as {key: "dataset:postgres:erp.fin.*"}'
        raise record.fail(place, f"expected {example}")
    found: dict[str, str] = {}
    for name, stated in value.items():
        try:
            found[name] = _condition(name, stated)
        except SchemaError as error:
            raise record.fail(place, error) from None
    return found


def _condition(name: str, stated: object) -> str:
    fields.word(name, CONDITIONS, "condition")
    text = fields.text(stated)
    if text is None:
        raise SchemaError(f"the condition '{name}' is empty")
    if name == "kind" and not set("*?") & set(text):
        fields.word(text, _NODE_KINDS, "node kind")
    return text


def _items(record: Record) -> tuple[dict[str, str], ...]:
    value = record.body.get("select")
    if value is None:
        raise record.fail("select", "missing, and every such record needs it")
    if not isinstance(value, list):
        raise record.fail("select", 'expected a list (write "- " before every item)')
    return tuple(_item(record, item, f"select/{index}") for index, item in enumerate(value))


def _target(record: Record, seen: set[str]) -> Iterator[Fact]:
    name = record.required("id")
    if name in seen:
        raise record.fail("id", f"{fields.quoted(name)} is the id of an earlier target")
    family = record.word("family", FAMILIES, "family")
    if family is None:
        raise record.fail("family", f"missing; expected one of {', '.join(FAMILIES)}")
    financial = family == FAMILIES[0]
    foreign = ("commitments",) if financial else _FINANCIAL
    body: dict[str, object] = {
        "id": name,
        "family": family,
        "process": record.text("process"),
        "fs_role": record.word("fs_role", FS_ROLES, "fs_role") or _UNKNOWN,
        "icfr_basis": record.word("icfr_basis", ICFR_BASES, "icfr_basis") or _UNKNOWN,
        "assertions": _words(record, "assertions", ASSERTIONS, "assertion"),
        "commitments": _commitments(record),
        "data_class": _words(record, "data_class", DATA_CLASSES, "data_class"),
        "recoverable": _recoverable(record),
        "select": _items(record),
    }
    for field in foreign:
        if record.body.get(field) is not None:
            yield record.note(f"{field} set aside: it has no meaning on a {family} target")
        body[field] = () if field == "assertions" else None
    if not any(_items(record)):
        yield record.note("select: no condition, so it matches nothing")
    yield Claim("target", body, record.evidence)
    seen.add(name)
    yield from record.unknown((*_COMMON, *_FINANCIAL, "commitments"))


def _recoverable(record: Record) -> str | None:
    value = record.body.get("recoverable")
    if isinstance(value, bool):
        return str(value).lower()
    return record.text("recoverable")


def _boundary(top: Record) -> Iterator[Fact]:
    stated = top.body.get("boundary")
    if stated is None:
        return
    if not isinstance(stated, dict):
        known = ", ".join(BOUNDARIES)
        yield Refused(f"boundary: expected a mapping with the lists {known}", top.evidence)
        return
    for name, entries in stated.items():
        try:
            fields.word(name, BOUNDARIES, "boundary")
        except SchemaError as error:
            # Named in full: to lose a boundary changes verdicts.
            yield Refused(f"boundary: {error}", top.doc.at("boundary", name, excerpt=False))
            continue
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            record = Record(top.doc, {"select": entry}, ("boundary", name, index))
            try:
                body = {"list": name, "select": _item(record, entry, "item")}
            except InputError as error:
                yield record.refused(error)
            else:
                yield Claim("boundary", body, record.evidence)
        if entries is not None and not isinstance(entries, list):
            problem = f"boundary: expected a list of items at '{name}'"
            yield Refused(problem, top.doc.at("boundary", name, excerpt=False))


def _owner(record: Record) -> Iterator[Fact]:
    select = record.body.get("select")
    items = (_item(record, select, "select"),) if isinstance(select, dict) else _items(record)
    body = {"select": items, "owner": record.required("owner")}
    yield Claim("owner", body, record.evidence)
    yield from record.unknown(("select", "owner"))


def _alias(record: Record) -> Iterator[Fact]:
    known = ("platform", "host", "as")
    yield Claim("alias", {name: record.required(name) for name in known}, record.evidence)
    yield from record.unknown(known)


def _link(record: Record) -> Iterator[Fact]:
    errors: list[InputError] = []
    readers: dict[str, Callable[[], str | None]] = {
        "kind": lambda: _link_kind(record),
        "from": lambda: record.required("from"),
        "to": lambda: record.required("to"),
        "confirmed_by": lambda: record.text("confirmed_by"),
        "action": lambda: record.word("action", kinds.ACTIONS, "action"),
        "condition": lambda: record.text("condition"),
        "gate": lambda: record.text("gate"),
        "transform": lambda: record.word("transform", tuple(Transform), "transform"),
        "valid_from": lambda: _day(record, "valid_from"),
        "valid_until": lambda: _day(record, "valid_until"),
    }
    body = {name: record.attempt(read, errors) for name, read in readers.items()}
    if errors:
        # It may have led anywhere its ends allow: the graph has a gap there.
        left = Claim("refused link", {**body, "reason": fields.said(errors[0])}, record.evidence)
        yield record.refused(errors[0], (left,))
        return
    yield Claim("link", body, record.evidence)
    yield from record.unknown(_LINK)


def _link_kind(record: Record) -> str | None:
    record.required("kind")
    if record.body["kind"] == kinds.SUPPORTS.label:
        raise record.fail("kind", "SUPPORTS is made from the targets: declare one")
    return record.word("kind", _LINK_KINDS, "edge kind")


INGESTOR = Ingestor(
    title="Scope",
    accepts=("*.yaml", "*.yml", "*.json"),
    recognises=recognises,
    read=read,
    emits=(),
)
