"""Whatever a question offers may be pasted, decides what it says, and ends the question.

One estate for each sort of question that can be asked; every offered answer of every question is
pasted and the whole is judged anew. The closing answers are pasted one after another, and decide
as many identities and exposures as was said of each.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from nhigraph.app.ask import ask
from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.questions.why import why
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.questions import words
from tests.unit.joins.test_servers import exported

TODAY = "2026-11-23"
SCOPE: dict[str, Any] = {
    "nhigraph": "scope/1",
    "as_of": TODAY,
    "commitments": ["S", "C"],
    "targets": [
        {
            "id": "gl",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "acme:gl"}],
        },
        {"id": "crm", "family": "trust-service", "commitments": ["C"], "select": [{"key": "t:*"}]},
    ],
}
FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:a"}
  - {kind: ServiceAccount, key: "acme:b"}
  - {kind: DatabaseRole, key: "role:postgres:erp/poster"}
  - {kind: Dataset, key: "acme:gl"}
  - {kind: Dataset, key: "t:crm"}
  - {kind: Dataset, key: "acme:first"}
  - {kind: Dataset, key: "x:y"}
  - {kind: Dataset, key: "x:z"}
edges:
  - {kind: CAN_WRITE, from: "role:postgres:erp/poster", to: "acme:gl"}
"""
LOGS_IN = (
    "{uses: aws-actions/configure-aws-credentials@0123456789abcdef0123456789abcdef01234567, "
    "with: {role-to-assume: '%s', aws-region: eu-west-1}}"
)


def facts(edges: str = "", rest: str = "") -> dict[str, str]:
    """The facts with more edges, and more lists."""
    return {"a.facts.yaml": f"{FACTS}{edges}{rest}"}


def jobs(
    body: str, head: str = "permissions: {contents: read}", edges: str = "", rest: str = ""
) -> dict[str, str]:
    """The facts and a checkout with one job."""
    text = f"on: push\n{head}\njobs:\n  one: {body}\n"
    return {**facts(edges, rest), ".git/HEAD": "", ".github/workflows/ci.yml": text}


def servers() -> dict[str, str]:
    """Two exports, of a name and of an address, and who logs in to one."""
    hosts = {"crm": "10.0.0.1", "erp": "db.internal"}
    told = {f"{n}.json": exported(n, host=host, port=5432) for n, host in hosts.items()}
    run = '{runs-on: ubuntu-latest, steps: [{run: "psql -d crm", env: {PGUSER: loader, '
    run += "PGPASSWORD: '${{ secrets.PG }}'}}]}"
    return {**told, **jobs(run)}


NEEDS = '  - {kind: CAN_WRITE, from: "%s", to: "acme:gl", needs: [{at: "x:use", state: %s}]}\n'
ON_BOX = "{runs-on: %s, steps: [{run: make}]}"
TRUST = "Which cloud identities trust the identity tokens of acme/erp"
GAP = 'gaps:\n  - {at: "%s", reason: "policy not exported"}\n'
#: Behind one node two that are not known: to ask what leads to the first settles more than either.
FORK = "".join(f'  - {{kind: FEEDS, from: "%(at)s", to: "x:{n}"}}\n' for n in "yz")
GAPS = "gaps:\n" + "".join(f'  - {{at: "x:{n}", reason: "not exported"}}\n' for n in "yz")
LEAP = (
    '  - {kind: CAN_WRITE, from: "acme:a", to: "acme:first", certainty: conditional, '
    'condition: "it is a leap year"}\n'
)
FEEDS = '  - {kind: FEEDS, from: "github:acme/erp", to: "acme:gl"}\n'
GATED = '  - {kind: CAN_WRITE, from: "acme:a", to: "acme:gl", gate: "acme:je"}\n'
GATE = 'gates:\n  - {key: "acme:je", kind: %s, tests: {%s}}\n'

