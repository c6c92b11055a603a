"""What identities may do to resources."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from nhigraph.facts.facts import Edge, Fact, Gap, Need, Node, Note, Value
from nhigraph.facts.keys import github
from nhigraph.policy.aws import effects
from nhigraph.policy.aws.access import Accesses
from nhigraph.policy.aws.alike import Group
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.done import Access
from nhigraph.policy.aws.effects import Effect
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import YES, Finding, every, no, possible
from nhigraph.policy.aws.giving import on_name, on_resource
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.keyed import service_of
from nhigraph.policy.aws.listings import NAMED
from nhigraph.policy.aws.statements import Place
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
_AS_WHOM: Final = "as whom it runs is in no input"
_TWICE: Final = "documents contradict one another in as whom it runs"
#: What people call a service, where its own name says little.
_CALLED: Final = {"rds-db": "RDS Proxy"}
#: From so many things alike on, a right to them is a grant.
MANY: Final = 8
_DAYS = ("created", "rotated", "last_used")
#: Kinds that are run by others and do nothing themselves.
_CODE = frozenset({k.ARTIFACT.label, k.IMAGE.label})


def named(estate: Estate) -> dict[str, Resource]:
    """Resources that policies name in full and no listing shows, nor that there is none such.

    Also repositories from which something is built.
    """
    built = ((arn, one) for one in estate.resources.values() for arn in one.code)
    found = {
        arn: Resource(arn, one.account, one.place, arn.rpartition(":")[2], named=True)
        for arn, one in built
        if arn.split(":")[2] in NAMED and arn not in estate.resources
    }
    for one in estate.identities.values():
        for policy in estate.own_policies(one):
            for statement in policy.statements:
                for text in statement.resources if statement.allow else ():
                    kind = effects.type_of(text)
                    arn = effects.holder_arn(text, kind) if kind is not None else ""
                    if not arn or set("*?$") & set(arn) or arn in estate.resources:
                        continue
                    if not estate.is_none(arn):
                        owner = estate.owner(arn)
                        found.setdefault(
                            arn, Resource(arn, owner, statement.place, arn, named=True)
                        )
    return found


def node(told: Told, one: Resource) -> Iterator[Fact]:
    """Yield the node of a resource, and of the key that encrypts it."""
    kind = effects.type_of(one.arn)
    if kind is None:
        return
    at = told.at(one.place)
    props: dict[str, Value] = {"account": one.account} if one.account else {}
    props |= {name: said for name in _DAYS if (said := one.facts.get(name))}
    name = one.name or one.arn.rpartition(":")[2]
    yield Node(k.NODE_KINDS[kind.kind], one.arn, at, name=name, props=props)
    if one.key and one.key not in told.estate.resources and effects.type_of(one.key):
        yield Node(k.ENCRYPTION_KEY, one.key, at, name=one.key.rpartition("/")[2])
    if one.key and effects.type_of(one.key):
        yield Edge(k.DEPENDS_ON, one.key, one.arn, at)
    if one.arn in told.estate.disputed:
        yield Gap(one.arn, _TWICE, told.at(told.estate.disputed[one.arn]), (State.CONTROL,))
    if told.estate.is_unsaid(one):
        yield Gap(one.arn, _AS_WHOM, at, (State.CONTROL,))
    role = told.estate.runs_as(one)
    if role and kind.kind not in _CODE:
        yield Edge(k.RUNS_AS, one.arn, role, at)
    for arn in told.estate.code_of(one):
        part = effects.type_of(arn)
        if part is not None:
            if arn not in told.estate.resources:
                yield Node(k.NODE_KINDS[part.kind], arn, at, name=arn.rpartition(":")[2])
            yield Edge(k.EXECUTES, arn, one.arn, at)
    yield from _built(told, one)


def _built(told: Told, one: Resource) -> Iterator[Fact]:
    """Yield the repositories whose writers decide what is built, and that others are not seen."""
    at = told.at(one.place)
    for path in one.facts.get("repositories", "").split():
        repository = github.Repository(*path.split("/"))
        yield Node(k.REPOSITORY, repository.text, at, name=repository.name)
        yield Edge(k.EXECUTES, repository.text, one.arn, at)
    if where := one.facts.get("elsewhere"):
        yield Note(f"{one.name} builds what lies in {where}: who writes that is in no input", at)


def given(told: Told, accesses: Accesses, one: Resource) -> Iterator[Fact]:
    """Yield the secrets that what runs is given when it starts, by the rights of another role.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    (read 30 November 2026): the role of task execution reads them, the containers have them.
    """
    arns, said = told.estate.given(one)
    task = told.estate.resources.get(one.facts.get("task", ""))
    reader = told.estate.identities.get(said)
    for arn in arns if task is not None else ():
        kind, mine = effects.type_of(arn), tuple[Place, ...]()
        if task is None or kind is None:
            continue
        if reader is None:
            found = possible(f"{said or 'the role of task execution'} may read it")
        else:
            secret = told.estate.resources.get(arn) or Resource(arn, task.account, task.place)
            mine = on_resource(told.estate, reader, secret, [kind], Effect.READ)
            reads = (x for x in accesses.on(reader, secret, [kind]) if x.effect is Effect.READ)
            found = next((x.finding for x in reads), no("it may not be read"))
            if effects.type_of(secret.key) is not None and service_of(arn):
                action = effects.key_action(Effect.READ)
                found = every([found, accesses.key(reader, secret.key, action, service_of(arn))])
        if found.answer is not Answer.NO:
            yield told.edge(k.CAN_READ, one.arn, arn, found, other=task.place, given=mine)


def read(told: Told, accesses: Accesses, one: Identity) -> Iterator[Fact]:
    """Yield what an identity may do to resources."""
    had: dict[str, Answer] = {}
    for group, access in accesses.groups(one):
        if access.effect is Effect.READ and group.first.arn.split(":")[2] == "ssm":
            had |= {
                x.arn: max(access.finding.answer, had.get(x.arn, Answer.NO))
                for x in group.resources
            }
        if len(group.resources) < MANY:
            for resource, each in accesses.each(group, access):
                yield edge(told, one.arn, one.place, resource.arn, each, resource.key)
        else:
            yield from _granted(told, accesses, one, group, access)
    for resource, access in accesses.by_path(one, had):
        yield edge(told, one.arn, one.place, resource.arn, access, resource.key)
    for service, account, access in accesses.unlisted(one):
        target = unlisted(service, account)
        yield edge(told, one.arn, one.place, target, access, "")


def _granted(
    told: Told, accesses: Accesses, one: Identity, group: Group, access: Access
) -> Iterator[Fact]:
    """Yield what an identity may do to many things alike: one grant, which others may have, too.

    What depends on the thing is said there, what depends on who asks at who holds it.
    """
    first = group.first
    own = first.arn in access.finding.condition
    key = accesses.grant(group, access, own=own)
    if key not in told.granted:
        told.granted.add(key)
        at = told.at(first.place)
        service, count = first.arn.split(":")[2], len(group.resources)
        name = f"{access.effect} {count} of {service} in account {first.account}"
        yield Node(k.GRANT, key, at, name=name, props={"account": first.account})
        shared = access if own else replace(access, finding=YES)
        for resource, each in accesses.each(
            group, replace(shared, finding=_placeless(shared), given=())
        ):
            yield edge(told, key, resource.place, resource.arn, each, resource.key)
    holds = access.finding
    if own:
        holds = replace(holds, answer=Answer.YES, condition="")
    # Some may be let in by the things' own policies, which then have to say it of each.
    given = dict.fromkeys(x for _, each in accesses.each(group, access) for x in each.given)
    yield told.edge(k.HOLDS, one.arn, key, holds, other=one.place, given=tuple(given))


def _placeless(access: Access) -> Finding:
    return replace(access.finding, places=())


def edge(told: Told, source: str, other: Place, target: str, access: Access, key: str) -> Edge:
    """What somebody does to a resource; reading what a key encrypts needs that, too."""
    kind = _KINDS[access.effect]
    needs: tuple[Need, ...] = ()
    keyed = bool(service_of(target)) and effects.type_of(key) is not None
    if access.effect is Effect.READ and keyed:
        needs = (Need(key, State.READ),)
    return told.edge(
        kind, source, target, access.finding, other=other, given=access.given, needs=needs
    )


def unlisted_keys(told: Told) -> list[str]:
    """Keys that no listing shows and that something listed is encrypted with."""
    keys = {x.key for x in told.estate.resources.values() if effects.type_of(x.key)}
    return sorted(keys - told.estate.resources.keys())


def keys_used(
    told: Told, accesses: Accesses, one: Identity, who: str, unlisted: list[str]
) -> Iterator[Fact]:
    """Yield what an identity, whose node is given, may do with keys that no listing shows."""
    for key in unlisted:
        action = effects.key_action(Effect.READ)
        found = accesses.key(one, key, action)
        if found.answer is not Answer.NO:
            given = on_name(told.estate, one, key, (action,), "kms")
            yield told.edge(k.CAN_READ, who, key, found, other=one.place, given=given)


def unlisted(service: str, account: str) -> str:
    """Key of what a service has in an account and no listing shows."""
    return f"arn:aws:{service}::{account}:unlisted"


def rest(like: Edge) -> Iterator[Fact]:
    """Yield what no listing of a service shows, to which an edge leads."""
    _, _, service, _, account, _ = like.target.split(":")
    what = f"what {_CALLED.get(service, service)} has in account {account}"
    yield Node(k.CONTAINER, like.target, like.evidence, name=what)
    yield Gap(like.target, f"{what} is in no input", like.evidence)
