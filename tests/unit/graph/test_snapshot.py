"""A graph in a folder: the same bytes for the same input, whole or not at all."""

import json
from collections.abc import Mapping
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


def _restamped(folder: Path, form: str | None) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    if form is None:
        (folder / "manifest.json").unlink()
        return
    (folder / "manifest.json").write_text(json.dumps({**manifest, "nhigraph": form}))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("graph/1", "an older nhigraph (form graph/1; this one reads graph/4) (run assess again)"),
        (None, "an older nhigraph (no form named; this one reads graph/4) (run assess again)"),
        ("else/7", "an older nhigraph (no form named; this one reads graph/4) (run assess again)"),
        ("graph/x", "an older nhigraph (form graph/x; this one reads graph/4) (run assess again)"),
        (
            "graph/5",
            (
                "a newer nhigraph (form graph/5; this one reads graph/4) "
                "(run assess again, or use the newer nhigraph)"
            ),
        ),
        ("graph/10", "a newer nhigraph (form graph/10; this one reads graph/4)"),
    ],
)
def test_a_graph_of_another_version_gets_one_line_that_says_what_to_do(
    form: str | None, said: str, graph: Graph, tmp_path: Path
) -> None:
    _save(tmp_path / "out" / "graph", graph)
    _restamped(tmp_path / "out" / "graph", form)
    for folder in (tmp_path / "out", tmp_path / "out" / "graph"):
        with pytest.raises(InputError) as caught:
            snapshot.load(folder)
        assert f"the graph was stored by {said}" in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_graph_of_an_older_version_may_be_replaced(graph: Graph, tmp_path: Path) -> None:
    _save(tmp_path / "graph", graph)
    _restamped(tmp_path / "graph", "graph/1")
    _save(tmp_path / "graph", graph)
    assert len(snapshot.load(tmp_path / "graph").graph.nodes) == len(graph.nodes)


def test_a_reader_beside_a_writer_reads_one_whole_graph(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is replaced while its files are read, one by one: what then stands is read."""
    folder = tmp_path / "graph"
    _save(folder, graph)
    checked, calls = snapshot._checked, 0

    def meddled(place: Path, file: str, files: Mapping[str, object]) -> bytes:
        nonlocal calls
        calls += 1
        if calls == 3:
            snapshot.save(folder, graph, meta={"as_of": "2026-12-25"}, claims=[], coverage={})
            return checked(place, "gone.parquet", files)
        return checked(place, file, files)

    monkeypatch.setattr(snapshot, "_checked", meddled)
    assert snapshot.load(folder).meta["as_of"] == "2026-12-25"


def test_a_graph_whose_writer_was_stopped_in_a_swap_is_read_from_beside_its_place(
    graph: Graph, tmp_path: Path
) -> None:
    _save(tmp_path / "out" / "graph", graph)
    (tmp_path / "out").rename(tmp_path / ".out.nhigraph-old")
    for folder in (tmp_path / "out", tmp_path / "out" / "graph"):
        assert snapshot.load(folder).meta["as_of"] == "2026-11-23"


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
