"""Runs the sources over documents: a fault of one never stops the rest."""

import codecs
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import PurePosixPath

from nhigraph.errors import InputError
from nhigraph.facts import passwords
from nhigraph.facts.facts import Fact, Gap, Note, Refused
from nhigraph.facts.tables import FactTable
from nhigraph.ingest import fields, lost, strangers
from nhigraph.ingest.coverage import (
    LISTED,
    Coverage,
    DocumentCoverage,
    Line,
    Lines,
    Status,
    absent_exports,
)
from nhigraph.ingest.document import Document, Fellows
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.ingest.lost import Lost
from nhigraph.records import dataclass

#: Files of these suffixes are data: not to read one is worth a line.
DATA_SUFFIXES = frozenset({".csv", ".json", ".jsonl", ".parquet", ".yaml", ".yml"})
#: Set to 1, a fault of a source is raised instead of reported.
DEBUG = "NHIGRAPH_DEBUG"

_LONGEST_REASON = 400
#: No text, whose bytes tell nothing.
_BINARY = frozenset({".parquet"})
#: Bytes that tell whether a document is text of another encoding.
_BEGIN = 64

#: Called before each document with how many bytes are read, of how many, and its name: what is
#: left of the time follows from bytes, not from files.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Collected:
    """What the documents say.

    Attributes:
        facts: Nodes, edges, gates, gaps and claims.
        left: What stays of refused records; counted as those.
        tables: Facts in bulk.
        documents: What became of each document, by artifact.
        other_files: Files of no interest, counted by suffix.
    """

    facts: tuple[Fact, ...] = ()
    left: tuple[Fact, ...] = ()
    tables: tuple[FactTable, ...] = ()
    documents: tuple[DocumentCoverage, ...] = ()
    other_files: Mapping[str, int] = field(default_factory=dict)

    @property
    def extracted(self) -> str | None:
        """The newest day on which one of the documents was extracted."""
        return max((entry.extracted for entry in self.documents if entry.extracted), default=None)

    def coverage(
        self, ingestors: Mapping[str, Ingestor], skipped: Iterable[DocumentCoverage] = ()
    ) -> Coverage:
        """The coverage of this run, with what discovery left out."""
        lines = sorted((*self.documents, *skipped), key=lambda line: line.artifact)
        absent = absent_exports(self.documents, ingestors)
        return Coverage(tuple(lines), self.other_files, absent, frozenset(ingestors))


@dataclass(slots=True)
class _Tally:
    """What one document has yielded so far; kept when its reading ends early."""

    facts: list[Fact] = field(default_factory=list)
    left: list[Fact] = field(default_factory=list)
    tables: list[FactTable] = field(default_factory=list)
    accepted: int = 0
    kept: dict[str, list[Line]] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)
    lost: list[Lost] = field(default_factory=list)

    def add(self, item: Fact | FactTable) -> None:
        """Count a fact, keep it, or keep the line it is."""
        if isinstance(item, FactTable):
            self.tables.append(item)
            self.accepted += len(item)
        elif isinstance(item, Refused | Note):
            sort = "refused" if isinstance(item, Refused) else "notes"
            self.line(sort, item.evidence.pointer, item.reason)
            self.left += item.leaves
            if isinstance(item, Refused) and item.of_anybody:
                self.lost.append(Lost(item.evidence, rest=False))
        else:
            self.facts.append(item)
            self.accepted += 1
            if isinstance(item, Gap):
                self.line("gaps", item.evidence.pointer, item.reason)

    def line(self, sort: str, pointer: str, reason: str) -> None:
        """Count a line, and keep it if it is one of the first."""
        self.totals[sort] += 1
        kept = self.kept.setdefault(sort, [])
        if len(kept) < LISTED:
            kept.append(_line(pointer, reason))

    def lines(self, sort: str) -> Lines:
        """The lines of one sort."""
        return Lines(tuple(self.kept.get(sort, ())), self.totals[sort])


