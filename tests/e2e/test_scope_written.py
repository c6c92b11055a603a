"""A scope file made and added to by the tool: by numbers, and by questions to a person."""

import io
import sys
from pathlib import Path

import pytest
import yaml

from tests.e2e.command import inside

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:writer"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl_entries"}
  - {kind: Dataset, key: "dataset:postgres:erp.crm.customers"}
  - {kind: Report, key: "acme:report/weekly-visits"}
edges:
  - {kind: CAN_WRITE, from: "acme:writer", to: "dataset:postgres:erp.fin.gl_entries"}
"""
MINE = """\
nhigraph: scope/1  # of Acme
x-ticket: 12  # not the tool's
commitments: [S]
targets:
  # the old one
  - {id: old, family: trust-service, commitments: [S], select: [{key: "acme:writer"}]}  # stays
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "acme.facts.yaml").write_text(FACTS)
    return tmp_path


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _proposed(folder: Path) -> dict[str, int]:
    """Ids and numbers, as ``suggest`` prints them."""
    told = inside("scope", "suggest", "in", cwd=folder).out
    heads = (line[3:] for line in told.splitlines() if line[:4].startswith("## ") and ": " in line)
    pairs = (head.split(":")[0].split(". ") for head in heads if head[0].isdecimal())
    return {name: int(number) for number, name in pairs}


def _ids(path: Path) -> list[str]:
    return [one["id"] for one in yaml.safe_load(path.read_text())["targets"]]


def test_numbers_make_a_file_that_can_be_judged(folder: Path) -> None:
    proposed = _proposed(folder)
    assert list(proposed.values()) == [1, 2, 3]
    ran = inside(
        *("scope", "suggest", "in", "--accept", "2-3, 1", "--icfr-basis", "own"),
        *("--organization", 'Ac"me'),
        cwd=folder,
    )
    assert ran.code == 0, ran.err
    assert "scope.yaml: made with 3 targets: " in ran.out
    assert "next: nhigraph scope check in --scope scope.yaml" in ran.err
    made = yaml.safe_load((folder / "scope.yaml").read_text())
    assert made["organization"] == 'Ac"me'
    assert _ids(folder / "scope.yaml") == [*proposed]
    financial = [one for one in made["targets"] if one["family"] == "financial-reporting"]
    assert {one["icfr_basis"] for one in financial} == {"own"}
    checked = inside("scope", "check", "in", "--scope", "scope.yaml", cwd=folder)
    assert checked.code == 0
    assert "error" not in checked.out
    judged = inside(
        "assess", "in", "--scope", "scope.yaml", "--fail-on", "soc1:direct", cwd=folder
    )
    assert judged.code == 1, judged.err


def test_what_is_there_stays_and_is_not_added_twice(folder: Path) -> None:
    path = folder / "mine.yaml"
    path.write_text(MINE)
    number = _proposed(folder)["general-ledger"]
    asked = ("scope", "suggest", "in", "--accept", str(number), "--scope", "mine.yaml")
    first = inside(*asked, cwd=folder)
    assert "mine.yaml: added 1 target: general-ledger" in first.out
    once = path.read_text()
    assert once.startswith(MINE)
    assert _ids(path) == ["old", "general-ledger"]
    again = inside(*asked, cwd=folder)
    assert "has these already: general-ledger" in again.out
    assert path.read_text() == once


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("0", "0 names no proposal; there are 3, 1 to 3"),
        ("2-9", "2-9 names no proposal"),
        ("3-1", "3-1 names no proposal"),
        ("a", "'a' is no number; expected a list such as 1,2,5-7"),
        ("1,,2", "'' is no number"),
        ("1-", "'1-' is no number"),
    ],
)
def test_a_number_of_nothing_writes_nothing(numbers: str, said: str, folder: Path) -> None:
    ran = inside("scope", "suggest", "in", "--accept", numbers, cwd=folder)
    assert ran.code == 2
    assert said in ran.err
    assert not (folder / "scope.yaml").exists()


