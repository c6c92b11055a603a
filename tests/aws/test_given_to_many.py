"""Rights that somebody gives to many: one edge for all alike says the same as one for each.

Who can alter the books is found here from what was drawn alone: whoever acts as one identity that
may give another any policy, and as that other, has the account. Takes, gifts and writes are drawn.
"""

import json
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

import nhigraph
from nhigraph.facts.facts import Edge
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.policy.aws.once import Once
from nhigraph.sources import aws_iam
from nhigraph.sources.aws_iam import gaining, rights

ACCOUNT: Final = "111111111111"
IAM: Final = f"arn:aws:iam::{ACCOUNT}"
ROLES: Final = 14
Pairs = set[tuple[int, int]]


def name(number: int) -> str:
    return f"r{number:02}"


def drawn(random: Random) -> tuple[Pairs, Pairs, set[int]]:
    """Who may take whom, who may give whom any policy, and who writes to the books."""
    several = range(ROLES)
    pairs = [(a, b) for a in several for b in several if a != b]
    takes = set(random.sample(pairs, random.randint(2, 14)))
    gives: Pairs = set()
    for one in random.sample(several, 4):
        gives |= {(one, b) for b in random.sample(several, random.choice((1, 9, 12)))}
    return takes, gives, set(random.sample(several, random.randint(0, 1)))


def files(takes: Pairs, gives: Pairs, writes: set[int]) -> dict[str, object]:
    def role(number: int) -> dict[str, object]:
        own: list[dict[str, object]] = []
        for action, several in (("sts:AssumeRole", takes), ("iam:PutRolePolicy", gives)):
            whom = [f"{IAM}:role/{name(b)}" for a, b in sorted(several) if a == number]
            if whom:
                own.append({"Effect": "Allow", "Action": action, "Resource": whom})
        if number in writes:
            own.append(
                {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::books/*"}
            )
        trusted = [f"{IAM}:role/{name(a)}" for a, b in sorted(takes) if b == number]
        who: dict[str, object] = {"AWS": trusted} if trusted else {"Service": "ec2.amazonaws.com"}
        trust = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}
        inline = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": own}}
        return {
            "Arn": f"{IAM}:role/{name(number)}", "RoleName": name(number),
            "RoleId": f"AROA{number}", "RolePolicyList": [inline] if own else [],
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        }  # fmt: skip

    return {
        "details.json": {"RoleDetailList": [role(number) for number in range(ROLES)]},
        f"aws/{ACCOUNT}/global/s3api/list-buckets.json": {"Buckets": [{"Name": "books"}]},
        f"aws/{ACCOUNT}/global/s3api/get-bucket-policy/books.json": {},
        "org.json": {
            "Id": "r-a", "Arn": "arn:aws:organizations::999999999999:root/o-a/r-a",
            "PolicyTypes": [], "Policies": [],
            "Children": [{"Id": ACCOUNT, "Name": "a", "Policies": []}],
        },
    }  # fmt: skip


def altering(takes: Pairs, gives: Pairs, writes: set[int]) -> set[str]:
    """Who can alter the books."""
    found = set()
    for one in range(ROLES):
        acts_as, todo = {one}, [one]
        while todo:
            here = todo.pop()
            new = {b for a, b in takes if a == here} - acts_as
            acts_as |= new
            todo += new
        if acts_as & writes or any(a in acts_as and b in acts_as for a, b in gives):
            found.add(f"{IAM}:role/{name(one)}")
    return found


def stored(folder: Path, made: dict[str, object]) -> Path:
    for at, body in made.items():
        path = folder / "exports" / at
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), "utf-8")
    (folder / "scope.yaml").write_text(
        "nhigraph: scope/1\norganization: X\ncommitments: [S, A]\nas_of: 2026-11-01\ntargets:\n"
        "  - {id: gl, family: financial-reporting, fs_role: record, "
        "select: [{key: 'arn:aws:s3:::books'}]}\n",
        "utf-8",
    )
    return folder


def rows(folder: Path) -> list[dict[Any, Any]]:
    read = nhigraph.read(str(folder / "exports"), scope=str(folder / "scope.yaml"))
    table = read.assess().verdicts
    return table[table.target == "fin:gl"].drop(columns=["path_id"]).to_dict("records")


@pytest.mark.parametrize("seed", range(8))
def test_one_edge_for_many_says_what_one_for_each_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    made = drawn(Random(seed))
    folder = stored(tmp_path, files(*made))
    assert rights.MANY < ROLES - 2
    many = rows(folder)
    assert {x["identity"] for x in many if x["soc1"] == "direct"} == altering(*made)
    assert {x["certainty"] for x in many if x["soc1"] == "direct"} <= {"can"}
    monkeypatch.setattr(gaining, "MANY", ROLES + 1)
    monkeypatch.setattr(Once, "of", lambda _self, _asker, _what, _target, ask: ask())
    assert rows(folder) == many


def test_edges_are_as_many_as_identities_and_not_as_pairs_of_them(tmp_path: Path) -> None:
    every = range(ROLES)
    gives = {(a, b) for a in (0, 1) for b in every if b not in {0, 1}}
    stored(tmp_path, files(set(), gives, set()))
    found = run(discover([tmp_path / "exports"]).documents, {"aws_iam": aws_iam.INGESTOR}).facts
    edges = [x for x in found if isinstance(x, Edge)]
    acting = {x.target for x in edges if ":acting/" in x.target}
    assert len(acting) == 1
    assert sum(x.target in acting for x in edges) == ROLES - 2
    given = [x for x in edges if x.needs and x.target == f"{IAM}:account"]
    assert [(x.source, x.needs[0].at) for x in given] == [
        (f"{IAM}:role/{name(number)}", *acting) for number in (0, 1)
    ]
