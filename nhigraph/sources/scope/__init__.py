"""The user's scope, scope/1: which nodes are assurance targets, as claims with evidence.

Blind spots: none of its selectors is resolved here; that needs the merged graph.

Every claim's body is normalised. Lists are tuples of text, texts are text, absent is None, an item
of a selector is a mapping of condition (``schema.claims``) to text, empty if it has none.

``scope`` (one, at the root):
    ``organization`` text or None; ``commitments`` tuple of letters, with ``"unknown"`` among
    them where some could not be read, ``"unknown"``, or None;
    ``as_of`` ISO date text or None; ``thresholds`` mapping of name to number, only those given.
``target`` (one per target, usable or not):
    ``id``; ``family`` ``financial-reporting`` or ``trust-service``; ``process`` text or None;
    ``fs_role`` and ``icfr_basis`` text, ``"unknown"`` where absent, None on a trust target;
    ``assertions`` tuple, aliases resolved; ``commitments`` tuple of letters, ``"unknown"``, or
    None where absent (always None on a financial target); ``data_class`` tuple; ``recoverable``
    text or None; ``select`` tuple of items. Tuples are in the order in which outputs print them.
    One that was refused has ``refused``, the reason, and ``unread``, the fields that cannot be
    read: ``family`` is then None, ``id`` and ``select`` empty, and ``"unknown"`` stands among the
    words of a list.
``boundary`` (one per entry):
    ``list`` ``carve_out``, ``inclusive`` or ``outside``; ``select`` one item.
``owner``: ``select`` tuple of items; ``owner`` text.
``alias``: ``platform``, ``host``, ``as``: text.
``link``: ``kind`` label of an edge kind; ``from``, ``to`` text; ``confirmed_by``, ``action``,
    ``condition``, ``gate``, ``transform`` text or None; ``valid_from``, ``valid_until`` ISO date
    text or None.
``answer``: see ``answers``. ``cut``: see ``cuts``.
``person``: ``select`` tuple of items.
``refused link``: the same, None for what cannot be read, and ``reason``: text.
``unread`` (one per part that could not be read as any of these): ``reason``; ``level`` ``error``
    or ``warning``; ``hides``: it may have opened a path.
"""

from collections.abc import Callable, Iterator

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Fact, Note, Refused
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import claims, kinds
from nhigraph.schema.claims import FORM
from nhigraph.schema.controls import CATEGORIES
from nhigraph.schema.types import Transform
from nhigraph.sources.scope.answers import answer, person
from nhigraph.sources.scope.cuts import keep, weight
from nhigraph.sources.scope.targets import (
    commitments,
    item,
    items,
    legible,
    targets,
    unknown,
    unread,
)

#: Largest count or number of days: any machine holds it exactly.
_MOST = 1_000_000_000
#: Sections without which a "no path" could still be said, and truly.
_HARMLESS = ("organization", "boundary", "answers", "people", "cuts")


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
    yield from _unknown(top)
    yield from _scope(top)
    seen: set[str] = set()
    yield from targets(doc, "targets", seen)
    yield from _boundary(top)
    yield from _each(doc, "owners", _owner)
    yield from _each(doc, "aliases", _alias)
    yield from _each(doc, "links", _link)
    yield from _each(doc, "answers", answer)
    yield from _each(doc, "people", person)
    yield from _cuts(top)


def _unknown(top: Record) -> Iterator[Fact]:
    """Fields that the form does not have.

    One that is like a field of the form is that field misspelt: what it says is lost, and is not
    guessed at. Targets under a misspelt name are targets that could not be read.
    """
    for name in top.body:
        if name in claims.TOP_FIELDS:
            continue
        near = fields.nearest(name, claims.TOP_FIELDS)
        reason = f"unknown field {fields.quoted(name)}{fields.suggestion(name, claims.TOP_FIELDS)}"
        place = top.doc.at(name, excerpt=False)
        if near is None:
            yield Note(f"{reason} set aside", place, unread(reason, place, "warning"))
        elif near == "targets":
            yield from targets(top.doc, name, set(), reason)
        else:
            yield _lost(reason, place, near)


def _lost(reason: str, place: Evidence, section: str) -> Refused:
    """Something of a section that could not be read; most could have opened a path."""
    return Refused(reason, place, unread(reason, place, hides=section not in _HARMLESS))


def _each(doc: Document, section: str, make: Callable[[Record], Iterator[Fact]]) -> Iterator[Fact]:
    return _listed(doc, doc.content.get(section), (section,), make)


def _listed(
    doc: Document,
    stated: object,
    pointer: tuple[str, ...],
    make: Callable[[Record], Iterator[Fact]],
) -> Iterator[Fact]:
    section = pointer[0]
    for record in fields.records(doc, stated, *pointer):
        if isinstance(record, Refused):
            # Of no shape at all: there is not even an end of a link to put a gap on.
            place = record.evidence
            reason = f"{section}: {record.reason}"
            yield _lost(reason, place, section)
            continue
        try:
            # All or nothing: a record refused half way leaves no notes behind.
            yield from list(make(record))
        except InputError as error:
            yield _lost(record.refused(error).reason, record.evidence, section)


# --- the scope as a whole ----------------------------------------------------------------------


