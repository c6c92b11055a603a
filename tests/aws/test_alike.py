"""Resources that are alike are decided once: the same answers as one by one.

Estates are made from a seed: patterns with prefixes, of single things and of parts of them, with
`NotResource`, variables, conditions, denials, policies of resources, boundaries, and policies that
several identities have. What is decided by itself is asked of the evaluator afresh.
"""

import json
from random import Random
from urllib.parse import quote

import pytest

from nhigraph.policy.aws import effects
from nhigraph.policy.aws.access import Accesses
from nhigraph.policy.aws.details import Identity, read_details
from nhigraph.policy.aws.done import Access
from nhigraph.policy.aws.effects import Effect
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.statements import read_policy
from nhigraph.policy.trusts import Answer

ACCOUNT, OTHER = "111111111111", "222222222222"
IAM = f"arn:aws:iam::{ACCOUNT}"
REGION = f"eu-west-1:{ACCOUNT}"
FORMS = {
    "s3": "arn:aws:s3:::{}", "sqs": f"arn:aws:sqs:{REGION}:{{}}",
    "dynamodb": f"arn:aws:dynamodb:{REGION}:table/{{}}", "kms": f"arn:aws:kms:{REGION}:key/{{}}",
    "secretsmanager": f"arn:aws:secretsmanager:{REGION}:secret:{{}}",
}  # fmt: skip
NAMES = ("a", "ab", "ab-1", "ab-2", "b", "b-1", "ba", "c")
ACTIONS = {
    "s3": ("s3:GetObject", "s3:Put*", "s3:*"), "sqs": ("sqs:SendMessage", "sqs:*"),
    "dynamodb": ("dynamodb:GetItem", "dynamodb:*"), "kms": ("kms:Decrypt", "kms:*"),
    "secretsmanager": ("secretsmanager:GetSecretValue", "secretsmanager:*"),
}  # fmt: skip
Record = dict[str, object]


def patterns(random: Random, service: str) -> list[str]:
    form = FORMS[service]
    name = random.choice(NAMES)
    one = form.format(name)
    choices = ["*", one, form.format(f"{name[:1]}*"), form.format("?b*"), form.format("*-1")]
    if service == "s3":
        choices += [f"{one}/*", f"{one}*/*", f"{one}/2026/*", form.format("*/x/*"), f"{one}/x"]
    if service == "dynamodb":
        choices += [f"{one}/index/*", f"{one}/index/i"]
    choices.append(form.format(random.choice(("${aws:username}", "${aws:PrincipalTag/team}*"))))
    return random.sample(choices, random.choice((1, 1, 2)))


