"""The script that fetches what GitHub lists: from a stand-in for gh to what ``assess`` says."""

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.command import nhigraph

pytestmark = [pytest.mark.github_export, pytest.mark.xdist_group("github_export")]
ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "queries" / "export" / "github.sh"
CANARY = "CANARY-not-a-secret"
API = "https://api.github.com"
AT = "repos/acme/erp"
NOT_FOUND = {"status": 404, "message": "Not Found"}
ACCOUNT = {"login": "anna", "id": 1, "type": "User", "site_admin": False, "email": CANARY}
ROLE = {"pull": True, "triage": True, "push": True, "maintain": False, "admin": False}
WORKFLOW = """\
on: push
permissions: {contents: read}
jobs:
  load:
    runs-on: ubuntu-latest
    environment: prod
    steps: [{run: "./load.sh ${{ secrets.DSN }}"}]
"""
SCOPE = """\
nhigraph: scope/1
as_of: 2026-11-28
commitments: [S, C]
targets:
  - {id: code, family: trust-service, commitments: [S, C], select: [{key: "github:acme/erp"}]}
"""


def secret(name: str, **more: str) -> dict[str, str]:
    return {"name": name, "created_at": "2024-02-03T00:00:00Z", "value": CANARY, **more}


def counted(name: str, *items: object) -> list[object]:
    """One page a listing's item, so that what a second page holds is seen to be read."""
    pages: list[object] = [{"total_count": len(items), name: [item]} for item in items]
    return pages or [{"total_count": 0, name: []}]


def machine(number: int, *labels: str) -> dict[str, object]:
    named = [{"id": 1, "name": label, "type": "custom"} for label in labels]
    return {"id": number, "name": f"m{number}", "labels": named}


TABLE: dict[str, object] = {
    "users/acme": [{"login": "acme", "type": "Organization"}],
    "users/zoe": [{"login": "zoe", "type": "User"}],
    "orgs/acme/repos": [[{"full_name": "acme/erp"}]],
    AT: [
        {
            "full_name": "acme/erp",
            "name": "erp",
            "default_branch": "re/lease",
            "visibility": "private",
            "url": f"{API}/{AT}",
            "temp_clone_token": CANARY,
            "owner": {"login": "acme", "type": "Organization"},
        }
    ],
    f"{AT}/actions/permissions/workflow": [{"default_workflow_permissions": "read"}],
    f"{AT}/actions/oidc/customization/sub": [{"use_default": True}],
    f"{AT}/actions/workflows": counted(
        "workflows",
        {
            "path": ".github/workflows/load.yml",
            "state": "active",
            "url": f"{API}/{AT}/actions/workflows/1",
        },
    ),
    f"{AT}/actions/secrets": counted("secrets", secret("KEY"), secret("OTHER")),
    f"{AT}/actions/organization-secrets": counted("secrets", secret("DSN")),
    f"{AT}/dependabot/secrets": counted("secrets", secret("REGISTRY")),
    f"{AT}/keys": [
        [
            {
                "id": 5,
                "key": "ssh-ed25519 AAAA",
                "title": "sync",
                "read_only": False,
                "url": f"{API}/{AT}/keys/5",
                "created_at": "2024-02-03T00:00:00Z",
                "last_used": "2026-11-01T00:00:00Z",
                "private": CANARY,
            }
        ],
        [{"id": 6, "key": "ssh-rsa AAAA", "read_only": True, "url": f"{API}/{AT}/keys/6"}],
    ],
    f"{AT}/hooks": [
        [
            {
                "id": 8,
                "type": "Repository",
                "active": True,
                "events": ["push"],
                "url": f"{API}/{AT}/hooks/8",
                "last_response": {"message": CANARY},
                "config": {
                    "url": f"https://u:{CANARY}@hooks.example:8443/{CANARY}?token={CANARY}",
                    "secret": CANARY,
                    "insecure_ssl": "0",
                },
            }
        ]
    ],
    f"{AT}/collaborators": [[{**ACCOUNT, "permissions": ROLE, "role_name": "write"}]],
    f"{AT}/teams": {"status": 403, "message": "Resource not accessible"},
    f"{AT}/branches/re%2Flease": [
        {
            "name": "re/lease",
            "protected": True,
            "protection_url": f"{API}/{AT}/branches/re/lease/protection",
            "commit": {"url": f"{API}/{AT}/commits/1", "commit": {"author": {"email": CANARY}}},
        }
    ],
    f"{AT}/branches/re%2Flease/protection": {"status": 404, "message": "Branch not protected"},
    f"{AT}/rules/branches/re%2Flease": [[]],
    f"{AT}/rulesets": [
        [{"id": 4, "name": "main", "target": "branch", "enforcement": "active", "token": CANARY}]
    ],
    f"{AT}/rulesets/4": [
        {
            "id": 4,
            "name": "main",
            "target": "branch",
            "enforcement": "evaluate",
            "source_type": "Repository",
            "source": "acme/erp",
            "rules": [],
        }
    ],
    f"{AT}/actions/variables": counted(
        "variables",
        {"name": "RUNNER", "value": "Ubuntu-24.04"},
        {"name": "LIMIT", "value": CANARY},
    ),
    f"{AT}/actions/runners": counted("runners", machine(1, "self-hosted", "books")),
    "orgs/acme/actions/runners": counted("runners", machine(2, "self-hosted", "books")),
    "orgs/acme/actions/runner-groups": counted("runner_groups", {"id": 9, "name": "closing"}),
    "orgs/acme/actions/runner-groups/9/runners": counted("runners", machine(3, "self-hosted")),
    "orgs/acme/actions/runner-groups/9/repositories": counted(
        "repositories", {"full_name": "acme/erp"}
    ),
    f"{AT}/environments/prod/deployment-branch-policies": counted(
        "branch_policies", {"id": 1, "name": "main"}
    ),
    f"{AT}/environments/prod/deployment_protection_rules": counted(
        "custom_deployment_protection_rules", {"id": 1, "enabled": True, "app": {"slug": "x"}}
    ),
    f"{AT}/environments": counted(
        "environments",
        {"name": "pr/od", "url": f"{API}/{AT}/environments/pr%2Fod", "protection_rules": []},
        {"name": "prod", "url": f"{API}/{AT}/environments/prod", "protection_rules": []},
    ),
    f"{AT}/environments/pr%2Fod/secrets": counted("secrets", secret("OF_ENV")),
    f"{AT}/environments/prod/secrets": {"status": 0, "message": ""},
    "orgs/acme/actions/secrets": counted(
        "secrets", secret("DSN", visibility="all"), secret("FEW", visibility="selected")
    ),
    "orgs/acme/actions/secrets/FEW/repositories": counted(
        "repositories", {"id": 1, "name": "erp", "full_name": "acme/erp", "description": CANARY}
    ),
    "orgs/acme/installations": counted(
        "installations",
        {
            "app_slug": "deployer",
            "account": {"login": "acme", "email": CANARY},
            "repository_selection": "all",
            "permissions": {"contents": "write"},
            "contact_email": CANARY,
        },
    ),
    "orgs/acme/personal-access-tokens": {"status": 403, "message": "Only apps"},
    "orgs/acme/teams": [[{"id": 1, "slug": "books", "members_url": "x", "description": CANARY}]],
    "orgs/acme/teams/books/members": [[ACCOUNT]],
    "orgs/acme/outside_collaborators": [[]],
}


