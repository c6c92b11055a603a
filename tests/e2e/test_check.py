"""The gate of continuous integration: what fails, what does not, and the summary of it."""

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import Said, inside

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:writer"}
  - {kind: ServiceAccount, key: "acme:other"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl"}
edges:
  - {kind: CAN_WRITE, from: "acme:writer", to: "dataset:postgres:erp.fin.gl"}
"""
NEW = '  - {kind: CAN_WRITE, from: "acme:other", to: "dataset:postgres:erp.fin.gl"}\n'
SCOPE = """
nhigraph: scope/1
commitments: [S]
as_of: 2026-11-23
targets:
  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
     select: [{key: "dataset:postgres:erp.fin.gl"}]}
"""
HOSTILE = "acme:|<img src=x>[a](javascript:x)`*b*_c_ http://a.example www.a.example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    _facts(tmp_path, FACTS)
    (tmp_path / "in" / "scope.yaml").write_text(SCOPE)
    return tmp_path


@pytest.fixture
def baseline(folder: Path) -> Path:
    assert inside("assess", "in", "--out", "before", cwd=folder).code == 0
    return folder / "before"


def _facts(folder: Path, text: str) -> None:
    (folder / "in" / "acme.facts.yaml").write_text(text)


def _check(folder: Path, *options: str) -> Said:
    return inside("check", "in", *options, cwd=folder)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "nothing would fail"),
        (("--fail-on", "none"), "nothing would fail"),
        (("--fail-on-new", "new"), "give the --baseline"),
        (("--baseline", "before", "--fail-on-new", "none"), "nothing would fail"),
        (("--baseline", "before", "--fail-on-new", "worse"), "--fail-on-new: expected one of"),
        (("--baseline", "nhigraph-out"), "one folder"),
        (("--baseline", "nhigraph-out/graph"), "one folder"),
        (("--fail-on", "soc3"), "expected one of"),
    ],
)
def test_a_gate_that_gates_nothing_is_refused(
    options: tuple[str, ...], said: str, folder: Path
) -> None:
    ran = _check(folder, *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not (folder / "nhigraph-out").exists()


def test_a_baseline_that_is_not_there_says_how_to_make_one(folder: Path) -> None:
    ran = _check(folder, "--baseline", "before")
    assert ran.code == 3
    assert "nhigraph assess … --out DIR" in ran.err


def test_what_is_found_fails_and_what_is_not_does_not(folder: Path) -> None:
    assert _check(folder, "--fail-on", "soc1:direct").code == 1
    assert _check(folder, "--fail-on", "soc2:A").code == 0
    assert (folder / "nhigraph-out" / "report.html").is_file()


@pytest.mark.parametrize(
    ("fail_on", "changed", "why"),
    [
        ("soc2:A", ("[S]", "[S, C]"), "does not commit to A"),
        ("soc2", ("[S]", "[]"), "commits to none"),
        ("soc1:direct", ("fs_role: record", "fs_role: none"), "names no books"),
        ("any", ("commitments: [S]", "commitments: []"), ""),
        ("soc2:S", ("", ""), ""),
    ],
)
def test_a_gate_that_can_never_fail_says_so(
    folder: Path, fail_on: str, changed: tuple[str, str], why: str
) -> None:
    """It would pass whatever comes."""
    (folder / "in" / "scope.yaml").write_text(SCOPE.replace(*changed))
    _facts(folder, FACTS.replace("CAN_WRITE", "CAN_READ"))
    said = _check(folder, "--fail-on", fail_on)
    assert said.code == 0
    line = f"--fail-on {fail_on}: it cannot be found, as the scope {why}"
    assert (line in said.err.splitlines()) == bool(why)
    assert ("cannot be found" in said.err) == bool(why)


def test_what_the_baseline_knows_does_not_fail_and_what_is_new_does(
    folder: Path, baseline: Path
) -> None:
    same = _check(folder, "--baseline", "before")
    assert same.code == 0, same.err
    assert "no answer changed" in same.out or "nothing differs" in same.out
    _facts(folder, FACTS + NEW)
    worse = _check(folder, "--baseline", "before", "--summary", "told.md")
    assert worse.code == 1
    assert "acme:other" in worse.err
    told = (folder / "told.md").read_text()
    assert "### Against the baseline: 1 answer new or worse" in told
    assert _check(folder, "--baseline", "before", "--fail-on-new", "new:soc2").code == 0
    # Compared the other way, what went away fails nobody.
    shutil.copytree(folder / "nhigraph-out", folder / "later")
    _facts(folder, FACTS)
    better = _check(folder, "--baseline", "later", "--summary", "better.md")
    assert better.code == 0, better.err
    assert "1 answer went away, or got better" in (folder / "better.md").read_text()


@pytest.mark.parametrize(
    ("facts", "scope", "options", "code"),
    [
        ("nodes: [", SCOPE, ("--fail-on", "soc2:A"), 3),
        ("nodes: [", SCOPE, ("--fail-on", "soc1:direct"), 1),
        ("", SCOPE.replace("fin.gl", "fin.gi"), ("--fail-on", "soc1:direct"), 3),
        ("", SCOPE.replace("fin.gl", "fin.gi"), ("--baseline", "before"), 3),
        ("", SCOPE, ("--strict",), 0),
    ],
    ids=["unread", "unread-and-found", "scope-error", "scope-error-and-baseline", "strict"],
)
def test_what_could_not_be_decided_is_not_let_through(
    facts: str, scope: str, options: tuple[str, ...], code: int, folder: Path, baseline: Path
) -> None:
    if facts:
        (folder / "in" / "broken.facts.yaml").write_text(f"nhigraph: facts/1\n{facts}\n")
    (folder / "in" / "scope.yaml").write_text(scope)
    assert _check(folder, *options).code == code


def _rows(ran: Said) -> list[dict[str, Any]]:
    told: dict[str, Any] = json.loads(ran.out)
    assert told["nhigraph"] == "check/1"
    assert told["exit_code"] == ran.code
    assert told["answer"]
    rows: list[dict[str, Any]] = told["rows"]
    # Whatever does not pass is a row, and no row passes: the exit code is one of theirs.
    assert ran.code in {0 if not rows else row["exit_code"] for row in rows or [{}]}
    return rows


def test_as_json_a_gate_says_what_does_not_pass_and_nothing_else(
    folder: Path, baseline: Path
) -> None:
    passed = _check(folder, "--fail-on", "soc2:A", "--format", "json")
    assert (passed.code, _rows(passed)) == (0, [])
    failed = _check(folder, "--fail-on", "soc1:direct", "--format", "json")
    (row,) = _rows(failed)
    assert (row["what"], row["option"]) == ("found", "fail-on soc1:direct")
    assert (row["identity"], row["targets"]) == ("acme:writer", ["fin:gl"])
    assert (row["soc1"], row["exposure"], row["before"]) == ("direct", "open", "")
    assert "--fail-on soc1:direct: 1 identity, first acme:writer" in failed.err
    people = _check(folder, "--fail-on", "soc1:direct")
    assert json.loads(failed.out)["answer"] == people.out.splitlines()[0]
    _facts(folder, FACTS + NEW)
    new = _check(folder, "--baseline", "before", "--format", "json")
    assert new.code == 1
    told = json.loads(new.out)
    assert (told["before"]["as_of"], told["after"]["as_of"]) == ("2026-11-23", "2026-11-23")
    rows = _rows(new)
    assert {row["what"] for row in rows} == {"worse"}
    assert {row["option"] for row in rows} == {"baseline"}
    assert {tuple(row["targets"]) for row in rows} <= {("fin:gl",), ()}
    assert {(row["identity"], row["before"]) for row in rows} == {("acme:other", "neither")}


def test_that_another_program_read_the_baseline_is_told(folder: Path, baseline: Path) -> None:
    line = "read by different builds of nhigraph"
    assert line not in _check(folder, "--baseline", "before").err
    manifest = baseline / "graph" / "manifest.json"
    stated = json.loads(manifest.read_bytes())
    stated["meta"]["program"] = "0"
    manifest.write_bytes(json.dumps(stated).encode())
    for form in ("table", "json"):
        ran = _check(folder, "--baseline", "before", "--format", form)
        assert ran.code == 0, ran.err
        assert ran.err.count(line) == 1
        assert (
            inside("diff", "before", "nhigraph-out", "--format", form, cwd=folder).err.count(line)
            == 1
        )


def test_as_csv_it_has_the_same_rows_and_a_header_without_any(folder: Path) -> None:
    csv_ = _check(folder, "--fail-on", "soc1:direct", "--format", "csv")
    json_ = _check(folder, "--fail-on", "soc1:direct", "--format", "json")
    (row,) = csv.DictReader(io.StringIO(csv_.out))
    (same,) = _rows(json_)
    assert row == {
        name: ";".join(value) if isinstance(value, list) else str(value)
        for name, value in same.items()
    }
    passed = _check(folder, "--fail-on", "soc2:A", "--format", "csv").out
    assert passed == csv_.out.splitlines(keepends=True)[0]


def test_what_keeps_a_gate_from_deciding_is_a_row_with_its_place(
    folder: Path, baseline: Path
) -> None:
    (folder / "in" / "broken.facts.yaml").write_text("nhigraph: facts/1\nnodes: [\n")
    (folder / "in" / "half.facts.yaml").write_text(
        'nhigraph: facts/1\nnodes:\n  - {kind: Dataset, key: "acme:a"}\n'
        '  - {kind: Datset, key: "acme:b"}\n'
    )
    both = ("--fail-on", "soc2:A", "--baseline", "before", "--strict")
    rows = _rows(_check(folder, *both, "--format", "json"))
    unread = [(one["artifact"], one["pointer"]) for one in rows if one["what"] == "unread"]
    assert sorted(unread) == sorted(set(unread)), "said once, though two options ask"
    assert {name for name, _ in unread} == {"broken.facts.yaml", "half.facts.yaml"}
    assert ("half.facts.yaml", "/nodes/1") in unread
    assert all(one["reason"] for one in rows if one["what"] == "unread")
    assert {one["exit_code"] for one in rows if one["what"] == "unread"} == {3}
    (folder / "in" / "scope.yaml").write_text(SCOPE.replace("fin.gl", "fin.gi"))
    wrong = _check(folder, "--fail-on", "soc1:direct", "--format", "json")
    assert wrong.code == 3
    rows = _rows(wrong)
    assert {one["what"] for one in rows} == {"scope"}
    assert all(one["reason"] for one in rows)


def test_a_summary_is_added_to_what_is_there_and_names_mean_nothing_in_it(folder: Path) -> None:
    _facts(folder, FACTS.replace("acme:writer", HOSTILE))
    told = folder / "told.md"
    told.write_text("before\n")
    assert _check(folder, "--fail-on", "soc1:direct", "--summary", "told.md").code == 1
    text = told.read_text()
    assert text.startswith("before\n## Of 2 non-human")
    for mark in ("<img", "](", "`", "*b*", "_c_", "http:", "www."):
        assert mark not in text
    row = next(line for line in text.splitlines() if "javascript" in line)
    assert row.count("|") == 6
    assert set(re.findall(r"<(/?\w+)>", text)) == {"code", "/code"}
    again = text
    _check(folder, "--fail-on", "soc1:direct", "--summary", "told.md")
    assert told.read_text().startswith(again)


def test_a_summary_that_cannot_be_written_is_said_so(folder: Path) -> None:
    ran = _check(folder, "--fail-on", "any", "--summary", "nowhere/told.md")
    assert ran.code == 2
    assert "--summary: cannot be written" in ran.err
