"""The decision about one request: every layer has its say, in the order AWS documents.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
and ``…/reference_policies_evaluation-logic-cross-account.html`` (read 29 November 2026):

* A deny of any layer is final.
* Service control policies bind those who ask, resource control policies what is asked for; each
  level from the organisation's root to the account has to allow.
* In one account a resource's policy that names a user, a session or everybody grants by itself.
  One that names a role grants to it as far as boundary and session policy allow; one that names
  the account leaves it to that account's policies.
* Between accounts both sides have to allow; some actions are of no use to another account's
  identities, whoever allows them (``own_account`` in ``data/services.yaml``).
* A role's trust policy and a key's policy take part always: without them nothing is allowed
  (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html).
* A session may have other tags than its role or user, where somebody may begin one with tags.
* ``sts:GetCallerIdentity`` needs no right, and no deny takes it away
  (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, product
from typing import Final

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.authority import (
    TAKES_PART,
    Authority,
    Grant,
    Layer,
    Levels,
    Unread,
    has_rcps,
    is_own_accounts,
)
from nhigraph.policy.aws.conditions import OTHER, candidates, chosen_keys
from nhigraph.policy.aws.context import ABSENT, Context, Value, is_many, known
from nhigraph.policy.aws.findings import YES, Finding, because, every, no, possible, some
from nhigraph.policy.aws.matching import Match, match, resource_pattern
from nhigraph.policy.aws.principals import Named, Sort, by_arn
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import AS_WELL, Policy
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

#: What a caller may choose is tried out in so many worlds; then it counts as not known.
_WORLDS: Final = 512
#: Names of things to come that are tried.
_NAMES: Final = 64
_NEEDS_NO_RIGHT: Final = frozenset({"sts:getcalleridentity"})
_OUTSIDERS: Final = frozenset({Sort.SERVICE, Sort.FEDERATED, Sort.ANYBODY})

#: What a decision is: an answer with its condition or reason, and the statements it rests on.
Decision = Finding


def decide(request: Request, authority: Authority) -> Decision:
    """Whether somebody may do something.

    YES holds whatever the moment brings, if the caller chooses well what is theirs to choose.
    """
    if request.low in _NEEDS_NO_RIGHT:
        return YES
    who = request.principal
    if who.retagged:
        several = (replace(who, retagged=False), who.untagged)
        return _best(decide(replace(request, principal=one), authority) for one in several)
    if authority.org:
        owned = {"aws:resourceorgid": known(authority.org), **request.values}
        if authority.path:
            owned.setdefault("aws:resourceorgpaths", known(authority.path, many=True))
        request, authority = replace(request, values=owned), replace(authority, org="")
    if not request.any_new:
        return _decide(request, authority)
    names = islice(_new_names(request, authority), _NAMES)
    return _best(
        _decide(replace(request, resource=one, any_new=False), authority) for one in names
    )


def _new_names(request: Request, authority: Authority) -> Iterator[str]:
    """Names of a pattern that statements tell apart: one of each allow's, then any other."""
    asked = globs.parse(request.resource)
    seen: set[str] = set()
    for _, policy in authority.policies():
        for statement in policy.statements:
            if not statement.allow or statement.not_resources:
                continue
            for text in statement.resources:
                pattern, _ = resource_pattern(text, statement, request.context)
                name = globs.meet(asked, pattern) if pattern is not None else None
                if name is not None and name not in seen:
                    seen.add(name)
                    yield name
    other = globs.meet(asked, globs.ANY)
    if other is not None and other not in seen:
        yield other


def _decide(request: Request, authority: Authority) -> Decision:
    matches = [
        one
        for layer, policy in authority.policies()
        for statement in policy.statements
        if (one := match(layer, policy, statement, request)) is not None
    ]
    worlds = _worlds(request.context, matches)
    return _best(_World(request, authority, matches, context).decision() for context in worlds)


def _best(found: Iterable[Finding]) -> Finding:
    """The first of the strongest answers; looks no further than a YES."""
    best: Finding | None = None
    for one in found:
        if best is None or one.answer > best.answer:
            best = one
        if best.answer is Answer.YES:
            break
    return best or no("no request of this form is possible")


def _worlds(context: Context, matches: list[Match]) -> Iterator[Context]:
    """Contexts for everything that a caller can choose to make a difference."""
    choices: dict[str, dict[Value, None]] = {}
    for key, test, variables in chosen_keys((one.statement for one in matches), context):
        row = choices.setdefault(key, {})
        many = is_many(key)
        asked = candidates(test, context, variables=variables)
        row |= {known(text, many=many): None for text in asked}
        if many and len(row) > 1:
            row[known(*(text for one in row for text in one.values), many=True)] = None
    if not choices:
        yield context
        return
    keys = sorted(choices)
    options = [[ABSENT, known(OTHER, many=is_many(key)), *choices[key]] for key in keys]
    for count, world in enumerate(product(*options)):
        if count == _WORLDS:
            # Too many to try: what is left of them counts as not known.
            yield context
            return
        yield context.with_chosen(dict(zip(keys, world, strict=True)))


