"""An account of AWS from its files to its edges: seconds, memory, and which edges.

    python -m benchmarks.aws [ROLES RESOURCES]          5,000 and 50,000, as a rule

The account is made from a seed. Half of its resources lie in sixteen teams' names; most roles have
what their team needs, by managed policies and some of their own, a tenth of these a whole service,
a few all. A fifth of the resources has a policy of its own.
"""

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from nhigraph.facts.facts import Edge
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.sources import aws_iam, aws_org

ACCOUNT, REGION = "111111111111", "eu-west-1"
IAM = f"arn:aws:iam::{ACCOUNT}"
TEAMS = 16
PAGES = 10
#: Member of a listing, where it stands, how a row is written, form of an ARN, part of a hundred.
LISTED = (
    ("Buckets", "global/s3api/list-buckets", "Name", "arn:aws:s3:::{}", 35),
    ("TableNames", f"{REGION}/dynamodb/list-tables", "", "dynamodb|table/{}", 20),
    ("SecretList", f"{REGION}/secretsmanager/list-secrets", "ARN", "secretsmanager|secret:{}", 15),
    ("QueueUrls", f"{REGION}/sqs/list-queues", "", "sqs|{}", 10),
    ("Functions", f"{REGION}/lambda/list-functions", "FunctionArn", "lambda|function:{}", 10),
    ("StreamNames", f"{REGION}/kinesis/list-streams", "", "kinesis|stream/{}", 10),
)  # fmt: skip
ACTIONS = {
    "s3": (["s3:GetObject"], ["s3:GetObject", "s3:PutObject"], ["s3:*"]),
    "dynamodb": (["dynamodb:GetItem", "dynamodb:Query"], ["dynamodb:PutItem", "dynamodb:GetItem"],
                 ["dynamodb:*"]),
    "secretsmanager": (["secretsmanager:GetSecretValue"],) * 2 + (["secretsmanager:*"],),
    "sqs": (["sqs:ReceiveMessage"], ["sqs:SendMessage"], ["sqs:*"]),
    "lambda": (["lambda:InvokeFunction"], ["lambda:UpdateFunctionCode"], ["lambda:*"]),
    "kinesis": (["kinesis:GetRecords"], ["kinesis:PutRecords"], ["kinesis:*"]),
}  # fmt: skip
Record = dict[str, object]


def _arn(form: str, name: str) -> str:
    service, _, rest = form.partition("|")
    text = f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}" if rest else form
    return text.format(name)


def _document(*statements: Record) -> Record:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _statement(random: Random, team: int, *, names: list[str], wide: bool) -> Record:
    """What a team needs of one service: some things by name, its own by prefix, or all."""
    _, _, _, form, _ = random.choices(LISTED, [row[4] for row in LISTED])[0]
    service = form.partition("|")[0] if "|" in form else "s3"
    actions = ACTIONS[service][random.choices((0, 1, 2), (6, 3, 1))[0]]
    if wide:
        found = ["*"]
    elif random.random() < 0.5:
        found = [_arn(form, one) for one in random.sample(names, 4)]
    else:
        found = [_arn(form, f"team{team:02}-{random.randrange(40):02}*")]
    if service == "s3":
        found = [x for one in found for x in ([one] if one == "*" else [one, f"{one}/*"])]
    row: Record = {"Effect": "Allow", "Action": actions, "Resource": found}
    if random.random() < 0.12:
        row["Condition"] = {"StringEquals": {"aws:SourceVpc": f"vpc-{team}"}}
    return row


def written(folder: Path, roles: int, resources: int) -> None:
    """Write the account's documents."""
    random = Random(5)

    def put(name: str, body: object) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), encoding="utf-8")

    names = [
        f"team{number % TEAMS:02}-{number // TEAMS % 40:02}-{number}"
        if number % 2
        else f"data-{number}"
        for number in range(resources)
    ]
    at, policies = 0, []
    for member, place, key, form, part in LISTED:
        mine = names[at : at + resources * part // 100]
        at += len(mine)
        rows = [
            {key: one if member == "Buckets" else _arn(form, one)} if key
            else f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{one}" if member == "QueueUrls"
            else one
            for one in mine
        ]  # fmt: skip
        put(f"aws/{ACCOUNT}/{place}.json", {member: rows})
        for one in mine:
            said: Record = _document()
            if random.random() < 0.2:
                who = {"AWS": f"{IAM}:role/role-{random.randrange(roles)}"}
                arn = _arn(form, one)
                said = _document(
                    {
                        "Effect": "Allow",
                        "Principal": who,
                        "Action": "*",
                        "Resource": [arn, f"{arn}/*"],
                    }
                )
            policies.append({"Resource": _arn(form, one), "Account": ACCOUNT, "Policy": said})
    put("policies.json", policies)
    managed = [
        {
            "Arn": f"{IAM}:policy/managed-{number}", "PolicyName": f"managed-{number}",
            "PolicyVersionList": [{"IsDefaultVersion": True, "Document": _document(
                *(_statement(random, number % TEAMS, names=names, wide=number % 12 == 7)
                  for _ in range(4)))}],
        }
        for number in range(60)
    ]  # fmt: skip
    weights = [1 / (number + 1) for number in range(60)]
    trust: Record = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},
             "Action": "sts:AssumeRole"}  # fmt: skip
    listed: list[Record] = []
    for number in range(roles):
        own = [
            _statement(random, number % TEAMS, names=names, wide=False)
            for _ in range(random.randrange(1, 5))
        ]
        if number % 500 == 0:
            own = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
        if random.random() < 0.05:
            own.append({"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"})
        attached = {random.choices(range(60), weights)[0] for _ in range(2)}
        listed.append({
            "RoleName": f"role-{number}", "RoleId": f"AROA{number:08}",
            "Arn": f"{IAM}:role/role-{number}", "AssumeRolePolicyDocument": _document(trust),
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": _document(*own)}],
            "AttachedManagedPolicies": [{"PolicyArn": f"{IAM}:policy/managed-{one}"}
                                        for one in sorted(attached)],
        })  # fmt: skip
    for page in range(PAGES):
        put(f"details-{page}.json", {
            "RoleDetailList": listed[page::PAGES], "Policies": managed if page == 0 else [],
            "IsTruncated": page < PAGES - 1})  # fmt: skip
    root = "arn:aws:organizations::000000000001:root/o-abcdefghij/r-ab"
    member_ = {"Id": ACCOUNT, "Name": "books", "Policies": []}
    put("tree.json", {"Id": "r-ab", "Arn": root, "PolicyTypes": [], "Policies": [],
                      "Children": [member_]})  # fmt: skip


def main() -> None:
    """Print seconds and memory from files to edges."""
    roles, resources = map(int, sys.argv[1:3] or ("5000", "50000"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder, roles, resources)
        start, worked = time.perf_counter(), time.process_time()
        documents = discover([folder]).documents
        found = run(documents, {"aws_iam": aws_iam.INGESTOR, "aws_org": aws_org.INGESTOR})
        kinds = Counter(one.kind.label for one in found.facts if isinstance(one, Edge))
        spent, worked = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{roles:,} roles, {resources:,} resources: {spent:.1f} s ({worked:.1f} of the "
        f"processor), {peak:,.0f} MiB, "
        f"{sum(kinds.values()):,} edges: "
        + ", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common())
    )


if __name__ == "__main__":
    main()
