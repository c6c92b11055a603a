"""An imagined identity in an estate: what would somebody reach who held this?

It is one more node of the facts, with edges that nobody else has. The scope says nothing of it: no
selector sees it, so it is in the boundary, unowned and no target.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from .automaton import Walk, moves_of, recovery_gates
from .rows import Context
from .scope import Target, apply_owners, boundaries, commitments_of, targets_of
from .vocabulary import CREDENTIAL_KINDS
from .walker import Row, identity_of, judge_one
from .weaknesses import thresholds_of
from .world import Edge, World, build_world

WHO = "imagined:who"
#: Kind of an edge, the node it goes to, what is done there; None for the kind's own action.
Held = tuple[str, str, str | None]


@dataclass
class Found:
    """What comes of an imagined identity: its row, its rows of verdicts.csv, and its walk."""

    row: Row
    verdicts: list[Row]
    walk: Walk


class Imagining:
    """An estate in which identities can be imagined, one at a time."""

    def __init__(
        self, facts: list[dict[str, Any]], scope: dict[str, Any], as_of: str | None
    ) -> None:
        self.facts, self.scope, self.as_of = facts, scope, as_of
        self.world: World = build_world(facts, scope, as_of)
        apply_owners(self.world, scope)
        self.boundary = boundaries(self.world, scope)
        self.targets: list[Target] = targets_of(self.world, scope, self.boundary)
        self.ctx = Context(self.world, self.boundary, commitments_of(scope), thresholds_of(scope))

    def credentials(self) -> list[str]:
        """Keys of everything that a record calls by a kind of credential."""
        nodes = self.world.nodes
        return [key for key in sorted(nodes) if nodes[key].kinds & CREDENTIAL_KINDS]

    def edges(self) -> list[Edge]:
        """Edges in force whose ends hold states."""
        active = self.world.active
        return [e for e in self.world.edges if active(e.source) and active(e.target)]

    def judged(self, *held: Held, no_value_of: Collection[str] = ()) -> Found:
        """Judge somebody who holds these things.

        `no_value_of` are credentials whose value no other credential has: it was changed.
        """
        edges = [
            {"kind": kind, "from": WHO, "to": key, "certainty": "certain", "action": action}
            for kind, key, action in held
        ]
        own = {"nodes": [{"kind": "ServiceAccount", "key": WHO}], "edges": edges}
        world = build_world([*self.facts, own], self.scope, self.as_of)
        for key, node in self.world.nodes.items():
            world.nodes[key].owners = node.owners
        values = set(self.credentials())
        world.edges = [
            edge
            for edge in world.edges
            if not (edge.kind == "FEEDS" and edge.source in no_value_of and edge.target in values)
        ]
        world.gates |= recovery_gates(self.targets)
        ctx = Context(
            world, {**self.boundary, WHO: "in"}, self.ctx.commitments, self.ctx.thresholds
        )
        who = identity_of(ctx, self.targets, moves_of(world, self.targets), WHO)
        row, verdicts, _ = judge_one(ctx, self.targets, who)
        return Found(row, verdicts, who.walk)
