"""Answers that name somebody: whom a job becomes, who decides at a gate; and their questions."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from nhigraph.app.ask import ask
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.output import instead
from nhigraph.schema.controls import GATE_TESTS
from tests.shapes.curve import _FACTS as FACTS
from tests.shapes.curve import _SCOPE as SCOPE

ROLE, BOOKS = "acme:deployer", "dataset:postgres:erp.fin.gl"
JOB = "github:acme/erp/job/ci.yml#deploy"
GATE = "github:acme/erp/protection/?"
LOGIN = """
on: push
permissions: {id-token: write}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@0123456789abcdef0123456789abcdef01234567
        with: {role-to-assume: "${{ vars.ROLE }}", aws-region: eu-west-1}
"""
WRITES = """
on: push
permissions: {contents: write}
jobs:
  deploy: {runs-on: ubuntu-latest, steps: [{run: make}]}
"""
YES = [{"gate": GATE, "test": test, "is": True} for test in GATE_TESTS]


def judged(folder: Path, workflow: str, *told: object, gates: Sequence[object] = ()) -> Judged:
    """A checkout with one job; a repository that supports the books; an account of each kind."""
    (folder / ".github/workflows").mkdir(parents=True, exist_ok=True)
    (folder / ".git").mkdir(exist_ok=True)
    (folder / ".github/workflows/ci.yml").write_text(workflow)
    nodes = [
        {"kind": "ServiceAccount", "key": ROLE},
        {"kind": "User", "key": "acme:controller"},
        {"kind": "Repository", "key": "github:acme/erp"},
    ]
    edges = [
        {"kind": "CAN_WRITE", "from": ROLE, "to": BOOKS},
        {"kind": "FEEDS", "from": "github:acme/erp", "to": BOOKS},
    ]
    facts = {**FACTS, "nodes": [*FACTS["nodes"], *nodes], "edges": [*FACTS["edges"], *edges]}
    (folder / "a.facts.yaml").write_text(yaml.safe_dump({**facts, "gates": [*gates]}))
    (folder / "scope.yaml").write_text(yaml.safe_dump({**SCOPE, "answers": list(told)}))
    return of_collection(collect([folder], repo="acme/erp"), option="2026-11-23")


def standing(found: Judged) -> dict[str, tuple[str, str]]:
    many = rows(Analysis(found.estate)).identities
    return {row.identity: (row.soc1, row.exposure) for row in many}


def said(found: Judged) -> list[str]:
    return [f"{one.level}: {one.problem}" for one in found.resolved.problems]


def asked(found: Judged) -> list[QuestionRow]:
    return [*ask(found).rows]


# -- whom a job becomes -------------------------------------------------------------------------


def test_whom_a_job_becomes_is_asked_and_may_be_named(tmp_path: Path) -> None:
    found = judged(tmp_path, LOGIN)
    assert standing(found)[JOB][0] == "undetermined"
    (row,) = asked(found)
    assert row.question.startswith("Whom does ci / deploy become? Not known: whom the job becomes")
    assert row.named == {"gap": {"at": JOB}, "becomes": "KEY"}
    assert instead(row) == "becomes: KEY in place of is: empty"
    assert row.identities == 1


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_job_that_becomes_somebody_does_what_that_one_may(
    confirmed: bool, tmp_path: Path
) -> None:
    answer = {"gap": {"at": JOB}, "becomes": ROLE} | ({"confirmed_by": "ops"} if confirmed else {})
    found = judged(tmp_path, LOGIN, answer)
    assert not said(found)
    assert standing(found)[JOB][0] == "direct"
    edges = found.estate.graph.edges
    made = edges[(edges["kind"] == "CAN_ASSUME")]["certainty"].tolist()
    assert made == ["certain" if confirmed else "assumed"]
    assert not asked(found)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            {"gap": {"at": JOB}, "becomes": "acme:nobody"},
            "error: no input describes acme:nobody, which it is said to open",
        ),
        (
            {"gap": {"at": ROLE}, "becomes": ROLE},
            f"warning: this answer is no longer needed: nothing asks for it (key: {ROLE})",
        ),
    ],
)
def test_one_that_names_nobody_known_leaves_it_open(
    answer: object, problem: str, tmp_path: Path
) -> None:
    found = judged(tmp_path, LOGIN, answer)
    assert said(found) == [problem]
    assert standing(found)[JOB][0] == "undetermined"


# -- gates --------------------------------------------------------------------------------------


def test_a_branch_has_a_rule_or_has_none(tmp_path: Path) -> None:
    (row,) = asked(judged(tmp_path, WRITES))
    of = {"default": "branch_protection", "of": {"key": "github:acme/erp"}}
    assert [(one.label, one.scope) for one in row.proposals] == [
        ("none", {"answers": [{**of, "is": "none"}]}),
        ("there is one", {"answers": [{**of, "is": "review"}]}),
    ]


@pytest.mark.parametrize(
    ("answers", "exposure", "left"),
    [
        ([], "undetermined", "Does a review stand before the default branch of acme/erp"),
        (YES, "undetermined", f"Who decides at {GATE}"),
        ([*YES, {"gate": GATE, "approvers": ["acme:controller"]}], "gated", None),
        ([*YES, {"gate": GATE, "approvers": ["github:user/ada"]}], "gated", None),
        ([*YES, {"gate": GATE, "approvers": [ROLE]}], "open", None),
        ([*YES, {"gate": GATE, "approvers": "nobody"}], "open", None),
    ],
)
def test_a_gate_is_asked_about_until_it_holds_or_fails(
    answers: list[object], exposure: str, left: str | None, tmp_path: Path
) -> None:
    """Whatever is answered, either a question is left or nothing is undecided."""
    found = judged(tmp_path, WRITES, *answers)
    assert not said(found)
    assert standing(found)[JOB] == ("direct", exposure)
    questions = [row.question for row in asked(found)]
    assert len(questions) == (left is not None)
    assert all(left is not None and one.startswith(left) for one in questions)


DECIDED = {"key": GATE, "kind": "review", "approvers": ["acme:controller"], "tests": {}}


@pytest.mark.parametrize(
    ("approvers", "gate", "problem"),
    [
        (["acme:nobody"], None, "error: no input describes acme:nobody, who is said to decide"),
        ([ROLE], DECIDED, "error: a document shows that acme:controller decide"),
        (
            "nobody",
            {**DECIDED, "approvers": [], "tests": {"human": True}},
            "error: a document answers human with yes",
        ),
    ],
)
def test_who_decides_against_what_documents_say(
    approvers: object, gate: object, problem: str, tmp_path: Path
) -> None:
    answer = {"gate": GATE, "approvers": approvers}
    found = judged(tmp_path, WRITES, answer, gates=[gate] if gate else [])
    assert said(found) == [problem]
    before = judged(tmp_path, WRITES, gates=[gate] if gate else [])
    assert standing(found) == standing(before)


def test_where_a_document_says_that_a_person_decides_nobody_is_asked_who(tmp_path: Path) -> None:
    """That there is none would speak against it."""
    gate = {**DECIDED, "approvers": [], "tests": dict.fromkeys(GATE_TESTS, True)}
    assert not asked(judged(tmp_path, WRITES, gates=[gate]))


def test_one_answer_about_a_gate_says_one_thing(tmp_path: Path) -> None:
    found = judged(tmp_path, WRITES, {"gate": GATE, "approvers": [ROLE], "test": "human"})
    errors = [reason for level, _, _, reason in found.resolved.unread if level == "error"]
    assert len(errors) == 1
    assert "one answer says one thing, not approvers and test" in errors[0]
