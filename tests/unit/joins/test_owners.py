"""Grants for all of an owner's repositories, and secrets it shares with them."""

import json
from pathlib import Path

import pytest

from tests.unit.joins.company import Company, edges, gaps

LOAD = """
on: push
permissions: {}
jobs:
  load:
    runs-on: ubuntu-latest
    steps:
      - run: ./load.sh
        env: {DSN: "${{ secrets.DSN }}"}
"""
STARTS = "if a workflow starts on a push to a branch of no rule, and runs what was pushed"
API = "https://api.github.com/repos/acme"


def repository(name: str, visibility: str = "private") -> dict[str, object]:
    return {
        "full_name": f"acme/{name}",
        "default_branch": "main",
        "visibility": visibility,
        "url": f"{API}/{name}",
    }


def installed(selection: str, **permissions: str) -> str:
    app = {
        "app_slug": "bot",
        "account": {"login": "acme"},
        "repository_selection": selection,
        "permissions": permissions,
    }
    return json.dumps({"total_count": 1, "installations": [app]})


def secrets(*names: str, total: int | None = None, **more: str) -> str:
    listed = [{"name": name, **more} for name in names]
    return json.dumps({"total_count": len(listed) if total is None else total, "secrets": listed})


def company(folder: Path, exports: dict[str, str]) -> Company:
    return Company(folder, {".github/workflows/load.yml": LOAD}, exports)


def of_grants(found: list[str]) -> list[str]:
    """Edges of grants, without those of every job."""
    return [line for line in found if "permission/" in line and "actions:write" not in line]


@pytest.mark.parametrize(
    ("permissions", "written"),
    [
        (
            {"contents": "write"},
            [
                "CAN_WRITE permission/contents:write github:acme/erp gate protection/main",
                f"CAN_WRITE permission/contents:write github:acme/erp {STARTS}",
            ],
        ),
        ({"contents": "read"}, ["CAN_READ permission/contents:read github:acme/erp"]),
        (
            {"administration": "write"},
            ["CAN_ADMINISTER permission/administration:write github:acme/erp"],
        ),
        ({"secrets": "write"}, ["CAN_WRITE permission/secrets:write secret/DSN"]),
        ({"metadata": "read", "issues": "write", "secrets": "read"}, []),
    ],
)
def test_what_an_app_may_do_everywhere_it_may_do_in_each_repository(
    tmp_path: Path, permissions: dict[str, str], written: list[str]
) -> None:
    exports = {
        "installations.json": installed("all", **permissions),
        "repositories.json": json.dumps([repository("erp"), repository("ledger")]),
    }
    found = company(tmp_path, exports).read()
    kinds = ("CAN_WRITE", "CAN_READ", "CAN_ADMINISTER")
    here = [line for line in of_grants(edges(found, *kinds)) if "acme/ledger" not in line]
    assert here == written
    held = [line for line in edges(found, "HOLDS") if "actions:write" not in line]
    names = [f"{name}:{level}" for name, level in permissions.items()] if written else []
    assert held == sorted(
        line
        for name in names
        for line in (
            f"HOLDS github:acme/app/bot github:acme/permission/{name}",
            f"HOLDS github:acme/permission/{name} permission/{name}",
            f"HOLDS github:acme/permission/{name} github:acme/ledger/permission/{name}",
        )
    )


def test_who_may_push_may_read_every_secret_of_the_repository(tmp_path: Path) -> None:
    """By a workflow of its own on a branch of its own: no rule of the default branch helps."""
    key = {"id": 1, "key": "ssh-ed25519 x", "url": f"{API}/erp/keys/1", "read_only": False}
    exports = {
        "keys.json": json.dumps([key]),
        "repository.json": json.dumps(repository("erp")),
        "repos/acme/erp/environments/prod/secrets.json": secrets("OF_PROD"),
        "secrets.json": secrets("UNUSED"),
    }
    found = company(tmp_path, exports).read()
    assert of_grants(edges(found, "CAN_WRITE", "CAN_READ", "HOLDS")) == [
        "CAN_READ permission/push secret/DSN",
        "CAN_READ permission/push secret/UNUSED",
        "CAN_WRITE permission/push github:acme/erp",
        "HOLDS deploy-key/1 permission/push",
    ]


def test_pushing_needs_both_permissions_of_an_app(tmp_path: Path) -> None:
    exports = {
        "installations.json": installed("selected", contents="write", workflows="write"),
        "repository.json": json.dumps(repository("erp")),
    }
    found = company(tmp_path, exports).read()
    grants = of_grants(edges(found, "CAN_READ", "HOLDS"))
    condition = "if it was given this repository, which its listing does not say"
    assert grants == [
        "CAN_READ permission/push secret/DSN",
        f"HOLDS github:acme/app/bot github:acme/permission/contents:write {condition}",
        f"HOLDS github:acme/app/bot github:acme/permission/push {condition}",
        "HOLDS github:acme/permission/contents:write permission/contents:write",
        "HOLDS github:acme/permission/push permission/push",
    ]


