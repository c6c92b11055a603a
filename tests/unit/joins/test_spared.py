"""What whoever pushes reads: secrets that their lists do not keep from him."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from tests.unit.joins.company import edges

HOST = "git.corp.example"
PROJECT = f"gitlab:{HOST}/acme/data/erp"
AT = f"{HOST}/projects/acme%2Fdata%2Ferp"
PIPELINE = """
post: {script: [psql], variables: {PGPASSWORD: $DSN}}
deploy: {script: [psql], variables: {PGPASSWORD: $DSN}, environment: production}
"""
GIT = f'[remote "origin"]\n\turl = git@{HOST}:acme/data/erp.git\n'
KEYS = [{"id": 5, "title": "sync", "can_push": True}]
ALONE, DOUBT = "", "if the variable is not protected, which its listing says"


def variable(scope: str, *, protected: bool) -> dict[str, object]:
    said = {"key": "DSN", "variable_type": "env_var", "environment_scope": scope}
    return {**said, "protected": protected}


def read_by_push(folder: Path, lists: dict[str, object]) -> dict[str, str]:
    """What the grant of pushing reads, and under which condition."""
    given: dict[str, object] = {f"{AT}/deploy_keys": KEYS, **lists}
    files = {"erp/.gitlab-ci.yml": PIPELINE, "erp/.git/config": GIT}
    files |= {f"{address}.json": json.dumps(content) for address, content in given.items()}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    start = f"CAN_READ {PROJECT}/permission/push {PROJECT}/"
    lines = [line for line in edges(collect([folder]), "CAN_READ") if line.startswith(start)]
    found = (line.removeprefix(start).partition(" ") for line in lines)
    return {secret: condition for secret, _, condition in found}


OF_ALL, OF_PRODUCTION = "variable/DSN", "environment/production/variable/DSN"
OPEN, KEPT = variable("*", protected=False), variable("*", protected=True)
CASES = {
    "no list": (None, {OF_ALL: DOUBT, OF_PRODUCTION: DOUBT}),
    "an empty list": ([], {OF_ALL: DOUBT, OF_PRODUCTION: DOUBT}),
    "protected": ([KEPT], {}),
    "not protected": ([OPEN], {OF_ALL: ALONE, OF_PRODUCTION: ALONE}),
    "the environment's own is kept": (
        [OPEN, variable("production", protected=True)],
        {OF_ALL: ALONE},
    ),
    "the environment's own is open": (
        [KEPT, variable("production", protected=False)],
        {OF_PRODUCTION: ALONE},
    ),
    "a pattern comes before all": (
        [KEPT, variable("prod*", protected=False)],
        {"environment/prod*/variable/DSN": ALONE, OF_PRODUCTION: ALONE},
    ),
    "two patterns that differ": (
        [variable("prod*", protected=False), variable("p*", protected=True)],
        {"environment/prod*/variable/DSN": ALONE, OF_ALL: DOUBT, OF_PRODUCTION: DOUBT},
    ),
    "another environment's": (
        [KEPT, variable("staging", protected=False)],
        {"environment/staging/variable/DSN": ALONE},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_push_reads_the_list_of_variables_says(tmp_path: Path, case: str) -> None:
    listed, expected = CASES[case]
    lists: dict[str, object] = {} if listed is None else {f"{AT}/variables": listed}
    assert read_by_push(tmp_path, lists) == expected


@pytest.mark.parametrize(
    ("own", "of_group", "expected"),
    [
        ([], [KEPT], {}),
        ([], [OPEN], {OF_ALL: ALONE, OF_PRODUCTION: ALONE}),
        ([KEPT], [OPEN], {}),
        ([OPEN], [KEPT], {OF_ALL: ALONE, OF_PRODUCTION: ALONE}),
        # Without the project's own list it may have one of the name.
        (None, [KEPT], {OF_ALL: DOUBT, OF_PRODUCTION: DOUBT}),
    ],
)
def test_a_groups_variable_stands_where_the_project_has_none(
    tmp_path: Path,
    own: list[object] | None,
    of_group: list[object],
    expected: dict[str, str],
) -> None:
    lists: dict[str, object] = {f"{HOST}/groups/acme/variables": of_group}
    lists |= {} if own is None else {f"{AT}/variables": own}
    assert read_by_push(tmp_path, lists) == expected
