"""The script that fetches what GitLab lists: from a stand-in for glab to what ``assess`` says."""

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import nhigraph

pytestmark = [pytest.mark.github_export, pytest.mark.xdist_group("gitlab_export")]
ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "queries" / "export" / "gitlab.sh"
CANARY = "CANARY-not-a-secret"
HOST = "git.corp.example"
AT = f"{HOST}/projects/acme%2Fdata%2Ferp"
GROUP = f"{HOST}/groups/acme%2Fdata"
KEY = f"gitlab:{HOST}/acme/data/erp"
FORBIDDEN = {"status": 403, "message": "403 Forbidden"}
SCOPE = """\
nhigraph: scope/1
as_of: 2026-11-28
commitments: [S, C]
targets:
  - {id: code, family: trust-service, commitments: [S, C], select: [{key: "%s"}]}
"""


def variable(key: str, **more: object) -> dict[str, object]:
    said = {"variable_type": "env_var", "key": key, "value": CANARY, "description": CANARY}
    return {**said, "masked": True, "hidden": False, "raw": False, "protected": False, **more}


def level(number: int, **more: object) -> dict[str, object]:
    return {"id": 1, "access_level": number, "access_level_description": CANARY, **more}


def member(login: str, number: int, access: int) -> dict[str, object]:
    said = {"id": number, "username": login, "name": CANARY, "email": CANARY, "state": "active"}
    return {**said, "access_level": access, "expires_at": None, "avatar_url": CANARY}


PERSON = {"id": 1, "username": "anna", "name": CANARY, "email": CANARY, "state": "active"}
TOKEN = {
    "user_id": 9,
    "active": True,
    "revoked": False,
    "created_at": "2026-02-03T00:00:00Z",
    "description": CANARY,
    "token": CANARY,
}
RUNNER = {
    "id": 6,
    "description": "books",
    "runner_type": "project_type",
    "ip_address": CANARY,
    "token": CANARY,
    "paused": False,
}
TABLE: dict[str, list[object]] = {
    AT: [
        {
            "id": 1,
            "path_with_namespace": "acme/data/erp",
            "description": CANARY,
            "default_branch": "re/lease",
            "visibility": "private",
            "runners_token": CANARY,
            "owner": PERSON,
            "ci_push_repository_for_job_token_allowed": False,
            "shared_with_groups": [],
        }
    ],
    f"{AT}/variables": [[variable("DSN", environment_scope="*")], [variable("OTHER")]],
    f"{AT}/members/all": [[member("anna", 1, 40)], [member("ben", 2, 30)]],
    f"{AT}/access_tokens": [
        [{**TOKEN, "id": 42, "name": "deployer", "scopes": ["api"], "access_level": 40}],
        [{**TOKEN, "id": 43, "name": "reader", "scopes": ["read_api"], "access_level": 20}],
    ],
    f"{AT}/deploy_tokens": [[]],
    f"{AT}/hooks": [
        [
            {
                "id": 8,
                "url": f"https://u:{CANARY}@hooks.example:8443/{CANARY}?token={CANARY}",
                "push_events": True,
                "description": CANARY,
                "custom_headers": [{"key": "Authorization", "value": CANARY}],
                "enable_ssl_verification": True,
            }
        ]
    ],
    f"{AT}/protected_environments": [{"status": 404, "message": "404 Not Found"}],
    f"{AT}/runners": [[RUNNER]],
    f"{HOST}/runners/6": [
        {
            **RUNNER,
            "tag_list": ["books"],
            "run_untagged": False,
            "locked": True,
            "access_level": "ref_protected",
            "projects": [{"id": 1, "path_with_namespace": "acme/data/erp", "name": CANARY}],
        }
    ],
    f"{AT}/deploy_keys": [
        [{"id": 5, "title": "sync", "key": CANARY, "fingerprint": CANARY, "can_push": True}],
        # The second page is refused: the listing was broken off.
        FORBIDDEN,
    ],
    f"{AT}/triggers": [[{"id": 10, "description": "nightly", "token": CANARY, "owner": PERSON}]],
    f"{AT}/pipeline_schedules": [
        [{"id": 13, "description": CANARY, "ref": "main", "cron": "0 1 * * 5", "active": True}]
    ],
    f"{AT}/pipeline_schedules/13": [
        {
            "id": 13,
            "description": CANARY,
            "ref": "main",
            "cron": "0 1 * * 5",
            "active": True,
            "owner": PERSON,
            "variables": [{"key": "TARGET", "variable_type": "env_var", "value": CANARY}],
            "inputs": [{"name": "x", "value": CANARY}],
        }
    ],
    f"{AT}/protected_branches": [
        [
            {
                "id": 1,
                "name": "re/lease",
                "push_access_levels": [level(0)],
                "merge_access_levels": [level(40)],
            }
        ]
    ],
    f"{AT}/protected_tags": [[{"name": "v*", "create_access_levels": [level(40)]}]],
    f"{AT}/repository/branches/re%2Flease": [
        {"name": "re/lease", "protected": True, "commit": {"author_email": CANARY}}
    ],
    f"{AT}/approval_rules": [
        [
            {
                "id": 1,
                "name": "all",
                "rule_type": "regular",
                "approvals_required": 1,
                "eligible_approvers": [PERSON],
                "protected_branches": [],
            }
        ]
    ],
    f"{AT}/job_token_scope": [{"inbound_enabled": True, "outbound_enabled": False}],
    f"{AT}/job_token_scope/allowlist": [
        [{"id": 4, "path_with_namespace": "acme/site", "description": CANARY}]
    ],
    f"{AT}/job_token_scope/groups_allowlist": [[]],
    GROUP: [{"id": 7, "full_path": "acme/data", "web_url": "x", "runners_token": CANARY}],
    f"{GROUP}/projects": [
        [{"path_with_namespace": "acme/data/erp"}],
    ],
    f"{GROUP}/variables": [[variable("SHARED", environment_scope="*")]],
    f"{GROUP}/members/all": [FORBIDDEN],
    f"{GROUP}/access_tokens": [{"status": 0, "message": ""}],
    f"{HOST}/admin/ci/variables": [FORBIDDEN],
}


