"""``nhigraph ask`` through the real command line: what is asked, answered, written and judged."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from nhigraph.cli.main import nhigraph as commands
from tests.e2e.command import inside

WORKFLOW = """
on: [push]
permissions: {contents: read}
jobs:
  load:
    runs-on: ubuntu-latest
    steps: [{run: ./load, env: {PG_DSN: "${{ secrets.ETL_LOADER_PASSWORD }}"}}]
  test:
    runs-on: ubuntu-latest
    steps: [{run: ./test, env: {X: "${{ secrets.CODECOV_TOKEN }}"}}]
"""
FACTS = """
nhigraph: facts/1
nodes:
  - {kind: DatabaseRole, key: "role:postgres:erp/etl_loader"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl"}
edges:
  - {kind: CAN_WRITE, from: "role:postgres:erp/etl_loader", to: "dataset:postgres:erp.fin.gl"}
"""
SCOPE = """\
# The scope of Acme, kept by hand.
nhigraph: scope/1
as_of: 2026-11-23
commitments: [S]   # nothing else
targets:
  - id: gl
    family: financial-reporting
    fs_role: record
    icfr_basis: own
    select: [{key: "dataset:postgres:erp.fin.gl"}]
"""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A checkout, facts and a scope."""
    folder = tmp_path / "in"
    (folder / ".github/workflows").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".github/workflows/ci.yml").write_text(WORKFLOW)
    (folder / "a.facts.yaml").write_text(FACTS)
    (folder / "scope.yaml").write_text(SCOPE)
    return folder


def assessed(folder: Path) -> Path:
    out = folder.parent / "out"
    ran = inside("assess", folder, "--repo", "acme/erp", "--out", out)
    assert ran.code == 0, ran.err
    return out


def rows(out: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((out / name).read_text())))


def soc1(out: Path) -> dict[str, str]:
    return {r["identity"].rpartition("#")[2]: r["soc1"] for r in rows(out, "identities.csv")}


def answered(out: Path, *lines: str, scope: Path | None = None) -> str:
    """What a person sees who types some lines."""
    asked = ["ask", "--graph", str(out), "--interactive"]
    asked += ["--scope", str(scope)] if scope is not None else []
    ran = CliRunner().invoke(commands, asked, input="".join(f"{one}\n" for one in lines))
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_console_page_and_table_say_the_same(given: Path) -> None:
    out = assessed(given)
    table = rows(out, "questions.csv")
    asked = inside("ask", "--graph", out)
    told = json.loads(inside("ask", "--graph", out, "--format", "json").out)["rows"]
    page = (out / "report.html").read_text()
    assert [row["question"] for row in told] == [row["question"] for row in table]
    assert (
        inside("ask", "--graph", out, "--format", "csv").out == (out / "questions.csv").read_text()
    )
    for row, record in zip(table, told, strict=True):
        number = f"decides {row['identities']} identity"
        assert f"{row['rank']}. {row['question']} ({number})" in asked.out
        assert row["question"] in page
        assert number in page
        assert ";".join(one["label"] for one in record["answers"]) == row["answers"]
        assert record["named"] == {**record["answers"][0]["scope"]["answers"][0], "opens": "KEY"}
    key = "opens: KEY in place of opens: nothing"
    assert asked.out.count(f"     or, with a key: {key}\n") == len(table)
    assert page.count(f"with a key: <code>{key}</code>") == len(table)


def test_every_proposal_may_be_pasted_and_counts(given: Path) -> None:
    out = assessed(given)
    told = json.loads(inside("ask", "--graph", out, "--format", "json").out)["rows"]
    for record in told:
        for proposal in record["answers"]:
            text = yaml.safe_dump({**yaml.safe_load(SCOPE), **proposal["scope"]})
            (given / "scope.yaml").write_text(text)
            ran = inside("scope", "check", given, "--repo", "acme/erp")
            assert ran.code == 0, ran.out
            assert "answer" not in ran.out


def test_lines_as_they_are_printed_stand_under_the_heading_that_is_told(given: Path) -> None:
    out = assessed(given)
    asked = inside("ask", "--graph", out)
    assert "a line that begins with `-` goes under `answers:` of the scope file" in asked.err
    questions = re.split(r"(?m)^(?=\d+\. )", asked.out)[1:]
    # Of each the first of its answers, as a person would choose one.
    pasted = [re.search(r"(?m)^     - .*$", text)[0] for text in questions]  # type: ignore[index]
    (given / "scope.yaml").write_text("\n".join((SCOPE, "answers:", *pasted, "")))
    ran = inside("scope", "check", given, "--repo", "acme/erp")
    assert ran.code == 0, ran.out
    left = inside("ask", "--graph", assessed(given)).out
    assert not [text for text in questions if text.partition(". ")[2].split(" (")[0] in left]


def test_a_role_of_the_secrets_name_is_proposed_and_decides_nothing_by_itself(given: Path) -> None:
    out = assessed(given)
    loader = next(r for r in rows(out, "questions.csv") if "ETL_LOADER" in r["subject"])
    assert loader["answers"] == "nothing;role:postgres:erp/etl_loader"
    assert soc1(out)["load"] == "undetermined"


