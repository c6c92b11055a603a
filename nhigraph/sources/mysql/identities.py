"""Accounts and roles, who may become whom, and what rights about the server open."""

from collections.abc import Iterator

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.policy.mysql import hosts, powers
from nhigraph.policy.mysql.catalog import PUBLIC, Account, Who
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.policy.mysql.powers import Reach
from nhigraph.policy.mysql.privileges import RIGHTS, Does
from nhigraph.schema import kinds as k
from nhigraph.sources.mysql.estate import HOST, Estate, conditional

_MAPS = "the plugin of its login says that it is that one"
#: What becomes somebody else, with the action of the edge.
_BECOMES = {
    Does.MINTS: "mint_secret",
    Does.DEFINES: "become",
    Does.GRANTS: "grant",
    Does.STARTS: "become",
}
#: What is about the data of all schemas.
_EDGES = {
    Does.READS: ((k.CAN_READ, "read"),),
    Does.WRITES: ((k.CAN_WRITE, "update"), (k.CAN_DELETE, "delete")),
    Does.LOSES: ((k.CAN_DELETE, "delete"),),
    Does.STOPS: ((k.CAN_STOP, "stop"),),
}


def read(estate: Estate) -> Iterator[Fact]:
    """Yield the server, its schemas, accounts, roles and what its own rights come to."""
    yield from _containers(estate)
    for account in estate.catalog.accounts.values():
        yield _node(estate, account)
        yield from estate.accounts(account.who)
        at = estate.at(account.place)
        yield Edge(k.CONTAINS, estate.cluster, estate.who(account.who), at)
        if account.who.user != PUBLIC or account.who.host is not None:
            yield from _everybody(estate, account)
        yield from _server(estate, account)
    yield from _unknown(estate)
    for who in estate.catalog.accounts:
        yield from _memberships(estate, who)
    yield from _proxies(estate)
    yield from _becoming(estate)


def _containers(estate: Estate) -> Iterator[Fact]:
    at = estate.at(estate.whole)
    yield Node(k.CONTAINER, estate.cluster, at, name="server", props=dict(estate.address))
    yield estate.holder()
    yield Node(k.CONTAINER, estate.databases, at, name="schemas of the server")
    yield Edge(k.CONTAINS, estate.cluster, estate.databases, at)


def _node(estate: Estate, account: Account) -> Node:
    public = account.who == Who(PUBLIC, None)
    reserved = account.who.user in powers.RESERVED and account.locked
    return Node(
        k.GROUP if public else k.DATABASE_ROLE,
        estate.who(account.who),
        estate.at(account.place),
        name=account.who.name,
        # A product's own account, which nobody can log in as, is no identity of anybody's.
        nhi=False if reserved else None,
        props={}
        if public
        else {
            "login": not (account.role or account.locked),
            "superuser": powers.is_superuser(estate.access, account.who),
        },
    )


def _everybody(estate: Estate, account: Account) -> Iterator[Fact]:
    """MariaDB's PUBLIC is everybody, roles too."""
    public = Who(PUBLIC, None)
    if public in estate.catalog.accounts:
        at = estate.at(account.place)
        yield Edge(k.MEMBER_OF, estate.who(account.who), estate.who(public), at)


def _unknown(estate: Estate) -> Iterator[Fact]:
    """Rights that no table knows: components register some, and versions to come have more."""
    seen: set[tuple[Who, str]] = set()
    for one in estate.catalog.granted:
        for name in sorted((one.privileges | one.columns.keys()) - RIGHTS.keys()):
            if one.who in estate.catalog.accounts and (one.who, name) not in seen:
                seen.add((one.who, name))
                reason = f"what the right {name} gives is not known here"
                yield Gap(estate.who(one.who), reason, estate.at(one.place))


