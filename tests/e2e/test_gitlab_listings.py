"""A project's pipeline with what GitLab lists around it, against a PostgreSQL server, by hand.

The server's export says that ``poster`` may write ``fin.gl``. The job ``post`` logs in as it, with
the variable ``POSTER_PW``; nobody else has that password. The question of each case is who comes
to it, past which rule.
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.documents import native
from tests.e2e.command import inside

pytestmark = pytest.mark.xdist_group("gitlab_listings")

HOST = "git.corp.example"
PROJECT = f"gitlab:{HOST}/acme/data/erp"
AT = f"{HOST}/projects/acme%2Fdata%2Ferp"
PIPELINE = """
variables: {PGHOST: 10.0.0.1, PGDATABASE: erp}
post:
  tags: [books]
  variables: {PGUSER: poster, PGPASSWORD: $POSTER_PW}
  script: [psql -f post.sql]
deploy:
  tags: [closing]
  environment: production
  inherit: {variables: false}
  variables: {DSN: "postgresql://poster:$POSTER_PW@10.0.0.1/erp"}
  script: [psql "$DSN" -f post.sql]
"""
SCOPE = """
nhigraph: scope/1
organization: Anvil Ltd
commitments: [S]
as_of: 2026-11-23
targets:
  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
     select: [{key: "dataset:postgres:erp.fin.gl"}]}
"""
Row = dict[str, str]
Lists = dict[str, object]


def variable(key: str, **more: object) -> dict[str, object]:
    return {"variable_type": "env_var", "key": key, "environment_scope": "*", **more}


def token(number: int, level: int, *scopes: str, **more: object) -> dict[str, object]:
    said = {"id": number, "name": f"t{number}", "active": True, "revoked": False}
    return {**said, "scopes": [*scopes], "access_level": level, "expires_at": None, **more}


def member(login: str, number: int, level: int) -> dict[str, object]:
    return {"id": number, "username": login, "state": "active", "access_level": level}


def branch(name: str, push: int, merge: int) -> dict[str, object]:
    return {
        "name": name,
        "push_access_levels": [{"access_level": push}],
        "merge_access_levels": [{"access_level": merge}],
    }


def runner(number: int, tag: str, access: str) -> dict[str, object]:
    return {
        "id": number,
        "description": tag,
        "runner_type": "project_type",
        "tag_list": [tag],
        "run_untagged": False,
        "access_level": access,
        "projects": [{"id": 1, "path_with_namespace": "acme/data/erp"}],
    }


RULE = {"required_approvals": 1, "access_level": 40}
LISTS: Lists = {
    AT: {
        "id": 1,
        "path_with_namespace": "acme/data/erp",
        "default_branch": "main",
        "visibility": "private",
        "ci_push_repository_for_job_token_allowed": False,
    },
    f"{AT}/variables": [variable("POSTER_PW", protected=True, masked=True)],
    f"{HOST}/groups/acme/variables": [],
    f"{HOST}/admin/ci/variables": [],
    f"{AT}/job_token_scope": {"inbound_enabled": True, "outbound_enabled": False},
    f"{HOST}/groups/acme%2Fdata/variables": [],
    f"{AT}/members/all": [
        member("anna", 1, 40),
        member("ben", 2, 30),
        member("project_9_bot_ab12", 3, 30),
    ],
    f"{AT}/access_tokens": [
        token(43, 30, "write_repository"),
        token(44, 40, "read_api"),
        token(52, 30, "read_api"),
        token(47, 40, "api", revoked=True, active=False),
    ],
    f"{AT}/deploy_keys": [
        {"id": 5, "title": "sync", "can_push": True},
        {"id": 6, "title": "mirror", "can_push": False},
    ],
    f"{AT}/triggers": [{"id": 10, "description": "nightly", "owner": None}],
    f"{AT}/protected_branches": [branch("main", 0, 40)],
    f"{AT}/protected_environments": [
        {
            "name": "production",
            "deploy_access_levels": [{"access_level": 30}],
            "approval_rules": [RULE],
        }
    ],
    f"{HOST}/runners/6": runner(6, "books", "ref_protected"),
    f"{HOST}/runners/7": runner(7, "closing", "ref_protected"),
}


def judged(folder: Path, out: Path, lists: Lists) -> Path:
    """The output folder of ``assess``."""
    project = folder / "erp"
    (project / ".git").mkdir(parents=True)
    remote = f'[remote "origin"]\n\turl = git@{HOST}:acme/data/erp.git\n'
    (project / ".git" / "config").write_text(remote)
    (project / ".gitlab-ci.yml").write_text(PIPELINE)
    export = native.export(
        "erp",
        {"host": "10.0.0.1", "port": 5432, "system_identifier": "7000"},
        {"admin": {"superuser": True}, "poster": {}},
        [],
        {"fin": ["poster=U/admin"]},
        [native.relation("fin", "gl", "admin", ["poster=arw/admin"])],
        "admin",
    )
    (folder / "erp.postgres.json").write_text(json.dumps(export))
    (folder / "scope.yaml").write_text(SCOPE)
    for address, content in lists.items():
        file = folder / "gitlab-export" / f"{address}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content))
    ran = inside("assess", folder, "--out", out)
    assert ran.code == 0, ran.err
    return out


def estate(tmp_path_factory: pytest.TempPathFactory, **changed: object) -> Path:
    """The estate, with some listings changed (by the end of their address), or left out."""
    lists = dict(LISTS)
    for end, content in changed.items():
        others = ("/groups/",) if "/admin/" in end else ("/groups/", "/admin/")
        own = [one for one in lists if not any(other in one for other in others)]
        (address,) = [one for one in own if one.endswith(end)]
        if content is None:
            del lists[address]
        else:
            lists[address] = content
    return judged(tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("out") / "x", lists)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything is listed, and main and what matters is protected."""
    return estate(tmp_path_factory)