#: Sort of question -> an estate, the files of it, and how one of its questions begins.
CASES: Mapping[str, tuple[Callable[[], dict[str, str]], str]] = {
    "a secret": (
        lambda: jobs(
            "{runs-on: ubuntu-latest, steps: [{run: x, env: {A: '${{ secrets.LOAD }}'}}]}"
        ),
        "What does LOAD open",
    ),
    "a need": (
        lambda: facts(NEEDS % ("acme:a", "CONTROL")),
        "Does acme:a hold CONTROL at x:use",
    ),
    "a need of two": (
        lambda: facts(NEEDS % ("acme:a", "READ") + NEEDS % ("acme:b", "READ")),
        "Do acme:a, acme:b hold READ at x:use",
    ),
    "two needs of one": (
        lambda: facts(NEEDS % ("acme:a", "READ") + NEEDS.replace("x:", "y:") % ("acme:a", "READ")),
        "Does acme:a hold READ at y:use",
    ),
    "an end": (
        lambda: facts('  - {kind: CAN_ASSUME, from: "acme:a", to: "x:gone"}\n'),
        "What is x:gone? acme:a leads there (CAN_ASSUME)",
    ),
    "an end of two beside a need": (
        lambda: facts(
            NEEDS % ("acme:a", "READ")
            + "".join(f'  - {{kind: OWNS, from: "acme:{n}", to: "x:gone"}}\n' for n in "ab")
        ),
        "What is x:gone? acme:a, acme:b lead there (OWNS)",
    ),
    "a gap": (
        lambda: facts(rest=GAP % "acme:a"),
        "What is at acme:a? Not known: policy not exported.",
    ),
    "a record that was refused": (
        lambda: facts('  - {kind: CAN_WRITE, from: "acme:a", to: "acme:gl", action: posting}\n'),
        "What is at acme:a? Not known: a CAN_WRITE from here could not be read: ",
    ),
    "a condition": (
        lambda: facts(
            LEAP + FORK % {"at": "acme:first"},
            GAPS,
        ),
        "Is it so that it is a leap year? It is asked for acme:a.",
    ),
    "a gate of no record": (
        lambda: facts(GATED),
        "Does the rule stand: the control acme:je, which no input describes?",
    ),
    "an approval": (
        lambda: facts(GATED, GATE % ("approval", "human: true")),
        "Does the rule stand: the approval acme:je?",
    ),
    "a branch": (
        lambda: jobs(ON_BOX % "ubuntu-latest", "permissions: {contents: write}", FEEDS),
        "Does a review stand before the default branch of acme/erp",
    ),
    "a default": (
        lambda: jobs(ON_BOX % "ubuntu-latest", "", FORK % {"at": "github:acme/erp"}, GAPS),
        "Is the default of GITHUB_TOKEN in acme/erp to read only, or to write",
    ),
    "a variable": (
        lambda: jobs(ON_BOX % "'${{ vars.BOX }}'"),
        "Which machine does the variable BOX of acme/erp name",
    ),
    "a machine": (
        lambda: jobs(ON_BOX % "'${{ inputs.box }}'"),
        "Do all jobs of acme/erp run on the provider's own machines",
    ),
    "tokens": (
        lambda: jobs(ON_BOX % "ubuntu-latest", "permissions: {id-token: write}"),
        f"{TRUST}? No source of this version reads the export of Azure and Google Cloud.",
    ),
    "a login of nobody's": (
        lambda: jobs(
            "{runs-on: ubuntu-latest, steps: [%s]}" % (LOGS_IN % "${{ vars.ROLE }}"),
            "permissions: {id-token: write}",
        ),
        "Whom does ci / one become? Not known: ",
    ),
    "an export": (
        lambda: jobs(
            "{runs-on: ubuntu-latest, steps: [%s]}"
            % (LOGS_IN % "arn:aws:iam::123456789012:role/x"),
            "permissions: {id-token: write}",
        ),
        "Can you give this: AWS: roles, their policies and trust? It tells what ",
    ),
    "two servers": (servers, "Are postgres:crm and postgres:erp one server"),
}


