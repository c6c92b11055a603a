"""What an identity does to a resource: every action that could, decided once for all alike."""

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from hashlib import sha256
from typing import Final

from nhigraph.policy.aws import built_in, by_path, effects, globs
from nhigraph.policy.aws.alike import Alike, Group, renamed
from nhigraph.policy.aws.allowed import Allowed, named_accounts, speak_of
from nhigraph.policy.aws.authority import Authority, Unread, may_have_policy
from nhigraph.policy.aws.by_path import ByPath
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.done import Access, Row, Told, every_of, some_of
from nhigraph.policy.aws.effects import Effect, Type
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding, every, possible, some
from nhigraph.policy.aws.giving import anywhere, on_resource
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.keyed import VIA, asks_caller, by_way, service_of
from nhigraph.policy.aws.listed import OTHER
from nhigraph.policy.aws.remembered import Key, Keys
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.request import account as account_of
from nhigraph.policy.aws.tried import Tried
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

#: Names that one identity's policies give to things of a type and that are tried.
_NAMES = 64
#: No name of anything: a pattern of one account, whose wildcard took in another's number
#: (``*`` at the end of a part goes on beyond the colon,
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
_TAKEN_IN: Final = re.compile(r"(?:[^:]*:){4}\d{12}:(?:.*:)?\d{12}:", re.DOTALL)
#: What is done to what a key encrypts needs the key.
_KEYED: Final = frozenset({Effect.READ, Effect.WRITE, Effect.ADMIN})


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that is had, and of what.

    Attributes:
        key: Of whom and what it was asked.
        told: Decisions, without the resource's key.
        accesses: What is done by them, where there is no key.
    """

    key: Key
    told: Told
    accesses: list[Access]


def _shown(found: Finding, name: str, asked: str) -> Finding:
    """What was found of a name that stands for all of a form, said of the form."""
    if name == asked or name not in found.condition:
        return found
    return replace(found, condition=found.condition.replace(name, asked))


@dataclass
class Accesses:
    """Answers about the resources of an estate, of one identity after the other.

    Attributes:
        estate: The estate.
        listed: Resources that a listing shows; of a listed service there are no others.
    """

    estate: Estate
    listed: frozenset[str] = frozenset()
    _grants: dict[tuple[int, Effect, str], str] = field(default_factory=dict)
    #: Groups whose identity stands in `_grants`: they live as long.
    _kept: list[Group] = field(default_factory=list)
    _allowed: Allowed = field(default_factory=Allowed)
    _patterns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _tried: Tried = field(default_factory=Tried)

    _answers: dict[Hashable, _Answer] = field(default_factory=dict)
    _key_asker: str = ""
    _key_found: dict[tuple[str, str, str], Finding] = field(default_factory=dict)

    @cached_property
    def by_type(self) -> dict[str, list[Resource]]:
        """Resources that are nodes by their type."""
        found: dict[str, list[Resource]] = {}
        for arn, one in sorted(self.estate.resources.items()):
            kind = effects.type_of(arn)
            if kind is not None and kind.name == kind.holder:
                found.setdefault(kind.name, []).append(one)
        return found

    def of(self, one: Identity) -> Iterator[tuple[Resource, Access]]:
        """What an identity does to each resource."""
        for group, access in self.groups(one):
            yield from self.each(group, access)

    def groups(self, one: Identity) -> Iterator[tuple[Group, Access]]:
        """What an identity does to resources, those together about which it is decided alike."""
        for holder in self.by_type:
            kinds = [kind for kind in effects.types().values() if kind.holder == holder]
            asked = self._asked(one, kinds)
            known: dict[tuple[Hashable, Effect], Access] = {}
            for group in self.alike.groups(one, holder):
                for found in self._of_group(one, group, kinds, asked):
                    given = on_resource(self.estate, one, group.first, kinds, found.effect)
                    access = replace(found, given=given)
                    at = (group.sort, access.effect)
                    if group.whole:
                        known[at] = access
                    if group.whole or access.is_more(known.get(at)):
                        yield group, access

    def _asked(self, one: Identity, kinds: list[Type]) -> Hashable:
        """What is asked about things of some types, and in which order."""
        hits = (self._allowed.of(self.estate.base(one), kind.name) for kind in kinds)
        many = one.arn if len(self._patterns_of(one)) > _NAMES else ""
        return self.keys.number(tuple(tuple(hit.items()) for hit in hits)), many

    def _of_group(
        self, one: Identity, group: Group, kinds: list[Type], asked: Hashable
    ) -> list[Access]:
        """What an identity does to one of some resources that are alike, and so to all of them."""
        key = self.keys.of(one, group, kinds[0].holder, asked)
        if key is None:
            return every_of(self._with_keys(one, group.first, self._told(one, group.first, kinds)))
        if key.depends not in self._answers:
            told = self._told(one, group.first, kinds)
            self._answers[key.depends] = _Answer(key, told, every_of(told))
        had = self._answers[key.depends]
        if group.first.key and any(effect in _KEYED for effect, _ in had.told):
            told = [
                (effect, [(action, had.key.move(x, key)) for action, x in found])
                for effect, found in had.told
            ]
            return every_of(self._with_keys(one, group.first, told))
        return [replace(x, finding=had.key.move(x.finding, key)) for x in had.accesses]

    @cached_property
    def keys(self) -> Keys:
        """What answers depend on."""
        return Keys(self.alike)

    def each(self, group: Group, access: Access) -> Iterator[tuple[Resource, Access]]:
        """What was found of the first of a group, of each."""
        first = group.first
        for resource in group.resources:
            said = access.finding.places or access.given
            places = self.alike.own.places(first, resource) if said else {}
            finding = renamed(access.finding, first, resource, places)
            given = tuple(places.get(one, one) for one in access.given)
            yield resource, replace(access, finding=finding, given=given)

    def grant(self, group: Group, access: Access, *, own: bool) -> str:
        """Key of a right to a group of resources, the same for whoever has the same."""
        # Whichever of them it was decided about.
        condition = access.finding.condition.replace(group.first.arn, "it") if own else ""
        known = (id(group.resources), access.effect, condition)
        if known not in self._grants:
            texts = [access.effect, condition, *(one.arn for one in group.resources)]
            digest = sha256("\n".join(texts).encode()).hexdigest()[:16]
            parts = group.first.arn.split(":")
            account = group.first.account
            self._kept.append(group)
            self._grants[known] = built_in.grant(parts[1], parts[2], account, digest)
        return self._grants[known]

    @cached_property
    def alike(self) -> Alike:
        """Groups of the resources."""
        return Alike(self.estate, self.by_type)

    def unlisted(self, one: Identity) -> Iterator[tuple[str, str, Access]]:
        """What an identity does to things that no listing shows, by service and account.

        Each effect once. Of other accounts, those that its policies name, and of these what can
        have a policy that lets it in.
        """
        done: set[tuple[str, str, Effect]] = set()
        accounts = dict.fromkeys((one.principal.account, *named_accounts(self.estate.base(one))))
        for name, kind in effects.types().items():
            service = name.partition(":")[0]
            for account in accounts:
                far = account != one.principal.account and not may_have_policy(service)
                if far or self.estate.is_listed(account, service):
                    continue
                for access in self._elsewhere(one, kind, account):
                    if (service, account, access.effect) not in done:
                        done.add((service, account, access.effect))
                        actions = effects.of_service(service, access.effect)
                        given = anywhere(self.estate, one, actions)
                        yield service, account, replace(access, given=given)

    def by_path(
        self, one: Identity, had: Mapping[str, Answer]
    ) -> Iterator[tuple[Resource, Access]]:
        """Parameters that an identity reads by a path above them, and not by their names."""
        for resource, told in self._by_path.of(one, had):
            found = told
            if asks_caller(resource):
                found = self._with_key(Effect.READ, one, resource, (by_path.ACTION, told))
            if found.answer is not Answer.NO:
                given = anywhere(self.estate, one, (by_path.ACTION,))
                yield resource, Access(Effect.READ, by_path.ACTION, found, given)

    @cached_property
    def _by_path(self) -> ByPath:
        return ByPath(self.estate, self.by_type.get(by_path.TYPE, []))

    def _elsewhere(self, one: Identity, kind: Type, account: str) -> Iterator[Access]:
        """What an identity does to things of a type that no listing shows."""
        service, partition = kind.name.partition(":")[0], one.arn.split(":")[1]
        text = f"policies of what {service} has in account {account} agree"
        hit = self._allowed.of(self.estate.base(one), kind.name)
        asked = globs.parse(effects.pattern(kind.name, account, partition))
        names = self._tried.names(asked, one.principal, self.estate.base(one)) if hit else []
        for found in names[:_NAMES]:
            if not hit:
                return
            if effects.holder_arn(found, kind) in self.estate.resources:
                continue
            if (account_of(found) or account) != account or _TAKEN_IN.match(found):
                continue
            authority = self.estate.authority(one, found, service)
            if isinstance(authority.resource, Unread):
                authority = replace(authority, resource=Unread(text))
            for effect, actions in [*hit.items()]:
                told = [*self._each(one, (effect, actions), found, account, authority)]
                for access in some_of(effect, told):
                    del hit[effect]
                    yield access
        for effect, actions in hit.items() if len(names) > _NAMES else ():
            many = possible(f"one of the many statements about {service} allows it")
            yield Access(effect, effects.actions()[actions[0]].name, many)

    def _patterns_of(self, one: Identity) -> tuple[str, ...]:
        """Patterns of what its own policies allow something on, but single nodes in full."""
        if one.arn not in self._patterns:
            found = dict.fromkeys(self._tried.of(self.estate.base(one).identity))
            self._patterns[one.arn] = tuple(found)
        return self._patterns[one.arn]

    def on(self, one: Identity, resource: Resource, kinds: list[Type]) -> list[Access]:
        """What an identity does to one resource, decided by itself."""
        found = every_of(self._with_keys(one, resource, self._told(one, resource, kinds)))
        return [
            replace(x, given=on_resource(self.estate, one, resource, kinds, x.effect))
            for x in found
        ]

    def _told(self, one: Identity, resource: Resource, kinds: list[Type]) -> Told:
        """Decisions about a resource and what lies in it, without its key, by effect."""
        return [row for kind in kinds for row in self._told_of(one, resource, kind)]

    def _told_of(self, one: Identity, resource: Resource, kind: Type) -> Iterator[Row]:
        service = kind.name.partition(":")[0]
        authority = self.estate.authority(one, resource.arn, service)
        asked = effects.asked_of(kind.name, resource.arn)
        hit = self._allowed.of(authority, kind.name)
        if not speak_of(asked, hit, authority):
            return
        for row in hit.items():
            several = "*" in asked
            name = asked.replace("*", OTHER) if several else asked
            found = [
                (action, _shown(x, name, asked))
                for action, x in self._each(one, row, name, resource.account, authority)
            ]
            if several:
                whole = max((x.answer for _, x in found), default=Answer.NO)
                found += self._parts(one, row, resource, asked, authority, whole)
            found = [told for told in found if told[1].answer is not Answer.NO]
            if found:
                yield row[0], found

    def _with_keys(self, one: Identity, resource: Resource, told: Told) -> Told:
        """Decisions with what a resource's key asks for."""
        if not asks_caller(resource):
            return told
        kept: Told = []
        for effect, found in told:
            rows = [(x[0], self._with_key(effect, one, resource, x)) for x in found]
            kept.append((effect, rows))
            if effect is Effect.ADMIN:
                # Whoever decides who is let to a thing lets itself delete it.
                kept.append(
                    (Effect.DELETE, [x for x, y in zip(found, rows, strict=True) if x != y])
                )
        return kept

    def _parts(
        self,
        one: Identity,
        row: tuple[Effect, tuple[str, ...]],
        resource: Resource,
        asked: str,
        authority: Authority,
        whole: Answer,
    ) -> Iterator[tuple[str, Finding]]:
        """What is allowed for some of the things that a node stands for, and not for all."""
        names = []
        if whole is not Answer.YES:
            names = self._tried.names(globs.parse(asked), one.principal, authority)
        if len(names) > _NAMES:
            many = possible(f"one of the many statements about {resource.arn} allows it")
            yield from ((action, many) for action in row[1] if whole is Answer.NO)
        for name in names[:_NAMES]:
            where = possible(f"what is meant in {resource.arn} is named like {name}")
            for action, found in self._each(one, row, name, resource.account, authority):
                if found.answer > whole:
                    yield action, every([found, where])

    def _with_key(
        self, effect: Effect, one: Identity, resource: Resource, told: tuple[str, Finding]
    ) -> Finding:
        """Writing what a key encrypts needs the key, too; reading has a ``needs`` of its own.

        Whoever may use the key by way of other services alone reads nothing here. Whoever decides
        who is let to the thing, and may not use the key, reads it by nobody's leave but theirs
        who may.
        """
        action, found = told
        own = effects.other_key(action) if effect is Effect.WRITE else None
        if effect not in _KEYED or found.answer is Answer.NO or own == "":
            return found
        if ":alias/" in resource.key:
            # Which key it stands for is in no answer that is read.
            return every([found, possible(f"it may use the key behind {resource.key}")])
        asked = effects.key_action(Effect.READ if effect is Effect.ADMIN else effect)
        here = self.key(one, resource.key, asked, service_of(resource.arn))
        if effect is Effect.WRITE:
            both = every([found, here])
            return some([both, every([found, possible(own)])], "") if own else both
        if effect is Effect.ADMIN:
            theirs = possible(f"somebody who may use {resource.key} does it for them")
            return found if here.answer is Answer.YES else every([found, theirs])
        elsewhere = here.answer is Answer.NO and self.key(one, resource.key, asked).answer
        return here if elsewhere else found

    def key(self, one: Identity, arn: str, action: str, service: str = "") -> Finding:
        """Whether an identity may do something with a key.

        Args:
            one: Who.
            arn: The key's.
            action: What.
            service: By way of which service; by default whichever helps.
        """
        if one.arn != self._key_asker:
            self._key_asker, self._key_found = one.arn, {}
        asked = (arn, action, service)
        if asked not in self._key_found:
            authority = self.estate.authority(one, arn, "kms")
            values = by_way(arn, service)
            request = Request(one.principal, action, arn, self.estate.owner(arn), values)
            self._key_found[asked] = decide(request, authority)
        return self._key_found[asked]

    def _each(
        self, one: Identity, row: tuple[Effect, tuple[str, ...]], name: str, account: str,
        authority: Authority,
    ) -> Iterator[tuple[str, Finding]]:  # fmt: skip
        """Decisions about an effect's actions; those about which the same is said are one."""
        seen: set[tuple[str, str | None, tuple[int, ...]]] = set()
        said = [x.has_action for _, policy in authority.policies() for x in policy.statements]
        said += [x.has_action for x in authority.grants]
        effect, actions = row
        for action in actions:
            under = effects.depends_on(action, effect)
            speaking = tuple(at for at, has in enumerate(said) if has(action))
            mine = under, effects.other_key(action), speaking
            if mine in seen:
                continue
            seen.add(mine)
            values = VIA if action.startswith("kms:") else {}
            found = decide(Request(one.principal, action, name, account, values), authority)
            yield action, every([found, possible(under)]) if under else found
