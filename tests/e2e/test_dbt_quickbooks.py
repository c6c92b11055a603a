"""A real finance project, made by others, through the main job.

The oracle is networkx over the manifest's own ``depends_on``, with resources unified by relation.
"""

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import yaml

from nhigraph.app.collect import collect
from nhigraph.facts import keys
from tests.estate_files import identities, judged, verdicts

REAL = Path(__file__).parents[3] / "shared" / "data" / "real" / "dbt_quickbooks"
STATEMENTS = ("general_ledger", "balance_sheet", "profit_and_loss", "cash_flow_statement")

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="the public data files are not beside this checkout"
)


def _manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((REAL / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def _key(resource: dict[str, Any]) -> str:
    parts = keys.relation("postgres", resource["relation_name"])
    assert parts is not None
    return keys.Dataset.of("postgres", parts).text


def _node(resource: dict[str, Any]) -> str:
    """A resource by its relation; an ephemeral model has none and stands for itself."""
    return _key(resource) if resource.get("relation_name") else str(resource["unique_id"])


def _lineage(manifest: dict[str, Any]) -> "nx.DiGraph[str]":
    """Relations, and what each is made from."""
    resources = {**manifest["nodes"], **manifest["sources"]}
    relation = {name: _node(r) for name, r in resources.items()}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(relation.values())
    for name, node in manifest["nodes"].items():
        if node["resource_type"] == "test":
            continue
        for parent in node["depends_on"].get("nodes", ()):
            graph.add_edge(relation[parent], relation[name])
    return graph


def _statements(manifest: dict[str, Any]) -> dict[str, str]:
    models = {n["name"]: _key(n) for n in manifest["nodes"].values() if n.get("relation_name")}
    return {name: models[f"quickbooks__{name}"] for name in STATEMENTS}


def test_a_loader_on_each_source_relation_gets_the_right_verdicts(tmp_path: Path) -> None:
    """Direct on the statements that are made from the relation, nothing on the others."""
    manifest = _manifest()
    lineage, statements = _lineage(manifest), _statements(manifest)
    sources = sorted({_key(source) for source in manifest["sources"].values()})
    seeds = {_key(n) for n in manifest["nodes"].values() if n["resource_type"] == "seed"}
    assert len(sources) == 52
    assert set(sources) == seeds, "every source shares its relation with a seed"
    (tmp_path / "manifest.json").write_bytes((REAL / "manifest.json").read_bytes())
    loaders = {f"acme:loader-{i:02}": relation for i, relation in enumerate(sources)}
    facts = {
        "nhigraph": "facts/1",
        "nodes": [{"kind": "DatabaseRole", "key": key} for key in loaders],
        "edges": [
            {"kind": "CAN_WRITE", "from": key, "to": relation, "action": "post"}
            for key, relation in loaders.items()
        ],
    }
    scope = {
        "nhigraph": "scope/1",
        "organization": "Quick Books Ltd",
        "commitments": ["S"],
        "as_of": "2026-11-23",
        "targets": [
            {
                "id": name,
                "family": "financial-reporting",
                "fs_role": "record",
                "icfr_basis": "own",
                "select": [{"key": key}],
            }
            for name, key in statements.items()
        ],
    }
    (tmp_path / "loaders.facts.yaml").write_text(yaml.safe_dump(facts), encoding="utf-8")
    (tmp_path / "scope.yaml").write_text(yaml.safe_dump(scope), encoding="utf-8")
    found = judged(tmp_path)
    expected = {
        (loader, f"fin:{name}")
        for loader, relation in loaders.items()
        for name, key in statements.items()
        if key == relation or nx.has_path(lineage, relation, key)
    }
    rows = [row for row in verdicts(found) if row["identity"] in loaders]
    assert {(row["identity"], row["target"]) for row in rows} == expected
    assert {row["soc1"] for row in rows} == {"direct"}
    assert {row["certainty"] for row in rows} == {"can"}
    assert len(expected) > 100, "the statements are made from most of the sources"
    untouched = {row["identity"] for row in identities(found) if row["verdict"] == "neither"}
    assert untouched == set(loaders) - {loader for loader, _ in expected}


def test_ancestors_are_those_that_dbt_knows() -> None:
    """General ledger 92 models and 39 sources, balance sheet 97 and 39."""
    manifest = _manifest()
    lineage, statements = _lineage(manifest), _statements(manifest)
    models = {_node(n) for n in manifest["nodes"].values() if n["resource_type"] == "model"}
    sources = {_key(source) for source in manifest["sources"].values()}
    counted = {}
    for name in ("general_ledger", "balance_sheet"):
        above = nx.ancestors(lineage, statements[name])
        counted[name] = (len(above & models), len(above & sources))
    assert counted == {"general_ledger": (92, 39), "balance_sheet": (97, 39)}


def test_every_dependency_of_the_manifest_is_accounted_for() -> None:
    """336 edges: 271 of models become lineage, 65 of tests stand beside what they test."""
    manifest = _manifest()
    graph = collect([REAL / "manifest.json"]).graph
    ends = zip(graph.edges["src"].tolist(), graph.edges["dst"].tolist(), strict=True)
    kinds = graph.edges["kind"].tolist()
    lineage = {
        pair for pair, kind in zip(ends, kinds, strict=True) if kind in {"FEEDS", "FILTERS"}
    }
    resources = {**manifest["nodes"], **manifest["sources"]}
    keys_of = {word: n for n, p in graph.nodes_with_property("dbt") for word in p["dbt"]}
    counted = {"model": 0, "test": 0}
    for name, node in manifest["nodes"].items():
        for parent in node["depends_on"].get("nodes", ()):
            kind = "test" if node["resource_type"] == "test" else "model"
            if kind == "test":
                tests = graph.props(keys_of[parent]).get("dbt_tests", ())
                assert name in tests, (name, parent)
            else:
                assert (keys_of[parent], keys_of[name]) in lineage, (name, parent)
            counted[kind] += 1
    assert counted == {"model": 271, "test": 65}
    assert sum(r["resource_type"] == "model" for r in resources.values()) == 144
