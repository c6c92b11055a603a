"""What answers do to a graph: gaps that they close, edges that they add, settle or take away.

The most specific answer to a thing wins. Two equally specific ones that differ are an error, and
neither counts; nor does one that contradicts a document: what was seen stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from nhigraph.assurance.answers import edges, gates
from nhigraph.assurance.answers.gaps import Gaps, left_open
from nhigraph.assurance.answers.given import Given, given, item_said, winners
from nhigraph.assurance.answers.said import (
    Against,
    Counted,
    GapName,
    OfEdge,
    OfGap,
    OfSecret,
    Outcome,
    Said,
    Stop,
    Thing,
)
from nhigraph.assurance.day import Day
from nhigraph.assurance.select import Selector
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Fact, Gate
from nhigraph.graph.append import Changes
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass
from nhigraph.schema.claims import NOTHING
from nhigraph.schema.types import Certainty

#: Why it is not known what a secret opens, where no answer about it counts.
_LOST = "what answers of the scope say that it opens does not count"


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong with an answer."""

    level: str
    given: Given
    problem: str
    advice: str


@dataclass(slots=True)
class Applied:
    """What the answers of a scope come to.

    Attributes:
        facts: Edges, nodes and gates that they add.
        doubts: Row of an edge to how certain it then is, and on what condition.
        dropped: Edges that are none, each with the answers that say so.
        closed: Gaps that they close, each with the answers that do.
        used: Answers that count, by number.
        issues: Contradictions, and answers that do nothing.
    """

    facts: list[Fact] = field(default_factory=list)
    doubts: dict[int, tuple[Certainty, str]] = field(default_factory=dict)
    dropped: dict[int, list[Given]] = field(default_factory=dict)
    closed: dict[GapName, list[Given]] = field(default_factory=dict)
    used: dict[int, Given] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def changes(self) -> Changes:
        """What becomes of the graph's own edges."""
        return Changes(settled=dict.fromkeys(self.dropped, False), doubts=self.doubts)

    def counted(self, graph: Graph) -> list[Counted]:
        """Answers that count, each with what it closes and takes away, and the gates it tells of.

        Args:
            graph: The graph that they were weighed on.
        """
        gaps: dict[int, list[GapName]] = {number: [] for number in self.used}
        for name, answers in sorted(self.closed.items()):
            for one in answers:
                gaps[one.number].append(name)
        away: dict[int, set[Stop]] = {number: set() for number in self.used}
        for row, answers in self.dropped.items():
            for one in answers:
                away[one.number].update(edges.stops(graph, row))
        gates: dict[Evidence, set[str]] = {}
        for fact in self.facts:
            if isinstance(fact, Gate):
                gates.setdefault(fact.evidence, set()).add(fact.key)
        return [
            Counted(
                one,
                tuple(gaps[number]),
                tuple(sorted(away[number])),
                tuple(sorted(gates.get(one.evidence, ()))),
            )
            for number, one in sorted(self.used.items())
        ]


def apply(graph: Graph, claims: Sequence[Claim], day: Day) -> Applied:
    """Weigh the answers of a scope.

    Args:
        graph: The graph with the scope's links in it.
        claims: All claims of the scope.
        day: Day of the answers.
    """
    found = Applied()
    current = []
    answers, copies = given(claims)
    for copy, one in copies:
        first = one.evidence
        place = f"on line {first.line}" if first.line else f"at {first.pointer}"
        if first.artifact != copy.evidence.artifact:
            place = f"{place} of {first.artifact}"
        problem = f"the same answer stands twice, first {place}"
        found.issues.append(Issue("warning", copy, f"{problem} ({one.subject})", "take one out"))
    for one in answers:
        if one.ended(day):
            problem = f"this answer ended on {one.body['until']}: what it told is open again"
            found.issues.append(Issue("warning", one, problem, "confirm it anew, or take it out"))
        else:
            current.append(one)
    if current:
        own = frozenset(claim.evidence.artifact for claim in claims)
        _Weighing(graph, Selector(graph, day), own, found).weigh(current)
    return found


