"""Which file a project's pipelines run, by its record and by a merged configuration."""

import json
from pathlib import Path

import pytest

from nhigraph.facts.facts import Node, Note
from nhigraph.ingest.discover import discover
from nhigraph.schema import kinds as k
from nhigraph.sources.gitlab_ci import INGESTOR

GIT = '[remote "origin"]\n\turl = git@gitlab.com:acme/erp.git\n'
RECORD, LINT = "gitlab.com/projects/acme%2Ferp.json", "gitlab.com/projects/acme%2Ferp/ci/lint.json"
ROOT, OTHER = "root: {script: [make]}", "other: {script: [make]}"
MERGED = {"valid": True, "errors": [], "merged_yaml": "whole: {script: [make]}\n", "includes": []}
NOT_RUN = "the project's settings name another file that its pipelines run: nothing runs this one"
REPLACED = "the merged configuration beside it is read in its place"
PART = "read as a part of the pipeline that includes or starts it"


def record(path: str | None) -> str:
    return json.dumps({"path_with_namespace": "acme/erp", "ci_config_path": path})


ALONE = {"erp/.gitlab-ci.yml": ROOT, "erp/ci/main.yml": OTHER}
Case = tuple[dict[str, str], list[str], dict[str, str]]
CASES: dict[str, Case] = {
    "no record: the one in the root": (ALONE, ["root"], {}),
    "a record that names none": ({**ALONE, RECORD: record("")}, ["root"], {}),
    "a record without a word of it": ({**ALONE, RECORD: record(None)}, ["root"], {}),
    "another file of the project": (
        {**ALONE, RECORD: record("ci/main.yml")},
        ["other"],
        {"erp/.gitlab-ci.yml": NOT_RUN},
    ),
    "another file, from the root on": (
        {**ALONE, RECORD: record("/ci/main.yml")},
        ["other"],
        {"erp/.gitlab-ci.yml": NOT_RUN},
    ),
    "another file, and none in the root": (
        {"erp/ci/main.yml": OTHER, RECORD: record("ci/main.yml")},
        ["other"],
        {},
    ),
    "another file that takes the root's in": (
        {
            "erp/.gitlab-ci.yml": ROOT,
            "erp/ci/main.yml": f"include: .gitlab-ci.yml\n{OTHER}",
            RECORD: record("ci/main.yml"),
        },
        ["other", "root"],
        {"erp/.gitlab-ci.yml": PART},
    ),
    "a file that is not there": (
        {**ALONE, RECORD: record("ci/gone.yml")},
        [],
        {"erp/.gitlab-ci.yml": NOT_RUN},
    ),
    "another project's file": (
        {**ALONE, RECORD: record(".gitlab-ci.yml@acme/pipelines")},
        [],
        {"erp/.gitlab-ci.yml": NOT_RUN},
    ),
    "another project's file of a branch": (
        {**ALONE, RECORD: record("ci/main.yml@acme/pipelines:main")},
        [],
        {"erp/.gitlab-ci.yml": NOT_RUN},
    ),
    "an address": (
        {**ALONE, RECORD: record("https://ci.example/erp.yml")},
        [],
        {"erp/.gitlab-ci.yml": NOT_RUN},
    ),
    "a record beside the files": (
        {**ALONE, "erp/project.json": record("ci/main.yml")},
        ["other"],
        {"erp/.gitlab-ci.yml": NOT_RUN},
    ),
    "another project's record": (
        {**ALONE, "gitlab.com/projects/acme%2Fsite.json": record("ci/main.yml")},
        ["root"],
        {},
    ),
    "a broken record": ({**ALONE, RECORD: "{"}, ["root"], {}),
    "the merged one at the project's address": (
        {**ALONE, LINT: json.dumps(MERGED)},
        ["whole"],
        {"erp/.gitlab-ci.yml": REPLACED},
    ),
    "the merged one at its address, and no files": ({LINT: json.dumps(MERGED)}, ["whole"], {}),
    "the merged one, whatever the record names": (
        {**ALONE, LINT: json.dumps(MERGED), RECORD: record("ci/main.yml")},
        ["whole"],
        {"erp/.gitlab-ci.yml": REPLACED},
    ),
    "another project's merged one": (
        {**ALONE, LINT.replace("erp", "site"): json.dumps(MERGED)},
        ["root", "whole"],
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_pipelines_of_a_project_are_those_of_the_file_that_it_names(
    tmp_path: Path, case: str
) -> None:
    files, jobs, notes = CASES[case]
    if any(name.startswith("erp/") for name in files):
        files = {"erp/.git/config": GIT, **files}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found: list[str] = []
    told: dict[str, str] = {}
    for doc in discover([tmp_path]).documents:
        if doc.path.name not in ("project.json", "acme%2Ferp.json", "acme%2Fsite.json"):
            for fact in INGESTOR.read(doc) if INGESTOR.recognises(doc) else ():
                if isinstance(fact, Node) and fact.kind is k.CI_JOB:
                    found.append(fact.name or "")
                elif isinstance(fact, Note):
                    told[doc.artifact] = fact.reason
    assert sorted(found) == jobs
    assert told == notes
