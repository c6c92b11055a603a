"""What was read, and every question that it answers."""

import tempfile
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from nhigraph.api import frames
from nhigraph.api.answers import Assessment, Cut, Difference, Explanation, Path
from nhigraph.api.pages import Page
from nhigraph.app import demo
from nhigraph.app import judged as reading
from nhigraph.app.build import write_build
from nhigraph.app.collect import collect
from nhigraph.app.coverage import DocumentRow, document_rows
from nhigraph.app.judged import Judged
from nhigraph.app.questions import cut as cutting
from nhigraph.app.questions import diff as differing
from nhigraph.app.questions import explain, meanings, names, reach, verdicts, what_if
from nhigraph.app.questions.explain_gate import explain_gate
from nhigraph.app.questions.radius import radius
from nhigraph.app.questions.rows import AnsweredVerdict, ReachRow
from nhigraph.app.questions.supposed import Supposed
from nhigraph.app.questions.why import why
from nhigraph.assurance.cut_rows import ChokeRow
from nhigraph.assurance.left_out import LeftOut
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.radius_rows import RadiusRow
from nhigraph.assurance.rows import ScopeIssue
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.errors import InputError, UsageError
from nhigraph.graph.snapshot import Snapshot
from nhigraph.graph.store import Graph
from nhigraph.ingest.coverage import Coverage
from nhigraph.records import dataclass

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Name = str | File
#: A scope as it is written: a file, or what it holds.
Scope = Name | Mapping[str, Any]


def read(
    *inputs: Name,
    scope: Scope | None = None,
    repo: str | None = None,
    as_of: str | None = None,
    include_disabled: bool = False,
) -> "Estate":
    """Read exports into one graph; nothing is written, and nothing is asked of a network.

    Args:
        inputs: Files and folders, of any kinds.
        scope: What is books and what is promised: a file, or its content as a mapping. It may lie
            among the inputs instead; without one, questions about the graph can be asked, but
            nothing is judged.
        repo: Name of a checkout on its forge, where no remote says it: ``OWNER/NAME``.
        as_of: ISO date of every answer; by default the scope's, the newest extract's, or today.
        include_disabled: Count disabled, deleted and expired nodes as active.

    Raises:
        UsageError: An input does not exist, or a scope was named that is none.
        InputError: The scope cannot be read; it says in which file and where.
        NoInputError: Nothing readable was found.
    """
    given = _Given(tuple(File(one) for one in inputs), repo, as_of, include_disabled)
    return given.read(scope)


def sample(*, as_of: str | None = None) -> "Estate":
    """The invented company that comes with the package, to try things on.

    Args:
        as_of: ISO date of every answer; by default its scope's.
    """
    folder = demo.sample()
    return read(*demo.inputs(), scope=folder / "scope.yaml", repo=demo.REPOSITORY, as_of=as_of)


def load(folder: Name, *, as_of: str | None = None, include_disabled: bool = False) -> "Estate":
    """Load what ``save``, or ``nhigraph assess`` or ``build``, wrote.

    Args:
        folder: The output folder, or the ``graph/`` in it.
        as_of: ISO date of every answer; by default the stored one.
        include_disabled: Count disabled, deleted and expired nodes as active.

    Raises:
        NoInputError: There is none.
        InputError: It is damaged, or of another version.
    """
    found = reading.loaded(File(folder), option=as_of, include_disabled=include_disabled)
    return Estate(*found)


@dataclass(frozen=True)
class _Given:
    """What an estate was read from."""

    inputs: tuple[File, ...]
    repo: str | None
    as_of: str | None
    include_disabled: bool

    def read(self, scope: Scope | None) -> "Estate":
        """Read it, with a scope."""
        if not isinstance(scope, Mapping):
            return self._read(None if scope is None else File(scope))
        from nhigraph.output.json_files import json_text  # noqa: PLC0415 - of a mapping alone

        with tempfile.TemporaryDirectory() as folder:
            file = File(folder) / "scope.json"
            file.write_text(json_text(dict(scope)), encoding="utf-8")
            return self._read(file)

    def _read(self, scope: File | None) -> "Estate":
        if scope is not None and not scope.is_file():
            raise UsageError(f"scope: no such file: {scope}")
        inputs = [*self.inputs, *([scope] if scope else [])]
        found = collect(inputs, repo=self.repo)
        if scope is not None:
            _read_whole(found.coverage, scope.name)
            files = {c.evidence.artifact for c in found.claims if c.subject == "scope"}
            if scope.name not in files:
                raise UsageError(f"scope: {scope.name} was not read as a scope/1")
            if len(files) > 1:
                other = ", ".join(sorted(files - {scope.name}))
                raise UsageError(f"scope: a scope lies among the inputs, too: {other}")
        judged = reading.of_collection(
            found, option=self.as_of, include_disabled=self.include_disabled
        )
        meta = {
            "as_of": judged.date.day,
            "as_of_source": judged.date.source,
            "include_disabled": self.include_disabled,
        }
        stored = Snapshot(found.graph, meta, found.claims, judged.coverage, "")
        return Estate(stored, judged, self)