def statement(random: Random, *, deny: float = 0.2) -> Record:
    service = random.choice([*FORMS])
    row: Record = {
        "Effect": "Deny" if random.random() < deny else "Allow",
        "Action": random.choice(ACTIONS[service]) if random.random() < 0.85 else "*",
        "NotResource" if random.random() < 0.15 else "Resource": patterns(random, service),
    }
    if random.random() < 0.2:
        row["Condition"] = random.choice(
            (
                {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
                {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
                {"StringLike": {"aws:PrincipalTag/team": "x*"}},
                {"StringEquals": {"aws:ResourceAccount": ACCOUNT}},
            )
        )
    return row


def own(random: Random, arn: str) -> Record:
    """A resource's policy."""
    role = f"{IAM}:role/{random.choice(('one', 'two'))}"
    user, person = f"{IAM}:user/ab", "AIDAab"
    whom = random.choice(
        (role, role, f"{IAM}:root", "*", f"arn:aws:iam::{OTHER}:root", user, person)
    )
    return {
        "Effect": random.choice(("Allow", "Allow", "Deny")), "Principal": {"AWS": whom},
        "Action": "*", "Resource": random.choice(([arn, f"{arn}/*"], "*", f"{arn}/2026/*")),
    }  # fmt: skip


def document(*statements: Record) -> Record:
    return {"Version": "2012-10-17", "Statement": [*statements]}


def estate(random: Random) -> Estate:
    found = Estate()
    shared = [f"{IAM}:policy/shared-{number}" for number in range(3)]
    listed: dict[str, list[Record]] = {"Role": [], "User": []}
    for name in ("one", "two", "three", "four", "ab", "c"):
        sort = "User" if name in {"ab", "c"} else "Role"
        rows = [statement(random) for _ in range(random.randrange(4))]
        written = document(*rows)
        mine: Record = {
            "Arn": f"{IAM}:{sort.lower()}/{name}", f"{sort}Name": name,
            f"{sort}Id": f"{'AIDA' if sort == 'User' else 'AROA'}{name}",
            "AssumeRolePolicyDocument": document(),
            "Tags": [{"Key": "team", "Value": random.choice("xa")}][: random.random() < 0.8],
            f"{sort}PolicyList": [{
                "PolicyName": "own",
                "PolicyDocument": written if random.random() < 0.7 else quote(json.dumps(written)),
            }],
            "AttachedManagedPolicies": [
                {"PolicyArn": one} for one in random.sample(shared, random.randrange(3))
            ],
        }  # fmt: skip
        if random.random() < 0.3:
            mine["PermissionsBoundary"] = {"PermissionsBoundaryArn": f"{IAM}:policy/limit"}
        listed[sort].append(mine)
    limit = document(statement(random, deny=0), statement(random, deny=0))
    documents = {f"{IAM}:policy/limit": limit}
    documents |= {arn: document(statement(random), statement(random)) for arn in shared}
    policies = [
        {
            "Arn": arn, "PolicyName": arn.rpartition("/")[2],
            "PolicyVersionList": [{"IsDefaultVersion": True, "Document": said}],
        }
        for arn, said in documents.items()
    ]  # fmt: skip
    body = {
        "RoleDetailList": listed["Role"],
        "UserDetailList": listed["User"],
        "Policies": policies,
    }
    found.add_details(read_details(body, "details.json"))
    key = FORMS["kms"].format("a")
    for form in FORMS.values():
        for name in NAMES:
            arn = form.format(name)
            place = ("list.json", (arn,))
            owner = OTHER if arn.startswith("arn:aws:s3") and name == "c" else ACCOUNT
            encrypted = key if random.random() < 0.3 and ":key/" not in arn else ""
            found.resources[arn] = Resource(arn, owner, place, name, encrypted)
            chance = random.random()
            if chance < 0.4:
                text = json.dumps(document(own(random, arn)))
                found.policies[arn] = read_policy(text, f"policy of {arn}", ("p.json", (arn,)))
            elif chance < 0.9:
                found.policies[arn] = None
    return found


def alone(accesses: Accesses, one: Identity) -> dict[tuple[str, Effect], Access]:
    """What is decided about each resource by itself."""
    return {
        (resource.arn, access.effect): access
        for holder, resources in accesses.by_type.items()
        for resource in resources
        for access in accesses.on(
            one, resource, [x for x in effects.types().values() if x.holder == holder]
        )
    }


@pytest.mark.parametrize("seed", range(100))
def test_what_is_alike_is_decided_as_one_by_one(seed: int) -> None:
    random = Random(seed)
    made = estate(random)
    accesses = Accesses(made, frozenset(made.resources))
    for one in made.identities.values():
        expected = alone(accesses, one)
        found: dict[tuple[str, Effect], Answer] = {}
        several: dict[tuple[str, Effect], list[tuple[bool, Access]]] = {}
        for group, access in accesses.groups(one):
            for resource, each in accesses.each(group, access):
                key = (resource.arn, each.effect)
                found[key] = max(found.get(key, Answer.NO), each.finding.answer)
                several.setdefault(key, []).append((group.whole, each))
        assert found == {key: one.finding.answer for key, one in expected.items()}
        for key, rows in several.items():
            if len(rows) == 1 and not rows[0][0]:
                assert rows[0][1].finding.condition == expected[key].finding.condition
                assert rows[0][1].finding.places == expected[key].finding.places


def test_whoever_is_allowed_the_same_has_one_answer_and_their_own_places() -> None:
    asked, had = 0, 0
    for seed in range(40):
        made = estate(Random(seed))
        accesses = Accesses(made, frozenset(made.resources))
        for one in made.identities.values():
            asked += sum(1 for _ in accesses.groups(one))
        had += len(accesses._answers)
    assert had < asked


def test_estates_have_all_that_tells_resources_apart() -> None:
    groups = [
        len(group.resources)
        for seed in range(40)
        for made in [estate(Random(seed))]
        for accesses in [Accesses(made, frozenset(made.resources))]
        for one in made.identities.values()
        for group, _ in accesses.groups(one)
    ]
    assert max(groups) > 5
    assert groups.count(1) > 100
