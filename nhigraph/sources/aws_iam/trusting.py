"""Whom roles let in: other identities, other accounts, and tokens from outside."""

from collections.abc import Iterator
from dataclasses import replace

from nhigraph.facts.ends import Trust
from nhigraph.facts.facts import Fact, Node, Note
from nhigraph.policy.aws import globs, strangers
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.federation import Assertion, Opening, assertions, openings
from nhigraph.policy.aws.findings import possible
from nhigraph.policy.aws.giving import giving, on_name
from nhigraph.policy.aws.principals import account_of
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.request import account as account_in
from nhigraph.policy.aws.statements import Policy
from nhigraph.policy.aws.strangers import EVERYBODY
from nhigraph.policy.aws.taking import ASSUME
from nhigraph.policy.trusts import Answer
from nhigraph.schema import kinds as k
from nhigraph.sources.aws_iam.told import Told

_GONE = "{} trusts {}, which is not among the providers of its account: nobody comes in by it"


def read(told: Told, role: Identity) -> Iterator[Fact]:
    """Yield who may take a role."""
    if role.trust is None:
        return
    yield from tokens(told, role)
    yield from asserted(told, role)
    names = _names(role)
    for one in _candidates(told, role, names):
        found = told.taking.of(one, role)
        if found.answer is not Answer.NO:
            given = on_name(told.estate, one, role.arn, (ASSUME,), "sts")
            yield told.edge(k.CAN_ASSUME, one.arn, role.arn, found, other=role.place, given=given)
    yield from _outside(told, role, role.trust)
    yield from _missing(told, role, names)


def tokens(told: Told, role: Identity) -> Iterator[Fact]:
    """Yield tokens that a role lets in."""
    if role.trust is None:
        return
    for one in openings(role.arn, role.trust, told.estate.rcps(role.principal.account)):
        if told.estate.is_gone(one.provider):
            yield _gone(told, role, one)
            continue
        yield Trust(
            role.arn,
            told.at(one.place),
            issuer=f"https://{one.issuer}",
            conditions=one.conditions,
            unknown=one.unknown,
        )


def asserted(told: Told, role: Identity) -> Iterator[Fact]:
    """Yield whom a role takes on the word of a provider of SAML."""
    if role.trust is None:
        return
    for one in assertions(role.arn, role.trust, told.estate.rcps(role.principal.account)):
        if told.estate.is_gone(one.provider):
            yield _gone(told, role, one)
            continue
        at = told.at(one.place)
        name = f"whoever {one.provider.rpartition('/')[2]} vouches for"
        account = account_of(one.provider) or account_in(one.provider)
        yield Node(k.GROUP, one.provider, at, name=name, props={"account": account})
        found = possible(one.condition, one.place)
        yield told.edge(k.CAN_ASSUME, one.provider, role.arn, found, other=role.place)


def _gone(told: Told, role: Identity, one: Opening | Assertion) -> Note:
    """That a role trusts a provider that is no more."""
    return Note(_GONE.format(role.principal.name, one.provider), told.at(one.place))


def _names(role: Identity) -> list[str]:
    """Names in ``Principal`` of a role's trust."""
    found: dict[str, None] = {}
    for statement in role.trust.statements if role.trust is not None else ():
        if statement.allow and statement.unread:
            # Perhaps everybody.
            found[EVERYBODY] = None
        if statement.allow and statement.has_action(ASSUME.lower()):
            for sort, names in statement.principals or ():
                if statement.not_principals:
                    found[EVERYBODY] = None
                elif sort in {"AWS", "*"}:
                    found |= dict.fromkeys(names)
    return [*found]


def _candidates(told: Told, role: Identity, names: list[str]) -> list[Identity]:
    """Identities that may be let in: those named, and those of named accounts that may ask."""
    people = told.people
    arns: set[str] = set()
    for name in names:
        arns |= {name} & told.estate.identities.keys()
        arns |= people.by_id.get(name, set())
        if ":assumed-role/" in name:
            arns |= people.by_name.get(name.split(":assumed-role/")[1].partition("/")[0], set())
        arns |= people.asking.get(account_of(name), set())
    if EVERYBODY in names:
        arns |= people.by_account.get(role.principal.account, set()) | told.askers
    return [told.estate.identities[arn] for arn in sorted(arns - {role.arn})]


def _outside(told: Told, role: Identity, trust: Policy) -> Iterator[Fact]:
    """Yield who of accounts that no input describes may take a role."""
    speaking = [x for x in trust.statements if x.unread or x.has_action(ASSUME.lower())]
    for name in strangers.named_in(Policy("", tuple(speaking))):
        who = strangers.stranger(told.estate, name)
        if who is None:
            continue
        rcps = told.estate.rcps(role.principal.account)
        authority = replace(who.authority, rcps=rcps, resource=trust)
        found = decide(Request(who.principal, ASSUME, role.arn), authority)
        if found.answer is not Answer.NO:
            told.met.setdefault(who.key, (who, role.place))
            asked = [(globs.parse(role.arn), (ASSUME.lower(),))]
            given = giving(who.principal, authority, asked, role.principal.account)
            yield told.edge(k.CAN_ASSUME, who.key, role.arn, found, other=role.place, given=given)


def _missing(told: Told, role: Identity, names: list[str]) -> Iterator[Note]:
    """Yield whom a role trusts and its account does not have."""
    for name in names:
        known = account_in(name) in told.estate.pages and name not in told.estate.identities
        if known and not account_of(name) and ":assumed-role/" not in name:
            reason = f"{role.principal.name} trusts {name}, which is not there"
            yield Note(reason, told.at(role.place))
