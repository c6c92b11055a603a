"""What graph.html holds, beside the files of the same folder: no number and no word differs."""

import csv
import fnmatch
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from nhigraph.app.assess import Request, run_assess
from nhigraph.graph import snapshot
from nhigraph.output import node_id, printable, words
from tests.estate_files import write_estate
from tests.sample import SCOPE
from tests.sized import Estate, chain, many

pytestmark = pytest.mark.xdist_group("ledgerline")

Rows = list[dict[str, Any]]
ESTATES = {"company": many(24, 6, 6), "chain": chain(14)}


def _csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return [*csv.DictReader(stream)]


def _held(folder: Path) -> dict[str, Any]:
    page = (folder / "graph.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    for name in ("nodes", "edges", "tails", "paths", "rows"):
        columns = {
            key: column if isinstance(column, list) else [column["of"][at] for at in column["at"]]
            for key, column in told[name]["columns"].items()
        }
        told[name] = [
            {key: columns[key][at] for key in columns} for at in range(told[name]["length"])
        ]
    return told


@pytest.fixture(scope="module", params=["ledgerline", *ESTATES])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder; nobody writes into it."""
    estate: Estate | None = ESTATES.get(request.param)
    if estate is None:
        sample: Path = request.getfixturevalue("out")
        return sample
    place = tmp_path_factory.mktemp("estate")
    write_estate(place, *estate)
    run_assess(Request(inputs=(place,), out=place / "out"))
    return place / "out"


def _steps(held: dict[str, Any], tail: int) -> list[tuple[str, ...]]:
    """A path of the page as rows of paths.csv begin: from, kind, to, state, gate, place."""
    found: list[tuple[str, ...]] = []
    while tail >= 0:
        step = held["tails"][tail]
        edge = held["edges"][step["line"]]
        ends = [held["nodes"][edge[end]] for end in ("from", "to")]
        source, target = (
            node["key"] or node["label"] for node in ends[:: -1 if step["back"] else 1]
        )
        unsure = "conditional" if step["unsure"] else edge["certainty"]
        said = (source, edge["kind"], target, step["state"], unsure)
        found.append((*said, edge["gate"], edge["artifact"], edge["pointer"]))
        tail = step["next"]
    return found


def test_paths_are_those_of_the_file(folder: Path) -> None:
    """All of them, with their alternatives; step by step."""
    held = _held(folder)
    columns = ("from", "edge_kind", "to", "state", "certainty", "gate", "artifact", "pointer")
    verdicts = {row["path_id"]: row for row in _csv(folder, "verdicts.csv")}
    wanted: dict[str, list[tuple[str, ...]]] = {}
    for row in _csv(folder, "paths.csv"):
        if row["path_id"] in verdicts:
            more = "" if row["alternative"] == "0" else f".{row['alternative']}"
            name = row["path_id"] + more
            wanted.setdefault(name, []).append(tuple(printable(row[one]) for one in columns))
    assert wanted
    assert {path["id"]: _steps(held, path["tail"]) for path in held["paths"]} == wanted


def test_answers_are_those_of_the_files(folder: Path) -> None:
    held = _held(folder)
    verdicts = {row["path_id"]: row for row in _csv(folder, "verdicts.csv") if row["path_id"]}
    said = ("verdict", "exposure", "soc1", "soc2", "soc2_outside", "certainty", "steps")
    for path in held["paths"]:
        if path["of"] < 0:
            row = verdicts[path["id"]]
            assert path["row"] == [row[name].replace(";", " ") for name in said]
    nodes = {node["id"]: node for node in held["nodes"]}
    for row in _csv(folder, "identities.csv"):
        node = nodes[node_id(row["identity"])]
        assert node["card"] == f"id-{node_id(row['identity'])}"
        for name in ("verdict", "exposure", "soc1", "owner"):
            assert node[name] == row[name]
        assert ";".join(node["soc2"]) == row["soc2"]
        assert ";".join(node["weak"]) == row["weaknesses"]
    open_rows = [row for row in _csv(folder, "verdicts.csv") if not row["path_id"]]
    assert len(held["rows"]) == len(open_rows)


def test_cuts_and_choke_points_are_those_of_the_files(folder: Path) -> None:
    held = _held(folder)
    nodes, edges = held["nodes"], held["edges"]

    def key(number: int) -> str:
        said: str = nodes[number]["key"] or nodes[number]["label"]
        return said

    wanted = {
        (target, row["rank"], row["edge_kind"], row["from"], row["to"], row["identities"])
        for row in _csv(folder, "cuts.csv")
        for target in row["target"].split(";")
    }
    found = set()
    for cut in held["cuts"]:
        for at, rank, identities, *_ in cut["edges"]:
            said = (edges[at]["kind"], key(edges[at]["from"]), key(edges[at]["to"]))
            found |= {(key(to), str(rank), *said, str(identities)) for to in cut["targets"]}
    assert found == wanted
    counts = sorted(int(row["identities"]) for row in _csv(folder, "choke_points.csv"))
    assert sorted(point["identities"] for point in held["points"]) == counts


def test_counts_beside_a_node_are_those_of_the_graph(folder: Path) -> None:
    """Edges in force in and out, and no edge of the page that the graph has not."""
    held = _held(folder)
    graph = snapshot.load(folder / "graph").graph
    rows = [*zip(graph.edges["src"], graph.edges["dst"], graph.edges["kind"], strict=True)]
    stored = {(graph.key_list[a], graph.key_list[b], kind) for a, b, kind in rows}
    answers = yaml.safe_load(SCOPE.read_text(encoding="utf-8"))["answers"]
    # What the scope of the sample answers is an edge, too, and no stored one.
    known = stored | {
        (key, one["opens"], "AUTHENTICATES_AS")
        for one in answers
        for key in fnmatch.filter(graph.key_list, one["secret"]["key"])
    }
    verbs = words()["edge"]
    told = 0
    for edge in held["edges"]:
        ends = [held["nodes"][edge[end]] for end in ("from", "to")]
        source, target = (node["key"] or node["label"] for node in ends)
        if edge["kind"] not in {"", "SUPPORTS"}:
            assert (source, target, edge["kind"]) in known
            assert edge["verb"] == verbs[edge["kind"]]
            told += 1
    assert told
    for node in held["nodes"]:
        number = graph.node_id(node["key"] or node["label"])
        if number is not None and node["outward"] >= 0:
            leaving = sum(a == number for a, *_ in rows)
            leaving += sum(source == node["key"] for source, *_ in known - stored)
            # SUPPORTS edges are the scope's; an edge out of force is none.
            assert node["outward"] <= leaving + sum(
                edge["kind"] == "SUPPORTS" and held["nodes"][edge["from"]] is node
                for edge in held["edges"]
            )


def test_every_link_between_report_and_drawing_leads_somewhere(folder: Path) -> None:
    """Nodes and paths that the report links are held here; cards linked from here are there."""
    held = _held(folder)
    report = (folder / "report.html").read_text(encoding="utf-8")
    nodes = set(re.findall(r'graph\.html#node=([^"]+)"', report))
    paths = set(re.findall(r'graph\.html#path=([^"]+)"', report))
    assert nodes | paths
    assert nodes <= {node["id"] for node in held["nodes"]}
    assert paths <= {path["id"] for path in held["paths"]}
    cards = {node["card"] for node in held["nodes"] if node["card"]}
    assert cards <= set(re.findall(r'\bid="(id-[0-9a-f]+)"', report))
