"""Sentences that people paste, run or quote: each leads somewhere, and says what is so."""

import csv
import json
import re
import shlex
from pathlib import Path

import pytest

from tests.e2e.command import inside

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "a:one"}
  - {kind: Dataset, key: "t:gl"}
edges:
"""
SCOPE = """
nhigraph: scope/1
as_of: 2026-11-23
commitments: [S]
targets:
  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own, select: [{key: "t:*"}]}
"""
GATED = '  - {kind: CAN_WRITE, from: "a:one", to: "t:gl", gate: "a:je"}\n'
ASSUMES = '  - {kind: CAN_ASSUME, from: "a:one", to: "x:gone"}\n'


def assessed(folder: Path, edges: str, scope: str = "", out: str = "out") -> tuple[Path, str]:
    """An estate with one identity, assessed; its folder of output, and what was said."""
    (folder / "in").mkdir()
    (folder / "in/a.facts.yaml").write_text(FACTS + edges)
    (folder / "in/scope.yaml").write_text(SCOPE + scope)
    ran = inside("assess", "in", "--out", out, cwd=folder)
    assert ran.code == 0, ran.err
    return folder / out, ran.out


@pytest.mark.parametrize("out", ["nhigraph-out", "other", "with a blank"])
def test_the_command_that_is_offered_finds_the_answer(out: str, tmp_path: Path) -> None:
    _, said = assessed(tmp_path, ASSUMES, out=out)
    offered = re.search(r"settle these first \(nhigraph (ask.*) has the lines that answer", said)
    assert offered is not None
    ran = inside(*shlex.split(offered[1]), cwd=tmp_path)
    assert ran.code == 0
    assert "1. What is x:gone?" in ran.out


def test_answers_of_several_lines_stand_under_their_labels(tmp_path: Path) -> None:
    """In what is pasted, and on the page; pasted one by one, each holds or fails the gate."""
    out, _ = assessed(tmp_path, GATED)
    asked = inside("ask", "--graph", out).out
    pasted = [line.strip() for line in asked.splitlines() if line.startswith("     ")]
    labels = [line for line in pasted if line.startswith("# ")]
    assert [label.partition(":")[0] for label in labels] == ["# no", "# yes"]
    assert (pasted.index(labels[0]), pasted.index(labels[1])) == (0, 2)
    page = (out / "report.html").read_text()
    assert all(f"<code>{label}</code>" in page for label in labels)
    for label, exposure in zip(labels, ("open", "gated"), strict=True):
        first = pasted.index(label) + 1
        ends = [at for at, line in enumerate(pasted) if at > first and line.startswith("# ")]
        lines = pasted[first : ends[0] if ends else None]
        text = "answers:\n" + "".join(f"  {line}\n" for line in (label, *lines))
        (tmp_path / "in/scope.yaml").write_text(SCOPE + text)
        assert inside("assess", tmp_path / "in", "--out", tmp_path / "again").code == 0
        with (tmp_path / "again/identities.csv").open(newline="") as stream:
            assert [row["exposure"] for row in csv.DictReader(stream)] == [exposure]


def test_who_passes_a_control_rests_on_what_is_answered_about_it(tmp_path: Path) -> None:
    answer = "answers: [{gate: 'a:je', test: enforced_by_target, is: false}]\n"
    out, _ = assessed(tmp_path, GATED, answer)
    (told,) = json.loads((out / "coverage.json").read_text())["answers"]
    assert told["identities"] == ["a:one"]
    with (out / "controls.csv").open(newline="") as stream:
        assert [row["kind"] for row in csv.DictReader(stream)] == [""]


def test_no_sentence_of_the_page_is_empty(tmp_path: Path) -> None:
    """Of books that are not decided there is no basis to state."""
    out, _ = assessed(tmp_path, ASSUMES)
    page = (out / "report.html").read_text()
    assert "cannot be told from the inputs." in page
    assert ". ." not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    assert "The only one of identities.csv." in page


def test_a_note_on_a_whole_document_has_no_place_in_it(tmp_path: Path) -> None:
    out, _ = assessed(tmp_path, GATED)
    assert " :" not in inside("coverage", "--graph", out).out


def test_one_other_change_would_have_done_alone(tmp_path: Path) -> None:
    """In the singular; and a field of the scope is named once, at the scope."""
    lost = SCOPE.replace('"t:*"', '"t:gone"')
    other = SCOPE.replace("commitments: [S]", "commitments: [S, C]")
    snapshots = []
    for name, facts, scope in (
        (
            "before",
            FACTS.replace("edges:", '  - {kind: ServiceAccount, key: "a:two"}\nedges:'),
            lost,
        ),
        ("after", FACTS, other),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.facts.yaml").write_text(facts)
        (folder / "scope.yaml").write_text(scope)
        assert inside("assess", folder, "--out", folder / "out").code == 0
        snapshots.append(folder / "out")
    page = tmp_path / "diff.html"
    said = inside("diff", *snapshots, "--html", page).out
    assert "for one of these at least, 1 other change would have done alone\n" in said
    assert "For one of these at least, 1 other change would have done alone." in page.read_text()
    assert "~ scope commitments: S → S, C [scope.yaml]\n" in said