def _memberships(estate: Estate, who: Who) -> Iterator[Fact]:
    """A role that is active from the start, or one that SET ROLE takes.

    In MariaDB a role has the rights of the roles that it was granted without being able to take
    them (``policy.mysql.access``), so that is no edge.
    """
    known = estate.catalog.accounts
    if known[who].role and estate.catalog.mariadb:
        return
    for one in estate.catalog.memberships:
        sure = estate.access.takes_by(who, one)
        if one.role not in known or sure is Answer.NO:
            continue
        kind = k.MEMBER_OF if one.active and one.member == who else k.CAN_ASSUME
        edge = Edge(kind, estate.who(who), estate.who(one.role), estate.at(one.place))
        yield conditional(edge, "" if sure is Answer.YES else HOST)


def _proxies(estate: Estate) -> Iterator[Fact]:
    for one in estate.catalog.proxies:
        if one.who not in estate.catalog.accounts:
            continue
        at = estate.at(one.place)
        # The empty user is everybody.
        for other in estate.catalog.accounts.values():
            meant = other.who == one.proxied or (
                not one.proxied.user
                and hosts.covers(one.proxied.host or "%", other.who.host or "")
            )
            if meant and not other.role and other.who != one.who:
                edge = Edge(k.CAN_ASSUME, estate.who(one.who), estate.who(other.who), at)
                yield conditional(edge, _MAPS)


# --- rights about the server ----------------------------------------------------------------


def _server(estate: Estate, account: Account) -> Iterator[Fact]:
    """What somebody holds of the server itself."""
    who = account.who
    for reach in powers.reaches(estate.catalog, estate.access, who):
        for place in estate.places(who, reach.by):
            yield from _reached(estate, who, reach, estate.at(place))


def _reached(estate: Estate, who: Who, reach: Reach, at: Evidence) -> Iterator[Fact]:
    source = estate.who(who)
    if reach.does in _BECOMES:
        edge = Edge(k.HOLDS, source, _key(estate, reach, who), at)
        # Naming a definer may take a right that is not seen yet.
        yield conditional(edge, "" if reach.does is Does.STARTS else reach.condition)
    elif reach.does is Does.ADMINISTERS:
        edge = Edge(k.CAN_ADMINISTER, source, estate.cluster, at)
        yield conditional(edge, reach.condition, estate.reading_only(who))
    else:
        for kind, action in _EDGES[reach.does]:
            edge = Edge(kind, source, estate.databases, at, action=action)
            yield conditional(edge, reach.condition)


def _key(estate: Estate, reach: Reach, who: Who) -> str:
    """The grant of what a right opens: one for those whom MySQL spares nobody from."""
    guarded = not estate.catalog.mariadb and reach.does is not Does.STARTS
    system = powers.SYSTEM_USER in estate.access.everywhere(who)
    thing = "accounts" if system or not guarded else "accounts without SYSTEM_USER"
    place = estate.places(who, reach.by)[0]
    return estate.grant(reach.does.name.lower(), (thing,), place, reach.does.value)


def _becoming(estate: Estate) -> Iterator[Fact]:
    """Whom these grants open, each once."""
    seen: set[str] = set()
    for account in estate.catalog.accounts.values():
        for reach in powers.reaches(estate.catalog, estate.access, account.who):
            if reach.does not in _BECOMES:
                continue
            key = _key(estate, reach, account.who)
            if key not in seen:
                seen.add(key)
                yield from _opened(estate, reach, account.who, key)
                if not estate.sight.all_accounts:
                    reason = estate.sight.why("which other accounts the server has")
                    yield Gap(key, reason, estate.at(estate.places(account.who, reach.by)[0]))


def _opened(estate: Estate, reach: Reach, who: Who, key: str) -> Iterator[Fact]:
    for other in estate.catalog.accounts.values():
        if other.who == Who(PUBLIC, None) or powers.spared(estate.access, who, other.who):
            continue
        if reach.does in (Does.MINTS, Does.STARTS) and (other.role or other.locked):
            continue  # Nobody logs in as it; unlocking it is changing it too.
        why = ""
        if reach.does is Does.STARTS:
            if not powers.starts_unasked(estate.access, other.who):
                continue
            why = reach.condition
        # Where the other stands: whoever holds the right, it opens the same.
        at = estate.at(other.place)
        edge = Edge(k.CAN_ASSUME, key, estate.who(other.who), at, action=_BECOMES[reach.does])
        yield conditional(edge, why)
