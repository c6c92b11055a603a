"""Systems as an auditor would judge them: inputs, expected rows and the reasoning beside each.

Every subject of an input must be expected, and no other; see tests/data/which/README.md.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.app.questions.memo import buyers_view, told
from nhigraph.app.questions.which import which_vendor
from nhigraph.app.which import all_subjects, rows_of
from nhigraph.assurance.which.judge import judge
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.output.memo import as_markdown

DATA = Path(__file__).parent.parent / "data" / "which"
VIGNETTES = sorted(DATA.glob("[0-9]*"))
DEMANDED = {
    *("kind", "answer", "soc1", "soc2", "question", "exposure", "altered_by", "relied_on_by"),
}
#: Fields with a list, compared as they stand.
_LISTS = {"soc2", "altered_by", "relied_on_by", "evidence", "controls", "boundary", "gaps"}
_LISTS |= {"split_owners"}


def _expected(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    return loaded


def _rows(folder: Path) -> dict[str, WhichRow]:
    found = of_collection(collect([folder]))
    assert not found.bad
    assert not found.scope_errors
    rows = rows_of(found, judge(found.estate, all_subjects(found)))
    return {row.subject: row for row in rows}


def _check(row: WhichRow, expected: dict[str, Any]) -> None:
    assert expected.keys() >= DEMANDED, row.subject
    for name, value in expected.items():
        if name == "path":
            assert bool(row.path_id) is value, row.subject
        elif name.endswith("_hasnot"):
            assert not set(value) & set(getattr(row, name[:-7])), (row.subject, name)
        elif name.endswith("_has"):
            assert set(value) <= set(getattr(row, name[:-4])), (row.subject, name)
        elif name in _LISTS:
            assert list(getattr(row, name)) == value, (row.subject, name)
        else:
            assert getattr(row, name) == value, (row.subject, name)


@pytest.mark.parametrize(
    "folder", [f for f in VIGNETTES if "cover" in _expected(f)], ids=lambda folder: folder.name
)
def test_what_a_vendor_must_cover_and_leaves_to_us(folder: Path, tmp_path: Path) -> None:
    """The buyers' view, row by row, and the controls of ours that a report would assume."""
    for name in ("facts.facts.yaml", "scope.yaml"):
        shutil.copy(folder / name, tmp_path)
    expected = _expected(folder)
    found = of_collection(collect([tmp_path]))
    for vendor, rows in expected["cover"].items():
        row, one = which_vendor(found, vendor)
        covered, left, asked = buyers_view(found, row, one)
        assert [[r.report, r.covers, r.target] for r in covered] == rows, vendor
        told = [[each.control, *each.about] for each in left]
        assert told == expected["left_to_us"][vendor], vendor
        reports = {r.report for r in covered}
        assert {text[11:16] for text in asked if text.startswith("Is there a")} == reports


def test_what_a_vendor_must_cover_is_open_where_its_reach_is(tmp_path: Path) -> None:
    """The cluster's account belongs to a vendor: nothing may be ruled out of their report."""
    folder = DATA / "16-cluster-unknown"
    shutil.copy(folder / "scope.yaml", tmp_path)
    text = (folder / "facts.facts.yaml").read_text(encoding="utf-8")
    named = '"acme:marketing-pod", props: {vendor: Podly}}'
    text = text.replace('"acme:marketing-pod"}\n-', f"{named}\n-", 1)
    (tmp_path / "facts.facts.yaml").write_text(text, encoding="utf-8")
    found = of_collection(collect([tmp_path]))
    row, one = which_vendor(found, "Podly")
    assert row.answer == "undetermined"
    covered, _, asked = buyers_view(found, row, one)
    assert [(r.report, r.covers, r.target) for r in covered] == [("not known", "", "*")]
    assert asked == ["What do they reach behind the places that are named as not seen?"]
    memo = as_markdown(told(found, row, one))
    assert "could not be decided" in memo
    assert "whether they alter it, too, is not known" in memo
    assert "role bindings of the namespace were not exported" in memo


def test_there_are_more_than_twenty_and_two_can_be_disputed() -> None:
    assert len(VIGNETTES) == 22
    disputable = [_expected(folder).get("disputable") for folder in VIGNETTES]
    assert [set(both) for both in disputable if both] == [{"taken", "otherwise"}] * 2


@pytest.mark.parametrize("folder", VIGNETTES, ids=lambda folder: folder.name)
def test_a_system_is_judged_as_an_auditor_would(folder: Path, tmp_path: Path) -> None:
    for name in ("facts.facts.yaml", "scope.yaml"):
        shutil.copy(folder / name, tmp_path)
    expected = _expected(folder)
    assert expected["reasoning"].strip()
    found = _rows(tmp_path)
    assert found.keys() == expected["rows"].keys()
    for subject, row in expected["rows"].items():
        _check(found[subject], row)
