"""Resources about which an identity's policies say the same: one decision is that of all.

Two resources of a type are alike to somebody where the same statements are about both, and about
their parts in the same way, where what decides besides is the same (account, region, key, their
own policies as far as these are about somebody), and where nothing else tells them apart.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import field, replace
from functools import cached_property, lru_cache
from operator import itemgetter

from nhigraph.policy.aws import effects
from nhigraph.policy.aws.authority import Authority, Layer, Unread
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.listed import How, Listed
from nhigraph.policy.aws.own_policies import OwnPolicies
from nhigraph.policy.aws.statements import Place, Policy, Statement
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that may be about a type, in the policies that decide about somebody.

    Attributes:
        lets: It lets them in.
        layer: Where its policy is attached.
        policy: Its policy.
        statement: The statement.
    """

    lets: bool
    layer: Layer
    policy: Policy
    statement: Statement


@dataclass(frozen=True, slots=True)
class Group:
    """Resources that are alike to somebody.

    Attributes:
        first: One of them: what is decided about it is decided about all.
        resources: They.
        whole: They are all of a type that are alike but for what names single ones besides, which
            have groups of their own, too.
        sort: What they have in common with such a group; None for what is in none.
        about: Statements about them, and how.
        named: Their own policies may be about this somebody.
    """

    first: Resource
    resources: tuple[Resource, ...]
    whole: bool = False
    sort: Hashable = None
    about: tuple[tuple[Said, How], ...] = ()
    named: bool = False


#: Statements about single ones, what decides besides, their own policies, what they have in common
#: with those that are alike but for the statements, and whether their own policies may be about
#: somebody.
_Alike = tuple[tuple[tuple[int, How], ...], Hashable, Hashable, Hashable, bool]
#: What resources have in common, to their numbers and them.
_Wholes = dict[Hashable, tuple[tuple[int, ...], tuple[Resource, ...]]]


def renamed(
    found: Finding, first: Resource, other: Resource, places: Mapping[Place, Place]
) -> Finding:
    """What was found of one resource, said of another that is alike."""
    if first is other and not places:
        return found
    condition = found.condition
    if first is not other and first.arn in condition:
        condition = _named(first.arn).sub(lambda _: other.arn, condition)
    if not places:
        return found if condition == found.condition else replace(found, condition=condition)
    moved = tuple(places.get(one, one) for one in found.places)
    return replace(found, condition=condition, places=moved)


@lru_cache(maxsize=1 << 12)
def _named(arn: str) -> re.Pattern[str]:
    return re.compile(re.escape(arn) + r"(?![\w.+=@-])")


@dataclass
class _Marked:
    """Which resources of a type somebody's statements name.

    Attributes:
        said: The statements.
        common: Numbers of those that are about all in one way, and how.
        marks: Numbers of those about single ones, and how, by number of the resource.
        wanted: Numbers of resources that are named by what lets.
        limited: Numbers of resources that are named by what does not.
        everything: Something lets it do what it says to all of them.
    """

    said: list[Said]
    common: list[tuple[int, How]] = field(default_factory=list)
    marks: dict[int, list[tuple[int, How]]] = field(default_factory=lambda: defaultdict(list))
    wanted: set[int] = field(default_factory=set)
    limited: set[int] = field(default_factory=set)
    everything: bool = False

    def about(self, marks: tuple[tuple[int, How], ...]) -> tuple[tuple[Said, How], ...]:
        """Statements about resources that are named so, in the order of the policies."""
        return tuple(
            (self.said[at], how) for at, how in sorted([*self.common, *marks], key=itemgetter(0))
        )


