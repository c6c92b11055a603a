"""Flags that travel with a path: what gives S, what crosses a boundary, how a state arrives.

"On a path" means on any fired transition from which the target is reached, with what satisfied its
needs and what defeats its gates. A flag is therefore one more closure over the fired clauses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Gates
from nhigraph.assurance.weaknesses import PRODUCTION, environments, standing
from nhigraph.graph.actions import effective_actions
from nhigraph.graph.coded import Coded
from nhigraph.schema import kinds
from nhigraph.schema.controls import (
    ACTION_ASSERTIONS,
    ASSERTIONS,
    FEED_ASSERTIONS,
    PREPARING_ACTIONS,
    RELEASING_ACTIONS,
)
from nhigraph.schema.crosswalk import HYGIENE
from nhigraph.schema.types import Effect, Family, State
from nhigraph.trace.product import STATES, Bools, Closure, Product, state_id

_AUTHORITY = {Effect.ADMINISTER, Effect.ALTER, Effect.DELETE}
_WRITING = {Effect.ADMINISTER, Effect.ALTER}
_FLOW = {Effect.FEED_DIRECT, Effect.FEED_INDIRECT}
#: Looked through when the last transition into a target is asked for.
_THROUGH = {Effect.CONTAIN, Effect.SUPPORT}


@dataclass(frozen=True, slots=True)
class Flag:
    """Where a flag starts, in which closure it travels, and on which clauses; None for all."""

    closure: Closure
    states: list[int]
    clauses: Bools
    carriers: Bools | None = None


class Labels:
    """Where each flag starts, in states and in clauses of one product."""

    def __init__(
        self,
        estate: Estate,
        gates: Gates,
        product: Product,
        weak_nodes: Mapping[int, set[str]],
    ) -> None:
        """Work out the starting points; a flag that starts nowhere is dropped."""
        self.estate, self.gates, self.product = estate, gates, product
        self.weak_nodes = weak_nodes
        self.standing = {
            node: standing(found, estate.graph.props(node)) for node, found in weak_nodes.items()
        }
        self._real = product.edge >= 0
        self._edge = np.where(self._real, product.edge, 0)
        self._state = product.dst % STATES
        self._action = Coded.of(effective_actions(estate.graph)).at(product.edge)
        edge_kind = estate.graph.edge_kind.at(product.edge)
        self._effect = {
            effect: edge_kind.isin(
                k.label for k in kinds.EDGE_KINDS.values() if k.effect is effect
            )
            for effect in Effect
        }
        self._none = np.zeros(product.clauses, dtype=bool)
        moves = ~self._real & (product.dst < product.nodes * STATES)
        self._looked_through = moves | self._of(_THROUGH)

    @cached_property
    def flags(self) -> dict[str, Flag]:
        """Every flag that some lane may carry, by name."""
        found: dict[str, Flag] = {}
        for name, (states, clauses) in self._path_flags().items():
            found[name] = Flag(Closure.MAY, states, clauses)
        for name, clauses in self._arrivals().items():
            found[name] = Flag(Closure.MAY, [], clauses, self._looked_through)
        enabling = self._enabling()
        if enabling.any():
            found["enabled"] = Flag(Closure.MAY, [], enabling)
            found["enabled open"] = Flag(Closure.OPEN, [], enabling)
            found["enabled maybe-open"] = Flag(Closure.MAYBE_OPEN, [], enabling)
        return found

    # -- flags of the whole path ----------------------------------------------------------------

    def _path_flags(self) -> dict[str, tuple[list[int], Bools]]:
        estate = self.estate
        graph = estate.graph
        carved = np.flatnonzero(estate.boundary == "carve_out").tolist()
        production = [
            node
            for node, props in graph.nodes_with_property("environment")
            if environments(props) & PRODUCTION
        ]
        people = [
            state_id(node, State.CONTROL)
            for node in np.flatnonzero(graph.of_kind({kinds.USER.label}) & ~estate.nhi).tolist()
        ]
        # Only a gate that some edge on the path carries counts, and its state feeds that edge.
        approving = [self.product.approval_state(g) for g in range(len(self.gates.specs))]
        logic = self._of({Effect.COMPUTE}) & (self._state == State.ALTER) & self._real
        flags = {
            "carve-out": (self._at(carved), self._none),
            "production": (self._at(production), self._none),
            "person": (people, self._none),
            "approves its own": (approving, self._none),
            "logic": ([], logic),
            "log_tamper": (self._logs(), self._none),
            "key_or_data_destruction": ([], self._destroying()),
        }
        flags.update(self._weak_flags())
        return {n: (s, c) for n, (s, c) in flags.items() if s or bool(c.any())}

    def _logs(self) -> list[int]:
        """Who may change, empty or stop a log."""
        logs = np.flatnonzero(self.estate.graph.of_kind({kinds.AUDIT_LOG.label})).tolist()
        return [state_id(log, state) for log in logs for state in State if state != State.READ]

    def _destroying(self) -> Bools:
        """Clauses by which keys or data are gone for good, not only stopped.

        Deleting and owning data, or the key under them. Stopping what runs destroys nothing.
        """
        ends = self._per_clause(self.estate.graph.edges["dst"].to_numpy(), 0)
        lasting = [k.label for k in kinds.NODE_KINDS.values() if k.family is Family.DATA]
        key = self.estate.graph.of_kind({kinds.ENCRYPTION_KEY.label})
        data = self.estate.graph.of_kind(set(lasting) - {kinds.AUDIT_LOG.label})
        removing = self._of({Effect.DELETE, Effect.ADMINISTER})
        at_data = (data | key)[ends].astype(bool) & removing
        at_key = key[ends].astype(bool) & self._of({Effect.HALT})
        gone: Bools = at_data | at_key | self._action.isin({"destroy"})
        gone &= self._state == State.HALT
        return gone & self._real

    def _weak_flags(self) -> dict[str, tuple[list[int], Bools]]:
        """One flag per weakness for the list, and one for those that give S."""
        flags: dict[str, tuple[list[int], Bools]] = {}
        ids = sorted({w for found in self.weak_nodes.values() for w in found})
        for name in ids:
            nodes = [node for node, found in self.weak_nodes.items() if name in found]
            approving = [node for node in nodes if name in self.standing[node]]
            flags[f"weak:{name}"] = self._at(nodes), self._approved_by(approving)
        giving = [n for n, found in self.weak_nodes.items() if self._gives(n, found)]
        approving = [n for n in giving if self._gives(n, self.standing[n])]
        flags["hygiene"] = self._at(giving), self._approved_by(approving)
        return flags

    def _gives(self, node: int, found: set[str]) -> bool:
        return bool(found.intersection(HYGIENE)) and self.estate.boundary[node] != "outside"

    def _approved_by(self, nodes: list[int]) -> Bools:
        """Clauses whose gate one of the nodes approves."""
        chosen = set(nodes)
        approved = np.array(
            [*(bool(chosen.intersection(known)) for known in self.gates.approvers), False]
        )
        gate = self.product.gate
        found: Bools = (gate >= 0) & approved[gate]
        return found

    def _enabling(self) -> Bools:
        """Clauses of an enabling action whose destination is in the boundary (R12)."""
        ours = np.isin(self.estate.boundary, ["in", "inclusive"])
        ends = self._per_clause(self.estate.graph.edges["dst"].to_numpy(), 0)
        acting = self._action.isin(kinds.ENABLING_ACTIONS)
        found: Bools = acting & ours[ends].astype(bool) & self._real
        return found

    # -- flags of the arrival -------------------------------------------------------------------

    def _arrivals(self) -> dict[str, Bools]:
        alter = self._state == State.ALTER
        changing = np.isin(self._state, [State.CONTROL, State.ALTER, State.OMIT])
        writing = self._of(_WRITING) & alter
        found = {
            "authority": self._of(_AUTHORITY) & changing,
            "lineage": self._of(_FLOW) & np.isin(self._state, [State.ALTER, State.OMIT]),
            "prepares": writing & self._action.isin(PREPARING_ACTIONS),
            "releases": writing & self._action.isin(RELEASING_ACTIONS),
        }
        known = list(ACTION_ASSERTIONS)
        for name in ASSERTIONS:
            acting = [a for a in known if name in ACTION_ASSERTIONS[a]]
            clauses = writing & (self._action.isin(acting) | ~self._action.isin(known))
            clauses |= self._of({Effect.COMPUTE}) & alter
            if name in FEED_ASSERTIONS:
                clauses |= self._of({Effect.FEED_DIRECT}) & alter
            found[f"assertion:{name}"] = clauses
        return {name: clauses for name, clauses in found.items() if clauses.any()}

    def last_by(self, actions: Iterable[str], end: int) -> list[int]:
        """Clauses that write by one of the actions as the last transition into a node."""
        product = self.product
        through = np.flatnonzero(self._looked_through).tolist()
        before: dict[int, list[int]] = {}
        for clause in through:
            before.setdefault(int(product.dst[clause]), []).append(int(product.src[clause]))
        found = {state_id(end, state) for state in State}
        waiting = list(found)
        while waiting:
            new = set(before.get(waiting.pop(), ())) - found
            found |= new
            waiting += new
        acting = self._of(_WRITING) & (self._state == State.ALTER)
        acting &= self._action.isin(actions)
        return [c for c in np.flatnonzero(acting).tolist() if int(product.dst[c]) in found]

    # -- columns --------------------------------------------------------------------------------

    def _of(self, effects: Iterable[Effect]) -> Bools:
        chosen = self._none
        for effect in effects:
            chosen = chosen | self._effect[effect]
        return chosen

    def _per_clause(self, column: npt.NDArray[Any], absent: str | int) -> npt.NDArray[Any]:
        """A column of edges, spread over clauses."""
        if not len(column):
            return np.full(self.product.clauses, absent, dtype=column.dtype)
        spread: npt.NDArray[Any] = column[self._edge].copy()
        spread[~self._real] = absent
        return spread

    def _at(self, nodes: Iterable[int]) -> list[int]:
        return [state_id(node, state) for node in nodes for state in State]
