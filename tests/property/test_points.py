"""What an assessment says of choke points, people and controls is what is asked for singly."""

from pathlib import Path

import pytest

from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.cut_rows import PointRow
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.choke import choke
from nhigraph.assurance.cuts.of_targets import cuts
from nhigraph.output import columns
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.vocabulary import ACTOR_KINDS

FIRST, CHUNK, ALWAYS = 310_000, 10, 3
SEEDS = [
    first if number < ALWAYS else pytest.param(first, marks=pytest.mark.nightly)
    for number, first in enumerate(range(FIRST, FIRST + 20 * CHUNK, CHUNK))
]


@pytest.mark.parametrize("first", SEEDS)
def test_points_of_an_assessment_are_those_that_are_asked_for(first: int, tmp_path: Path) -> None:
    """Target by target, of those inside the boundary, row by row."""
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        write_estate(folder, *estate(seed))
        whole = of_collection(collect([folder]), option="2026-11-23").estate
        inside = [one for one in whole.identities if whole.in_boundary(one)]
        found = cuts(Analysis(whole))
        named = [name for _, name in columns(PointRow)]
        rows: list[PointRow] = []
        for target, told in zip(whole.targets, found.told, strict=True):
            assert told.points != target.dead
            node = whole.graph.node_id(target.key)
            if node is not None and not target.dead:
                rows += choke(whole, Asked([node], walkers=inside)).rows
        expected = [tuple(getattr(row, name) for name in named) for row in rows]
        assert [tuple(getattr(row, name) for name in named) for row in found.points] == expected


@pytest.mark.parametrize("first", SEEDS)
def test_nobody_is_both_judged_and_walked_through_only(first: int, tmp_path: Path) -> None:
    """People's rows are apart from the population; who rests on a control is counted there."""
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        documents, scope = estate(seed)
        write_estate(folder, documents, scope)
        found = assess(of_collection(collect([folder]), option="2026-11-23"))
        judged = {row.identity for row in found.identities}
        people = {row.key for row in found.people}
        assert not people & (judged | {row.key for row in found.population})
        # Of a key that two records give different kinds, one is printed and both count.
        acting = {
            node.get("key")
            for document in documents
            for node in document.get("nodes", ())
            if node.get("kind") in ACTOR_KINDS - {"Grant"}
        }
        assert {row.key for row in found.people} <= acting
        for row in found.controls:
            assert len(row.resting) == row.identities
            assert set(row.resting) <= judged