@dataclass
class Alike:
    """Groups of resources, for one identity after the other.

    Attributes:
        estate: The estate.
        by_type: Resources by type.
    """

    estate: Estate
    by_type: dict[str, list[Resource]]
    _actions: dict[tuple[tuple[str, ...], bool, str], frozenset[str]] = field(default_factory=dict)
    _speaking: dict[tuple[int, str], tuple[Statement, ...]] = field(default_factory=dict)
    #: Policies whose identity stands in `_speaking`: they live as long.
    _kept: list[Policy] = field(default_factory=list)

    @cached_property
    def listed(self) -> dict[str, Listed]:
        """Resources by type, for patterns."""
        return {holder: Listed(holder, found) for holder, found in self.by_type.items()}

    @cached_property
    def own(self) -> OwnPolicies:
        """Resources' own policies."""
        return OwnPolicies(self.estate, self.listed)

    def groups(self, one: Identity, holder: str) -> Iterator[Group]:
        """Resources of a type to which somebody may have a right, those alike together."""
        listed = self.listed[holder]
        found = self._marked(one, holder)
        mine = self.own.about(one, holder)
        apart = found.limited | (self.own.closed_to_some(holder) if mine else set())
        wanted = found.wanted | mine
        if found.everything:
            # What names some of them besides only adds to what is allowed for all of these.
            yield from self._wholly(holder, found, frozenset(apart), found.marks.keys() | mine)
            wanted |= apart
        together: dict[_Alike, list[Resource]] = defaultdict(list)
        for at in sorted(wanted):
            resource = listed.resources[at]
            sort = self._sort(resource) if found.everything and at not in apart else None
            named = at in mine
            beside = self.own.key(resource, named=named)
            marks = tuple(found.marks.get(at, ()))
            together[marks, self.own.static(resource), beside, sort, named].append(resource)
        for (marks, _, _, sort, named), several in together.items():
            about = found.about(marks)
            yield Group(several[0], tuple(several), sort=sort, about=about, named=named)

    def _marked(self, one: Identity, holder: str) -> _Marked:
        """What single resources are named by."""
        listed, found = self.listed[holder], _Marked(self._statements(one, holder))
        for number, said in enumerate(found.said):
            about, same = listed.named(said.statement, one.principal.untagged.context)
            if same:
                found.everything = found.everything or said.lets
                found.common.append((number, next(iter(about.values()))))
                continue
            for at, how in about.items():
                found.marks[at].append((number, how))
            (found.wanted if said.lets else found.limited).update(about)
        return found

    def _wholly(
        self, holder: str, found: _Marked, apart: frozenset[int], named: AbstractSet[int]
    ) -> Iterator[Group]:
        """All of a type that are alike, the decision about one of which nothing else changes."""
        for sort, (numbers, resources) in self._whole(holder, apart).items():
            plain = next((at for at in numbers if at not in named), None)
            if plain is not None:
                first = self.listed[holder].resources[plain]
                yield Group(first, resources, whole=True, sort=sort, about=found.about(()))

    def _sort(self, resource: Resource) -> Hashable:
        return self.own.static(resource), self.own.key(resource, named=False)

    def _whole(self, holder: str, apart: frozenset[int]) -> _Wholes:
        """All resources of a type but some, those alike together."""
        key = (holder, apart)
        if key not in self._wholes:
            resources = self.listed[holder].resources
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

    def _statements(self, one: Identity, holder: str) -> list[Said]:
        """Statements that may be about a type."""
        base = self.estate.base(one)
        above = Authority(base.identity, base.boundary, scps=base.scps)
        mine = {id(policy) for policy in base.identity}
        found = [
            Said(statement.allow and id(policy) in mine, layer, policy, statement)
            for layer, policy in above.policies()
            for statement in self._speaking_of(policy, holder)
        ]
        for account in self._owners[holder]:
            rcps = self.estate.rcps(account)
            if not isinstance(rcps, Unread):
                found += [
                    Said(lets=False, layer=Layer.RCP, policy=policy, statement=statement)
                    for level in rcps for policy in level
                    for statement in self._speaking_of(policy, holder)
                ]  # fmt: skip
        return found

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        return {
            holder: sorted({one.account for one in resources})
            for holder, resources in self.by_type.items()
        }

    def _speaking_of(self, policy: Policy, holder: str) -> tuple[Statement, ...]:
        """Statements of a policy that may be about a type."""
        key = (id(policy), holder)
        if key not in self._speaking:
            self._kept.append(policy)
            self._speaking[key] = tuple(
                x for x in policy.statements if x.unread or self.actions(x, holder)
            )
        return self._speaking[key]

    def actions(self, statement: Statement, holder: str) -> frozenset[str]:
        """Actions on a type, or on what lies in it, that a statement is about."""
        key = (statement.actions, statement.not_actions, holder)
        if key not in self._actions:
            self._actions[key] = frozenset(x for x in _on(holder) if statement.has_action(x))
        return self._actions[key]


@lru_cache(maxsize=1 << 8)
def _on(holder: str) -> frozenset[str]:
    """Actions that do something to a type, or to what lies in it."""
    names = [name for name, kind in effects.types().items() if kind.holder == holder]
    return frozenset(
        action
        for name in names
        for actions in effects.by_type().get(name, {}).values()
        for action in actions
    )
