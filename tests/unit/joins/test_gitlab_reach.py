"""Tokens that read variables, and jobs that start pipelines: what either comes to."""

import json
from pathlib import Path

import pytest

from tests.documents import native
from tests.documents.judging import judge, of

HOST = "git.corp.example"
PROJECT, OTHER = f"gitlab:{HOST}/acme/data/erp", f"gitlab:{HOST}/acme/ops/site"
AT, THERE = f"{HOST}/projects/acme%2Fdata%2Ferp", f"{HOST}/projects/acme%2Fops%2Fsite"
Files = dict[str, object]


def scope(key: str) -> str:
    return f"""
nhigraph: scope/1
as_of: 2026-11-28
commitments: [C]
targets:
  - {{id: it, family: trust-service, commitments: [C], select: [{{key: "{key}"}}]}}
"""


def answer(folder: Path, who: str, target: str, files: Files) -> tuple[str, str]:
    """What of the target an identity reads, and how certain that is; of its gaps, no row."""
    for name, content in {**files, "scope.yaml": scope(target)}.items():
        text = content if isinstance(content, str) else json.dumps(content)
        place = folder / (name if isinstance(content, str) else f"{name}.json")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    rows = of(judge([folder]).verdicts, identity=who)
    said = {row["target"]: (row["soc2"], row["certainty"]) for row in rows}
    return said.get("trust:C/it", said.get("*", ("", "")))


def checkout(folder: str, project: str, pipeline: str) -> Files:
    remote = f'[remote "origin"]\n\turl = git@{HOST}:{project}.git\n'
    return {f"{folder}/.git/config": remote, f"{folder}/.gitlab-ci.yml": pipeline}


# -- tokens that only read ----------------------------------------------------------------------


def token(level: int, *scopes: str) -> list[Files]:
    return [{"id": 9, "scopes": [*scopes], "access_level": level, "revoked": False}]


def variable(name: str = "DSN", **said: object) -> Files:
    return {"key": name, "variable_type": "env_var", "environment_scope": "*", **said}


OWN = f"{PROJECT}/variable/DSN"
GROUPS = f"gitlab:{HOST}/groups/acme/variable/DSN"
INNER = f"gitlab:{HOST}/groups/acme/data/variable/DSN"
OF_PROJECT, OF_GROUP = f"{PROJECT}/access-token/9", f"gitlab:{HOST}/groups/acme/access-token/9"
LISTED: Files = {f"{AT}/variables": [variable()]}
READS, MAY, NOTHING, OPEN = ("C", "can"), ("C", "may"), ("", ""), ("undetermined", "may")
TOKENS: dict[str, tuple[Files, tuple[str, str], tuple[str, str]]] = {
    "a Maintainer's token reads the project's variables": (
        {f"{AT}/access_tokens": token(40, "read_api"), **LISTED},
        (OF_PROJECT, OWN),
        READS,
    ),
    "a Developer's does not": (
        {f"{AT}/access_tokens": token(30, "read_api"), **LISTED},
        (OF_PROJECT, OWN),
        NOTHING,
    ),
    "nor does one that reads code alone": (
        {f"{AT}/access_tokens": token(40, "read_repository"), **LISTED},
        (OF_PROJECT, OWN),
        NOTHING,
    ),
    "nobody is shown a hidden one": (
        {
            f"{AT}/access_tokens": token(40, "read_api"),
            f"{AT}/variables": [variable(hidden=True, masked=True)],
        },
        (OF_PROJECT, OWN),
        NOTHING,
    ),
    "a protected one is shown": (
        {
            f"{AT}/access_tokens": token(40, "read_api"),
            f"{AT}/variables": [variable(protected=True)],
        },
        (OF_PROJECT, OWN),
        READS,
    ),
    "one for an environment is shown": (
        {
            f"{AT}/access_tokens": token(50, "read_api"),
            f"{AT}/variables": [variable(environment_scope="production")],
        },
        (OF_PROJECT, f"{PROJECT}/environment/production/variable/DSN"),
        READS,
    ),
    "without the list it may be shown one that a job names": (
        {
            f"{AT}/access_tokens": token(40, "read_api"),
            **checkout("erp", "acme/data/erp", "j: {script: [psql], variables: {D: $DSN}}"),
        },
        (OF_PROJECT, OWN),
        MAY,
    ),
    "without the list nobody knows what else it reads": (
        {
            f"{AT}/access_tokens": token(40, "read_api"),
            AT: {"path_with_namespace": "acme/data/erp"},
        },
        (OF_PROJECT, f"gitlab:{HOST}"),
        OPEN,
    ),
    "what its group keeps a project's token is not shown": (
        {
            f"{AT}/access_tokens": token(50, "read_api"),
            f"{AT}/variables": [],
            f"{HOST}/groups/acme/variables": [variable()],
        },
        (OF_PROJECT, GROUPS),
        NOTHING,
    ),
    "a group's Owner token reads the group's": (
        {
            f"{HOST}/groups/acme/access_tokens": token(50, "read_api"),
            f"{HOST}/groups/acme/variables": [variable()],
        },
        (OF_GROUP, GROUPS),
        READS,
    ),
    "and those of the groups inside": (
        {
            f"{HOST}/groups/acme/access_tokens": token(50, "read_api"),
            f"{HOST}/groups/acme%2Fdata/variables": [variable()],
        },
        (OF_GROUP, INNER),
        READS,
    ),
    "a group's Maintainer token does not read the group's": (
        {
            f"{HOST}/groups/acme/access_tokens": token(40, "read_api"),
            f"{HOST}/groups/acme/variables": [variable()],
        },
        (OF_GROUP, GROUPS),
        NOTHING,
    ),
    "it reads those of the group's projects": (
        {f"{HOST}/groups/acme/access_tokens": token(40, "read_api"), **LISTED},
        (OF_GROUP, OWN),
        READS,
    ),
    "another group's does not": (
        {f"{HOST}/groups/ac/access_tokens": token(50, "read_api"), **LISTED},
        (f"gitlab:{HOST}/groups/ac/access-token/9", OWN),
        NOTHING,
    ),
}


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_that_only_reads_is_shown_what_its_role_is(tmp_path: Path, case: str) -> None:
    files, (who, target), expected = TOKENS[case]
    assert answer(tmp_path, who, target, files) == expected


