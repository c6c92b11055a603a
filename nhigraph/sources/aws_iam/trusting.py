"""Whom roles let in: other identities, other accounts, and tokens from outside."""

from collections.abc import Iterator

from nhigraph.facts.ends import Trust
from nhigraph.facts.facts import Fact, Node, Note
from nhigraph.policy.aws.authority import FULL, Authority, Unread
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.federation import Assertion, Opening, assertions, openings
from nhigraph.policy.aws.findings import possible
from nhigraph.policy.aws.organization import forbids
from nhigraph.policy.aws.principals import Principal, Sort, account_of
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.request import account as account_in
from nhigraph.policy.aws.taking import ASSUME
from nhigraph.policy.trusts import Answer
from nhigraph.schema import kinds as k
from nhigraph.sources.aws_iam.told import Told

_EVERYBODY = "*"
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
            yield told.edge(k.CAN_ASSUME, one.arn, role.arn, found, other=role.place)
    for name in names:
        yield from _outside(told, role, name)


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
            found[_EVERYBODY] = None
        if statement.allow and statement.has_action(ASSUME.lower()):
            for sort, names in statement.principals or ():
                if statement.not_principals:
                    found[_EVERYBODY] = None
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
    if _EVERYBODY in names:
        arns |= people.by_account.get(role.principal.account, set()) | told.askers
    return [told.estate.identities[arn] for arn in sorted(arns - {role.arn})]


def _outside(told: Told, role: Identity, name: str) -> Iterator[Fact]:
    """Somebody who is named and whose account was not read."""
    account = account_of(name) or account_in(name)
    known = account in told.estate.pages or name in told.estate.identities
    who, node = _stranger(told, role, name, account)
    if who is None or node is None:
        return
    if known:
        if (
            name not in told.estate.identities
            and not account_of(name)
            and ":assumed-role/" not in name
        ):
            reason = f"{role.principal.name} trusts {name}, which is not there"
            yield Note(reason, told.at(role.place))
        return
    authority = Authority(
        (FULL,),
        scps=Unread(forbids(account)) if account else (),
        rcps=told.estate.rcps(role.principal.account),
        resource=role.trust,
    )
    found = decide(Request(who, ASSUME, role.arn), authority)
    if found.answer is not Answer.NO:
        yield node
        yield told.edge(k.CAN_ASSUME, node.key, role.arn, found, other=role.place)


def _stranger(
    told: Told, role: Identity, name: str, account: str
) -> tuple[Principal | None, Node | None]:
    at = told.at(role.place)
    if name == _EVERYBODY:
        key = "arn:aws:iam::*:anybody"
        node = Node(k.GROUP, key, at, name="everybody who has an account of AWS")
        return Principal("arn:aws:iam::000000000000:role/anybody", Sort.ROLE, "000000000000"), node
    if not account:
        return None, None
    if account_of(name):
        arn = f"arn:aws:iam::{account}:root"
        node = Node(k.GROUP, arn, at, name=f"account {account}", props={"account": account})
        return Principal(arn, Sort.ROOT, account), node
    role_of = name.replace(":sts:", ":iam:").replace(":assumed-role/", ":role/")
    arn = role_of.rpartition("/")[0] if ":assumed-role/" in name else name
    sort = Sort.USER if ":user/" in arn else Sort.ROLE
    kind = k.CLOUD_USER if sort is Sort.USER else k.CLOUD_ROLE
    who = Principal(arn, sort, account, session=name.rpartition("/")[2] if arn != name else "")
    return who, Node(kind, arn, at, name=who.name, props={"account": account})
