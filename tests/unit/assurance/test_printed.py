"""Printed paths that are made when read say what the walked steps say."""

from itertools import pairwise
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer, Options, answer
from nhigraph.assurance.path_rows import Printed, passed
from nhigraph.assurance.rows import VerdictRow
from nhigraph.output.csv_files import paths_csv, rows_csv, verdicts_csv
from tests.estate_files import write_estate
from tests.sized import many


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder: Path = tmp_path_factory.mktemp("in")
    write_estate(folder, *many(80, targets=6))
    found = of_collection(collect([folder]))
    return answer(Analysis(found.estate), Options(alternatives=2))


def test_a_path_is_made_of_its_sorts(answered: Answer) -> None:
    paths = answered.paths
    assert isinstance(paths, Printed)
    assert len(paths) == len({*paths}) > 6
    for path_id, steps in paths.items():
        assert path_id in paths
        assert [step.path_id for step in steps] == [path_id] * len(steps)
        assert [step.step for step in steps] == [*range(1, len(steps) + 1)]
        told = [(step.source, step.target, step.state) for step in paths.sorts(path_id)]
        assert told == [(step.source, step.target, step.state) for step in steps]
        assert all(one.target == other.source for one, other in pairwise(steps))


def test_rows_go_by_printed_paths_of_as_many_steps(answered: Answer) -> None:
    for row in answered.verdicts:
        if row.path_id:
            steps = answered.paths[row.path_id]
            assert steps[0].source == row.identity
            assert sum(step.edge_kind != "SUPPORTS" for step in steps) == row.steps


def test_what_is_passed_is_every_step(answered: Answer) -> None:
    told = {(step.source, step.target) for step in passed(answered.paths, {})}
    walked = (step for steps in answered.paths.values() for step in steps)
    assert told == {(step.source, step.target) for step in walked}
    assert told <= {(s.source, s.target) for s in passed(dict(answered.paths), {})}


def test_files_are_the_same_whether_rows_are_columns_or_not(answered: Answer) -> None:
    eager = [dict(answered.paths)]
    assert paths_csv([answered.paths], answered.alternatives) == paths_csv(
        eager, answered.alternatives
    )
    assert verdicts_csv(answered.verdicts) == rows_csv(VerdictRow, [*answered.verdicts])
