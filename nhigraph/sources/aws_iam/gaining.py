"""How identities come to more rights than they have, and what an account holds."""

from collections.abc import Iterator
from typing import Final

from nhigraph.facts.facts import Edge, Fact, Need, Node
from nhigraph.policy.aws import effects
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.escalation import Escalations
from nhigraph.policy.aws.ways import Gain
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind, State
from nhigraph.sources.aws_iam.told import Told, whole

#: What is gained, as an edge to it. Whoever changes what a program does decides what it executes.
_KINDS: Final[dict[Gain, EdgeKind]] = {
    "account": k.CAN_ADMINISTER,
    "it": k.CAN_ASSUME,
    "code": k.CAN_WRITE,
}


def read(told: Told, ways: Escalations, one: Identity) -> Iterator[Fact]:
    """Yield what an identity gains."""
    for found in ways.of(one):
        target = found.target or whole(one.principal.account)
        yield told.edge(
            _KINDS[found.rule.gain], one.arn, target, found.finding,
            other=one.place, action=found.rule.action or None,
            needs=(Need(found.held, State.CONTROL),) if found.held else (),
        )  # fmt: skip


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
