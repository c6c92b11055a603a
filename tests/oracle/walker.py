"""The oracle: judge an estate by brute force, one identity at a time.

python -m tests.oracle.walker SCOPE FACTS…     prints both tables
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .automaton import Held, Move, moves_of, recovery_gates, walk
from .claims import read_target
from .controls import control_rows
from .records import edge_refused, gap_refused, gate_refused, is_text, read_node
from .rows import Context, Identity, dead_row, star_row, verdict_row
from .scope import (
    Target,
    apply_owners,
    assurance_nodes,
    boundaries,
    commitments_of,
    select,
    targets_of,
)
from .totals import identity_row
from .vocabulary import IDENTITY_COLUMNS, VERDICT_COLUMNS
from .weaknesses import PathFacts, graph_weaknesses, thresholds_of
from .world import all_records, build_world

Row = dict[str, str]


def judge(
    facts: list[dict[str, Any]],
    scope: dict[str, Any],
    *,
    all_reached: bool = False,
    as_of: str | None = None,
    include_disabled: bool = False,
) -> tuple[list[Row], list[Row]]:
    """All rows of identities.csv and verdicts.csv, sorted; `path_id` is left empty."""
    ctx, targets, moves = prepared(facts, scope, as_of, include_disabled)
    identity_rows: list[Row] = []
    verdict_rows: list[Row] = []
    for identity in identities_of(ctx, targets, moves):
        own, rows, reached = judge_one(ctx, targets, identity)
        identity_rows.append(own)
        if all_reached:
            pairs = {row["target"] for row in reached}
            rows = reached + [row for row in rows if row["target"] not in pairs]
        verdict_rows += sorted(rows, key=lambda row: row["target"])
    return identity_rows, verdict_rows


def judge_one(
    ctx: Context, targets: list[Target], identity: Identity
) -> tuple[Row, list[Row], list[Row]]:
    """Of one identity that walked: its row, its rows of verdicts.csv, and every reached pair."""
    reached = [
        verdict_row(ctx, identity, target) for target in targets if target.key in identity.paths
    ]
    rows = [row for row in reached if row["verdict"] != "neither" or row["soc2_outside"]]
    rows += [
        row
        for target in targets
        if target.dead and (row := dead_row(ctx, identity, target)) is not None
    ]
    if identity.gaps:
        rows.append(star_row(ctx, identity, targets))
    return identity_row(ctx, identity, rows), rows, reached


def prepared(
    facts: list[dict[str, Any]],
    scope: dict[str, Any],
    as_of: str | None = None,
    include_disabled: bool = False,
) -> tuple[Context, list[Target], list[Move]]:
    """The merged world with what the scope says of it, and every transition that there is."""
    world = build_world(facts, scope, as_of, include_disabled)
    apply_owners(world, scope)
    boundary = boundaries(world, scope)
    targets = targets_of(world, scope, boundary)
    world.gates |= recovery_gates(targets)
    ctx = Context(world, boundary, commitments_of(scope), thresholds_of(scope))
    return ctx, targets, moves_of(world, targets)


def identities_of(ctx: Context, targets: list[Target], moves: list[Move]) -> Iterator[Identity]:
    """Every identity of the population, walked, by key."""
    for key, node in sorted(ctx.world.nodes.items()):
        if node.is_nhi:
            yield identity_of(ctx, targets, moves, key)


def identity_of(
    ctx: Context,
    targets: list[Target],
    moves: list[Move],
    key: str,
    start: set[Held] | None = None,
) -> Identity:
    """One identity, walked; or whoever holds what is given from the beginning."""
    world = ctx.world
    walked = walk(world, moves, key, start)
    held = walked.may.held
    paths = {
        target.key: PathFacts(
            target.key, *walked.may.cone(target.key), walked.may.last_moves(target.key)
        )
        for target in targets
        if walked.may.states_at(target.key)
    }
    gaps = {at for at, states in world.gaps if any((at, state) in held for state in states)}
    weak = graph_weaknesses(world, key, held, list(paths.values()))
    return Identity(key, walked, sorted(gaps), paths, weak)


def judge_controls(
    facts: list[dict[str, Any]], scope: dict[str, Any], *, as_of: str | None = None
) -> list[Row]:
    """The rows of controls.csv, without names, counts and evidence."""
    world = build_world(facts, scope, as_of)
    apply_owners(world, scope)
    targets = targets_of(world, scope, boundaries(world, scope))
    world.gates |= recovery_gates(targets)
    return control_rows(world, moves_of(world, targets), targets)


def judge_complete(
    facts: list[dict[str, Any]], scope: dict[str, Any], *, as_of: str | None = None
) -> bool:
    """ "False for … a refused record, a scope error, a dead target or a reached gap".

    An edge or a gap at a node that nobody has is a refused record too; an item of a target's
    selector that matches nothing, and targets none of which names what is relied on, are errors
    of the scope.
    """
    nodes = {node["key"] for node in all_records(facts, "nodes") if is_text(node.get("key"))}
    edges = [*all_records(facts, "edges"), *(scope.get("links") or [])]

    def hangs(edge: dict[str, Any]) -> bool:
        needed = [need["at"] for need in edge.get("needs") or []]
        return not {edge["from"], edge["to"], *needed} <= nodes

    refused = (
        any(read_node(node)[1] for node in all_records(facts, "nodes"))
        or any(edge_refused(edge) or hangs(edge) for edge in edges)
        or any(map(gate_refused, all_records(facts, "gates")))
        or any(gap_refused(gap) or gap["at"] not in nodes for gap in all_records(facts, "gaps"))
        or any(read_target(target).refused for target in scope.get("targets") or [])
    )
    world = build_world(facts, scope, as_of)
    apply_owners(world, scope)
    dead = any(target.dead for target in targets_of(world, scope, boundaries(world, scope)))
    dead = dead or any(
        not select(world, [item])
        for target in scope.get("targets") or []
        if assurance_nodes(target, frozenset())
        for item in read_target(target).read.get("select") or []
    )
    nodes_of = (assurance_nodes(target, frozenset()) for target in scope.get("targets") or [])
    idle = not any(nodes_of)
    identities, _ = judge(facts, scope, as_of=as_of)
    return not (refused or dead or idle or any(row["gaps"] for row in identities))


def load(path: Path) -> dict[str, Any]:
    """One YAML or JSON document."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        loaded: dict[str, Any] = json.loads(text)
        return loaded
    import yaml  # only here: the core is standard library alone

    parsed: dict[str, Any] = yaml.safe_load(text)
    return parsed


def main() -> None:
    """Print the two tables of a scope and its facts files."""
    scope, *facts = [load(Path(argument)) for argument in sys.argv[1:]]
    identities, verdicts = judge(facts, scope)
    for columns, rows in ((IDENTITY_COLUMNS, identities), (VERDICT_COLUMNS, verdicts)):
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
