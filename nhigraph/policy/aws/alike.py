"""Resources about which an identity's policies say the same: one decision is that of all.

Two resources of a type are alike to somebody where the same statements are about both, and about
their parts in the same way, where what decides besides is the same (account, region, key, their
own policies as far as these are about somebody), and where nothing else tells them apart. Which
resources a pattern is about is found once for all identities, among those that begin as it does.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Final

from nhigraph.policy.aws import effects, globs
from nhigraph.policy.aws.authority import Authority, Unread
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.principals import account_of
from nhigraph.policy.aws.resources import policy_holder
from nhigraph.policy.aws.statements import Place, Policy, Statement

#: Stands for a resource's own ARN in its policy.
_SELF: Final = "\0self"
#: Name that no listing has.
_OTHER: Final = "nhigraph-any-other"
#: Bits: about the thing, about any part of it, about some part.
_IT, _ANY, _SOME = 1, 2, 4
#: Services whose resources' own policy takes part always.
_TAKES_PART: Final = frozenset({"kms", "sts"})
#: Somebody by a name of their own.
_SOMEBODY: Final = re.compile(r"arn:[\w-]+:iam::\d{12}:(?:role|user)/[^*?]+\Z")


@dataclass(frozen=True, slots=True)
class Group:
    """Resources that are alike to somebody.

    Attributes:
        first: One of them: what is decided about it is decided about all.
        resources: They.
        whole: They are all of a type that are alike but for what names single ones besides, which
            have groups of their own, too.
        sort: What they have in common with such a group; None for what is in none.
    """

    first: Resource
    resources: tuple[Resource, ...]
    whole: bool = False
    sort: Hashable = None


#: What resources have in common, to their numbers and them.
_Wholes = dict[Hashable, tuple[tuple[int, ...], tuple[Resource, ...]]]


def renamed(
    found: Finding, first: Resource, other: Resource, places: dict[Place, Place]
) -> Finding:
    """What was found of one resource, said of another that is alike."""
    if first is other:
        return found
    condition = found.condition
    if first.arn in condition:
        condition = _named(first.arn).sub(lambda _: other.arn, condition)
    if not places:
        return replace(found, condition=condition)
    moved = tuple(places.get(one, one) for one in found.places)
    return replace(found, condition=condition, places=moved)


@lru_cache(maxsize=1 << 12)
def _named(arn: str) -> re.Pattern[str]:
    return re.compile(re.escape(arn) + r"(?![\w.+=@-])")


class _Listed:
    """Resources of one type, and what patterns are about."""

    def __init__(self, holder: str, resources: list[Resource]) -> None:
        self.resources = sorted(resources, key=lambda one: one.arn)
        self.arns = [one.arn for one in self.resources]
        self.parts = [
            name for name, kind in effects.types().items()
            if kind.holder == holder and name != holder
        ]  # fmt: skip
        self._about: dict[str, dict[int, int]] = {}

    def about(self, pattern: str) -> dict[int, int]:
        """Numbers of the resources that a parsed pattern is about, and how."""
        if pattern not in self._about:
            found = ((at, self._how(pattern, self.arns[at])) for at in self._near(pattern))
            self._about[pattern] = {at: how for at, how in found if how}
        return self._about[pattern]

    def _near(self, pattern: str) -> Iterable[int]:
        """Numbers of resources that begin as a pattern does, or whose parts do."""
        begin = globs.head(pattern)
        first = bisect_left(self.arns, begin)
        last = bisect_left(self.arns, begin + "\U0010ffff")
        yield from range(first, last)
        for name in self.parts:
            arn = effects.holder_arn(begin, effects.types()[name])
            at = bisect_left(self.arns, arn)
            if arn != begin and at < len(self.arns) and self.arns[at] == arn and at < first:
                yield at

    def _how(self, pattern: str, arn: str) -> int:
        how = _IT if globs.matches_resource(pattern, arn) else 0
        for number, name in enumerate(self.parts):
            asked = effects.asked_of(name, arn)
            part = asked.replace("*", _OTHER)
            bits = _ANY if globs.matches_resource(pattern, part) else 0
            bits |= _SOME if globs.meet(globs.parse(asked), pattern) is not None else 0
            how |= bits << (2 * number)
        return how


@dataclass
class _Marked:
    """Which resources of a type somebody's statements name.

    Attributes:
        marks: Statements about single ones, and how, by number.
        wanted: Numbers of those that are named by what lets.
        limited: Numbers of those that are named by what does not.
        everything: Something lets it do what it says to all of them.
    """

    marks: dict[int, list[Hashable]] = field(default_factory=lambda: defaultdict(list))
    wanted: set[int] = field(default_factory=set)
    limited: set[int] = field(default_factory=set)
    everything: bool = False


@dataclass
class Alike:
    """Groups of resources, for one identity after the other.

    Attributes:
        estate: The estate.
        by_type: Resources by type.
    """

    estate: Estate
    by_type: dict[str, list[Resource]]
    _listed: dict[str, _Listed] = field(default_factory=dict)
    _actions: dict[str, frozenset[str]] = field(default_factory=dict)
    _speaks: dict[tuple[int, str], bool] = field(default_factory=dict)

    def listed(self, holder: str) -> _Listed:
        """Resources of a type."""
        if holder not in self._listed:
            self._listed[holder] = _Listed(holder, self.by_type[holder])
        return self._listed[holder]

    def groups(self, one: Identity, holder: str) -> Iterator[Group]:
        """Resources of a type to which somebody may have a right, those alike together."""
        listed = self.listed(holder)
        found = self._marked(one, holder)
        mine = self._of_policies(one, holder)
        apart = found.limited | (self._closed_to_some(holder) if mine else set())
        wanted = found.wanted | mine
        if found.everything:
            # What names some of them besides only adds to what is allowed for all of these.
            yield from self._wholly(holder, frozenset(apart), found.marks.keys() | mine)
            wanted |= apart
        together: dict[tuple[Hashable, ...], list[Resource]] = defaultdict(list)
        for at in sorted(wanted):
            resource = listed.resources[at]
            sort = self._sort(resource) if found.everything and at not in apart else None
            beside = self._policy_key(resource, named=at in mine)
            key = (tuple(found.marks.get(at, ())), self._static(resource), beside, sort)
            together[key].append(resource)
        for (_, _, _, sort), several in together.items():
            yield Group(several[0], tuple(several), sort=sort)

    def _marked(self, one: Identity, holder: str) -> _Marked:
        """What single resources are named by."""
        listed, found = self.listed(holder), _Marked()
        for number, (lets, statement) in enumerate(self._statements(one, holder)):
            about = self._about(statement, listed)
            if len(about) == len(listed.arns) and len(set(about.values())) == 1:
                found.everything = found.everything or lets
                continue
            for at, how in about.items():
                found.marks[at].append((number, how))
            (found.wanted if lets else found.limited).update(about)
        return found

    def _wholly(
        self, holder: str, apart: frozenset[int], named: AbstractSet[int]
    ) -> Iterator[Group]:
        """All of a type that are alike, the decision about one of which nothing else changes."""
        for sort, (numbers, resources) in self._whole(holder, apart).items():
            plain = next((at for at in numbers if at not in named), None)
            if plain is not None:
                first = self.listed(holder).resources[plain]
                yield Group(first, resources, whole=True, sort=sort)

    def _sort(self, resource: Resource) -> Hashable:
        return self._static(resource), self._policy_key(resource, named=False)

    def _whole(self, holder: str, apart: frozenset[int]) -> _Wholes:
        """All resources of a type but some, those alike together."""
        key = (holder, apart)
        if key not in self._wholes:
            resources = self.listed(holder).resources
            together: dict[Hashable, list[int]] = defaultdict(list)
            for at, resource in enumerate(resources):
                if at not in apart:
                    together[self._sort(resource)].append(at)
            self._wholes[key] = {
                sort: (tuple(numbers), tuple(resources[at] for at in numbers))
                for sort, numbers in together.items()
            }
        return self._wholes[key]

    @cached_property
    def _wholes(self) -> dict[tuple[str, frozenset[int]], _Wholes]:
        return {}

    def _closed_to_some(self, holder: str) -> set[int]:
        """Numbers of resources whose policy denies something, or may mean everybody."""
        if holder not in self._closed:
            denying = {
                arn
                for arn, policy in self.estate.policies.items()
                if policy is not None and any(not x.allow for x in policy.statements)
            }
            self._closed[holder] = self._numbers(holder, frozenset(denying))
        return self._closed[holder] | self._numbers_open(holder, self._named[1])

    @cached_property
    def _closed(self) -> dict[str, set[int]]:
        return {}

    def _statements(self, one: Identity, holder: str) -> Iterator[tuple[bool, Statement]]:
        """Statements that may be about a type, and whether each lets somebody in."""
        base = self.estate.base(one)
        rcps = [self.estate.rcps(account) for account in self._owners[holder]]
        above = Authority(base.identity, base.boundary, scps=base.scps)
        mine = {id(policy) for policy in base.identity}
        for _, policy in above.policies():
            for statement in policy.statements:
                if self._speaks_of(statement, holder):
                    yield statement.allow and id(policy) in mine, statement
        for levels in rcps:
            if not isinstance(levels, Unread):
                yield from (
                    (False, statement)
                    for level in levels for policy in level for statement in policy.statements
                    if self._speaks_of(statement, holder)
                )  # fmt: skip

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        return {
            holder: sorted({one.account for one in resources})
            for holder, resources in self.by_type.items()
        }

    def _speaks_of(self, statement: Statement, holder: str) -> bool:
        key = (id(statement), holder)
        if key not in self._speaks:
            if holder not in self._actions:
                names = [name for name, kind in effects.types().items() if kind.holder == holder]
                self._actions[holder] = frozenset(
                    action
                    for name in names
                    for actions in effects.by_type().get(name, {}).values()
                    for action in actions
                )
            found = bool(statement.unread) or any(
                statement.has_action(action) for action in self._actions[holder]
            )
            self._speaks[key] = found
        return self._speaks[key]

    def _about(self, statement: Statement, listed: _Listed) -> dict[int, int]:
        if statement.not_resources or not statement.resources:
            # It is about most of them; which, each says by itself.
            return (
                dict.fromkeys(range(len(listed.arns)), _IT | _ANY)
                if not (statement.resources)
                else self._complement(statement, listed)
            )
        found: dict[int, int] = {}
        for text in statement.resources:
            about = listed.about(self._pattern(text))
            if len(statement.resources) == 1:
                return about
            for at, how in about.items():
                found[at] = found.get(at, 0) | how
        return found

    def _complement(self, statement: Statement, listed: _Listed) -> dict[int, int]:
        """About whatever it does not name; what it names is told apart from the rest."""
        found = dict.fromkeys(range(len(listed.arns)), 0)
        for text in statement.resources:
            for at, how in listed.about(self._pattern(text)).items():
                found[at] |= how
        return {at: how + 1 for at, how in found.items()}

    def _pattern(self, text: str) -> str:
        return globs.parse(text, lambda _: None)

    def _static(self, resource: Resource) -> Hashable:
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
        )

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

    def _of_policies(self, one: Identity, holder: str) -> set[int]:
        """Numbers of resources whose own policy, or a grant, may be about somebody."""
        named, open_ = self._named
        mine = named.get(one.arn, set())
        return self._numbers(holder, frozenset(mine)) | self._numbers_open(holder, open_)

    def _numbers(self, holder: str, arns: frozenset[str]) -> set[int]:
        places = self._places_of(holder)
        return {at for arn in arns for at in places.get(arn, ())}

    def _numbers_open(self, holder: str, arns: set[str]) -> set[int]:
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
            for at, arn in enumerate(self.listed(holder).arns):
                found[policy_holder(arn)].append(at)
            self._by_policy[holder] = found
        return self._by_policy[holder]

    @cached_property
    def _by_policy(self) -> dict[str, dict[str, list[int]]]:
        return {}

    def _policy_key(self, resource: Resource, *, named: bool) -> Hashable:
        """What of a resource's own policy decides about somebody."""
        policy = self.estate.policies.get(policy_holder(resource.arn))
        service = resource.arn.split(":")[2]
        if policy is None or not (named or service in _TAKES_PART):
            return ""
        return self._content(policy, resource.arn)

    def _content(self, policy: Policy, arn: str) -> Hashable:
        if id(policy) not in self._contents:
            self._contents[id(policy)] = tuple(
                replace(
                    one,
                    place=("", ()),
                    resources=tuple(text.replace(arn, _SELF) for text in one.resources),
                )
                for one in policy.statements
            )
        return self._contents[id(policy)]

    @cached_property
    def _contents(self) -> dict[int, tuple[Statement, ...]]:
        return {}

    def places(self, first: Resource, other: Resource) -> dict[Place, Place]:
        """Places of the one's own policy, to those of the other's that says the same."""
        one, two = (self.estate.policies.get(policy_holder(x.arn)) for x in (first, other))
        if one is None or two is None or one is two or len(one.statements) != len(two.statements):
            return {}
        pairs = zip(one.statements, two.statements, strict=True)
        return {mine.place: its.place for mine, its in pairs}
