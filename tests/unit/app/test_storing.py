"""The stored graph is written before judging: nothing else of it is kept, and nothing is half."""

import weakref
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.assess import Done, Request, run_assess
from nhigraph.app.collect import collect
from nhigraph.app.judge import judge
from nhigraph.app.judged import of_graph
from nhigraph.graph.store import Graph


def _run(folder: Path) -> Done:
    source = folder / "in"
    source.mkdir(exist_ok=True)
    (source / "a.facts.json").write_text(
        '{"nhigraph": "facts/1", "nodes": [{"kind": "Dataset", "key": "acme:ledger"}]}'
    )
    (source / "scope.yaml").write_text(
        "{nhigraph: scope/1, organization: A, commitments: [S], targets: [{id: gl,"
        " family: financial-reporting, fs_role: record, icfr_basis: own,"
        ' select: [{key: "acme:ledger"}]}]}'
    )
    return run_assess(Request([source], folder / "out"))


def test_the_graph_without_its_scope_is_not_kept_while_it_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs: list[weakref.ref[Graph]] = []
    kept: list[bool] = []

    def collected(*args: Any, **said: Any) -> Any:  # noqa: ANN401 - as what it stands for
        found = collect(*args, **said)
        graphs.append(weakref.ref(found.graph))
        return found

    def judged(*args: Any, **said: Any) -> Any:  # noqa: ANN401 - as above
        kept.extend(graph() is not None for graph in graphs)
        return judge(*args, **said)

    monkeypatch.setattr("nhigraph.app.assess.collect", collected)
    monkeypatch.setattr("nhigraph.app.assess.judge", judged)
    done = _run(tmp_path)
    assert kept == [False]
    stored = of_graph(tmp_path / "out")
    assert stored.digest == done.assessment.provenance.graph
    assert [target.key for target in stored.estate.targets] == ["fin:gl"]


def test_whoever_stops_it_while_it_judges_finds_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(tmp_path)
    out = tmp_path / "out"
    before = {path: path.read_bytes() for path in out.rglob("*.*")}

    def stopped(*_args: Any, **_said: Any) -> Any:  # noqa: ANN401 - it never returns
        assert [*tmp_path.glob(".out*/graph/edges.parquet")], "tables are written before judging"
        raise KeyboardInterrupt

    monkeypatch.setattr("nhigraph.app.assess.judge", stopped)
    with pytest.raises(KeyboardInterrupt):
        _run(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
    assert {path: path.read_bytes() for path in out.rglob("*.*")} == before
