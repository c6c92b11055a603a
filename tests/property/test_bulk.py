"""Whole tables have a road of their own; both roads lead to one graph, and tell one story."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nhigraph.app.collect import Collection, collect
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gap
from nhigraph.graph import bulk
from nhigraph.graph.append import extend
from nhigraph.graph.columns import TABLES
from nhigraph.graph.store import same

Row = dict[str, Any]
#: What a table may say so that single records decide; by name, so that each is tried.
DISTURBED = (
    "a node twice",
    "an end that is nowhere",
    "a need that is nowhere",
    "an unknown kind",
    "nhi: false",
    "a key in another case",
    "a node told elsewhere, too",
    "an edge told elsewhere, too",
    "a date that is none",
    "a refused record elsewhere",
)
CLEAN = (
    "nothing",
    "gates and gaps",
    "other nodes and edges",
    "two pairs of tables",
    "a secret in a name",
    "an edge twice",
    "an edge twice and in two documents",
)


@dataclass(slots=True)
class _Estate:
    nodes: list[Row] = field(default_factory=list)
    edges: list[Row] = field(default_factory=list)
    beside: dict[str, Any] = field(default_factory=lambda: {"nhigraph": "facts/1"})
    pairs: int = 1


def _estate(seed: int, how: str) -> _Estate:
    rng = random.Random(f"{seed} {how}")
    keys = [f"acme:{rng.choice('abc')}/{at:03}-é" for at in range(30)]
    keys += [f"github:acme/books-{at}" for at in range(3)]
    kinds = ["ServiceAccount", "Dataset", "Secret", "Group"]
    found = _Estate()
    for key in keys:
        row: Row = {"kind": rng.choice(kinds), "key": key, "name": rng.choice(["", "n", "é"])}
        row |= {"nhi": rng.choice(["", "true"]), "state": rng.choice(["", "disabled"])}
        row |= {
            "expires": rng.choice(["", "2027-01-01"]),
            "props.environment": rng.choice(["", "prod"]),
        }
        found.nodes.append(row)
    pairs = rng.sample([(a, b) for a in keys for b in keys if a != b], 90)
    for source, target in pairs:
        row = {
            "kind": rng.choice(["CAN_READ", "CAN_WRITE", "FEEDS"]),
            "from": source,
            "to": target,
        }
        row |= {"action": rng.choice(["", "read"]), "certainty": rng.choice(["", "conditional"])}
        row |= {
            "condition": rng.choice(["", "from the office"]),
            "gate": rng.choice(["", "acme:gate"]),
        }
        row |= {"needs": rng.choice(["", f"{rng.choice(keys)} READ"])}
        row |= {"valid_until": rng.choice(["", "2027-05-05"])}
        found.edges.append(row)
    _DISTURB[how](found, rng)
    return found


def _twice_node(found: _Estate, rng: random.Random) -> None:
    found.nodes.append({**rng.choice(found.nodes), "name": "another", "state": "deleted"})


def _twice_edge(found: _Estate, rng: random.Random) -> None:
    found.edges.append(dict(rng.choice(found.edges)))


def _twice_in_two(found: _Estate, rng: random.Random) -> None:
    """Each third row again, behind and before its own, in the other document and in its own."""
    again = [dict(row) for row in found.edges[::3]]
    found.edges = [*again[::2], *found.edges, *again]
    found.pairs = 2


def _elsewhere(found: _Estate, rng: random.Random) -> None:
    told = {
        name: cell for name, cell in rng.choice(found.nodes).items() if name in {"kind", "key"}
    }
    found.beside["nodes"] = [{**told, "owner": "finance"}]


def _edge_elsewhere(found: _Estate, rng: random.Random) -> None:
    edge = rng.choice(found.edges)
    found.beside["edges"] = [{name: edge[name] for name in ("kind", "from", "to")}]


def _beside(found: _Estate, rng: random.Random) -> None:
    at = rng.choice(found.nodes)["key"]
    found.beside["gates"] = [{"key": "acme:gate", "kind": "approval", "approvers": [at]}]
    found.beside["gaps"] = [{"at": at, "reason": "not exported"}, {"at": "acme:no", "reason": "x"}]


def _others(found: _Estate, rng: random.Random) -> None:
    at = rng.choice(found.nodes)["key"]
    found.beside["nodes"] = [{"kind": "User", "key": "acme:b/someone"}]
    found.beside["edges"] = [
        {"kind": "CAN_READ", "from": "acme:b/someone", "to": at},
        {"kind": "CAN_READ", "from": at, "to": "acme:b/someone"},
        {"kind": "CAN_READ", "from": at, "to": "acme:b/nobody"},
    ]


def _set(part: str, name: str, value: object) -> Any:  # noqa: ANN401 - a change of an estate
    def change(found: _Estate, rng: random.Random) -> None:
        rng.choice(getattr(found, part))[name] = value

    return change


def _refused(found: _Estate, rng: random.Random) -> None:
    found.beside["nodes"] = [{"kind": "Nothing", "key": "acme:odd"}]


def _two(found: _Estate, rng: random.Random) -> None:
    found.pairs = 2


def _same(found: _Estate, rng: random.Random) -> None:
    """Nothing but the tables."""


_DISTURB: Mapping[str, Any] = {
    "nothing": _same,
    "gates and gaps": _beside,
    "other nodes and edges": _others,
    "two pairs of tables": _two,
    "a node twice": _twice_node,
    "an edge twice": _twice_edge,
    "an edge twice and in two documents": _twice_in_two,
    "an end that is nowhere": _set("edges", "to", "acme:nowhere"),
    "a need that is nowhere": _set("edges", "needs", "acme:nowhere CONTROL"),
    "an unknown kind": _set("nodes", "kind", "Spaceship"),
    "nhi: false": _set("nodes", "nhi", "false"),
    "a key in another case": _set("nodes", "key", "github:Acme/Books-0"),
    "a node told elsewhere, too": _elsewhere,
    "an edge told elsewhere, too": _edge_elsewhere,
    "a date that is none": _set("edges", "valid_until", "next year"),
    "a secret in a name": _set("nodes", "name", "postgres://u:CANARY-bulk@db/erp"),
    "a refused record elsewhere": _refused,
}


def _write(folder: Path, found: _Estate, suffix: str) -> None:
    folder.mkdir()
    for part in range(found.pairs):
        for name, rows in (("nodes", found.nodes), ("edges", found.edges)):
            path = folder / f"part-{part}.{name}.{suffix}"
            frame = pd.DataFrame(rows[part :: found.pairs], dtype=object)
            if suffix == "csv":
                frame.to_csv(path, index=False)
            else:
                frame.to_parquet(path)
    if len(found.beside) > 1:
        (folder / "beside.facts.json").write_text(json.dumps(found.beside), encoding="utf-8")


def _told(found: Collection) -> dict[str, object]:
    """A collection, to the cell."""
    graph = found.graph
    tables = {name: getattr(graph, name) for name in ("nodes", "edges", *TABLES)}
    cells = {name: [table[c].tolist() for c in table.columns] for name, table in tables.items()}
    names = {name: list(table.columns) for name, table in tables.items()}
    types = {name: [str(one) for one in table.dtypes] for name, table in tables.items()}
    return {"cells": cells, "names": names, "types": types, "coverage": found.coverage.as_json()}


def _roads(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Sequence[tuple[dict[str, object], int]]:
    """What each road tells, and how many graphs were laid whole on it."""
    found = []
    own = bulk.laid
    for least in (0, 1 << 60):
        laid: list[object] = []

        def counted(*given: Any, _laid: list[object] = laid) -> Any:  # noqa: ANN401 - as it is
            built = own(*given)
            _laid.append(built)
            return built

        monkeypatch.setattr(bulk, "FROM", least)
        monkeypatch.setattr(bulk, "laid", counted)
        told = _told(collect([folder]))
        found.append((told, sum(one is not None for one in laid)))
    return found


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize("how", [*CLEAN, *DISTURBED])
def test_both_roads_lead_to_one_graph(
    how: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _compare(how, suffix, range(1), tmp_path, monkeypatch)


@pytest.mark.nightly
@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize("how", [*CLEAN, *DISTURBED])
def test_both_roads_lead_to_one_graph_at_night(
    how: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _compare(how, suffix, range(1, 30), tmp_path, monkeypatch)


def _compare(
    how: str, suffix: str, seeds: range, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in seeds:
        inputs = folder / str(seed)
        _write(inputs, _estate(seed, how), suffix)
        (fast, laid), (slow, none) = _roads(inputs, monkeypatch)
        assert fast == slow, f"{how}, seed {seed}"
        assert (laid, none) == (int(how in CLEAN), 0), f"{how}, seed {seed}: which road was taken"


def test_columns_that_say_one_thing_take_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "FROM", 0)
    found = _estate(1, "nothing")
    for row in found.edges:
        row["condition"] = row["gate"] = ""
    _write(tmp_path / "in", found, "parquet")
    graph = collect([tmp_path / "in"]).graph
    for frame, name in (("edges", "condition"), ("edges", "gate"), ("evidence", "pointer")):
        cells = getattr(graph, frame)[name].to_numpy(dtype=object)
        assert same(cells), f"{frame}.{name}"
    assert not same(graph.edges["kind"].to_numpy(dtype=object))
    grown = extend(graph, [Gap(graph.key_list[0], "not told", Evidence("a", "/1", "0"))]).graph
    assert same(grown.edges["condition"].to_numpy(dtype=object))
    assert not same(grown.evidence["pointer"].to_numpy(dtype=object))
    assert sorted(set(grown.evidence["pointer"])) == ["", "/1"]