def rows(file: Path) -> list[Row]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def said(out: Path, identity: str) -> tuple[str, str, str]:
    """soc1, certainty and exposure of an identity at the ledger."""
    key = identity if identity.startswith("gitlab:") else f"{PROJECT}/{identity}"
    found = [one for one in rows(out / "verdicts.csv") if one["identity"] == key]
    at = [one for one in found if one["target"] == "fin:gl"] or found
    if not at:
        assert any(one["identity"] == key for one in rows(out / "identities.csv")), key
        return ("none", "", "")
    return (at[0]["soc1"], at[0]["certainty"], at[0]["exposure"])


def path(out: Path, identity: str) -> list[tuple[str, str, str]]:
    key = f"{PROJECT}/{identity}"
    (row,) = [
        one
        for one in rows(out / "verdicts.csv")
        if one["identity"] == key and one["target"] == "fin:gl"
    ]
    path_id, told = row["path_id"], rows(out / "paths.csv")
    steps = [one for one in told if (one["path_id"], one["alternative"]) == (path_id, "0")]
    return [(one["edge_kind"], one["to"].removeprefix(PROJECT), one["gate"]) for one in steps]


BOT = f"gitlab:{HOST}/users/project_9_bot_ab12"
#: Who, soc1, certainty, exposure, and why.
GUARDED = [
    ("job/post", "direct", "can", "open", "it is the role"),
    ("job/deploy", "direct", "can", "undetermined", "whether people approve nobody proves"),
    ("machine/6", "direct", "can", "open", "it runs post"),
    ("machine/7", "direct", "can", "undetermined", "it runs deploy, behind the approval"),
    ("access-token/43", "direct", "can", "undetermined", "into main only past a Maintainer"),
    ("deploy-key/5", "direct", "can", "undetermined", "alike"),
    (BOT, "direct", "can", "undetermined", "alike"),
    ("trigger/10", "direct", "may", "open", "a variable of its own may change the job"),
    ("access-token/44", "direct", "can", "open", "it reads what a Maintainer may: variables too"),
    ("access-token/52", "none", "", "", "it reads, and no variable"),
    ("deploy-key/6", "none", "", "", "it reads"),
    ("access-token/47", "none", "", "", "it is revoked"),
]


@pytest.mark.parametrize("case", GUARDED, ids=lambda case: case[0])
def test_who_comes_to_the_ledger_and_past_what(guarded: Path, case: tuple[str, ...]) -> None:
    assert said(guarded, case[0]) == case[1:4], case[4]


def test_a_developers_token_goes_by_the_default_branch_past_its_rule(guarded: Path) -> None:
    """Its password it cannot read: the variable is protected."""
    steps = path(guarded, "access-token/43")
    rule = f"{PROJECT}/protection/main"
    assert steps[:3] == [
        ("HOLDS", "/permission/push", ""),
        ("CAN_WRITE", "", rule),
        ("CONTAINS", "/pipeline", ""),
    ]
    gates = {one["gate"]: one for one in rows(guarded / "controls.csv")}
    assert gates[rule]["enforced_by_target"] == "yes"
    assert gates[rule]["human"] == "not told"


def test_every_list_that_matters_was_given(guarded: Path) -> None:
    coverage: dict[str, Any] = json.loads((guarded / "coverage.json").read_text())
    absent = {one["title"] for one in coverage["absent"] if one["source"] == "gitlab"}
    assert absent == set()


# -- what one list changes ----------------------------------------------------------------------


def test_a_variable_that_is_not_protected_is_read_by_whoever_pushes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """On a branch of his own, past no rule."""
    out = estate(tmp_path_factory, **{"/variables": [variable("POSTER_PW", protected=False)]})
    assert said(out, "access-token/43") == ("direct", "can", "open")
    holds, reads, *_ = path(out, "access-token/43")
    assert holds == ("HOLDS", "/permission/push", "")
    assert (reads[0], reads[2]) == ("CAN_READ", "")
    assert reads[1].endswith("/variable/POSTER_PW")
    assert said(out, "access-token/52") == ("none", "", "")


