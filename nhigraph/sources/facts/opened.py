"""A table of facts/1 as it is opened: CSV or Parquet, with the numbers of its rows."""

import csv
import io
from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from nhigraph.errors import InputError
from nhigraph.ingest.document import Document
from nhigraph.records import dataclass

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns that every table of a sort has.
NEEDED = {"nodes": ("kind", "key"), "edges": ("kind", "from", "to")}
#: Most bytes of a CSV file's first line.
_HEADER_BYTES = 65_536
_QUOTE = b'"'
#: Rows that are worked on at a time.
_SLICE_ROWS = 262_144


@dataclass(frozen=True, slots=True, order=True)
class Lost:
    """A row of CSV that has too many cells or too few.

    Attributes:
        row: Its number, from 1 without the header.
        problem: What is wrong.
        text: The row as it stands.
    """

    row: int
    problem: str
    text: str

    def cells(self) -> list[str]:
        """What stands between its commas."""
        try:
            return next(csv.reader(io.StringIO(self.text, newline="")), [])
        except csv.Error:
            return []


@dataclass(frozen=True, slots=True)
class Source:
    """A table as read, or a slice of it.

    ``rows`` numbers what is there, from 1 without the header; ``lost`` are rows that are not
    among them; ``aside`` counts by reason what is
    set aside, and knows the first row of each.
    """

    doc: Document
    what: str
    table: "pa.Table"
    rows: "pa.Array"
    lost: tuple[Lost, ...] = ()
    aside: dict[str, tuple[int, int]] = field(default_factory=dict)

    def slices(self) -> Iterator["Source"]:
        """The table in parts, so that what is made on the way is small."""
        for start in range(0, self.table.num_rows, _SLICE_ROWS):
            table = self.table.slice(start, _SLICE_ROWS)
            rows = self.rows.slice(start, _SLICE_ROWS)
            yield Source(self.doc, self.what, table, rows, (), self.aside)

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
    return parts[1] if len(parts) == 3 and parts[1] in NEEDED else None  # noqa: PLR2004 - stem.what.suffix


def opened(doc: Document) -> Source:
    """The table of a document.

    Raises:
        InputError: It cannot be read.
    """
    return _csv(doc) if is_csv(doc) else _parquet(doc)


def is_csv(doc: Document) -> bool:
    """Whether a document is CSV, by its name."""
    return doc.artifact.lower().endswith(".csv")


def header(doc: Document) -> list[str]:
    """Names of the columns of a CSV document.

    Raises:
        InputError: Its first line cannot be read.
    """
    start = doc.data[:_HEADER_BYTES].decode("utf-8-sig", "replace")
    try:
        return next(csv.reader(io.StringIO(start, newline="")), [])
    except csv.Error as error:
        raise InputError(doc.artifact, "row 0", f"broken header: {error}") from None


def _csv(doc: Document) -> Source:
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import csv as reader  # noqa: PLC0415

    lost: list[Lost] = []

    def skip(row: "reader.InvalidRow") -> str:
        problem = f"expected {row.expected_columns} cells, found {row.actual_columns}"
        lost.append(Lost(row.number - 1, problem, row.text or ""))  # The header is its row 1.
        return "skip"

    names = header(doc)
    if not any(names):
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
                column_types=dict.fromkeys(names, pa.large_string()),
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
        gone = pa.array([one.row for one in lost], pa.int64())
        numbers = numbers.filter(pa.compute.invert(pa.compute.is_in(numbers, gone)))
    return Source(doc, what(doc.artifact) or "", table, numbers, tuple(lost))


def _parquet(doc: Document) -> Source:
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
    return Source(doc, what(doc.artifact) or "", table, numbers)
