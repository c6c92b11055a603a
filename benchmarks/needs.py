"""Witness search where needs go unmet: many rights, each needing a grant of its own.

    python -m benchmarks.needs [RIGHTS]...

None of the grants is held, but for that of the last and longest way. The shared tree leads over
the first right; what the search then costs is the figure, beside what the closures cost in the
same run: machines are noisy, and seconds of two runs compare nothing.
"""

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer

_LEDGER = "acme:ledger"
_SCOPE = {
    "nhigraph": "scope/1",
    "commitments": ["S"],
    "as_of": "2026-11-23",
    "targets": [
        {
            "id": "gl",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": _LEDGER}],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of one run.

    Attributes:
        closures: All closures and flags.
        answer: The same, with rows and the best path.
        steps: Steps of that path.
    """

    closures: float
    answer: float
    steps: int | None


def _facts(rights: int, *, chained: bool) -> dict[str, Any]:
    """Rights side by side, or one after another: then the best way rests on all of them."""
    grants = [f"acme:grant-{at}" for at in range(rights)]
    relays = [f"acme:relay-{at}" for at in range(rights if chained else 2)]
    nodes: list[dict[str, Any]] = [{"kind": "ServiceAccount", "key": "acme:walker"}]
    nodes.append({"kind": "Dataset", "key": _LEDGER})
    nodes += [{"kind": "Grant", "key": key} for key in grants]
    nodes += [{"kind": "ServiceAccount", "key": key, "nhi": False} for key in relays]
    way = ["acme:walker", *relays]
    edges: list[dict[str, Any]] = [
        {"kind": "CAN_ASSUME", "from": one, "to": other} for one, other in pairwise(way)
    ]
    edges.append({"kind": "CAN_WRITE", "from": way[-1], "to": _LEDGER})
    for at, grant in enumerate(grants):
        edge: dict[str, Any] = {"kind": "CAN_WRITE", "from": "acme:walker", "to": _LEDGER}
        if chained:
            edge = edges[at]
            edges.append({"kind": "HOLDS", "from": "acme:walker", "to": grant})
        else:
            edges.append(edge)
        edge["needs"] = [{"at": grant, "state": "CONTROL"}]
    return {"nhigraph": "facts/1", "nodes": nodes, "edges": edges}


def measure(rights: int, *, chained: bool = False) -> Figures:
    """Build the estate and time its answer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        facts = _facts(rights, chained=chained)
        (folder / "a.facts.json").write_text(json.dumps(facts), encoding="utf-8")
        (folder / "scope.json").write_text(json.dumps(_SCOPE), encoding="utf-8")
        judged = of_collection(collect([folder]))
    analysis = Analysis(judged.estate)
    started = time.perf_counter()
    list(analysis.blocks())
    closures = time.perf_counter() - started
    started = time.perf_counter()
    rows = answer(analysis).verdicts
    (row,) = (row for row in rows if row.identity == "acme:walker")
    return Figures(closures, time.perf_counter() - started, row.steps)


def main(arguments: list[str]) -> None:
    """Print a row for every size."""
    print("| rights | ways | closures, s | whole answer, s | times closures |")
    print("|---|---|---|---|---|")
    for rights in [int(a) for a in arguments] or [2_000, 4_000, 12_000]:
        for chained in (False, True):
            found = measure(rights, chained=chained)
            ratio = found.answer / found.closures
            ways = "one after another, met" if chained else "side by side, unmet"
            print(
                f"| {rights} | {ways} | {found.closures:.2f} | {found.answer:.2f} | {ratio:.1f} |"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
