"""What is asked for."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.context import NO_PROFILE, Context, Profile, Value, known
from nhigraph.policy.aws.principals import Principal
from nhigraph.records import dataclass

#: The account is the fifth part of an ARN, the region the fourth.
_REGION, _ACCOUNT, _PARTS = 3, 4, 6
#: Services that have one endpoint for all regions, in this one.
_GLOBAL = frozenset({"iam", "organizations", "sts"})


@dataclass(frozen=True)
class Request:
    """One action of somebody on something.

    Attributes:
        principal: Who.
        action: Such as ``s3:GetObject``.
        resource: ARN, or ``*`` where the action has no resource; with ``any_new`` a pattern.
        account: Account of the resource; empty where nobody says.
        values: What else is known of the request, by key in lower case.
        any_new: One thing of the pattern that does not exist yet will do.
        profile: What the user says of where requests come from.
    """

    principal: Principal
    action: str
    resource: str = "*"
    account: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    any_new: bool = False
    profile: Profile = NO_PROFILE

    @cached_property
    def low(self) -> str:
        """The action as patterns are compared with it."""
        return self.action.lower()

    @property
    def service(self) -> str:
        """Prefix of the action."""
        return self.low.partition(":")[0]

    @cached_property
    def owner(self) -> str:
        """Account of the resource; of what has none, the principal's; empty where unknown."""
        if self.resource == "*":
            return self.account or self.principal.account
        return self.account or account(self.resource)

    @cached_property
    def context(self) -> Context:
        """What condition keys are worth."""
        base = self.principal.context
        found = {**base.values, **self.values}
        if self.owner:
            found.setdefault("aws:resourceaccount", known(self.owner))
            if self.service == "s3":
                found.setdefault("s3:resourceaccount", known(self.owner))
        parts = self.resource.split(":")
        region = parts[_REGION] if len(parts) >= _PARTS else ""
        if region and globs.parse(region) == region:
            found.setdefault("aws:requestedregion", known(region))
        elif self.service == "iam":
            found.setdefault("aws:requestedregion", known("us-east-1"))
        return Context(found, base.complete, self.profile)


def account(arn: str) -> str:
    """The account that an ARN names; empty for none."""
    parts = arn.split(":")
    found = parts[_ACCOUNT] if len(parts) >= _PARTS else ""
    return found if found.isdigit() else ""