def _scope(top: Record) -> Iterator[Fact]:
    """The claim at the root; a field that cannot be read is refused by itself."""
    body: dict[str, object] = {
        "organization": None,
        "commitments": legible(top, "commitments", CATEGORIES),
        "as_of": None,
        "thresholds": {},
    }
    readers: dict[str, Callable[[], object]] = {
        "organization": lambda: top.text("organization"),
        "commitments": lambda: _unless_misspelt(top),
        "as_of": lambda: _day(top, "as_of"),
    }
    for name, reader in readers.items():
        try:
            body[name] = reader()
        except InputError as error:
            yield _lost(error.problem, top.doc.at(name, excerpt=False), name)
    thresholds: dict[str, int | float] = {}
    stated = top.body.get("thresholds")
    if stated is not None and not isinstance(stated, dict):
        problem = "thresholds: expected a mapping of names to numbers"
        yield _lost(problem, top.doc.at("thresholds", excerpt=False), "thresholds")
        stated = None
    for name, value in (stated or {}).items():
        try:
            thresholds[name] = _threshold(name, value)
        except SchemaError as error:
            place = top.doc.at("thresholds", excerpt=False)
            yield _lost(f"thresholds: {error}", place, "thresholds")
    body["thresholds"] = thresholds
    yield Claim("scope", body, top.evidence)


def _unless_misspelt(top: Record) -> tuple[str, ...] | str | None:
    """Commitments that stand under a misspelt name are not known; else none were stated."""
    if "commitments" in top.body:
        return commitments(top)
    misspelt = (name for name in top.body if name not in claims.TOP_FIELDS)
    near = any(fields.nearest(name, claims.TOP_FIELDS) == "commitments" for name in misspelt)
    return claims.UNKNOWN if near else None


def _threshold(name: str, value: object) -> int | float:
    fields.word(name, claims.THRESHOLDS, "threshold")
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


def _boundary(top: Record) -> Iterator[Fact]:
    stated = top.body.get("boundary")
    if stated is None:
        return
    if not isinstance(stated, dict):
        known = ", ".join(claims.BOUNDARIES)
        problem = f"boundary: expected a mapping with the lists {known}"
        yield _lost(problem, top.doc.at("boundary", excerpt=False), "boundary")
        return
    for name, entries in stated.items():
        try:
            fields.word(name, claims.BOUNDARIES, "boundary")
        except SchemaError as error:
            # Named in full: to lose a boundary changes verdicts.
            place = top.doc.at("boundary", name, excerpt=False)
            yield _lost(f"boundary: {error}", place, "boundary")
            continue
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            record = Record(top.doc, {"select": entry}, ("boundary", name, index))
            try:
                body = {"list": name, "select": item(record, entry, "item")}
            except InputError as error:
                refused = record.refused(error)
                yield _lost(refused.reason, refused.evidence, "boundary")
            else:
                yield Claim("boundary", body, record.evidence)
        if entries is not None and not isinstance(entries, list):
            problem = f"boundary: expected a list of items at '{name}'"
            yield _lost(problem, top.doc.at("boundary", name, excerpt=False), "boundary")


def _cuts(top: Record) -> Iterator[Fact]:
    stated = top.body.get("cuts")
    if stated is None:
        return
    if not isinstance(stated, dict):
        problem = f"cuts: expected a mapping with the lists {', '.join(claims.CUTS)}"
        yield _lost(problem, top.doc.at("cuts", excerpt=False), "cuts")
        return
    makers = {"weights": weight, "keep": keep}
    for name, entries in stated.items():
        try:
            fields.word(name, claims.CUTS, "list of cuts")
        except SchemaError as error:
            yield _lost(f"cuts: {error}", top.doc.at("cuts", name, excerpt=False), "cuts")
            continue
        if entries is not None:
            yield from _listed(top.doc, entries, ("cuts", name), makers[name])


def _owner(record: Record) -> Iterator[Fact]:
    select = record.body.get("select")
    found = (item(record, select, "select"),) if isinstance(select, dict) else items(record)
    body = {"select": found, "owner": record.required("owner")}
    yield Claim("owner", body, record.evidence)
    yield from unknown(record, claims.OWNER_FIELDS)


def _alias(record: Record) -> Iterator[Fact]:
    body = {name: record.required(name) for name in claims.ALIAS_FIELDS}
    yield Claim("alias", body, record.evidence)
    yield from unknown(record, claims.ALIAS_FIELDS)


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
        reason = fields.said(errors[0])
        left = Claim("refused link", {**body, "reason": reason}, record.evidence)
        endless = body["from"] is None and body["to"] is None
        lost = unread(reason, record.evidence, hides=endless)
        yield record.refused(errors[0], (left, *lost))
        return
    yield Claim("link", body, record.evidence)
    yield from unknown(record, claims.LINK_FIELDS)


def _link_kind(record: Record) -> str | None:
    record.required("kind")
    if record.body["kind"] == kinds.SUPPORTS.label:
        raise record.fail("kind", "SUPPORTS is made from the targets: declare one")
    return record.word("kind", claims.link_kinds(), "edge kind")


INGESTOR = Ingestor(
    title="Scope",
    accepts=("*.yaml", "*.yml", "*.json"),
    recognises=recognises,
    read=read,
    emits=(),
)
