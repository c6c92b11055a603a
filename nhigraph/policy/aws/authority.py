"""The policies that decide about a request, by layer, and what of them was not supplied."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Final, cast

from nhigraph.policy import tables
from nhigraph.policy.aws.statements import Policy, policy_of
from nhigraph.records import dataclass


class Layer(StrEnum):
    """Where a policy is attached."""

    IDENTITY = "identity policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    RESOURCE = "resource policy"
    ENDPOINT = "endpoint policy"


#: What AWS attaches to every level itself.
FULL: Final = policy_of(
    "FullAWSAccess", [{"Sid": "FullAWSAccess", "Effect": "Allow", "Action": "*", "Resource": "*"}]
)

#: Services whose resources' own policy takes part always.
TAKES_PART: Final = frozenset({"sts", "kms"})


@dataclass(frozen=True, slots=True)
class Unread:
    """A layer that was not supplied.

    Attributes:
        text: On which condition a request passes it.
        grants: Of a resource's policy, on which condition it lets somebody in by itself; empty
            where whoever asks says that elsewhere.
    """

    text: str
    grants: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant of a key, which stands beside its policy.

    Attributes:
        grantee: ARN of whom it lets.
        operations: Such as ``Decrypt``.
        conditional: It asks for an encryption context.
        policy: It as a policy, for its name and place.
    """

    grantee: str
    operations: tuple[str, ...]
    conditional: bool
    policy: Policy

    def has_action(self, action: str) -> bool:
        """Whether it is about an action (lower case)."""
        service, _, operation = action.partition(":")
        return service == "kms" and operation in {one.lower() for one in self.operations}


#: Levels of an organisation from its root to an account, each with its policies.
Levels = tuple[tuple[Policy, ...], ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """What decides about requests of one principal on one resource.

    Attributes:
        identity: Its inline, managed and groups' policies.
        unread: On which condition policies of its own that were not supplied do not matter; empty
            where all are there.
        boundary: Its boundary; None for none.
        session: Policies of the session; empty for none.
        scps: Levels above its account; empty where nothing above limits it.
        rcps: Levels above the resource's account.
        resource: The resource's own policy; None for none.
        grants: Grants of a key.
        endpoint: Policies of the endpoint through which it asks; empty for none.
        org: Id of the organisation of the resource's account; empty where nobody says.
        path: Path of that account there; empty where nobody says.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | Unread | None = None
    session: tuple[Policy, ...] = ()
    scps: Levels | Unread = ()
    rcps: Levels | Unread = ()
    resource: Policy | Unread | None = None
    grants: tuple[Grant, ...] = ()
    endpoint: tuple[Policy, ...] = ()
    unread: str = ""
    org: str = ""
    path: str = ""

    def policies(self) -> Iterator[tuple[Layer, Policy]]:
        """Every policy that was supplied."""
        yield from ((Layer.IDENTITY, one) for one in self.identity)
        if isinstance(self.boundary, Policy):
            yield Layer.BOUNDARY, self.boundary
        yield from ((Layer.SESSION, one) for one in self.session)
        for layer, levels in ((Layer.SCP, self.scps), (Layer.RCP, self.rcps)):
            if not isinstance(levels, Unread):
                yield from ((layer, one) for level in levels for one in level)
        if isinstance(self.resource, Policy):
            yield Layer.RESOURCE, self.resource
        yield from ((Layer.ENDPOINT, one) for one in self.endpoint)


@cache
def _services() -> dict[str, frozenset[str]]:
    body = cast("dict[str, list[str]]", tables.read("nhigraph.policy.aws", "services.yaml"))
    return {name: frozenset(found) for name, found in body.items()}


def has_rcps(service: str) -> bool:
    """Whether resource control policies are about a service's actions."""
    return service in _services()["resource_control"]


def is_own_accounts(action: str) -> bool:
    """Whether an action (lower case) is refused to identities of other accounts."""
    return action in _services()["own_account"]


def may_have_policy(service: str) -> bool:
    """Whether resources of a service can have a policy of their own."""
    return service in _services()["resource_policy"]
