"""Users and roles, and what of their rights no document shows."""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Gap, Node, Value
from nhigraph.policy.aws import effects
from nhigraph.policy.aws.authority import may_have_policy
from nhigraph.policy.aws.built_in import anybody
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.federation import exactness, openings
from nhigraph.policy.aws.principals import Sort
from nhigraph.policy.aws.statements import Statement
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State
from nhigraph.sources.aws_iam.told import Told

_ON_OBJECTS = ("s3:getobject", "s3:putobject", "s3:deleteobject")
_EXACTNESS = ("missing", "wildcard", "exact")


def read(told: Told, one: Identity) -> Iterator[Fact]:
    """Yield the node of an identity and its gaps."""
    yield _node(told, one)
    account = one.principal.account
    yield Edge(k.MEMBER_OF, one.arn, anybody(account), told.at(one.place))
    for arn, place in told.estate.absent(one):
        yield Gap(one.arn, f"{arn} is one of its policies and in no input", told.at(place))
    for arn, place in told.estate.disputes(one):
        yield Gap(one.arn, f"documents contradict one another in {arn}", told.at(place))
    named: dict[str, None] = {}
    for policy in told.estate.own_policies(one):
        for place, problem in policy.problems:
            yield Gap(one.arn, f"{policy.name}: {problem}", told.at(place))
        for statement in policy.statements:
            if statement.allow:
                yield from _behind(told, one, statement)
            if not statement.allow or statement.not_actions:
                continue
            for action in effects.unknown_actions(statement.actions):
                if action not in named:
                    named[action] = None
                    reason = f"what the action {action} does is not known here"
                    yield Gap(one.arn, reason, told.at(statement.place))


def _behind(told: Told, one: Identity, statement: Statement) -> Iterator[Fact]:
    """Yield that no input shows whose objects an access point leads to.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html (read 30
    November 2026): policies name objects by it in place of their bucket.
    """
    if statement.not_resources or not any(map(statement.has_action, _ON_OBJECTS)):
        return
    for text in statement.resources:
        if ":s3:" in text and ":accesspoint/" in text:
            yield Gap(one.arn, f"what lies behind {text} is in no input", told.at(statement.place))


def _node(told: Told, one: Identity) -> Node:
    role = one.principal.sort is Sort.ROLE
    props: dict[str, Value] = {"account": one.principal.account}
    if one.principal.tags:
        props["tags"] = tuple(f"{name}={value}" for name, value in one.principal.tags)
    if one.created:
        props["created"] = one.created
    if one.last_used:
        props["last_used"] = one.last_used
    if one.trust is not None:
        found = [
            exactness(x)
            for x in openings(one.arn, one.trust, told.estate.rcps(one.principal.account))
        ]
        if found:
            props["trust_subject"] = min(found, key=_EXACTNESS.index)
    kind = k.CLOUD_ROLE if role else k.CLOUD_USER
    return Node(kind, one.arn, told.at(one.place), name=one.principal.name, props=props)


def account(told: Told, number: str) -> Iterator[Fact]:
    """Yield an account and what everybody in it may reach without a word in its own policies."""
    first = min(
        (one for one in told.estate.identities.values() if one.principal.account == number),
        key=lambda one: one.place,
    )
    at = told.at(first.place)
    yield Node(k.GROUP, anybody(number), at, name=f"everybody in account {number}")
    services = sorted({name.partition(":")[0] for name in effects.types()})
    open_ones = [one for one in services if may_have_policy(one) and _is_open(told, number, one)]
    if open_ones:
        reason = (
            f"policies of resources in account {number} are in no input, which may let identities "
            f"of it in: {', '.join(open_ones)}"
        )
        yield Gap(anybody(number), reason, at, (State.CONTROL,))
    if not told.estate.pages.get(number, False):
        reason = f"the authorization details of account {number} end before their last page"
        yield Gap(anybody(number), reason, at)
    for place in told.estate.lost.get(number, ()):
        reason = f"a user or role of account {number} could not be read"
        yield Gap(anybody(number), reason, told.at(place))


def _is_open(told: Told, number: str, service: str) -> bool:
    """Whether some policy of a service's resources was not supplied."""
    if not told.estate.is_listed(number, service):
        return True
    return any(
        one.account == number and told.estate.is_open(one)
        for arn, one in told.estate.resources.items()
        if arn.split(":")[2] == service
    )
