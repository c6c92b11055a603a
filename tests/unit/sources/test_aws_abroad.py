"""Accounts that no input describes: who of them is let in, and who becomes somebody of them.

What is right was written from the pages, before anything was run: a right between accounts needs
both sides (``reference_policies_evaluation-logic-cross-account.html`` below
https://docs.aws.amazon.com/IAM/latest/UserGuide/), so what the other side says is a condition, and
where it goes on from there a gap.
"""

# ruff: noqa: E501 - a case is a line of its table

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest

from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.ingest.coverage import Status
from nhigraph.ingest.run import Collected
from nhigraph.schema.types import Certainty
from tests.unit.sources.aws_files import read_files
from tests.unit.sources.test_aws_inventory import ACCOUNT, IAM, KEY, REGION, allow, document, role

B, VENDOR = "222222222222", "999999999999"
X, FOO = f"{IAM}:role/x", f"arn:aws:iam::{B}:role/foo"
ROOT, ROOT_OF_VENDOR = f"arn:aws:iam::{B}:root", f"arn:aws:iam::{VENDOR}:root"
EVERYBODY, ANYBODY_OF_ORG = (
    "arn:aws:iam::*:anybody",
    "arn:aws:organizations:::o-abcdefghij:anybody",
)
LEDGER, OBJECTS = "arn:aws:s3:::ledger", "arn:aws:s3:::ledger/*"
ASSUME, PUT = "sts:AssumeRole", "s3:PutObject"
LETS = f"policies of account {B} and of its organization let it"
Statement = dict[str, object]
Files = dict[str, object]


def tree(*numbers: str) -> Files:
    member = {number: {"Id": number, "Name": "a", "Policies": []} for number in numbers}
    return {"tree.json": {
        "Id": "r-ab", "Arn": "arn:aws:organizations::000000000001:root/o-abcdefghij/r-ab",
        "PolicyTypes": [], "Policies": [], "Children": [*member.values()]}}  # fmt: skip


def details(*people: Statement, **more: object) -> Files:
    return {"details.json": {"RoleDetailList": [*people], "UserDetailList": [], **more}}


def bucket(*statements: Statement) -> Files:
    policy: object = {"Policy": json.dumps(document(*statements))} if statements else {}
    at = f"aws/{ACCOUNT}/global/s3api"
    return {f"{at}/list-buckets.json": {"Buckets": [{"Name": "ledger"}]},
            f"{at}/get-bucket-policy/ledger.json": policy}  # fmt: skip


def lets(who: object, *, to: str = PUT, effect: str = "Allow", **more: object) -> Statement:
    return {"Effect": effect, "Principal": who, "Action": to, "Resource": OBJECTS, **more}


def trusts(name: str, **more: object) -> Statement:
    return {"Effect": "Allow", "Principal": {"AWS": name}, "Action": ASSUME, **more}


def when(statement: Statement, operator: str, key: str, value: str) -> Statement:
    return {**statement, "Condition": {operator: {key: value}}}


def read(folder: Path, files: Files) -> Collected:
    found = read_files(folder, files)
    assert {one.status for one in found.documents} <= {Status.READ}, found.documents
    return found


def told(facts: Iterable[Fact], *kinds: str) -> set[tuple[str, str, str]]:
    return {
        (x.kind.label, x.source, x.target)
        for x in facts
        if isinstance(x, Edge) and x.kind.label in kinds
    }


