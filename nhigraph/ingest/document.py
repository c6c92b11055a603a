"""One input document: its bytes, its parsed form, and the only maker of evidence."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nhigraph.errors import InputError
from nhigraph.facts import passwords
from nhigraph.facts.evidence import EXCERPT_LIMIT, Basis, Evidence
from nhigraph.ingest import csv_text, json_text, quotes, yaml_text
from nhigraph.ingest.limits import Limits, within
from nhigraph.records import dataclass

if TYPE_CHECKING:
    import pyarrow as pa


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


@dataclass
class Fellows:
    """Documents of one run that are read together.

    Attributes:
        documents: All of them, by artifact.
        made: What their source made of them so far, by a name of its own.
    """

    documents: tuple["Document", ...] = ()
    made: dict[str, object] = field(default_factory=dict)

    def release(self) -> None:
        """Forget the parsed forms of all of them."""
        for doc in self.documents:
            doc.release()


class Document:
    """A file the user gave; parsed at most once, read lazily.

    Attributes:
        path: Where it lies on this machine; never leaves the ingest layer.
        artifact: Name under which it appears in every output.
        checkout: The source checkout it belongs to, if any.
        neighbours: The documents of that checkout, itself too, by their path in it.
        told: What its forge says of the checkout's repository, by the address below that one's;
            what it says of the repository's owner, by that behind ``orgs/``.
        fellows: The documents that are read together with it, itself too; none where it is read
            alone.
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
        self.told: Mapping[str, Document] = {}
        self.fellows = Fellows()
        self._opened: list[Document] = []
        self._last = False

    @cached_property
    def data(self) -> bytes:
        """The bytes.

        Raises:
            InputError: Too large or unreadable.
        """
        try:
            advice = "split the export, or use the Parquet form"
            within(self.path, self.artifact, self.limits.text_bytes, advice)
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
            within(self.path, self.artifact, self.limits.table_bytes, "split the table")
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
        if self._is_json:
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
        limits, last = self.limits, self._last
        return yaml_text.parse(
            self.text, self.artifact, depth=limits.depth, nodes=limits.values, last=last
        )

    def stated_again(self) -> list[tuple[str | int, ...]]:
        """Pointers of keys that stand twice in one mapping of a YAML document.

        From then on the last value counts, as where its reader takes it; else that is an error.

        Raises:
            InputError: Broken.
        """
        self._last = True  # What was parsed before had no such key.
        several = len(self._yaml) > 1
        told = ((at, path) for at, one in enumerate(self._yaml) for path in one.again)
        return [(at, *path) if several else path for at, path in told]

    def beside(self, path: str) -> "Document | None":
        """Another document of the same checkout, which this one takes in; None for none."""
        found = self.neighbours.get(path)
        if found is not None and found is not self:
            self._opened.append(found)
        return found

    @property
    def contents(self) -> list[Any]:
        """The documents of a JSON or YAML file, which may stand one after another."""
        if not self._is_json:
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
        return csv_text.records(self.text, self.artifact)

    @cached_property
    def table(self) -> "pa.Table":
        """The Parquet document as an Arrow table.

        Raises:
            InputError: Not Parquet, or more bytes or rows than allowed.
        """
        from nhigraph.ingest import parquet_table  # noqa: PLC0415 - heavy, and only Parquet needs it

        return parquet_table.read(self.path, self.artifact, self.limits)

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
            "_one_line",
        ):
            self.__dict__.pop(name, None)

    @cached_property
    def _suffix(self) -> str:
        return self.path.suffix.lower()

    @cached_property
    def _is_json(self) -> bool:
        """JSON, of which several may stand one after another."""
        return self._suffix in {".json", ".jsonl"}

    @cached_property
    def _positions(self) -> json_text.Positions:
        return json_text.Positions(self.text, [at for at, _ in self._parsed])

    def at(self, *pointer: str | int, excerpt: bool = True, basis: Basis = "declared") -> Evidence:
        """Evidence for a place of a JSON or YAML document.

        What of it is quoted, ``ingest.quotes`` says.

        Args:
            *pointer: Member names and indexes from the root.
            excerpt: False where the place itself may be secret.
            basis: How the document knows.

        Raises:
            InputError: The pointer does not resolve.
        """
        value: Any = self.contents if len(self._several) > 1 else self.content
        around: list[object] = []
        for depth, part in enumerate(pointer):
            around.append(value)
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                place = pointer_text(pointer[: depth + 1])
                raise InputError(self.artifact, place, f"expected {part!r} here") from None
        return Evidence(
            self.artifact,
            pointer_text(pointer),
            self.sha256,
            quotes.quoted(value, around, may_be_secret=not excerpt),
            basis,
            self._line(pointer),
        )

    def saying(self, text: str) -> "Document":
        """The document, as if this were its text."""
        other = Document(self.path, self.artifact, limits=self.limits, checkout=self.checkout)
        other.__dict__ |= {"data": self.data, "text": text}
        return other

    @property
    def is_several(self) -> bool:
        """Whether a JSON or YAML file holds more than one document.

        Raises:
            InputError: Broken.
        """
        return self._suffix in {".json", ".jsonl", ".yaml", ".yml"} and len(self._several) > 1

    @property
    def _several(self) -> Sequence[object]:
        return self._parsed if self._is_json else self._yaml

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

    @cached_property
    def _one_line(self) -> bool:
        return "\n" not in self.text.strip()

    def _line(self, pointer: tuple[str | int, ...]) -> int:
        if self._one_line:
            return 0  # Everything stands there: it would tell nobody where.
        if self._is_json:
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