@dataclass(frozen=True)
class Exported:
    """What a run of the script did.

    Attributes:
        code: Its exit code.
        said: What it printed, both streams.
        folder: What it wrote to.
        asked: Arguments of each call of gh.
    """

    code: int
    said: str
    folder: Path
    asked: list[list[str]]


def export(folder: Path, *arguments: str, table: dict[str, object] | None = None) -> Exported:
    """Run the script with the stand-in on PATH."""
    tools = folder / "bin"
    tools.mkdir(parents=True, exist_ok=True)
    gh = tools / "gh"
    fake = Path(__file__).with_name("fake_gh.py")
    gh.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake}" "$@"\n', encoding="utf-8")
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
    (folder / "table.json").write_text(json.dumps(TABLE if table is None else table))
    log = folder / "log"
    log.write_text("")
    done = subprocess.run(
        ["bash", str(SCRIPT), *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "GH_TOKEN": f"{CANARY}-token",
            "FAKE_GH_TABLE": str(folder / "table.json"),
            "FAKE_GH_LOG": str(log),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    return Exported(done.returncode, done.stdout + done.stderr, folder / "github-export", asked)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """One run over a repository and its organization."""
    if shutil.which("jq") is None:
        reason = "jq, which the stand-in for gh filters by, is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return export(tmp_path_factory.mktemp("export"), "acme/erp")


def test_nothing_but_reading_is_asked_for(exported: Exported) -> None:
    assert exported.code == 0, exported.said
    calls = [call for call in exported.asked if call[0] == "api"]
    assert len(calls) > 20
    for call in calls:
        assert call[1:3] == ["--method", "GET"]
        assert not {"-f", "-F", "--field", "--raw-field", "--input", "-X"}.intersection(call)
    assert {call[0] for call in exported.asked} == {"api", "auth"}


def test_what_must_not_leave_does_not(exported: Exported) -> None:
    """Neither into the folder nor onto the terminal."""
    files = [path for path in exported.folder.rglob("*") if path.is_file()]
    assert len(files) > 20
    found = [str(path) for path in files if CANARY in path.read_text()]
    assert found == []
    assert CANARY not in exported.said
    hook = json.loads((exported.folder / f"{AT}/hooks.json").read_text())[0]["config"]
    assert hook["url"] == "https://hooks.example"
    assert hook["secret"] == "********"


def test_every_refusal_is_told_and_kept(exported: Exported) -> None:
    told = [line for line in exported.said.splitlines() if line.startswith("not permitted: ")]
    assert f"not permitted: {AT}/teams (HTTP 403)" in told
    assert f"not permitted: {AT}/environments/prod/secrets (HTTP none)" in told
    assert "not permitted: orgs/acme/personal-access-tokens (HTTP 403)" in told
    kept = json.loads((exported.folder / f"{AT}/teams.json").read_text())
    assert kept["status"] == "403"
    assert json.loads((exported.folder / f"{AT}/environments/prod/secrets.json").read_text())
    assert exported.said.splitlines()[-1].endswith(f"{len(told)} not permitted: see github-export")


def test_the_folder_is_an_input_of_assess(exported: Exported, tmp_path: Path) -> None:
    """Every file of it is read; what it lists stands in the population, what it lacks is told."""
    checkout = tmp_path / "erp"
    (checkout / ".github" / "workflows").mkdir(parents=True)
    (checkout / ".github" / "workflows" / "load.yml").write_text(WORKFLOW)
    (checkout / ".git").mkdir()
    (checkout / ".git" / "config").write_text(
        '[remote "origin"]\n\turl = https://github.com/acme/erp.git\n'
    )
    (tmp_path / "scope.yaml").write_text(SCOPE)
    inputs = (checkout, exported.folder, tmp_path / "scope.yaml")
    ran = nhigraph("assess", *inputs, "--out", "out", cwd=tmp_path)
    assert ran.code == 0, ran.err
    coverage = json.loads((tmp_path / "out" / "coverage.json").read_text())
    status = {one["artifact"]: one["status"] for one in coverage["artifacts"]}
    exports = {name: how for name, how in status.items() if name.startswith(("repos/", "orgs/"))}
    assert len(exports) > 20
    assert {name: how for name, how in exports.items() if how != "read"} == {}
    with (tmp_path / "out" / "population.csv").open(newline="") as stream:
        rows = {row["key"]: row for row in csv.DictReader(stream)}
    assert rows["github:acme/erp/deploy-key/5"]["created"] == "2024-02-03"
    assert rows["github:acme/erp/deploy-key/5"]["last_used"] == "2026-11-01"
    for key in (
        *("github:acme/erp/deploy-key/6", "github:acme/app/deployer", "github:acme/secret/DSN"),
        *("github:acme/erp/secret/KEY", "github:acme/erp/secret/OTHER"),
        *("github:acme/erp/environment/pr%2Fod/secret/OF_ENV",),
        *("github:acme/erp/other-secret/dependabot:REGISTRY",),
        *("secret:github:acme/erp/hook/8/secret", "github:acme/erp/machine/1"),
        *("github:acme/machine/2", "github:acme/machine/3"),
    ):
        assert key in rows, key
    with (tmp_path / "out" / "verdicts.csv").open(newline="") as stream:
        reached = {row["identity"]: row for row in csv.DictReader(stream)}
    assert "S" in reached["github:acme/erp/deploy-key/5"]["soc2"]
    assert reached["github:acme/erp/deploy-key/6"]["soc2"] == "C"
    assert "S" in reached["github:acme/app/deployer"]["soc2"]
    absent = {one["title"]: one for one in coverage["absent"]}
    refused = absent["secrets of environment prod of acme/erp"]
    assert refused["answer"] == "the answer was with an error"


def test_an_organization_is_asked_for_its_repositories(exported: Exported, tmp_path: Path) -> None:
    """The same files as of its one repository by name."""
    found = export(tmp_path, "--org", "acme")
    assert found.code == 0, found.said
    files = [
        sorted(str(p.relative_to(f)) for p in f.rglob("*"))
        for f in (found.folder, exported.folder)
    ]
    assert files[0] == files[1]


def test_a_person_has_no_listings_of_an_organization(exported: Exported, tmp_path: Path) -> None:
    assert exported.code == 0
    found = export(tmp_path, "zoe/tools")
    assert found.code == 0
    assert not (found.folder / "orgs").exists()
    assert "not permitted: repos/zoe/tools (HTTP 404)" in found.said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give OWNER/NAME or --org OWNER"),
        (("acme",), "expected OWNER/NAME"),
        (("acme/..",), "expected OWNER/NAME"),
        (("acme/erp;ls",), "expected OWNER/NAME"),
        (("../x/y",), "expected OWNER/NAME"),
        (("--org", "a/b"), "expected the name of an organization"),
        (("--org", "acme", "acme/erp"), "not both"),
        (("--org",), "needs a value"),
        (("--token", "x"), "unknown option --token"),
        (("--out", "full", "acme/erp"), "full is not empty"),
    ],
)
def test_a_wrong_call_asks_nothing(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "old.json").write_text("{}")
    found = export(tmp_path, *arguments)
    assert found.code == 2
    assert said in found.said
    assert not any(call[0] == "api" for call in found.asked)


def test_help_says_what_it_does(tmp_path: Path) -> None:
    found = export(tmp_path, "--help")
    assert found.code == 0
    assert "Read-only: every request is a GET." in found.said
    assert found.asked == []


def test_the_script_is_clean(tmp_path: Path) -> None:
    """By shellcheck where it is installed, and by bash itself."""
    checked = subprocess.run(["bash", "-n", str(SCRIPT)], check=False, cwd=tmp_path)
    assert checked.returncode == 0
    if shutil.which("shellcheck"):
        assert subprocess.run(["shellcheck", str(SCRIPT)], check=False).returncode == 0
