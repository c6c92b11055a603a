"""An estate from a collection or from a stored graph, and what its scope left open."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from nhigraph.app.as_of import AsOf, as_of
from nhigraph.app.collect import Collection
from nhigraph.app.needed_packages import require
from nhigraph.assurance.check_scope import check
from nhigraph.assurance.day import Day
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.left_out import LeftOut
from nhigraph.assurance.reached import population_reaches_a_gap
from nhigraph.assurance.rows import ScopeIssue, Unread
from nhigraph.assurance.scope import Resolved, resolve
from nhigraph.graph import snapshot
from nhigraph.graph.named import Names
from nhigraph.graph.snapshot import Snapshot
from nhigraph.graph.store import Graph
from nhigraph.ingest.coverage import LISTED, Coverage
from nhigraph.ingest.discover import NOT_FOLLOWED
from nhigraph.ingest.ledger import Ledger
from nhigraph.records import dataclass

#: Source of scopes.
_SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Judged:
    """An estate with its date and the coverage behind it.

    Attributes:
        estate: What is judged.
        date: Its date and where that comes from.
        coverage: Content of coverage.json, or the part of it that a snapshot keeps.
        resolved: The scope, resolved.
        bad: Documents at fault.
        issues: Errors and warnings of the scope, worst first.
        asked: What ``app.ask.kept`` wrote of the same estate on the same day; empty for nothing.
        digest: Digest of the stored graph; empty where it was not stored.
    """

    estate: Estate
    date: AsOf
    coverage: Mapping[str, Any]
    resolved: Resolved
    bad: tuple[str, ...] = ()
    issues: tuple[ScopeIssue, ...] = ()
    asked: str = ""
    digest: str = ""

    @property
    def scope_errors(self) -> tuple[ScopeIssue, ...]:
        """Errors of the scope; a dead target is one."""
        return tuple(issue for issue in self.issues if issue.level == "error")

    @property
    def faults(self) -> int:
        """How many errors the scope has."""
        return len(self.scope_errors)

    @property
    def scoped(self) -> bool:
        """Whether a scope was read."""
        return any(d["source"] == _SCOPE for d in self.coverage.get("artifacts", ()))

    @property
    def problems(self) -> tuple[str, ...]:
        """Documents that could not be read, each with the place and what is wrong there."""
        found = []
        for document in self.coverage["artifacts"]:
            name, line = document["artifact"], document["problem"]
            if name in self.bad and line:
                place = f"{name} {line['pointer']}".rstrip()
                found.append(f"{place}: {line['reason']}")
        return tuple(found)

    @property
    def links(self) -> tuple[str, ...]:
        """Symbolic links below the inputs, which are not followed."""
        artifacts = self.coverage.get("artifacts", ())
        lines = ((d["artifact"], d["problem"]) for d in artifacts)
        return tuple(name for name, line in lines if line and line["reason"] == NOT_FOLLOWED)

    @property
    def read(self) -> int:
        """Documents that were read whole."""
        return sum(d["status"] == "read" for d in self.coverage.get("artifacts", ()))

    @property
    def named(self) -> Names:
        """Every node, by name."""
        return self.estate.graph

    def complete_for(self, *, reached: bool = False) -> bool:
        """Whether nothing is open that an answer could turn on (FORMATS, *complete*).

        Args:
            reached: Whoever is asked about reaches a gap.

        Returns:
            False for an unread document, a refused record, a scope error, a target that nothing
            stands for, or a gap that is reached, by an identity of the population or by whoever
            is asked about. An optional export that is absent leaves the answer complete.
        """
        return self.complete and not reached and not population_reaches_a_gap(self.estate)

    @property
    def unread(self) -> Unread:
        """What was given and could not be read, the scope's own records apart."""
        return Unread(**self.coverage.get("unread", {}))

    @property
    def complete(self) -> bool:
        """Whether everything given was read and stands for something.

        Of a stored graph that was assessed, it also says that no identity reached a gap.
        """
        return bool(self.coverage.get("complete", False)) and not self.scope_errors

    @property
    def gaps(self) -> int:
        """Gaps of the graph that no answer of the scope closes."""
        return len(self.estate.graph.gaps) - len(self.estate.closed)


def of_collection(
    found: Collection, *, option: str | None = None, include_disabled: bool = False
) -> Judged:
    """Resolve the scope on what was collected."""
    date = as_of(option, found.claims, found.extracted)
    resolved = resolve(found.graph, found.claims, Day(date.day, include_disabled))
    _scope_lines(found.ledger, resolved)
    if len(resolved.estate.graph.gaps) > len(found.graph.gaps):
        _scope_gaps(found, resolved.estate.graph)
    coverage = found.ledger.close()
    bad = tuple(document.artifact for document in coverage.bad)
    return _judged(date, {**coverage.as_json(), "unread": _unread(coverage)}, resolved, bad)


