"""A graph for other tools is read again by what reads such files."""

import csv
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from nhigraph.app.build import run_build
from nhigraph.app.export import run_export
from tests.estate_files import write_estate

NAMES = ("acme:plain", "acme:<&>\"'", "acme:null\x00", "acme:line\nend", "acme:😀")
SCOPE = {
    "nhigraph": "scope/1", "organization": "Acme", "as_of": "2026-11-23", "commitments": ["S"],
    "targets": [{"id": "gl", "family": "financial-reporting", "fs_role": "record",
                 "icfr_basis": "own", "select": [{"key": "acme:gl"}]}],
}  # fmt: skip


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estate")
    props = {"rotated": "2025-01-31", "tags": ["a;b", "c"], "used_by": 3, "exposed": True}
    nodes = [
        {"kind": "ServiceAccount", "key": name, "name": name, "props": props} for name in NAMES
    ]
    nodes.append({"kind": "Dataset", "key": "acme:gl"})
    edges = [{"kind": "CAN_WRITE", "from": name, "to": "acme:gl"} for name in NAMES]
    write_estate(folder, [{"nhigraph": "facts/1", "nodes": nodes, "edges": edges}], SCOPE)
    run_build([folder], folder / "out")
    return folder / "out"


def test_graphml_has_every_node_and_edge_whatever_they_are_called(
    graph: Path, tmp_path: Path
) -> None:
    run_export(graph, "graphml", tmp_path / "g.graphml")
    found = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert {key for key in found if key != "acme:gl"} == {
        "acme:plain", "acme:<&>\"'", "acme:null\\u0000", "acme:line\nend",
        "acme:😀",
    }  # fmt: skip
    assert {said["kind"] for _, _, said in found.edges(data=True)} == {"CAN_WRITE"}


def test_gexf_is_well_formed_and_labels_its_nodes(graph: Path, tmp_path: Path) -> None:
    run_export(graph, "gexf", tmp_path / "g.gexf")
    root = ET.parse(tmp_path / "g.gexf").getroot()  # noqa: S314 - our own
    space = {"g": root.tag.partition("}")[0].removeprefix("{")}
    nodes, edges = (root.findall(f".//g:{name}", space) for name in ("node", "edge"))
    assert (len(nodes), len(edges)) == (len(NAMES) + 1, len(NAMES))
    assert all(node.get("label") for node in nodes)


def test_the_files_of_an_import_have_typed_columns_and_a_delimiter_no_value_holds(
    graph: Path, tmp_path: Path
) -> None:
    written = run_export(graph, "neo4j-csv", tmp_path / "csv", "named")
    assert written[-1] == "import.sh"
    file = next(name for name in written if name.endswith("-ServiceAccount.csv"))
    with (tmp_path / "csv" / file).open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert {"uid:ID(Entity)", "rotated:date", "used_by:long", "exposed:boolean"} <= set(head)
    assert len(rows) == len(NAMES)
    tags = {row[head.index("tags:string[]")] for row in rows}
    assert tags == {"a;b\x1fc"}
    assert "--array-delimiter=U+001F" in (tmp_path / "csv" / "import.sh").read_text("utf-8")
