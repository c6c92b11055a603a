"""Every public name, used as its types promise; mypy reads this as whoever calls it would."""

from pathlib import Path
from typing import assert_type

import networkx as nx  # noqa: F401 - a type that the API promises
import pandas as pd
import pytest

import nhigraph

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:writer"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl", name: "<b>gl"}
edges:
  - {kind: CAN_WRITE, from: "acme:writer", to: "dataset:postgres:erp.fin.gl"}
gates:
  - {key: "acme:gate", kind: approval, at: "acme:writer"}
"""
SCOPE = {
    "nhigraph": "scope/1",
    "commitments": ["S"],
    "as_of": "2026-11-23",
    "targets": [
        {
            "id": "gl",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "dataset:postgres:erp.fin.*"}],
        }
    ],
}
TARGET = "fin:gl"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> nhigraph.Estate:
    file = tmp_path_factory.mktemp("in") / "acme.facts.yaml"
    file.write_text(FACTS, encoding="utf-8")
    return nhigraph.read(file, scope=SCOPE)


def test_this_file_touches_every_public_name() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in nhigraph.__all__ if f"nhigraph.{name}" not in text] == []
    assert_type(nhigraph.__version__, str)


def test_an_estate(estate: nhigraph.Estate, tmp_path: Path) -> None:
    assert_type(estate, nhigraph.Estate)
    for frame in (estate.nodes, estate.edges, estate.gaps, estate.gates, estate.coverage):
        assert_type(frame, pd.DataFrame)
    assert_type(estate.issues, pd.DataFrame)
    assert_type(estate.as_of, str)
    assert_type(estate.complete, bool)
    assert_type(estate.to_networkx(), "nx.MultiDiGraph[str]")
    estate.save(tmp_path / "out")
    assert_type(nhigraph.load(tmp_path / "out", as_of="2026-11-24"), nhigraph.Estate)
    assert "<table" in estate._repr_html_()


def test_questions(estate: nhigraph.Estate) -> None:
    for frame in (
        estate.who(TARGET),
        estate.reach("acme:writer"),
        estate.reach("acme:writer", TARGET),
        estate.blast("acme:writer"),
        estate.radius(),
        estate.radius(ways="can", exact=True),
        estate.ask(),
        estate.which(),
        estate.choke_points(TARGET),
    ):
        assert_type(frame, pd.DataFrame)
    told = estate.explain("acme:writer")
    assert_type(told, nhigraph.Explanation)
    assert_type(told.facts, pd.DataFrame)
    assert "acme:writer" in told._repr_html_()
    path = estate.why("acme:writer", TARGET, alternatives=1)
    assert_type(path, nhigraph.Path)
    assert_type(path.steps, pd.DataFrame)
    assert_type(path.alternatives, list[nhigraph.Path])
    assert len(path) == 2


def test_an_assessment_and_its_pages(estate: nhigraph.Estate, tmp_path: Path) -> None:
    answer = estate.assess()
    assert_type(answer, nhigraph.Assessment)
    assert_type(answer.sentence, str)
    assert_type(answer.identities, pd.DataFrame)
    assert "<table" in answer._repr_html_()
    for page in (answer.report(), answer.picture(), estate.view("acme:writer", TARGET)):
        assert_type(page, nhigraph.Page)
        framed = page._repr_html_()
        # The frame may run its own scripts; nothing of the page ends the attribute it stands in.
        assert framed.startswith('<iframe sandbox="allow-scripts" title="')
        assert framed.count("<") == 2
        assert framed.count('"') == 8
        page.save(tmp_path / "page.html")
        assert (tmp_path / "page.html").read_text(encoding="utf-8") == page.html
        assert page.html.startswith("<!doctype html>")


def test_what_would_be_otherwise(estate: nhigraph.Estate) -> None:
    cut = estate.cut(TARGET)
    assert_type(cut, nhigraph.Cut)
    assert_type(cut.changes, pd.DataFrame)
    assert repr(cut) == "<Cut of 1 change>"
    assert "<table" in cut._repr_html_()
    after = estate.without(edges=[("CAN_WRITE", "acme:writer", "dataset:postgres:erp.fin.gl")])
    assert_type(after, nhigraph.Estate)
    assert not after.why("acme:writer", TARGET)
    found = estate.diff(after)
    assert_type(found, nhigraph.Difference)
    assert_type(found.causes, pd.DataFrame)
    assert_type(found.page(), nhigraph.Page)
    assert repr(found) == "<Difference: 2 rows, 1 answer changed>"
    assert "acme:writer" in found._repr_html_()
    assert_type(estate.with_scope(SCOPE), nhigraph.Estate)


def test_errors_name_the_file_and_the_place(tmp_path: Path) -> None:
    scope = tmp_path / "scope.yaml"
    scope.write_text("nhigraph: scope/1\ntargets: [\n", encoding="utf-8")
    facts = tmp_path / "acme.facts.yaml"
    facts.write_text(FACTS, encoding="utf-8")
    with pytest.raises(nhigraph.InputError) as caught:
        nhigraph.read(facts, scope=scope)
    assert_type(caught.value, nhigraph.InputError)
    assert (caught.value.artifact, caught.value.pointer) == ("scope.yaml", "line 3")
    with pytest.raises(nhigraph.NoInputError):
        nhigraph.load(tmp_path)
    with pytest.raises(nhigraph.UsageError, match="no such file"):
        nhigraph.read(tmp_path / "nothing")
    kinds = (nhigraph.InputError, nhigraph.NoInputError, nhigraph.UsageError)
    assert all(issubclass(kind, nhigraph.NhigraphError) for kind in kinds)


def test_the_sample_is_there_to_try_things_on() -> None:
    estate = nhigraph.sample(as_of="2026-12-01")
    assert_type(estate, nhigraph.Estate)
    assert (estate.as_of, len(estate.issues)) == ("2026-12-01", 0)