def _unread(coverage: Coverage) -> dict[str, int]:
    """The counts of ``Unread``; records of the scope that were refused are errors of its own."""
    refused = (d.quarantined for d in coverage.documents if d.source != _SCOPE)
    return asdict(Unread(len(coverage.bad), sum(refused)))


def _judged(
    date: AsOf, coverage: Mapping[str, Any], resolved: Resolved, bad: tuple[str, ...] = ()
) -> Judged:
    issues = tuple(issue for issue in check(resolved, None) if issue.level != "note")
    listed = [asdict(issue) for issue in issues[:LISTED]]
    levels = Counter(issue.level for issue in issues)
    scope = {"errors": levels["error"], "warnings": levels["warning"], "listed": listed}
    complete = coverage.get("complete", False) and not levels["error"]
    told = {**coverage, "complete": complete, "scope": scope}
    return Judged(resolved.estate, date, told, resolved, bad, issues)


def _scope_lines(ledger: Ledger, resolved: Resolved) -> None:
    """Write in what the scope names and no input describes."""
    for artifact, pointer, reason in resolved.refused:
        ledger.settle(artifact, refused=[(pointer, reason)])
    for artifact, pointer, selector in resolved.unmatched:
        ledger.settle(artifact, notes=[(pointer, f"no node matches the selector {selector}")])


def _scope_gaps(found: Collection, graph: Graph) -> None:
    """Write in the gaps that only the scope speaks of: ends of its links and answers."""
    own = {claim.evidence.artifact for claim in found.claims}
    nodes, reasons = graph.gaps["node"].tolist(), graph.gaps["reason"].tolist()
    for row, places in enumerate(graph.stated_places("gap", np.arange(len(nodes)))):
        if places and all(artifact in own for artifact, _ in places):
            artifact, pointer = places[0]
            said = f"{graph.key_list[nodes[row]]}: {reasons[row]}"
            found.ledger.settle(artifact, gaps=[(pointer, said)])


def of_graph(
    folder: Path,
    *,
    option: str | None = None,
    include_disabled: bool = False,
) -> Judged:
    """Read the ``graph/`` folder of an earlier ``assess`` or ``build``, or one that holds it.

    Args:
        folder: That folder.
        option: ISO date that overrides the stored one.
        include_disabled: Inactive nodes count as active.

    Raises:
        NoInputError: There is none.
        InputError: It is damaged, another version of this tool wrote it, or a package whose words
            it holds is missing.
    """
    stored = opened(folder)
    return of_stored(stored, option=option, include_disabled=include_disabled)


def opened(folder: Path) -> Snapshot:
    """Read a stored graph; raises as ``of_graph`` does."""
    stored = snapshot.load(folder)
    require(stored.graph, stored.meta.get("packages", ()))
    return stored


def loaded(
    folder: Path, *, option: str | None = None, include_disabled: bool = False
) -> tuple[Snapshot, Judged]:
    """As ``of_graph``, with the snapshot, which then has the day of the answers."""
    stored = opened(folder)
    judged = of_stored(stored, option=option, include_disabled=include_disabled)
    return on_the_day(stored, judged), judged


def on_the_day(stored: Snapshot, judged: Judged) -> Snapshot:
    """A snapshot as if it had been stored on the day on which it is judged."""
    include = judged.estate.day.include_disabled
    told = {"as_of": judged.date.day, "as_of_source": judged.date.source}
    meta = {**stored.meta, **told, "include_disabled": include}
    if not judged.asked:
        meta.pop("asked", None)
    return replace(stored, meta=meta)


def of_stored(
    stored: Snapshot,
    *,
    option: str | None = None,
    include_disabled: bool = False,
) -> Judged:
    """As ``of_graph``, of what was read already; what is left out of it stays so.

    Args:
        stored: It.
        option: As there.
        include_disabled: As there.
    """
    meta = stored.meta
    date = AsOf(str(meta["as_of"]), str(meta["as_of_source"]))
    if option:
        date = as_of(option, (), None)
    include = include_disabled or bool(meta.get("include_disabled"))
    left_out = LeftOut.kept(meta)
    resolved = resolve(stored.graph, stored.claims, Day(date.day, include), left_out.nodes)
    resolved = replace(resolved, estate=left_out.of(resolved.estate))
    judged = _judged(date, stored.coverage, resolved)
    same = date.day == meta["as_of"] and include == bool(meta.get("include_disabled"))
    return replace(judged, asked=str(meta.get("asked", "")) if same else "", digest=stored.digest)
