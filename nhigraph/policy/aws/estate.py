"""What all documents of some accounts say together, and who decides about a request there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from nhigraph.policy.aws.authority import Authority, Levels, Unread, may_have_policy
from nhigraph.policy.aws.details import WELL_KNOWN, Absent, Details, Group, Identity
from nhigraph.policy.aws.organization import Member, Organization, forbids
from nhigraph.policy.aws.request import account as account_of
from nhigraph.policy.aws.resources import Resource, Resources
from nhigraph.policy.aws.statements import Place, Policy


@dataclass
class Estate:
    """Accounts, as far as documents describe them.

    Attributes:
        identities: Users and roles by ARN.
        groups: Groups by account and name.
        managed: Managed policies by ARN.
        members: Accounts of organisations by number.
        resources: Resources by ARN.
        policies: Policy of a resource by ARN; None where it has none.
        listed: Account and service of which a whole listing is there.
        providers: OIDC and SAML providers by ARN.
        pages: Accounts to whether the last page of their details is there.
    """

    identities: dict[str, Identity] = field(default_factory=dict)
    groups: dict[tuple[str, str], Group] = field(default_factory=dict)
    managed: dict[str, Policy] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    policies: dict[str, Policy | None] = field(default_factory=dict)
    listed: set[tuple[str, str]] = field(default_factory=set)
    providers: dict[str, Place] = field(default_factory=dict)
    pages: dict[str, bool] = field(default_factory=dict)

    def add_details(self, found: Details) -> None:
        """Take in a page of an account's authorization details."""
        for one in found.identities:
            self.identities.setdefault(one.arn, one)
        for group in found.groups:
            self.groups.setdefault((account_of(group.arn), group.name), group)
        for arn, policy in found.managed.items():
            self.managed.setdefault(arn, policy)
        arns = [*(x.arn for x in found.identities), *(x.arn for x in found.groups), *found.managed]
        for account in {account_of(arn) for arn in arns} - {""}:
            self.pages[account] = self.pages.get(account, False) or not found.truncated

    def add_organization(self, found: Organization) -> None:
        """Take in an organisation."""
        for number, member in found.members.items():
            self.members.setdefault(number, member)

    def add_resources(self, found: Resources) -> None:
        """Take in listings and policies of resources."""
        for one in found.resources:
            self.resources.setdefault(one.arn, one)
        for arn, policy in found.policies.items():
            self.policies.setdefault(arn, policy)
        self.listed |= found.listed
        self.providers |= found.providers

    def owner(self, arn: str) -> str:
        """The account of a resource; empty where nobody says."""
        known = self.resources.get(arn)
        return account_of(arn) or (known.account if known is not None else "")

    def own_policies(self, one: Identity) -> tuple[Policy, ...]:
        """Policies of an identity's own and of its groups, as far as they are there."""
        found = [*one.inline]
        attached = [*one.attached]
        for name in one.groups:
            group = self.groups.get((one.principal.account, name))
            if group is not None:
                found += group.inline
                attached += group.attached
        found += [policy for arn, _ in attached if (policy := self.policy(arn)) is not None]
        return tuple(found)

    def policy(self, arn: str) -> Policy | None:
        """A managed policy; None where nobody shows it."""
        return self.managed.get(arn) or WELL_KNOWN.get(arn.rpartition(":")[2])

    def absent(self, one: Identity) -> Iterator[Absent]:
        """Policies of an identity that no document shows; of a group, its name."""
        attached = [*one.attached]
        for name in one.groups:
            group = self.groups.get((one.principal.account, name))
            if group is None:
                yield f"those of the group {name}", one.place
            else:
                attached += group.attached
        yield from (row for row in attached if self.policy(row[0]) is None)

    def _boundary(self, one: Identity) -> Policy | Unread | None:
        if not one.boundary:
            return None
        return self.policy(one.boundary) or Unread(f"its boundary {one.boundary} allows it")

    def scps(self, account: str) -> Levels | Unread:
        """Levels above an account."""
        member = self.members.get(account)
        return Unread(forbids(account)) if member is None else member.scps

    def rcps(self, account: str) -> Levels | Unread:
        """Levels above a resource's account."""
        member = self.members.get(account)
        return Unread(forbids(account)) if member is None else member.rcps

    @cached_property
    def _bases(self) -> dict[str, Authority]:
        return {}

    def base(self, one: Identity) -> Authority:
        """What decides about an identity, whatever it asks for."""
        if one.arn not in self._bases:
            absent = sorted({name for name, _ in self.absent(one)})
            self._bases[one.arn] = Authority(
                self.own_policies(one),
                self._boundary(one),
                scps=self.scps(one.principal.account),
                unread=f"{', '.join(absent)} denies none of it" if absent else "",
            )
        return self._bases[one.arn]

    def authority(self, one: Identity, arn: str, service: str) -> Authority:
        """What decides about an identity that asks for something."""
        base = self.base(one)
        owner = self.owner(arn) or one.principal.account
        return Authority(
            base.identity,
            base.boundary,
            scps=base.scps,
            rcps=self.rcps(owner),
            resource=self.resource_policy(arn, service),
            unread=base.unread,
        )

    def resource_policy(self, arn: str, service: str) -> Policy | Unread | None:
        """The policy of a resource; a role's is its trust."""
        if service == "sts":
            role = self.identities.get(arn)
            return role.trust if role is not None else Unread(f"{arn} trusts it")
        if arn in self.policies:
            return self.policies[arn]
        return Unread(f"the policy of {arn} agrees") if may_have_policy(service) else None
