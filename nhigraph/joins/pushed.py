"""Whom whoever pushes to a repository becomes elsewhere, by jobs that do not exist yet.

A trust in the tokens of a repository lets in whatever runs there. Who may push files of pipelines
decides what that is, whether or not a job that was read asks for such a token today; a trust that
names a branch or an environment is reached past the rule of that. Each way is conditional: the job
is still to be pushed.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from nhigraph.facts.ends import Token, Trust
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact
from nhigraph.facts.keys import forge
from nhigraph.joins.protection import Rule
from nhigraph.joins.view import View
from nhigraph.policy import forges, trusts
from nhigraph.policy.claimed import claims
from nhigraph.policy.forge import Behind, Pushed
from nhigraph.policy.trusts import Accepted, Answer
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty

#: Claims that say where a job runs.
_PLACES = {"ref", "environment"}
_NEW = "a job is pushed there that asks for a token which the role lets in"


class Ways:
    """Ways by which who pushes is let in."""

    def __init__(self, view: View) -> None:
        """Look at all trusts."""
        self.view = view
        nodes = view.graph.ends_of(Trust.__name__)
        read = {view.key(node): view.ends(node, Trust) for node in nodes}
        self.read = sorted(read.items())

    def facts(self, grant: forge.Permission, place: Evidence) -> Iterator[Fact]:
        """Edges from a right to push to all whom it thereby lets act as, past which rule."""
        home = grant.repository
        found = forges.of(grant).pushed(home)
        if found is None:
            return
        for identity, read in self.read:
            told: set[str | None] = set()
            for trust in read:
                for accepted, rule in self._let_in(home, found, trust):
                    gate = rule.gate if isinstance(rule, Rule) else rule
                    if gate in told or None in told:
                        continue
                    told.add(gate)
                    yield from rule.facts if isinstance(rule, Rule) else ()
                    yield Edge(
                        k.CAN_ASSUME,
                        grant.text,
                        identity,
                        place,
                        certainty=Certainty.CONDITIONAL,
                        condition=" and ".join(x for x in (_NEW, accepted.condition) if x),
                        gate=gate,
                        because=(trust.evidence,),
                    )

    def _let_in(
        self, home: forge.Repository, found: Pushed, trust: Trust
    ) -> Iterator[tuple[Accepted, "Rule | str | None"]]:
        """How a trust lets in, and past which rule: none is the first."""
        token = Token("", trust.evidence, issuer=found.issuer, subjects=_telling(found, trust))
        accepted = trusts.accepts(trust, token)
        if token.subjects and accepted.answer is not Answer.NO:
            yield accepted, None
            return
        met = False
        for one in trust.conditions:
            for value in one.values:
                for behind in found.behind(one.claim, value):
                    accepted = trusts.accepts(trust, replace(token, subjects=behind.subjects))
                    if accepted.answer is not Answer.NO:
                        met = True
                        yield accepted, self._rule(home, behind)
        whole = (*found.whole, *self._beyond.get(home.text, ()))
        accepted = trusts.accepts(trust, replace(token, subjects=whole))
        if not met and accepted.answer is not Answer.NO:
            # Which place it asks for is not understood, so neither is what stands before it.
            yield accepted, home.protection(forge.UNNAMED).text

    def _rule(self, home: forge.Repository, behind: Behind) -> "Rule | str | None":
        node = self.view.node(home.text)
        if not behind.branch:
            return behind.gate or None
        if node is None:
            return home.protection(behind.branch).text
        return Rule(self.view, node, home, behind.branch)

    @cached_property
    def _beyond(self) -> dict[str, dict[str, None]]:
        """By repository, what other code in place of its jobs could have, in whatever form."""
        found: dict[str, dict[str, None]] = {}
        for node in self.view.graph.ends_of(Token.__name__):
            of = forge.repository_of(self.view.parsed(node))
            if of is not None:
                told = (one for token in self.view.ends(node, Token) for one in token.beyond)
                found.setdefault(of.text, {}).update(dict.fromkeys(told))
        return found


def _telling(found: Pushed, trust: Trust) -> tuple[str, ...]:
    """Subjects of jobs anywhere that tell where they are, if a trust asks for that by itself."""
    asked = {one.claim for one in trust.conditions} & _PLACES
    issuer = trusts.issuer(found.issuer)
    return tuple(one for one in found.anywhere if asked <= claims(issuer, one).keys())
