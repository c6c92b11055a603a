"""What all documents of some accounts say together, and who decides about a request there."""

from collections.abc import Iterator
from copy import copy
from dataclasses import field, replace
from functools import cached_property
from typing import Final

from nhigraph.policy.aws.authority import Authority, Grant, Levels, Unread, may_have_policy
from nhigraph.policy.aws.buckets import Buckets
from nhigraph.policy.aws.contradictions import (
    bare,
    doubtful,
    same_group,
    same_identity,
    same_member,
)
from nhigraph.policy.aws.details import WELL_KNOWN, Absent, Details, Group, Identity
from nhigraph.policy.aws.effects import type_of
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.listings import MAY_RUN, RUNNING, WHOLE, is_whole
from nhigraph.policy.aws.organization import Member, Organization, forbids
from nhigraph.policy.aws.request import account as account_of
from nhigraph.policy.aws.resources import Resources, policy_holder
from nhigraph.policy.aws.statements import Place, Policy, allows
from nhigraph.records import dataclass

_TAGGING, _FEDERATING = "sts:tagsession", "sts:getfederationtoken"
_OTHERWISE: Final = (
    "another document says something else of {}: which of them holds is not known; "
    "keep the newer one alone"
)


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
        grants: Grants of a key by its ARN.
        buckets: What lets in to buckets, or keeps out, beside their policies.
        listings: Account and service, to the listings of it that are there.
        providers: OIDC and SAML providers by ARN.
        federated: Account and sort of provider of which a listing is there.
        listed_in: Account, region and member of an answer of which a whole listing is there.
        profiles: Role of an instance profile, by the profile's ARN.
        pages: Accounts to whether the last page of their details is there.
        lost: Accounts to where users or roles of theirs stand that could not be read.
        disputed: Identities, groups and what runs, of which two documents say different things,
            and where the second does.
        problems: Where documents contradict others, and in what.
    """

    identities: dict[str, Identity] = field(default_factory=dict)
    groups: dict[tuple[str, str], Group] = field(default_factory=dict)
    managed: dict[str, Policy] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    policies: dict[str, Policy | None] = field(default_factory=dict)
    grants: dict[str, tuple[Grant, ...]] = field(default_factory=dict)
    buckets: Buckets = field(default_factory=Buckets)
    listings: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    providers: dict[str, Place] = field(default_factory=dict)
    federated: set[tuple[str, str]] = field(default_factory=set)
    profiles: dict[str, str] = field(default_factory=dict)
    listed_in: set[tuple[str, str, str]] = field(default_factory=set)
    pages: dict[str, bool] = field(default_factory=dict)
    lost: dict[str, list[Place]] = field(default_factory=dict)
    disputed: dict[str, Place] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)
    _withdrawn: set[str] = field(default_factory=set)

    def add_details(self, found: Details) -> None:
        """Take in a page of an account's authorization details."""
        for one in found.identities:
            self.profiles |= dict.fromkeys(one.profiles, one.arn)
            before = self.identities.setdefault(one.arn, one)
            if before is not one and not same_identity(before, one):
                self._dispute(one.arn, one.place)
                trust = doubtful(before.trust, one.trust) if before.trust and one.trust else None
                self.identities[one.arn] = replace(before, trust=trust)
        for group in found.groups:
            known = self.groups.setdefault((account_of(group.arn), group.name), group)
            if known is not group and not same_group(known, group):
                self._dispute(group.arn, group.place)
        for arn, policy in found.managed.items():
            had = self.managed.setdefault(arn, policy)
            if had is not policy:
                self.managed[arn] = self._either(had, policy)
        arns = [*(x.arn for x in found.identities), *(x.arn for x in found.groups), *found.managed]
        for account in {account_of(arn) for arn in arns} - {""}:
            if found.lost:
                self.lost.setdefault(account, []).extend(found.lost)
            self.pages[account] = self.pages.get(account, False) or not found.truncated

    def _dispute(self, arn: str, place: Place) -> None:
        """Note that a document says something else of somebody than another does."""
        self.disputed.setdefault(arn, place)
        self.problems.append((place, _OTHERWISE.format(arn)))

    def _either(self, one: Policy, other: Policy) -> Policy:
        """A policy of which two documents say the same, or perhaps not."""
        if bare(one) == bare(other):
            return one
        place = next(x.place for x in (*other.statements, *one.statements))
        self.problems.append((place, _OTHERWISE.format(one.name)))
        return doubtful(one, other)

    def add_organization(self, found: Organization) -> None:
        """Take in an organisation."""
        for number, member in found.members.items():
            before = self.members.setdefault(number, member)
            if before is not member and not same_member(before, member):
                unread = Unread(forbids(number))
                self.members[number] = replace(before, org="", path="", scps=unread, rcps=unread)
                self.problems.append((member.place, _OTHERWISE.format(f"account {number}")))

    def settle(self) -> None:
        """Say of each identity what other documents decide about it, now that all was read.

        Of whose organisation its account is, and whether its sessions have tags of their own.
        Grants of a key of which two documents say different things are not known.
        """
        for arn in self._withdrawn:
            self.grants.pop(arn, None)
        self.buckets.settle(self.policies, self.owner)
        for arn, one in self.identities.items():
            member = self.members.get(one.principal.account)
            org = member.org if member is not None else ""
            principal = replace(
                one.principal,
                org=org or one.principal.org,
                path=member.path if member is not None else "",
                retagged=self._is_retagged(one),
            )
            self.identities[arn] = replace(one, principal=principal)

    def _is_retagged(self, one: Identity) -> bool:
        """Whether somebody may begin a session of an identity with tags.

        A role's trust has to allow it whoever takes the role; a user begins its own
        (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required,
        read 30 November 2026).
        """
        if one.trust is not None:
            return allows((one.trust,), _TAGGING)
        own = self.own_policies(one)
        return allows(own, _TAGGING) and allows(own, _FEDERATING)

    def add_resources(self, found: Resources) -> None:
        """Take in listings and policies of resources."""
        for one in found.resources:
            known = self.resources.get(one.arn)
            if known is not None and known.role and one.role and known.role != one.role:
                self._dispute(one.arn, one.place)
            if known is None or one.says > known.says:
                self.resources[one.arn] = one
        for arn, policy in found.policies.items():
            before = self.policies.setdefault(arn, policy)
            none = Policy(f"policy of {arn}", ())
            if before is not policy:
                found_both = self._either(before or none, policy or none)
                self.policies[arn] = found_both if before or policy else None
        for arn, grants in found.grants.items():
            known_grants = self.grants.setdefault(arn, grants)
            if {bare(x.policy) for x in known_grants} != {bare(x.policy) for x in grants}:
                self._withdrawn.add(arn)
        self.buckets.add(found.buckets)
        self.listed_in |= found.listed_in
        for account, service, member in found.listed:
            self.listings.setdefault((account, service), set()).add(member)
        self.providers |= found.providers
        self.federated |= found.federated

    def is_none(self, arn: str) -> bool:
        """Whether an ARN is of nothing: all of its type in its account and region are listed."""
        kind = type_of(arn)
        _, _, _, region, account, *_ = arn.split(":", 5)
        member = WHOLE.get(kind.holder) if kind is not None else None
        return (account, region, member) in self.listed_in and arn not in self.resources

    def is_listed(self, account: str, service: str) -> bool:
        """Whether all that a service has in an account is there."""
        return is_whole(service, self.listings.get((account, service), ()))

    def runs_as(self, one: Resource) -> str:
        """The role with whose rights a resource runs; empty for none."""
        task = self.resources.get(one.facts.get("task", ""))
        own = one.role or self.profiles.get(one.facts.get("profile", ""), "")
        return self._role(own or (task.role if task is not None else ""), one)

    def is_unsaid(self, one: Resource) -> bool:
        """Whether nobody says as whom something runs, of what runs as somebody or may."""
        kind = type_of(one.arn)
        task = self.resources.get(one.facts.get("task", ""))
        if kind is None or self.runs_as(one):
            return False
        if kind.name == "ecs:service":
            return task is None or not task.facts.get("described")
        return kind.name in RUNNING or (one.named and kind.name in MAY_RUN)

    def _role(self, said: str, one: Resource) -> str:
        """The ARN of a role that a service prints as it was given: in full, or by its name.

        A name leaves the path out, and no two roles of an account have one name
        (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html).
        """
        if not said or ":" in said:
            return said
        plain = f"arn:{one.arn.split(':')[1]}:iam::{one.account}:role/{said}"
        named = self._roles_by_name.get((one.account, said), ())
        return named[0] if len(named) == 1 and plain not in self.identities else plain

    @cached_property
    def _roles_by_name(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for arn, one in self.identities.items():
            if ":role/" in arn:
                name = arn.rpartition("/")[2]
                found.setdefault((one.principal.account, name), []).append(arn)
        return found

    def given(self, one: Resource) -> tuple[tuple[str, ...], str]:
        """Secrets that a service's containers are given, and the role with whose rights."""
        task = self.resources.get(one.facts.get("task", ""))
        if task is None:
            return (), ""
        return tuple(task.facts.get("given", "").split()), self._role(
            task.facts.get("execution", ""), task
        )

    def code_of(self, one: Resource) -> tuple[str, ...]:
        """Where the code of what a resource runs lies."""
        task = self.resources.get(one.facts.get("task", ""))
        return one.code if task is None else (*one.code, task.arn)

    def is_gone(self, provider: str) -> bool:
        """Whether a provider is none that its account has: nobody comes in by it."""
        sort = provider.rsplit(":", maxsplit=1)[-1].partition("/")[0]
        listed = (account_of(provider), sort) in self.federated
        return listed and provider not in self.providers

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

    def disputes(self, one: Identity) -> Iterator[Absent]:
        """What documents say in two ways of an identity: of it, its groups."""
        groups = (self.groups.get((one.principal.account, name)) for name in one.groups)
        for arn in (one.arn, *(group.arn for group in groups if group is not None)):
            if arn in self.disputed:
                yield arn, self.disputed[arn]

    @cached_property
    def _bases(self) -> dict[str, Authority]:
        return {}

    def base(self, one: Identity) -> Authority:
        """What decides about an identity, whatever it asks for."""
        if one.arn not in self._bases:
            absent = sorted({name for name, _ in self.absent(one)})
            absent += [f"another document on {arn}" for arn, _ in self.disputes(one)]
            self._bases[one.arn] = Authority(
                self.own_policies(one),
                self._boundary(one),
                scps=self.scps(one.principal.account),
                unread=f"{', '.join(absent)} denies none of it" if absent else "",
            )
        return self._bases[one.arn]

    def take_in(self, one: Identity, authority: Authority) -> None:
        """Let an authority decide about somebody of whom no document says anything."""
        self._bases[one.arn] = authority

    def without(self, one: Identity, places: frozenset[Place]) -> "Estate":
        """The same where an identity's own policies lack some statements, for it alone."""
        base = self.base(one)
        left = (
            replace(x, statements=tuple(y for y in x.statements if y.place not in places))
            for x in base.identity
        )
        found = copy(self)
        vars(found)["_bases"] = {**self._bases, one.arn: replace(base, identity=tuple(left))}
        return found

    def authority(self, one: Identity, arn: str, service: str) -> Authority:
        """What decides about an identity that asks for something."""
        base = self.base(one)
        owner = self.owner(arn) or one.principal.account
        return Authority(
            base.identity,
            base.boundary,
            scps=base.scps,
            rcps=self.rcps(owner),
            resource=self.resource_policy(
                arn, service, "" if owner == one.principal.account else owner
            ),
            grants=self.grants.get(arn, ()),
            unread=base.unread,
            org=member.org if (member := self.members.get(owner)) is not None else "",
            path=member.path if member is not None else "",
        )

    def resource_policy(self, arn: str, service: str, abroad: str = "") -> Policy | Unread | None:
        """The policy of a resource; a role's is its trust.

        Args:
            arn: The resource.
            service: Whose it is.
            abroad: Its account, where somebody of another asks.
        """
        if service == "sts":
            role = self.identities.get(arn)
            return role.trust if role is not None else Unread(f"{arn} trusts it")
        holder = policy_holder(arn)
        if holder in self.policies:
            found = self.policies[holder]
            return self.buckets.abroad(found, arn, abroad) if found and abroad else found
        return Unread(f"the policy of {arn} agrees") if may_have_policy(service) else None

    def is_open(self, one: Resource) -> bool:
        """Whether who else is let in to a resource was not supplied: its policy, or a grant."""
        service = one.arn.split(":")[2]
        if not may_have_policy(service):
            return False
        granted = service == "kms" and one.arn not in self.grants
        holder = policy_holder(one.arn)
        policy = self.policies.get(holder)
        unread = any(x.allow and x.unread for x in policy.statements) if policy else False
        return granted or unread or holder not in self.policies
