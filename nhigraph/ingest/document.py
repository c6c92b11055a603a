"""One input document: its bytes, its parsed form, and the only maker of evidence."""

import csv
import hashlib
import io
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nhigraph.errors import InputError
from nhigraph.facts import passwords
from nhigraph.facts.evidence import EXCERPT_LIMIT, Basis, Evidence
from nhigraph.ingest import json_text, yaml_text

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    Attributes:
        text_bytes: Largest text document, in bytes.
        table_bytes: Largest Parquet file, in bytes.
        rows: Most records of one table.
        depth: Deepest nesting.
        values: Most values after YAML aliases are unfolded.
    """

    text_bytes: int = 256 * 2**20
    table_bytes: int = 4 * 2**30
    rows: int = 50_000_000
    depth: int = 100
    values: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Rows:
    """A column of evidence: document and row, unfolded on demand.

    Attributes:
        artifact: Relative name of the document.
        sha256: Digest of its bytes.
        basis: Basis of every row.
    """

    artifact: str
    sha256: str
    basis: Basis = "declared"

    def unfold(self, row: int) -> Evidence:
        """Evidence of one row, counted from 1 without the header."""
        return Evidence(self.artifact, f"row {row}", self.sha256, "", self.basis)


@dataclass(frozen=True, slots=True)
class Checkout:
    """The source checkout a document lies in.

    Attributes:
        repository: ``owner/name`` on GitHub, ``local/{folder}`` where no remote says it, and
            ``[{place}]local/{folder}`` where two of these are not one. Of another forge its key
            (``keys.repository_named`` reads either).
        path: Path of the document inside it, with ``/``.
        commit: The commit that it is at, in hexadecimal; empty where that is not known.
    """

    repository: str
    path: str
    commit: str = ""


def pointer_text(parts: tuple[str | int, ...]) -> str:
    """RFC 6901 form of a pointer, without the secrets in its names."""
    return "".join([_member(part) if isinstance(part, str) else f"/{part}" for part in parts])


@lru_cache(maxsize=1 << 14)
def _member(name: str) -> str:
    """One step of a pointer: the same few names stand in thousands of them."""
    return f"/{passwords.cut(name).replace('~', '~0').replace('/', '~1')}"


class Document:
    """A file the user gave; parsed at most once, read lazily.

    Attributes:
        path: Where it lies on this machine; never leaves the ingest layer.
        artifact: Name under which it appears in every output.
        checkout: The source checkout it belongs to, if any.
        neighbours: The documents of that checkout, itself too, by their path in it.
    """

    def __init__(
        self,
        path: Path,
        artifact: str,
        *,
        limits: Limits | None = None,
        checkout: Checkout | None = None,
    ) -> None:
        """Name a file; nothing is read yet."""
        self.path = path
        self.artifact = artifact
        self.limits = limits or Limits()
        self.checkout = checkout
        self.neighbours: Mapping[str, Document] = {}
        self._opened: list[Document] = []

    @cached_property
    def data(self) -> bytes:
        """The bytes.

        Raises:
            InputError: Too large or unreadable.
        """
        try:
            self._within(self.limits.text_bytes, "split the export, or use the Parquet form")
            return self.path.read_bytes()
        except OSError as error:
            raise InputError(
                self.artifact, "byte 0", f"cannot be read: {error.strerror}"
            ) from None

    @cached_property
    def sha256(self) -> str:
        """Digest of the bytes, lower-case hexadecimal; Parquet is hashed as a stream.

        Raises:
            InputError: Too large or unreadable.
        """
        if self._suffix != ".parquet":
            return hashlib.sha256(self.data).hexdigest()
        try:
            self._within(self.limits.table_bytes, "split the table")
            with self.path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise InputError(
                self.artifact, "byte 0", f"cannot be read: {error.strerror}"
            ) from None

    @cached_property
    def text(self) -> str:
        """The bytes as UTF-8, a byte order mark removed.

        Raises:
            InputError: Another encoding, or an empty file.
        """
        try:
            text = self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(
                self.artifact, f"byte {error.start}", "expected UTF-8", "save it as UTF-8"
            ) from None
        if not text.strip():
            raise InputError(self.artifact, "byte 0", "the file is empty", "export it again")
        return text

    @cached_property
    def content(self) -> Any:  # noqa: ANN401 - a parsed document
        """The parsed document, JSON or YAML by its suffix.

        Raises:
            InputError: Broken, or several documents where one was expected.
        """
        if self._suffix == ".json":
            if len(self.contents) > 1:
                at = self._positions.line((1,))
                problem = "expected one JSON document, found several one after another"
                raise InputError(self.artifact, f"line {at}", problem, "give each its own file")
            return self.contents[0]
        if len(self._yaml) > 1:
            problem = "expected one YAML document, found several"
            raise InputError(self.artifact, f"line {self._yaml[1].line}", problem)
        return self._yaml[0].value

    @cached_property
    def _yaml(self) -> list[yaml_text.Parsed]:
        return yaml_text.parse(
            self.text, self.artifact, depth=self.limits.depth, nodes=self.limits.values
        )

    def beside(self, path: str) -> "Document | None":
        """Another document of the same checkout, which this one takes in; None for none."""
        found = self.neighbours.get(path)
        if found is not None and found is not self:
            self._opened.append(found)
        return found

    @property
    def contents(self) -> list[Any]:
        """The documents of a JSON or YAML file, which may stand one after another."""
        if self._suffix != ".json":
            return [one.value for one in self._yaml]
        return [value for _, value in self._parsed]

    @cached_property
    def _parsed(self) -> list[tuple[int, Any]]:
        return json_text.parse(self.text, self.artifact, depth=self.limits.depth)

    def part(self, index: int) -> "Document":
        """One of several documents, or one item of the list that the only one is."""
        return _Part(self, index)

    @cached_property
    def records(self) -> list[dict[str, str]]:
        """Rows of a CSV document as text by column name.

        Raises:
            InputError: A row with more or fewer cells than the header, or a repeated column.
        """
        reader = csv.reader(io.StringIO(self.text, newline=""), strict=True)
        found: list[dict[str, str]] = []
        try:
            header = next(reader)
            if len(set(header)) != len(header):
                raise InputError(self.artifact, "row 0", "a column name stands there twice")
            for number, row in enumerate(reader, 1):
                if len(row) != len(header):
                    problem = f"expected {len(header)} cells, found {len(row)}"
                    raise InputError(self.artifact, f"row {number}", problem)
                found.append(dict(zip(header, row, strict=True)))
        except csv.Error as error:
            raise InputError(self.artifact, f"line {reader.line_num}", f"{error}") from None
        return found

    @cached_property
    def table(self) -> "pa.Table":
        """The Parquet document as an Arrow table.

        Raises:
            InputError: Not Parquet, or more bytes or rows than allowed.
        """
        import pyarrow as pa  # noqa: PLC0415 - heavy, and only Parquet needs it
        from pyarrow import parquet  # noqa: PLC0415

        try:
            self._within(self.limits.table_bytes, "split the table")
            with parquet.ParquetFile(self.path) as file:
                if file.metadata.num_rows > self.limits.rows:
                    raise InputError(self.artifact, "", f"more than {self.limits.rows} rows")
                return self._unpack(file)
        except (pa.ArrowException, OSError) as error:
            kind = type(error).__name__
            raise InputError(self.artifact, "byte 0", f"not readable Parquet ({kind})") from None

    @property
    def is_loaded(self) -> bool:
        """Whether its bytes, its table or its digest are at hand."""
        return not {"data", "table", "sha256"}.isdisjoint(self.__dict__)

    def release(self) -> None:
        """Forget the parsed forms and the bytes, those of what it takes in too; names stay."""
        while self._opened:
            self._opened.pop().release()
        for name in (
            "data",
            "text",
            "content",
            "_parsed",
            "_yaml",
            "records",
            "table",
            "_positions",
        ):
            self.__dict__.pop(name, None)

    @property
    def _suffix(self) -> str:
        return self.path.suffix.lower()

    def _within(self, limit: int, advice: str) -> None:
        """Refuse what is larger than allowed, and what would block or never end when opened."""
        found = self.path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(self.artifact, "byte 0", "expected an ordinary file")
        if found.st_size > limit:
            problem = f"{found.st_size} bytes are more than the {limit} read from one file"
            raise InputError(self.artifact, "byte 0", problem, advice)

    def _unpack(self, file: "parquet.ParquetFile") -> "pa.Table":
        """The whole table, within the limit on what its compressed pages may unfold to."""
        import pyarrow as pa  # noqa: PLC0415 - as in `table`

        batches = []
        size = 0
        # Small steps: a page of a few bytes can unfold to gigabytes.
        for batch in file.iter_batches(batch_size=8_192):
            size += sum(_unfolded(column) for column in batch.columns)
            if size > self.limits.table_bytes:
                problem = f"the table unfolds to more than {self.limits.table_bytes} bytes"
                raise InputError(self.artifact, "", problem, "split the table")
            batches.append(batch)
        return pa.Table.from_batches(batches, schema=file.schema_arrow)

    @cached_property
    def _positions(self) -> json_text.Positions:
        return json_text.Positions(self.text, [at for at, _ in self._parsed])

    def at(self, *pointer: str | int, excerpt: bool = True, basis: Basis = "declared") -> Evidence:
        """Evidence for a place of a JSON or YAML document.

        The excerpt is the text of a scalar, and only the names of a container's members: values
        below it may be secret.

        Args:
            *pointer: Member names and indexes from the root.
            excerpt: False where the place itself may be secret.
            basis: How the document knows.

        Raises:
            InputError: The pointer does not resolve.
        """
        value: Any = self.contents if len(self._several) > 1 else self.content
        for depth, part in enumerate(pointer):
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                place = pointer_text(pointer[: depth + 1])
                raise InputError(self.artifact, place, f"expected {part!r} here") from None
        return Evidence(
            self.artifact,
            pointer_text(pointer),
            self.sha256,
            _excerpt(value) if excerpt else "",
            basis,
            self._line(pointer),
        )

    @property
    def _several(self) -> Sequence[object]:
        return self._parsed if self._suffix == ".json" else self._yaml

    def line(self, number: int, *, excerpt: bool = True, basis: Basis = "declared") -> Evidence:
        """Evidence for one line of a text document, counted from 1."""
        lines = self.text.splitlines()
        if not 1 <= number <= len(lines):
            raise InputError(self.artifact, f"line {number}", "the file has no such line")
        text = passwords.cut(lines[number - 1].strip())[:EXCERPT_LIMIT] if excerpt else ""
        return Evidence(self.artifact, f"line {number}", self.sha256, text, basis, number)

    def whole(self, *, basis: Basis = "declared") -> Evidence:
        """Evidence for the document as a whole."""
        return Evidence(self.artifact, "", self.sha256, "", basis)

    def rows(self, *, basis: Basis = "declared") -> Rows:
        """A column of evidence for the rows of a table."""
        return Rows(self.artifact, self.sha256, basis)

    def _line(self, pointer: tuple[str | int, ...]) -> int:
        if self._suffix == ".json":
            return self._positions.line(pointer)
        lines = self._yaml[0].lines
        if len(self._yaml) > 1 and pointer:
            lines, pointer = self._yaml[int(pointer[0])].lines, pointer[1:]
        while pointer and pointer not in lines:
            pointer = pointer[:-1]
        return lines.get(pointer, 0)


class _Part(Document):
    """A document inside a file: its pointers start at its own root, its evidence at the file's."""

    def __init__(self, whole: Document, index: int) -> None:
        super().__init__(whole.path, whole.artifact, limits=whole.limits, checkout=whole.checkout)
        self._whole, self._index = whole, index
        self.__dict__["data"] = whole.data
        self.__dict__["sha256"] = whole.sha256

    @cached_property
    def content(self) -> Any:  # noqa: ANN401 - a parsed document
        found = self._whole.contents
        return found[self._index] if len(found) > 1 else found[0][self._index]

    def at(self, *pointer: str | int, excerpt: bool = True, basis: Basis = "declared") -> Evidence:
        return self._whole.at(self._index, *pointer, excerpt=excerpt, basis=basis)