# -- jobs that start pipelines ------------------------------------------------------------------

START = "start: {trigger: acme/ops/site}\nclean: {script: [make]}\n"
RUNS = "load: {script: ['psql -f load.sql'], variables: {PGPASSWORD: $DSN}}\n"
#: Nothing that any job is handed unnamed.
EMPTY: Files = {
    f"{HOST}/groups/{one}/variables": [] for one in ("acme", "acme%2Fdata", "acme%2Fops")
} | {f"{AT}/variables": [], f"{THERE}/variables": [variable()]}
SITE: Files = {"path_with_namespace": "acme/ops/site", "default_branch": "main"}
NO_ONE = {"ci_pipeline_variables_minimum_override_role": "no_one_allowed"}
TARGET = f"{OTHER}/variable/DSN"
STARTS: dict[str, tuple[Files, tuple[str, str]]] = {
    "the other project's variable is in reach where it takes variables": (
        {**checkout("site", "acme/ops/site", RUNS), THERE: SITE},
        MAY,
    ),
    "nobody says who may set any": (checkout("site", "acme/ops/site", RUNS), MAY),
    "from Developers on": (
        {
            **checkout("site", "acme/ops/site", RUNS),
            THERE: {**SITE, "ci_pipeline_variables_minimum_override_role": "developer"},
        },
        MAY,
    ),
    "not where nobody may": (
        {**checkout("site", "acme/ops/site", RUNS), THERE: {**SITE, **NO_ONE}},
        NOTHING,
    ),
    "everybody may where that is not asked": (
        {
            **checkout("site", "acme/ops/site", RUNS),
            THERE: {**SITE, **NO_ONE, "restrict_user_defined_variables": False},
        },
        MAY,
    ),
    "what is not among the inputs is not known": ({}, OPEN),
}


@pytest.mark.parametrize("case", STARTS)
@pytest.mark.parametrize("who", ["a job", "a trigger's token"])
def test_who_starts_a_pipeline_may_change_it_by_variables(
    tmp_path: Path, case: str, who: str
) -> None:
    """A job of another project and a trigger's token alike."""
    more, expected = STARTS[case]
    files = {**checkout("erp", "acme/data/erp", START), **EMPTY, **more}
    identity = f"{PROJECT}/job/start"
    if who != "a job":
        identity = f"{OTHER}/trigger/7"
        files |= {f"{THERE}/triggers": [{"id": 7, "description": "nightly"}]}
    assert answer(tmp_path, identity, TARGET, files) == expected


@pytest.mark.parametrize(
    ("pipeline", "job", "expected"),
    [
        ("start: {trigger: acme/ops/site}", "start", NOTHING),
        ("start: {trigger: {include: child.yml}}", "start", MAY),
        ("start: {trigger: acme/ops/site, variables: {PW: $DSN}}", "start", READS),
        ("run: {script: [make]}", "run", READS),
    ],
)
def test_a_job_that_only_starts_another_pipeline_is_handed_what_it_names(
    tmp_path: Path, pipeline: str, job: str, expected: tuple[str, str]
) -> None:
    """A child has its own jobs, which are handed all; what they run it may change."""
    files: Files = {
        **checkout("erp", "acme/data/erp", f"{pipeline}\n"),
        "erp/child.yml": "load: {script: [make]}\n",
        **checkout("site", "acme/ops/site", "build: {script: [make]}\n"),
        **EMPTY,
        **LISTED,
        f"{THERE}/variables": [],
    }
    assert answer(tmp_path, f"{PROJECT}/job/{job}", OWN, files) == expected


