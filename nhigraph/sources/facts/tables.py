"""facts/1 as tables: checked and reshaped by column, with no Python object per row.

The yielded tables hold text, empty where absent, as the store does, and columns of few words as
their words and the place of each row's: dates are ISO
days, ``nhi`` is ``true`` or ``false``, ``needs`` JSON of sorted ``[key, STATE]`` pairs, ``props``
a JSON object. ``row`` is an integer.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts.facts import LIFE, Fact, Note, Refused
from nhigraph.facts.tables import EDGE_COLUMNS, NODE_COLUMNS, FactTable
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds
from nhigraph.sources.facts import columns, properties, refusals, vocabulary
from nhigraph.sources.facts.opened import NEEDED, Source, header, is_csv, opened, what
from nhigraph.sources.facts.property_columns import PREFIX, is_property, of_rows

if TYPE_CHECKING:
    import pyarrow as pa


def _word(vocabulary: tuple[str, ...], what: str) -> Callable[[object], str | None]:
    return lambda value: fields.word(value, vocabulary, what)


def _node_kind(value: object) -> str | None:
    return None if value is None else vocabulary.node_kind(value).label


def _edge_kind(value: object) -> str | None:
    return None if value is None else vocabulary.edge_kind(value).label


def _day(value: object) -> str | None:
    found = fields.day(value)
    return None if found is None else found.isoformat()


def _needs(value: object) -> str | None:
    found = vocabulary.needs_text(str(value)) if value is not None else ()
    return properties.canonical([[need.at, need.state.name] for need in found]) if found else None


def _truth(value: object) -> str | None:
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower()
    if value is None:
        return None
    raise SchemaError("expected true or false")


#: Columns whose cells are looked at, once per distinct value; the others are free text.
_READERS: dict[str, dict[str, Callable[[object], str | None]]] = {
    "nodes": {
        "kind": _node_kind,
        "nhi": _truth,
        "state": _word(vocabulary.NODE_STATES, "node state"),
        "expires": _day,
    },
    "edges": {
        "kind": _edge_kind,
        "action": _word(kinds.ACTIONS, "action"),
        "certainty": _word(vocabulary.CERTAINTIES, "certainty"),
        "needs": _needs,
        "valid_from": _day,
        "valid_until": _day,
        "transform": _word(vocabulary.TRANSFORMS, "transform"),
    },
}


#: Columns that say another thing in nearly every row; of the others each word is kept once.
_PLAIN = frozenset({"key", "name", "props", "from", "to"})
#: Columns that name a node or a gate; the other free texts are read by people.
_KEYS = frozenset({"key", "from", "to", "gate"})


def recognises(doc: Document) -> bool:
    """Whether the header has one of the columns that every such table needs."""
    kind = what(doc.artifact)
    if kind is None:
        return False
    names = header(doc) if is_csv(doc) else doc.table.column_names
    return any(name in names for name in NEEDED[kind])


def read(doc: Document) -> Iterator[Fact | FactTable]:
    """Yield the table of one document, after a line for everything that is not in it.

    Raises:
        InputError: A needed column is missing, or a column has a type that cannot be read.
    """
    source = opened(doc)
    _check_names(source)
    yield from _unknown_columns(source)
    place = doc.rows()
    # A last row that is none and has no end is where the file breaks off: more of it is lost.
    # Asked of texts alone: a Parquet table has no such rows, and its bytes may be very many.
    ends = not source.lost or doc.data.endswith(b"\n")
    last = 0 if ends else source.table.num_rows + len(source.lost)
    for lost in sorted(source.lost):
        evidence = place.unfold(lost.row)
        left = refusals.of_lost(source.what, source.table.column_names, lost, evidence)
        yield Refused(lost.problem, evidence, left, of_anybody=lost.row == last)
    for part in source.slices():
        frame, problems, unread = _reshape(part)
        yield from refusals.of_rows(part, frame, problems, unread)
        table = frame.filter(problems.is_null()) if problems.null_count < len(problems) else frame
        if table.num_rows:
            yield _fact_table(source, table)
    for reason, (count, row) in source.aside.items():
        where = f"in row {row}" if count == 1 else f"in {count} rows, first in row {row}"
        yield Note(f"{reason}; {where}", place.unfold(row))


def _fact_table(source: Source, table: "pa.Table") -> FactTable:
    place = source.doc.rows()
    return FactTable(source.what, table, place.artifact, place.sha256, place.basis)


def _check_names(source: Source) -> None:
    names = source.table.column_names
    artifact = source.doc.artifact
    for name in NEEDED[source.what]:
        if name not in names:
            near = fields.nearest(name, names)
            there = "" if near is None else f" ({fields.quoted(near)} stands there)"
            raise InputError(artifact, "row 0", f"the column '{name}' is missing{there}")
    twice = [name for name in properties.BESIDE if {name, PREFIX + name} <= set(names)]
    twice += [name for name in names if names.count(name) > 1]
    if twice:
        problem = f"the column {fields.quoted(twice[0])} stands there twice"
        raise InputError(artifact, "row 0", problem, "keep one of the two")


def _unknown_columns(source: Source) -> Iterator[Note]:
    known = NODE_COLUMNS[:-1] if source.what == "nodes" else EDGE_COLUMNS
    if source.what == "nodes":
        known = (*known, *properties.BESIDE)
    for name in source.table.column_names:
        if name in known:
            continue
        if source.what == "nodes" and is_property(name):
            question = properties.misspelt(name.removeprefix(PREFIX))
            if question is not None:
                yield Note(f"the column {fields.quoted(name)}: {question}", source.doc.whole())
            continue
        near = fields.suggestion(name, known)
        reason = f"unknown column {fields.quoted(name)} set aside{near}"
        yield Note(reason, source.doc.whole())


def _reshape(source: Source) -> tuple["pa.Table", "pa.Array", "pa.Array"]:
    """The columns in their fixed order, the first problem of every row, and its unread fields."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    text = pa.large_string()
    nothing = pa.scalar("", text)  # How the store writes what is absent.
    names = NODE_COLUMNS[:-1] if source.what == "nodes" else EDGE_COLUMNS
    found: dict[str, pa.Array] = {}
    problems = pa.nulls(source.table.num_rows, text)
    unread = pa.repeat(nothing, source.table.num_rows)
    for name in names:
        if name not in source.table.column_names:
            found[name] = pa.nulls(source.table.num_rows, text)
            continue
        found[name], wrong = _cells(source, name)
        if name == "transform":
            found[name], wrong = _of_feeds(source, found, wrong)
        problems = _first(problems, name, wrong)
        if name in LIFE and wrong.null_count < len(wrong):
            marks = pa.compute.if_else(wrong.is_valid(), pa.scalar(f"{name} ", text), nothing)
            unread = columns.concat(unread, marks)
    for name in NEEDED[source.what]:
        wrong = pa.compute.if_else(
            found[name].is_null(), pa.scalar("missing, and every such record needs it", text), None
        )
        problems = _first(problems, name, wrong)
    if source.what == "nodes":
        found["props"] = of_rows(source)
    else:
        problems = _settle_edges(found, problems)
    told = {name: columns.filled(cells, words=name not in _PLAIN) for name, cells in found.items()}
    return pa.table({**told, "row": source.rows}), problems, unread