UNLESS = "if the repository has no secret of that name of its own"
GIVEN = "if the secret is given to this repository, which its listing does not say"
SHARED = "FEEDS github:acme/secret/DSN secret/DSN"
AT = "orgs/acme/actions/secrets"
OWN = "repos/acme/erp/actions/secrets.json"
SELECTION = json.dumps({"total_count": 1, "repositories": [{"full_name": "acme/erp"}]})
OTHERS = json.dumps({"total_count": 1, "repositories": [{"full_name": "acme/x"}]})


@pytest.mark.parametrize(
    ("exports", "lines"),
    [
        ({f"{AT}.json": secrets("DSN", visibility="all")}, [f"{SHARED} {UNLESS}"]),
        ({f"{AT}.json": secrets("DSN", visibility="all"), OWN: secrets()}, [SHARED]),
        ({f"{AT}.json": secrets("DSN", visibility="all"), OWN: secrets("DSN")}, []),
        (
            {f"{AT}.json": secrets("DSN", visibility="all"), OWN: secrets("X", total=2)},
            [f"{SHARED} {UNLESS}"],
        ),
        (
            {f"{AT}.json": secrets("DSN", visibility="private")},
            [f"{SHARED} if the repository is not public, which no record of it says"],
        ),
        (
            {
                f"{AT}.json": secrets("DSN", visibility="private"),
                "erp.json": json.dumps(repository("erp", "public")),
            },
            [],
        ),
        (
            {
                f"{AT}.json": secrets("DSN", visibility="private"),
                "erp.json": json.dumps(repository("erp", "internal")),
                OWN: secrets(),
            },
            [SHARED],
        ),
        (
            {f"{AT}.json": secrets("DSN", visibility="selected")},
            [f"{SHARED} {GIVEN}"],
        ),
        (
            {
                f"{AT}.json": secrets("DSN", visibility="selected"),
                f"{AT}/DSN/repositories.json": SELECTION,
            },
            [f"{SHARED} {UNLESS}"],
        ),
        (
            {
                f"{AT}.json": secrets("DSN", visibility="selected"),
                f"{AT}/DSN/repositories.json": OTHERS,
            },
            ["FEEDS github:acme/secret/DSN github:acme/x/secret/DSN " + UNLESS],
        ),
        (
            {"repos/acme/erp/actions/organization-secrets.json": secrets("DSN"), OWN: secrets()},
            [SHARED],
        ),
        (
            {
                "repos/acme/erp/actions/organization-secrets.json": secrets("DSN"),
                OWN: secrets("DSN"),
            },
            [],
        ),
    ],
)
def test_an_owners_secret_is_the_repositorys_where_it_has_none(
    tmp_path: Path, exports: dict[str, str], lines: list[str]
) -> None:
    assert edges(company(tmp_path, exports).read(), "FEEDS") == lines


LINK = """
nhigraph: scope/1
as_of: 2026-11-28
commitments: [S]
targets: [{id: t, family: trust-service, commitments: [S], select: [{key: "github:acme/erp"}]}]
links:
  - {kind: AUTHENTICATES_AS, from: "github:acme/secret/DSN", to: "acme:loader", confirmed_by: me}
"""
LOADER = """
nhigraph: facts/1
nodes: [{kind: ServiceAccount, key: "acme:loader"}]
"""
SHARED_HERE = "repos/acme/erp/actions/organization-secrets.json"


@pytest.mark.parametrize(
    ("exports", "open_ended"),
    [
        ({}, True),
        ({SHARED_HERE: secrets("DSN")}, True),
        ({SHARED_HERE: secrets("DSN"), OWN: secrets()}, False),
        ({SHARED_HERE: secrets("DSN"), OWN: secrets("DSN")}, True),
        ({f"{AT}.json": secrets("DSN", visibility="all"), OWN: secrets()}, False),
        ({f"{AT}.json": secrets("DSN", visibility="all")}, True),
    ],
)
def test_what_the_owners_secret_opens_is_known_of_the_repositorys(
    tmp_path: Path, exports: dict[str, str], open_ended: bool
) -> None:
    """Only where it is certain that the repository has none of the name."""
    found = company(tmp_path, {**exports, "a.facts.yaml": LOADER}).read(LINK)
    told = [line for line in gaps(found) if line.startswith("secret/DSN ")]
    assert bool(told) is open_ended
