"""What the scope adds to a graph of 300,000 edges, by this build and by another one.

    python -m benchmarks.scope_passes OTHER [EDGES]

OTHER is another checkout with its environment in ``.venv``. Each build makes the estate and merges
it, which is not counted, and then applies an alias of a server with 2,000 roles, and a scope with
links, owners, a boundary and targets. The two take turns; the best of each pass counts. The figure
is the ratio: machines are noisy, and seconds of two runs compare nothing.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.estate_generator import Generated, generate
from nhigraph.assurance.day import Day
from nhigraph.assurance.scope import resolve
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Edge, Node
from nhigraph.graph.build import build
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds as k

EDGES = 300_000
ROLES = 2_000
GRANTS = 5
TARGETS = 20
TURNS = 3
ROUNDS = 3
PER_NODE = 4.85
PASSES = ("aliases", "scope")
_HERE = Path(__file__).resolve()


def company(edges: int) -> Generated:
    """An estate of about so many edges, one server of which the scope has a name for."""
    made = generate(int((edges - ROLES * GRANTS) / PER_NODE), TARGETS)
    place = Evidence("server.facts.json", "/0", "1" * 64)
    facts, claims = made.facts, made.claims
    tables = [fact.key for fact in facts if isinstance(fact, Node) and fact.kind is k.DATASET]
    people = [fact.key for fact in facts if isinstance(fact, Node) and fact.kind is k.USER]
    known = {"platform": "postgres", "database": "erp", "host": "db.example"}
    facts.append(Node(k.CONTAINER, "cluster:postgres:erp", place, props=known))
    for number in range(ROLES):
        role = f"role:postgres:erp/r{number:04}"
        facts.append(Node(k.DATABASE_ROLE, role, place))
        for grant in range(GRANTS):
            table = tables[(number * GRANTS + grant) % len(tables)]
            facts.append(Edge(k.CAN_WRITE, role, table, place))
    alias = {"platform": "postgres", "host": "db.example", "as": "main"}
    claims.append(Claim("alias", alias, place))
    for number in range(3):
        role = f"role:postgres:main/r{number:04}"
        link = {"kind": "AUTHENTICATES_AS", "from": f"secret-{number:07}", "to": role}
        claims.append(Claim("link", link, place))
        select = ({"key": f"account-000000{number}"},)
        claims.append(Claim("owner", {"select": select, "owner": people[number]}, place))
        away = {"list": "carve_out", "select": ({"key": f"schema-00000{number}?"},)}
        claims.append(Claim("boundary", away, place))
    return Generated(facts, claims)


def _alias_pass() -> Callable[[Graph, list[Claim]], Graph]:
    """What aliases do to a graph, in the words of whichever build runs this."""
    try:
        aliases = importlib.import_module("nhigraph.facts.aliases").stated
    except ModuleNotFoundError:
        aliases = importlib.import_module("nhigraph.assurance.scope").aliases
    try:
        unified = importlib.import_module("nhigraph.joins.passes").unified
    except ModuleNotFoundError:
        unified = importlib.import_module("nhigraph.joins.join").unified
    return lambda graph, claims: unified(graph, aliases(claims))


def measure(edges: int) -> dict[str, float]:
    """Best seconds of each pass, and what the graph came to."""
    made = company(edges)
    graph = build(made.facts).graph
    aliased = _alias_pass()
    best = dict.fromkeys(PASSES, float("inf"))
    for _ in range(ROUNDS):
        started = time.perf_counter()
        named = aliased(graph, made.claims)
        between = time.perf_counter()
        found = resolve(named, made.claims, Day("2026-11-23"))
        spent = (between - started, time.perf_counter() - between)
        best = {name: min(best[name], s) for name, s in zip(PASSES, spent, strict=True)}
    whole = found.estate.graph
    return best | {"nodes": len(whole.nodes), "edges": len(whole.edges)}


def _apart(checkout: Path, edges: int) -> dict[str, float]:
    """The same in a process and an environment of that checkout."""
    python = checkout / ".venv" / "bin" / "python"
    command = [
        str(python if python.exists() else sys.executable),
        "-P",
        str(_HERE),
        "-",
        str(edges),
    ]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(  # noqa: S603 - this file, by the checkout the caller named
        command, env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(other: Path, edges: int) -> None:
    """Print the best seconds of both builds and their ratio."""
    builds = {"this": _HERE.parent.parent, "other": other.resolve()}
    best: dict[str, dict[str, float]] = {name: {} for name in builds}
    for _ in range(TURNS):
        for name, checkout in builds.items():
            found = _apart(checkout, edges)
            best[name] = {what: min(s, best[name].get(what, s)) for what, s in found.items()}
    for name, found in best.items():
        print(f"{name}: {found['nodes']:.0f} nodes, {found['edges']:.0f} edges with the scope")
        found["both"] = sum(found[what] for what in PASSES)
    print("| pass | this, s | other, s | times this |\n|---|---|---|---|")
    for what in (*PASSES, "both"):
        here, there = best["this"][what], best["other"][what]
        print(f"| {what} | {here:.2f} | {there:.2f} | {there / here:.1f} |")


if __name__ == "__main__":
    number = int(sys.argv[2]) if len(sys.argv) > 2 else EDGES
    if sys.argv[1] == "-":
        print(json.dumps(measure(number)))
    else:
        main(Path(sys.argv[1]), number)
