"""What resources' own policies and grants decide about somebody, whom they name or may mean."""

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from nhigraph.policy.aws.authority import TAKES_PART
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.listed import SELF, Listed
from nhigraph.policy.aws.principals import account_of
from nhigraph.policy.aws.resources import policy_holder
from nhigraph.policy.aws.statements import Place, Policy, Statement
from nhigraph.records import dataclass

#: Somebody by a name of their own.
_SOMEBODY: Final = re.compile(r"arn:[\w-]+:iam::\d{12}:(?:role|user)/[^*?]+\Z")


@dataclass
class OwnPolicies:
    """Policies of an estate's resources.

    Attributes:
        estate: The estate.
        listed: Its resources by type.
    """

    estate: Estate
    listed: Mapping[str, Listed]

    def about(self, one: Identity, holder: str) -> set[int]:
        """Numbers of resources whose own policy, or a grant, may be about somebody."""
        named, open_ = self._named
        mine = named.get(one.arn, set())
        return self._numbers(holder, frozenset(mine)) | self._open_to_all(holder, open_)

    def closed_to_some(self, holder: str) -> set[int]:
        """Numbers of resources whose policy denies something, or may mean everybody."""
        if holder not in self._closed:
            denying = {
                arn
                for arn, policy in self.estate.policies.items()
                if policy is not None and any(not x.allow for x in policy.statements)
            }
            self._closed[holder] = self._numbers(holder, frozenset(denying))
        return self._closed[holder] | self._open_to_all(holder, self._named[1])

    @cached_property
    def _closed(self) -> dict[str, set[int]]:
        return {}

    @cached_property
    def _named(self) -> tuple[dict[str, set[str]], set[str]]:
        """ARNs of resources whose policy names somebody, by whom; and that may mean all."""
        named: dict[str, set[str]] = defaultdict(set)
        open_: set[str] = set()
        for holder, policy in self.estate.policies.items():
            for statement in policy.statements if policy is not None else ():
                names = [name for _, row in statement.principals or () for name in row]
                if statement.not_principals or statement.unread or not names:
                    open_.add(holder)
                for name in names:
                    if _SOMEBODY.match(name):
                        named[name].add(holder)
                    else:
                        open_.add(holder)
        return named, open_

    def _numbers(self, holder: str, arns: frozenset[str]) -> set[int]:
        places = self._places_of(holder)
        return {at for arn in arns for at in places.get(arn, ())}

    def _open_to_all(self, holder: str, arns: set[str]) -> set[int]:
        if holder not in self._open:
            granted = {arn for arn, grants in self.estate.grants.items() if grants}
            self._open[holder] = self._numbers(holder, frozenset(arns | granted))
        return self._open[holder]

    @cached_property
    def _open(self) -> dict[str, set[int]]:
        return {}

    def _places_of(self, holder: str) -> dict[str, list[int]]:
        if holder not in self._by_policy:
            found: dict[str, list[int]] = defaultdict(list)
            for at, arn in enumerate(self.listed[holder].arns):
                found[policy_holder(arn)].append(at)
            self._by_policy[holder] = found
        return self._by_policy[holder]

    @cached_property
    def _by_policy(self) -> dict[str, dict[str, list[int]]]:
        return {}

    def of(self, resource: Resource) -> Policy | None:
        """The policy of a resource, as far as it is there."""
        return self.estate.policies.get(policy_holder(resource.arn))

    def key(self, resource: Resource, *, named: bool) -> Hashable:
        """What of a resource's own policy decides about somebody.

        Args:
            resource: The resource.
            named: Its policy may be about them.
        """
        policy = self.of(resource)
        service = resource.arn.split(":")[2]
        if policy is None or not (named or service in TAKES_PART):
            return ""
        return self._content(policy, resource.arn)

    def _content(self, policy: Policy, arn: str) -> Hashable:
        """A number for what a policy says of its own resource."""
        if id(policy) not in self._contents:
            said = tuple(
                replace(
                    one,
                    place=("", ()),
                    resources=tuple(text.replace(arn, SELF) for text in one.resources),
                )
                for one in policy.statements
            )
            self._contents[id(policy)] = self._numbered.setdefault(said, len(self._numbered) + 1)
        return self._contents[id(policy)]

    @cached_property
    def _contents(self) -> dict[int, int]:
        return {}

    @cached_property
    def _numbered(self) -> dict[tuple[Statement, ...], int]:
        return {}

    def static(self, resource: Resource) -> Hashable:
        """What decides besides statements: where a resource lies, its key, grants of it."""
        parts = resource.arn.split(":")
        granted = resource.arn if self.estate.grants.get(resource.arn) else ""
        known = resource.arn in self.estate.policies or policy_holder(resource.arn) in (
            self.estate.policies
        )
        return (
            parts[1],
            parts[3],
            resource.account,
            account_of(resource.arn),
            resource.key,
            granted,
            known,
            self.estate.buckets.block(resource.arn, resource.account),
        )

    def places(self, first: Resource, other: Resource) -> dict[Place, Place]:
        """Places of the one's own policy, to those of the other's that says the same."""
        one, two = self.of(first), self.of(other)
        if one is None or two is None or one is two or len(one.statements) != len(two.statements):
            return {}
        pairs = zip(one.statements, two.statements, strict=True)
        return {mine.place: its.place for mine, its in pairs}
