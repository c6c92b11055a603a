"""What jobs without permissions of their own may write: by a default, or by whoever calls them.

An owner's ``read`` stands for all its repositories, its ``write`` for none: each may take it back.

A called job without permissions has those of the job that calls it, and no more (where a forge has
such jobs, the module of its permissions has the page). Its token is for the repository whose run
it is, so callers in other repositories say nothing of its own. What one caller in its own
repository may write, it may; what none of them may, it may not; where a caller has the default, it
rests on the default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import partial

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Note
from nhigraph.facts.keys import forge
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import Arc, View
from nhigraph.policy import forges
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, EdgeKind

_CLOSED = "the default is to read only: what {} might write without it falls away"
_REFUSED = "its record says that this is not so: what {} could change by it falls away: {}"
_UNCALLED = (
    "no job that calls it may write: what {} might write by a caller's permissions falls away"
)


@dataclass(frozen=True, slots=True)
class _Lets:
    """Whether a token may do something: None where that rests on a default nobody stated."""

    writes: bool | None
    place: Evidence


@dataclass
class Defaults:
    """Decides the edges that rest on a default, or on who calls.

    Attributes:
        view: The graph.
        jobs: Its jobs.
        settled: Numbers of those edges: whether each holds for certain, or not at all.
    """

    view: View
    jobs: Jobs
    settled: dict[int, bool] = field(default_factory=dict)

    def facts(self, guards: Mapping[int, str]) -> Iterator[Fact]:
        """The edges that hold, where the default or the callers say so."""
        for job in self.jobs.all:
            origin, told = self._origin(job), set()
            if origin not in ("default", "caller"):
                continue
            for kind, arc in self._arcs(job):
                lets = self._lets(job, self._starts(arc), frozenset())
                if lets is None or (origin == "default" and lets.writes is None):
                    continue
                self.settled[arc.row] = lets.writes is True
                if lets.writes is False:
                    told.add(lets.place)
                else:
                    yield self._edge(kind, arc, lets, guards.get(arc.row, arc.gate) or None)
            said = _CLOSED if origin == "default" else _UNCALLED
            for place in sorted(told):
                yield Note(said.format(self.view.key(job)), place)

    def refused(self) -> Iterator[Note]:
        """Rights to change workflows on a condition of which a repository's record says no."""
        for node in self.view.of_kind(k.REPOSITORY):
            key = self.view.parsed(node)
            conditions = forges.of(key).refused(self.view.props(node))
            for arc in self._changing(key) if conditions else ():
                if arc.condition in conditions:
                    self.settled[arc.row] = False
                    said = _REFUSED.format(self.view.key(arc.source), arc.condition)
                    yield Note(said, self.view.places(node)[0])

    def _changing(self, repository: keys.Key | None) -> Iterator[Arc]:
        for node in self.view.of_kind(k.WORKFLOW):
            if forge.repository_of(self.view.parsed(node)) == repository:
                yield from self.view.into(node, k.CAN_WRITE)

    def _edge(self, kind: EdgeKind, arc: Arc, lets: _Lets, gate: str | None) -> Edge:
        source, target = self.view.key(arc.source), self.view.key(arc.target)
        action = arc.action or None
        if lets.writes:
            return Edge(kind, source, target, lets.place, action=action, gate=gate)
        by_default = partial(
            Edge,
            certainty=Certainty.CONDITIONAL,
            condition=forges.of(self.view.parsed(arc.source)).default_writes,
        )
        return by_default(kind, source, target, self.view.said(arc)[0], action=action, gate=gate)

    def _origin(self, job: int) -> str:
        return self.view.text(job, "permissions_from")

    def _arcs(self, job: int, *, certain: bool = False) -> Iterator[tuple[EdgeKind, Arc]]:
        """What the job's token may do to its own repository, as far as that is in doubt."""
        repository = self.jobs.repository(job)
        for kind in (k.CAN_WRITE, k.HOLDS):
            for arc in self.view.out(job, kind):
                key = self.view.parsed(arc.target)
                if forges.gives_identity(key):
                    continue  # A token for others writes nothing here.
                about = key.repository if isinstance(key, forge.Permission) else key
                if arc.certain is certain and about is not None and about.text == repository:
                    yield kind, arc

    def _starts(self, arc: Arc) -> bool:
        """Whether an arc is the right to start workflows; else it is that to push."""
        key = self.view.parsed(arc.target)
        return isinstance(key, forge.Permission) and key.permission == forges.of(key).starts

    def _lets(self, job: int, starts: bool, above: frozenset[int]) -> _Lets | None:  # noqa: FBT001
        """Whether a job's token may start workflows, or push; None where nothing tells."""
        repository, origin = self.jobs.repository(job), self._origin(job)
        if origin == "default":
            found = stated(self.view, repository)
            return _Lets(None, self.view.places(job)[0]) if found is None else _Lets(*found)
        if origin != "caller":
            own = (arc for _, arc in self._arcs(job, certain=True))
            holds = any(self._starts(arc) is starts for arc in own)
            return _Lets(holds, self.view.places(job)[0])
        many: list[_Lets | None] = []
        for caller, call in self.jobs.callers(job):
            if self.jobs.repository(caller) == repository and caller not in above:
                lets = self._lets(caller, starts, above | {job})
                many.append(None if lets is None else _Lets(lets.writes, call.evidence))
        return _any_of(many)


def _any_of(many: list[_Lets | None]) -> _Lets | None:
    """What the one token may do that has whatever any of several gives it."""
    known = [one for one in many if one is not None]
    for wanted in (True, None):
        if wanted is None and len(known) < len(many):
            return None
        of = [one for one in known if one.writes is wanted]
        if of:
            return min(of, key=lambda one: one.place)
    return min(known, key=lambda one: one.place, default=None) if len(known) == len(many) else None


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
