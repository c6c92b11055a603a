"""Statements that give somebody a right: while one of them stands, there is a way to it.

A decision rests on more than what gives it. What only lets it be, such as policies above an
account, a boundary or a key's policy that leaves it to the account, gives nothing by itself; and a
right that two statements give is not gone with one of them. So they are looked for apart from the
decision, by what they speak of: of somebody's own policies those about the thing, of the thing's
those that name them, as ``decision`` counts them. Where both sides have to agree, it is the own
side's, which can be taken from this one alone.

A statement gives nothing that is always denied: by a statement without conditions about all that
it speaks of. Whether the rest lets what it gives is not asked again otherwise: one that is denied
on a condition, or that a boundary does not let pass, is named as well.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final

from nhigraph.policy.aws import effects, globs
from nhigraph.policy.aws.authority import TAKES_PART, Authority, Grant
from nhigraph.policy.aws.conditions import holds
from nhigraph.policy.aws.context import Context
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.effects import Effect, Type
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.keyed import asks_caller
from nhigraph.policy.aws.principals import Named, Principal, Sort, by_arn, named
from nhigraph.policy.aws.refusing import is_denied, refusing
from nhigraph.policy.aws.statements import Place, Statement
from nhigraph.policy.aws.ways import BOUNDARY, GROUP, POLICY, SERVICE, SOME, THEIRS, Need, Rule
from nhigraph.policy.trusts import Answer

#: What a way is tried with, to how such are named.
_SORTS: Final = {
    **dict.fromkeys(("own_group", "group"), "group"),
    "own_policy": "policy",
    "role": "role",
    "user": "user",
}
#: What is asked for: a parsed pattern of names, and actions in lower case.
Asked = tuple[str, tuple[str, ...]]


def giving(
    who: Principal, authority: Authority, asked: Iterable[Asked], owner: str
) -> tuple[Place, ...]:
    """Places of the statements that give somebody a right, in the order of the policies.

    Args:
        who: Somebody.
        authority: Who decides about the thing.
        asked: The thing, with actions any of which are the right; what lies in it likewise.
        owner: Its account; empty where nobody says.
    """
    meant = [*asked]
    # A session may have other tags than its role or user.
    context = (who.untagged if who.retagged else who).context
    denied = refusing(who, authority)
    own = [
        one.place
        for policy in authority.identity
        for one in policy.statements
        if _gives(one, meant, denied) and _may_hold(one, context)
    ]
    its = [*_its(who, authority, meant, context, denied)]
    services = {action.partition(":")[0] for _, actions in meant for action in actions}
    direct = [place for way, place in its if way is not Named.BY_ACCOUNT]
    left = any(way is Named.BY_ACCOUNT for way, _ in its)
    if who.sort not in {Sort.USER, Sort.ROLE}:
        found = [place for _, place in its]
    elif owner == who.account and not (own or authority.unread):
        found = direct
    elif not any(name for name, _ in own):
        found = [place for _, place in its]
    elif owner and owner != who.account:
        found = own
    elif services <= TAKES_PART and direct and not left:
        found = direct
    else:
        found = [*own, *direct]
    return tuple(dict.fromkeys(place for place in found if place[0]))


def on_resource(
    estate: Estate, one: Identity, resource: Resource, kinds: Iterable[Type], effect: Effect
) -> tuple[Place, ...]:
    """Places of the statements by which an identity has an effect on a resource.

    Args:
        estate: The estate.
        one: The identity.
        resource: The resource.
        kinds: Its type, and those of what lies in it.
        effect: The effect.
    """
    several = [effect]
    if effect is Effect.DELETE and asks_caller(resource):
        # Whoever decides who is let to a thing lets itself delete it.
        several.append(Effect.ADMIN)
    asked = [
        (globs.parse(effects.asked_of(kind.name, resource.arn)), actions)
        for kind in kinds
        for each in several
        if (actions := effects.by_type().get(kind.name, {}).get(each, ()))
    ]
    authority = estate.authority(one, resource.arn, resource.arn.split(":")[2])
    return giving(one.principal, authority, asked, resource.account)


def on_name(
    estate: Estate, one: Identity, arn: str, actions: tuple[str, ...], service: str
) -> tuple[Place, ...]:
    """Places of the statements by which an identity may do any of some actions on a name.

    Args:
        estate: The estate.
        one: The identity.
        arn: The name; a role's for its trust.
        actions: The actions.
        service: Whose resource it is.
    """
    authority = estate.authority(one, arn, service)
    low = tuple(action.lower() for action in actions)
    return giving(one.principal, authority, [(globs.parse(arn), low)], estate.owner(arn))


def anywhere(estate: Estate, one: Identity, actions: tuple[str, ...]) -> tuple[Place, ...]:
    """Places of the statements by which an identity may do any of some actions on anything."""
    low = tuple(action.lower() for action in actions)
    account = one.principal.account
    return giving(one.principal, estate.base(one), [(globs.ANY, low)], account)


def of_way(
    estate: Estate, rule: Rule, one: Identity, target: str, besides: AbstractSet[Place]
) -> tuple[Place, ...]:
    """Places of the statements by which an identity has one of the rights that a way needs.

    Without it there is no such way; to the account, whoever it is tried with. Of several rights it
    is the first of those that fewest statements give which give nothing else.

    Args:
        estate: The estate.
        rule: The way.
        one: The identity.
        target: With whom it is tried.
        besides: Places of statements that give other ways.
    """
    found = []
    for several in rule.needs:
        asked = [
            (globs.parse(_name(rule, each[0], one, target)), (each[0].action.lower(),))
            for each in several
        ]
        if all(each[0].action != SERVICE for each in several):
            owner = one.principal.account
            found.append(giving(one.principal, estate.base(one), asked, owner))
    there = filter(None, found)
    return min(there, key=lambda places: len({*places} - besides), default=())


def _name(rule: Rule, need: Need, one: Identity, target: str) -> str:
    """On what a right is asked for, as policies write patterns."""
    if need.on == "$self" or (need.on == "$it" and rule.tried == "self"):
        return one.arn
    if need.on == "$it" and (rule.held or rule.gain in {"it", "code"}):
        return target
    if need.on.startswith(SOME):
        partition, account = one.arn.split(":")[1], one.principal.account
        return effects.pattern(need.on.partition(" ")[2], account, partition)
    sorts = {POLICY: "policy", BOUNDARY: "policy", THEIRS: "policy", GROUP: "group", "$it": ""}
    if need.on not in sorts:
        return "*"
    sort = sorts[need.on] or _SORTS.get(rule.tried, "")
    return f"arn:*:iam::{one.principal.account}:{sort}/*" if sort else "*"


def _its(
    who: Principal,
    authority: Authority,
    asked: list[Asked],
    context: Context,
    denied: tuple[Statement, ...],
) -> Iterator[tuple[Named, Place]]:
    """How a thing's own policy, and grants of a key, let somebody in, and where."""
    resource = authority.resource
    # A policy that was not supplied says nothing at any place.
    for one in getattr(resource, "statements", ()):
        if _gives(one, asked, denied) and _may_hold(one, context):
            way, sure, _ = named(one, who)
            if one.unread or sure is not Answer.NO:
                yield (Named.ITSELF if one.unread else way), one.place
    for grant in authority.grants:
        yield from _by_grant(grant, who, asked)


