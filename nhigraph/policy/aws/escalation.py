"""How rights come to be more rights, by the rules of ``data/escalation.yaml``.

Every requirement is a question to the evaluator for the same identity: a right that is missing,
denied or only possible makes the whole missing or possible. A service-linked role is never passed
and never taken (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html).
Whoever gives somebody else rights has them who acts as that somebody as well, by whichever way: by
taking the role, as what runs as it, with a key of the user's.
"""

from collections.abc import Iterator
from dataclasses import field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Final

from nhigraph.policy.aws import effects, organized, services, ways
from nhigraph.policy.aws.allowed import speak_of_services
from nhigraph.policy.aws.context import Value, known
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.federation import assertions
from nhigraph.policy.aws.findings import YES, Finding, every, no, possible, some
from nhigraph.policy.aws.giving import of_way
from nhigraph.policy.aws.once import Once
from nhigraph.policy.aws.organization import forbids
from nhigraph.policy.aws.principals import Sort
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.request import account as account_of
from nhigraph.policy.aws.statements import Place, Policy, is_whole, policy_of
from nhigraph.policy.aws.things import Things
from nhigraph.policy.aws.ways import SERVICE, Found, Gain, Need, Rule, rules
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

#: How somebody of a sort is let in.
_BY: Final = {
    "Service": ("sts:assumerole",),
    "Federated": ("sts:assumerolewithwebidentity", "sts:assumerolewithsaml"),
}
#: Most actions of one service that are asked about.
_DONE: Final = 12
_ROOTS: Final = policy_of(
    "root", [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}]
)
#: Of whatever trusts a role: a provider of SAML, one that is no more, a service with no rule.
_PROVIDER, _GONE = "$provider", "$gone provider"


