"""Flags that travel with a path: what gives S, what crosses a boundary, how a state arrives.

"On a path" means on any fired transition from which the target is reached, with what satisfied its
needs and what defeats its gates. A flag is therefore one more closure over the fired clauses.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Gates
from nhigraph.assurance.weaknesses import PRODUCTION, environments, standing
from nhigraph.graph.actions import effective_actions
from nhigraph.graph.coded import Coded
from nhigraph.graph.distinct import distinct_below
from nhigraph.graph.store import Graph, Ints
from nhigraph.records import dataclass
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
#: What may say by which action it alters: a right, and a job or lineage of which that is stated.
_ACTING = _WRITING | {Effect.COMPUTE, Effect.FEED_DIRECT}
#: Looked through when the last transition into a target is asked for.
_THROUGH = {Effect.CONTAIN, Effect.SUPPORT}
#: Numbers of effects: a byte says of a clause what its edge does.
_EFFECT: dict[Effect | None, int] = {effect: number for number, effect in enumerate(Effect)}
#: Flags of what an enabling action gives, and the closure of each.
_ENABLED = {
    "enabled": Closure.MAY,
    "enabled open": Closure.OPEN,
    "enabled maybe-open": Closure.MAYBE_OPEN,
}


@dataclass(frozen=True, slots=True)
class Flag:
    """Where a flag starts, in which closure it travels, and on which clauses; None for all."""

    closure: Closure
    states: list[int]
    clauses: Bools
    carriers: Bools | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """Clauses, as far as a flag that starts with one looks at them.

    Attributes:
        real: It is a move of an edge.
        state: State that it gives.
        end: Node id at which the edge ends; 0 for no edge.
        action: What the edge does there.
        effect: Number of the edge's effect, in the order of ``Effect``; -1 for no edge.
    """

    real: Bools
    state: npt.NDArray[np.int8]
    end: npt.NDArray[np.int32]
    action: Coded
    effect: npt.NDArray[np.int8]

    @classmethod
    def of(cls, real: Bools, state: Ints, end: Ints, action: Coded, edge_kind: Coded) -> "Steps":
        """The same, from the kinds of their edges; a state is told by its place at its node."""
        effect_of = {kind.label: kind.effect for kind in kinds.EDGE_KINDS.values()}
        # The last is where -1 looks.
        told = [_EFFECT.get(effect_of.get(label), -1) for label in edge_kind.words]
        effect = np.array([*told, -1], dtype=np.int8)[edge_kind.codes]
        return cls(
            real, (state % STATES).astype(np.int8), end.astype(np.int32), action.small(), effect
        )

    def by(self, effects: Iterable[Effect]) -> Bools:
        """Those of some effects."""
        some = [self.effect == np.int8(_EFFECT[effect]) for effect in effects]
        found: Bools = np.logical_or.reduce(some)
        return found

    def gives(self, *states: State) -> Bools:
        """Those that give one of some states."""
        found: Bools = np.logical_or.reduce([self.state == np.int8(state) for state in states])
        return found


def _actions(graph: Graph, edges: Ints) -> Coded:
    """What some edges do, -1 among them doing nothing: each is looked at once."""
    asked = distinct_below(edges[edges >= 0], len(graph.edges))
    place = np.full(len(graph.edges) + 1, -1, dtype=np.int64)  # the last is where -1 looks
    place[asked] = np.arange(len(asked))
    return Coded.of(effective_actions(graph, asked)).at(place[edges])


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
        real, ends = product.edge >= 0, estate.graph.edges["dst"].to_numpy()
        self._steps = Steps.of(
            real,
            product.dst,
            np.where(real, ends[product.edge], 0) if len(ends) else np.zeros_like(product.dst),
            _actions(estate.graph, product.edge),
            estate.graph.edge_kind.at(product.edge),
        )
        self._none = np.zeros(product.clauses, dtype=bool)
        moves = ~real & (product.dst < product.nodes * STATES)
        self._looked_through = moves | self._steps.by(_THROUGH)

    @cached_property
    def flags(self) -> dict[str, Flag]:
        """Every flag that some lane may carry, by name."""
        found: dict[str, Flag] = {}
        for name, (states, clauses) in self._path_flags().items():
            found[name] = Flag(Closure.MAY, states, clauses)
        for name, clauses in self._arrivals(self._steps).items():
            found[name] = Flag(Closure.MAY, [], clauses, self._looked_through)
        enabling = self._enabling(self._steps)
        if enabling.any():
            for name, closure in _ENABLED.items():
                found[name] = Flag(closure, [], enabling)
        return found

    def begun(self, steps: Steps) -> dict[str, tuple[Flag, Bools]]:
        """Flags that start with some steps which are no clauses of the product, nor gated.

        Returns:
            By name the flag, as clauses of the product start and carry it, and which of the steps
            start it besides; only those that one of them starts.
        """
        arrivals, enabling = self._arrivals(steps), self._enabling(steps)
        named = {"logic": self._logic(steps), "key_or_data_destruction": self._destroying(steps)}
        named |= arrivals | dict.fromkeys(_ENABLED, enabling)
        found: dict[str, tuple[Flag, Bools]] = {}
        for name, starting in named.items():
            if starting.any():
                carriers = self._looked_through if name in arrivals else None
                nobody = Flag(_ENABLED.get(name, Closure.MAY), [], self._none, carriers)
                found[name] = self.flags.get(name, nobody), starting
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
        flags = {
            "carve-out": (self._at(carved), self._none),
            "production": (self._at(production), self._none),
            "person": (people, self._none),
            "approves its own": (approving, self._none),
            "logic": ([], self._logic(self._steps)),
            "log_tamper": (self._logs(), self._none),
            "key_or_data_destruction": ([], self._destroying(self._steps)),
        }
        flags.update(self._weak_flags())
        return {n: (s, c) for n, (s, c) in flags.items() if s or bool(c.any())}

    def _logs(self) -> list[int]:
        """Who may change, empty or stop a log."""
        logs = np.flatnonzero(self.estate.graph.of_kind({kinds.AUDIT_LOG.label})).tolist()
        return [state_id(log, state) for log in logs for state in State if state != State.READ]

    @staticmethod
    def _logic(steps: Steps) -> Bools:
        """What a program computes is altered by its logic."""
        found: Bools = steps.by({Effect.COMPUTE}) & steps.gives(State.ALTER) & steps.real
        return found

    def _destroying(self, steps: Steps) -> Bools:
        """Clauses by which keys or data are gone for good, not only stopped.

        Deleting and owning data, or the key under them. Stopping what runs destroys nothing.
        """
        lasting = [k.label for k in kinds.NODE_KINDS.values() if k.family is Family.DATA]
        key = self.estate.graph.of_kind({kinds.ENCRYPTION_KEY.label})
        data = self.estate.graph.of_kind(set(lasting) - {kinds.AUDIT_LOG.label})
        removing = steps.by({Effect.DELETE, Effect.ADMINISTER})
        at_data = (data | key)[steps.end] & removing
        at_key = key[steps.end] & steps.by({Effect.HALT})
        gone: Bools = at_data | at_key | steps.action.isin({"destroy"})
        gone &= steps.gives(State.HALT)
        return gone & steps.real

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

    def _enabling(self, steps: Steps) -> Bools:
        """Those of an enabling action whose destination is in the boundary (R12)."""
        ours = np.isin(self.estate.boundary, ["in", "inclusive"])
        found: Bools = steps.action.isin(kinds.ENABLING_ACTIONS) & ours[steps.end] & steps.real
        return found

    # -- flags of the arrival -------------------------------------------------------------------

    @staticmethod
    def _arrivals(steps: Steps) -> dict[str, Bools]:
        alter, action = steps.gives(State.ALTER), steps.action
        changing = steps.gives(State.CONTROL, State.ALTER, State.OMIT)
        writing = steps.by(_WRITING) & alter
        acting = steps.by(_ACTING) & alter
        found = {
            "authority": steps.by(_AUTHORITY) & changing,
            "lineage": steps.by(_FLOW) & steps.gives(State.ALTER, State.OMIT),
            "prepares": acting & action.isin(PREPARING_ACTIONS),
            "releases": acting & action.isin(RELEASING_ACTIONS),
        }
        known = list(ACTION_ASSERTIONS)
        for name in ASSERTIONS:
            risky = [a for a in known if name in ACTION_ASSERTIONS[a]]
            clauses = writing & (action.isin(risky) | ~action.isin(known))
            clauses |= steps.by({Effect.COMPUTE}) & alter
            if name in FEED_ASSERTIONS:
                clauses |= steps.by({Effect.FEED_DIRECT}) & alter
            found[f"assertion:{name}"] = clauses
        return {name: clauses for name, clauses in found.items() if clauses.any()}

    def last_by(self, actions: Iterable[str], end: int) -> list[int]:
        """Clauses that alter by one of the actions as the last transition into a node."""
        found = {state_id(end, state) for state in State}
        waiting = list(found)
        while waiting:
            new = set(self._before.get(waiting.pop(), ())) - found
            found |= new
            waiting += new
        steps = self._steps
        acting = steps.by(_ACTING) & steps.gives(State.ALTER) & steps.action.isin(actions)
        return [c for c in np.flatnonzero(acting).tolist() if int(self.product.dst[c]) in found]

    @cached_property
    def _before(self) -> dict[int, list[int]]:
        """States that come to one by what is looked through, by that one."""
        before: dict[int, list[int]] = {}
        through = np.flatnonzero(self._looked_through)
        src, dst = self.product.src[through].tolist(), self.product.dst[through].tolist()
        for start, end in zip(src, dst, strict=True):
            before.setdefault(end, []).append(start)
        return before

    def _at(self, nodes: Iterable[int]) -> list[int]:
        return [state_id(node, state) for node in nodes for state in State]