BECOME, WRITE = "CAN_ASSUME", "CAN_WRITE"
KEYS: Files = {
    f"aws/{ACCOUNT}/{REGION}/kms/list-keys.json": {"Keys": [{"KeyId": "k-1", "KeyArn": KEY}]},
    f"aws/{ACCOUNT}/{REGION}/kms/get-key-policy/k-1.json": {"Policy": json.dumps(document(
        {"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "kms:*", "Resource": "*"}))},
    f"aws/{ACCOUNT}/{REGION}/kms/list-grants/k-1.json": {"Grants": [
        {"GrantId": "g", "GranteePrincipal": FOO, "Operations": ["Decrypt"]}]},
}  # fmt: skip
NAMES_FOO = bucket(lets({"AWS": FOO}))
BOTH, ALONE = tree(ACCOUNT, B), tree(ACCOUNT)
MANAGED = {"tree.json": {
    **cast("Statement", ALONE["tree.json"]),
    "Arn": f"arn:aws:organizations::{ACCOUNT}:root/o-abcdefghij/r-ab"}}  # fmt: skip

#: Files; who of another account gets what, and who becomes whom there; whose gaps there are.
CASES: dict[str, tuple[Files, set[tuple[str, str, str]], set[str]]] = {
    "a role by its name": (
        {**details(role("x", allow(ASSUME, FOO))), **ALONE, **NAMES_FOO},
        {(BECOME, X, FOO), (WRITE, FOO, LEDGER)}, {ROOT},
    ),
    "a role that nobody takes, of an account of the organization": (
        {**details(role("x")), **BOTH, **NAMES_FOO}, {(WRITE, FOO, LEDGER)}, {ROOT},
    ),
    "a role that nobody takes, of somebody else": (
        {**details(role("x")), **ALONE, **NAMES_FOO}, {(WRITE, FOO, LEDGER)}, set(),
    ),
    "roles of one account by a pattern": (
        {**details(role("x", allow(ASSUME, f"arn:aws:iam::{B}:role/f*"))), **ALONE, **NAMES_FOO},
        {(BECOME, X, FOO), (BECOME, X, ROOT), (WRITE, FOO, LEDGER)}, {ROOT},
    ),
    "roles of one account by a pattern that leaves one out": (
        {**details(role("x", allow(ASSUME, f"arn:aws:iam::{B}:role/g*"))), **ALONE, **NAMES_FOO},
        {(BECOME, X, ROOT), (WRITE, FOO, LEDGER)}, {ROOT},
    ),
    "roles of all accounts": (
        {**details(role("x", allow(ASSUME, "arn:aws:iam::*:role/foo"))), **BOTH, **NAMES_FOO},
        {(BECOME, X, FOO), (BECOME, X, ANYBODY_OF_ORG), (BECOME, ANYBODY_OF_ORG, ROOT), (WRITE, FOO, LEDGER)},
        {ROOT, ANYBODY_OF_ORG},
    ),
    "roles of all accounts, and all were read": (
        {**details(role("x", allow(ASSUME))), **ALONE, **bucket()}, set(), set(),
    ),
    "roles of all accounts, and nobody says which there are": (
        {**details(role("x", allow(ASSUME))), **bucket()}, set(), {X},
    ),
    "roles of the own account": (
        {**details(role("x", allow(ASSUME, [f"{IAM}:role/*", "arn:aws:iam::${aws:PrincipalAccount}:role/*"]))), **bucket()},
        set(), set(),
    ),
    # reference_policies_condition-keys.html#condition-keys-resourceaccount
    "roles of all accounts, but not of others": (
        {**details(role("x", allow(ASSUME), when({**allow(ASSUME), "Effect": "Deny"}, "StringNotEquals", "aws:ResourceAccount", ACCOUNT))),
         **BOTH, **bucket()}, set(), set(),
    ),
    "roles of an account that a condition names": (
        {**details(role("x", when(allow(ASSUME), "StringEquals", "aws:ResourceAccount", B))), **ALONE, **bucket()},
        {(BECOME, X, ROOT)}, {ROOT},
    ),
    "all that is not denied": (
        {**details(role("x", {"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"})), **bucket()}, set(), {X},
    ),
    # reference_policies_condition-keys.html#condition-keys-principalarn
    "an account, of which one role": (
        {**details(role("x")), **ALONE, **bucket(when(lets({"AWS": ROOT}), "ArnLike", "aws:PrincipalArn", FOO))},
        {(WRITE, ROOT, LEDGER)}, set(),
    ),
    "an account, of which one role is trusted": (
        {**details(role("r", trusted=when(trusts(ROOT), "ArnEquals", "aws:PrincipalArn", FOO)), role("x", allow(ASSUME, FOO))), **ALONE},
        {(BECOME, ROOT, f"{IAM}:role/r"), (BECOME, X, FOO)}, {ROOT},
    ),
    "everybody of one account": (
        {**details(role("x")), **ALONE, **bucket(when(lets("*"), "StringEquals", "aws:PrincipalAccount", B))},
        {(WRITE, ROOT, LEDGER)}, set(),
    ),
    "everybody who is one role": (
        {**details(role("x")), **ALONE, **bucket(when(lets({"AWS": "*"}), "ArnEquals", "aws:PrincipalArn", FOO))},
        {(WRITE, FOO, LEDGER)}, set(),
    ),
    "everybody of the organization": (
        {**details(role("y")), **ALONE, **bucket(when(lets("*"), "StringEquals", "aws:PrincipalOrgID", "o-abcdefghij"))},
        {(WRITE, ANYBODY_OF_ORG, LEDGER), (WRITE, f"{IAM}:role/y", LEDGER)}, set(),
    ),
    "everybody of the organization, which was read whole": (
        {**details(role("y")), **MANAGED, **bucket(when(lets("*"), "StringEquals", "aws:PrincipalOrgID", "o-abcdefghij"))},
        {(WRITE, f"{IAM}:role/y", LEDGER)}, set(),
    ),
    "everybody of a part of the organization": (
        {**details(role("x")), **ALONE, **bucket(when(lets("*"), "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-abcdefghij/r-ab/ou-ab-1/*"))},
        {(WRITE, ANYBODY_OF_ORG, LEDGER)}, set(),
    ),
    # reference_policies_condition-keys.html#condition-keys-principalorgid
    # it is not there for whoever is of none
    "everybody of the organization or of none": (
        {**details(role("x")), **ALONE, **bucket(when(lets("*"), "StringEqualsIfExists", "aws:PrincipalOrgID", "o-abcdefghij"))},
        {(WRITE, ANYBODY_OF_ORG, LEDGER), (WRITE, EVERYBODY, LEDGER), (WRITE, X, LEDGER)}, set(),
    ),
    "everybody of some accounts by a pattern": (
        {**details(role("x")), **ALONE, **bucket(when(lets("*"), "StringLike", "aws:PrincipalAccount", "2222*"))},
        {(WRITE, EVERYBODY, LEDGER)}, set(),
    ),
    # reference_policies_evaluation-logic_policy-eval-denyallow.html: a deny says whom it leaves out
    "everybody, and all but an account are denied": (
        {**details(role("x")), **ALONE, **bucket(lets("*"), when(lets("*", effect="Deny"), "StringNotEquals", "aws:PrincipalAccount", B))},
        {(WRITE, ROOT, LEDGER)}, set(),
    ),
    "everybody, and all but an organization are denied": (
        {**details(role("x")), **ALONE, **bucket(lets("*"), when(lets("*", effect="Deny"), "StringNotEquals", "aws:PrincipalOrgID", "o-abcdefghij"))},
        {(WRITE, ANYBODY_OF_ORG, LEDGER), (WRITE, X, LEDGER)}, set(),
    ),
    "everybody, and all but one role are denied": (
        {**details(role("x")), **ALONE, **bucket(lets("*"), when(lets("*", effect="Deny"), "ArnNotEquals", "aws:PrincipalArn", FOO))},
        {(WRITE, FOO, LEDGER)}, set(),
    ),
    "everybody, and accounts outside a pattern are denied": (
        {**details(role("x")), **ALONE, **bucket(lets("*"), when(lets("*", effect="Deny"), "StringNotLike", "aws:PrincipalAccount", "2222*"))},
        {(WRITE, EVERYBODY, LEDGER)}, set(),
    ),
    "everybody, and the organization is denied": (
        {**details(role("x")), **ALONE, **bucket(lets("*"), when(lets("*", effect="Deny"), "StringEquals", "aws:PrincipalOrgID", "o-abcdefghij"))},
        {(WRITE, EVERYBODY, LEDGER)}, set(),
    ),
    # reference_policies_elements_notprincipal.html
    "everybody but one is denied": (
        {**details(role("y")), **ALONE, **bucket(lets({"AWS": [FOO, ROOT_OF_VENDOR]}), {
            "Effect": "Deny", "NotPrincipal": {"AWS": [FOO, ROOT]}, "Action": PUT, "Resource": OBJECTS})},
        {(WRITE, FOO, LEDGER)}, set(),
    ),
    "a grant of a key": (
        {**details(role("x")), **ALONE, **KEYS}, {("CAN_READ", FOO, KEY)}, set(),
    ),
    "a service, and a condition that services set": (
        {**details(role("y")), **ALONE, **bucket(lets({"Service": "s3.amazonaws.com"}), when(lets("*"), "StringEquals", "aws:SourceAccount", B))},
        set(), set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_of_other_accounts_is_let_in_and_becomes_whom(tmp_path: Path, case: str) -> None:
    files, expected, where = CASES[case]
    found = read(tmp_path, files)
    got = told(found.facts, BECOME, WRITE, "CAN_READ")
    assert {x for x in got if not x[2].endswith(":unlisted")} == expected
    gaps = {x.at for x in found.facts if isinstance(x, Gap)}
    assert {x for x in gaps if not x.endswith((":unlisted", "111111111111:anybody"))} == where
    nodes = {x.key for x in found.facts if isinstance(x, Node)}
    ends = {end for x in found.facts if isinstance(x, Edge) for end in (x.source, x.target)}
    assert ends <= nodes | {f"{IAM}:role/ec2"}


#: Who is let in; whether they are listed among the identities.
IN_THE_POPULATION: dict[str, tuple[Files, str, bool | None]] = {
    "an account at a thing": (bucket(lets({"AWS": ROOT})), ROOT, True),
    "everybody at a thing": (bucket(lets("*")), EVERYBODY, True),
    "an organization at a thing": (
        bucket(when(lets("*"), "StringEquals", "aws:PrincipalOrgID", "o-abcdefghij")), ANYBODY_OF_ORG, True,
    ),
    "an account that a role trusts": (details(role("r", trusted=trusts(ROOT))), ROOT, None),
    "a role at a thing": (NAMES_FOO, FOO, None),
}  # fmt: skip


@pytest.mark.parametrize("case", IN_THE_POPULATION)
def test_whom_a_thing_lets_in_itself_is_listed(tmp_path: Path, case: str) -> None:
    """A role that trusts an account is itself listed; of a thing nobody else is."""
    files, key, listed = IN_THE_POPULATION[case]
    found = read(tmp_path, {**details(role("x")), **ALONE, **files})
    assert {x.nhi for x in found.facts if isinstance(x, Node) and x.key == key} == {listed}


def test_what_the_other_account_says_is_a_condition(tmp_path: Path) -> None:
    files = {**details(role("x", allow(ASSUME, FOO))), **BOTH, **NAMES_FOO}
    edges = {
        (x.source, x.target): (x.certainty, x.condition)
        for x in read(tmp_path, files).facts
        if isinstance(x, Edge) and (FOO in {x.source, x.target})
    }
    assert edges == {
        (X, FOO): (Certainty.CONDITIONAL, f"{FOO} trusts it"),
        (FOO, LEDGER): (Certainty.CONDITIONAL, LETS),
        (FOO, ROOT): (Certainty.CONDITIONAL, LETS),
    }


def _reached(facts: Iterable[Fact], start: str) -> set[str]:
    """Whom somebody becomes, and what they write."""
    steps = told(facts, BECOME, "MEMBER_OF", WRITE)
    found, todo = {start}, [start]
    while todo:
        here = todo.pop()
        new = {target for _, source, target in steps if source == here} - found
        found |= new
        todo += new
    return found


def _estate(made: random.Random) -> tuple[Files, Files]:
    """Two accounts, at random: the one's documents, the other's."""
    there = f"arn:aws:iam::{B}"
    asked = [f"{there}:role/f1", f"{there}:role/*", "*", "arn:aws:iam::*:role/f2", f"{IAM}:role/*"]
    whom = [f"{there}:role/f1", f"{there}:role/f2", ROOT, f"{IAM}:role/x1", f"{IAM}:root"]

    def some(account: str, name: str) -> Statement:
        rights = [allow(ASSUME, made.choice(asked))] if made.random() < 0.7 else []
        rights += [allow(PUT, OBJECTS)] if made.random() < 0.4 else []
        trusted = [trusts(x) for x in made.sample(whom, made.randint(1, 2))]
        one = role(name, *rights, Arn=f"arn:aws:iam::{account}:role/{name}")
        one["RoleId"] = f"AROA{account[0]}{name.upper()}"
        return {**one, "AssumeRolePolicyDocument": document(*trusted)}

    policy = [lets({"AWS": x}) for x in made.sample(whom, made.randint(0, 2))]
    mine = details(*(some(ACCOUNT, f"x{at}") for at in range(3)))
    theirs: Files = {"other.json": {"RoleDetailList": [some(B, f"f{at}") for at in range(1, 4)]}}
    return {**mine, **bucket(*policy), **(BOTH if made.random() < 0.5 else {})}, theirs


@pytest.mark.parametrize("seed", range(60))
def test_without_an_accounts_documents_no_way_through_it_is_lost_without_a_gap(
    tmp_path: Path, seed: int
) -> None:
    mine, theirs = _estate(random.Random(seed))
    whole = read(tmp_path / "whole", {**mine, **theirs}).facts
    less = read(tmp_path / "less", mine).facts
    gaps = {x.at for x in less if isinstance(x, Gap)}
    for at in range(3):
        one = f"{IAM}:role/x{at}"
        before, after = _reached(whole, one), _reached(less, one)
        assert LEDGER not in before or LEDGER in after or gaps & after, one


SECRETS_OF_B = f"arn:aws:secretsmanager:{REGION}:{B}:secret:erp-*"
GET = "secretsmanager:GetSecretValue"
THEIRS: Files = {"other.json": {"RoleDetailList": [
    {**role("close"), "Arn": f"arn:aws:iam::{B}:role/close", "RoleId": "AROACLOSE"}]}}  # fmt: skip
LISTED: Files = {
    f"aws/{number}/{REGION}/secretsmanager/list-secrets.json": {"SecretList": []} for number in (ACCOUNT, B)
}  # fmt: skip


def unlisted(service: str, number: str = B) -> str:
    return f"arn:aws:{service}::{number}:unlisted"


@pytest.mark.parametrize(
    ("right", "files", "expected"),
    [
        (allow(GET, SECRETS_OF_B), ALONE, {("CAN_READ", X, unlisted("secretsmanager"))}),
        (allow(GET, SECRETS_OF_B), BOTH | THEIRS, {("CAN_READ", X, unlisted("secretsmanager"))}),
        (allow(GET, SECRETS_OF_B), BOTH | THEIRS | LISTED, set()),
        (allow("sqs:SendMessage", f"arn:aws:sqs:*:{B}:*"), ALONE, {(WRITE, X, unlisted("sqs"))}),
        # Nothing of RDS has a policy that lets another account in.
        (allow("rds:*", f"arn:aws:rds:*:{B}:*"), ALONE, set()),
        (allow(GET, f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:erp-*"), ALONE,
         {("CAN_READ", X, unlisted("secretsmanager", ACCOUNT))}),
        ({**allow(GET, SECRETS_OF_B), "Effect": "Deny"}, ALONE, set()),
    ],
)  # fmt: skip
def test_what_a_policy_names_of_another_account_and_nobody_lists_is_a_gap_there(
    tmp_path: Path, right: Statement, files: Files, expected: set[tuple[str, str, str]]
) -> None:
    found = read(tmp_path, {**details(role("x", right)), **files}).facts
    assert {
        x
        for x in told(found, "CAN_READ", WRITE, "CAN_DELETE", "CAN_STOP", "CAN_ADMINISTER")
        if x[1] == X
    } == expected
    gaps = {x.at for x in found if isinstance(x, Gap)}
    assert {target for _, _, target in expected} <= gaps


#: Actions that another account's identities may be allowed, and what they are good for there.
ACTIONS = {
    "s3:PutBucketPolicy": False, "s3:DeleteBucketPolicy": False, "s3:PutBucketAcl": True,
    "kms:PutKeyPolicy": False, "kms:ScheduleKeyDeletion": False, "kms:DisableKey": False,
    "kms:CreateGrant": True, "kms:Decrypt": True,
}  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_some_actions_are_of_no_use_to_another_account(tmp_path: Path, action: str) -> None:
    theirs = f"arn:aws:iam::{B}:role/close"
    letting: Statement = {
        "Effect": "Allow",
        "Principal": {"AWS": [theirs, X, FOO]},
        "Action": action,
        "Resource": "*",
    }
    body: object = {
        "RoleDetailList": [{**role("close", allow(action)), "Arn": theirs, "RoleId": "AROACLOSE"}]
    }
    at = f"aws/{ACCOUNT}/{REGION}/kms"
    files = {**details(role("x", allow(action))), "other.json": body, **BOTH, **KEYS,
             f"{at}/list-grants/k-1.json": {"Grants": []}, **bucket(letting),
             f"{at}/get-key-policy/k-1.json": {"Policy": json.dumps(document(letting))}}  # fmt: skip
    found = told(
        read(tmp_path, files).facts, "CAN_READ", WRITE, "CAN_DELETE", "CAN_STOP", "CAN_ADMINISTER"
    )
    askers = {source for _, source, target in found if target in {LEDGER, KEY}}
    assert X in askers
    assert (theirs in askers) is ACTIONS[action]
    # Whoever else is named is of an account of which only the names are known.
    assert FOO not in askers
