"""What jobs without permissions of their own may write: the default that an export states.

An owner's ``read`` stands for all its repositories, its ``write`` for none: each may take it back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Note
from nhigraph.facts.keys import forge
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import Arc, View
from nhigraph.policy import forges
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind

_CLOSED = "the default is to read only: what {} might write without it falls away"


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
        """The edges that hold, where the default says so."""
        for job in self.jobs.all:
            repository = self.jobs.repository(job)
            if self.view.text(job, "permissions_from") != "default":
                continue
            found = stated(self.view, repository)
            if found is None:
                continue
            writes, place = found
            doubted = [*self._arcs(job, repository)]
            if doubted and not writes:
                yield Note(_CLOSED.format(self.view.key(job)), place)
            for kind, arc in doubted:
                self.settled[arc.row] = writes
                if writes:
                    yield Edge(
                        kind,
                        self.view.key(arc.source),
                        self.view.key(arc.target),
                        place,
                        action=arc.action or None,
                        gate=guards.get(arc.row, arc.gate) or None,
                    )

    def _arcs(self, job: int, repository: str) -> Iterator[tuple[EdgeKind, Arc]]:
        """What the job's token may do to its own repository, as far as that is in doubt."""
        for kind in (k.CAN_WRITE, k.HOLDS):
            for arc in self.view.out(job, kind):
                key = self.view.parsed(arc.target)
                about = key.repository if isinstance(key, forge.Permission) else key
                if not arc.certain and about is not None and about.text == repository:
                    yield kind, arc


def stated(view: View, repository: str) -> tuple[bool, Evidence] | None:
    """Whether the tokens of a repository's jobs may write by default, and where that was said."""
    own_key = forge.Repository.parse(repository)
    for node in view.of_kind(k.REPOSITORY, k.CONTAINER):
        key = view.parsed(node) if view.props(node).get("owner_token_read_only") is True else None
        if (
            own_key is not None
            and isinstance(key, forge.Repository | forge.Owned)
            and (key.platform, key.owner) == (own_key.platform, own_key.owner)
        ):
            return False, _place(view, node)
    own = view.node(repository)
    read_only = None if own is None else view.props(own).get("token_read_only")
    if own is None or not isinstance(read_only, bool):
        return None
    return not read_only, _place(view, own)


def _place(view: View, node: int) -> Evidence:
    places = view.places(node)
    end = forges.of(view.parsed(node)).default_at
    said = (one for one in places if one.pointer.endswith(end))
    return next(said, places[0])
