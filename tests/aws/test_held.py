"""Rights that somebody gives to whom they act as already, by other ways than taking the role.

Written down beforehand: an account in which `x` may give `r` (or the group of `u`) any policy has
all that the account holds exactly if it acts as `r` (`u`): by code that runs as it, by another role
on the way, by a role passed to something new, by a key of the user's. Where that way is conditional,
so is what follows from it.
"""

# ruff: noqa: E501 - a record of the account is a line

import json
from pathlib import Path
from typing import Final

import pytest

import nhigraph

ACCOUNT: Final = "111111111111"
IAM: Final = f"arn:aws:iam::{ACCOUNT}"
CODE: Final = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"
LAMBDA: Final = {"Service": "lambda.amazonaws.com"}


def allow(*actions: str, on: str = "*") -> dict[str, object]:
    return {"Effect": "Allow", "Action": [*actions], "Resource": on}


def trust(principal: object, **more: object) -> dict[str, object]:
    row = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return {"Version": "2012-10-17", "Statement": [row]}


def identity(name: str, *statements: object, **more: object) -> dict[str, object]:
    """A role or user by its name, such as ``role/r``."""
    sort = name.partition("/")[0]
    document = {"Version": "2012-10-17", "Statement": [*statements]}
    title = sort.title()
    return {
        "Arn": f"{IAM}:{name}",
        f"{title}Id": f"A{name.upper()}",
        f"{title}PolicyList": [{"PolicyName": "p", "PolicyDocument": document}],
        **more,
    }


def rows(folder: Path, identities: list[dict[str, object]]) -> dict[str, tuple[str, str]]:
    """soc1 and certainty by identity, of a bucket of which nobody has a right of their own."""
    group = {"Arn": f"{IAM}:group/g", "GroupName": "g"}
    files: dict[str, object] = {
        "details.json": {
            "UserDetailList": [x for x in identities if ":user/" in str(x["Arn"])],
            "RoleDetailList": [x for x in identities if ":role/" in str(x["Arn"])],
            "GroupDetailList": [group],
            "Policies": [],
        },
        f"aws/{ACCOUNT}/eu-west-1/lambda/list-functions.json": {
            "Functions": [{"FunctionArn": CODE, "FunctionName": "f", "Role": f"{IAM}:role/r"}]
        },
        f"aws/{ACCOUNT}/eu-west-1/lambda/get-policy/f.json": {},
        f"aws/{ACCOUNT}/global/s3api/list-buckets.json": {"Buckets": [{"Name": "books"}]},
        f"aws/{ACCOUNT}/global/s3api/get-bucket-policy/books.json": {},
        "org.json": {
            "Id": "r-a", "Arn": "arn:aws:organizations::999999999999:root/o-a/r-a", "PolicyTypes": [],
            "Policies": [], "Children": [{"Id": ACCOUNT, "Name": "a", "Policies": []}],
        },
    }  # fmt: skip
    for name, body in files.items():
        path = folder / "exports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), "utf-8")
    (folder / "scope.yaml").write_text(
        "nhigraph: scope/1\norganization: X\ncommitments: [S]\nas_of: 2026-11-01\ntargets:\n"
        "  - {id: gl, family: financial-reporting, fs_role: record, select: [{key: 'arn:aws:s3:::books'}]}\n",
        "utf-8",
    )
    found = nhigraph.read(str(folder / "exports"), scope=str(folder / "scope.yaml")).assess()
    table = found.verdicts[found.verdicts.target == "fin:gl"]
    names = [str(one).rpartition("/")[2] for one in table.identity]
    answers = zip(map(str, table.soc1), map(str, table.certainty), strict=True)
    return dict(zip(names, answers, strict=True))


POLICY: Final = allow("iam:PutRolePolicy", on=f"{IAM}:role/r")
GROUPS: Final = allow("iam:AttachGroupPolicy", on=f"{IAM}:group/g")
BY_CODE: Final = allow("lambda:UpdateFunctionCode", on=CODE)
BY_PASSING: Final = (
    allow("iam:PassRole", on=f"{IAM}:role/r"),
    allow("lambda:CreateFunction", "lambda:InvokeFunction"),
)
BY_KEY: Final = allow("iam:CreateAccessKey", on=f"{IAM}:user/u")
R: Final = identity("role/r", AssumeRolePolicyDocument=trust(LAMBDA))
U: Final = identity("user/u", GroupList=["g"])
CHAIN: Final = [
    identity(
        "role/a", allow("sts:AssumeRole"), AssumeRolePolicyDocument=trust({"AWS": f"{IAM}:user/x"})
    ),
    identity("role/r", AssumeRolePolicyDocument=trust({"AWS": f"{IAM}:role/a"})),
]
SECRET: Final = {"StringEquals": {"sts:ExternalId": "canary"}}
GUARDED: Final = identity(
    "role/r", AssumeRolePolicyDocument=trust({"AWS": f"{IAM}:user/x"}, Condition=SECRET)
)


@pytest.mark.parametrize(
    ("x", "others", "expected"),
    [
        pytest.param([POLICY, BY_CODE], [R], ("direct", "can"), id="code that runs as it"),
        pytest.param([POLICY, *BY_PASSING], [R], ("direct", "can"), id="a role that is passed"),
        pytest.param([POLICY], CHAIN, ("direct", "can"), id="a role on the way"),
        pytest.param([GROUPS, BY_KEY], [U], ("direct", "can"), id="a key of a user of the group"),
        pytest.param([POLICY], [GUARDED], ("direct", "may"), id="a secret is asked for"),
        pytest.param([POLICY], [R], None, id="no way to the role"),
        pytest.param([BY_CODE], [R], None, id="no right to give"),
        pytest.param([GROUPS], [U], None, id="no way to the user"),
        pytest.param([BY_KEY], [U], None, id="a key alone"),
    ],
)
def test_whoever_acts_as_somebody_and_gives_them_rights_has_these(
    x: list[object], others: list[dict[str, object]], expected: object, tmp_path: Path
) -> None:
    assert rows(tmp_path, [identity("user/x", *x), *others]).get("x") == expected
