"""Small accounts drawn from a seed, in which several statements give one right; and their edits.

It shares no code with the product.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

Record = dict[str, Any]
Files = dict[str, Record]
#: Artifact and pointer.
Place = tuple[str, str]

ACCOUNT = "111111111111"
IAM = f"arn:aws:iam::{ACCOUNT}"
BUCKETS, TABLES = ("gl", "gl-archive", "mail"), ("ledger", "carts")
TARGETS = ("fin:gl", "fin:ledger", "trust:C/mail")


def table(name: str) -> str:
    return f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/{name}"


def document(*statements: Record) -> Record:
    return {"Version": "2012-10-17", "Statement": [*statements]}


class Account:
    """An account.

    Attributes:
        files: Its exports.
        scope: Who relies on what.
    """

    def __init__(self, seed: int) -> None:
        """Draw it."""
        self.rng = Random(seed)
        self.roles = [f"r{number}" for number in range(self.rng.randint(3, 5))]
        self.files: Files = {"details.json": self._details()}
        self._resources()
        if self.rng.random() < 0.5:
            self._organization()
        self.scope = _scope()

    def write(self, folder: Path, files: Files) -> None:
        for name, body in {**files, "scope.json": self.scope}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(body), "utf-8")

    def _one(self, *choices: Any) -> Any:  # noqa: ANN401 - any of them
        return self.rng.choice(choices)

    def _statement(self) -> Record:
        if self.rng.random() < 0.12:
            denied = self._one("s3:DeleteObject", "s3:*", "dynamodb:*")
            return {
                "Effect": "Deny",
                "Action": denied,
                "Resource": self._one("*", f"{_s3('mail')}/*"),
            }
        role, bucket = f"{IAM}:role/{self._one(*self.roles)}", _s3(self._one(*BUCKETS))
        stored = ("s3:PutObject", "s3:*", ["s3:PutObject", "s3:DeleteObject"], "s3:Get*")
        gaining = ("iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy")
        more = ("iam:PassRole", "lambda:*", "iam:CreateAccessKey", "iam:AddUserToGroup")
        whole = [bucket, f"{bucket}/*"]
        action, resource = self._one(
            (self._one(*stored, "s3:PutBucketPolicy"), self._one("*", whole, f"{bucket}/*")),
            (self._one(*stored), self._one("arn:aws:s3:::gl*", f"{bucket}/2026/*")),
            (
                self._one("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:*"),
                self._one("*", table(self._one(*TABLES))),
            ),
            (self._one("sts:AssumeRole", "sts:*"), self._one("*", role)),
            (self._one(*gaining, *more), self._one("*", role)),
        )
        row: Record = {"Effect": "Allow", "Action": action, "Resource": resource}
        if self.rng.random() < 0.15:
            row["Condition"] = self._one(
                {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
                {"Bool": {"aws:SecureTransport": "true"}},
                {"StringEquals": {"aws:PrincipalTag/team": "x"}},
            )
        return row

    def _own(self, most: int) -> list[Record]:
        rows = [self._statement() for _ in range(self.rng.randint(0, most))]
        return [{"PolicyName": "own", "PolicyDocument": document(*rows)}] if rows else []

    def _trust(self) -> Record:
        somebody = (
            {"AWS": f"{IAM}:root"},
            {"AWS": f"{IAM}:role/{self._one(*self.roles)}"},
            {"AWS": f"{IAM}:user/u0"},
            {"Service": "lambda.amazonaws.com"},
        )
        return document(
            *(
                {"Effect": "Allow", "Principal": self._one(*somebody), "Action": "sts:AssumeRole"}
                for _ in range(self._one(1, 1, 2))
            )
        )

    def _attached(self) -> list[Record]:
        return [
            {"PolicyArn": f"{IAM}:policy/{name}", "PolicyName": name}
            for name in self.rng.sample(("m0", "m1"), self._one(0, 0, 1, 2))
        ]

    def _details(self) -> Record:
        roles: list[Record] = []
        for number, name in enumerate(self.roles):
            roles.append(
                {
                    "RoleName": name,
                    "RoleId": f"AROA{number:08}",
                    "Tags": [],
                    "Arn": f"{IAM}:role/{name}",
                    "AssumeRolePolicyDocument": self._trust(),
                    "AttachedManagedPolicies": self._attached(),
                    "RolePolicyList": self._own(3),
                }
            )
            if self.rng.random() < 0.15:
                limit = {"PermissionsBoundaryArn": f"{IAM}:policy/limit"}
                roles[-1]["PermissionsBoundary"] = limit
        users = [
            {
                "UserName": f"u{n}",
                "UserId": f"AIDA{n:08}",
                "Arn": f"{IAM}:user/u{n}",
                "GroupList": self.rng.sample(["g0", "g1"], self._one(0, 1, 2)),
                "AttachedManagedPolicies": self._attached(),
                "UserPolicyList": self._own(2),
                "Tags": [],
            }
            for n in range(2)
        ]
        groups = [
            {
                "GroupName": f"g{n}",
                "GroupId": f"AGPA{n:08}",
                "Arn": f"{IAM}:group/g{n}",
                "AttachedManagedPolicies": self._attached(),
                "GroupPolicyList": self._own(2),
            }
            for n in range(2)
        ]
        allowed = ["s3:*", "sts:*", "dynamodb:*"]
        within: Record = {"Effect": "Allow", "Action": allowed, "Resource": "*"}
        managed = [(name, [self._statement(), self._statement()]) for name in ("m0", "m1")]
        policies = [
            {
                "PolicyName": name,
                "Arn": f"{IAM}:policy/{name}",
                "DefaultVersionId": "v1",
                "PolicyVersionList": [
                    {"VersionId": "v1", "IsDefaultVersion": True, "Document": document(*rows)}
                ],
            }
            for name, rows in [*managed, ("limit", [within])]
        ]
        named = {"UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": roles}
        return {**named, "Policies": policies, "IsTruncated": False}

    def _resources(self) -> None:
        at = f"aws/{ACCOUNT}/global/s3api"
        self.files[f"{at}/list-buckets.json"] = {"Buckets": [{"Name": name} for name in BUCKETS]}
        for name in BUCKETS:
            body: Record = {}
            if self.rng.random() < 0.3:
                role = f"{IAM}:role/{self._one(*self.roles)}"
                row: Record = {
                    "Effect": self._one("Allow", "Allow", "Deny"),
                    "Principal": {"AWS": self._one(role, f"{IAM}:root", f"{IAM}:user/u0")},
                    "Action": self._one("s3:*", "s3:PutObject"),
                    "Resource": [_s3(name), f"{_s3(name)}/*"],
                }
                body = {"Policy": json.dumps(document(row))}
            self.files[f"{at}/get-bucket-policy/{name}.json"] = body
        listed = f"aws/{ACCOUNT}/eu-west-1/dynamodb/list-tables.json"
        self.files[listed] = {"TableNames": [*TABLES]}

    def _organization(self) -> None:
        allowed = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
        full = {"Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "Content": allowed}
        self.files["tree.json"] = {
            "Id": "r-ab",
            "Arn": "arn:aws:organizations::000000000001:root/o-abcdefghij/r-ab",
            "Policies": [full],
            "Children": [{"Id": ACCOUNT, "Name": "books", "Policies": [full]}],
        }


def _s3(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def _scope() -> Record:
    record = {"family": "financial-reporting", "fs_role": "record", "icfr_basis": "own"}
    return {
        "nhigraph": "scope/1",
        "organization": "Acme",
        "commitments": ["S", "A", "PI", "C", "P"],
        "as_of": "2026-11-23",
        "targets": [
            {"id": "gl", **record, "select": [{"key": _s3("gl")}]},
            {"id": "ledger", **record, "select": [{"key": table("ledger")}]},
            {
                "id": "mail",
                "family": "trust-service",
                "commitments": ["C"],
                "select": [{"key": _s3("mail")}],
            },
        ],
    }


def _parts(place: Place) -> list[str]:
    return place[1].split("/")[1:]


def without(files: Files, places: Iterable[Place]) -> Files:
    """The exports after somebody took statements out of their policies.

    A bucket's policy is one text: what allows goes out of it, what denies stays.
    """
    left: Files = json.loads(json.dumps(files))

    def order(place: Place) -> tuple[str, list[str]]:
        return place[0], [f"{part:>06}" for part in _parts(place)]

    for place in sorted(places, key=order, reverse=True):
        *way, last = _parts(place)
        at: Any = left[place[0]]
        for part in way:
            at = at[int(part)] if isinstance(at, list) else at[part]
        if last == "Policy":
            said = json.loads(at[last])
            said["Statement"] = [row for row in said["Statement"] if row["Effect"] == "Deny"]
            at[last] = json.dumps(said)
        else:
            assert way[-1] == "Statement", f"{place} is no statement that anybody takes out"
            del at[int(last)]
    return left
