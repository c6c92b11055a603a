"""Where millions of rows are made, nobody looks for circles among them."""

import gc
from pathlib import Path

import pytest

from nhigraph.app.assess import Request, run_assess
from nhigraph.app.uncollected import uncollected
from nhigraph.errors import UsageError


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was_found(on: bool) -> None:
    was = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with uncollected(), uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() == on
        with pytest.raises(ValueError, match="inside"), uncollected():
            raise ValueError("inside")
        assert gc.isenabled() == on
    finally:
        (gc.enable if was else gc.disable)()


def test_an_assessment_is_made_without_it_and_gives_it_back(tmp_path: Path) -> None:
    (tmp_path / "a.facts.json").write_text(
        '{"nhigraph": "facts/1", "nodes": [{"kind": "Dataset", "key": "acme:ledger"}]}'
    )
    (tmp_path / "scope.yaml").write_text(
        "{nhigraph: scope/1, organization: A, commitments: [S], targets: [{id: gl,"
        " family: financial-reporting, fs_role: record, icfr_basis: own,"
        ' select: [{key: "acme:ledger"}]}]}'
    )
    seen = []
    run_assess(Request([tmp_path], tmp_path / "out"), lambda *_said: seen.append(gc.isenabled()))
    assert seen
    assert not any(seen)
    assert gc.isenabled()
    with pytest.raises(UsageError):
        run_assess(Request([tmp_path / "nothing"], tmp_path / "out"))
    assert gc.isenabled()
