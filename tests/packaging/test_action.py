"""The GitHub Action and the hooks for pre-commit, as far as they run without either."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import click
import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
import yaml

from nhigraph.cli.main import nhigraph

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "actions" / "assess"
ACTION = yaml.safe_load((FOLDER / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:writer"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl"}
edges: [{kind: CAN_WRITE, from: "acme:writer", to: "dataset:postgres:erp.fin.gl"}]
"""
SCOPE = """
nhigraph: scope/1
commitments: [S]
as_of: 2026-11-23
targets:
  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
     select: [{key: "dataset:postgres:erp.fin.gl"}]}
"""


def test_the_action_is_one_by_githubs_schema() -> None:
    schemas = files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "github-actions.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(ACTION)


def test_every_input_goes_to_a_script_by_the_environment() -> None:
    given = [value for step in STEPS for value in step.get("env", {}).values()]
    used = re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", " ".join(given))
    assert sorted(used) == sorted(ACTION["inputs"])
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        if "uses" in step:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"])


@pytest.mark.parametrize("name", ["install.sh", "check.sh"])
def test_a_script_reads_what_its_step_hands_it_and_nothing_else(name: str) -> None:
    script = FOLDER / name
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    (step,) = (step for step in STEPS if name in step.get("run", ""))
    read = set(re.findall(r"NHIGRAPH_\w+", script.read_text(encoding="utf-8")))
    assert read == set(step["env"])


def test_the_action_installs_its_own_version() -> None:
    assert (FOLDER / "../../..").resolve() == ROOT
    assert "$GITHUB_ACTION_PATH/../../.." in (FOLDER / "install.sh").read_text(encoding="utf-8")


def test_the_script_checks_writes_its_summary_and_leaves_the_exit_code(tmp_path: Path) -> None:
    exports = tmp_path / "my exports"
    exports.mkdir()
    (exports / "acme.facts.yaml").write_text(FACTS)
    (tmp_path / "scope.yaml").write_text(SCOPE)
    done = subprocess.run(
        [FOLDER / "check.sh"],
        cwd=tmp_path,
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "NHIGRAPH_INPUTS": "my exports\n\n",
            "NHIGRAPH_SCOPE": "scope.yaml",
            "NHIGRAPH_FAIL_ON": "soc1:direct",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr
    assert "--fail-on soc1:direct: 1 identity, first acme:writer" in done.stderr
    assert "### Who reaches what" in (tmp_path / "summary.md").read_text()
    assert (tmp_path / "output").read_text() == "report=nhigraph-out/report.html\n"
    assert (tmp_path / "nhigraph-out" / "report.html").is_file()


def test_hooks_run_commands_that_there_are() -> None:
    assert [hook["id"] for hook in HOOKS] == ["nhigraph-scope-check", "nhigraph-check"]
    for hook in HOOKS:
        program, *words = hook["entry"].split()
        assert (program, hook["language"], hook["pass_filenames"]) == ("nhigraph", "python", False)
        command: click.Command | None = nhigraph
        for word in words:
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), word)
        assert command is not None
        assert command.params
