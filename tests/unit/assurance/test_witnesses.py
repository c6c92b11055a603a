"""Paths of many rows: what is kept of them, and that a bound leaves out no answer."""

import csv
import gc
import json
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance import analyse, named_ways, path_rows
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Options, answer
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.rotation.rank import ranked
from nhigraph.assurance.which.judge import judge
from nhigraph.assurance.which.subjects import subjects
from nhigraph.assurance.witnesses import Resting, Witnesses
from nhigraph.graph.store import Ints
from nhigraph.trace import trees
from nhigraph.trace.trees import Tree
from tests.e2e.command import inside
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.sized import chain, many

#: Trees that are kept between questions, in these tests.
FEW = 4
TARGETS = 40


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "_KEPT_TREES", FEW)


@pytest.fixture
def company(tmp_path: Path) -> Estate:
    """A company with credentials, and more targets than trees are kept."""
    write_estate(tmp_path, *many(200, targets=TARGETS))
    return of_collection(collect([tmp_path])).estate


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def kept() -> int:
    gc.collect()
    return sum(type(one) is Tree for one in gc.get_objects())


@pytest.mark.usefixtures("few")
def test_no_more_trees_are_kept_than_a_question_needs(company: Estate) -> None:
    before = kept()
    analysis = Analysis(company)
    answered = answer(analysis, Options())
    assert len({row.target for row in answered.verdicts if row.path_id}) > 2 * FEW
    assert kept() - before <= FEW

    stolen = ranked(company)
    assert len(stolen.paths) > 2 * FEW
    assert kept() - before <= 2 * FEW

    asked = judge(company, subjects(company), every_path=True)
    assert sum(len(one.paths) for one in asked) > 2 * FEW
    assert kept() - before <= 3 * FEW


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("remembered", [0, 7, 2_000_000])
def test_what_is_remembered_changes_no_path(
    company: Estate, monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    whole = answer(Analysis(company), Options(alternatives=2))
    monkeypatch.setattr(named_ways, "_REMEMBERED", remembered)
    again = answer(Analysis(company), Options(alternatives=2))
    assert again.paths == whole.paths
    assert again.verdicts == whole.verdicts
    assert again.alternatives == whole.alternatives


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(path_rows, "_STEPS", 200)
    monkeypatch.setattr(path_rows, "_STEPS_OF_ONE", 0)
    return 200


def test_a_path_that_has_no_room_is_counted_and_why_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bounded: int
) -> None:
    (tmp_path / "in").mkdir()
    write_estate(tmp_path / "in", *chain(40))
    out = tmp_path / "out"
    assert inside("assess", tmp_path / "in", "--out", out).code == 0
    steps = read_csv(out / "paths.csv")
    assert bounded - 40 < sum(step["edge_kind"] != "SUPPORTS" for step in steps) <= bounded
    printed = {step["path_id"] for step in steps}
    rows = [row for row in read_csv(out / "verdicts.csv") if row["path_id"]]
    assert len({row["path_id"] for row in rows}) == len(rows) == 40
    left = [row for row in rows if row["path_id"] not in printed]
    told = json.loads((out / "coverage.json").read_text(encoding="utf-8"))
    assert told["paths_left_out"] == len(left) > 0
    assert f"{len(left)} pairs have no printed path" in (out / "report.html").read_text("utf-8")
    monkeypatch.undo()
    why = inside("why", left[0]["identity"], left[0]["target"], "--graph", out, "--format", "csv")
    assert len(why.out.splitlines()) > int(left[0]["steps"]), why.err


def test_rows_of_one_target_are_named_as_among_all(company: Estate) -> None:
    """A question about one target looks for no other path."""
    every = answer(Analysis(company), Options())
    wanted = next(row.target for row in every.verdicts if row.path_id)
    alone = answer(Analysis(company), Options(paths_of=wanted))
    of_it = [row for row in every.verdicts if row.target == wanted]
    assert [row for row in alone.verdicts if row.target == wanted] == of_it
    named = [row for row in alone.verdicts if row.path_id]
    assert named == [row for row in of_it if row.path_id]
    assert alone.paths == {row.path_id: every.paths[row.path_id] for row in named}


def test_needs_that_are_asked_for_at_once_give_the_paths_of_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some meet the needs of the way that all share, some have to go another one."""
    resting, unmet = 0, 0
    kept = Witnesses._maybe_unmet

    def counted(self: Witnesses, asked: Resting) -> Ints:
        nonlocal resting, unmet
        found = kept(self, asked)
        resting, unmet = resting + len(asked.row), unmet + len(found)
        return found

    for seed in range(8, 40):
        folder = tmp_path / str(seed)
        folder.mkdir()
        write_estate(folder, *estate(seed))
        company = of_collection(collect([folder]), option="2026-11-23").estate
        blocks = answer(Analysis(company), Options())
        with monkeypatch.context() as forced:
            for name, value in (("TURN_FROM", 0), ("BLOCK", 0), ("FEWER", 1 << 30)):
                forced.setattr(analyse, name, value)
            forced.setattr(Witnesses, "_maybe_unmet", counted)
            found = answer(Analysis(company), Options())
            forced.setattr(named_ways, "_REMEMBERED", 0)
            forgotten = answer(Analysis(company), Options())
        assert dict(forgotten.paths) == dict(blocks.paths)
        assert found.verdicts == blocks.verdicts
        assert dict(found.paths) == dict(blocks.paths)
    assert resting > unmet > 0