def test_a_person_answers_and_the_scope_is_written_when_told_to(given: Path) -> None:
    out, scope = assessed(given), given / "scope.yaml"
    by_subject = [row["subject"].rpartition("/")[2] for row in rows(out, "questions.csv")]
    lines = {
        "CODECOV_TOKEN": ["1", "uploads coverage", ""],
        "ETL_LOADER_PASSWORD": ["role:postgres:erp/etl_loader", "", "change 12"],
    }
    typed = [line for name in by_subject for line in lines[name]]
    shown = answered(out, *typed, "y", scope=scope)
    assert "2 answers added" in shown
    text = scope.read_text()
    assert text.startswith(SCOPE)
    assert yaml.safe_load(text)["answers"] == [
        {"secret": {"key": "github:acme/erp/secret/CODECOV_TOKEN"}, "opens": "nothing"}
        | {"because": "uploads coverage"},
        {"secret": {"key": "github:acme/erp/secret/ETL_LOADER_PASSWORD"}}
        | {"opens": "role:postgres:erp/etl_loader", "confirmed_by": "change 12"},
    ]
    again = assessed(given)
    assert (soc1(again)["load"], soc1(again)["test"]) == ("direct", "none")
    assert rows(again, "questions.csv") == []
    page = (again / "report.html").read_text()
    assert "Taken on your word" in page
    assert "uploads coverage" in page
    listed = json.loads((again / "coverage.json").read_text())["answers"]
    resting = {one["subject"]: one["identities"] for one in listed}
    assert resting["key: github:acme/erp/secret/CODECOV_TOKEN"] == [
        "github:acme/erp/job/ci.yml#test"
    ]


@pytest.mark.parametrize("last", ["n", ""])
def test_nothing_is_written_unless_told_to(last: str, given: Path) -> None:
    out, scope = assessed(given), given / "scope.yaml"
    assert "nothing was written" in answered(out, "1", "", "", "q", last, scope=scope)
    assert scope.read_text() == SCOPE


def test_the_end_of_the_input_keeps_what_was_answered(given: Path) -> None:
    asked = ["ask", "--graph", str(assessed(given)), "--interactive"]
    ran = CliRunner().invoke(commands, asked, input="1\n\n\n")
    assert ran.exit_code == 0, ran.output
    assert "opens: nothing}" in ran.output


def test_a_label_may_be_typed(given: Path) -> None:
    assert "opens: nothing}" in answered(assessed(given), "nothing", "", "", "q")


def test_a_link_stays_a_link_and_line_ends_stay(given: Path) -> None:
    out = assessed(given)
    real, link = given.parent / "real.yaml", given.parent / "link.yaml"
    real.write_bytes(SCOPE.replace("\n", "\r\n").encode())
    link.symlink_to(real)
    answered(out, "1", "", "", "q", "y", scope=link)
    assert link.is_symlink()
    text = real.read_bytes()
    assert b"opens: nothing" in text
    assert text.count(b"\n") == text.count(b"\r\n")


@pytest.mark.parametrize("mode", [0o444, None])
def test_a_file_that_cannot_be_written_is_told(mode: int | None, given: Path) -> None:
    out, scope = assessed(given), given.parent / "other.yaml"
    if mode is not None:
        scope.write_text(SCOPE)
        scope.chmod(mode)
    asked = ["ask", "--graph", str(out), "--interactive", "--scope", str(scope)]
    ran = CliRunner().invoke(commands, asked, input="1\n\n\nq\ny\n")
    assert ran.exit_code != 0
    assert not scope.exists() or scope.read_text() == SCOPE
    # A file that is not there is told before anything is asked.
    assert ("because" in ran.output) is (mode is not None)


def test_without_a_file_the_answers_are_printed_to_paste(given: Path) -> None:
    shown = answered(assessed(given), "nonsense", "1", "", "", "q")
    assert "no such answer, and no such key: nonsense" in shown
    assert re.search(r"- \{secret: \{key: 'github:acme/erp/secret/\w+'\}, opens: nothing\}", shown)


def test_who_skips_all_is_told_that_nothing_was_answered(given: Path) -> None:
    assert "nothing was answered" in answered(assessed(given), "s", "s")


def test_interactive_has_no_other_form(given: Path) -> None:
    ran = inside("ask", "--graph", assessed(given), "--interactive", "--format", "json")
    assert ran.code == 2
    assert "--interactive" in ran.err


def test_answers_that_stand_twice_are_told_with_both_lines(given: Path) -> None:
    """Not behind a word about a scope that is not there; whichever way the file is given."""
    scope = given / "scope.yaml"
    twice = "answers: [{condition: a, is: true}]\n"
    scope.write_text(SCOPE + twice + twice)
    first = SCOPE.count("\n") + 1
    problem = f"line {first + 1}: the key 'answers' stands here twice, first on line {first}"
    for ran in (
        inside("assess", given, "--out", given.parent / "out"),
        inside("scope", "check", given),
    ):
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert ran.err.startswith(f"nhigraph: scope.yaml {problem}")
    books = given.parent / "books.yaml"
    scope.rename(books)
    ran = inside("assess", given, "--scope", books, "--out", given.parent / "out")
    assert ran.code == 2
    assert f"books.yaml was not read as a scope: books.yaml {problem}" in ran.err


def test_one_sentence_says_what_was_given(given: Path) -> None:
    out = assessed(given)
    asked = inside("ask", "--graph", out)
    told = json.loads((out / "coverage.json").read_text())["next"]
    assert told in asked.err
    assert told == (
        "Given: GitHub Actions, nhigraph facts; 2 verdicts are undetermined. "
        "No missing export would decide any of them alone."
    )