@dataclass(frozen=True, slots=True)
class _World:
    """One request in one world."""

    request: Request
    authority: Authority
    matches: list[Match]
    context: Context

    def decision(self) -> Decision:
        denials = [*self._not_denied()]
        denied = next((one for one in denials if one.answer is Answer.NO), None)
        return denied or every([self._allowed(), *denials])

    def _not_denied(self) -> Iterator[Finding]:
        for one in self.matches:
            if one.statement.allow or not self._applies(one.layer):
                continue
            found = one.finding(self.context)
            where = f"{one.statement.text} of the {one.layer} {one.policy.name}"
            if found.answer is Answer.YES:
                yield no(f"{where} denies it", one.statement.place)
            elif found.answer is Answer.POSSIBLE and one.statement.unread:
                yield possible(found.condition, one.statement.place)
            elif found.answer is Answer.POSSIBLE:
                told = found.condition.replace(" and ", AS_WELL)
                yield possible(f"{where} does not apply: {told}", one.statement.place)

    def _applies(self, layer: Layer) -> bool:
        who = self.request.principal
        if layer is Layer.SCP:
            return not who.service_linked
        if layer is Layer.RCP:
            return not who.service_linked and has_rcps(self.request.service)
        return True

    def _allowed(self) -> Finding:
        who = self.request.principal
        above = [self._levels(Layer.RCP, self.authority.rcps)]
        if self.authority.endpoint:
            above.append(self._allows(Layer.ENDPOINT, self.authority.endpoint))
        if who.sort in _OUTSIDERS:
            return every([self._resource(Named.ITSELF), *above])
        above.append(self._levels(Layer.SCP, self.authority.scps))
        if self.authority.unread:
            above.append(possible(self.authority.unread))
        return every([self._grants(), *above])

    def _grants(self) -> Finding:
        who, owner = self.request.principal, self.request.owner
        if owner:
            return self._same() if owner == who.account else self._cross()
        same, cross = self._same(), self._cross()
        if same.answer is cross.answer is not Answer.POSSIBLE:
            return same
        here = possible(f"{self.request.resource} lies in account {who.account}")
        return some([every([same, here]), cross], same.reason)

    def _own(self) -> Finding:
        """What policies of its own allow."""
        if self.request.principal.sort is Sort.ROOT:
            return YES
        return self._allows(Layer.IDENTITY, self.authority.identity)

    def _limits(self) -> Iterator[Finding]:
        boundary = self.authority.boundary
        if isinstance(boundary, Unread):
            yield possible(boundary.text)
        elif boundary is not None:
            yield self._allows(Layer.BOUNDARY, (boundary,))
        if self.authority.session:
            yield self._allows(Layer.SESSION, self.authority.session)

    def _same(self) -> Finding:
        limits = [*self._limits()]
        own = self._own()
        if self.request.service in TAKES_PART and self.request.resource != "*":
            own = every([self._resource(Named.BY_ACCOUNT), own])
        ways = [every([own, *limits])]
        resource = self.authority.resource
        if isinstance(resource, Unread):
            # It may deny what is allowed here, or allow what is not.
            ways = [every([ways[0], possible(resource.text)])]
            ways += [possible(resource.grants)] if resource.grants else []
        else:
            ways.append(self._resource(Named.ITSELF))
            ways.append(every([self._resource(Named.BY_ROLE, exactly=True), *limits]))
        reason = next((one.reason for one in ways if one.answer is Answer.NO), "")
        return some([*ways, *self._by_grants()], reason)

    def _cross(self) -> Finding:
        if is_own_accounts(self.request.low):
            return no(f"no resource policy gives {self.request.action} to another account")
        own = every([self._own(), *self._limits()])
        other = some([self._resource(Named.BY_ACCOUNT), *self._by_grants()], "")
        return every([own, because(other, self._outside())])

    def _outside(self) -> str:
        return f"no resource policy of {self.request.resource} lets another account do it"

    def _resource(self, least: Named, *, exactly: bool = False) -> Finding:
        """What the resource's own policy allows, to whom it names at least so strongly."""
        resource = self.authority.resource
        if isinstance(resource, Unread):
            return possible(resource.text)
        found = (
            one.finding(self.context)
            for one in self.matches
            if one.layer is Layer.RESOURCE and one.statement.allow
            if one.way is least or (one.way > least and not exactly)
        )
        of = f" ({resource.name})" if resource is not None else f" of {self.request.resource}"
        name = f"{Layer.RESOURCE}{of}"
        return some(found, f"no statement of the {name} allows it")

    def _by_grants(self) -> Iterator[Finding]:
        """Grants of a key let somebody without a policy.

        https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
        """
        for one in self.authority.grants:
            if one.has_action(self.request.low):
                found = self._granted(one)
                doubt = possible(f"the encryption context is the one of {one.policy.name}")
                yield every([found, doubt]) if one.conditional else found

    def _granted(self, one: Grant) -> Finding:
        """Whether a grant is for whoever asks: it may name a session, or their account."""
        way, sure, text = by_arn(one.grantee, self.request.principal)
        places = tuple(x.place for x in one.policy.statements)
        if way is Named.BY_ACCOUNT:
            doubt = possible(f"{one.policy.name} lets in whom its account lets", *places)
            return every([self._own(), *self._limits(), doubt])
        if sure is Answer.NO:
            return no(f"{one.policy.name} is for somebody else")
        return Finding(sure, text, places=places)

    def _levels(self, layer: Layer, levels: Levels | Unread) -> Finding:
        if not self._applies(layer):
            return YES
        if isinstance(levels, Unread):
            return possible(levels.text)
        return every(self._allows(layer, level) for level in levels)

    def _allows(self, layer: Layer, policies: Iterable[Policy]) -> Finding:
        mine = {id(one) for one in policies}
        found = (
            one.finding(self.context)
            for one in self.matches
            if one.layer is layer and one.statement.allow and id(one.policy) in mine
        )
        names = ", ".join(sorted({one.name for one in policies})) or "there is none"
        return some(found, f"no statement of the {layer} allows it ({names})")


def values(said: Mapping[str, str | tuple[str, ...]]) -> dict[str, Value]:
    """Keys with known values, for ``Request.values``."""
    return {
        key.lower(): known(one) if isinstance(one, str) else known(*one, many=True)
        for key, one in said.items()
    }
