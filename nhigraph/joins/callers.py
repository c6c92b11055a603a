"""A job that calls a workflow is judged by what runs under it.

The called code runs in the caller's context: with the caller's token, with the secrets that are
handed over, in the environments that its forge gives it (``policy.forges``). So what a called job
holds, each job above it holds: not all that *some* caller hands over, but what comes down from
this one. A job that is only ever called keeps its own row, and what all its callers hand over is
in it.
"""

from collections.abc import Iterator
from dataclasses import replace

from nhigraph.facts import keys
from nhigraph.facts.ends import Call
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.facts.keys import forge
from nhigraph.facts.values import Secret, secrets
from nhigraph.joins.handed import Context
from nhigraph.joins.missing import file_of
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import Arc, View
from nhigraph.policy import forges
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, EdgeKind, State, Transform

_UNREAD = "what the workflow it calls runs is not among the inputs"
_ALL = "every secret is handed over: which those are is not in the files"
_HANDED = "the caller hands over the secret it has under that name"
#: What a job has besides secrets that its callers then have: whom it becomes, which machines it
#: leaves something on.
_HELD = (k.CAN_ASSUME, k.CAN_WRITE)


def facts(view: View, jobs: Jobs) -> Iterator[Fact]:
    """What jobs hold by what runs under them."""
    for job in jobs.all:
        yield from _unread(view, jobs, job)
        for context in jobs.contexts(job):
            if context.callers:
                yield from _Under(view, jobs, job, context).facts()


def handed_down(jobs: Jobs) -> Iterator[str]:
    """Called secrets that every caller fills from secrets of its own: what these open, they do.

    Whoever reads one reads those, and is asked about them. Where a caller fills one otherwise, or
    nobody is seen to call, it is the called secret of which nobody knows.
    """
    found: dict[str, bool] = {}
    for job in jobs.all:
        for context in jobs.contexts(job):
            for key, handed in context.secrets.items() if context.callers else ():
                whole = bool(handed) and all(isinstance(one, Secret) for one in handed)
                found[key] = found.get(key, True) and whole
    yield from (key for key, sources in found.items() if sources)


def _unread(view: View, jobs: Jobs, job: int) -> Iterator[Fact]:
    """What nobody can tell of a called workflow: what it runs, which secrets it asks for.

    Of a stranger's workflow, as of a stranger's action, only what it is handed counts.
    """
    for call in view.ends(job, Call):
        if call.step is not None:
            continue
        callee = view.node(call.callee)
        unread = callee is None or not view.props(callee).get("defined")
        if call.inherits and not jobs.inherits(job, call):
            yield Note(forges.of(view.parsed(job)).nothing_inherited, call.evidence)
        if unread and call.inherits and jobs.inherits(job, call):
            asks = file_of(call.callee)
            yield Gap(view.key(job), _ALL, call.evidence, (State.CONTROL,), asks=asks)
        elif unread and jobs.is_ours(job, call):
            asks = file_of(call.callee)
            yield Gap(view.key(job), _UNREAD, call.evidence, (State.CONTROL,), asks=asks)


