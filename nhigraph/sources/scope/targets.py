"""Targets of a scope, and the selectors that targets, boundary and owners share.

A target is read field by field: what cannot be read costs the target its use, and what can be
stays as a claim, so that nobody is told "no path" to a thing that was never looked for.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Fact, Note, Refused
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record
from nhigraph.schema import claims
from nhigraph.schema.claims import UNKNOWN
from nhigraph.schema.controls import ASSERTION_ALIASES, ASSERTIONS, CATEGORIES


def targets(doc: Document, section: str, seen: set[str], fault: str = "") -> Iterator[Fact]:
    """Every target of a list; what is none is a target that could not be read.

    Args:
        doc: The scope.
        section: Field that holds the list.
        seen: Ids of targets that can be used; added to.
        fault: Why none of them can be used, whatever they say.
    """
    for record in fields.records(doc, doc.content.get(section), section):
        if isinstance(record, Refused):
            place = record.evidence
            yield _dead(Record(doc, {}, ()), f"{section}: {record.reason}", place)
            continue
        faults: list[str] = [fault] if fault else []
        body = _target(record, seen, faults)
        if faults:
            yield _dead(record, "; ".join(faults), record.evidence, body)
            continue
        seen.add(str(body["id"]))
        yield Claim("target", body, record.evidence)
        yield from _remarks(record, body)


def _dead(
    record: Record, reason: str, place: Evidence, body: Mapping[str, object] | None = None
) -> Refused:
    """A target that is not understood whole stays as a claim, with what of it can be read."""
    stays = {**(body or _target(record, set(), [])), "refused": reason}
    return Refused(reason, place, (Claim("target", stays, place),))


def _target(record: Record, seen: set[str], faults: list[str]) -> dict[str, object]:
    """What can be read of a target; every fault is told, and each costs its own field only."""
    unread: list[str] = []

    def read(field: str, reader: Callable[[], object], otherwise: object) -> object:
        try:
            return reader()
        except InputError as error:
            faults.append(error.problem)
            unread.append(field)
            return otherwise

    name = str(read("id", lambda: record.required("id"), ""))
    if name in seen:
        faults.append(f"id: {fields.quoted(name)} is the id of an earlier target")
    family = read("family", lambda: _family(record), None)
    readers: dict[str, tuple[Callable[[], object], object]] = {
        "process": (lambda: record.text("process"), None),
        "fs_role": (lambda: record.word("fs_role", claims.FS_ROLES, "fs_role"), None),
        "icfr_basis": (lambda: record.word("icfr_basis", claims.ICFR_BASES, "icfr_basis"), None),
        "assertions": (lambda: _words(record, "assertions", ASSERTIONS, "assertion"), ()),
        "commitments": (lambda: commitments(record), legible(record, "commitments", CATEGORIES)),
        "data_class": (
            lambda: _words(record, "data_class", claims.DATA_CLASSES, "data_class"),
            legible(record, "data_class", claims.DATA_CLASSES),
        ),
        "recoverable": (lambda: _recoverable(record), None),
        "select": (lambda: items(record), ()),
    }
    foreign = _foreign(family)
    body: dict[str, object] = {"id": name, "family": family}
    for field, (reader, otherwise) in readers.items():
        absent = () if field == "assertions" else None
        body[field] = absent if field in foreign else read(field, reader, otherwise)
    for field in record.body:
        if field not in claims.TARGET_FIELDS:
            hint = fields.suggestion(field, claims.TARGET_FIELDS)
            faults.append(f"unknown field {fields.quoted(field)}{hint}")
            unread.append(fields.nearest(field, claims.TARGET_FIELDS) or field)
    for field in ("fs_role", "icfr_basis"):
        body[field] = None if field in foreign else body[field] or UNKNOWN
    return {**body, "unread": tuple(unread)} if faults else body


def _family(record: Record) -> str:
    family = record.word("family", claims.FAMILIES, "family")
    if family is None:
        raise record.fail("family", f"missing; expected one of {', '.join(claims.FAMILIES)}")
    return family


def _foreign(family: object) -> tuple[str, ...]:
    """Fields that have no meaning on a target of that family."""
    return {claims.FINANCIAL: claims.TRUST_FIELDS, claims.TRUST: claims.FINANCIAL_FIELDS}.get(
        str(family), ()
    )


def _remarks(record: Record, body: Mapping[str, object]) -> Iterator[Note]:
    """What of a target that can be used has no effect."""
    said = [
        f"{field} set aside: it has no meaning on a {body['family']} target"
        for field in _foreign(body["family"])
        if record.body.get(field) is not None
    ]
    for reason in said:
        place = record.evidence
        yield Note(reason, place, unread(reason, place, "warning"))
    if not any(items(record)):
        yield record.note("select: no condition, so it matches nothing")


def _recoverable(record: Record) -> str | None:
    value = record.body.get("recoverable")
    if isinstance(value, bool):
        return str(value).lower()
    return record.word("recoverable", claims.RECOVERABLE, "recoverable")


def unread(
    reason: str, place: Evidence, level: str = "error", *, hides: bool = False
) -> tuple[Claim, ...]:
    """What could not be read, as a claim: whoever answers from the scope knows of it.

    Args:
        reason: What was wrong and what was expected.
        place: Where.
        level: ``error``, or ``warning`` where nothing was lost.
        hides: It may have opened a path, made a weakness or moved the day.
    """
    return (Claim("unread", {"reason": reason, "level": level, "hides": hides}, place),)


def unknown(record: Record, known: Collection[str]) -> Iterator[Note]:
    """What a record says that its form has no field for; a field misspelt is lost, an error."""
    for field in record.body:
        if field not in known:
            hint = fields.suggestion(field, known)
            reason = f"unknown field {fields.quoted(field)} set aside{hint}"
            level = "error" if hint else "warning"
            yield Note(reason, record.evidence, unread(reason, record.evidence, level))


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


def commitments(record: Record) -> tuple[str, ...] | str | None:
    """Letters, ``"unknown"``, or None where none are stated.

    Raises:
        InputError: Something else stands there.
    """
    value = record.body.get("commitments")
    if value is None or value == UNKNOWN:
        return value
    return _words(record, "commitments", CATEGORIES, "category")


def legible(record: Record, field: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a list that are known, with ``"unknown"`` for those that are not."""
    stated = record.body.get(field)
    words = stated if isinstance(stated, list) else []
    return (*(word for word in known if word in words), UNKNOWN)


def item(record: Record, value: object, place: str) -> dict[str, str]:
    """One item of a selector: condition to text.

    Raises:
        InputError: It is none.
    """
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
    fields.word(name, claims.CONDITIONS, "condition")
    text = fields.text(stated)
    if text is None:
        raise SchemaError(f"the condition '{name}' is empty")
    if name == "kind" and not set("*?") & set(text):
        fields.word(text, claims.selected_kinds(), "node kind")
    return text


def items(record: Record) -> tuple[dict[str, str], ...]:
    """The items of ``select``.

    Raises:
        InputError: There is no such list, or one of them is no item.
    """
    value = record.body.get("select")
    if value is None:
        raise record.fail("select", "missing, and every such record needs it")
    if not isinstance(value, list):
        raise record.fail("select", 'expected a list (write "- " before every item)')
    return tuple(item(record, one, f"select/{index}") for index, one in enumerate(value))