def _cells(source: Source, name: str) -> tuple["pa.Array", "pa.Array"]:
    import pyarrow as pa  # noqa: PLC0415 - as above

    try:
        column = columns.as_text(source.table[name])
    except (SchemaError, pa.ArrowException) as error:
        problem = error if isinstance(error, SchemaError) else "its values cannot be read as text"
        reason = f"the column '{name}': {problem}"
        raise InputError(source.doc.artifact, "row 0", reason) from None
    reader = _READERS[source.what].get(name)
    if reader is None:
        told = columns.cut(column, key=name in _KEYS)
        return told, pa.nulls(len(column), pa.large_string())
    return columns.by_value(column, reader)


def _of_feeds(
    source: Source, found: dict[str, "pa.Array"], wrong: "pa.Array"
) -> tuple["pa.Array", "pa.Array"]:
    """The transforms of FEEDS, and what is wrong with these: on any other kind none is read."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    nothing = pa.scalar(None, pa.large_string())
    elsewhere = pc.fill_null(pc.not_equal(found["kind"], "FEEDS"), fill_value=False)
    stated = pc.or_(found["transform"].is_valid(), wrong.is_valid())
    reason = "transform set aside: it has a meaning on FEEDS only"
    source.set_aside(reason, pc.and_(stated, elsewhere))
    return (
        pc.if_else(elsewhere, nothing, found["transform"]),
        pc.if_else(elsewhere, nothing, wrong),
    )


def _first(problems: "pa.Array", name: str, wrong: "pa.Array") -> "pa.Array":
    from pyarrow import compute as pc  # noqa: PLC0415 - as above

    if wrong.null_count == len(wrong):
        return problems
    return pc.coalesce(problems, columns.concat(f"{name}: ", wrong))


def _settle_edges(found: dict[str, "pa.Array"], problems: "pa.Array") -> "pa.Array":
    """What one column of an edge means in the light of another."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    text = pa.large_string()
    default = pc.if_else(
        found["condition"].is_null(), pa.scalar("certain", text), pa.scalar("conditional", text)
    )
    found["certainty"] = pc.coalesce(found["certainty"], default)
    backwards = pc.less(found["valid_until"], found["valid_from"])
    problem = pa.scalar("lies before valid_from", text)
    wrong = pc.if_else(pc.fill_null(backwards, fill_value=False), problem, None)
    return _first(problems, "valid_until", wrong)