@dataclass(frozen=True)
class Exported:
    """What a run of the script did.

    Attributes:
        code: Its exit code.
        said: What it printed, both streams.
        folder: What it wrote to.
        asked: Arguments of each call of glab.
    """

    code: int
    said: str
    folder: Path
    asked: list[list[str]]


def export(folder: Path, *arguments: str, shell: str = "sh") -> Exported:
    """Run the script with the stand-in on PATH."""
    tools = folder / "bin"
    tools.mkdir(parents=True, exist_ok=True)
    glab = tools / "glab"
    fake = Path(__file__).with_name("fake_glab.py")
    glab.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake}" "$@"\n', encoding="utf-8")
    glab.chmod(glab.stat().st_mode | stat.S_IXUSR)
    (folder / "table.json").write_text(json.dumps(TABLE))
    log = folder / "log"
    log.write_text("")
    done = subprocess.run(
        [shell, str(SCRIPT), *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "GITLAB_TOKEN": f"{CANARY}-token",
            "FAKE_GLAB_TABLE": str(folder / "table.json"),
            "FAKE_GLAB_LOG": str(log),
            "TMPDIR": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    return Exported(done.returncode, done.stdout + done.stderr, folder / "gitlab-export", asked)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """One run over a project and the groups around it."""
    if shutil.which("jq") is None:
        reason = "jq, which the script filters by, is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return export(tmp_path_factory.mktemp("export"), f"{HOST}/acme/data/erp")


def kept(exported: Exported, address: str) -> Any:  # noqa: ANN401 - parsed JSON
    return json.loads((exported.folder / f"{address}.json").read_text())


def test_nothing_but_reading_is_asked_for(exported: Exported) -> None:
    assert exported.code == 0, exported.said
    calls = [call for call in exported.asked if call[0] == "api"]
    assert len(calls) > 20
    for call in calls:
        assert call[1:6] == ["--hostname", HOST, "--method", "GET", "--paginate"]
        assert not {"-f", "-F", "--field", "--raw-field", "--input", "-X"}.intersection(call)
    assert {call[0] for call in exported.asked} == {"api", "auth"}


def test_what_must_not_leave_does_not(exported: Exported) -> None:
    """Neither into the folder, nor onto the terminal, nor into a file left behind."""
    files = [path for path in exported.folder.parent.rglob("*") if path.is_file()]
    own = {"table.json"}
    files = [path for path in files if path.name not in own and "bin" not in path.parts]
    assert len(files) > 20
    found = [str(path) for path in files if CANARY in path.read_text()]
    assert found == []
    assert CANARY not in exported.said


def test_a_variable_keeps_all_but_its_value_and_description(exported: Exported) -> None:
    (first, second) = kept(exported, f"{AT}/variables")
    wanted = {"key", "variable_type", "protected", "masked", "hidden", "raw"}
    assert set(first) == wanted | {"environment_scope"}
    assert set(second) == wanted
    assert (first["key"], second["key"]) == ("DSN", "OTHER")


def test_pages_become_one_listing(exported: Exported) -> None:
    assert [one["id"] for one in kept(exported, f"{AT}/access_tokens")] == [42, 43]


def test_a_listing_that_breaks_off_is_told_and_kept_as_refused(exported: Exported) -> None:
    """Half of it would look like all of it."""
    assert kept(exported, f"{AT}/deploy_keys") == {"message": "403", "status": "403"}
    assert f"not permitted: {AT}/deploy_keys (HTTP 403)" in exported.said


def test_every_refusal_is_told_and_kept(exported: Exported) -> None:
    told = [line for line in exported.said.splitlines() if line.startswith("not permitted: ")]
    assert f"not permitted: {GROUP}/members/all (HTTP 403)" in told
    assert f"not permitted: {GROUP}/access_tokens (HTTP none)" in told
    assert f"not permitted: {HOST}/groups/acme (HTTP 404)" in told
    assert kept(exported, f"{AT}/protected_environments")["status"] == "404"
    assert exported.said.splitlines()[-1].endswith(f"{len(told)} not permitted: see gitlab-export")


def test_of_a_webhook_the_host_and_the_names_of_headers_are_kept(exported: Exported) -> None:
    (hook,) = kept(exported, f"{AT}/hooks")
    assert hook["url"] == "https://hooks.example"
    assert hook["custom_headers"] == [{"key": "Authorization"}]
    assert hook["push_events"] is True


def test_the_folder_is_an_input_of_assess(exported: Exported, tmp_path: Path) -> None:
    """Every file of it is read; what it lists stands in the population, what it lacks is told."""
    (tmp_path / "scope.yaml").write_text(SCOPE % KEY)
    ran = nhigraph(
        "assess", exported.folder, tmp_path / "scope.yaml", "--out", "out", cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    coverage = json.loads((tmp_path / "out" / "coverage.json").read_text())
    status = {one["artifact"]: one["status"] for one in coverage["artifacts"]}
    exports = {name: how for name, how in status.items() if name.startswith(HOST)}
    assert len(exports) > 25
    assert {name: how for name, how in exports.items() if how != "read"} == {}
    with (tmp_path / "out" / "population.csv").open(newline="") as stream:
        rows = {row["key"]: row for row in csv.DictReader(stream)}
    assert rows[f"{KEY}/access-token/42"]["created"] == "2026-02-03"
    for key in (
        *(f"{KEY}/access-token/43", f"{KEY}/trigger/10", f"{KEY}/machine/6"),
        *(f"{KEY}/variable/DSN", f"gitlab:{HOST}/groups/acme/data/variable/SHARED"),
        *(f"secret:{KEY}/schedule/13/TARGET", f"secret:{KEY}/hook/8/Authorization"),
    ):
        assert key in rows, key
    with (tmp_path / "out" / "verdicts.csv").open(newline="") as stream:
        reached = {row["identity"]: row for row in csv.DictReader(stream)}
    # The Maintainer's token administers the project; the Reporter's reads it.
    assert "S" in reached[f"{KEY}/access-token/42"]["soc2"]
    assert reached[f"{KEY}/access-token/43"]["soc2"] == "C"


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_a_group_is_asked_for_its_projects_by_any_shell(
    exported: Exported, tmp_path: Path, shell: str
) -> None:
    """The same files as of its one project by name."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    found = export(tmp_path, "--group", f"{HOST}/acme/data", shell=shell)
    assert found.code == 0, found.said
    files = [
        sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
        for folder in (found.folder, exported.folder)
    ]
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give HOST/GROUP/NAME or --group HOST/GROUP"),
        (("acme",), "expected HOST/GROUP/NAME"),
        (("acme/erp",), "expected HOST/GROUP/NAME"),
        ((f"{HOST}/acme/..",), "expected HOST/GROUP/NAME"),
        ((f"{HOST}/acme/erp;ls",), "expected HOST/GROUP/NAME"),
        ((f"{HOST}/acme/erp\n{HOST}/a/b",), "expected HOST/GROUP/NAME"),
        (("../x/y/z",), "expected HOST/GROUP/NAME"),
        (("--group", "acme"), "expected HOST/GROUP"),
        (("--group", f"{HOST}/acme", f"{HOST}/acme/erp"), "not both"),
        (("--group",), "needs a value"),
        (("--token", "x"), "unknown option --token"),
        (("--out", "full", f"{HOST}/acme/data/erp"), "full is not empty"),
        (("elsewhere.example/a/b",), "glab is not logged in to elsewhere.example"),
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
    """By shellcheck where it is installed, and by the shells themselves."""
    for shell in ("sh", "bash"):
        checked = subprocess.run([shell, "-n", str(SCRIPT)], check=False, cwd=tmp_path)
        assert checked.returncode == 0
    if shutil.which("shellcheck"):
        assert subprocess.run(["shellcheck", str(SCRIPT)], check=False).returncode == 0
