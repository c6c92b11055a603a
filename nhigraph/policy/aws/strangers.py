"""Whom documents name in accounts whose identities no document describes.

A trust policy, a resource's policy or a grant of a key lets them in by name; an identity's own
policy says which of them it may become. What their account allows them is not known, and a right
between accounts needs both sides
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html,
read 30 November 2026). An account that is named stands for whoever of it its policies let.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from nhigraph.policy.aws.authority import FULL, Authority, Unread
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding
from nhigraph.policy.aws.principals import Principal, Sort, account_of
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.request import account as account_in
from nhigraph.policy.aws.resources import policy_holder
from nhigraph.policy.aws.statements import Clause, Place, Policy, Statement
from nhigraph.policy.aws.taking import ASSUME
from nhigraph.records import dataclass

EVERYBODY: Final = "*"
#: The key of whoever has an account.
_EVERYBODY: Final = "arn:aws:iam::*:anybody"
#: Some accounts, by a pattern of their numbers.
SOME: Final = "*account"
#: No account's number: in its place stands any that no document describes. Its organization is
#: none that a policy names, whose accounts stand for themselves.
_NOWHERE: Final = "000000000000"
_NO_ORG: Final = "o-0000000000"
#: Before the canonical id of an account, in names and keys.
_CANONICAL: Final = "canonical-user:"
_HUB: Final = re.compile(r"arn:aws:organizations:::([^:]*):anybody")
#: The last part of an ARN; the account stands before it.
_RESOURCE: Final = 5
#: What a pattern is made of.
_PATTERN: Final = frozenset("*?$")
#: Keys of conditions that name somebody where ``Principal`` names everybody.
_NUMBER: Final = "aws:principalaccount"
_ARN: Final = "aws:principalarn"
_NAMING: Final = frozenset({_NUMBER, _ARN})
_ORG: Final = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
#: A key of conditions that names whose resource it is.
_OWNER: Final = "aws:resourceaccount"


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody of an account that no document describes.

    Attributes:
        principal: Who.
        key: The node that stands for them.
    """

    principal: Principal
    key: str

    def identity(self, place: Place) -> Identity:
        """Them as an identity of which nothing is known; ``authority`` decides about it."""
        return Identity(self.principal, place, (), (), (), "", place, None, "", "")

    @property
    def authority(self) -> Authority:
        """What their own account says: that is not known."""
        who = self.principal
        if who.canonical:
            unread = Unread(f"policies of the account of canonical user {who.canonical} let it")
        else:
            unread = Unread(lets_of(who.org) if self.is_organization else lets(who.account))
        return Authority((FULL,), scps=() if self.is_everybody else unread)

    @property
    def is_account(self) -> bool:
        """Whether an account is named."""
        return self.principal.sort is Sort.ROOT

    @property
    def is_organization(self) -> bool:
        """Whether the accounts of an organization are."""
        return _HUB.fullmatch(self.key) is not None

    @property
    def is_everybody(self) -> bool:
        """Whether everybody is."""
        return self.key == _EVERYBODY


def lets(account: str) -> str:
    """The condition under which somebody of an account that no document describes has a right."""
    return f"policies of account {account} and of its organization let it"


def lets_of(org: str) -> str:
    """The same of somebody of an organization's accounts that no document describes."""
    return f"policies of organization {org} and of its accounts let it"


def root(account: str) -> str:
    """The key of whoever is of an account that no document describes."""
    return f"arn:aws:iam::{account}:root"


def of_organization(org: str) -> str:
    """The key of whoever is of accounts of an organization that no document describes."""
    return f"arn:aws:organizations:::{org}:anybody"


def stranger(estate: Estate, name: str) -> Stranger | None:
    """Who a name in a policy is; None for nobody, and for somebody whom documents describe."""
    if several := _several(name):
        org = several.principal.org
        return None if several.is_organization and _is_read(estate, org) else several
    account = account_of(name) or account_in(name)
    if not account or account in estate.pages or name in estate.identities:
        return None
    if account_of(name):
        arn = root(account)
        return Stranger(Principal(arn, Sort.ROOT, account, anybody=True), arn)
    session = ":assumed-role/" in name
    role = name.replace(":sts:", ":iam:").replace(":assumed-role/", ":role/")
    arn = role.rpartition("/")[0] if session else name
    sort = Sort.USER if ":user/" in arn else Sort.ROLE if ":role/" in arn else None
    if sort is None or _PATTERN & set(arn):
        return None
    who = Principal(arn, sort, account, session=name.rpartition("/")[2] if session else "")
    return Stranger(who, arn)


def _several(name: str) -> Stranger | None:
    """Whoever is of accounts of which a name is not of one by its number."""
    if name in {EVERYBODY, SOME}:
        number, org = (_NOWHERE, _NO_ORG) if name == EVERYBODY else ("", "")
        return Stranger(_anybody(number, org), _EVERYBODY)
    if name.startswith(_CANONICAL):
        one = replace(_anybody("", ""), canonical=name.removeprefix(_CANONICAL))
        return Stranger(one, name)
    found = _HUB.fullmatch(name)
    return Stranger(_anybody("", found[1]), name) if found else None


def _anybody(account: str, org: str) -> Principal:
    arn, path = f"arn:aws:iam::{account}:role/anybody", f"{_NO_ORG}/" if org == _NO_ORG else ""
    return Principal(arn, Sort.ROLE, account, org=org, path=path, anybody=True)


