"""Which actions on a type policies speak of, before anything is decided."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from fnmatch import fnmatchcase
from typing import Final

from nhigraph.policy.aws import effects
from nhigraph.policy.aws.authority import Authority
from nhigraph.policy.aws.effects import Effect
from nhigraph.policy.aws.request import account
from nhigraph.policy.aws.statements import Policy, Statement
from nhigraph.records import dataclass

#: What stands before the first wildcard or variable.
_FIXED: Final = re.compile(r"[^*?$]*")


def speak_of(asked: str, actions: Mapping[Effect, tuple[str, ...]], authority: Authority) -> bool:
    """A quick look: whether a statement that allows can be about a name, by how the two begin."""
    begins = asked.partition("*")[0]
    low = {action for row in actions.values() for action in row}
    for policy in _granting(authority):
        for statement in policy.statements:
            if not statement.allow or not any(map(statement.has_action, low)):
                continue
            if statement.not_resources or not statement.resources:
                return True
            for text in statement.resources:
                start = _FIXED.match(text)
                head = start[0] if start else ""
                if head.startswith(begins) or begins.startswith(head):
                    return True
    return False


def named_accounts(authority: Authority) -> list[str]:
    """Accounts by whose numbers somebody's own policies name resources on which they allow."""
    texts = {
        text
        for policy in authority.identity
        for x in policy.statements
        if x.allow and not x.not_resources
        for text in x.resources
    }
    return sorted({account(text) for text in texts} - {""})


def speak_of_services(authority: Authority, services: Iterable[str]) -> bool:
    """A quick look: whether somebody's own policies may allow something of some services."""
    prefixes = {
        "*" if x.not_actions or x.unread else action.partition(":")[0]
        for policy in authority.identity
        for x in policy.statements
        if x.allow
        for action in (x.actions or ("*",))
    }
    return any(fnmatchcase(service, prefix) for service in services for prefix in prefixes)


def _granting(authority: Authority) -> Iterator[Policy]:
    """Policies by which somebody may come to a right."""
    yield from authority.identity
    if isinstance(authority.resource, Policy):
        yield authority.resource
    yield from (one.policy for one in authority.grants)


@dataclass
class Allowed:
    """Actions that some statement allows, for one authority after the other."""

    _hits: dict[tuple[int, str], dict[Effect, tuple[str, ...]]] = field(default_factory=dict)
    _about: dict[tuple[tuple[str, ...], bool, str], frozenset[str]] = field(default_factory=dict)

    def of(self, authority: Authority, name: str) -> dict[Effect, tuple[str, ...]]:
        """Actions on a type that some statement allows, by effect."""
        found: dict[Effect, list[str]] = {}
        for policy in _granting(authority):
            for effect, actions in self._of_policy(policy, name).items():
                found.setdefault(effect, []).extend(actions)
        return {effect: tuple(dict.fromkeys(rows)) for effect, rows in found.items()}

    def _of_policy(self, policy: Policy, name: str) -> dict[Effect, tuple[str, ...]]:
        key = (id(policy), name)
        if key not in self._hits:
            each = [self._of_statement(x, name) for x in policy.statements if x.allow]
            hit = frozenset[str]().union(*each)
            rows = {
                effect: tuple(action for action in actions if action in hit)
                for effect, actions in (effects.by_type().get(name, {}) if hit else {}).items()
            }
            self._hits[key] = {effect: row for effect, row in rows.items() if row}
        return self._hits[key]

    def _of_statement(self, statement: Statement, name: str) -> frozenset[str]:
        """Actions on a type that a statement is about."""
        key = (statement.actions, statement.not_actions, name)
        if key not in self._about:
            rows = effects.by_type().get(name, {}).values()
            self._about[key] = frozenset(a for row in rows for a in row if statement.has_action(a))
        return self._about[key]
