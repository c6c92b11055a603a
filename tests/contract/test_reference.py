"""The reference is printed from the declarations: printing it anew changes nothing."""

from pathlib import Path

from nhigraph.app.sources import source_rows
from nhigraph.docsgen import commands, formats, rows, tables
from nhigraph.docsgen.written import pages, schemas
from nhigraph.schema import claims, scope_told
from tests.docs.reading import headings

DOCS = Path(__file__).parents[2] / "docs"
AGAIN = "run `.venv/bin/python -m nhigraph.docsgen docs/reference` and commit what it changes"


def _there(folder: str, pattern: str) -> dict[str, str]:
    found = sorted((DOCS / folder).glob(pattern))
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def test_printing_the_reference_anew_changes_nothing() -> None:
    told, there = pages(), _there("reference", "*")
    assert sorted(told) == sorted(there), AGAIN
    assert [name for name in told if told[name] != there[name]] == [], AGAIN


def test_printing_the_schemas_anew_changes_nothing() -> None:
    told, there = schemas(), _there("schema", "*.json")
    assert sorted(told) == sorted(there), AGAIN
    assert [name for name in told if told[name] != there[name]] == [], AGAIN


def test_every_field_of_the_formats_is_told_and_no_other() -> None:
    assert tuple(scope_told.SCOPE) == claims.TOP_FIELDS
    assert set(scope_told.TARGET) == set(claims.TARGET_FIELDS)
    assert {name: set(fields) for name, fields in formats.FACTS.items()} == {
        name: set(fields) for name, fields in formats.FIELDS.items()
    }


def test_every_column_of_every_row_has_a_sentence() -> None:
    every = {one for _, _, one in rows.FILES} | {t for ts in rows.ANSWERS.values() for t in ts}
    bare = [
        f"{row.__name__}.{column}"
        for row in sorted(every, key=lambda one: one.__name__)
        for column, said in tables.meanings(row).items()
        if not said
    ]
    assert bare == [], "say it in the row's docstring, under Attributes"


def test_every_command_that_prints_json_has_a_schema_and_no_other() -> None:
    printing = {
        name
        for name, command in commands.commands()
        if any(one.name == "form_name" for one in command.params)
    }
    assert printing == set(rows.ANSWERS)


def test_every_source_says_what_it_cannot_see() -> None:
    assert [row.source for row in source_rows() if not row.blind_spots] == []


def test_no_page_of_the_reference_has_two_headings_of_one_anchor() -> None:
    for name, text in pages().items():
        found = headings(text)
        assert sorted(set(found)) == sorted(found), name
