"""Small graphs from lines of text, compiled and closed: what the tables here are made of.

A line is ``bot:a CAN_WRITE data:d``, then any of ``conditional``, ``gate=g``,
``needs=READ@key:k+CONTROL@grant:g``, ``copy``, ``masked``, ``at=/place``; without the last, every
line has a place of its own. The part of a key before the colon is its kind. A gate is ``holds``,
``unknown`` or ``fails``, then states of those who defeat it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Need, Node
from nhigraph.graph.build import build
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Certainty, State, Transform
from nhigraph.trace.alternatives import MOST_WORK, Alternatives, Beside
from nhigraph.trace.changes import Changes
from nhigraph.trace.lanes import Reach, Solver
from nhigraph.trace.order import settle
from nhigraph.trace.paths import Paths, Way
from nhigraph.trace.product import (
    Closure,
    GateSpec,
    Masks,
    Product,
    compile_product,
    state_id,
)

HERE = Evidence("a.facts.yaml", "/edges/0", "0" * 64)
KINDS = {
    "bot": kinds.SERVICE_ACCOUNT,
    "user": kinds.USER,
    "data": kinds.DATASET,
    "key": kinds.SECRET,
    "grant": kinds.GRANT,
    "logic": kinds.MODEL,
    "code": kinds.REPOSITORY,
    "box": kinds.CONTAINER,
    "fin": kinds.FINANCIAL_REPORTING,
}


def _states(text: str) -> list[tuple[State, str]]:
    pairs = (part.split("@", 1) for part in text.split("+") if part)
    return [(State[state], key) for state, key in pairs]


def _edge(line: str, number: int) -> Edge:
    source, kind, target, *marks = line.split()
    said = dict(mark.split("=", 1) for mark in marks if "=" in mark)
    certain = "conditional" not in marks
    transform = next((Transform(m) for m in marks if m in {"copy", "masked", "other"}), None)
    return Edge(
        kinds.EDGE_KINDS[kind],
        source,
        target,
        replace(HERE, pointer=said.get("at", f"/edges/{number}")),
        action=said.get("action"),
        certainty=Certainty.CERTAIN if certain else Certainty.CONDITIONAL,
        condition=None if certain else "an address",
        gate=said.get("gate"),
        needs=tuple(Need(key, state) for state, key in _states(said.get("needs", ""))),
        transform=transform,
    )


def graph_of(lines: Sequence[str]) -> Graph:
    """The graph of some lines; nodes are those that a line names."""
    edges = [_edge(line, number) for number, line in enumerate(lines)]
    keys = {key for edge in edges for key in (edge.source, edge.target)}
    keys |= {need.at for edge in edges for need in edge.needs}
    nodes: list[Fact] = [Node(KINDS[key.partition(":")[0]], key, HERE) for key in sorted(keys)]
    return build([*nodes, *edges]).graph


@dataclass(frozen=True)
class Walked:
    """A graph, compiled, and closed over lanes."""

    graph: Graph
    product: Product
    solver: Solver
    walkers: Sequence[str]

    @property
    def start(self) -> dict[int, int]:
        """Every walker controls itself, one lane each."""
        return {self.state(f"CONTROL@{key}"): 1 << lane for lane, key in enumerate(self.walkers)}

    def state(self, text: str) -> int:
        """Product state of ``STATE@key``."""
        ((state, key),) = _states(text)
        node = self.graph.node_id(key)
        assert node is not None, key
        return state_id(node, state)

    def reach(self, closure: Closure) -> Reach:
        """What every lane holds."""
        return self.solver.reach(self.product.in_closure(closure), self.start)

    def held(self, closure: Closure, key: str, lane: int = 0) -> str:
        """States of a lane at a node, as rows print them."""
        reach = self.reach(closure)
        states = (s for s in State if reach.holds(self.state(f"{s.name}@{key}"), lane))
        return "+".join(state.name for state in states)

    def best(self, *goals: str, lane: int = 0) -> tuple[Paths, Way | None]:
        """The best path of a lane to some states."""
        paths = Paths(self.graph, self.product)
        starts = [self.state(f"CONTROL@{self.walkers[lane]}")]
        ends = tuple(sorted(self.state(goal) for goal in goals))
        return paths, paths.best(self.reach(Closure.MAY), lane, ends, starts)

    def beside(self, goal: str, most: int = 9, work: int = MOST_WORK) -> Alternatives:
        """Alternatives of the best path of lane 0 to a state."""
        paths, way = self.best(goal)
        assert way is not None
        starts, may = [self.state(f"CONTROL@{self.walkers[0]}")], self.reach(Closure.MAY)
        beside, ends = Beside(paths, Changes(self.graph).ones), ([*way.goals], starts)
        return beside.alternatives(may, 0, paths.clauses(way), ends, most, work)

    def others(self, goal: str, most: int = 9) -> list[str]:
        """Keys that each alternative enters, in order, without their kinds."""
        keys = self.graph.key_list
        return [
            " ".join(keys[step.target].partition(":")[2] for step in steps)
            for steps in self.beside(goal, most).paths
        ]

    def way(self, *goals: str, lane: int = 0) -> list[str]:
        """Keys that the best path enters, in order."""
        paths, way = self.best(*goals, lane=lane)
        assert way is not None
        return [self.graph.key_list[step.target] for step in paths.walk(way)]


def walked(
    lines: Sequence[str],
    *walkers: str,
    gates: Mapping[str, str] | None = None,
    alive: Mapping[str, bool] | None = None,
) -> Walked:
    """Compile some lines for some walkers."""
    graph = graph_of(lines)
    gates = gates or {}
    names = sorted(gates)
    specs = [_spec(graph, name, gates[name]) for name in names]
    number = {name: at for at, name in enumerate(names)} | {"": -1}
    column = np.array([number[cell] for cell in graph.edges["gate"]], dtype=np.int64)
    nodes = np.array([(alive or {}).get(key, True) for key in graph.key_list])
    masks = Masks(nodes, np.ones(len(graph.edges), dtype=bool), dict.fromkeys(State, column))
    product = compile_product(graph, masks, specs)
    return Walked(graph, product, Solver(product, settle(product), len(walkers)), walkers)


def _spec(graph: Graph, name: str, text: str) -> GateSpec:
    word, *defeats = text.split()
    found = []
    for state, key in _states("+".join(defeats)):
        node = graph.node_id(key)
        assert node is not None, key
        found.append(state_id(node, state))
    return GateSpec(name, word == "fails", word == "unknown", tuple(found))
