"""What was read, what was not, and what that leaves open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum

from nhigraph.facts.missing import Missing
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.records import dataclass

#: Most lines of one sort kept for one document; the rest is counted.
LISTED = 1_000


class Status(StrEnum):
    """How far the reading of a document came."""

    READ = "read"
    PARTIAL = "partial"
    """Read up to an error; what came before it stands."""
    UNREADABLE = "unreadable"
    NOT_RECOGNISED = "not recognised"
    FAILED = "failed"
    """A fault of the source itself, not of the document."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """Something to say about a place of a document."""

    pointer: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """Plain form."""
        return {"pointer": self.pointer, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one sort: the first ``LISTED``, and how many there are in all."""

    first: tuple[Line, ...] = ()
    total: int = 0

    def plus(self, lines: Sequence[Line]) -> "Lines":
        """These and more."""
        return Lines((*self.first, *lines)[:LISTED], self.total + len(lines))

    def as_json(self) -> dict[str, object]:
        """Plain form."""
        return {"count": self.total, "listed": [line.as_json() for line in self.first]}


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """What became of one document.

    Always ``records == accepted + merged + quarantined``.

    Attributes:
        artifact: Name of the document.
        status: How far the reading came.
        sha256: Digest of its bytes; empty where they were not read.
        source: Source that read it, or None.
        explicit: Whether the user named this very file.
        accepted: Records that became facts of their own.
        merged: Records that said what another had said already.
        refused: Records in quarantine, each with its reason.
        notes: What was set aside without costing a record.
        gaps: What was seen, not understood.
        problem: Why it is not read to the end, if it is not.
        extracted: Day of the extract (ISO), where the document says so.
        extracted_by: What made it, with its version, where the document says so.
    """

    artifact: str
    status: Status
    sha256: str = ""
    source: str | None = None
    explicit: bool = False
    accepted: int = 0
    merged: int = 0
    refused: Lines = field(default_factory=Lines)
    notes: Lines = field(default_factory=Lines)
    gaps: Lines = field(default_factory=Lines)
    problem: Line | None = None
    extracted: str | None = None
    extracted_by: str | None = None

    @property
    def quarantined(self) -> int:
        """Records that became no facts."""
        return self.refused.total

    @property
    def records(self) -> int:
        """Records read."""
        return self.accepted + self.merged + self.quarantined

    @property
    def bad(self) -> bool:
        """Whether the document itself is at fault, as ``--strict`` counts it."""
        return self.status in {Status.UNREADABLE, Status.PARTIAL, Status.FAILED} or (
            self.explicit and self.status is Status.NOT_RECOGNISED
        )

    def settled(
        self,
        *,
        merged: int = 0,
        quarantined: Sequence[Line] = (),
        conflicts: Sequence[Line] = (),
    ) -> "DocumentCoverage":
        """With what the graph found: accepted records that merged, or lead nowhere.

        Args:
            merged: How many accepted records fell together with another.
            quarantined: Accepted records that turned out to be no facts, with their reasons.
            conflicts: Where records of one node disagree.
        """
        return replace(
            self,
            accepted=self.accepted - merged - len(quarantined),
            merged=self.merged + merged,
            refused=self.refused.plus(quarantined),
            notes=self.notes.plus(conflicts),
        )

    def as_json(self) -> dict[str, object]:
        """Plain form, a row of ``coverage.json``."""
        return {
            "artifact": self.artifact,
            "sha256": self.sha256,
            "source": self.source,
            "status": str(self.status),
            "extracted": self.extracted,
            "extracted_by": self.extracted_by,
            "records": self.records,
            "accepted": self.accepted,
            "merged": self.merged,
            "quarantined": self.quarantined,
            "problem": None if self.problem is None else self.problem.as_json(),
            "skipped": self.refused.as_json(),
            "notes": self.notes.as_json(),
            "gaps": self.gaps.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the answer rests on.

    Attributes:
        documents: One entry per document looked at, and per place skipped; by artifact.
        other_files: Files of no interest, counted by suffix.
        absent: Exports that would settle what is left open.
        sources: Names of the sources there are: what no source reads a person has to look at.
    """

    documents: tuple[DocumentCoverage, ...]
    other_files: Mapping[str, int]
    absent: tuple[Missing, ...] = ()
    sources: frozenset[str] = frozenset()

    @property
    def bad(self) -> tuple[DocumentCoverage, ...]:
        """Documents at fault."""
        return tuple(document for document in self.documents if document.bad)

    @property
    def complete(self) -> bool:
        """Whether all that was given was read, with no record in quarantine."""
        return not self.bad and not any(document.quarantined for document in self.documents)

    @property
    def gaps(self) -> int:
        """How many gaps the documents left."""
        return sum(document.gaps.total for document in self.documents)

    def as_json(self) -> dict[str, object]:
        """Plain form, the content of ``coverage.json``."""
        return {
            "complete": self.complete,
            "gaps": self.gaps,
            "artifacts": [document.as_json() for document in self.documents],
            "absent": [
                {**entry.as_json(), "readable": entry.source in self.sources}
                for entry in self.absent
            ],
            "other_files": dict(sorted(self.other_files.items())),
        }


def absent_exports(
    documents: Iterable[DocumentCoverage], ingestors: Mapping[str, Ingestor]
) -> tuple[Missing, ...]:
    """What the sources that were read expect from sources that were not."""
    read = {document.source for document in documents if document.accepted}
    return tuple(
        sorted(
            Missing(
                expected.source,
                ingestors[expected.source].title if expected.source in ingestors else "",
                expected.settles,
                name,
                expected.command,
            )
            for name, ingestor in ingestors.items()
            if name in read
            for expected in ingestor.expects
            if expected.source not in read
        )
    )
