"""Hooks and operations: what they write and read, as dbt itself did it (``dbt_hooks.py``)."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from nhigraph.facts.ends import Writes
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.ingest.document import Document
from nhigraph.schema.types import Certainty
from nhigraph.sources import dbt
from tests.unit.sources.dbt_hooks import ANSWERS, CASES, COMMANDS, INPUTS, MANIFEST, Case

TOLD = json.loads(ANSWERS.read_text(encoding="utf-8"))
TABLES: list[dict[str, Any]] = TOLD["tables"]
#: Tables that hooks write; models write their own.
LEDGER = [one for one in TABLES if not one["table"].startswith("m_")]
LINEAGE = ("FEEDS", "FILTERS")
#: What text alone does not tell: a procedure, a function, a block of another language.
UNREAD = {"procedure", "function", "do"}
#: The manifest does not say which way it goes; both stand, under a condition.
BRANCHING = {"branch"}


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    document = Document(MANIFEST, "manifest.json")
    return [fact for fact in dbt.INGESTOR.read(document) if isinstance(fact, Fact)]


def table(name: str) -> str:
    schema = "marts" if name.startswith("m_") else "ledger"
    return f"dataset:postgres:books.{schema}.{name}"


def logic(case: Case) -> str:
    """The node of the hook: numbers of operations count from 0."""
    if case.where in ("start", "end"):
        alike = [one for one in CASES if one.where == case.where]
        number = next(at for at, one in enumerate(alike) if one.name == case.name)
        return f"model:dbt:books.books-on-run-{case.where}-{number}"
    return f"model:dbt:books.m_{case.name}"


def edges(facts: Iterable[Fact], *kinds: str, certain: bool = False) -> list[Edge]:
    found = (fact for fact in facts if isinstance(fact, Edge) and fact.kind.label in kinds)
    return [e for e in found if not certain or e.certainty is Certainty.CERTAIN]


def inputs(facts: list[Fact], key: str, *, certain: bool) -> set[str]:
    """Inputs whose lineage reaches a table."""
    into: dict[str, set[str]] = {}
    for edge in edges(facts, *LINEAGE, certain=certain):
        into.setdefault(edge.target, set()).add(edge.source)
    found, waiting = {key}, [key]
    while waiting:
        new = into.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return {name for name in INPUTS if f"dataset:postgres:books.raw.{name}" in found}


def case_of(answer: dict[str, Any]) -> Case:
    return next(case for case in CASES if case.name == answer["case"])


@pytest.mark.parametrize("answer", TABLES, ids=lambda answer: str(answer["table"]))
def test_a_table_is_made_of_what_dbt_made_it_of(facts: list[Fact], answer: dict[str, Any]) -> None:
    moved = {what.partition(":")[0] for what in answer["from"]}
    key = table(answer["table"])
    assert inputs(facts, key, certain=True) <= moved, "nothing is proven that did not happen"
    if answer["case"] in UNREAD:
        assert moved, "dbt did it, and no text says so"
        assert any(isinstance(f, Gap) and f.at == logic(case_of(answer)) for f in facts)
    else:
        assert inputs(facts, key, certain=False) == moved
        if answer["case"] not in BRANCHING:
            assert inputs(facts, key, certain=True) == moved


@pytest.mark.parametrize("answer", LEDGER, ids=lambda answer: str(answer["table"]))
def test_a_hooks_logic_computes_what_it_wrote(facts: list[Fact], answer: dict[str, Any]) -> None:
    case, key = case_of(answer), table(answer["table"])
    computed = [e for e in edges(facts, "COMPUTES") if e.target == key]
    if answer["written"] and case.name not in UNREAD:
        assert {e.source for e in computed} == {logic(case)}
        assert key in {f.target for f in facts if isinstance(f, Writes) and f.at == logic(case)}
    else:
        assert computed == []


def test_only_what_is_not_read_leaves_a_gap(facts: list[Fact]) -> None:
    found = {f.at for f in facts if isinstance(f, Gap)}
    unread = {logic(case) for case in CASES if case.name in UNREAD}
    relations = {f"dataset:postgres:books.marts.m_{name}" for name in UNREAD}
    assert found == unread | relations


@pytest.mark.parametrize("answer", [one for one in TABLES if one["acl"]], ids=lambda a: a["table"])
def test_a_grant_in_a_hook_is_a_right_under_a_condition(
    facts: list[Fact], answer: dict[str, Any]
) -> None:
    """Letters of PostgreSQL's ACL: a for INSERT, r for SELECT, w for UPDATE."""
    letters = {("CAN_WRITE", "post"): "a", ("CAN_READ", None): "r", ("CAN_WRITE", "update"): "w"}
    rights: dict[str, str] = {}
    for edge in edges(facts, "CAN_READ", "CAN_WRITE", "CAN_DELETE"):
        if edge.target == table(answer["table"]):
            assert edge.certainty is Certainty.CONDITIONAL
            name = edge.source.rpartition("/")[2]
            rights[name] = rights.get(name, "") + letters[edge.kind.label, edge.action]
    items = [one.partition("/")[0].partition("=") for one in answer["acl"].strip("{}").split(",")]
    assert {role: sorted(said) for role, said in rights.items()} == {
        role: sorted(said) for role, _, said in items if role != "postgres"
    }


def test_what_a_hook_alone_refers_to_feeds_no_row_of_its_model(facts: list[Fact]) -> None:
    """``depends_on`` of the model has it all the same."""
    (model,) = [
        one
        for uid, one in json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].items()
        if uid == "model.books.m_source"
    ]
    assert "source.books.raw.b" in model["depends_on"]["nodes"]
    made = "dataset:postgres:books.marts.m_source"
    assert {e.source for e in edges(facts, *LINEAGE) if e.target == made} == {
        "dataset:postgres:books.raw.a"
    }


@pytest.mark.parametrize("case", [c for c in CASES if c.where == "function"], ids=lambda c: c.name)
def test_who_changes_a_function_changes_what_its_caller_makes(
    facts: list[Fact], case: Case
) -> None:
    key = f"model:dbt:books.function f_{case.name}"
    made = table(f"m_{case.name}")
    assert made in {e.target for e in edges(facts, "COMPUTES") if e.source == key}
    assert key in {e.target for e in edges(facts, "CONTAINS")}


def test_what_a_function_reads_is_not_only_what_it_depends_on() -> None:
    """``depends_on`` of a function lacks what ``source`` names in it (dbt-core 1.11.16)."""
    functions = json.loads(MANIFEST.read_text(encoding="utf-8"))["functions"]
    body = functions["function.books.f_body_source"]
    assert "raw" in body["raw_code"]
    assert body["depends_on"]["nodes"] == []


def test_the_answers_are_those_of_the_cases() -> None:
    """Nobody edits them: every case was put to dbt, and most of them wrote."""
    assert {one["case"] for one in TABLES} == {case.name for case in CASES}
    assert list(TOLD["commands"]) == list(COMMANDS)
    assert sum(bool(one["written"]) for one in TABLES) > len(CASES) * 3 // 4
