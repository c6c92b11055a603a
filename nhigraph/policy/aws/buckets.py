"""Whom a bucket lets in besides its policy, and whether what it opens to the public is blocked.

* An access control list gives other accounts, or everybody, a fixed set of actions
  (https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions). Where
  lists are disabled, the answer names the owner alone
  (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html).
* ``IgnorePublicAcls`` takes away what lists give everybody; ``RestrictPublicBuckets`` leaves a
  bucket with a public policy to services and to its own account. A bucket's setting counts as well
  as its account's
  (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
* A policy is public where it lets in everybody without a condition that fixes a principal, a
  network or a source (there, "The meaning of public"; all read 30 November 2026).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import Final

from nhigraph.policy.aws.inventory import At, text
from nhigraph.policy.aws.statements import Policy, Statement, decoded, read_policy
from nhigraph.records import dataclass

_BUCKET: Final[Mapping[str, tuple[str, ...]]] = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
_OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {"WRITE": ("s3:PutObject",)}
_FULL: Final = "FULL_CONTROL"
_GROUPS: Final = "http://acs.amazonaws.com/groups/global/"
#: Groups that are everybody, or everybody who has an account.
_PUBLIC: Final = frozenset({f"{_GROUPS}AllUsers", f"{_GROUPS}AuthenticatedUsers"})
#: Keys of conditions that make a statement for everybody one that is not public.
_FIXED: Final = frozenset({
    "aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner",
    "aws:sourceaccount", "aws:userid", "aws:principalorgid", "aws:principalorgpaths",
    "aws:principalarn", "aws:principalaccount",
    "s3:dataaccesspointarn", "s3:dataaccesspointaccount",
})  # fmt: skip
#: The member of an answer, and of a record of AWS Config, that has the settings.
SETTING: Final = "PublicAccessBlockConfiguration"
#: Settings, as ``Block`` has them.
_SETTINGS: Final = ("restrictpublicbuckets", "ignorepublicacls")


@dataclass(frozen=True, slots=True)
class Acl:
    """An access control list.

    Attributes:
        owner: Canonical id of whose the bucket is.
        given: Canonical id of an account, or empty for everybody, and what it is given.
    """

    owner: str
    given: tuple[tuple[str, Statement], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """What is blocked of a bucket, or of all of an account; None where nobody says.

    Attributes:
        restricts: Others than its account have nothing of what a public policy says.
        ignores: What lists give everybody does not count.
    """

    restricts: bool | None = None
    ignores: bool | None = None

    def beside(self, other: "Block") -> "Block":
        """Both settings together: one is enough."""
        restricts = {self.restricts, other.restricts}
        ignores = {self.ignores, other.ignores}
        return Block(
            *(True if True in x else None if None in x else False for x in (restricts, ignores))
        )


def read_block(body: object) -> Iterator[Block | str]:
    """A setting as an answer has it, where an empty one blocks nothing; or what it lacks."""
    whole = decoded(body)
    said = decoded(whole.get(SETTING, whole)) if isinstance(whole, Mapping) else None
    low = {str(x).lower(): one for x, one in said.items()} if isinstance(said, Mapping) else None
    found = [low.get(name, False) for name in _SETTINGS] if low is not None else []
    if found and all(isinstance(one, bool) for one in found):
        yield Block(*(one is True for one in found))
    else:
        yield f"expected {SETTING}, whose settings are true or false"


def read_acl(body: Mapping[str, object], bucket: str, at: At) -> Iterator[Acl | str]:
    """A list, or what of it is not as expected.

    Args:
        body: The answer.
        bucket: ARN of the bucket.
        at: Where it stands.
    """
    owner, listed = text(body, "Owner", "ID"), body.get("Grants")
    if not owner or not isinstance(listed, list):
        yield "expected Owner with an ID, and a list of Grants"
        return
    given: list[tuple[str, Statement]] = []
    for index, row in enumerate(listed):
        whom = text(row, "Grantee", "URI") or text(row, "Grantee", "ID")
        permission = text(row, "Permission")
        if not whom or permission not in {*_BUCKET, *_OBJECTS, _FULL}:
            yield "expected Grants with a Grantee, its URI or ID, and a Permission"
            return
        if whom == owner or (whom.startswith("http") and whom not in _PUBLIC):
            # The owner has what its account's policies allow; logs are delivered by AWS.
            continue
        public = whom in _PUBLIC
        principal = {"AWS": "*"} if public else {"CanonicalUser": whom}
        stated = [
            {"Effect": "Allow", "Principal": principal, "Action": [*actions], "Resource": resource}
            for table, resource in ((_BUCKET, bucket), (_OBJECTS, f"{bucket}/*"))
            for name, actions in table.items()
            if permission in {name, _FULL}
        ]
        name = f"access control list of {bucket}"
        policy = read_policy({"Statement": stated}, name, ("", ()), of_resource=True)
        place = at.place("Grants", index)
        given += [("" if public else whom, replace(x, place=place)) for x in policy.statements]
    yield Acl(owner, tuple(given))


def is_open(bucket: str) -> str:
    """The condition on which what a bucket opens to the public is open."""
    return f"public access to {bucket} is not blocked"


def is_public(policy: Policy) -> bool:
    """Whether a policy lets in everybody, but for a condition that fixes whom or from where."""
    return any(
        x.allow and not x.unread and not x.doubt and _is_everybody(x) and not _is_fixed(x)
        for x in policy.statements
    )


def _is_everybody(one: Statement) -> bool:
    named = {name for sort, names in one.principals or () for name in names if sort != "Service"}
    return one.not_principals or "*" in named


def _is_fixed(one: Statement) -> bool:
    return any(
        x.key.lower() in _FIXED and "not" not in x.operator.lower() and "*" not in x.values
        for x in one.tests
    )


def _from_elsewhere(policy: Policy, bucket: str, block: Block) -> Policy:
    """A bucket's policy as it counts for other accounts."""
    if block.restricts is False or not is_public(policy):
        return policy
    kept = (
        x if not x.allow else replace(x, doubt=x.doubt or is_open(bucket))
        for x in policy.statements
        if not (x.allow and block.restricts)
    )
    return Policy(policy.name, tuple(kept), policy.problems)


