"""Whom resources let in of accounts that no input describes, and who may take roles there.

A right between accounts is under the condition that the other account agrees. An account, an
organization or everybody that a resource lets in is listed among the identities, in the place of
its own. What whoever is of an account does there is in no input: a gap at the account where it is
one of the organization's, or where somebody who was read may become somebody of it.
"""

from collections.abc import Iterator
from typing import Final

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Fact, Gap, Node, Note
from nhigraph.policy.aws import effects, strangers
from nhigraph.policy.aws.access import Accesses
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.findings import possible
from nhigraph.policy.aws.giving import anywhere, on_name
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.principals import Sort
from nhigraph.policy.aws.statements import Place
from nhigraph.policy.aws.strangers import Stranger
from nhigraph.policy.aws.taking import ASSUME
from nhigraph.policy.trusts import Answer
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State
from nhigraph.sources.aws_iam import rights
from nhigraph.sources.aws_iam.told import Told

_BUCKET: Final = "s3:bucket"
_NO_LIST: Final = (
    "access control lists of buckets of account {} are in no input ({}): "
    "whom of other accounts they let in is not known"
)


def admitted(told: Told, accesses: Accesses, one: Resource) -> Iterator[Fact]:
    """Yield what a resource's own policy, or a grant, lets them do."""
    kind = effects.type_of(one.arn)
    if kind is None or kind.name != kind.holder:
        return
    kinds = [x for x in effects.types().values() if x.holder == kind.name]
    for name in strangers.names_of(told.estate, one.arn):
        who = strangers.stranger(told.estate, name)
        if who is None:
            continue
        them = who.identity(one.place)
        told.estate.take_in(them, who.authority)
        found = accesses.on(them, one, kinds)
        for access in found:
            told.met.setdefault(who.key, (who, one.place))
            told.let_in.add(who.key)
            yield rights.edge(told, who.key, one.place, one.arn, access, one.key)
        if found and effects.type_of(one.key) and one.key not in told.estate.resources:
            yield from rights.keys_used(told, accesses, them, who.key, [one.key])


def entered(told: Told, one: Identity) -> Iterator[Fact]:
    """Yield the roles that an identity may take there."""
    if one.arn not in told.askers or one.principal.service_linked:
        return
    estate, there = told.estate, strangers.elsewhere(told.estate, one)
    members = told.unread_members if there.anywhere else {}
    roles = dict.fromkeys(there.roles)
    for key, who in sorted(told.strangers.items()):
        near = who.principal.account in {*there.accounts, *members}
        if who.principal.sort is Sort.ROLE and near and not who.is_everybody:
            roles[key] = None
    for arn in roles:
        role = strangers.stranger(estate, arn)
        found = strangers.may_become(estate, one, arn)
        if role is not None and found.answer is not Answer.NO:
            told.met.setdefault(arn, (role, one.place))
            told.entered.setdefault(role.principal.account, one.place)
            given = on_name(estate, one, arn, (ASSUME,), "sts")
            yield told.edge(k.CAN_ASSUME, one.arn, arn, found, other=one.place, given=given)
    for number in there.accounts:
        found = strangers.may_enter(estate, one, number)
        if found.answer is not Answer.NO:
            told.entered.setdefault(number, one.place)
            given, root = anywhere(estate, one, (ASSUME,)), strangers.root(number)
            yield told.edge(k.CAN_ASSUME, one.arn, root, found, other=one.place, given=given)
    if there.anywhere:
        yield from _anywhere(told, one)


def _anywhere(told: Told, one: Identity) -> Iterator[Fact]:
    """Yield that an identity may take roles of whichever account."""
    member = told.estate.members.get(one.principal.account)
    others = [x for x, org in told.unread_members.items() if member and org == member.org]
    if member is not None and not others:
        return
    found = strangers.may_enter(told.estate, one)
    if found.answer is Answer.NO:
        return
    if member is None:
        reason = f"{one.principal.name} may take roles of other accounts, which are in no input"
        place = told.said(found, one.place)
        yield Gap(one.arn, reason, told.at(place), (State.CONTROL,))
        return
    hub = strangers.of_organization(member.org)
    told.entered_of.setdefault(member.org, one.place)
    given = anywhere(told.estate, one, (ASSUME,))
    yield told.edge(k.CAN_ASSUME, one.arn, hub, found, other=one.place, given=given)


