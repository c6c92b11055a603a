"""Whom actors become elsewhere by their own tokens, and what is not known of it.

A trust that accepts one of an actor's tokens lets it in, named or not. Whoever is named and of
whom no trust was read, is become on that condition; of whom they were read and accept nothing
that the actor could obtain, is not. Whoever nothing describes has a gap; so has the right to an
identity token where the job names nobody it becomes with it: one for each repository, because a
cloud trusts repositories.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

from nhigraph.facts.asks import Becomes, Export
from nhigraph.facts.ends import Login, Token, Trust
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.facts.keys import forge
from nhigraph.facts.missing import Missing
from nhigraph.facts.values import literal
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import View
from nhigraph.policy import clouds, exports, forges, trusts
from nhigraph.policy.clouds import Cloud
from nhigraph.policy.trusts import Accepted, Answer
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State

_UNDESCRIBED = "no export describes what this identity may do in its cloud"
_SHUT = "{} names {}, whose trust accepts no token that it could have: it does not become it"

#: By key of an actor, tokens that it has by others, each with a condition.
Lent = Mapping[str, Sequence[tuple[Token, str]]]
#: Key of whom somebody becomes, to the cloud, the first place, and the source of that.
Named = dict[str, tuple[Cloud, Evidence, str]]


@dataclass
class Clouds:
    """Finds who is named and described by nobody.

    Attributes:
        view: The graph.
        jobs: Its jobs.
        trusts: Whom they become by trusts that were read.
        missing: Exports that would describe them.
        asked: Jobs and whom an action of theirs names, where trusts were read that decide it.
    """

    view: View
    jobs: Jobs
    trusts: "Trusts"
    missing: list[Missing] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def facts(self) -> Iterator[Fact]:
        """Logins of the actions that jobs use, and the gaps."""
        named: Named = {}
        for job in self.jobs.all:
            for arc in self.view.out(job, k.CAN_ASSUME):
                cloud = clouds.cloud_of(self.view.graph.kind_list[arc.target])
                if cloud is not None:
                    place = self.view.said(arc)[0]
                    source = forges.of(self.view.parsed(job)).source
                    named.setdefault(self.view.key(arc.target), (cloud, place, source))
            yield from self._of_actions(job, named)
        wanted: dict[Cloud, dict[str, str]] = {}
        for key, (cloud, place, source) in sorted(named.items()):
            node = self.view.node(key)
            if node is None or next(self.view.out(node), None) is None:
                asks = Export(exports.cloud(cloud, "", source).title)
                yield Gap(key, _UNDESCRIBED, place, (State.CONTROL,), asks=asks)
                wanted.setdefault(cloud, {})[key] = source
        self.missing += [
            exports.cloud(cloud, f"what {', '.join(found)} may do there", min(found.values()))
            for cloud, found in sorted(wanted.items())
        ]
        self.missing += self._trusting()

    def _of_actions(self, job: int, named: Named) -> Iterator[Fact]:
        """What an action of the own repository logs in as, its user does."""
        source = self.view.key(job)
        for action in self.jobs.all_actions(job):
            place = self.jobs.place(action)
            for login in self.view.ends(action, Login):
                cloud = Cloud(login.endpoint.platform)
                name = literal(login.user) or ""
                found = clouds.identity(cloud, name)
                if found is None:
                    reason = f"whom the job becomes in {cloud} by an action is not in the files"
                    yield Gap(source, reason, place, (State.CONTROL,), asks=Becomes())
                    continue
                kind, key = found
                wanted_by = forges.of(self.view.parsed(job)).source
                named.setdefault(key, (cloud, place, wanted_by))
                yield Node(kind, key, place, name=name.rpartition("/")[2])
                if self.trusts.decides(job, key):
                    self.asked.add((source, key))
                    continue
                become = Edge(
                    k.CAN_ASSUME,
                    source,
                    key,
                    place,
                    certainty=Certainty.CONDITIONAL,
                    condition=trusts.UNREAD,
                )
                yield from (replace(become, gate=gate) for gate in self.jobs.gates(job))

    def _trusting(self) -> Iterator[Missing]:
        """Of repositories whose jobs have identity tokens, which roles trust these."""
        found: dict[str, list[str]] = {}
        for key in map(self.view.parsed, self.view.of_kind(k.GRANT)):
            if isinstance(key, forge.Permission) and forges.gives_identity(key):
                found.setdefault(forges.of(key).source, []).append(key.repository.path)
        for source, paths in sorted(found.items()):
            settles = f"which identities trust the tokens of {', '.join(paths)}"
            yield from exports.clouds(settles, source)


class Trusts:
    """Trusts that were read, and the tokens of actors."""

    def __init__(self, view: View, lent: Lent) -> None:
        """Nothing is looked up before it is asked for."""
        self.view, self.lent = view, lent

    @cached_property
    def read(self) -> dict[str, tuple[Trust, ...]]:
        """Trusts by the key of whom they let act as it."""
        nodes = self.view.graph.ends_of(Trust.__name__)
        return {self.view.key(node): self.view.ends(node, Trust) for node in nodes}

    @cached_property
    def tokens(self) -> dict[str, tuple[Token, ...]]:
        """Tokens by the key of who can obtain them."""
        nodes = self.view.graph.ends_of(Token.__name__)
        return {self.view.key(node): self.view.ends(node, Token) for node in nodes}

    def decides(self, actor: int, identity: str) -> bool:
        """Whether what was read says if an actor that names somebody becomes it.

        Who else may call a called job is seen nowhere: by its callers' tokens it may become
        somebody, and that it does not follows from none of them.
        """
        key = self.view.key(actor)
        if identity not in self.read or key in self.tokens:
            return identity in self.read
        return any(True for _ in self._by_callers(key, identity, named=True))

    def _by_callers(self, actor: str, identity: str, *, named: bool) -> Iterator[Edge]:
        for token, condition in self.lent.get(actor, ()):
            for edge in self._become(actor, (token,), identity, self.read[identity], named=named):
                both = " and ".join(one for one in (edge.condition, condition) if one)
                certainty = Certainty.CONDITIONAL if both else edge.certainty
                yield replace(edge, condition=both or None, certainty=certainty)

    def facts(
        self, settled: dict[int, bool], asked: Collection[tuple[str, str]]
    ) -> Iterator[Fact]:
        """Edges by trusts.

        Args:
            settled: Takes the edges that stood for what was not read.
            asked: Actors, and whom they name beside these edges.
        """
        named: dict[tuple[str, str], list[int]] = {one: [] for one in asked}
        for identity in self.read:
            node = self.view.node(identity)
            for arc in self.view.into(node, k.CAN_ASSUME) if node is not None else ():
                if arc.condition == trusts.UNREAD and self.decides(arc.source, identity):
                    found = (self.view.key(arc.source), identity)
                    named.setdefault(found, []).append(arc.row)
        for actor in sorted(self.tokens.keys() | self.lent.keys()):
            tokens = self.tokens.get(actor, ())
            for identity, read in sorted(self.read.items()):
                names = (actor, identity) in named
                made = list(self._become(actor, tokens, identity, read, named=names))
                made += self._by_callers(actor, identity, named=names and not made)
                yield from made
                if names and not made:
                    yield Note(_SHUT.format(actor, identity), read[0].evidence)
        settled |= {row: False for rows in named.values() for row in rows}

    def _become(
        self,
        actor: str,
        tokens: tuple[Token, ...],
        identity: str,
        read: tuple[Trust, ...],
        *,
        named: bool,
    ) -> Iterator[Edge]:
        for token in tokens:
            answers = [(trusts.accepts(one, token), one) for one in read]
            if named and all(one.answer is Answer.NO for one, _ in answers):
                answers = [(trusts.accepts_beyond(one, token), one) for one in read]
            found = trusts.any_of(one for one, _ in answers)
            if found.answer is Answer.NO:
                continue
            place = next(trust.evidence for one, trust in answers if one == found)
            yield _edge(actor, identity, token, found, place)

    def answered(self) -> Iterator[Token | Trust]:
        """Ends of which it is told what they come to.

        Where no trust in a token's issuer was read, whoever the actor names, or its gap, stands
        for it.
        """
        issuers = {trusts.issuer(one.issuer) for read in self.read.values() for one in read}
        yield from (one for read in self.read.values() for one in read)
        for key, tokens in self.tokens.items():
            told = self._is_told(key)
            yield from (one for one in tokens if told or trusts.issuer(one.issuer) in issuers)

    def _is_told(self, actor: str) -> bool:
        node = self.view.node(actor)
        if node is None:
            return False
        held = (self.view.parsed(arc.target) for arc in self.view.out(node, k.HOLDS))
        if any(isinstance(x, forge.Permission) and forges.gives_identity(x) for x in held):
            return True
        known = any(True for _ in self.view.out(node, k.CAN_ASSUME))
        return known or any(True for _ in self.view.gaps(node))


def _edge(actor: str, identity: str, token: Token, found: Accepted, trust: Evidence) -> Edge:
    return Edge(
        k.CAN_ASSUME,
        actor,
        identity,
        token.evidence,
        certainty=Certainty.CONDITIONAL if found.condition else Certainty.CERTAIN,
        condition=found.condition or None,
        gate=token.gate or None,
        because=(trust,),
    )


def settle(board: Board) -> None:
    """Whom actors become by their own tokens, and who of these is described by nobody."""
    read = Trusts(board.view, board.lent.identity)
    found = Clouds(board.view, board.jobs, read)
    if board.view.of_kind(k.CI_JOB, k.WORKFLOW):
        board.add([*found.facts()])
        board.missing += found.missing
    board.add([*read.facts(board.settled, found.asked)])
    board.answer(*read.answered())


JOIN = Join(
    settle,
    takes=(Token, Trust),
    gives=(k.CAN_ASSUME,),
    unanswered="whom it becomes by the tokens that it can obtain is in no input",
    hides=(State.CONTROL,),
)