def _read_whole(coverage: Coverage, name: str) -> None:
    """A scope that is broken is an error with its place."""
    for document in coverage.bad:
        if document.artifact == name and document.problem is not None:
            raise InputError(name, document.problem.pointer, document.problem.reason)


class Estate:
    """One graph of what was read, on one day.

    Names are keys, names as people know them, or unambiguous parts of a key, as on the command
    line; a name that fits nothing or several things is a ``UsageError`` that says what comes
    close.
    """

    def __init__(self, stored: Snapshot, judged: Judged, given: _Given | None = None) -> None:
        """Made by ``read`` and ``load``."""
        self._stored, self._judged, self._given = stored, judged, given

    # --- what was read -------------------------------------------------------------------------

    @property
    def as_of(self) -> str:
        """ISO date of every answer."""
        return self._judged.date.day

    @property
    def _graph(self) -> Graph:
        return self._judged.estate.graph

    @cached_property
    def nodes(self) -> "pd.DataFrame":
        """A row per node, indexed by its key."""
        return frames.nodes(self._graph)

    @cached_property
    def edges(self) -> "pd.DataFrame":
        """A row per edge, with the smallest place that states it."""
        return frames.edges(self._graph)

    @cached_property
    def gaps(self) -> "pd.DataFrame":
        """A row per gap: what was seen and not understood, or is missing."""
        return frames.gaps(self._graph)

    @cached_property
    def gates(self) -> "pd.DataFrame":
        """A row per control that an input describes."""
        return frames.gates(self._graph)

    @cached_property
    def coverage(self) -> "pd.DataFrame":
        """A row per document: what was read of it, and what was not."""
        return frames.frame(DocumentRow, document_rows(self._judged.coverage))

    @cached_property
    def issues(self) -> "pd.DataFrame":
        """What is wrong or doubtful in the scope, as ``scope check`` tells it; errors first."""
        return frames.frame(ScopeIssue, self._judged.issues)

    @property
    def complete(self) -> bool:
        """Whether all that was given was read, and no identity reaches a gap."""
        return self._judged.complete_for()

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """The graph as a networkx multigraph, without loss."""
        return self._graph.to_networkx()

    def save(self, folder: Name) -> None:
        """Write the graph, its coverage and a manifest; ``load`` reads them.

        Raises:
            UsageError: The folder holds something that this tool did not write.
        """
        stored = self._stored
        left_out = LeftOut.kept(stored.meta)
        write_build(File(folder), stored.graph, stored.claims, self._judged, left_out)

    # --- answers -------------------------------------------------------------------------------

    def assess(self, *, all_reached: bool = False) -> Assessment:
        """Judge every non-human identity at every target that it reaches.

        Args:
            all_reached: Rows of pairs that are reached without any effect, too.

        Raises:
            UsageError: There is no scope, or it names no target: every answer would be an empty
                "no path".
        """
        from nhigraph.app.judge import judge  # noqa: PLC0415 - with all that it asks
        from nhigraph.assurance.answer import Options  # noqa: PLC0415 - as above

        rows, _ = judge(self._judged, Options(all_reached=all_reached))
        return Assessment(rows, self._judged)

    def who(self, target: str) -> "pd.DataFrame":
        """Which identities reach a target, with verdicts, or a node, with states."""
        goal, node = names.find_goal(self._judged, target)
        if node is None or goal in {one.key for one in self._judged.estate.targets}:
            return frames.frame(AnsweredVerdict, verdicts.at_target(self._judged, goal))
        return frames.frame(ReachRow, reach.who(self._judged, node))

    def reach(self, source: str, target: str | None = None) -> "pd.DataFrame":
        """What a node reaches, nearest first, or what it holds at one target or node."""
        start, _ = names.find_walker(self._judged, source)
        if target is None:
            return frames.frame(ReachRow, reach.reach(self._judged, start))
        goal, _ = names.find_goal(self._judged, target)
        return frames.frame(ReachRow, reach.reach_one(self._judged, start, goal))

    def blast(self, node: str) -> "pd.DataFrame":
        """Which targets, identities and credentials fall to whoever controls a node."""
        start, _ = names.find_walker(self._judged, node)
        return frames.frame(ReachRow, reach.blast(self._judged, start))

    def radius(self, *, ways: str = "may", exact: bool = False) -> "pd.DataFrame":
        """How many nodes fall with every identity; ways as in ``cut``, worst first."""
        return frames.frame(RadiusRow, radius(self._judged, ways, exact=exact))

    def why(self, source: str, target: str, *, alternatives: int = 0) -> Path:
        """The best path, step by step, with evidence; at a target the one of the verdict."""
        start, _ = names.find_walker(self._judged, source)
        goal, _ = names.find_goal(self._judged, target)
        return Path.of(why(self._judged, start, goal, alternatives))

    def view(
        self,
        source: str | None = None,
        target: str | None = None,
        *,
        hops: int | None = None,
        effect: str | None = None,
    ) -> Page:
        """A page of one question: the ways from a node, to one, or from one to the other.

        Args:
            source: Where they begin.
            target: Where they end; one of the two may be left out.
            hops: Most steps of a way.
            effect: What is held at the end: control, alter, omit, read or halt.
        """
        from nhigraph.app.view import drawing  # noqa: PLC0415 - templates: only where asked

        page, drawn = drawing(self._judged, (source, target), hops, effect)
        return Page(drawn.title, page)

    def explain(self, name: str) -> Explanation:
        """What a word means, or what the inputs say of a node, a control or a path.

        Args:
            name: A word as ``nhigraph explain`` takes it (``fs_role``, ``both``, ``R12``,
                ``CC6.1``), which no input need hold; the key or name of a node; the key of a
                control; the id of a path.
        """
        fields = meanings.taught(name)
        if fields:
            said = [explain.Said(*field) for field in fields]
            return Explanation.of(explain.Explained(name, said, []))
        path = explain.find_path(self._judged, name)
        if path is not None:
            return Explanation.of(explain.explain_path(name, path))
        gate = explain_gate(self._judged, name)
        if gate is not None:
            return Explanation.of(gate)
        return Explanation.of(explain.explain(self._judged, names.find_node(self._graph, name)))

    def ask(self) -> "pd.DataFrame":
        """What is not known, the facts that settle most first."""
        from nhigraph.app.ask import ask  # noqa: PLC0415 - as assess

        return frames.frame(QuestionRow, ask(self._judged).rows)

    def which(self, *subjects: str) -> "pd.DataFrame":
        """SOC 1, SOC 2, both or neither, for each system, or for some."""
        from nhigraph.app.questions.which import which  # noqa: PLC0415 - as assess

        return frames.frame(WhichRow, (row for row, _ in which(self._judged, subjects)))

    def cut(
        self,
        *targets: str,
        identities: Iterable[str] = (),
        effects: Iterable[str] = (),
        ways: str = "may",
    ) -> Cut:
        """The fewest changes after which nobody reaches some targets.

        Args:
            targets: Targets or nodes; ``soc1`` or ``soc2`` for all of a family.
            identities: Who shall not reach them; by default the whole population.
            effects: What they shall not do there (control, alter, omit, read, halt); by default
                all that harms.
            ways: may (every way), can (the certain ones) or open (past every control that holds).
        """
        from nhigraph.assurance.cuts.smallest import cut  # noqa: PLC0415 - as assess

        wanted = cutting.asked(self._judged, targets, [*identities], [*effects], ways)
        return Cut(cut(self._judged.estate, wanted))

    def choke_points(self, *targets: str) -> "pd.DataFrame":
        """The nodes and rights that every way to some targets passes."""
        from nhigraph.assurance.cuts.choke import choke  # noqa: PLC0415 - as assess

        wanted = cutting.asked(self._judged, targets, [], [], "may")
        return frames.frame(ChokeRow, choke(self._judged.estate, wanted).rows)

    # --- what would be otherwise ---------------------------------------------------------------

    def with_scope(self, scope: Scope) -> "Estate":
        """The same inputs with another scope.

        Raises:
            UsageError: It was loaded, not read: names and links of a scope count while reading.
        """
        if self._given is None:
            raise UsageError("a loaded estate keeps its scope: read the inputs with the other one")
        return self._given.read(scope)

    def without(
        self,
        *nodes: str,
        edges: Iterable[tuple[str, str, str]] = (),
        places: Iterable[tuple[str, str]] = (),
    ) -> "Estate":
        """The estate after something went; this one stays as it is.

        Args:
            nodes: Nodes that go, with all their edges.
            edges: Edges that go: kind, from, to.
            places: Records that go: artifact and pointer, as in ``Cut.changes``.
        """
        gone = Supposed(nodes, tuple(edges), tuple(places))
        return Estate(*what_if.changed(self._stored, gone, self._judged))

    def diff(self, later: "Estate") -> Difference:
        """What differs in a later estate, and why each answer that changed did."""
        return Difference(differing.of_snapshots(self._stored, later._stored))  # noqa: SLF001 - its own kind

    # --- for people ----------------------------------------------------------------------------

    def __repr__(self) -> str:
        """How much there is."""
        graph = self._graph
        counts = (
            f"{len(graph.nodes):,} nodes, {len(graph.edges):,} edges, {len(graph.gaps):,} gaps"
        )
        return f"<Estate as of {self.as_of}: {counts}>"

    def _repr_html_(self) -> str:
        kinds = self.nodes.groupby("kind").size().rename("nodes").sort_values(ascending=False)
        head = repr(self).strip("<>")
        return f"<p><b>{head}</b></p>{kinds.reset_index().to_html(index=False, border=0)}"