def _is_read(estate: Estate, org: str) -> bool:
    """Whether documents describe each account of an organization, with the one that manages it."""
    own = {number: one.manager for number, one in estate.members.items() if one.org == org}
    return any(own.values()) and estate.pages.keys() >= own.keys()


def named_in(policy: Policy | None) -> dict[str, None]:
    """Names of whom a resource's policy lets in, or does not deny what it denies others."""
    found: dict[str, None] = {}
    statements = policy.statements if policy is not None else ()
    for statement in statements:
        if statement.unread:
            # Perhaps everybody.
            found |= {EVERYBODY: None} if statement.allow else {}
        elif statement.allow or statement.not_principals:
            found |= dict.fromkeys(_names(statement))
    if EVERYBODY in found:
        for statement in statements:
            for test in statement.tests:
                found |= dict.fromkeys(_named_by(test, statement))
    return found


def _names(statement: Statement) -> Iterator[str]:
    for sort, several in statement.principals or ():
        if sort in {"AWS", "*"}:
            yield from several
        elif sort == "CanonicalUser":
            yield from (f"{_CANONICAL}{name}" for name in several)
    if statement.not_principals and statement.allow:
        yield EVERYBODY


def _named_by(test: Clause, statement: Statement) -> Iterator[str]:
    """Whom a condition tells from everybody else, perhaps by not denying them what it denies."""
    key, operator = test.key.lower(), test.operator.lower()
    if key not in _NAMING | _ORG:
        return
    if operator == "null" or (key in _ORG and statement.allow and operator.endswith("ifexists")):
        # Who has no organization.
        yield SOME
    chosen = statement.allow is not ("not" in operator)
    for text in test.values if operator != "null" else ():
        named = text.partition("/")[0] if key in _ORG else text
        if key != _ARN and _PATTERN & set(named):
            yield from (SOME,) if chosen else ()
        else:
            yield of_organization(named) if key in _ORG else named


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where else than in accounts that documents describe somebody may take roles.

    Attributes:
        roles: ARNs of roles that its policies name in full.
        accounts: Accounts of which they name some roles.
        anywhere: They name roles of whichever account.
    """

    roles: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    anywhere: bool = False


def elsewhere(estate: Estate, one: Identity) -> Elsewhere:
    """Where else somebody's own policies let it take roles."""
    roles: set[str] = set()
    accounts: set[str] = set()
    anywhere = False
    for policy in estate.base(one).identity:
        for statement in policy.statements:
            if not statement.allow or not statement.has_action(ASSUME.lower()):
                continue
            owners = {
                x for test in statement.tests if test.key.lower() == _OWNER for x in test.values
            }
            accounts |= {x for x in owners if account_of(x)}
            for text in (EVERYBODY,) if statement.not_resources else statement.resources:
                account = _account(text)
                if _PATTERN & set(account):
                    anywhere = anywhere or "{aws:PrincipalAccount}" not in account
                elif _PATTERN & set(text):
                    accounts.add(account)
                elif ":role/" in text:
                    roles.add(text)
    return Elsewhere(
        tuple(sorted(x for x in roles if stranger(estate, x) is not None)),
        tuple(sorted(accounts - estate.pages.keys())),
        anywhere,
    )


def _account(text: str) -> str:
    """What stands for the account in a pattern of roles."""
    # Where parts are missing, a wildcard stands for them.
    parts = text.split(":", _RESOURCE)
    return parts[_RESOURCE - 1] if len(parts) > _RESOURCE else EVERYBODY


def may_become(estate: Estate, one: Identity, role: str) -> Finding:
    """Whether somebody may take a role of an account that no document describes."""
    request = Request(one.principal, ASSUME, role)
    return decide(request, estate.authority(one, role, "sts"))


def may_enter(estate: Estate, one: Identity, account: str = "") -> Finding:
    """Whether somebody may take some role of such an account; by default of any."""
    partition = one.arn.split(":")[1]
    asked = f"arn:{partition}:iam::{account or _NOWHERE}:role/*"
    where = f"account {account}" if account else "such an account"
    authority = estate.authority(one, asked, "sts")
    authority = replace(authority, resource=Unread(f"a role of {where} trusts it"))
    if not account:
        member = estate.members.get(one.principal.account)
        authority = replace(authority, rcps=(), org=member.org if member is not None else "")
    request = Request(one.principal, ASSUME, asked, account or _NOWHERE, any_new=True)
    return decide(request, authority)


def unread_members(estate: Estate) -> dict[str, str]:
    """Accounts of organizations that no document describes, and of which organization."""
    return {
        number: member.org
        for number, member in sorted(estate.members.items())
        if number not in estate.pages
    }


def all_named(estate: Estate) -> Iterator[str]:
    """Names in trusts, in policies of resources and in grants of keys."""
    for _, role in sorted(estate.identities.items()):
        yield from named_in(role.trust)
    for arn in sorted(estate.resources):
        yield from names_of(estate, arn)


def names_of(estate: Estate, arn: str) -> dict[str, None]:
    """Names of whom a resource's policy and grants let in."""
    grants = (one.grantee for one in estate.grants.get(arn, ()))
    return named_in(estate.policies.get(policy_holder(arn))) | dict.fromkeys(grants)
