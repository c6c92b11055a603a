"""From input paths to one merged graph, its claims, and the account of what was read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from nhigraph.app.registry import ingestors, unusable
from nhigraph.assurance.scope import aliases, header, linked, opened
from nhigraph.errors import NoInputError, UsageError
from nhigraph.facts.facts import Claim, Fact, Gap, Note
from nhigraph.graph.assembly import Built, Tally
from nhigraph.graph.build import build
from nhigraph.graph.store import Graph
from nhigraph.ingest.coverage import Coverage, DocumentCoverage, Line
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import Collected, Progress, run
from nhigraph.joins import passes
from nhigraph.joins.board import Board


@dataclass(frozen=True, slots=True)
class Collection:
    """What the inputs say.

    Attributes:
        graph: The merged graph, without the scope's targets.
        claims: The scope's claims.
        coverage: What was read and what was not.
        extracted: Newest extract date among the inputs, ISO; None if none says.
    """

    graph: Graph
    claims: tuple[Claim, ...]
    coverage: Coverage
    extracted: str | None


def collect(
    inputs: Sequence[Path], *, repo: str | None = None, progress: Progress | None = None
) -> Collection:
    """Read, merge and account.

    Args:
        inputs: Files and folders, of any kinds.
        repo: ``owner/name`` of a checkout without a GitHub remote.
        progress: Told about every document before it is read.

    Raises:
        UsageError: An input path does not exist, or ``repo`` names no repository.
        NoInputError: Nothing readable was found.
    """
    missing = [str(path) for path in inputs if not path.exists()]
    if missing:
        raise UsageError(f"no such file or folder: {', '.join(missing)}")
    found = discover(inputs, repo=repo)
    collected = run(found.documents, ingestors(), explicit=found.explicit, progress=progress)
    coverage = collected.coverage(ingestors(), (*found.skipped, *unusable()))
    if not any(document.accepted for document in collected.documents):
        raise NoInputError(_nothing(collected, coverage))
    built = build([*collected.facts, *collected.tables], collected.left)
    names = aliases(built.claims)
    graph = passes.unified(built.graph, names)
    tied = opened(built.claims)
    board = passes.run(
        Board(
            graph,
            {one: to for key, to in tied.items() for one in graph.named(key)},
            names,
            {one for key in linked(built.claims) for one in graph.named(key)},
        )
    )
    graph = passes.sealed(board)
    coverage = missed(settled(coverage, built), board.facts)
    absent = tuple(sorted({*coverage.absent, *board.missing}))
    return Collection(
        graph, tuple(built.claims), replace(coverage, absent=absent), collected.extracted
    )


def _nothing(collected: Collected, coverage: Coverage) -> str:
    lines = ["no readable input: no source recognised any of the files given"]
    lines += [f"  {d.artifact}: {d.problem.reason}" for d in coverage.bad if d.problem is not None]
    if not collected.documents:
        lines.append("  (nhigraph sources lists what can be read)")
    return "\n".join(lines)


def missed(coverage: Coverage, facts: Iterable[Fact]) -> Coverage:
    """The coverage with the gaps and notes that showed when the documents were joined."""
    gaps: dict[str, set[Line]] = {}
    notes: dict[str, set[Line]] = {}
    for fact in facts:
        if isinstance(fact, Gap):
            line = Line(fact.evidence.pointer, f"{fact.at}: {fact.reason}")
            gaps.setdefault(fact.evidence.artifact, set()).add(line)
        elif isinstance(fact, Note):
            line = Line(fact.evidence.pointer, fact.reason)
            notes.setdefault(fact.evidence.artifact, set()).add(line)
    documents = [
        replace(
            document,
            gaps=document.gaps.plus(sorted(gaps.get(document.artifact, ()))),
            notes=document.notes.plus(sorted(notes.get(document.artifact, ()))),
        )
        for document in coverage.documents
    ]
    return replace(coverage, documents=tuple(documents))


def settled(coverage: Coverage, built: Built) -> Coverage:
    """The coverage with what merging found: repeats, dangling ends, conflicts."""
    documents = [_settled(d, built.tallies.get(d.artifact)) for d in coverage.documents]
    return replace(coverage, documents=tuple(documents))


def _settled(document: DocumentCoverage, tally: Tally | None) -> DocumentCoverage:
    if tally is None:
        return document
    refused = [Line(pointer, reason) for pointer, reason in sorted(tally.refused)]
    said = [*sorted(tally.aside), *sorted(tally.conflicts)]
    notes = [Line(pointer, reason) for pointer, reason in said]
    gaps = [Line(pointer, reason) for pointer, reason in sorted(set(tally.gaps))]
    document = document.settled(merged=tally.merged, quarantined=refused)
    return replace(document, notes=document.notes.plus(notes), gaps=document.gaps.plus(gaps))


@dataclass(frozen=True, slots=True)
class AsOf:
    """The date of every answer.

    Attributes:
        day: ISO date (UTC).
        source: ``option``, ``scope``, ``extract`` or ``clock``.
    """

    day: str
    source: str


def as_of(option: str | None, claims: Iterable[Claim], extracted: str | None) -> AsOf:
    """The option, else the scope, else the newest extract, else today.

    Raises:
        UsageError: The option is no date.
    """
    if option:
        try:
            return AsOf(date.fromisoformat(option).isoformat(), "option")
        except ValueError:
            problem = f"--as-of: expected a date such as 2026-11-23, not {option!r}"
            raise UsageError(problem) from None
    stated = header(claims).get("as_of")
    if stated:
        return AsOf(str(stated), "scope")
    if extracted:
        return AsOf(extracted, "extract")
    return AsOf(datetime.now(UTC).date().isoformat(), "clock")