# -- who keeps the variable that a job names ----------------------------------------------------

LOADS = "script: ['psql -h db -U poster -d erp -f load.sql'], variables: {PGPASSWORD: $DSN}"
NAMES = f"load: {{{LOADS}}}\nidle: {{script: [make], tags: [apart]}}\n"
THERE_TOO = (
    f"load: {{{LOADS}, environment: production}}\nidle: {{script: [make], tags: [apart]}}\n"
)
ACME, DATA = f"{HOST}/groups/acme/variables", f"{HOST}/groups/acme%2Fdata/variables"
OWN_LIST = f"{AT}/variables"
ELSEWHERE = variable(environment_scope="production")
#: By the job that names it and by one that is only handed it: what they read by it.
KEPT: dict[str, tuple[str, Files, tuple[str, str], tuple[str, str]]] = {
    "the project": (NAMES, {OWN_LIST: [variable()], ACME: [], DATA: []}, READS, READS),
    "the project, for whatever environment": (
        THERE_TOO,
        {OWN_LIST: [variable()], ACME: [], DATA: []},
        READS,
        READS,
    ),
    "the project, for that environment alone": (
        THERE_TOO,
        {OWN_LIST: [ELSEWHERE], ACME: [], DATA: []},
        READS,
        NOTHING,
    ),
    "the project, one for that environment and one for others": (
        THERE_TOO,
        {OWN_LIST: [ELSEWHERE, variable()], ACME: [], DATA: []},
        READS,
        MAY,
    ),
    "a group": (NAMES, {OWN_LIST: [], ACME: [variable()], DATA: []}, READS, READS),
    "a group, for whatever environment": (
        THERE_TOO,
        {OWN_LIST: [], ACME: [variable()], DATA: []},
        READS,
        READS,
    ),
    "the nearer group": (NAMES, {OWN_LIST: [], ACME: [], DATA: [variable()]}, READS, READS),
    "both groups: the nearer one's stands": (
        NAMES,
        {OWN_LIST: [], ACME: [variable()], DATA: [variable()]},
        READS,
        READS,
    ),
    "a group, and the nearer one's list is not given": (
        NAMES,
        {OWN_LIST: [], ACME: [variable()]},
        READS,
        OPEN,
    ),
    "a group, for some environment": (
        NAMES,
        {OWN_LIST: [], ACME: [], DATA: [ELSEWHERE]},
        READS,
        OPEN,
    ),
    "the server": (
        NAMES,
        {OWN_LIST: [], ACME: [], DATA: [], f"{HOST}/admin/ci/variables": [variable()]},
        READS,
        READS,
    ),
    "nobody says": (NAMES, {}, READS, OPEN),
}


@pytest.mark.parametrize("case", KEPT)
@pytest.mark.parametrize("job", ["load", "idle"])
def test_what_a_variable_opens_is_known_wherever_it_is_kept(
    tmp_path: Path, case: str, job: str
) -> None:
    """By the job that names it, and so by all that are handed it."""
    pipeline, lists, named, handed = KEPT[case]
    export = native.export(
        "erp",
        {"host": "db", "port": 5432},
        {"admin": {"superuser": True}, "poster": {}},
        [],
        {"fin": ["poster=U/admin"]},
        [native.relation("fin", "gl", "admin", ["poster=r/admin"])],
        "admin",
    )
    # Its jobs' tokens push nothing, so that one job is not the other by that.
    record: Files = {"path_with_namespace": "acme/data/erp", "default_branch": "main"}
    record |= {"ci_push_repository_for_job_token_allowed": False}
    files = {**checkout("erp", "acme/data/erp", pipeline), AT: record, **lists}
    files |= {"erp.postgres": export}
    found = answer(tmp_path, f"{PROJECT}/job/{job}", "dataset:postgres:erp.fin.gl", files)
    assert found == (named if job == "load" else handed)


# -- a server below a folder of its host --------------------------------------------------------


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("gitlab/acme/data/erp", OPEN),
        ("acme/data/erp", READS),
        ("gitlab/acme/data/site", NOTHING),
        ("gitlab/deep/acme/data/erp", NOTHING),
        ("other/erp", NOTHING),
    ],
)
def test_a_project_whose_files_may_have_another_name_is_open(
    tmp_path: Path, remote: str, expected: tuple[str, str]
) -> None:
    """What pushes to it may run what the checkout of the longer address shows."""
    files: Files = {
        **checkout("erp", remote, "load: {script: [make]}\n"),
        f"{AT}/deploy_keys": [{"id": 5, "title": "sync", "can_push": True}],
        f"{AT}/variables": [],
        ACME: [],
        DATA: [],
    }
    target = f"gitlab:{HOST}/{remote}/job/load"
    assert answer(tmp_path, f"{PROJECT}/deploy-key/5", target, files) == expected
