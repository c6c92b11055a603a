"""What else a cut changes is what an assessment says of the documents without its records.

The records of the cut are taken out of the documents, which are then read and judged from the
start: nothing of the search for cuts takes part in that.
"""

from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.cuts.of_targets import cuts
from nhigraph.assurance.estate import Estate
from tests.estate_files import judged as assessed
from tests.estate_files import verdicts, write_estate
from tests.oracle.estates import estate
from tests.property.test_cuts import Documents, without

DAY, FIRST, CHUNK, CHUNKS = "2026-11-23", 20_000, 8, 20


def _answers(folder: Path) -> dict[tuple[str, str], str]:
    """Identity and target to verdict and exposure, as verdicts.csv has them."""
    return {
        (row["identity"], row["target"]): f"{row['verdict']} {row['exposure']}"
        for row in verdicts(assessed(folder, as_of=DAY))
        if row["verdict"] != "neither"
    }


def _check(whole: Estate, documents: Documents, folder: Path) -> int:
    """How many cuts were compared."""
    before, found = _answers(folder / "whole"), cuts(Analysis(whole))
    compared = 0
    for told in found.told:
        rows = [row for row in found.rows if row.target == told.target]
        if not rows or told.not_stopped:
            continue
        less = folder / str(compared)
        less.mkdir()
        write_estate(less, *without(documents, {(row.artifact, row.pointer) for row in rows}))
        after = _answers(less)
        expected = {
            (*pair, before.get(pair, "neither"), after.get(pair, "neither"))
            for pair in before.keys() | after.keys()
            if pair[1] != told.target and before.get(pair) != after.get(pair)
        }
        changed = found.changed[told.target]
        others = {(one.identity, one.target, one.before, one.after) for one in changed}
        assert {one for one in others if one[1] != told.target} == expected
        assert told.others == len(changed)
        compared += 1
    return compared


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first == FIRST else pytest.mark.nightly)
        for first in range(FIRST, FIRST + CHUNKS * CHUNK, CHUNK)
    ],
)
def test_other_answers_that_change_are_those_of_the_documents_without_it(
    first: int, tmp_path: Path
) -> None:
    """For every target of every estate whose cut stops everybody."""
    compared = 0
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        (folder / "whole").mkdir(parents=True)
        facts, scope = estate(seed)
        write_estate(folder / "whole", facts, scope)
        whole = of_collection(collect([folder / "whole"]), option=DAY).estate
        named = {f"part-{at}.facts.json": one for at, one in enumerate(facts)}
        compared += _check(whole, {**named, "scope.json": scope}, folder)
    assert compared
