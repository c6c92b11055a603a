"""What identities may do to resources."""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Gap, Need, Node
from nhigraph.policy.aws import effects
from nhigraph.policy.aws.access import Access, Accesses
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.effects import Effect
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.trusts import Answer
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind, State
from nhigraph.sources.aws_iam.told import Told

_KINDS: dict[Effect, EdgeKind] = {
    Effect.READ: k.CAN_READ,
    Effect.WRITE: k.CAN_WRITE,
    Effect.DELETE: k.CAN_DELETE,
    Effect.STOP: k.CAN_STOP,
    Effect.ADMIN: k.CAN_ADMINISTER,
    # Whoever changes what a program does decides what it executes.
    Effect.CONTROL: k.CAN_WRITE,
}
#: Kinds that are run by others and do nothing themselves.
_CODE = frozenset({k.ARTIFACT.label, k.IMAGE.label})


def named(estate: Estate) -> dict[str, Resource]:
    """Resources that policies name in full and no listing shows."""
    found: dict[str, Resource] = {}
    for one in estate.identities.values():
        for policy in estate.own_policies(one):
            for statement in policy.statements:
                for text in statement.resources if statement.allow else ():
                    kind = effects.type_of(text)
                    arn = effects.holder_arn(text, kind) if kind is not None else ""
                    if arn and not set("*?$") & set(arn) and arn not in estate.resources:
                        owner = estate.owner(arn)
                        found.setdefault(arn, Resource(arn, owner, statement.place, arn))
    return found


def node(told: Told, one: Resource) -> Iterator[Fact]:
    """Yield the node of a resource, and of the key that encrypts it."""
    kind = effects.type_of(one.arn)
    if kind is None:
        return
    at = told.at(one.place)
    props = {"account": one.account} if one.account else {}
    name = one.name or one.arn.rpartition(":")[2]
    yield Node(k.NODE_KINDS[kind.kind], one.arn, at, name=name, props=props)
    if one.key and one.key not in told.estate.resources and effects.type_of(one.key):
        yield Node(k.ENCRYPTION_KEY, one.key, at, name=one.key.rpartition("/")[2])
    if one.key and effects.type_of(one.key):
        yield Edge(k.DEPENDS_ON, one.key, one.arn, at)
    role = told.estate.runs_as(one)
    if role and kind.kind not in _CODE:
        yield Edge(k.RUNS_AS, one.arn, role, at)
    for arn in told.estate.code_of(one):
        part = effects.type_of(arn)
        if part is not None:
            if arn not in told.estate.resources:
                yield Node(k.NODE_KINDS[part.kind], arn, at, name=arn.rpartition(":")[2])
            yield Edge(k.EXECUTES, arn, one.arn, at)


def read(told: Told, accesses: Accesses, one: Identity) -> Iterator[Fact]:
    """Yield what an identity may do to resources."""
    for resource, access in accesses.of(one):
        yield _edge(told, one, resource.arn, access, resource.key)
    for service, access in accesses.unlisted(one):
        yield _edge(told, one, unlisted(service, one.principal.account), access, "")


def _edge(told: Told, one: Identity, target: str, access: Access, key: str) -> Edge:
    kind = _KINDS[access.effect]
    needs: tuple[Need, ...] = ()
    if access.effect is Effect.READ and effects.type_of(key) is not None:
        needs = (Need(key, State.READ),)
    return told.edge(kind, one.arn, target, access.finding, other=one.place, needs=needs)


def keys_used(told: Told, accesses: Accesses, one: Identity) -> Iterator[Fact]:
    """Yield keys that no listing shows and that something listed is encrypted with."""
    keys = {x.key for x in told.estate.resources.values() if effects.type_of(x.key)}
    for key in sorted(keys - told.estate.resources.keys()):
        found = accesses.key(one, key, effects.key_action(Effect.READ))
        if found.answer is not Answer.NO:
            yield told.edge(k.CAN_READ, one.arn, key, found, other=one.place)


def unlisted(service: str, account: str) -> str:
    """Key of what a service has in an account and no listing shows."""
    return f"arn:aws:{service}::{account}:unlisted"


def rest(like: Edge) -> Iterator[Fact]:
    """Yield what no listing of a service shows, to which an edge leads."""
    _, _, service, _, account, _ = like.target.split(":")
    what = f"what {service} has in account {account}"
    yield Node(k.CONTAINER, like.target, like.evidence, name=what)
    yield Gap(like.target, f"{what} is in no input", like.evidence)
