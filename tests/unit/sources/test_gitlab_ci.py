"""Pipelines of GitLab, case by case, against what a reader of the file would say.

The cases stand in ``gitlab_ci/*.yaml``, written by hand before the source was asked. Each file is
valid by the schema that check-jsonschema carries, unless its case says that GitLab refuses it.
"""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
import yaml

from nhigraph.facts.facts import Note, Refused
from nhigraph.facts.tables import FactTable
from nhigraph.ingest import yaml_text
from nhigraph.ingest.discover import discover
from nhigraph.sources.gitlab_ci import INGESTOR
from tests.unit.sources.gitlab_views import CASES as CASE_FILES
from tests.unit.sources.gitlab_views import Told, cases, written
from tests.unit.sources.told import told

CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_a_pipeline_says_what_a_reader_of_it_would(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = Told.of(written(case, tmp_path / "erp"))

    assert sorted(found.jobs) == sorted(case["is"])
    for job, said in case["is"].items():
        view = found.view(job)
        for word, expected in said.items():
            found_there = view[word]
            if word == "env" and expected:
                assert isinstance(found_there, dict)
                found_there = {one: found_there.get(one) for one in expected}
            if word == "options":
                assert isinstance(found_there, dict)
                found_there = {one: found_there.get(one) for one in expected}
            assert found_there == expected, f"{job}: {word}"
    assert sorted(found.read) == sorted(case.get("read", []))
    assert found.lines(Note) == case.get("notes", found.lines(Note))
    assert found.lines(Refused) == case.get("refused", [])
    assert found.pipeline_gaps == case.get("gaps", found.pipeline_gaps)
    assert found.triggers == case.get("triggers", found.triggers)


@pytest.mark.parametrize("name", CASES)
def test_no_secret_of_a_case_is_told(name: str, tmp_path: Path) -> None:
    found = Told.of(written(CASES[name], tmp_path / "erp"))
    assert "CANARY" not in repr(found.facts)


def schema() -> dict[str, Any]:
    """The schema of ``.gitlab-ci.yml``."""
    file = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "gitlab-ci.json"
    found: dict[str, Any] = json.loads(file.read_text())
    return found


VALID = jsonschema.Draft7Validator(schema())


@pytest.mark.parametrize("name", [name for name in CASES if "invalid" not in CASES[name]])
def test_a_case_is_such_as_the_schema_allows(name: str) -> None:
    case = CASES[name]
    texts = {".gitlab-ci.yml": case["main"], **case.get("files", {})}
    for file, text in texts.items():
        if not file.endswith(".yml"):
            continue
        content = followed(yaml_text.parse(text, file)[-1].value)
        problems = [error.message for error in VALID.iter_errors(content)]
        assert not problems, f"{file}: {problems[0]}"


def followed(value: object, *, in_variables: bool = False) -> object:
    """What a file says, with a text in place of a reference to one."""
    if isinstance(value, yaml_text.Reference):
        return "a text" if in_variables else value
    if isinstance(value, dict):
        inside = {name: in_variables or name == "variables" for name in value}
        return {name: followed(one, in_variables=inside[name]) for name, one in value.items()}
    return value


def test_there_are_as_many_cases_as_were_asked_for() -> None:
    assert len(CASES) >= 80
    assert sum("invalid" not in case for case in CASES.values()) >= 80
    assert yaml.__version__


def test_every_fact_of_a_whole_project_is_told_with_its_place() -> None:
    """Against the lines that were checked by hand, each with file, pointer and line."""
    folder = CASE_FILES / "first"
    lines = []
    for doc in discover([folder]).documents:
        if doc.path.suffix == ".yml" and INGESTOR.recognises(doc):
            facts = (one for one in INGESTOR.read(doc) if not isinstance(one, FactTable))
            lines += [f"{fact.evidence.artifact}: {told(fact)}" for fact in facts]
    assert lines == (folder / "expected.txt").read_text().splitlines()
