"""Databases of one server have one set of roles, where its platform says so (``policy.servers``).

So who has a role by one database has it by the other one: certainly, where the servers' own
identifiers or host and port say that they are one; on condition, where only the host does. Where
nothing says, it is asked, and only of logins that both have.
"""

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from itertools import combinations

from nhigraph.facts import asks as asking
from nhigraph.facts import keys
from nhigraph.facts.ends import Alias, Endpoint, Holder
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.facts.values import literal
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.servers import is_address
from nhigraph.joins.view import View
from nhigraph.policy.servers import SHARED_ROLES
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State


class Same(Enum):
    """Whether two databases lie on one server."""

    YES = auto()
    MAYBE = auto()
    UNKNOWN = auto()
    NO = auto()


@dataclass(frozen=True, slots=True)
class _Server:
    """A database, and what documents say of the server it lies on."""

    database: keys.Database
    holders: tuple[Holder, ...]

    @property
    def place(self) -> Evidence:
        return self.holders[0].evidence

    def said(self, kind: str) -> set[str]:
        return {one.proofs[kind] for one in self.holders if kind in one.proofs}


def _is_named(server: _Server, name: Endpoint) -> bool:
    """Whether a name is that of a server, or of its database."""
    database, host, port = map(literal, (name.database, name.host, name.port))
    told = server.database.platform == name.platform and bool(database or host)
    told = told and database in (None, server.database.name)
    told = told and (host is None or host in server.said("host"))
    return told and (port is None or f"{host}:{port}" in server.said("address"))


def _said(aliases: Iterable[Alias], one: _Server, other: _Server) -> Same | None:
    """What somebody says of two servers; nothing where nobody does, or only that they may be two.

    Of two words that contradict each other the one that hides less stands.
    """
    answers = [
        (Same.YES if alias.certain else Same.MAYBE) if alias.same else Same.NO
        for alias in aliases
        if (alias.same or alias.certain)
        and any(
            _is_named(mine, alias.one) and _is_named(theirs, alias.other)
            for mine, theirs in ((one, other), (other, one))
        )
    ]
    return next((answer for answer in Same if answer in answers), None)


def same(one: _Server, other: _Server) -> Same:
    """Whether two databases lie on one server, by what the documents say of it.

    A name and an address may be one machine; two names, or two addresses, are two (``servers``).
    """
    mine, theirs = one.said("system"), other.said("system")
    if mine and theirs:
        return Same.NO if mine.isdisjoint(theirs) else Same.YES
    mine, theirs = one.said("address"), other.said("address")
    if mine and theirs:
        if not mine.isdisjoint(theirs):
            return Same.YES
        if _ports(mine).isdisjoint(_ports(theirs)):
            return Same.NO
    mine, theirs = one.said("host"), other.said("host")
    if not mine.isdisjoint(theirs):
        return Same.MAYBE
    alike = {is_address(host) for host in mine} & {is_address(host) for host in theirs}
    return Same.NO if alike else Same.UNKNOWN


def _ports(addresses: set[str]) -> set[str]:
    return {one.rpartition(":")[2] for one in addresses}


def facts(view: View, aliases: Iterable[Alias] = ()) -> Iterator[Fact]:
    """Roles that two databases share, and what has to be asked of them."""
    roles: dict[keys.Database, dict[str, int]] = {}
    for node in view.of_kind(k.DATABASE_ROLE):
        role = keys.Role.parse(view.key(node))
        if role is not None:
            roles.setdefault(role.database, {})[role.name] = node
    servers = [
        _Server(cluster.database, found)
        for node in view.of_kind(k.CONTAINER)
        for cluster in [keys.Cluster.parse(view.key(node))]
        for found in [view.ends(node, Holder)]
        if cluster is not None and found
    ]
    for one, other in combinations(servers, 2):
        platform = one.database.platform
        if platform not in SHARED_ROLES or platform != other.database.platform:
            continue
        # Of one name and apart: they are two by what was found before.
        apart = one.database.name == other.database.name
        answer = _said(aliases, one, other) or (Same.NO if apart else same(one, other))
        if answer is not Same.NO:
            mine, theirs = roles.get(one.database, {}), roles.get(other.database, {})
            for name in sorted(mine.keys() & theirs.keys()):
                yield from _pair(view, one, other, (mine[name], theirs[name]), answer)


def _pair(
    view: View, one: _Server, other: _Server, pair: tuple[int, int], answer: Same
) -> Iterator[Fact]:
    names = f"{one.database.name} and {other.database.name}"
    if answer is Same.UNKNOWN:
        if any(view.props(node).get("login") is not True for node in pair):
            return
        for node, server in zip(pair, (one, other), strict=True):
            reason = f"whether {names} lie on one server is in no input: its roles would be one"
            asks = asking.Same(*sorted((one.database.holder_name, other.database.holder_name)))
            yield Gap(view.key(node), reason, server.place, (State.CONTROL,), asks=asks)
        return
    sure = answer is Same.YES
    mine, theirs = pair
    for source, target, server in ((mine, theirs, one), (theirs, mine, other)):
        if [view.props(node).get("login") for node in (source, target)] == [True, False]:
            continue  # One role that logs in there and is refused here.
        yield Edge(
            k.CAN_ASSUME,
            view.key(source),
            view.key(target),
            server.place,
            certainty=Certainty.CERTAIN if sure else Certainty.CONDITIONAL,
            condition=None if sure else f"{names} are databases of one server",
            because=(one.place, other.place),
        )


def settle(board: Board) -> None:
    """Roles that databases of one server share."""
    board.add(facts(board.view, board.aliases))
    for alias in board.aliases:
        # Where the server itself is in no export, logins to it still have its name.
        if board.view.node(alias.at) is not None:
            board.add([alias])
        board.answer(alias)
    for node in board.graph.ends_of(Holder.__name__):
        # Where nothing has the name of another one, there is nothing to tell apart.
        board.answer(*board.view.ends(node, Holder))


JOIN = Join(
    settle,
    takes=(Holder, Alias),
    gives=(k.CAN_ASSUME,),
    unanswered="which of several holders of a name this is, is not known",
)
