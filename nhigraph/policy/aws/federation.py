"""What a role's trust policy asks of tokens from outside, as trusts are compared.

A statement that allows ``sts:AssumeRoleWithWebIdentity`` to an OIDC provider compares claims as
keys with the issuer before the colon, such as ``token.actions.githubusercontent.com:sub``
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif,
read 29 November 2026). A token always has ``sub`` and ``aud``, so ``IfExists``, ``ForAllValues``
and ``ForAnyValue`` ask nothing else of these two. What is not a comparison of a claim with texts
is left as a condition in words.
"""

import re
from collections.abc import Iterator
from typing import Final

from nhigraph.facts.ends import Condition
from nhigraph.policy.aws.authority import Authority, Levels, Unread
from nhigraph.policy.aws.context import Class, class_of
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.operators import form
from nhigraph.policy.aws.principals import Principal, Sort
from nhigraph.policy.aws.request import Request, account
from nhigraph.policy.aws.statements import AS_WELL, Clause, Place, Policy, Statement, policy_of
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

_PROVIDER: Final = re.compile(r"arn:[\w-]+:iam::\d{12}:oidc-provider/(.+)\Z")
_SAML: Final = re.compile(r"arn:[\w-]+:iam::\d{12}:saml-provider/(.+)\Z")
_ACTION: Final = "sts:assumerolewithwebidentity"
_SAML_ACTION: Final = "sts:assumerolewithsaml"
#: Providers that are trusted by their own name.
_BUILT_IN: Final = frozenset(
    {"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com"}
    | {"www.amazon.com"}
)
_ALWAYS: Final = frozenset({"sub", "aud"})
_EVERYBODY = policy_of(
    "everybody", [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}]
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Tokens that a role lets in.

    Attributes:
        issuer: Whose tokens, without a scheme.
        conditions: What is asked of their claims.
        unknown: What else must hold, in words; empty for nothing.
        place: The statement.
        provider: The provider as the statement names it.
    """

    issuer: str
    conditions: tuple[Condition, ...]
    unknown: str
    place: Place
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A provider of SAML whose word a role takes for who somebody is.

    Attributes:
        provider: Its ARN.
        condition: What must hold of the assertion, in words.
        place: The statement.
        beside: What else must hold, for whoever writes assertions; empty for nothing.
    """

    provider: str
    condition: str
    place: Place
    beside: str = ""


def issuer_of(provider: str) -> str:
    """The issuer of an OIDC provider, without a scheme; empty for what is none."""
    found = _PROVIDER.match(provider)
    if found:
        return found[1]
    return provider if provider in _BUILT_IN else ""


def openings(role: str, trust: Policy, rcps: Levels | Unread) -> Iterator[Opening]:
    """What tokens a role lets in.

    Args:
        role: Its ARN.
        trust: Its trust policy.
        rcps: Levels of resource control policies above its account.
    """
    for statement in trust.statements:
        if not statement.allow or not statement.has_action(_ACTION):
            continue
        for provider in _providers(statement):
            issuer = issuer_of(provider)
            if not issuer:
                continue
            asked = [_condition(one, issuer) for one in statement.tests]
            words = [one for one in asked if isinstance(one, str)]
            denied = [*_denied(trust, provider)]
            above = _above(role, provider, rcps)
            if above is None or any(not one.tests for one in denied):
                continue
            words += [_not_applied(one) for one in denied]
            found = tuple(one for one in asked if isinstance(one, Condition))
            words += [above] if above else []
            yield Opening(issuer, found, " and ".join(words), statement.place, provider)


def assertions(role: str, trust: Policy, rcps: Levels | Unread) -> Iterator[Assertion]:
    """Whose assertions a role takes (``sts:AssumeRoleWithSAML``), and what they must say.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
    (read 29 November 2026): attributes of an assertion are what the provider says of somebody.
    """
    for statement in trust.statements:
        if not statement.allow or not statement.has_action(_SAML_ACTION):
            continue
        for provider in _providers(statement):
            if not _SAML.match(provider):
                continue
            denied = [*_denied(trust, provider, _SAML_ACTION)]
            above = _above(role, provider, rcps, "sts:AssumeRoleWithSAML")
            if above is None or any(not one.tests for one in denied):
                continue
            words = [_not_applied(one) for one in denied] + ([above] if above else [])
            asked = [one.text for one in statement.tests]
            theirs = [one.text for one in statement.tests if not _is_written(one)]
            who = f"{provider.rpartition('/')[2]} says that somebody may have this role"
            told, beside = ([*one, *words] for one in ([who, *asked], theirs))
            yield Assertion(provider, " and ".join(told), statement.place, " and ".join(beside))


def _is_written(test: Clause) -> bool:
    """Whether whoever writes an assertion decides what a key of a condition is worth."""
    low = test.key.lower()
    return low.startswith("saml:") or class_of(low) is Class.CHOSEN


def exactness(opening: Opening) -> str:
    """How exactly it names subjects: ``exact``, ``wildcard`` or ``missing``."""
    subjects = [one for one in opening.conditions if one.claim == "sub"]
    if not subjects:
        return "missing"
    loose = all(one.glob and any("*" in x or "?" in x for x in one.values) for one in subjects)
    return "wildcard" if loose else "exact"


def _providers(statement: Statement) -> Iterator[str]:
    for sort, names in statement.principals or ():
        if sort == "Federated" and not statement.not_principals:
            yield from names


def _condition(clause: Clause, issuer: str) -> Condition | str:
    """One line of a condition as a comparison of a claim; else in words."""
    prefix, colon, claim = clause.key.rpartition(":")
    asked = form(clause.operator)
    name = clause.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    same = prefix.lower() == issuer.lower() and bool(colon)
    plain = name in {"stringequals", "stringlike"} and not any("${" in x for x in clause.values)
    loose = (asked.if_exists or asked.every) and claim.lower() not in _ALWAYS
    if not (same and plain) or loose:
        return clause.text
    return Condition(claim.lower(), clause.values, glob=name == "stringlike")


def _denied(trust: Policy, provider: str, action: str = _ACTION) -> Iterator[Statement]:
    """Statements that deny what else is allowed."""
    for one in trust.statements:
        listed = provider in [*_providers(one)] or one.not_principals
        everybody = any(name == "*" for _, names in one.principals or () for name in names)
        if not one.allow and one.has_action(action) and (listed or everybody):
            yield one


def _not_applied(one: Statement) -> str:
    told = AS_WELL.join(clause.text for clause in one.tests)
    return f"{one.text} of its trust does not apply: {told}"


def _above(
    role: str, provider: str, rcps: Levels | Unread, action: str = "sts:AssumeRoleWithWebIdentity"
) -> str | None:
    """On which condition the organisation lets tokens in; None where it does not."""
    who = Principal(provider, Sort.FEDERATED)
    request = Request(who, action, role, account(role))
    found = decide(request, Authority(resource=_EVERYBODY, rcps=rcps))
    return None if found.answer is Answer.NO else found.condition
