"""What called jobs may do by the tokens of the jobs under whom they run.

A called job runs with its caller's token: what that one may ask for, push and start, the called
job may, but for what a block of permissions on the way takes back (where a forge has such jobs,
the module of its permissions has the page). So whoever has the called code has that, and an
environment that the called job names stands before it, as one of the caller's repository. The
callers have what their token gives under that environment, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Final

from nhigraph.facts import keys
from nhigraph.facts.asks import Becomes
from nhigraph.facts.ends import Token
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.facts.keys import forge
from nhigraph.joins.defaults import stated
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import Arc, View
from nhigraph.policy import forges
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty

#: What a job has where no block of its own says it.
_NOT_ITS_OWN: Final = ("caller", "default")
_UNSURE: Final = "?"


@dataclass(frozen=True, slots=True, order=True)
class Lent:
    """A token that a job has by those who call it.

    Attributes:
        root: The job whose token it is, which starts by itself.
        condition: What has to hold for the called code to be the code that was read.
        lets: Permissions that blocks on the way leave; None for all that the token has.
    """

    root: int
    condition: str = ""
    lets: tuple[str, ...] | None = None

    def through(self, lets: frozenset[str] | None, condition: str) -> "Lent":
        """The same below one more call, whose job has a block of permissions or none."""
        left = self.lets if lets is None else tuple(sorted(lets))
        if lets is not None and self.lets is not None:
            left = tuple(one for one in self.lets if one in lets)
        both = dict.fromkeys(one for one in (self.condition, condition) if one)
        return Lent(self.root, " and ".join(both), left)

    def gives(self, permission: str) -> bool:
        """Whether the permission is left."""
        return self.lets is None or permission in self.lets


class Tokens:
    """Tokens of callers, by the jobs that have them."""

    def __init__(self, view: View, jobs: Jobs) -> None:
        """Nothing is looked up before it is asked for."""
        self.view, self.jobs = view, jobs

    @cached_property
    def lent(self) -> Mapping[int, list[Lent]]:
        """By job, level by level: calls may branch, and a file may call itself."""
        calls = [
            (job, caller, self.jobs.doubt(workflow, caller, call))
            for job in self.jobs.all
            for workflow in [self.jobs.workflow(job)]
            for caller, call in self.jobs.callers(job)
            if workflow is not None and caller != job
        ]
        own = {job: self._block(job) for job, _, _ in calls}
        starting = {one for _, one, _ in calls if self._starts(one)}
        found: dict[int, set[Lent]] = {}
        for _ in range(forges.levels()):
            more: dict[int, set[Lent]] = {}
            for job, caller, doubt in calls:
                above = {Lent(caller)} if caller in starting else set()
                above |= found.get(caller, set())
                through = {one.through(own[job], doubt) for one in above if one.root != job}
                more.setdefault(job, set()).update(through)
            before, found = found, more
            if found == before:
                break
        return {
            job: sorted(many, key=lambda one: (one.root, one.condition, one.lets or ()))
            for job, many in found.items()
        }

    def _block(self, job: int) -> frozenset[str] | None:
        if self.view.text(job, "permissions_from") in _NOT_ITS_OWN:
            return None
        return forges.of(self.view.parsed(job)).lets(self.view.lines(job, "permissions"))

    def _starts(self, job: int) -> bool:
        """Whether the job's workflow starts by anything but a call."""
        workflow = self.jobs.workflow(job)
        lines = self.view.lines(workflow, "triggers") if workflow is not None else ()
        events = {line.partition("=")[0] for line in lines}
        return bool(events - forges.of(self.view.parsed(job)).by_callers)

    # -- identity tokens ------------------------------------------------------------------------

    @cached_property
    def identity(self) -> Mapping[str, list[tuple[Token, str]]]:
        """By key of who has them, tokens to be let in with elsewhere, each with a condition."""
        found: dict[str, dict[tuple[object, ...], tuple[Token, str]]] = {}
        for job, many in self.lent.items():
            asks = forges.of(self.view.parsed(job)).identity_tokens
            for one in many:
                for token in self.view.ends(one.root, Token) if one.gives(asks) else ():
                    for made, inside in self._below(job, one, token):
                        # Of many callers that have the same the first one stands for all.
                        same = (made.subjects, made.beyond, made.doubt, made.gate, one.condition)
                        for holder in (job, *(self._above(job, one.root) if inside else ())):
                            key = self.view.key(holder)
                            mine = replace(made, at=key), one.condition
                            found.setdefault(key, {}).setdefault(same, mine)
        return {key: [*tokens.values()] for key, tokens in found.items()}

    def _below(self, job: int, one: Lent, token: Token) -> Iterator[tuple[Token, bool]]:
        """What a caller's token is in the called job, and whether in an environment."""
        own, home = self.jobs.repository(job), self.jobs.repository(one.root)
        within = forges.of(self.view.parsed(job)).subject_in
        for gate in self.jobs.gates(job):
            rule = keys.parse(gate or "")
            if isinstance(rule, forge.EnvironmentProtection):
                there = self.jobs.gate_under(gate, own, home) or ""
                named = tuple(within(x, rule.environment.name) for x in token.inside)
                yield replace(token, subjects=named, gate=there), True
                continue
            yield token, False
            if _UNSURE in self.view.lines(job, "environments"):
                yield replace(token, subjects=tuple(within(x, "*") for x in token.inside)), True

    def _above(self, job: int, root: int) -> Iterator[int]:
        """Jobs through which a job has the token of one that starts by itself."""
        for context in self.jobs.contexts(job):
            for caller in sorted(context.callers) if root in context.callers else ():
                if caller == root or any(one.root == root for one in self.lent.get(caller, ())):
                    yield caller

    # -- rights ---------------------------------------------------------------------------------

    def facts(self, guards: Mapping[int, str]) -> Iterator[Fact]:
        """What called jobs may do in the repositories of those who call them.

        Args:
            guards: The gate that guards an edge, by its number, where a pass found one.
        """
        for job, many in sorted(self.lent.items()):
            said: set[tuple[str, ...]] = set()
            for one in many:
                for arc in self.view.out(one.root, k.CAN_WRITE, k.HOLDS):
                    for fact in self._of(job, one, arc, guards):
                        # Of many callers in one repository the first one stands for all.
                        told = _told(fact)
                        if told not in said:
                            said.add(told)
                            yield fact

    def _of(self, job: int, one: Lent, arc: Arc, guards: Mapping[int, str]) -> Iterator[Fact]:
        home = self.jobs.repository(one.root)
        key = self.view.parsed(arc.target)
        about = key.repository if isinstance(key, forge.Permission) else key
        if not isinstance(about, forge.Repository) or about.text != home:
            return
        of = forges.of(about)
        needed = key.permission if isinstance(key, forge.Permission) else of.writes
        if not one.gives(needed) or not self._is_new(job, home, key):
            return
        condition = [one.condition]
        if not arc.certain:
            told = stated(self.view, home)
            if told is not None and not told[0]:
                return
            condition += [arc.condition] if told is None else []
        yield from self._edges(job, arc, " and ".join(x for x in condition if x), home, guards)

    def _is_new(self, job: int, home: str, key: keys.Key | None) -> bool:
        """Whether neither the job's own file nor ``Defaults`` says so already."""
        if forges.gives_identity(key):
            return not self._becomes(job)
        of, origin = forges.of(key), self.view.text(job, "permissions_from")
        told = not isinstance(key, forge.Permission) or key.permission in {of.writes, of.starts}
        ours = home == self.jobs.repository(job)
        return not ours or origin == "default" or (origin == "caller" and not told)

    def _becomes(self, job: int) -> bool:
        """Whether the job says whom it becomes, or that nobody knows: that is told at it."""
        if any(True for _ in self.view.out(job, k.CAN_ASSUME)):
            return True
        return any(isinstance(asks, Becomes) for *_, asks in self.view.gaps(job))

    def _edges(
        self, job: int, arc: Arc, condition: str, home: str, guards: Mapping[int, str]
    ) -> Iterator[Fact]:
        source, target = self.view.key(job), self.view.key(arc.target)
        place, action = self.view.said(arc)[0], arc.action or None
        guard = guards.get(arc.row, arc.gate) or None
        written = self.view.parsed(arc.target)
        kind = k.CAN_WRITE if isinstance(written, forge.Repository) else k.HOLDS
        certainty = Certainty.CONDITIONAL if condition else Certainty.CERTAIN
        may = partial(Edge, certainty=certainty, condition=condition or None)
        for gate in self.jobs.gates(job):
            there = self.jobs.gate_under(gate, self.jobs.repository(job), home)
            if there is not None and isinstance(written, forge.Repository):
                # One rule stands behind the other, with the permission between.
                grant = written.permission(forges.of(written).writes).text
                yield Node(k.GRANT, grant, place)
                yield Edge(k.CAN_WRITE, grant, target, place, action=action, gate=guard)
                yield may(k.HOLDS, source, grant, place, gate=there)
            else:
                yield may(kind, source, target, place, action=action, gate=there or guard)


def _told(fact: Fact) -> tuple[str, ...]:
    if isinstance(fact, Edge):
        ends = (fact.source, fact.target, fact.action, fact.gate, fact.condition)
        return (fact.kind.label, *(one or "" for one in ends))
    return (fact.key,) if isinstance(fact, Node) else ()