@pytest.mark.parametrize("file", ["nowhere/scope.yaml", "broken.yaml", "list.yaml"])
def test_a_file_that_cannot_be_written_is_left_alone(file: str, folder: Path) -> None:
    (folder / "broken.yaml").write_text("a: [\n")
    (folder / "list.yaml").write_text("- a\n")
    ran = inside("scope", "suggest", "in", "--accept", "1", "--scope", file, cwd=folder)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert (folder / "broken.yaml").read_text() == "a: [\n"
    assert (folder / "list.yaml").read_text() == "- a\n"
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize(
    "text",
    [
        "name: books\nversion: '1.0'\n",
        "",
        "- a\n",
        "targets: []\n",
        "nhigraph: facts/1\nnodes: []\n",
    ],
    ids=["dbt_project", "empty", "list", "without a head", "facts"],
)
def test_nothing_is_written_into_a_file_that_is_no_scope(folder: Path, text: str) -> None:
    """A wrong name after --scope: dbt's project file was given targets."""
    (folder / "other.yml").write_text(text)
    ran = inside("scope", "suggest", "in", "--accept", "1", "--scope", "other.yml", cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    told = "--scope: other.yml is no scope/1, which says `nhigraph: scope/1` on top: nothing was"
    assert told in ran.err
    assert (folder / "other.yml").read_text() == text


@pytest.mark.parametrize("written", ["\ufeff{}", "{}\r\n"], ids=["byte order mark", "line ends"])
def test_a_scope_as_another_editor_left_it_is_added_to(folder: Path, written: str) -> None:
    text = written.format(MINE).replace("\n", "\r\n") if "\r" in written else written.format(MINE)
    (folder / "scope.yaml").write_text(text, encoding="utf-8", newline="")
    ran = inside("scope", "suggest", "in", "--accept", "1", cwd=folder)
    assert ran.code == 0, ran.err
    assert _ids(folder / "scope.yaml")[0] == "old"
    assert len(_ids(folder / "scope.yaml")) == 2
    assert inside("scope", "check", "in", "--scope", "scope.yaml", cwd=folder).code == 0


def test_a_person_is_asked_and_the_file_says_what_they_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed = _proposed(folder)
    takes = ["y" if "customer" not in name else "n" for name in proposed]
    # The report has no role that a name would tell.
    roles = {"report-weekly-visits": ["none"]}
    answers = [
        line
        for take, name in zip(takes, proposed, strict=True)
        for line in (take, *(roles.get(name, []) if take == "y" else []))
    ]
    said = ["Acme", "S, x", "c s", *answers, "own"]
    monkeypatch.setattr(sys, "stdin", _Terminal("\n".join(said) + "\n"))
    ran = inside("scope", "init", "in", cwd=folder)
    assert ran.code == 0, ran.err
    assert "no category 'X'" in ran.out
    assert "\\x" not in ran.out
    made = yaml.safe_load((folder / "scope.yaml").read_text())
    assert (made["organization"], made["commitments"]) == ("Acme", ["S", "C"])
    taken = {one["id"]: one["fs_role"] for one in made["targets"]}
    assert taken == {"general-ledger": "record", "report-weekly-visits": "none"}
    assert {one["icfr_basis"] for one in made["targets"]} == {"own"}


@pytest.mark.parametrize("said", ["", "Acme\n", "Acme\nS\ny\n"])
def test_who_stops_writes_nothing(
    said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal(said))
    ran = inside("scope", "init", "in", cwd=folder)
    assert ran.code == 0
    assert "nothing was written" in ran.out
    assert not (folder / "scope.yaml").exists()


def test_without_a_terminal_options_say_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ran = inside("scope", "init", "in", cwd=folder)
    assert ran.code == 2
    assert "--accept 1,2" in ran.err
    options = ("--accept", "1", "--commitments", "S,A", "--icfr-basis", "both")
    ran = inside("scope", "init", "in", *options, cwd=folder)
    assert ran.code == 0, ran.err
    made = yaml.safe_load((folder / "scope.yaml").read_text())
    assert made["commitments"] == ["S", "A"]
    again = inside("scope", "init", "in", *options, cwd=folder)
    assert again.code == 2
    assert "scope.yaml is there" in again.err