def accounts(told: Told) -> Iterator[Fact]:
    """Yield who was named of other accounts, and what of these no input shows."""
    for org, place in sorted(told.entered_of.items()):
        yield _organization(org, told.at(place))
        reason = f"accounts of organization {org} are in no input, nor what may be done there"
        yield Gap(strangers.of_organization(org), reason, told.at(place), (State.CONTROL,))
    places: dict[str, Place] = {**told.entered}
    for _, (who, place) in sorted(told.met.items()):
        yield _node(told, who, place)
        number = who.principal.account
        if who.is_account or number in told.unread_members:
            places.setdefault(number, place)
    for number, place in sorted(places.items()):
        yield from _account(told, number, place)
    for key, (who, place) in sorted(told.met.items()):
        number = who.principal.account
        if number in places and not who.is_account:
            found = possible(strangers.lets(number), place)
            yield told.edge(k.MEMBER_OF, key, strangers.root(number), found, other=place)


def _account(told: Told, number: str, place: Place) -> Iterator[Fact]:
    """Yield an account, and that nothing says what identities of it may do."""
    who, at = strangers.stranger(told.estate, number), told.at(place)
    if who is not None and who.key not in told.met:
        yield _node(told, who, place)
    org = told.unread_members.get(number, "")
    if number in told.entered or number in told.unread_members:
        reason = f"what identities of account {number} may do is in no input"
        yield Gap(strangers.root(number), reason, at, (State.CONTROL,))
    if org in told.entered_of:
        found = possible(strangers.lets(number))
        yield told.edge(
            k.CAN_ASSUME,
            strangers.of_organization(org),
            strangers.root(number),
            found,
            other=place,
        )


def _node(told: Told, who: Stranger, place: Place) -> Node:
    at, account = told.at(place), who.principal.account
    # Nobody who is known stands between them and the thing: they are listed in the place of roles
    # and users that no input describes.
    nhi = True if who.key in told.let_in else None
    if who.is_everybody:
        return Node(k.GROUP, who.key, at, name="everybody who has an account of AWS", nhi=nhi)
    if who.principal.canonical:
        name = f"the account of canonical user {who.principal.canonical}"
        return Node(k.GROUP, who.key, at, name=name, nhi=nhi)
    if who.is_organization:
        return _organization(who.principal.org, at, nhi=nhi)
    if who.is_account:
        name = f"account {account}"
        return Node(k.GROUP, who.key, at, name=name, nhi=nhi, props={"account": account})
    kind = k.CLOUD_USER if who.principal.sort is Sort.USER else k.CLOUD_ROLE
    return Node(kind, who.key, at, name=who.principal.name, props={"account": account})


def _organization(org: str, at: Evidence, *, nhi: bool | None = None) -> Node:
    name = f"whoever is of accounts of organization {org} that are in no input"
    return Node(k.GROUP, strangers.of_organization(org), at, name=name, nhi=nhi)


def unread_lists(told: Told) -> Iterator[Note]:
    """Yield for each account that access control lists of its buckets were not supplied."""
    without: dict[str, list[Resource]] = {}
    for arn, one in sorted(told.estate.resources.items()):
        kind = effects.type_of(arn)
        is_bucket = kind is not None and kind.name == _BUCKET and not one.named
        if is_bucket and arn not in told.estate.buckets.acls:
            without.setdefault(one.account, []).append(one)
    for account, several in without.items():
        first, more = several[0], len(several) - 1
        reason = _NO_LIST.format(account, f"{first.name} and {more} more" if more else first.name)
        yield Note(reason, told.at(first.place))
