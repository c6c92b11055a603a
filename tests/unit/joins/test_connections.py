"""As whom a run of dbt connects, by flags, variables and folders, as dbt itself says."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from tests.unit.joins.company import edges
from tests.unit.joins.connections import ANSWERS, cases, lay

CASES = json.loads(ANSWERS.read_text(encoding="utf-8"))
REPOSITORY = "acme/erp"


def workflow(number: int, case: dict[str, object]) -> str:
    """A job that runs dbt as the case says, with a secret of its own."""
    variables = {**dict(case["env"]), "DBT_PASSWORD": f"${{{{ secrets.S{number} }}}}"}  # type: ignore[call-overload]
    env = "".join(f"          {name}: {value}\n" for name, value in variables.items())
    folder = f"        working-directory: {case['in']}\n" if case["in"] else ""
    return (
        "on: push\npermissions: {contents: read}\njobs:\n  run:\n    runs-on: ubuntu-latest\n"
        f"    steps:\n      - run: dbt build {case['flags']}\n{folder}        env:\n{env}"
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """Per case, the roles its secret opens, with their conditions."""
    root: Path = tmp_path_factory.mktemp("cases") / "erp"
    lay(root)
    place = root / ".github" / "workflows"
    place.mkdir(parents=True)
    for number, case in enumerate(CASES):
        (place / f"w{number}.yml").write_text(workflow(number, case), encoding="utf-8")
    found: dict[int, list[str]] = {number: [] for number in range(len(CASES))}
    for line in edges(collect([root], repo=REPOSITORY), "AUTHENTICATES_AS"):
        _, secret, rest = line.split(" ", 2)
        found[int(secret.removeprefix("secret/S"))].append(rest.removeprefix("role:"))
    return found


def certain(roles: list[str]) -> list[str]:
    """Roles without a condition but the one on the server's address, which the cases share."""
    tunnel = " if what answers on the job's own machine is the server whose export was read"
    plain = [role.removesuffix(tunnel) for role in roles]
    return [role for role in plain if " if " not in role]


def test_every_run_connects_as_dbt_connects(opened: dict[int, list[str]]) -> None:
    different = []
    for number, case in enumerate(CASES):
        if case["user"] is not None and certain(opened[number]) != [case["user"]]:
            different.append((case, opened[number]))
    assert different == []


def test_a_run_that_dbt_refuses_is_certain_of_nobody(opened: dict[int, list[str]]) -> None:
    """It fails in this checkout; what it may do elsewhere is a condition or a gap."""
    different = []
    for number, case in enumerate(CASES):
        if case["user"] is None and certain(opened[number]):
            different.append((case, opened[number]))
    assert different == []


def test_the_answers_are_those_of_the_cases() -> None:
    assert [(c["in"], c["flags"], c["env"]) for c in CASES] == cases()
    users = {case["user"] for case in CASES}
    assert {"root_dev", "root_prod", "dbt_dev", "dbt_prod", "other_dev", "ci_prod", None} <= users
    assert sum(case["user"] is not None for case in CASES) >= 70
