"""How identities come to more rights than they have, and what an account holds."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Final

from nhigraph.facts.facts import Edge, Fact, Gap, Need, Node
from nhigraph.policy.aws import effects, organized, strangers
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.escalation import Escalations
from nhigraph.policy.aws.findings import Finding
from nhigraph.policy.aws.statements import Place
from nhigraph.policy.aws.ways import Found, Gain
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind, State
from nhigraph.sources.aws_iam.rights import MANY
from nhigraph.sources.aws_iam.told import Told, whole

#: What is gained, as an edge to it. Whoever changes what a program does decides what it executes.
_KINDS: Final[dict[Gain, EdgeKind]] = {
    "account": k.CAN_ADMINISTER,
    "it": k.CAN_ASSUME,
    "code": k.CAN_WRITE,
    "read": k.CAN_READ,
}


def read(told: Told, ways: Escalations, one: Identity) -> Iterator[Fact]:
    """Yield what an identity gains; of many whom it may give rights, one edge for all alike."""
    by_acting: dict[tuple[str, Finding, tuple[Place, ...]], list[Found]] = {}
    for found in ways.of(one):
        if found.rule.gain == "accounts":
            yield from _others(told, one, found)
        elif found.held:
            alike = (found.rule.action, found.finding, found.given)
            by_acting.setdefault(alike, []).append(found)
        else:
            yield _gained(told, one, found)
    for several in by_acting.values():
        held = [*dict.fromkeys(found.held for found in several)]
        if len(held) < MANY:
            yield from (_gained(told, one, found) for found in several)
        else:
            yield from _whoever(told, held)
            yield _gained(told, one, replace(several[0], held=_acting(held)))


def _gained(told: Told, one: Identity, found: Found) -> Edge:
    target = found.target or whole(one.principal.account)
    return told.edge(
        _KINDS[found.rule.gain], one.arn, target, found.finding,
        other=one.place, given=found.given, action=found.rule.action or None,
        needs=(Need(found.held, State.CONTROL),) if found.held else (),
    )  # fmt: skip


def _whoever(told: Told, held: list[str]) -> Iterator[Fact]:
    """Yield one node for whoever acts as any of several identities."""
    key = _acting(held)
    if key in told.granted:
        return
    told.granted.add(key)
    first = told.estate.identities[held[0]]
    account = first.principal.account
    name = f"whoever acts as one of {len(held)} identities of account {account}"
    yield Node(k.GRANT, key, told.at(first.place), name=name, props={"account": account})
    for arn in held:
        yield Edge(k.CONTAINS, arn, key, told.at(told.estate.identities[arn].place))


def _acting(held: list[str]) -> str:
    """Key of whoever acts as any of several identities."""
    account = held[0].split(":")[4]
    digest = sha256("\n".join(sorted(held)).encode()).hexdigest()[:16]
    return f"arn:aws:iam::{account}:acting/{digest}"


def _others(told: Told, one: Identity, found: Found) -> Iterator[Fact]:
    """Yield that an identity may administer other accounts of its organization."""
    org = found.target
    place = told.said(found.finding, one.place)
    if not org:
        reason = f"{one.principal.name} may act on accounts of an organization that is in no input"
        yield Gap(one.arn, reason, told.at(place), (State.CONTROL,))
        return
    told.administered.setdefault(org, place)
    yield told.edge(
        k.CAN_ADMINISTER, one.arn, _accounts(org), found.finding,
        other=one.place, given=found.given, action=found.rule.action,
    )  # fmt: skip


def organizations(told: Told) -> Iterator[Fact]:
    """Yield the accounts of an organization that may be administered from another."""
    for org, place in sorted(told.administered.items()):
        at, key = told.at(place), _accounts(org)
        yield Node(k.CONTAINER, key, at, name=f"accounts of organization {org}")
        for number in organized.members(told.estate, org):
            if number in told.estate.pages:
                yield Edge(k.CONTAINS, key, whole(number), at)
        if org in told.unread_members.values():
            told.entered_of.setdefault(org, place)
            yield Edge(k.CONTAINS, key, strangers.of_organization(org), at)


def _accounts(org: str) -> str:
    """Key of what the accounts of an organization hold, but the one that manages it."""
    return f"arn:aws:organizations:::{org}:accounts"


def account(told: Told, number: str) -> Iterator[Fact]:
    """Yield an account and what it holds: who has its rights has all of that."""
    key = whole(number)
    mine = [x for x in told.estate.identities.values() if x.principal.account == number]
    at = told.at(min(one.place for one in mine))
    yield Node(k.CONTAINER, key, at, name=f"account {number}", props={"account": number})
    for one in sorted(mine, key=lambda one: one.arn):
        if not one.principal.service_linked:
            yield Edge(k.CONTAINS, key, one.arn, told.at(one.place))
    for arn, resource in sorted(told.estate.resources.items()):
        if resource.account == number and effects.type_of(arn) is not None:
            yield Edge(k.CONTAINS, key, arn, told.at(resource.place))
