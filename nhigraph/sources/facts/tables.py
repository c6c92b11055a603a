"""facts/1 as tables: checked and reshaped by column, with no Python object per row.

The frames of the yielded tables hold text, empty where absent, as the store does: dates are ISO
days, ``nhi`` is ``true`` or ``false``, ``needs`` JSON of sorted ``[key, STATE]`` pairs, ``props``
a JSON object. ``row`` is an integer.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts.facts import Fact, Note, Refused
from nhigraph.facts.tables import EDGE_COLUMNS, NODE_COLUMNS, FactTable
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds
from nhigraph.sources.facts import columns, properties, words

if TYPE_CHECKING:
    import pyarrow as pa

_PREFIX = "props."
#: Most bytes of a CSV file's first line.
_HEADER_BYTES = 65_536
_QUOTE = b'"'
#: Rows that are worked on at a time.
_SLICE_ROWS = 262_144
_NEEDED = {"nodes": ("kind", "key"), "edges": ("kind", "from", "to")}


def _word(vocabulary: tuple[str, ...], what: str) -> Callable[[object], str | None]:
    return lambda value: fields.word(value, vocabulary, what)


def _node_kind(value: object) -> str | None:
    return None if value is None else words.node_kind(value).label


def _edge_kind(value: object) -> str | None:
    return None if value is None else words.edge_kind(value).label


def _day(value: object) -> str | None:
    found = fields.day(value)
    return None if found is None else found.isoformat()


def _needs(value: object) -> str | None:
    found = words.needs_text(str(value)) if value is not None else ()
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
        "state": _word(words.NODE_STATES, "node state"),
        "expires": _day,
    },
    "edges": {
        "kind": _edge_kind,
        "action": _word(kinds.ACTIONS, "action"),
        "certainty": _word(words.CERTAINTIES, "certainty"),
        "needs": _needs,
        "valid_from": _day,
        "valid_until": _day,
        "transform": _word(words.TRANSFORMS, "transform"),
    },
}


@dataclass(frozen=True, slots=True)
class _Source:
    """A table as read, or a slice of it.

    ``rows`` numbers what is there, from 1 without the header; ``aside`` counts by reason what is
    set aside, and knows the first row of each.
    """

    doc: Document
    what: str
    table: "pa.Table"
    rows: "pa.Array"
    lost: tuple[tuple[int, str], ...] = ()
    aside: dict[str, tuple[int, int]] = field(default_factory=dict)

    def slices(self) -> Iterator["_Source"]:
        """The table in parts, so that what is made on the way is small."""
        for start in range(0, self.table.num_rows, _SLICE_ROWS):
            table = self.table.slice(start, _SLICE_ROWS)
            rows = self.rows.slice(start, _SLICE_ROWS)
            yield _Source(self.doc, self.what, table, rows, (), self.aside)

    def set_aside(self, reason: str, cells: "pa.Array") -> None:
        """Count the cells that are true."""
        from pyarrow import compute as pc  # noqa: PLC0415 - as above

        first = pc.index(cells, value=True).as_py()
        if first >= 0:
            count, row = self.aside.get(reason, (0, self.rows[first].as_py()))
            self.aside[reason] = (count + pc.sum(cells).as_py(), row)


def what(artifact: str) -> str | None:
    """``nodes`` or ``edges``, by the name of the file."""
    parts = artifact.lower().rsplit(".", 2)
    return parts[1] if len(parts) == 3 and parts[1] in _NEEDED else None  # noqa: PLR2004 - stem.what.suffix


def recognises(doc: Document) -> bool:
    """Whether the header has one of the columns that every such table needs."""
    kind = what(doc.artifact)
    if kind is None:
        return False
    names = _header(doc) if _is_csv(doc) else doc.table.column_names
    return any(name in names for name in _NEEDED[kind])


def read(doc: Document) -> Iterator[Fact | FactTable]:
    """Yield the table of one document, after a line for everything that is not in it.

    Raises:
        InputError: A needed column is missing, or a column has a type that cannot be read.
    """
    source = _csv(doc) if _is_csv(doc) else _parquet(doc)
    _check_names(source)
    yield from _unknown_columns(source)
    place = doc.rows()
    yield from (Refused(reason, place.unfold(row)) for row, reason in sorted(source.lost))
    for part in source.slices():
        frame, problems = _reshape(part)
        yield from _refusals(part, problems)
        table = frame.filter(problems.is_null()) if problems.null_count < len(problems) else frame
        if table.num_rows:
            yield _fact_table(source, table)
    for reason, (count, row) in source.aside.items():
        where = f"in row {row}" if count == 1 else f"in {count} rows, first in row {row}"
        yield Note(f"{reason}; {where}", place.unfold(row))


def _fact_table(source: _Source, table: "pa.Table") -> FactTable:
    place = source.doc.rows()
    return FactTable(source.what, table.to_pandas(), place.artifact, place.sha256, place.basis)


def _is_csv(doc: Document) -> bool:
    return doc.artifact.lower().endswith(".csv")


def _header(doc: Document) -> list[str]:
    start = doc.data[:_HEADER_BYTES].decode("utf-8-sig", "replace")
    try:
        return next(csv.reader(io.StringIO(start, newline="")), [])
    except csv.Error as error:
        raise InputError(doc.artifact, "row 0", f"broken header: {error}") from None


def _csv(doc: Document) -> _Source:
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import csv as reader  # noqa: PLC0415

    lost: list[tuple[int, str]] = []

    def skip(row: "reader.InvalidRow") -> str:
        problem = f"expected {row.expected_columns} cells, found {row.actual_columns}"
        lost.append((row.number - 1, problem))  # The header is its row 1.
        return "skip"

    header = _header(doc)
    if not any(header):
        raise InputError(doc.artifact, "row 0", "expected a header with the names of columns")
    if doc.data.count(_QUOTE) % 2:
        # The reader would take the rest of the file as one cell, and say nothing.
        place = f"byte {doc.data.rfind(_QUOTE)}"
        problem = "a quote is opened and never closed"
        raise InputError(doc.artifact, place, problem, "the file looks truncated: export it again")
    try:
        table = reader.read_csv(
            pa.BufferReader(doc.data),
            # Row numbers are only counted on one thread.
            read_options=reader.ReadOptions(use_threads=False, block_size=16 * 2**20),
            parse_options=reader.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
            convert_options=reader.ConvertOptions(
                column_types=dict.fromkeys(header, pa.large_string()),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowException:
        _ = doc.text  # The usual cause is another encoding: this names the byte.
        raise InputError(doc.artifact, "row 0", "not readable as CSV", "export it again") from None
    numbers = pa.array(range(1, table.num_rows + len(lost) + 1), pa.int64())
    if lost:
        gone = pa.array([number for number, _ in lost], pa.int64())
        numbers = numbers.filter(pa.compute.invert(pa.compute.is_in(numbers, gone)))
    return _Source(doc, what(doc.artifact) or "", table, numbers, tuple(lost))


def _parquet(doc: Document) -> _Source:
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415

    table = doc.table
    try:
        table.validate(full=True)
    except pa.ArrowException:
        raise InputError(
            doc.artifact, "", "a text in it is not UTF-8", "export it again"
        ) from None
    numbers = pa.array(np.arange(1, table.num_rows + 1, dtype=np.int64))
    return _Source(doc, what(doc.artifact) or "", table, numbers)


def _check_names(source: _Source) -> None:
    names = source.table.column_names
    artifact = source.doc.artifact
    for name in _NEEDED[source.what]:
        if name not in names:
            near = fields.nearest(name, names)
            there = "" if near is None else f" ({fields.quoted(near)} stands there)"
            raise InputError(artifact, "row 0", f"the column '{name}' is missing{there}")
    twice = [name for name in properties.BESIDE if {name, _PREFIX + name} <= set(names)]
    twice += [name for name in names if names.count(name) > 1]
    if twice:
        problem = f"the column {fields.quoted(twice[0])} stands there twice"
        raise InputError(artifact, "row 0", problem, "keep one of the two")


def _is_property(name: str) -> bool:
    return name.startswith(_PREFIX) and len(name) > len(_PREFIX)


def _unknown_columns(source: _Source) -> Iterator[Note]:
    known = NODE_COLUMNS[:-1] if source.what == "nodes" else EDGE_COLUMNS
    if source.what == "nodes":
        known = (*known, *properties.BESIDE)
    for name in source.table.column_names:
        if name in known or (source.what == "nodes" and _is_property(name)):
            continue
        near = fields.suggestion(name, known)
        reason = f"unknown column {fields.quoted(name)} set aside{near}"
        yield Note(reason, source.doc.whole())


def _reshape(source: _Source) -> tuple["pa.Table", "pa.Array"]:
    """The columns in their fixed order, and the first problem of every row."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    text = pa.large_string()
    nothing = pa.scalar("", text)  # How the store writes what is absent.
    names = NODE_COLUMNS[:-1] if source.what == "nodes" else EDGE_COLUMNS
    found: dict[str, pa.Array] = {}
    problems = pa.nulls(source.table.num_rows, text)
    for name in names:
        if name not in source.table.column_names:
            found[name] = pa.nulls(source.table.num_rows, text)
            continue
        found[name], wrong = _cells(source, name)
        problems = _first(problems, name, wrong)
    for name in _NEEDED[source.what]:
        wrong = pa.compute.if_else(
            found[name].is_null(), pa.scalar("missing, and every such record needs it", text), None
        )
        problems = _first(problems, name, wrong)
    if source.what == "nodes":
        found["props"] = _properties(source)
    else:
        problems = _settle_edges(source, found, problems)
    cells = {name: pa.compute.fill_null(cells, nothing) for name, cells in found.items()}
    return pa.table({**cells, "row": source.rows}), problems


