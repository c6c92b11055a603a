"""Which commands of dbt open a connection, as dbt itself did (``dbt_commands.py``)."""

import json
from pathlib import Path

import pytest

from nhigraph.policy import dbt
from nhigraph.policy.scripts.tools import runs
from nhigraph.policy.shell import commands
from tests.unit.joins.company import NIGHTLY, Company, edges, gaps, standard
from tests.unit.joins.dbt_commands import ANSWERS, COMMANDS

CASES = json.loads(ANSWERS.read_text(encoding="utf-8"))
#: They had nothing to do: what is selected decides, and that is not read off a command.
IDLE = {"run --select nothing_of_that_name", "test --select nothing_of_that_name"}
WORKFLOW = ".github/workflows/nightly.yml"


def connects(line: str) -> bool:
    """What the product makes of one line of a script."""
    found = list(runs(commands(line)))
    return any(dbt.connects(run.name, dict(run.options)) for run in found)


def test_the_product_says_of_every_command_what_dbt_did() -> None:
    different = [
        case["command"]
        for case in CASES
        if connects(f"dbt {case['command']}") != (case["connects"] or case["command"] in IDLE)
    ]
    assert different == []


def test_the_answers_are_those_of_the_commands() -> None:
    """Nobody edits them: every command was put to dbt, and both answers are among them."""
    assert [case["command"] for case in CASES] == list(COMMANDS)
    assert {case["connects"] for case in CASES} == {True, False}


def changed(tmp_path: Path, line: str) -> Company:
    """The company whose job runs one line, without a secret."""
    company = standard(tmp_path)
    text = NIGHTLY.replace("dbt build --profiles-dir . --target prod", line)
    company.files[WORKFLOW] = text.replace("DBT_PASSWORD: ${{ secrets.DBT_PASSWORD }}", "A: b")
    return company


@pytest.mark.parametrize(
    "line",
    [
        "dbt deps --profiles-dir .",
        "dbt parse --profiles-dir . --target prod",
        "dbt ls --select +revenue --profiles-dir .",
        "dbt --no-use-colors list --profiles-dir .",
        "dbt clean",
        "dbt debug --config-dir",
        "dbt build --help",
        "dbt --version",
        "dbt compile --no-introspect --no-populate-cache --profiles-dir .",
        "python -m dbt parse --profiles-dir .",
        "psql --version",
        "psql -V",
        "psql -U dbt_runner -d erp --help",
        "pg_dump --help",
        "pg_restore --version",
    ],
)
def test_a_command_that_connects_nowhere_leaves_no_gap_and_no_login(
    tmp_path: Path, line: str
) -> None:
    found = changed(tmp_path, line).read()
    assert edges(found, "CAN_ASSUME", "AUTHENTICATES_AS") == []
    assert gaps(found) == []


@pytest.mark.parametrize(
    "line",
    [
        "dbt compile --profiles-dir .",
        "dbt compile --no-introspect --profiles-dir .",
        "dbt docs generate --profiles-dir .",
        "dbt source freshness --profiles-dir .",
        "dbt debug --profiles-dir .",
        "dbt show --select revenue --profiles-dir .",
        "dbt run-operation note --args --help --profiles-dir .",
        "psql -U dbt_runner -d erp -c --version",
        "psql -U dbt_runner -d erp -v --help",
    ],
)
def test_a_command_that_connects_becomes_the_role(tmp_path: Path, line: str) -> None:
    """An option that is the value of another one tells nothing."""
    found = edges(changed(tmp_path, line).read(), "CAN_ASSUME")
    assert any("role:dbt_runner" in one for one in found)


def test_what_a_profile_says_of_a_secret_stands_without_a_connection(tmp_path: Path) -> None:
    """The job has the password, whatever dbt does with it today."""
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace("dbt build", "dbt parse")
    opens = "AUTHENTICATES_AS secret/DBT_PASSWORD role:dbt_runner"
    assert edges(company.read(), "AUTHENTICATES_AS") == [opens]


def test_another_adapter_is_asked_for_by_connecting_commands_only(tmp_path: Path) -> None:
    company = changed(tmp_path, "dbt parse --profiles-dir .")
    profile = "ledger:\n  target: prod\n  outputs:\n    prod: {type: bigquery, method: oauth}\n"
    company.files["transform/profiles.yml"] = profile
    assert not any(one.startswith("job/") for one in gaps(company.read()))
    company.files[WORKFLOW] = company.files[WORKFLOW].replace("dbt parse", "dbt compile")
    job = [one for one in gaps(company.read()) if one.startswith("job/")]
    assert any("bigquery" in one for one in job)
