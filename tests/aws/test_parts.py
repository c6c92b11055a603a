"""A right on a bucket is one on some of its objects: all names of a few letters, one by one.

Policies of every layer are drawn from a seed. The oracle matches and combines them itself and
knows nothing of names that are tried; it shares no code with the product.
"""

import re
from itertools import product
from random import Random

import pytest

from nhigraph.policy.aws.access import Accesses
from nhigraph.policy.aws.details import read_details
from nhigraph.policy.aws.effects import Effect
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.organization import Member
from nhigraph.policy.aws.statements import read_policy

ACCOUNT, OTHER = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
BUCKET = "arn:aws:s3:::k"
#: The last letter stands in no pattern.
NAMES = ["".join(signs) for size in range(1, 6) for signs in product("abcd", repeat=size)]
Row = tuple[bool, list[str]]


def rows(random: Random, least: int, *, deny: float) -> list[Row]:
    """Statements: whether each allows, and objects by patterns."""
    forms = ("{x}*", "*{x}", "{x}*{y}", "{x}{y}", "*{x}*", "*", "{x}")
    found = []
    for _ in range(random.choice((least, 1, 1, 2))):
        allows = random.random() >= deny
        pick = [*forms[:5], "{x}"] if not allows else forms
        texts = [
            random.choice(pick).format(x=random.choice("abc"), y=random.choice("abc"))
            for _ in range(random.choice((1, 1, 2)))
        ]
        found.append((allows, texts))
    return found


def document(stated: list[Row], *, principal: bool = False) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow" if allows else "Deny",
                "Action": "s3:PutObject",
                "Resource": [f"{BUCKET}/{one}" for one in texts],
                **({"Principal": {"AWS": ROLE}} if principal else {}),
            }
            for allows, texts in stated
        ],
    }


def says(stated: list[Row], name: str) -> tuple[bool, bool]:
    """Whether some statement allows a name, and whether some denies it."""
    hit = [
        allows
        for allows, texts in stated
        for text in texts
        if re.fullmatch("".join(".*" if x == "*" else re.escape(x) for x in text), name)
    ]
    return True in hit, False in hit


class Drawn:
    def __init__(self, seed: int) -> None:
        random = Random(seed)
        self.own = rows(random, 0, deny=0.3)
        self.boundary = rows(random, 1, deny=0.2) if random.random() < 0.5 else None
        self.scps = [rows(random, 1, deny=0.2) for _ in range(random.choice((0, 0, 1, 2)))]
        self.bucket = rows(random, 1, deny=0.3) if random.random() < 0.6 else None
        self.owner = random.choice((ACCOUNT, ACCOUNT, OTHER))

    def allowed(self, name: str) -> bool:
        """By the provider's words: one deny is enough, both accounts have to allow."""
        layers = [self.own, self.boundary, self.bucket, *self.scps]
        if any(says(one, name)[1] for one in layers if one is not None):
            return False
        if not all(says(one, name)[0] for one in self.scps):
            return False
        own, other = says(self.own, name)[0], says(self.bucket or [], name)[0]
        # A policy that names the role is limited by its boundary, as its own policies are.
        within = self.boundary is None or says(self.boundary, name)[0]
        return within and (own and other if self.owner == OTHER else own or other)

    def told(self) -> bool:
        """Whether the product says that the role may write to the bucket."""
        attached = {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/limit"}
        role = {
            "Arn": ROLE, "RoleName": "r", "RoleId": "AROAR", "AttachedManagedPolicies": [],
            "AssumeRolePolicyDocument": document([]),
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(self.own)}],
            **({"PermissionsBoundary": attached} if self.boundary is not None else {}),
        }  # fmt: skip
        estate = Estate()
        estate.add_details(read_details({"RoleDetailList": [role]}, "a.json", ()))
        if self.boundary is not None:
            made = read_policy(document(self.boundary), "limit", ("a.json", ()))
            estate.managed[attached["PermissionsBoundaryArn"]] = made
        levels = [read_policy(document(one), "scp", ("a.json", ())) for one in self.scps]
        for number in (ACCOUNT, OTHER):
            scps = tuple((one,) for one in levels) if number == ACCOUNT else ()
            estate.members[number] = Member(number, "books", "", ("a.json", ()), scps, ())
        estate.resources[BUCKET] = Resource(BUCKET, self.owner, ("a.json", ()), "k")
        policy = None
        if self.bucket is not None:
            policy = read_policy(document(self.bucket, principal=True), "own", ("a.json", ()))
        estate.policies[BUCKET] = policy
        accesses = Accesses(estate, frozenset({BUCKET}))
        found = accesses.of(estate.identities[ROLE])
        return any(access.effect is Effect.WRITE for _, access in found)


def differing(first: int, count: int) -> list[str]:
    found = []
    for seed in range(first, first + count):
        drawn = Drawn(seed)
        expected = next((name for name in NAMES if drawn.allowed(name)), None)
        if drawn.told() is not (expected is not None):
            found.append(f"{seed}: expected {expected} {vars(drawn)}")
    return found


def test_a_right_on_a_bucket_is_there_exactly_where_one_on_some_object_is() -> None:
    assert differing(0, 150) == []


@pytest.mark.nightly
def test_it_is_so_for_five_thousand_drawings() -> None:
    assert differing(1_000, 5_000) == []