class _Under:
    """What one called job holds, for those under whom it runs in one context."""

    def __init__(self, view: View, jobs: Jobs, job: int, context: Context) -> None:
        self.view, self.jobs, self.job, self.context = view, jobs, job, context
        self.own = jobs.repository(job)
        self.callers = [view.key(caller) for caller in sorted(context.callers)]

    def facts(self) -> Iterator[Fact]:
        view = self.view
        for arc in view.out(self.job, k.CAN_READ):
            if view.is_a(arc.target, k.SECRET):
                yield from self._secret(arc)
        for arc in view.out(self.job, *_HELD):
            if view.is_a(arc.target, k.RUNNER):
                yield from self._edges(k.CAN_WRITE, self._machine(arc.target), arc)
            elif view.graph.kind_list[arc.target] in _BECOME:
                yield from self._edges(k.CAN_ASSUME, view.key(arc.target), arc)
        for arc in view.into(self.job, k.EXECUTES):
            if view.is_a(arc.source, k.RUNNER):
                yield from self._runs_on(arc)
        for reason, place, states, asks in view.gaps(self.job):
            for caller in self.callers:
                yield Gap(caller, reason, place, states, asks=asks)

    def _secret(self, arc: Arc) -> Iterator[Fact]:
        key = self.view.key(arc.target)
        secret = self.view.parsed(arc.target)
        of = forge.repository_of(secret)
        ours = of is not None and of.text == self.own and not isinstance(secret, keys.Written)
        home = forge.Repository.parse(self.context.home)
        handed = self.context.secrets.get(key)
        if handed is not None:
            for outer, whole in secrets(handed):
                yield from self._known(outer, arc)
                yield from self._edges(k.CAN_READ, outer, arc)
                if self.context.home != self.own:
                    yield self._feeds(outer, key, arc, whole=whole)
                elif len(handed) == 1 and whole and not self.context.condition:
                    yield from self._settled(outer, key, arc)
        elif ours and home is not None and isinstance(secret, forge.EnvironmentSecret):
            there = forges.at_home(secret, home).text
            yield from self._known(there, arc)
            yield from self._edges(k.CAN_READ, there, arc)
        elif not ours:
            # It stands in the called file.
            yield from self._edges(k.CAN_READ, key, arc)

    def _machine(self, runner: int) -> str:
        """The machine with the same labels, or of the same group, that the caller's run takes."""
        key, home = self.view.parsed(runner), forge.Repository.parse(self.context.home)
        if isinstance(key, forge.Runner) and home is not None and key.repository.text == self.own:
            return forges.at_home(key, home).text
        return self.view.key(runner)

    def _runs_on(self, arc: Arc) -> Iterator[Fact]:
        """Who has the machine has the run, and so what the callers have in it."""
        key, place = self._machine(arc.source), self._place(arc)
        if self.view.node(key) is None:
            labels = self.view.lines(arc.source, "labels")
            name = self.view.name(arc.source) or None
            yield Node(k.RUNNER, key, place, name=name, props={"labels": labels})
        for caller in self.callers:
            yield self._under(Edge(k.EXECUTES, key, caller, place), arc)

    def _under(self, edge: Edge, arc: Arc) -> Edge:
        """The edge with the conditions under which the called job runs so."""
        conditions = [arc.condition, self.context.condition]
        condition = " and ".join(dict.fromkeys(one for one in conditions if one))
        if arc.certain and not condition:
            return edge
        return replace(edge, certainty=Certainty.CONDITIONAL, condition=condition or _HANDED)

    def _known(self, key: str, arc: Arc) -> Iterator[Node]:
        if self.view.node(key) is None:
            name = self.view.name(arc.target)
            yield Node(k.SECRET, key, self._place(arc), name=name or None)

    def _edges(self, kind: EdgeKind, target: str, arc: Arc) -> Iterator[Edge]:
        gate = self.jobs.gate_under(arc.gate or None, self.own, self.context.home)
        for caller in self.callers:
            action = arc.action or None
            edge = Edge(kind, caller, target, self._place(arc), action=action, gate=gate)
            yield self._under(edge, arc)

    def _feeds(self, outer: str, key: str, arc: Arc, *, whole: bool) -> Edge:
        """The value of the called secret is the caller's, for those who change or read it."""
        return Edge(
            k.FEEDS,
            outer,
            key,
            self._place(arc),
            certainty=Certainty.CONDITIONAL,
            condition=self.context.condition or _HANDED,
            transform=Transform.COPY if whole else Transform.OTHER,
        )

    def _settled(self, outer: str, key: str, arc: Arc) -> Iterator[Edge]:
        """That a caller here inherits is what the called file alone leaves open of its secret."""
        node = self.view.node(outer)
        fed = [one for one in self.view.into(arc.target, k.FEEDS) if one.source == node]
        if fed and not any(one.certain for one in fed):
            yield Edge(k.FEEDS, outer, key, self._place(arc), transform=Transform.COPY)

    def _place(self, arc: Arc) -> Evidence:
        return self.view.said(arc)[0]


_BECOME = frozenset(
    kind.label for kind in (k.CLOUD_ROLE, k.CLOUD_USER, k.SERVICE_ACCOUNT, k.OAUTH_APP)
)
