"""The 55 vignettes and the worked example, through the product's own sources."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from nhigraph.assurance.rows import Assessment
from tests.estate_files import identities, judged, printed, verdicts

DATA = Path(__file__).parent.parent / "data"
VIGNETTES = sorted((DATA / "vignettes").glob("V*"))


class _Text(yaml.SafeLoader):
    """Dates stay text."""


_Text.yaml_implicit_resolvers = {
    first: [(tag, match) for tag, match in found if not tag.endswith("timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _expected(folder: Path) -> dict[str, Any]:
    text = (folder / "expected.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=_Text)  # noqa: S506 - a safe loader's child
    return loaded


def _words(cell: str) -> set[str]:
    return set(cell.split(";")) - {""}


def _check_identity(found: Assessment, key: str, expected: dict[str, Any] | None) -> None:
    rows = [row for row in identities(found) if row["identity"] == key]
    if expected is None:
        assert not rows
        return
    (row,) = rows
    for name in ("soc1", "verdict", "exposure", "icfr_basis", "boundary"):
        if name in expected:
            assert row[name] == expected[name], name
    for name in ("soc2", "soc2_outside", "weaknesses"):
        if name in expected:
            assert _words(row[name]) == set(expected[name]), name


def _check_row(found: Assessment, key: str, expected: dict[str, Any]) -> None:
    (row,) = [
        row
        for row in verdicts(found)
        if row["identity"] == key and row["target"] == expected["target"]
    ]
    for name, value in expected.items():
        if name.endswith("_has"):
            assert set(value) <= _words(row[name[:-4]]), name
        elif name.endswith("_hasnot"):
            assert not set(value) & _words(row[name[:-7]]), name
        else:
            assert row[name] == str(value), name


def test_there_are_fifty_five() -> None:
    assert len(VIGNETTES) == 55


@pytest.mark.parametrize("folder", VIGNETTES, ids=lambda folder: folder.name)
def test_a_vignette_is_judged_as_an_auditor_would(folder: Path, tmp_path: Path) -> None:
    for name in ("facts.facts.yaml", "scope.yaml"):
        shutil.copy(folder / name, tmp_path)
    expected = _expected(folder)
    found = judged(tmp_path)
    _check_identity(found, expected["identity"], expected)
    if "row" in expected:
        _check_row(found, expected["identity"], expected["row"])
    for key, other in expected.get("also", {}).items():
        _check_identity(found, key, other)
    if earlier := expected.get("as_of_last_week"):
        before = judged(tmp_path, as_of=earlier["as_of"])
        _check_identity(before, expected["identity"], earlier)


def test_the_worked_example_gives_exactly_its_rows(tmp_path: Path) -> None:
    folder = DATA / "worked-example"
    for name in ("chain.facts.yaml", "scope.yaml"):
        shutil.copy(folder / name, tmp_path)
    found = judged(tmp_path)
    expected = (folder / "expected-identities.csv").read_text(encoding="utf-8")
    assert identities(found) == printed(expected)
    expected = (folder / "expected-verdicts.csv").read_text(encoding="utf-8")
    assert verdicts(found) == printed(expected, "path_id")