def _by_grant(grant: Grant, who: Principal, asked: list[Asked]) -> Iterator[tuple[Named, Place]]:
    way, sure, _ = by_arn(grant.grantee, who)
    if sure is not Answer.NO and any(grant.has_action(x) for _, row in asked for x in row):
        yield from ((way, one.place) for one in grant.policy.statements)


def _gives(one: Statement, asked: list[Asked], denied: tuple[Statement, ...]) -> bool:
    """Whether a statement allows an action on something that is asked for."""
    if not one.allow:
        return False
    if one.unread and not one.actions:
        return True
    return any(
        _is_about(one.resources, one.not_resources, pattern)
        and not (denied and is_denied(one, pattern, action, denied))
        for pattern, actions in asked
        for action in actions
        if one.has_action(action)
    )


@lru_cache(maxsize=1 << 16)
def _is_about(resources: tuple[str, ...], but_these: bool, asked: str) -> bool:  # noqa: FBT001 - a key of the cache
    """Whether patterns of resources may be about a name of a form; a trust's need name nothing."""
    patterns = [globs.parse(text, lambda _: None) for text in resources]
    if but_these:
        return not any(globs.covers(one, asked) for one in patterns)
    return not resources or any(globs.meet(one, asked) is not None for one in patterns)


def _may_hold(one: Statement, context: Context) -> bool:
    """Whether nothing that is known of somebody is against a statement's condition."""
    return not any(
        ((low := test.key.lower()) in context.values or low.startswith(context.complete))
        and holds(test, context, variables=one.variables) is Answer.NO
        for test in one.tests
    )
