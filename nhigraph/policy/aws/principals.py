"""Who asks, and whether ``Principal`` of a policy names them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
``…_notprincipal.html`` (read 29 November 2026):

* An account (its ARN with ``:root`` or its number) delegates to whom that account allows.
* In a policy stored by AWS a deleted user or role stands by its unique id (``AIDA…``, ``AROA…``),
  and nobody made anew under the old name is meant by that.
* ``Principal`` has no wildcards inside a name.
* ``Deny`` with ``NotPrincipal`` exempts somebody for certain only if it lists their account too,
  and of a role's session the role and that session: some services check these one after another.
  Their account alone exempts none of it. Whoever has a permissions boundary it always denies.
* ``*`` grants to a role's session as naming the session does: boundary and session policy do not
  limit it ("IAM role principals" there).
"""

import re
from dataclasses import replace
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Final

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.context import ABSENT, Context, Value, known, like, tags
from nhigraph.policy.aws.statements import Statement
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

_ACCOUNT = re.compile(r"\d{12}\Z")
_ROOT = re.compile(r"arn:[\w-]+:iam::(\d{12}):root\Z")
_SESSION = re.compile(r"arn:[\w-]+:sts::(\d{12}):assumed-role/([^/]+)/(.+)\Z")
_SERVICE_LINKED: Final = ":role/aws-service-role/"


class Sort(StrEnum):
    """What somebody is."""

    USER = "user"
    ROLE = "role"
    ROOT = "root"
    SERVICE = "service"
    FEDERATED = "federated"
    ANYBODY = "anybody"


class Named(IntEnum):
    """How a policy names somebody, from the weakest way on."""

    NOT = 0
    BY_ACCOUNT = 1
    BY_ROLE = 2
    ITSELF = 3


@dataclass(frozen=True)
class Principal:
    """Who asks.

    Attributes:
        arn: Its ARN, of a role that of the role; a service by its name; a provider by its ARN.
        sort: What it is.
        account: Its account; empty for nobody's.
        id: Unique id, where known.
        tags: Its tags; None where they are not known.
        org: Its organisation's id; empty where that is not known.
        session: Name of the session, where it is one; a role's is chosen by whoever takes it.
        bounded: It has a permissions boundary.
        path: Path of its account in the organisation; empty where that is not known.
        retagged: A session of its may have other tags than it has.
        anybody: It stands for whoever is of its account.
        canonical: Canonical id of its account, where only that is known.
    """

    arn: str
    sort: Sort
    account: str = ""
    id: str = ""
    tags: tuple[tuple[str, str], ...] | None = None
    org: str = ""
    session: str = ""
    bounded: bool = False
    retagged: bool = False
    path: str = ""
    anybody: bool = False
    canonical: str = ""

    @property
    def service_linked(self) -> bool:
        """Whether it is a role of a service's own, which no organisation's policy limits."""
        return self.sort is Sort.ROLE and _SERVICE_LINKED in self.arn

    @property
    def name(self) -> str:
        """Its name, without a path."""
        return self.arn.rpartition("/")[2]

    @cached_property
    def session_arn(self) -> str:
        """The ARN of a role's session; that of any of them is a parsed pattern."""
        partition = self.arn.split(":")[1]
        name = self.session or globs.ANY
        return f"arn:{partition}:sts::{self.account}:assumed-role/{self.name}/{name}"

    def as_session(self, name: str) -> "Principal":
        """A role's session of that name."""
        return replace(self, session=name)

    @property
    def untagged(self) -> "Principal":
        """The same in a session of which nobody says with which tags; itself where it has none.

        A tag of a session stands in the place of its role's or user's
        (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, ``Tags``, and
        ``…/API_GetFederationToken.html``, read 30 November 2026).
        """
        return replace(self, tags=None, retagged=False) if self.retagged else self

    @cached_property
    def context(self) -> Context:
        """What condition keys about it are worth.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-infotouse
        says which of them there are for whom: a role has no ``aws:username``, long-lived keys no
        ``aws:TokenIssueTime``.
        """
        if self.sort in {Sort.SERVICE, Sort.ANYBODY, Sort.FEDERATED}:
            return Context(self._outsider())
        if self.anybody:
            number = self.account or globs.ANY
            theirs = {"aws:principalarn": like(f"arn:{globs.ANY}::{number}:{globs.ANY}")}
            names = ("aws:principalaccount", "kms:calleraccount") if self.account else ()
            return Context({**theirs, **dict.fromkeys(names, known(number)), **self._place()})
        kind = {Sort.USER: "User", Sort.ROLE: "AssumedRole", Sort.ROOT: "Account"}[self.sort]
        found: dict[str, Value] = {
            "aws:principalarn": known(self.arn),
            "aws:principalaccount": known(self.account),
            "aws:principaltype": known(kind),
            "kms:calleraccount": known(self.account),
        }
        found |= self._place()
        if self.sort is Sort.USER:
            found["aws:username"] = known(self.name)
            found["aws:tokenissuetime"] = ABSENT
            found |= {"aws:userid": known(self.id)} if self.id else {}
        else:
            found["aws:username"] = ABSENT
            if self.sort is Sort.ROLE and self.id:
                found["aws:userid"] = like(f"{self.id}:{globs.ANY}")
        if self.tags is not None:
            found |= tags("aws:principaltag", self.tags)
        # A session may be tagged beside its role's tags, by whoever takes the role.
        complete = (
            ("aws:principaltag/",) if self.tags is not None and self.sort is Sort.USER else ()
        )
        return Context(found, complete)

    def _place(self) -> dict[str, Value]:
        """Keys of where its account is."""
        org = {"aws:principalorgid": known(self.org)} if self.org else {}
        return org | ({"aws:principalorgpaths": known(self.path, many=True)} if self.path else {})

    def _outsider(self) -> dict[str, Value]:
        """Keys of somebody whom no account's policies are about."""
        if self.sort is Sort.SERVICE:
            return {
                "aws:principalisawsservice": known("true"),
                "aws:principalservicename": known(self.arn),
            }
        absent = ("principalarn", "principalaccount", "principalorgid", "username", "userid")
        return {f"aws:{name}": ABSENT for name in absent}


