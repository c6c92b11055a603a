"""The account of one run, handed along from reading to judging and closed once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nhigraph.facts.facts import Fact, Gap, Note
from nhigraph.facts.missing import Missing
from nhigraph.ingest.coverage import Coverage, DocumentCoverage, Line

#: Pointer and reason, as those who merge and judge state them.
Said = tuple[str, str]


class Ledger:
    """What became of every document; whoever finds something more writes it in."""

    def __init__(self, coverage: Coverage) -> None:
        """Open it with what reading found."""
        self._read = coverage
        self._documents = {document.artifact: document for document in coverage.documents}
        self._absent = set(coverage.absent)

    def settle(
        self,
        artifact: str,
        *,
        merged: int = 0,
        refused: Iterable[Said] = (),
        notes: Iterable[Said] = (),
        gaps: Iterable[Said] = (),
    ) -> None:
        """Write in what was found of one document's records; of one that nobody read, nothing.

        Args:
            artifact: Name of the document.
            merged: Accepted records that fell together with another.
            refused: Accepted records that turned out to be no facts.
            notes: What is worth a line and costs no record.
            gaps: What was seen, not understood.
        """
        document = self._documents.get(artifact)
        if document is not None:
            document = document.settled(merged=merged, quarantined=_lines(refused))
            self._documents[artifact] = _with(document, _lines(notes), _lines(gaps))

    def found(self, facts: Iterable[Fact]) -> None:
        """Write in the gaps and notes that showed when documents were put together, once each."""
        gaps: dict[str, set[Said]] = {}
        notes: dict[str, set[Said]] = {}
        for fact in facts:
            place = fact.evidence
            if isinstance(fact, Gap):
                said = (place.pointer, f"{fact.at}: {fact.reason}")
                gaps.setdefault(place.artifact, set()).add(said)
            elif isinstance(fact, Note):
                notes.setdefault(place.artifact, set()).add((place.pointer, fact.reason))
        for artifact in sorted({*gaps, *notes}):
            self.settle(
                artifact,
                notes=sorted(notes.get(artifact, ())),
                gaps=sorted(gaps.get(artifact, ())),
            )

    def miss(self, exports: Iterable[Missing]) -> None:
        """Write in exports that would settle what is left open."""
        self._absent.update(exports)

    def close(self) -> Coverage:
        """What all of it came to."""
        documents = (self._documents[one.artifact] for one in self._read.documents)
        return replace(self._read, documents=tuple(documents), absent=tuple(sorted(self._absent)))


def _lines(said: Iterable[Said]) -> list[Line]:
    return [Line(*one) for one in said]


def _with(
    document: DocumentCoverage, notes: Sequence[Line], gaps: Sequence[Line]
) -> DocumentCoverage:
    return replace(document, notes=document.notes.plus(notes), gaps=document.gaps.plus(gaps))