def _unfolded(column: "pa.Array") -> int:
    """Bytes of a column once every cell holds its own value."""
    import pyarrow as pa  # noqa: PLC0415 - as in `table`
    from pyarrow import compute as pc  # noqa: PLC0415

    size = int(column.nbytes)
    if pa.types.is_dictionary(column.type):
        mean = column.dictionary.nbytes / max(len(column.dictionary), 1)
        if pa.types.is_string(column.type.value_type):
            lengths = pc.binary_length(column.dictionary).take(column.indices)
            return size + (pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0)
        return size + int(mean * len(column))
    return size


def _excerpt(value: object) -> str:
    if isinstance(value, dict):
        text = "{" + ", ".join(str(key) for key in value) + "}"
    elif isinstance(value, list):
        text = f"[{len(value)} items]"
    else:
        text = "" if value is None else str(value)
    return passwords.cut(" ".join(text.split()))[:EXCERPT_LIMIT]


def required(doc: Document, body: Any, *pointer: str | int) -> Any:  # noqa: ANN401 - parsed input
    """Member of a parsed mapping that must be there.

    Raises:
        InputError: It is not, with its pointer.
    """
    try:
        return body[pointer[-1]]
    except (KeyError, IndexError, TypeError):
        raise InputError(
            doc.artifact, pointer_text(pointer), f"expected {pointer[-1]!r} here"
        ) from None
