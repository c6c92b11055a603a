"""Policy documents as statements; what cannot be read is told, never dropped.

The grammar is https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
(read 29 November 2026). The API gives documents percent-encoded, clients give them decoded: both
are read (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyDetail.html).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import unquote

from nhigraph.policy.aws import globs
from nhigraph.records import dataclass

#: Most statements of one policy that are read: no policy that AWS takes has as many.
MOST: Final = 20_000
#: Versions that have policy variables.
_VARIABLES: Final = "2012-10-17"
#: What makes a pattern of a text.
_PATTERN: Final = frozenset("*?$")

#: Between conditions that are one together: whoever settles one of them settles none of these.
AS_WELL: Final = " as well as "
#: Keys whose values callers must know and others must not.
SECRET: Final = frozenset({"sts:externalid"})
#: Where a statement stands: artifact and pointer.
Place = tuple[str, tuple[str | int, ...]]


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of a condition.

    Attributes:
        operator: As written, such as ``ForAnyValue:StringLikeIfExists``.
        key: As written.
        values: Any of them.
    """

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line for people; a secret that callers must know is left out."""
        said = "a secret" if self.key.lower() in SECRET else " or ".join(self.values)
        return f"{self.key} {self.operator} {said}"


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        allow: Whether it allows; else it denies.
        actions: Patterns of actions, lower case.
        not_actions: The patterns are of what it is not about.
        resources: Patterns of resources; empty in trust policies.
        not_resources: The patterns are of what it is not about.
        principals: Sort of name to names; None in policies of identities.
        not_principals: The names are of whom it is not about.
        tests: All must hold.
        place: Where it stands.
        sid: Its own name.
        variables: Whether its policy's version has variables.
        unread: What of it could not be read; empty for nothing.
        doubt: On which condition it counts at all; empty for none.
    """

    allow: bool
    actions: tuple[str, ...]
    not_actions: bool
    resources: tuple[str, ...]
    not_resources: bool
    principals: tuple[tuple[str, tuple[str, ...]], ...] | None
    not_principals: bool
    tests: tuple[Clause, ...]
    place: Place
    sid: str = ""
    variables: bool = True
    unread: str = ""
    doubt: str = ""

    @cached_property
    def action_patterns(self) -> tuple[str, ...]:
        """Parsed patterns of actions."""
        return tuple(globs.parse(one) for one in self.actions)

    def has_action(self, action: str) -> bool:
        """Whether it is about an action (lower case)."""
        return _has_action(self.action_patterns, action) is not self.not_actions

    @property
    def text(self) -> str:
        """Its name for people."""
        effect = "allow" if self.allow else "deny"
        doing = "allows" if self.allow else "denies"
        return f"the {effect} statement {self.sid}" if self.sid else f"a statement that {doing}"


@lru_cache(maxsize=1 << 17)
def _has_action(patterns: tuple[str, ...], action: str) -> bool:
    return any(globs.matches(one, action) for one in patterns)


@dataclass(frozen=True)
class Policy:
    """A policy.

    Attributes:
        name: For people.
        statements: What it says.
        problems: Where something could not be read, and what.
    """

    name: str
    statements: tuple[Statement, ...]
    problems: tuple[tuple[Place, str], ...] = ()


def read_policy(document: object, name: str, place: Place, *, of_resource: bool = False) -> Policy:
    """A policy from its document.

    Args:
        document: The document, decoded or as percent-encoded or plain JSON text.
        name: Its name for people.
        place: Where the document stands.
        of_resource: It is attached to a resource, as a trust is to its role: it has to say whom it
            is about, and need not say what. Any other has to say what.
    """
    body = decoded(document)
    if not isinstance(body, Mapping):
        return unread(name, place, "expected a policy document")
    variables = body.get("Version") == _VARIABLES
    listed = body.get("Statement")
    inside = (place[0], (*place[1], "Statement")) if isinstance(document, Mapping) else place
    if isinstance(listed, Mapping):
        items: list[tuple[Place, object]] = [(inside, listed)]
    elif isinstance(listed, list):
        nested = isinstance(document, Mapping)
        items = [
            ((inside[0], (*inside[1], at)) if nested else inside, one)
            for at, one in enumerate(listed)
        ]
    else:
        return unread(name, place, "expected Statement, one or a list")
    problems = [(place, f"more than {MOST} statements")] if len(items) > MOST else []
    found: list[Statement] = []
    for at, one in items[:MOST]:
        statements, problem = _statements(one, at, variables=variables, of_resource=of_resource)
        problems += [(at, problem)] if problem else []
        found += statements
    return Policy(name, tuple(found), tuple(problems))


def unread(name: str, place: Place, problem: str) -> Policy:
    """A policy of which nothing could be read: it may allow, and deny, anything."""
    return Policy(name, _either_way(place, problem), ((place, problem),))