@dataclass
class Escalations:
    """Ways in one estate.

    Attributes:
        estate: The estate.
    """

    estate: Estate
    _hits: dict[tuple[int, str], bool] = field(default_factory=dict)
    _gave: set[Place] = field(default_factory=set)
    _asked_of: str = ""
    _answers: dict[Need, Finding] = field(default_factory=dict)

    def of(self, one: Identity) -> Iterator[Found]:
        """What an identity gains; once it gains the account, only what else lets it gain."""
        self._gave = set()
        account = [*self._found(one, "account", held=False)]
        yield from self._found(one, "accounts", held=False)
        above = forbids(one.principal.account)
        sure = any(x.finding.answer is Answer.YES or x.finding.condition == above for x in account)
        yield from account
        if sure:
            given = frozenset(place for x in account for place in x.given)
            left = self.estate.without(one, given)
            if any(policy.statements for policy in left.base(one).identity) and given:
                yield from Escalations(left).of(one)
        else:
            yield from self._found(one, "account", held=True)
            yield from self._found(one, "it", held=False)
            yield from self._found(one, "code", held=False)
            yield from self._found(one, "read", held=False)

    def _found(self, one: Identity, gain: Gain, *, held: bool) -> Iterator[Found]:
        for rule in rules():
            if rule.gain != gain or bool(rule.held) is not held:
                continue
            if not self._is_for(rule, one) or not self._can(rule, one):
                continue
            for target in self._tried(rule, one):
                finding = self._finding(rule, one, target)
                if finding.answer is not Answer.NO:
                    gained = "" if gain == "account" else target
                    given = of_way(self.estate, rule, one, target, self._gave)
                    self._gave |= {*given}
                    yield Found(rule, gained, finding, target if held else "", given)
                    if gain == "account" and not held:
                        break

    def _is_for(self, rule: Rule, one: Identity) -> bool:
        """A quick look: whether its policies speak of all the actions at all."""
        role = one.principal.sort is Sort.ROLE
        if rule.only and rule.only != ("role" if role else "user"):
            return False
        if not rule.held and not self._limited(rule, one):
            return False
        if rule.unlisted and self.estate.is_listed(one.principal.account, rule.unlisted):
            return False
        return all(
            any(all(self._speaks(one, need.action) for need in each) for each in several)
            for several in rule.needs
        )

    def _can(self, rule: Rule, one: Identity) -> bool:
        """Whether what has nothing to do with whom a way is tried with is not refused."""
        return all(
            any(
                all(
                    need.on.startswith("$")
                    or need.action == SERVICE
                    or self._asked(need, one, "").answer is not Answer.NO
                    for need in each
                )
                for each in several
            )
            for several in rule.needs
        )

    def _limited(self, rule: Rule, one: Identity) -> bool:
        """Whether somebody has what a rule takes away: a boundary, a policy that denies."""
        if rule.denied:
            policies = self.estate.base(one).identity
            return any(not x.allow for policy in policies for x in policy.statements)
        return bool(one.boundary) or not rule.bounded

    def _speaks(self, one: Identity, action: str) -> bool:
        low = action.lower()
        if action == SERVICE:
            return True
        for policy in self.estate.base(one).identity:
            key = (id(policy), low)
            if key not in self._hits:
                self._hits[key] = any(x.allow and x.has_action(low) for x in policy.statements)
            if self._hits[key]:
                return True
        return False

    def _tried(self, rule: Rule, one: Identity) -> Iterator[str]:
        account = one.principal.account
        if rule.tried == "self":
            yield one.arn
        elif rule.tried == "own_policy":
            yield from self._its(ways.POLICY, one.arn)
        elif rule.tried in {"own_group", "group"}:
            for (number, name), group in sorted(self.estate.groups.items()):
                mine = name in one.groups
                if number == account and mine is (rule.tried == "own_group"):
                    yield group.arn
        elif rule.tried == organized.ORGANIZATION:
            yield from organized.organizations(self.estate, account)
        elif rule.held or rule.tried in set(Sort):
            for arn in self._others(account, rule.held or Sort(rule.tried), rule.trusts):
                free = rule.held and self._free(rule, arn)
                if arn != one.arn and not free and self._serves(rule, arn):
                    yield arn
        else:
            yield from self._things.tried(account, rule.tried)

    def _serves(self, rule: Rule, arn: str) -> bool:
        """Whether somebody may be allowed something of the services that a way is about."""
        base = self.estate.base(self.estate.identities[arn])
        return not rule.serves or bool(base.unread) or speak_of_services(base, rule.serves)

    def _free(self, rule: Rule, arn: str) -> bool:
        return not self._limited(rule, self.estate.identities[arn])

    def _others(self, account: str, sort: Sort, trusts: tuple[str, ...]) -> tuple[str, ...]:
        """Identities of an account that are no service's own, and trust one of some services."""
        key = (account, sort, trusts)
        if key not in self._known:
            self._known[key] = tuple(
                arn
                for arn, other in sorted(self.estate.identities.items())
                if other.principal.sort is sort
                and other.principal.account == account
                and not other.principal.service_linked
                and self._trusts(other, trusts)
            )
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, Sort, tuple[str, ...]], tuple[str, ...]]:
        return {}

    def _policies(self, one: Identity) -> list[str]:
        """Managed policies that it has, its own and its groups'."""
        groups = (self.estate.groups.get((one.principal.account, name)) for name in one.groups)
        attached = [*one.attached, *(row for group in groups if group for row in group.attached)]
        return sorted({arn for arn, _ in attached})

    def _trusts(self, role: Identity, services: tuple[str, ...]) -> bool:
        if not services:
            return True
        return role.trust is not None and any(
            statement.allow
            and any(map(statement.has_action, _BY[sort]))
            and not statement.not_principals
            and any(fnmatchcase(name, service) for service in services for name in names)
            for statement in role.trust.statements
            for sort, names in statement.principals or ()
            if sort in _BY
        )

    def _finding(self, rule: Rule, one: Identity, target: str) -> Finding:
        parts = []
        for several in rule.needs:
            ways = (every(self._asked(need, one, target) for need in each) for each in several)
            parts.append(some(ways, f"{rule.id} needs what is not allowed"))
            if parts[-1].answer is Answer.NO:
                return parts[-1]
        parts.append(self._things.there(rule, one.principal.account))
        parts.append(organized.administers(self.estate, rule, one.principal.account))
        if rule.doubt:
            parts.append(possible(rule.doubt.format(it=target)))
        if rule.gain == "account" and not rule.bounded:
            parts.append(self._within(self.estate.identities.get(target, one)))
        return every(parts)

    def _within(self, one: Identity) -> Finding:
        """Whether whoever is given all rights has them: within their boundary."""
        boundary = self.estate.base(one).boundary
        if boundary is None or (isinstance(boundary, Policy) and is_whole(boundary)):
            return YES
        return possible(f"the boundary {one.boundary} allows what matters")

    def _asked(self, need: Need, one: Identity, target: str) -> Finding:
        """Whether one requirement is met; what has nothing to do with the target is asked once."""
        several = self._several(need, one, target)
        if several is not None:
            return some(several, f"{target} has none such")
        if need.on in {ways.BOUNDARY, ways.THEIRS}:
            whose = one if need.on == ways.BOUNDARY else self.estate.identities[target]
            if account_of(whose.boundary) != one.principal.account:
                return no(f"nobody of the account changes {whose.boundary}")
            return self._decided(Need(need.action, whose.boundary), one, target)
        if need.on.startswith("$it"):
            return self._once.of(one.arn, need, target, lambda: self._decided(need, one, target))
        if self._asked_of != one.arn:
            self._asked_of = one.arn
            self._answers.clear()
        if need not in self._answers:
            self._answers[need] = self._decided(need, one, target)
        return self._answers[need]

    def _several(self, need: Need, one: Identity, target: str) -> Iterator[Finding] | None:
        """A requirement of any of several things; None of one thing."""
        if need.on in {ways.POLICY, ways.GROUP}:
            mine = (Need(need.action, arn) for arn in self._its(need.on, target))
            return (self._decided(each, one, target) for each in mine)
        if need.on in {_PROVIDER, _GONE}:
            return self._of_providers(need, one, target)
        return (
            self._of_services(need, one, target) if SERVICE in {need.action, need.passes} else None
        )

    def _its(self, what: str, arn: str) -> Iterator[str]:
        """Somebody's groups, or policies of the account's own, by which they have their rights."""
        other = self.estate.identities.get(arn)
        if other is None:
            return
        account = other.principal.account
        if what == ways.POLICY:
            yield from (one for one in self._policies(other) if account_of(one) == account)
        else:
            groups = (self.estate.groups.get((account, name)) for name in other.groups)
            yield from (group.arn for group in groups if group is not None)

    def _of_services(self, need: Need, one: Identity, target: str) -> Iterator[Finding]:
        """Whether a role may be passed to a service of which no rule says what it does with it.

        Also whether something may be done in such a service that is more than reading.
        """
        for service in self._unruled(target):
            if need.passes:
                yield self._decided(Need(need.action, need.on, service), one, target)
                continue
            spoken = [x for x in services.doing(service) if self._speaks(one, x)]
            yield some(
                (self._asked(Need(x, "*"), one, target) for x in spoken[:_DONE]),
                f"nothing is done in {service}",
            )

    def _unruled(self, role: str) -> tuple[str, ...]:
        """Services that a role trusts and no rule is about."""
        if role not in self._services:
            trust = self.estate.identities[role].trust
            named = {
                name
                for statement in (trust.statements if trust is not None else ())
                if statement.allow and statement.has_action(_BY["Service"][0])
                for sort, names in statement.principals or ()
                if sort == "Service" and not statement.not_principals
                for name in names
            }
            ruled = {service for rule in rules() for service in rule.trusts}
            self._services[role] = tuple(sorted(named - ruled))
        return self._services[role]

    @cached_property
    def _things(self) -> Things:
        return Things(self.estate)

    @cached_property
    def _once(self) -> Once:
        return Once(self.estate)

    @cached_property
    def _services(self) -> dict[str, tuple[str, ...]]:
        return {}

    def _of_providers(self, need: Need, one: Identity, target: str) -> Iterator[Finding]:
        """Whether something may be done to a provider of SAML whose word a role takes.

        Its metadata say whose signature counts
        (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html).
        """
        role = self.estate.identities[target]
        rcps = self.estate.rcps(role.principal.account)
        for said in assertions(target, role.trust, rcps) if role.trust is not None else ():
            if self.estate.is_gone(said.provider) is (need.on == _GONE):
                found = self._decided(Need(need.action, said.provider), one, target)
                yield every([found, possible(said.beside, said.place)]) if said.beside else found

    def _decided(self, need: Need, one: Identity, target: str) -> Finding:
        service = need.action.partition(":")[0]
        account = one.principal.account
        known_as = {"$it": target, "$self": one.arn}
        resource, new = known_as.get(need.on, need.on), False
        if need.on.startswith(ways.SOME):
            partition = one.arn.split(":")[1]
            resource = effects.pattern(need.on.partition(" ")[2], account, partition)
            new = True
        elif need.on == "*":
            # An action whose resources are of no interest here: any name will do.
            resource, new = f"arn:aws:{service}:*:{account}:*", True
        elif "*" in resource:
            new = True
        values: dict[str, Value] = {}
        if need.passes:
            values["iam:passedtoservice"] = known(need.passes)
        authority = self.estate.base(one) if new else self.estate.authority(one, resource, service)
        if service == "sts":
            # The roots of other accounts have no policy: who administers these becomes them.
            authority = replace(authority, resource=_ROOTS)
        request = Request(one.principal, need.action, resource, account, values, any_new=new)
        found = decide(request, authority)
        if need.on == "*" and found.answer is Answer.NO:
            bare = Request(one.principal, need.action, "*", account, values)
            return decide(bare, authority)
        return found