class Estate:
    """Files of an estate, judged under answers."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.folder = folder
        for name, text in files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)

    def judged(self, answers: list[Any]) -> Judged:
        """It, where these are pasted into the scope."""
        text = yaml.safe_dump({**SCOPE, "answers": answers})
        (self.folder / "scope.yaml").write_text(text)
        return of_collection(collect([self.folder], repo="acme/erp"))


def standing(found: Judged) -> tuple[set[str], set[tuple[str, str]]]:
    """Identities that are undecided, and pairs of which the exposure is."""
    many = rows(Analysis(found.estate))
    undecided = {row.identity for row in many.identities if row.verdict == "undetermined"}
    exposed = {
        (row.identity, row.target)
        for row in many.verdicts
        if row.exposure == "undetermined" and row.target != "*"
    }
    return undecided, exposed


def same(one: QuestionRow, other: QuestionRow) -> bool:
    return (one.kind, one.subject, one.question) == (other.kind, other.subject, other.question)


@pytest.mark.parametrize("case", CASES)
def test_every_answer_that_is_offered_decides_what_it_says(case: str, tmp_path: Path) -> None:
    files, begins = CASES[case]
    estate = Estate(tmp_path, files())
    found = estate.judged([])
    asked = ask(found).rows
    assert any(row.question.startswith(begins) for row in asked), [row.question for row in asked]
    assert len({(row.kind, row.subject, row.question) for row in asked}) == len(asked)
    left, exposed = standing(found)
    told: list[Any] = []
    for row in asked:
        for number, one in enumerate(row.proposals):
            again = estate.judged([*told, *one.scope["answers"]])
            where = f"{row.question} {one.label}"
            assert not again.resolved.problems, where
            assert not [i for i in again.issues if "/answers" in i.pointer], where
            assert not any(same(row, other) for other in ask(again).rows), where
            now, open_now = standing(again)
            if number == 0:
                assert now <= left, where
                freed = left - now
                assert len(freed) == row.identities, where
                besides = {pair for pair in exposed - open_now if pair[0] not in freed}
                assert len(besides) == row.rows, where
                after = now, open_now
        told += row.proposals[0].scope["answers"]
        left, exposed = after
    assert not left, "all closing answers together leave nobody undecided"


def test_every_sentence_of_a_question_is_asked_by_a_case() -> None:
    """A new sort of question brings its own."""
    helpers = {"listed", "deciders"}  # deciders: of a gate that is answered, by another test
    sorts = {
        name
        for name, made in vars(words).items()
        if callable(made)
        and getattr(made, "__module__", "") == words.__name__
        and not name.startswith("_")
    }
    first = {
        "secret": "What does LOAD",
        "trusted": "Which cloud",
        "variable": "Which machine",
        "runner": "Do all jobs",
        "same": "Are postgres",
        "export": "Can you give",
        "unread": "What is at",
        "needs": "Does acme:a hold",
        "leads": "What is x:gone",
        "becomes": "Whom does",
        "condition": "Is it so",
        "token_default": "Is the default",
        "branch": "Does a review",
        "gate": "Does the rule",
    }
    assert sorts - helpers == first.keys()
    begun = [begins for _, begins in CASES.values()]
    assert all(any(re.match(re.escape(one), it) for it in begun) for one in first.values())


# -- what a need that is held opens -------------------------------------------------------------

HELD = "{gap: {at: 'acme:a', for: 'x:use'}, is: held%s}"
OPENS = {
    "on somebody's word": (HELD % "", ("direct", "may")),
    "confirmed": (HELD % ", confirmed_by: ops", ("direct", "can")),
    "all that waits there": ("{gap: {at: 'acme:a'}, is: held}", ("direct", "may")),
    "the keys by a pattern": ("{gap: {at: 'acme:*', for: 'x:*'}, is: held}", ("direct", "may")),
    "another node": ("{gap: {at: 'acme:a', for: 'x:other'}, is: held}", ("undetermined", "may")),
    "it is not held": ("{gap: {at: 'acme:a', for: 'x:use'}, is: empty}", ("none", "")),
    "nothing is there": ("{gap: {at: 'acme:a'}, is: empty}", ("none", "")),
    "what is said of one node goes before what is said of all": (
        f"{{gap: {{at: 'acme:a'}}, is: empty}}, {HELD % ''}",
        ("direct", "may"),
    ),
}


@pytest.mark.parametrize("case", OPENS)
def test_what_waits_for_a_need_holds_where_it_is_met(case: str, tmp_path: Path) -> None:
    text, expected = OPENS[case]
    estate = Estate(tmp_path, facts(NEEDS % ("acme:a", "CONTROL")))
    found = estate.judged(yaml.safe_load(f"[{text}]"))
    answered = rows(Analysis(found.estate))
    soc1 = {row.identity: row.soc1 for row in answered.identities}["acme:a"]
    said = {row.identity: row.certainty for row in answered.verdicts}.get("acme:a", "")
    assert (soc1, said) == expected


@pytest.mark.parametrize(
    ("valid", "soc1"),
    [("valid_until: 2026-11-22", "none"), ("valid_until: 2026-11-23", "direct")],
)
def test_what_is_held_counts_on_the_days_of_its_edge(
    valid: str, soc1: str, tmp_path: Path
) -> None:
    edge = NEEDS.replace("needs:", f"{valid}, needs:") % ("acme:a", "CONTROL")
    found = Estate(tmp_path, facts(edge)).judged(yaml.safe_load(f"[{HELD % ''}]"))
    answered = rows(Analysis(found.estate)).identities
    assert {row.identity: row.soc1 for row in answered}["acme:a"] == soc1


def test_needs_that_inputs_describe_are_still_needed(tmp_path: Path) -> None:
    """Only what no input describes is taken to be held."""
    edge = NEEDS.replace("needs: [", 'needs: [{at: "acme:gl", state: READ}, ')
    found = Estate(tmp_path, facts(edge % ("acme:a", "CONTROL"))).judged(
        yaml.safe_load(f"[{HELD % ''}]")
    )
    answered = rows(Analysis(found.estate)).identities
    assert {row.identity: row.soc1 for row in answered}["acme:a"] == "none"


def test_a_node_tells_only_the_gaps_that_no_answer_closes(tmp_path: Path) -> None:
    """Commands and pages alike: what is answered is asked no more."""
    edge = NEEDS % ("acme:a", "CONTROL") + NEEDS.replace("x:use", "x:other") % ("acme:a", "READ")
    said = Estate(tmp_path, facts(edge)).judged(
        yaml.safe_load('[{gap: {at: "acme:a", for: "x:use"}, is: empty}]')
    )
    (reasons,) = said.estate.gap_reasons.values()
    assert [one for one in reasons if "x:other" in one] == [*reasons]
    start = said.estate.graph.node_id("acme:a")
    assert start is not None
    assert why(said, start, "acme:gl").gaps == {"acme:a": "; ".join(reasons)}
    assert assess(said).gap_reasons == {"acme:a": reasons}