_NOT: Final = (Named.NOT, Answer.NO, "")


def account_of(name: str) -> str:
    """The account that a name in a policy stands for; empty for none."""
    found = _ROOT.match(name)
    if found:
        return found[1]
    return name if _ACCOUNT.match(name) else ""


def named(statement: Statement, who: Principal) -> tuple[Named, Answer, str]:
    """How a statement of a resource's policy names somebody.

    Returns:
        The strongest way, whether it is certain, and what it depends on where it is not.
    """
    if statement.principals is None:
        return _NOT
    listed = [_by(sort, name, who) for sort, names in statement.principals for name in names]
    found = max(listed, key=lambda one: (one[1], one[0]), default=_NOT)
    possible = max(listed, key=lambda one: one[0], default=found)
    if not statement.not_principals:
        # A certain weaker way and a possible stronger one: `decision` asks for each.
        return found if found[1] is Answer.YES or possible[1] is Answer.NO else possible
    return _not_listed(statement, who, listed)


def _not_listed(
    statement: Statement, who: Principal, listed: list[tuple[Named, Answer, str]]
) -> tuple[Named, Answer, str]:
    """Whether ``NotPrincipal`` is about somebody: they are not exempt."""
    ways = {way: sure for way, sure, _ in sorted(listed, key=lambda one: one[1])}
    if statement.allow:
        return _NOT if Answer.YES in ways.values() else (Named.ITSELF, Answer.YES, "")
    exempt = ways.get(Named.ITSELF, Answer.NO)
    if Named.BY_ROLE in ways:
        exempt = max(exempt, Answer.POSSIBLE)
    if who.bounded and who.account:
        exempt = Answer.NO
    elif who.account and not _with_account(ways, who):
        exempt = min(exempt, Answer.POSSIBLE)
    if exempt is Answer.YES:
        return _NOT
    text = f"NotPrincipal does not exempt the session of {who.name}" if exempt else ""
    return Named.ITSELF, Answer(Answer.YES - exempt), text


def _with_account(ways: dict[Named, Answer], who: Principal) -> bool:
    """Whether all is listed that services check one after another: the account, the role."""
    if who.sort is Sort.ROOT:
        return True
    role = who.sort is not Sort.ROLE or ways.get(Named.BY_ROLE) is Answer.YES
    return role and ways.get(Named.BY_ACCOUNT) is Answer.YES


def _by(sort: str, name: str, who: Principal) -> tuple[Named, Answer, str]:
    """How one name of a policy names somebody."""
    if sort == "CanonicalUser" and who.canonical:
        return (Named.BY_ACCOUNT, Answer.YES, "") if name == who.canonical else _NOT
    if sort == "CanonicalUser":
        return Named.BY_ACCOUNT, Answer.POSSIBLE, f"the canonical user {name} is its account"
    same = False
    if sort in {"AWS", "*"}:
        same = name == "*"
    elif sort == "Service":
        same = who.sort is Sort.SERVICE and name in {who.arn, "*"}
    elif sort == "Federated":
        same = who.sort is Sort.FEDERATED and name == who.arn
    if same:
        return Named.ITSELF, Answer.YES, ""
    return by_arn(name, who) if sort == "AWS" and who.account else _NOT


def by_arn(name: str, who: Principal) -> tuple[Named, Answer, str]:
    """How an account, an ARN or a unique id names somebody of an account."""
    if account_of(name) == who.account:
        return (Named.ITSELF if who.sort is Sort.ROOT else Named.BY_ACCOUNT), Answer.YES, ""
    if name == who.arn or (who.id and name == who.id):
        return (Named.BY_ROLE if who.sort is Sort.ROLE else Named.ITSELF), Answer.YES, ""
    return _session(name, who) if who.sort is Sort.ROLE else _NOT


def _session(name: str, who: Principal) -> tuple[Named, Answer, str]:
    found = _SESSION.match(name)
    if not found or (found[1], found[2]) != (who.account, who.name):
        return _NOT
    if who.session:
        return (Named.ITSELF, Answer.YES, "") if found[3] == who.session else _NOT
    return Named.ITSELF, Answer.POSSIBLE, f"its session is named {found[3]}"
