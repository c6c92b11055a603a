"""A graph in a folder: the same bytes for the same input, whole or not at all."""

from pathlib import Path

import pandas as pd
import pytest

from nhigraph.app.collect import collect
from nhigraph.errors import InputError, NhigraphError, NoInputError
from nhigraph.graph import snapshot
from nhigraph.graph.store import Graph

EXAMPLE = Path(__file__).parents[2] / "data" / "worked-example"


@pytest.fixture
def graph() -> Graph:
    return collect([EXAMPLE / "chain.facts.yaml"]).graph


def _save(folder: Path, graph: Graph) -> str:
    return snapshot.save(folder, graph, meta={"as_of": "2026-11-23"}, claims=[], coverage={})


def test_what_is_saved_is_loaded(graph: Graph, tmp_path: Path) -> None:
    _save(tmp_path / "graph", graph)
    loaded = snapshot.load(tmp_path / "graph")
    assert loaded.meta["as_of"] == "2026-11-23"
    for name in ("nodes", "edges", "gates", "gaps", "documents", "evidence"):
        pd.testing.assert_frame_equal(
            getattr(loaded.graph, name), getattr(graph, name), check_dtype=False
        )


def test_equal_graphs_are_equal_bytes(graph: Graph, tmp_path: Path) -> None:
    first, second = _save(tmp_path / "one", graph), _save(tmp_path / "two", graph)
    assert first == second
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_damaged_table_is_refused_by_name(graph: Graph, tmp_path: Path) -> None:
    _save(tmp_path / "graph", graph)
    table = tmp_path / "graph" / "edges.parquet"
    data = bytearray(table.read_bytes())
    data[len(data) // 2] ^= 1
    table.write_bytes(bytes(data))
    with pytest.raises(InputError, match=r"edges\.parquet"):
        snapshot.load(tmp_path / "graph")


def test_no_snapshot_is_no_input(tmp_path: Path) -> None:
    with pytest.raises(NoInputError):
        snapshot.load(tmp_path)


def test_a_folder_of_somebody_else_stays(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "thesis.txt").write_text("years of work")
    with pytest.raises(NhigraphError):
        _save(tmp_path / "graph", graph)
    assert (tmp_path / "graph" / "thesis.txt").exists()


def test_an_interrupted_save_leaves_the_old_one_whole(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power goes before the new folder is in place: the old one still loads."""
    folder = tmp_path / "graph"
    _save(folder, graph)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("json.dumps", cut)
    with pytest.raises(KeyboardInterrupt):
        _save(folder, graph)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    _save(folder, graph)
    assert [path.name for path in tmp_path.iterdir()] == ["graph"], "nothing is left beside it"