class _Weighing:
    """The answers of one scope, weighed thing by thing."""

    def __init__(
        self, graph: Graph, selector: Selector, own: frozenset[str], found: Applied
    ) -> None:
        self.graph, self.selector, self.found = graph, selector, found
        self.gaps = Gaps(graph, selector, own)
        self._matched: set[int] = set()
        self._refuted: set[int] = set()
        #: Edges of which an answer that nobody confirmed settled a condition.
        self._unsure: set[int] = set()

    def weigh(self, answers: Sequence[Given]) -> None:
        things: dict[Thing, list[tuple[Given, Outcome]]] = {}
        for one in answers:
            for said in self._said(one):
                if isinstance(said, Against):
                    self._refute(one, said)
                    self.found.facts += said.facts
                else:
                    things.setdefault(said[0], []).append((one, said[1]))
        things = {thing: many for thing, many in things.items() if not _is_idle(thing, many)}
        self._matched |= {one.number for many in things.values() for one, _ in many}
        decided = [(thing, self._decided(many)) for thing, many in things.items()]
        for thing, pair in sorted(decided, key=lambda pair: repr(pair[0])):
            if pair is not None and not self._refuted.intersection(one.number for one in pair[0]):
                self._take(thing, *pair)
            elif isinstance(thing, OfSecret):
                # Somebody said that it opens something: no gap of a document says that still.
                first = things[thing][0][0].evidence
                self.found.facts.append(left_open(thing.secret, _LOST, first))
        for one in answers:
            if one.number not in self.found.used and one.number not in self._refuted:
                self._idle(one)
                continue
            self._partly(one)
            if one.number in self.found.used and _is_wide(one):
                problem = f"this answer is about whatever is there, now and later: {one.subject}"
                advice = "name what is meant: a new secret under another name is another question"
                self.found.issues.append(Issue("warning", one, problem, advice))

    def _said(self, one: Given) -> Iterator[Said]:
        default = one.body.get("default")
        if one.about == "gate":
            return gates.tests(self.graph, one)
        if one.about == "condition":
            return edges.on_condition(self.graph, one)
        if one.about == "context":
            nodes = self.selector.matches(one.body["select"])
            return edges.in_context(self.graph, one, nodes)
        if one.about != "default" or default == "runner":
            return self.gaps.said(one)
        nodes = self.selector.matches(one.body["select"])
        of = gates.branches if default == "branch_protection" else edges.by_default
        return of(self.graph, one, nodes)

    def _decided(
        self, said: Sequence[tuple[Given, Outcome]]
    ) -> tuple[list[Given], Outcome] | None:
        """Who is right of those who speak of one thing; None where they differ."""
        # An answer about what a gap asks for is nearer to it than "there is nothing there".
        nearer = [pair for pair in said if pair[0].about != "gap"] or list(said)
        agree, differ = winners([(one, outcome.means) for one, outcome in nearer])
        for one in (*agree, *differ) if differ else ():
            other = differ[0] if one in agree else agree[0]
            where = f"{other.evidence.artifact} {other.evidence.pointer}"
            problem = f"another answer says otherwise, and as exactly: {where}"
            self._refute(one, Against(problem, "keep one of them"))
        if differ:
            return None
        # Of several that agree, a confirmed one says how certain it is.
        first = next((one for one in agree if one.confirmed), agree[0])
        return agree, next(outcome for one, outcome in nearer if one is first)

    def _take(self, thing: Thing, agree: list[Given], outcome: Outcome) -> None:
        for one in agree:
            self.found.used[one.number] = one
        self.found.facts += outcome.facts
        if isinstance(thing, OfGap):
            self.found.closed[thing.name] = agree
        elif isinstance(thing, OfEdge) and outcome.means is False:
            self.found.dropped[thing.row] = agree
        elif isinstance(thing, OfEdge):
            if not any(one.confirmed for one in agree):
                self._unsure.add(thing.row)
            sure = thing.row not in self._unsure
            before = self.found.doubts.get(thing.row)
            doubts = edges.without(self.graph, thing, before, confirmed=sure)
            self.found.doubts[thing.row] = doubts

    def _refute(self, one: Given, against: Against) -> None:
        self._refuted.add(one.number)
        issue = Issue("error", one, against.problem, against.advice)
        if issue not in self.found.issues:
            self.found.issues.append(issue)

    def _partly(self, one: Given) -> None:
        """Items that match nothing, beside others that do: misspelt ones would answer nothing."""
        items = () if one.about == "variable" else one.body.get("select", ())
        for item in items if len(items) > 1 else ():
            if not self.selector.item(item):
                problem = f"a part of this answer matches nothing: {item_said(item)}"
                advice = "look for a misspelling, or take it out"
                self.found.issues.append(Issue("warning", one, problem, advice))

    def _idle(self, one: Given) -> None:
        select: Sequence[Mapping[str, str]] = one.body.get("select", ())
        matches = one.about == "variable" or self.selector.matches(select)
        if one.number in self._matched:
            problem, advice = "a more exact answer counts in its place", "take it out"
        elif one.about == "condition":
            problem = f"nothing rests on this condition: {one.subject}"
            advice = "look for a misspelling, or take it out"
        elif select and not matches:
            problem = f"this answer matches nothing: {one.subject}"
            advice = "look for a misspelling, or give the export that describes it"
        elif at := self.gaps.beside(one):
            problem = f"this answer closes no gap: what is missing at {at} may be something else"
            advice = f"answer the gap, if that is meant: {{gap: {{at: {at}}}, is: empty}}"
        else:
            problem = f"this answer is no longer needed: nothing asks for it ({one.subject})"
            advice = "take it out"
        self.found.issues.append(Issue("warning", one, problem, advice))


def _is_idle(thing: Thing, said: Sequence[tuple[Given, Outcome]]) -> bool:
    """Whether all that is said is that a secret opens nothing, of which nobody asks."""
    return isinstance(thing, OfSecret) and all(what.means == NOTHING for _, what in said)


def _is_wide(one: Given) -> bool:
    """Whether an answer that closes names nothing: only a place, and whatever lies there."""
    closes = one.body.get("opens") == NOTHING or (one.about == "gap" and "is" in one.body)
    names = [str(item.get("key", "")) for item in one.body.get("select", ())]
    holder = one.about == "gap" and all(name.count(":") > 1 for name in names)
    return closes and not holder and any(not re.split(r"[/:]", n)[-1].strip("*?") for n in names)
