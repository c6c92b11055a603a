"""Whether identities may take roles: roles that are alike to somebody are decided once.

Two roles of an account are alike to somebody where their trusts say the same and the same of the
identity's own statements are about both. What an answer says of one role by its name is not said
of another.
"""

from collections.abc import Hashable
from dataclasses import field, replace
from functools import cached_property
from typing import Final

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.authority import Authority, Layer, Unread
from nhigraph.policy.aws.context import ABSENT, Value
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding, every
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import Policy, Statement
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

ASSUME: Final = "sts:AssumeRole"
#: Whoever takes a role puts these into the request only with a right of its own
#: (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html and
#: ``…/id_credentials_temp_control-access_monitor.html``, read 30 November 2026).
_BESIDE: Final = {
    "sts:TagSession": ("aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys"),
    "sts:SetSourceIdentity": ("sts:sourceidentity",),
}
_SPEAKING: Final = (ASSUME.lower(), *(one.lower() for one in _BESIDE))


@dataclass
class Taking:
    """Answers about the roles of an estate.

    Attributes:
        estate: The estate.
    """

    estate: Estate
    _answers: dict[Hashable, tuple[Identity, Finding]] = field(default_factory=dict)
    _trusts: dict[str, Hashable] = field(default_factory=dict)
    _levels: dict[str, tuple[Statement, ...]] = field(default_factory=dict)
    _speaking: dict[str, tuple[Statement, ...] | None] = field(default_factory=dict)

    def of(self, one: Identity, role: Identity) -> Finding:
        """Whether an identity may take a role."""
        authority = self.estate.authority(one, role.arn, "sts")
        speaking = self._about(one, authority)
        if speaking is None or not isinstance(authority.resource, Policy):
            return self._asked(one, role, authority)
        about = (is_about(x, role.arn) for x in (*speaking, *self._above(role)))
        key = (one.arn, self._trust(role), *about)
        if key not in self._answers:
            self._answers[key] = role, self._asked(one, role, authority)
        first, found = self._answers[key]
        if first is role:
            return found
        if first.principal.name in found.condition:
            return self._asked(one, role, authority)
        return replace(found, places=_moved(found, first, role))

    def _asked(self, one: Identity, role: Identity, authority: Authority) -> Finding:
        found = decide(Request(one.principal, ASSUME, role.arn), authority)
        doubts: list[Finding] = []
        without: dict[str, Value] = {}
        for action, keys in _beside(authority).items() if found.answer is not Answer.NO else ():
            right = decide(Request(one.principal, action, role.arn), authority)
            if right.answer is not Answer.YES:
                doubts.append(right)
                without |= dict.fromkeys(keys, ABSENT)
        if not doubts:
            return found
        bare = decide(Request(one.principal, ASSUME, role.arn, values=without), authority)
        return max((bare, every([found, *doubts])), key=lambda x: x.answer)

    def _about(self, one: Identity, authority: Authority) -> tuple[Statement, ...] | None:
        """Statements about taking roles but trusts'; None where a name depends on more."""
        if one.arn not in self._speaking:
            found = tuple(
                statement
                for layer, policy in authority.policies()
                for statement in policy.statements
                if layer not in {Layer.RESOURCE, Layer.RCP}
                if statement.unread or any(map(statement.has_action, _SPEAKING))
            )
            plain = not any("${" in text for x in found for text in x.resources)
            self._speaking[one.arn] = found if plain else None
        return self._speaking[one.arn]

    def _above(self, role: Identity) -> tuple[Statement, ...]:
        """Statements of the policies above a role's account."""
        account = role.principal.account
        if account not in self._levels:
            levels = self.estate.rcps(account)
            several = () if isinstance(levels, Unread) else levels
            self._levels[account] = tuple(
                x for level in several for policy in level for x in policy.statements
            )
        return self._levels[account]

    def _trust(self, role: Identity) -> Hashable:
        """What a trust says, and above which account's roles it stands."""
        if role.arn not in self._trusts:
            said = tuple(
                replace(one, place=("", ()))
                for one in (role.trust.statements if role.trust else ())
            )
            key = (role.principal.account, said)
            self._trusts[role.arn] = self._numbers.setdefault(key, len(self._numbers))
        return self._trusts[role.arn]

    @cached_property
    def _numbers(self) -> dict[Hashable, int]:
        return {}


def _beside(authority: Authority) -> dict[str, set[str]]:
    """Keys, lower case, that conditions ask for, by the right to put them into the request."""
    found: dict[str, set[str]] = {}
    for _, policy in authority.policies():
        for statement in policy.statements:
            for test in statement.tests:
                key = test.key.lower()
                for action, begins in _BESIDE.items():
                    if key.startswith(begins):
                        found.setdefault(action, set()).add(key)
    return found


def is_about(statement: Statement, arn: str) -> bool:
    """Whether a statement names a role, or all but what it names."""
    hit = any(globs.matches_resource(globs.parse(text), arn) for text in statement.resources)
    return hit is not statement.not_resources


def _moved(
    found: Finding, first: Identity, other: Identity
) -> tuple[tuple[str, tuple[str | int, ...]], ...]:
    """Places in one trust as those in another that says the same."""
    pairs = zip(
        first.trust.statements if first.trust else (),
        other.trust.statements if other.trust else (),
        strict=True,
    )
    moved = {mine.place: theirs.place for mine, theirs in pairs}
    return tuple(moved.get(place, place) for place in found.places)