def test_without_the_list_of_variables_it_may_be(tmp_path_factory: pytest.TempPathFactory) -> None:
    out = estate(tmp_path_factory, **{"/variables": None})
    assert said(out, "access-token/43")[0] == "direct"
    assert said(out, "access-token/43")[2] == "open"
    coverage: dict[str, Any] = json.loads((out / "coverage.json").read_text())
    absent = {one["title"] for one in coverage["absent"]}
    assert "CI/CD variables of acme/data/erp" in absent


@pytest.mark.parametrize(
    ("address", "title", "command"),
    [
        (
            f"{HOST}/admin/ci/variables",
            f"CI/CD variables of the server {HOST}",
            f"glab api --hostname {HOST} 'admin/ci/variables?per_page=100'",
        ),
        (
            "/job_token_scope",
            "job token scope of acme/data/erp",
            f"glab api --hostname {HOST} 'projects/acme%2Fdata%2Ferp/job_token_scope'",
        ),
    ],
)
def test_a_list_that_puts_nobody_in_doubt_is_a_line(
    tmp_path_factory: pytest.TempPathFactory, address: str, title: str, command: str
) -> None:
    out = estate(tmp_path_factory, **{address: None})
    coverage: dict[str, Any] = json.loads((out / "coverage.json").read_text())
    (line,) = [one for one in coverage["absent"] if one["title"] == title]
    assert line["command"].startswith(command)
    assert said(out, "access-token/52") == ("none", "", "")


def test_a_token_that_can_merge_makes_the_review_nobodys(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A Maintainer's token of scope api is a machine among those who decide."""
    tokens = [token(42, 40, "api"), token(43, 30, "write_repository")]
    out = estate(tmp_path_factory, **{"/access_tokens": tokens})
    assert said(out, "access-token/42") == ("direct", "can", "open")
    assert said(out, "access-token/43") == ("direct", "can", "open")


def test_an_access_token_has_ended_on_its_date_and_works_the_day_before(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """As of 23 November: 00:00 UTC of the day is the end of it."""
    tokens = [
        token(48, 40, "api", expires_at="2026-11-23"),
        token(49, 40, "api", expires_at="2026-11-24"),
    ]
    out = estate(tmp_path_factory, **{"/access_tokens": tokens})
    assert said(out, "access-token/48") == ("none", "", "")
    assert said(out, "access-token/49") == ("direct", "can", "open")


@pytest.mark.parametrize(
    ("rules", "exposure"),
    [
        ([], "open"),
        ([branch("main", 30, 40)], "open"),
        ([branch("main", 0, 40), branch("m*", 30, 0)], "open"),
        ([branch("release", 0, 40)], "open"),
        ([branch("m*", 0, 40)], "undetermined"),
        ([branch("main", 0, 30)], "undetermined"),
    ],
    ids=["nothing", "Developers push", "a pattern is weaker", "another", "by pattern", "merge"],
)
def test_the_rule_of_the_default_branch_decides(
    tmp_path_factory: pytest.TempPathFactory, rules: list[object], exposure: str
) -> None:
    out = estate(tmp_path_factory, **{"/protected_branches": rules})
    assert said(out, "access-token/43") == ("direct", "can", exposure)


def test_a_machine_for_any_branch_is_changed_by_whoever_pushes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What a Developer's job leaves on it meets the job with the password."""
    out = estate(tmp_path_factory, **{"runners/6": runner(6, "books", "not_protected")})
    assert said(out, "access-token/43") == ("direct", "can", "open")
    assert said(out, "access-token/52") == ("none", "", "")


def test_a_list_that_was_refused_is_told_with_the_answer(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    out = estate(tmp_path_factory, **{"/protected_branches": {"message": "403 Forbidden"}})
    assert said(out, "access-token/43") == ("direct", "can", "undetermined")
    coverage: dict[str, Any] = json.loads((out / "coverage.json").read_text())
    absent = {one["title"]: one for one in coverage["absent"]}
    assert absent["protected branches of acme/data/erp"]["answer"] == "the answer was 403"


def test_an_environment_that_asks_nobody_is_open(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Who may deploy is no approval, and an environment that is not listed is not protected."""
    restricted = [{"name": "production", "deploy_access_levels": [{"access_level": 40}]}]
    for listed in (restricted, []):
        out = estate(tmp_path_factory, **{"/protected_environments": listed})
        assert said(out, "job/deploy") == ("direct", "can", "open")


def test_no_token_and_no_value_is_told(guarded: Path) -> None:
    for file in guarded.rglob("*"):
        assert not file.is_file() or b"CANARY" not in file.read_bytes(), file