@dataclass
class Buckets:
    """What lets in to buckets, or keeps out, beside their policies.

    Attributes:
        acls: Access control list of a bucket by its ARN.
        blocks: What is blocked of a bucket, by its ARN, or of an account, by its number.
    """

    acls: dict[str, Acl] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    _abroad: dict[str, Policy] = field(default_factory=dict)

    def add(self, other: "Buckets") -> None:
        """Take in what another document says."""
        self.acls |= other.acls
        self.blocks |= other.blocks

    def block(self, bucket: str, account: str) -> Block:
        """What is blocked of a bucket of an account."""
        unsaid = Block()
        return self.blocks.get(bucket, unsaid).beside(self.blocks.get(account, unsaid))

    def settle(self, policies: dict[str, Policy | None], owner: Callable[[str], str]) -> None:
        """Put what lists say beside policies that were supplied.

        Args:
            policies: Policies by ARN; they are changed.
            owner: The account of an ARN.
        """
        accounts = {one.owner: f"arn:aws:iam::{owner(arn)}:root" for arn, one in self.acls.items()}
        for arn in self.acls.keys() & policies.keys():
            own = policies[arn] or Policy(f"policy of {arn}", ())
            more = self._stated(arn, self.block(arn, owner(arn)), accounts)
            if more:
                policies[arn] = replace(own, statements=(*own.statements, *more))

    def _stated(self, bucket: str, block: Block, accounts: Mapping[str, str]) -> list[Statement]:
        """What a bucket's list says, as statements of a policy.

        Args:
            bucket: Its ARN.
            block: What is blocked of it.
            accounts: Canonical ids to accounts, where that is known.
        """
        found = []
        for whom, statement in self.acls[bucket].given:
            if not whom and block.ignores:
                continue
            doubt = "" if whom or block.ignores is False else is_open(bucket)
            known = accounts.get(whom)
            named = (("AWS", (known,)),) if known else statement.principals
            found.append(replace(statement, principals=named, doubt=doubt))
        return found

    def abroad(self, policy: Policy, bucket: str, account: str) -> Policy:
        """The policy of a bucket of an account as it counts for others; any other as it is."""
        if bucket.split(":")[2] != "s3":
            return policy
        if bucket not in self._abroad:
            self._abroad[bucket] = _from_elsewhere(policy, bucket, self.block(bucket, account))
        return self._abroad[bucket]