def _either_way(place: Place, problem: str) -> tuple[Statement, Statement]:
    """What stands for words that could not be read: one that may allow, one that may deny."""
    either = Statement(
        allow=True, actions=(), not_actions=False, resources=(), not_resources=False,
        principals=None, not_principals=False, tests=(), place=place, unread=problem,
    )  # fmt: skip
    return either, replace(either, allow=False)


def decoded(document: object) -> object:
    """A document whose text form is read; anything else as it is."""
    if not isinstance(document, str):
        return document
    for text in (document, unquote(document)):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            continue
    return document


def _statements(
    body: object, place: Place, *, variables: bool, of_resource: bool
) -> tuple[tuple[Statement, ...], str]:
    """What one item of ``Statement`` says, and what of it could not be read."""
    if not isinstance(body, Mapping):
        problem = "expected a statement"
        return _either_way(place, problem), problem
    effect = body.get("Effect")
    if not isinstance(effect, str) or effect not in {"Allow", "Deny"}:
        problem = "expected Effect, Allow or Deny"
        return _either_way(place, problem), problem
    problems: list[str] = []
    actions, not_actions = _either(body, "Action", problems)
    resources, not_resources = _either(body, "Resource", problems)
    not_principals = "NotPrincipal" in body
    principals = _principals(body.get("NotPrincipal" if not_principals else "Principal"), problems)
    tests = _tests(body.get("Condition"), problems)
    if not actions:
        problems.append("expected Action or NotAction")
    if any(":" not in one and _PATTERN.isdisjoint(one) for one in actions):
        problems.append("expected SERVICE:ACTION in Action")
    if not resources and not of_resource:
        problems.append("expected Resource or NotResource")
    if any(":" not in one and _PATTERN.isdisjoint(one) for one in resources):
        problems.append("expected ARNs in Resource")
    if of_resource and not any(names for _, names in principals or ()):
        problems.append("expected Principal or NotPrincipal")
    sid = body.get("Sid")
    statement = Statement(
        allow=effect == "Allow",
        actions=tuple(one.lower() for one in actions),
        not_actions=not_actions,
        resources=resources,
        not_resources=not_resources,
        principals=principals,
        not_principals=not_principals,
        tests=tests,
        place=place,
        sid=sid if isinstance(sid, str) else "",
        variables=variables,
        unread="; ".join(problems),
    )
    return (statement,), statement.unread


def _either(
    body: Mapping[str, object], name: str, problems: list[str]
) -> tuple[tuple[str, ...], bool]:
    """The values of an element or of its ``Not`` form, and whether it is that."""
    negated = f"Not{name}" in body
    found = body.get(f"Not{name}" if negated else name, ())
    return _texts(found, name, problems), negated


def _texts(found: object, name: str, problems: list[str]) -> tuple[str, ...]:
    many = found if isinstance(found, list | tuple) else [found]
    texts = tuple(one for one in many if isinstance(one, str))
    if len(texts) < len(many):
        problems.append(f"expected texts in {name}")
    return texts


def _values(found: object) -> object:
    """Values of a condition: these may be numbers, and true or false, without quotes."""
    many = found if isinstance(found, list | tuple) else [found]
    return [
        str(one).lower() if isinstance(one, bool) else str(one)
        if isinstance(one, int | float) else one
        for one in many
    ]  # fmt: skip


def _principals(
    found: object, problems: list[str]
) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    if found is None:
        return None
    if isinstance(found, str | list):
        # "*" is everybody; older policies name accounts so.
        return (("AWS", _texts(found, "Principal", problems)),)
    if not isinstance(found, Mapping):
        problems.append("expected names in Principal")
        return ()
    return tuple((str(sort), _texts(one, "Principal", problems)) for sort, one in found.items())


def _tests(found: object, problems: list[str]) -> tuple[Clause, ...]:
    if found is None:
        return ()
    if not isinstance(found, Mapping):
        problems.append("expected operators in Condition")
        return ()
    tests = []
    for operator, keys in found.items():
        if not isinstance(keys, Mapping):
            problems.append(f"expected keys under {operator}")
            continue
        tests += [
            Clause(str(operator), str(key), _texts(_values(values), str(operator), problems))
            for key, values in keys.items()
        ]
    return tuple(tests)


def allows(policies: Iterable[Policy], action: str) -> bool:
    """Whether a statement of some policies may allow an action (lower case) on something."""
    return any(
        one.allow and (bool(one.unread) or one.has_action(action))
        for policy in policies
        for one in policy.statements
    )


def is_whole(policy: Policy) -> bool:
    """Whether a policy allows everything and denies nothing."""
    whole = any(
        x.allow and not (x.not_actions or x.not_resources or x.tests)
        and "*" in x.actions and "*" in x.resources
        for x in policy.statements
    )  # fmt: skip
    return whole and all(x.allow for x in policy.statements)


def policy_of(name: str, statements: Sequence[Mapping[str, object]]) -> Policy:
    """A policy that AWS itself defines, with no place in any document."""
    return read_policy({"Version": _VARIABLES, "Statement": list(statements)}, name, ("", ()))