def _cells(source: _Source, name: str) -> tuple["pa.Array", "pa.Array"]:
    import pyarrow as pa  # noqa: PLC0415 - as above

    try:
        column = columns.as_text(source.table[name])
    except (SchemaError, pa.ArrowException) as error:
        problem = error if isinstance(error, SchemaError) else "its values cannot be read as text"
        reason = f"the column '{name}': {problem}"
        raise InputError(source.doc.artifact, "row 0", reason) from None
    reader = _READERS[source.what].get(name)
    if reader is None:
        return column.combine_chunks(), pa.nulls(len(column), pa.large_string())
    return columns.by_value(column, reader)


def _first(problems: "pa.Array", name: str, wrong: "pa.Array") -> "pa.Array":
    from pyarrow import compute as pc  # noqa: PLC0415 - as above

    if wrong.null_count == len(wrong):
        return problems
    return pc.coalesce(problems, columns.concat(f"{name}: ", wrong))


def _settle_edges(
    source: _Source, found: dict[str, "pa.Array"], problems: "pa.Array"
) -> "pa.Array":
    """What one column of an edge means in the light of another."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    text = pa.large_string()
    default = pc.if_else(
        found["condition"].is_null(), pa.scalar("certain", text), pa.scalar("conditional", text)
    )
    found["certainty"] = pc.coalesce(found["certainty"], default)
    astray = pc.and_(found["transform"].is_valid(), pc.not_equal(found["kind"], "FEEDS"))
    astray = pc.fill_null(astray, fill_value=False)
    source.set_aside("transform set aside: it has a meaning on FEEDS only", astray)
    found["transform"] = pc.if_else(astray, pa.scalar(None, text), found["transform"])
    backwards = pc.less(found["valid_until"], found["valid_from"])
    problem = pa.scalar("lies before valid_from", text)
    wrong = pc.if_else(pc.fill_null(backwards, fill_value=False), problem, None)
    return _first(problems, "valid_until", wrong)


def _properties(source: _Source) -> "pa.Array":
    """All properties of a row as one canonical JSON object."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    text = pa.large_string()
    stated = {
        name.removeprefix(_PREFIX): name
        for name in source.table.column_names
        if _is_property(name) or name in properties.BESIDE
    }
    members = []
    for name in sorted(stated):
        try:
            cells = _property(source, name, stated[name])
        except (SchemaError, pa.ArrowException) as error:
            problem = error if isinstance(error, SchemaError) else "its values cannot be read"
            reason = f"the column {fields.quoted(stated[name])} set aside: {problem}"
            source.set_aside(reason, source.table[stated[name]].is_valid())
            continue
        member = columns.concat(f",{properties.canonical(name)}:", cells)
        members.append(pc.fill_null(member, pa.scalar("", text)))
    if not members:
        return pa.nulls(source.table.num_rows, text)
    body = pc.binary_replace_slice(columns.concat(*members), start=0, stop=1, replacement="")
    nothing = pa.scalar(None, text)
    return pc.if_else(pc.equal(body, ""), nothing, columns.concat("{", body, "}"))


