"""Whether two documents say the same of one thing, wherever they say it."""

from collections.abc import Hashable, Iterable
from dataclasses import replace

from nhigraph.policy.aws.authority import Levels, Unread
from nhigraph.policy.aws.details import Group, Identity
from nhigraph.policy.aws.organization import Member
from nhigraph.policy.aws.statements import Clause, Policy

_NOWHERE = ("", ())
_HOLDING = "the document that holds"


def bare(policy: Policy | None) -> Hashable:
    """What a policy says, without where; None for none."""
    if policy is None:
        return None
    return frozenset(replace(one, place=_NOWHERE) for one in policy.statements)


def doubtful(one: Policy, other: Policy) -> Policy:
    """A policy of which two documents say different things: what one alone says is a condition."""
    both = {replace(x, place=_NOWHERE) for x in one.statements}
    both &= {replace(x, place=_NOWHERE) for x in other.statements}
    sure = [x for x in one.statements if replace(x, place=_NOWHERE) in both]
    open_ones = [
        replace(x, tests=(*x.tests, Clause("is", _HOLDING, (x.place[0],))))
        for x in (*one.statements, *other.statements)
        if replace(x, place=_NOWHERE) not in both
    ]
    return Policy(one.name, (*sure, *open_ones), (*one.problems, *other.problems))


def _all(policies: Iterable[Policy]) -> Hashable:
    return frozenset(bare(one) for one in policies if one.statements)


def same_identity(one: Identity, other: Identity) -> bool:
    """Whether two records give somebody the same rights; tags count where both have them."""
    tags = [x.principal.tags for x in (one, other)]
    known = None not in tags
    return (
        _all(one.inline) == _all(other.inline)
        and {arn for arn, _ in one.attached} == {arn for arn, _ in other.attached}
        and {*one.groups} == {*other.groups}
        and one.boundary == other.boundary
        and bare(one.trust) == bare(other.trust)
        and (not known or {*(tags[0] or ())} == {*(tags[1] or ())})
    )


def same_group(one: Group, other: Group) -> bool:
    """Whether two records give a group's members the same rights."""
    return _all(one.inline) == _all(other.inline) and (
        {arn for arn, _ in one.attached} == {arn for arn, _ in other.attached}
    )


def same_member(one: Member, other: Member) -> bool:
    """Whether the same policies stand above an account in two trees."""
    return one.org == other.org and all(
        _levels(mine) == _levels(theirs)
        for mine, theirs in ((one.scps, other.scps), (one.rcps, other.rcps))
    )


def _levels(levels: Levels | Unread) -> Hashable:
    if isinstance(levels, Unread):
        return levels.text
    return tuple(frozenset(bare(one) for one in level) for level in levels)
