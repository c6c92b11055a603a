"""The benchmark of whole assessments, small: what it writes and judges is what the walker says."""

import json
from pathlib import Path

from benchmarks.whole import assessed, chain, tidy
from tests.e2e.command import rows
from tests.e2e.fact_tables import records
from tests.oracle.walker import judge

_HERE = Path(__file__).resolve().parents[2]
#: What a path is called is the program's own; all other columns are the specification's.
_OWN = {"path_id"}


def _compare(folder: Path, most: int) -> list[dict[str, str]]:
    """Rows of verdicts.csv, which are those of the walker."""
    inputs, out = folder / "in", folder / "out"
    seconds, memory = assessed(_HERE, inputs, out)
    assert seconds > 0
    assert memory > 0
    facts = {
        **json.loads((inputs / "gates.facts.json").read_text(encoding="utf-8")),
        "nodes": records(inputs / "estate.nodes.parquet"),
        "edges": records(inputs / "estate.edges.parquet"),
    }
    assert len(facts["nodes"]) < most
    scope = json.loads((inputs / "scope.yaml").read_text(encoding="utf-8"))
    as_of = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["as_of"]
    identities, verdicts = judge([facts], scope, as_of=as_of)
    for name, expected in (("identities", identities), ("verdicts", verdicts)):
        found = rows(out / f"{name}.csv")
        hidden = _OWN if name == "verdicts" else set()
        told = [{k: v for k, v in row.items() if k not in hidden} for row in found]
        assert told == [{k: v for k, v in row.items() if k not in hidden} for row in expected]
    return rows(out / "verdicts.csv")


def test_a_small_company_is_judged_as_the_walker_judges_it(tmp_path: Path) -> None:
    tidy(50, 4)(tmp_path / "in")
    verdicts = _compare(tmp_path, 100)
    assert len(verdicts) > 10
    assert {row["exposure"] for row in verdicts} >= {"open"}


def test_a_short_chain_is_judged_as_the_walker_judges_it(tmp_path: Path) -> None:
    chain(30)(tmp_path / "in")
    verdicts = _compare(tmp_path, 40)
    steps = {row["identity"]: row["steps"] for row in verdicts}
    assert steps == {f"role-{at:05}": str(30 - at) for at in range(30)}