def _property(source: _Source, name: str, column: str) -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    values, place = source.table[column], fields.quoted(column)
    if properties.is_secret(name) or name not in properties.TYPED:
        properties.read(name, None)  # Refuses the names under which secrets are kept.
        told, aside = columns.told(values)
        source.set_aside(f"cells of the column {place} set aside: {properties.IN_URL}", aside)
        return told
    read = properties.TYPED[name]

    def cell(value: object) -> str | None:
        found = None if value is None else read(value)
        return None if found is None else properties.canonical(found)

    if columns.is_list(values.type):
        found, problems = columns.by_value(
            columns.joined(values), lambda value: cell(columns.split(value))
        )
    elif pa.types.is_floating(values.type):
        found, problems = columns.by_value(values, cell)
    else:
        found, problems = columns.by_value(columns.as_text(values), cell)
    if problems.null_count < len(problems):
        reason = pc.drop_null(problems)[0].as_py()
        source.set_aside(f"cells of the column {place} set aside: {reason}", problems.is_valid())
    return found


def _refusals(source: _Source, problems: "pa.Array") -> Iterator[Refused]:
    """A refusal for every row that is not a fact, in the order of the rows."""
    from pyarrow import compute as pc  # noqa: PLC0415 - as above

    bad = problems.is_valid()
    numbers = pc.filter(source.rows, bad).to_pylist()
    reasons = pc.filter(problems, bad).to_pylist()
    place = source.doc.rows()
    for number, reason in zip(numbers, reasons, strict=True):
        yield Refused(reason, place.unfold(number))
