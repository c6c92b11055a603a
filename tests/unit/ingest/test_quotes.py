"""What of a place is quoted, and what never is."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.ingest.document import Document

POSTGRES = {
    "nhigraph_export": "postgres/1",
    "database": "erp",
    "roles": [{"name": "loader", "superuser": False, "valid_until": None, "comment": "x"}],
    "relations": [
        {"schema": "fin", "name": "ledger", "owner": "loader", "columns": [{"acl": ["a=r/b"]}]}
    ],
    "settings": {"port": 5432, "motd": "", "url": "postgres://loader:CANARY-1@db/erp"},
}
WORKFLOW = """\
on:
  push:
jobs:
  build:
    env:
      TOKEN: ${{ secrets.TOKEN }}
      FALLBACK: ${{ secrets.TOKEN || 'CANARY-2' }}
      OTHER: "{{ env_var('PASSWORD') }}"
      DEFAULT: "{{ env_var('PASSWORD', 'CANARY-3') }}"
      name: CANARY-4
    permissions: {contents: write, id-token: write}
    steps:
      - run: echo
"""


def _document(folder: Path, name: str, text: str) -> Document:
    (folder / name).write_text(text, encoding="utf-8")
    return Document(folder / name, name)


@pytest.mark.parametrize(
    ("why", "pointer", "quotes"),
    [
        (
            "a record with its name, its yes and no, and the names of all else",
            ("roles", 0),
            ("{name: loader, superuser: false, valid_until: null, comment}",),
        ),
        (
            "a member, in its record",
            ("relations", 0, "owner"),
            ("schema: fin, name: ledger", "owner: loader"),
        ),
        ("a record is not told twice", ("roles", 0, "name"), ("name: loader",)),
        (
            "an item goes by its list, in the nearest record that has a name",
            ("relations", 0, "columns", 0, "acl", 0),
            ("schema: fin, name: ledger", "acl: a=r/b"),
        ),
        ("a list", ("roles",), ("roles: [1 items]",)),
        ("the root has no name", (), ("{nhigraph_export, database, roles, relations, settings}",)),
        ("a number", ("settings", "port"), ("port: 5432",)),
        ("an empty text", ("settings", "motd"), ('motd: ""',)),
        ("a yes", ("roles", 0, "superuser"), ("name: loader", "superuser: false")),
        ("no secret", ("settings", "url"), ("url: postgres://loader:***@db/erp",)),
    ],
)
def test_a_place_of_an_export_is_quoted_with_its_record(
    why: str, pointer: tuple[str | int, ...], quotes: tuple[str, ...], tmp_path: Path
) -> None:
    document = _document(tmp_path, "erp.json", json.dumps(POSTGRES, indent=1))
    assert document.at(*pointer).quotes == quotes, why


@pytest.mark.parametrize(
    ("why", "pointer", "quotes"),
    [
        (
            "names of a user's own words alone",
            ("jobs", "build", "env"),
            "TOKEN, FALLBACK, OTHER, DEFAULT, name",
        ),
        ("a right", ("jobs", "build", "permissions", "contents"), "write"),
        ("nothing said", ("on", "push"), "null"),
    ],
)
def test_a_place_of_a_workflow_is_quoted_by_itself(
    why: str, pointer: tuple[str | int, ...], quotes: str, tmp_path: Path
) -> None:
    document = _document(tmp_path, "close.yml", WORKFLOW)
    text = f"{{{quotes}}}" if "," in quotes else quotes
    assert document.at(*pointer).quotes == (f"{pointer[-1]}: {text}",), why


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("TOKEN", "${{ secrets.TOKEN }}"),
        ("OTHER", "{{ env_var('PASSWORD') }}"),
        ("FALLBACK", ""),
        ("DEFAULT", ""),
        ("name", ""),
    ],
)
def test_a_place_that_may_be_secret_is_quoted_only_as_a_reference(
    name: str, quoted: str, tmp_path: Path
) -> None:
    document = _document(tmp_path, "close.yml", WORKFLOW)
    place = document.at("jobs", "build", "env", name, excerpt=False)
    assert place.quotes == ((f"{name}: {quoted}",) if quoted else ())
    assert bool(place.unquoted) is not bool(quoted)
    assert not quoted or quoted in WORKFLOW


def test_records_of_our_own_forms_are_told_by_name_in_yaml_too(tmp_path: Path) -> None:
    facts = "nhigraph: facts/1\nedges:\n- {kind: OWNS, from: a, to: b, condition: CANARY}\n"
    document = _document(tmp_path, "x.facts.yaml", facts)
    assert document.at("edges", 0).quotes == ("{kind: OWNS, from: a, to: b, condition}",)


@pytest.mark.parametrize(
    ("why", "content", "quotes"),
    [
        (
            "dbt's manifest",
            {
                "metadata": {"dbt_schema_version": "x"},
                "nodes": {"model.a": {"name": "a", "meta": {"name": "CANARY"}}},
            },
            [("model.a: {name: a, meta}",), ("name: a", "meta: {name}")],
        ),
        (
            "a forge's listing, whose names people write",
            {"hooks": {"1": {"name": "CANARY", "active": True, "meta": {"name": "CANARY"}}}},
            [("{name, active, meta}",), ("meta: {name}",)],
        ),
    ],
)
def test_names_of_records_are_told_where_the_form_fixes_what_they_are(
    why: str, content: dict[str, Any], quotes: list[tuple[str, ...]], tmp_path: Path
) -> None:
    document = _document(tmp_path, "x.json", json.dumps(content))
    section = next(name for name in content if name != "metadata")
    record = next(iter(content[section]))
    found = [document.at(section, record).quotes, document.at(section, record, "meta").quotes]
    assert found == quotes, why


def test_a_line_is_told_only_where_the_document_has_more_than_one(tmp_path: Path) -> None:
    for name, indent, line in (("one.json", None, 0), ("many.json", 1, 3)):
        place = _document(tmp_path, name, json.dumps({"a": [1, {"b": 2}]}, indent=indent)).at(
            "a", 0
        )
        assert (place.line, place.pointer) == (line, "/a/0")
    place = _document(tmp_path, "one.yaml", "{a: [1, 2]}\n").at("a", 1)
    assert (place.line, place.full_place) == (0, "one.yaml /a/1")


def test_no_line_of_a_quote_is_longer_than_a_reader_follows(tmp_path: Path) -> None:
    record = {"name": "n" * 80, "schema": "s" * 80, "path": "p" * 80, "owner": "o" * 9000}
    document = _document(tmp_path, "long.json", json.dumps({"records": [record]}))
    for pointer in (("records", 0), ("records", 0, "owner")):
        assert all(len(line) <= 160 + len("owner: ") for line in document.at(*pointer).quotes)
