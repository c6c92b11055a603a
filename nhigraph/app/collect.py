"""From input paths to one merged graph, its claims, and the account of what was read."""

from collections.abc import Sequence
from pathlib import Path

from nhigraph.app.given_back import give_back
from nhigraph.app.registry import ingestors, unusable
from nhigraph.assurance.links import linked, opened
from nhigraph.errors import NoInputError, UsageError
from nhigraph.facts import aliases
from nhigraph.facts.facts import Claim
from nhigraph.graph.build import build
from nhigraph.graph.store import Graph
from nhigraph.graph.tally import Tally
from nhigraph.ingest.coverage import Coverage
from nhigraph.ingest.discover import NOT_FOLLOWED, discover
from nhigraph.ingest.ledger import Ledger
from nhigraph.ingest.run import Progress, run
from nhigraph.joins import passes
from nhigraph.joins.board import Board
from nhigraph.records import dataclass

#: Files that are named where nothing could be read.
_TOLD = 5
#: The source that reads scopes.
_SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Collection:
    """What the inputs say.

    Attributes:
        graph: The merged graph, without the scope's targets.
        claims: The scope's claims.
        ledger: What was read and what was not; whoever judges it writes more into it.
        extracted: Newest extract date among the inputs, ISO; None if none says.
    """

    graph: Graph
    claims: tuple[Claim, ...]
    ledger: Ledger
    extracted: str | None

    @property
    def coverage(self) -> Coverage:
        """What the ledger comes to."""
        return self.ledger.close()


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
    # A scope claims things of what others say; alone it says nothing.
    if not any(one.accepted for one in collected.documents if one.source != _SCOPE):
        raise NoInputError(_nothing(coverage))
    built = build([*collected.facts, *collected.tables], collected.left)
    extracted = collected.extracted
    del collected  # the tables are in the graph now
    give_back()
    names = aliases.stated(built.claims)
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
    ledger = Ledger(coverage)
    for artifact, tally in sorted(built.tallies.items()):
        _settle(ledger, artifact, tally)
    ledger.found(board.facts)
    ledger.miss(board.missing)
    return Collection(graph, tuple(built.claims), ledger, extracted)


def _nothing(coverage: Coverage) -> str:
    """Why nothing could be read, in one line."""
    bad = [f"{d.artifact}: {d.problem.reason}" for d in coverage.bad if d.problem is not None]
    more = f" and {len(bad) - _TOLD} more" if len(bad) > _TOLD else ""
    said = f" ({'; '.join(bad[:_TOLD])}{more})" if bad else ""
    links = [
        d.artifact for d in coverage.documents if d.problem and d.problem.reason == NOT_FOLLOWED
    ]
    if links:
        said += f"; {not_followed(links)}"
    return (
        f"no readable input: no source recognised any of the files given{said}; "
        "`nhigraph sources` lists what can be read"
    )


def not_followed(links: Sequence[str]) -> str:
    """A line on symbolic links below the inputs: how many, which, and how to have them read.

    Args:
        links: Where they lie, below the inputs; at least one.
    """
    more = f" and {len(links) - _TOLD} more" if len(links) > _TOLD else ""
    count = "1 symbolic link is" if len(links) == 1 else f"{len(links)} symbolic links are"
    them = "it" if len(links) == 1 else "them"
    return (
        f"{count} not followed: {', '.join(links[:_TOLD])}{more}; name {them} to have {them} read"
    )


def _settle(ledger: Ledger, artifact: str, tally: Tally) -> None:
    """Write in what merging found: repeats, dangling ends, conflicts."""
    ledger.settle(
        artifact,
        merged=tally.merged,
        refused=sorted(tally.refused),
        notes=[*sorted(tally.aside), *sorted(tally.untested), *sorted(tally.conflicts)],
        gaps=sorted(set(tally.gaps)),
    )
