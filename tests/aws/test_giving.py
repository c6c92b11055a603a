"""What gives a right, against decisions about one statement at a time.

A statement gives a right where it alone, beside all that denies, would let somebody have it for a
thing that is tried. Whatever does so has to be named; of what is named without doing so there may
be only what a drawn account cannot tell.
"""

import random
from typing import Final

import pytest

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.authority import Authority
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.giving import giving
from nhigraph.policy.aws.principals import Principal, Sort
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import Policy, Statement, read_policy
from nhigraph.policy.trusts import Answer

HERE: Final = "111111111111"
USER = Principal(f"arn:aws:iam::{HERE}:user/u", Sort.USER, HERE, id="AIDAU", tags=())
ROLE = Principal(f"arn:aws:iam::{HERE}:role/r", Sort.ROLE, HERE, id="AROAR", tags=())
BUCKET: Final = "arn:aws:s3:::mail"
RESOURCES: Final = [
    "*", f"{BUCKET}/*", f"{BUCKET}/2026/*", f"{BUCKET}/2026/*.csv", "arn:aws:s3:::*",
    "arn:aws:s3:::m*/*", f"{BUCKET}/20?6/*", "arn:aws:s3:::other/*", "arn:*:s3:::mail/*",
]  # fmt: skip
ACTIONS: Final = [
    "s3:*", "s3:PutObject", "s3:DeleteObject", "s3:Put*", "s3:GetObject", "*",
    ["s3:PutObject", "s3:DeleteObject"],
]  # fmt: skip
ASKED: Final = ("s3:putobject", "s3:deleteobject", "s3:putobjectacl")
#: One name of each sort that the patterns tell apart.
NAMES: Final = [
    f"{BUCKET}/a", f"{BUCKET}/2026/a", f"{BUCKET}/2026/a.csv", f"{BUCKET}/20x6/a",
]  # fmt: skip
WHO_IS_NAMED: Final = [
    {"AWS": USER.arn}, {"AWS": ROLE.arn}, {"AWS": f"arn:aws:iam::{HERE}:root"}, "*",
    {"AWS": "222222222222"}, {"AWS": [USER.arn, ROLE.arn]},
]  # fmt: skip


def drawn(seed: random.Random, *, of_resource: bool) -> Policy:
    statements = []
    for _ in range(seed.randint(1, 3)):
        one: dict[str, object] = {
            "Effect": seed.choice(["Allow", "Allow", "Deny"]),
            seed.choice(["Action"] * 6 + ["NotAction"]): seed.choice(ACTIONS),
            seed.choice(["Resource"] * 6 + ["NotResource"]): seed.choice(RESOURCES),
        }
        if of_resource:
            one[seed.choice(["Principal"] * 6 + ["NotPrincipal"])] = seed.choice(WHO_IS_NAMED)
        if seed.random() < 0.2:
            one["Condition"] = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
        statements.append(one)
    name = "bucket" if of_resource else "own"
    body = {"Version": "2012-10-17", "Statement": statements}
    return read_policy(body, name, (name, ()), of_resource=of_resource)


def alone(policy: Policy | None, one: Statement) -> Policy | None:
    """A policy of which only one statement allows."""
    if policy is None:
        return None
    return Policy(policy.name, tuple(x for x in policy.statements if x is one or not x.allow))


def lets(who: Principal, own: Policy, bucket: Policy | None) -> bool:
    authority = Authority(identity=(own,), resource=bucket)
    return any(
        decide(Request(who, action, name, account=HERE), authority).answer is not Answer.NO
        for action in ASKED
        for name in NAMES
    )


def compared(seed: int) -> tuple[int, int]:
    """How many statements are named, and how many of them give nothing that was tried."""
    rand = random.Random(seed)
    who = rand.choice([USER, ROLE])
    own = drawn(rand, of_resource=False)
    bucket = drawn(rand, of_resource=True) if rand.random() < 0.6 else None
    asked = [(globs.parse(f"{BUCKET}/*"), ASKED)]
    named = {*giving(who, Authority(identity=(own,), resource=bucket), asked, HERE)}
    does = {
        one.place
        for policy in (own, bucket)
        if policy is not None
        for one in policy.statements
        if one.allow
        if lets(who, alone(own, one) or own, alone(bucket, one))
    }
    assert does <= named, (seed, does - named)
    return len(named), len(named - does)


def test_whatever_gives_alone_is_named_and_little_else() -> None:
    found = [compared(seed) for seed in range(1500)]
    named, idle = (sum(many) for many in zip(*found, strict=True))
    assert named > 1000
    # Several denies that only together cover what a statement speaks of are not put together.
    assert idle <= named // 200


@pytest.mark.nightly
def test_whatever_gives_alone_is_named_wider() -> None:
    for seed in range(1500, 60_000):
        compared(seed)
