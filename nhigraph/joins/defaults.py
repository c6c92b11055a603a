"""What jobs without permissions of their own may write: the default that an export states.

An organization's ``read`` stands for all its repositories, its ``write`` for none
(``sources.github_actions.defaults``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Note
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import Arc, View
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind


@dataclass
class Defaults:
    """Decides the edges that rest on a default.

    Attributes:
        view: The graph.
        jobs: Its jobs.
        settled: Numbers of those edges: whether each holds for certain, or not at all.
    """

    view: View
    jobs: Jobs
    settled: dict[int, bool] = field(default_factory=dict)

    def facts(self, guards: Mapping[int, str]) -> Iterator[Fact]:
        """The edges that hold, where the default says so; what is missing, once a repository."""
        asked: set[str] = set()
        for job in self.jobs.all:
            repository = self.jobs.repository(job)
            if self.view.text(job, "permissions_from") != "default":
                continue
            found = self._writes(repository)
            if found is None:
                if repository not in asked:
                    asked.add(repository)
                    yield self._missing(job, repository)
                continue
            writes, place = found
            for kind, arc in self._arcs(job, repository):
                self.settled[arc.row] = writes
                if writes:
                    yield Edge(
                        kind,
                        self.view.key(arc.source),
                        self.view.key(arc.target),
                        place,
                        action=arc.action or None,
                        gate=guards.get(arc.row) or arc.gate or None,
                    )

    def _writes(self, repository: str) -> tuple[bool, Evidence] | None:
        account = self.view.node(repository.rpartition("/")[0])
        own = self.view.node(repository)
        for node in (account, own):
            read_only = None if node is None else self.view.props(node).get("token_read_only")
            if node is None or not isinstance(read_only, bool):
                continue
            if read_only or node == own:
                return not read_only, self._place(node)
        return None

    def _place(self, node: int) -> Evidence:
        places = self.view.places(node)
        stated = (one for one in places if one.pointer.endswith("/default_workflow_permissions"))
        return next(stated, places[0])

    def _arcs(self, job: int, repository: str) -> Iterator[tuple[EdgeKind, Arc]]:
        """What the job's token may do to its own repository, as far as that is in doubt."""
        grants = f"{repository}/permission/"
        for kind in (k.CAN_WRITE, k.HOLDS):
            for arc in self.view.out(job, kind):
                key = self.view.key(arc.target)
                if not arc.certain and (key == repository or key.startswith(grants)):
                    yield kind, arc

    def _missing(self, job: int, repository: str) -> Note:
        name = repository.removeprefix("github:")
        reason = (
            "not supplied: the default of GITHUB_TOKEN for jobs without permissions; gh api"
            f" repos/{name}/actions/permissions/workflow"
        )
        return Note(reason, self.jobs.place(job))
