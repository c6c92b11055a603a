"""The benchmark of a million nodes, small: it is judged as the walker judges it."""

import json
from pathlib import Path

from benchmarks.million import assessed, pairs, write
from tests.e2e.command import rows
from tests.e2e.fact_tables import records
from tests.oracle.walker import judge

#: What a path is called is the program's own; all other columns are the specification's.
_OWN = {"path_id"}


def _told(record: dict[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in record.items() if name not in _OWN}


def test_a_small_estate_is_judged_as_the_walker_judges_it(tmp_path: Path) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    edges, identities = write(inputs, 120, 5, zoned=0.6)
    stages = assessed(inputs, out)
    assert {one.name for one in stages} >= {"reading", "tracing identities", "writing"}
    assert all(one.memory > 0 for one in stages)
    facts = {
        **json.loads((inputs / "beside.facts.json").read_text(encoding="utf-8")),
        "nodes": records(inputs / "estate.nodes.parquet"),
        "edges": records(inputs / "estate.edges.parquet"),
    }
    assert (len(facts["nodes"]), len(facts["edges"])) == (120, edges)
    scope = json.loads((inputs / "scope.yaml").read_text(encoding="utf-8"))
    expected = judge([facts], scope, as_of=scope["as_of"])
    for name, told in zip(("identities", "verdicts"), expected, strict=True):
        assert [*map(_told, rows(out / f"{name}.csv"))] == [*map(_told, told)]
    assert len(expected[0]) == identities
    verdicts = expected[1]
    assert pairs(out) == sum(row["target"] != "*" for row in verdicts) > 10
    assert {row["exposure"] for row in verdicts} >= {"open"}
    assert any(record.get("needs") for record in facts["edges"])