def run(
    documents: Iterable[Document],
    ingestors: Mapping[str, Ingestor],
    *,
    explicit: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> Collected:
    """Read every document with the source that recognises it.

    The order of the documents changes nothing: they are read by artifact.

    Args:
        documents: What to read.
        ingestors: Sources by name.
        explicit: Artifacts the user named one by one: not to recognise one is a fault.
        progress: Told about every document before it is read.
    """
    queue = sorted(documents, key=lambda doc: (doc.artifact, str(doc.path)))
    _gather(queue, ingestors)
    facts: list[Fact] = []
    left: list[Fact] = []
    tables: list[FactTable] = []
    entries: list[DocumentCoverage] = []
    others: Counter[str] = Counter()
    elsewhere: Counter[tuple[str, str]] = Counter()
    told: list[lost.Told] = []
    sizes = [_size(doc) for doc in queue]
    done, total = 0, sum(sizes)
    for doc, size in zip(queue, sizes, strict=True):
        if progress is not None:
            progress(done, total, doc.artifact)
        done += size
        tally = _Tally()
        entry = _read_one(doc, ingestors, tally, explicit=doc.artifact in explicit)
        doc.release()
        if entry is None:
            others[_suffix(doc)] += 1
            continue
        facts += tally.facts
        left += tally.left
        tables += tally.tables
        entries.append(entry)
        told.append(lost.Told(entry.source or "", tally.facts, tally.tables, tally.lost))
        places = (fact.evidence.artifact for fact in tally.facts)
        elsewhere.update((doc.artifact, place) for place in places if place != doc.artifact)
    entries = _where_they_stand(entries, elsewhere)
    left += lost.gaps(told)
    return Collected(
        tuple(facts), tuple(left), tuple(tables), tuple(entries), dict(sorted(others.items()))
    )


def _where_they_stand(
    entries: Sequence[DocumentCoverage], elsewhere: Mapping[tuple[str, str], int]
) -> list[DocumentCoverage]:
    """Records counted at the document that has them, not at the one that includes it.

    Args:
        entries: With what was told while each was read.
        elsewhere: Artifact that was read and the one that a record stands in, to how many.
    """
    more = dict.fromkeys((entry.artifact for entry in entries), 0)
    for (read, place), records in elsewhere.items():
        if place in more:
            more[place] += records
            more[read] -= records
    return [
        replace(entry, accepted=entry.accepted + more[entry.artifact])
        if more[entry.artifact]
        else entry
        for entry in entries
    ]


def _gather(queue: Iterable[Document], ingestors: Mapping[str, Ingestor]) -> None:
    """Let documents that are pieces of one thing see each other before any of them is read."""
    together = {name: one for name, one in ingestors.items() if one.together}
    groups: dict[str, list[Document]] = {}
    for doc in queue if together else ():
        names = [name for name in sorted(together) if accepts(together[name], doc)]
        found, _ = _recognised(doc, names, together)
        if found:
            groups.setdefault(together[found[0]].together, []).append(doc)
        doc.release()
    for documents in groups.values():
        fellows = Fellows(tuple(documents))
        for doc in documents:
            doc.fellows = fellows


def _suffix(doc: Document) -> str:
    return PurePosixPath(doc.artifact).suffix.lower()


def _read_one(
    doc: Document, ingestors: Mapping[str, Ingestor], tally: _Tally, *, explicit: bool
) -> DocumentCoverage | None:
    """What became of one document; None where it is of no interest."""
    names = [name for name in sorted(ingestors) if accepts(ingestors[name], doc)]
    recognised, faults = _recognised(doc, names, ingestors)
    if recognised:
        return _read_with(doc, recognised, ingestors[recognised[0]], tally, explicit=explicit)
    status, problem = Status.NOT_RECOGNISED, Line("", "no source recognises its content")
    if faults and not _is_strangers(doc, names, ingestors):
        name, fault = faults[0]
        status, problem = _fault(name, fault)
    elif not (claimed := _claimed(doc, names, ingestors)) and (
        _suffix(doc) not in DATA_SUFFIXES and not explicit
    ):
        return None
    elif _is_empty(doc):
        status, problem = Status.UNREADABLE, _line("byte 0", "the file is empty; export it again")
    elif claimed:
        status, problem = Status.UNREADABLE, _other_than(doc, claimed)
    return DocumentCoverage(doc.artifact, status, _digest(doc), explicit=explicit, problem=problem)


def _is_strangers(doc: Document, names: Sequence[str], ingestors: Mapping[str, Ingestor]) -> bool:
    """Whether a document that could not be parsed is no export, however it is read."""
    found = strangers.readings(doc)
    return found is not None and not any(any(_recognised(one, names, ingestors)) for one in found)


def _other_than(doc: Document, claimed: Ingestor) -> Line:
    """What to say of a document whose name is a source's own, and whose content is not."""
    if _suffix(doc) not in _BINARY:
        begin = doc.data[:_BEGIN]
        if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in begin:
            return _line("byte 0", "expected UTF-8; save it as UTF-8")
    reason = f"its name says {claimed.title}, its content does not: nothing of it was read"
    return _line("", f"{reason}; expected {claimed.begins}" if claimed.begins else reason)


def _claimed(
    doc: Document, names: Iterable[str], ingestors: Mapping[str, Ingestor]
) -> Ingestor | None:
    """The source whose own ending, such as ``*.edges.csv``, a document has; None for a plain one.

    Somebody meant it for that source: that it is not recognised must not pass in silence.
    """
    full = PurePosixPath(doc.artifact.lower())
    mine = "".join(full.suffixes[-2:])
    for name in names:
        if f"*{mine}" in ingestors[name].accepts and len(full.suffixes) > 1:
            return ingestors[name]
    return None


def accepts(ingestor: Ingestor, doc: Document) -> bool:
    """Whether a source would look at a document, by its name alone."""
    full = doc.artifact.lower()
    names = {full, PurePosixPath(full).name}
    if doc.checkout is not None:
        names.add(doc.checkout.path.lower())
    return any(fnmatchcase(name, glob.lower()) for glob in ingestor.accepts for name in names)


def _recognised(
    doc: Document, names: Sequence[str], ingestors: Mapping[str, Ingestor]
) -> tuple[list[str], list[tuple[str, Exception]]]:
    """The sources that recognise a document, and what went wrong while they were asked.

    A source that can read the document anyway is not stopped by one that cannot parse it.
    """
    found: list[str] = []
    faults: list[tuple[str, Exception]] = []
    for name in names:
        try:
            if ingestors[name].recognises(doc):
                found.append(name)
        except Exception as error:  # noqa: BLE001 - a fault of one source must not stop the others
            _raise_in_debug(error)
            faults.append((name, error))
    # A fault of the document says more than one of a source.
    faults.sort(key=lambda fault: not isinstance(fault[1], InputError))
    return found, faults


def _read_with(
    doc: Document, names: Sequence[str], ingestor: Ingestor, tally: _Tally, *, explicit: bool
) -> DocumentCoverage:
    status, problem = Status.READ, None
    extracted = made_by = None
    try:
        extracted = ingestor.extracted(doc)
        made_by = ingestor.extracted_by(doc)
        for item in ingestor.read(doc):
            tally.add(item)
    except Exception as error:  # noqa: BLE001 - see `_recognised`
        _raise_in_debug(error)
        status, problem = _fault(names[0], error)
        if status is Status.UNREADABLE and tally.accepted:
            # What was read stands; that the rest is lost is said.
            status = Status.PARTIAL
        tally.lost.append(Lost(doc.whole(), rest=True))
    for name in islice(names, 1, None):
        tally.line("notes", "", f"the source {name} recognises it too; read as {names[0]}")
    return DocumentCoverage(
        doc.artifact,
        status,
        _digest(doc),
        names[0],
        explicit,
        accepted=tally.accepted,
        refused=tally.lines("refused"),
        notes=tally.lines("notes"),
        gaps=tally.lines("gaps"),
        problem=problem,
        extracted=extracted,
        extracted_by=made_by,
    )


def _raise_in_debug(error: Exception) -> None:
    if not isinstance(error, InputError) and os.environ.get(DEBUG) == "1":
        raise error


def _fault(source: str, error: Exception) -> tuple[Status, Line]:
    if isinstance(error, InputError):
        advice = f"; {error.advice}" if error.advice else ""
        return Status.UNREADABLE, _line(error.pointer, f"{error.problem}{advice}")
    # Only the error's class is named: its text may quote a value of the document.
    reason = f"internal error in the source {source} ({type(error).__name__}); please report it"
    return Status.FAILED, _line("", reason)


def _line(pointer: str, reason: str) -> Line:
    """A line as it may be shown: printable, and of bounded length."""
    texts = (fields.printable(passwords.cut(text)[:_LONGEST_REASON]) for text in (pointer, reason))
    return Line(*texts)


def _is_empty(doc: Document) -> bool:
    try:
        return doc.path.stat().st_size == 0
    except OSError:
        return False


def _size(doc: Document) -> int:
    """Bytes of a document, one at the least; what cannot be looked at costs nothing more."""
    try:
        return max(doc.path.stat().st_size, 1)
    except OSError:
        return 1


def _digest(doc: Document) -> str:
    """The digest of a document that was looked into, if it could be read within the limits."""
    try:
        return doc.sha256 if doc.is_loaded else ""
    except InputError:
        return ""
