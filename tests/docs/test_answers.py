"""What is printed and written is what the reference says of it."""

import csv
import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest

from nhigraph.docsgen.rows import ANSWERS, FILES
from nhigraph.docsgen.tables import meanings
from nhigraph.docsgen.written import schemas
from tests.docs.command import nhigraph

#: Arguments that make each command print each of its rows; a dot stands for the folder.
ASKED = (
    ("scope check", "exports", "--scope", "scope.yaml"),
    ("sources",),
    ("coverage",),
    ("population",),
    ("ask",),
    ("which",),
    ("which", "--vendor", "cardwell"),
    ("who", "fin:revenue"),
    ("who", "dataset:postgres:erp.marts.revenue"),
    ("why", "dbt_runner", "fin:revenue", "--alternatives"),
    ("why", "archive.yml#ship", "fin:cash"),
    ("reach", "dbt_runner"),
    ("blast", "DBT_PASSWORD"),
    ("radius",),
    ("cut", "fin:revenue"),
    ("cut", "fin:revenue", "--choke-points"),
    ("rotate",),
    ("what-if", "--remove", "dbt_runner"),
    ("diff", "nhigraph-out", "nhigraph-out"),
    ("check", "exports", "--scope", "scope.yaml", "--fail-on", "any", "--out", "gate"),
    ("findings",),
    ("explain", "dbt_runner"),
    ("explain", "R12"),
)


def test_every_command_with_a_schema_is_asked() -> None:
    assert {name for name, *_ in ASKED} == set(ANSWERS)


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_an_answer_in_json_is_as_its_schema_says(asked: tuple[str, ...], assessed: Path) -> None:
    name, *arguments = asked
    ran = nhigraph(*name.split(), *arguments, "--format", "json", cwd=assessed)
    # Of a gate the answer is the exit code, too.
    assert ran.code == (1 if name == "check" else 0), ran.err
    answer = json.loads(ran.out)
    schema = json.loads(schemas()[f"{name.replace(' ', '-')}-1.schema.json"])
    jsonschema.Draft7Validator(schema).validate(answer)
    items = schema["properties"]["rows"]["items"]
    known = [set(one["properties"]) for one in items.get("anyOf", [items])]
    assert all(set(row) in known for row in answer["rows"]), "a column without a sentence"
    if name != "diff":
        assert answer["rows"] or name == "scope check"


def test_the_tables_of_an_output_folder_are_those_told_with_their_columns(assessed: Path) -> None:
    folder = assessed / "nhigraph-out"
    for name, _, row in FILES:
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            assert next(csv.reader(stream)) == list(meanings(row)), name
    assert {path.name for path in folder.glob("*.csv")} == {name for name, _, _ in FILES}
