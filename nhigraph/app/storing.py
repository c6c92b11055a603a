"""A graph on disk beside what was made of it: all at once, or its tables while it is judged."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nhigraph.app.as_of import AsOf
from nhigraph.app.judged import Judged
from nhigraph.app.needed_packages import brought
from nhigraph.app.program import program
from nhigraph.assurance.left_out import NOTHING, LeftOut
from nhigraph.facts.facts import Claim
from nhigraph.graph import snapshot
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass


def store(
    folder: Path,
    graph: Graph,
    claims: Sequence[Claim],
    date: AsOf,
    coverage: Mapping[str, Any],
    *,
    include_disabled: bool = False,
    left_out: LeftOut = NOTHING,
) -> str:
    """Write a snapshot that ``judged.of_graph`` reads; returns the graph's digest.

    Args:
        folder: Where to.
        graph: The graph, before its scope was resolved.
        claims: The scope.
        date: Its date.
        coverage: What was read.
        include_disabled: As it was judged.
        left_out: What is supposed not to be there.
    """
    meta = _meta(date, brought(graph), include_disabled=include_disabled) | left_out.meta
    return snapshot.save(folder, graph, meta=meta, claims=claims, coverage=coverage)


@dataclass(frozen=True, slots=True)
class Storing:
    """A snapshot whose tables are written: for that the graph need not be kept while it is judged.

    Attributes:
        claims: The scope.
    """

    claims: Sequence[Claim]
    _begun: snapshot.Begun
    _packages: Sequence[Mapping[str, str]]

    @classmethod
    def of(cls, folder: Path, graph: Graph, claims: Sequence[Claim]) -> "Storing":
        """Write the tables of a graph.

        Args:
            folder: A folder that lies in none that is in its place; it is made here.
            graph: The graph, before its scope was resolved.
            claims: The scope.
        """
        folder.mkdir()
        return cls(claims, snapshot.Begun.of(folder, graph), brought(graph))

    @property
    def digest(self) -> str:
        """Digest of the graph."""
        return self._begun.digest

    def finish(
        self,
        judged: Judged,
        coverage: Mapping[str, Any],
        asked: str = "",
        answers: Sequence[bytes] = (),
    ) -> None:
        """Write what came of it; until then the folder is no snapshot.

        Args:
            judged: The estate that was made of it.
            coverage: What was read.
            asked: What ``app.ask.kept`` writes of it, judged so.
            answers: What ``app.stored_answers.lines`` writes of it, judged so.
        """
        include = judged.estate.day.include_disabled
        meta = _meta(judged.date, self._packages, asked, include_disabled=include)
        self._begun.finish(meta=meta, claims=self.claims, coverage=coverage, answers=answers)


def _meta(
    date: AsOf, packages: Sequence[Mapping[str, str]], asked: str = "", *, include_disabled: bool
) -> dict[str, object]:
    meta: dict[str, object] = {
        "as_of": date.day,
        "as_of_source": date.source,
        "include_disabled": include_disabled,
        "program": program(),
    }
    if asked:
        meta["asked"] = asked
    if packages:
        meta["packages"] = packages
    return meta
