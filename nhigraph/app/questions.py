"""Questions to a stored graph: who reaches what, why, and how far."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from nhigraph.app.estate import Judged
from nhigraph.assurance.analyse import Analysis, start_states
from nhigraph.assurance.answer import Options, answer, path_rows
from nhigraph.assurance.gates import compile_gates
from nhigraph.assurance.rows import PathStep, VerdictRow
from nhigraph.errors import UsageError
from nhigraph.facts.evidence import Evidence
from nhigraph.graph.store import Graph
from nhigraph.schema.controls import RULES, WEAKNESSES
from nhigraph.schema.types import State
from nhigraph.trace.lanes import Reach, Solver
from nhigraph.trace.order import settle
from nhigraph.trace.paths import Paths, Way
from nhigraph.trace.product import Closure, compile_product, state_id

#: Characters of a path id.
PATH_ID = 16


@dataclass(frozen=True, slots=True)
class ReachRow:
    """A node that somebody reaches.

    Attributes:
        identity: Who.
        node: What.
        kind: Its kind.
        name: Its name.
        states: States held there in *may*, joined by ``+``.
        certainty: can if *can* holds the same states, else may.
        exposure: open, undetermined or gated, by the closures that hold some of the states.
        steps: Steps of the best path.
    """

    identity: str
    node: str
    kind: str
    name: str
    states: str
    certainty: str
    exposure: str
    steps: int | None


def find_node(graph: Graph, text: str) -> int:
    """A node by key, by name, or by an unambiguous part of its key.

    Raises:
        UsageError: None or several match; says which come close.
    """
    exact = graph.node_id(text)
    if exact is not None:
        return exact
    folded = text.casefold()
    named = [i for i, name in enumerate(graph.nodes["name"]) if name.casefold() == folded]
    if len(named) == 1:
        return named[0]
    parts = [i for i, key in enumerate(graph.key_list) if folded in key.casefold()]
    if len(parts) == 1 and not named:
        return parts[0]
    several = named or parts
    if several:
        listed = ", ".join(graph.key_list[i] for i in several[:8])
        more = f" and {len(several) - 8} more" if len(several) > 8 else ""  # noqa: PLR2004
        raise UsageError(f"{text!r} could be any of: {listed}{more}")
    tails = {key.rsplit("/", 1)[-1].rsplit(":", 1)[-1]: key for key in graph.key_list}
    near = get_close_matches(text, graph.key_list, n=3, cutoff=0.5)
    near += [tails[t] for t in get_close_matches(text, list(tails), n=3, cutoff=0.6)]
    names = {n: graph.key_list[i] for i, n in enumerate(graph.nodes["name"]) if n}
    near += [names[n] for n in get_close_matches(text, list(names), n=3, cutoff=0.6)]
    hint = f"; did you mean {', '.join(dict.fromkeys(near))}?" if near else ""
    raise UsageError(f"no node {text!r} in this graph{hint}")


class Lanes:
    """Closures of one graph for some starting nodes, without any bound on depth.

    Attributes:
        starts: Per lane, the product states its walker begins with.
        reach: Closure to what every lane holds.
        paths: Best paths of the *may* closure.
    """

    def __init__(self, judged: Judged, walkers: Sequence[int], goal: int | None = None) -> None:
        """Close the graph over the walkers' start states.

        Args:
            judged: The estate.
            walkers: Node ids, one lane each.
            goal: Trace only what leads to this node; everything by default.
        """
        estate = judged.estate
        self.estate, self.walkers = estate, walkers
        gates = compile_gates(estate)
        product = compile_product(estate.graph, gates.masks, gates.specs)
        if goal is not None:
            ends = [state_id(goal, s) for s in State]
            product = product.leading_to(np.array(ends, dtype=np.int64))
        self.starts = [start_states(estate, walker) for walker in walkers]
        lanes: dict[int, int] = {}
        for lane, states in enumerate(self.starts):
            for state in states:
                lanes[state] = lanes.get(state, 0) | 1 << lane
        solver = Solver(product, settle(product), max(len(walkers), 1))
        self.reach: dict[Closure, Reach] = {
            c: solver.reach(product.in_closure(c), lanes) for c in Closure
        }
        self.paths = Paths(estate.graph, product)

    def row(self, lane: int, node: int, about: int) -> ReachRow | None:
        """What a lane holds at a node; kind and name are those of the node ``about``."""
        held = {
            c: [s for s in State if r.lanes(state_id(node, s)) >> lane & 1]
            for c, r in self.reach.items()
        }
        if not held[Closure.MAY]:
            return None
        exposure = "undetermined" if held[Closure.MAYBE_OPEN] else "gated"
        graph = self.estate.graph
        way = self._way(lane, node)
        return ReachRow(
            graph.key_list[self.walkers[lane]],
            graph.key_list[node],
            graph.kind_list[about],
            str(graph.nodes["name"].iat[about]),
            "+".join(s.name for s in held[Closure.MAY]),
            "can" if held[Closure.CAN] == held[Closure.MAY] else "may",
            "open" if held[Closure.OPEN] else exposure,
            way.steps if way else None,
        )

    def path(self, lane: int, node: int) -> list[PathStep]:
        """The best path of a lane to a node; empty where there is none."""
        way = self._way(lane, node)
        if way is None:
            return []
        return list(path_rows(self.estate.graph, way.name, self.paths.walk(way)))

    def _way(self, lane: int, node: int) -> Way | None:
        may = self.reach[Closure.MAY]
        held = [state_id(node, s) for s in State]
        goals = tuple(state for state in held if may.lanes(state) >> lane & 1)
        return self.paths.best(may, lane, goals, self.starts[lane]) if goals else None


def who(judged: Judged, node: int) -> list[ReachRow]:
    """Identities that reach a node, and what they hold there."""
    estate = judged.estate
    alive = [i for i in estate.identities if estate.alive[i]]
    lanes = Lanes(judged, alive, node)
    rows = (lanes.row(lane, node, walker) for lane, walker in enumerate(alive))
    return [row for row in rows if row is not None]


def reach(judged: Judged, start: int, goal: int | None = None) -> list[ReachRow]:
    """What one node reaches: everything, or one other node; nearest first."""
    lanes = Lanes(judged, [start], goal)
    nodes = range(len(judged.estate.graph.nodes)) if goal is None else [goal]
    rows = [lanes.row(0, node, node) for node in nodes if goal is not None or node != start]
    found = [row for row in rows if row is not None]
    return sorted(found, key=lambda row: (row.steps or 0, row.node))


def why(judged: Judged, start: int, goal: int) -> list[PathStep]:
    """The best path from one node to another; empty where there is none."""
    return Lanes(judged, [start], goal).path(0, goal)


def verdicts_of(
    judged: Judged, *, identity: str | None = None, target: str | None = None
) -> list[VerdictRow]:
    """Verdict rows of one identity, one target, or the pair; every pair that is reached."""
    found = answer(Analysis(judged.estate), Options(all_reached=True, paths=0))
    return [
        row
        for row in found.verdicts
        if (identity is None or row.identity == identity)
        and (target is None or row.target == target)
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """One field of an explanation."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What the inputs say of one node, edge or path.

    Attributes:
        title: One line.
        facts: Field and value.
        evidence: Places that say so.
    """

    title: str
    facts: list["Said"]
    evidence: list[Evidence]


def explain(judged: Judged, node: int) -> Explained:
    """Everything the inputs say of a node."""
    estate = judged.estate
    graph = estate.graph
    record = graph.nodes.iloc[node]
    facts = [(name, str(record[name])) for name in graph.nodes.columns if name != "props"]
    facts = [(name, value) for name, value in facts if value]
    facts += [(name, _said(value)) for name, value in sorted(graph.props(node).items())]
    facts.append(("boundary", str(estate.boundary[node])))
    if not estate.alive[node]:
        facts.append(("on the day", "inactive: it holds no state"))
    for gap in np.flatnonzero(graph.gaps["node"].to_numpy() == node).tolist():
        facts.append(("gap", str(graph.gaps["reason"].iat[gap])))
    for end, other, arrow in (("src", "dst", "→"), ("dst", "src", "←")):
        rows = np.flatnonzero(graph.edges[end].to_numpy() == node).tolist()
        for row in rows:
            edge = graph.edges.iloc[row]
            said = f"{arrow} {graph.key_list[int(edge[other])]}"
            marks = [edge[name] for name in ("action", "condition") if edge[name]]
            marks += [edge["certainty"]] if edge["certainty"] != "certain" else []
            marks += [f"gate {edge['gate']}"] if edge["gate"] else []
            place = graph.evidence_of("edge", row)[0].place
            tail = f" ({'; '.join(marks)})" if marks else ""
            facts.append((edge["kind"], f"{said}{tail}  [{place}]"))
    fields = [Said(name, value) for name, value in facts]
    return Explained(f"{record['kind']} {record['key']}", fields, graph.evidence_of("node", node))


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def blast(judged: Judged, node: int) -> list[ReachRow]:
    """Targets, identities and credentials that fall to whoever takes a node over."""
    estate = judged.estate
    graph = estate.graph
    lanes = Lanes(judged, [node])
    wanted = estate.nhi | estate.credential
    ends = {end for t in estate.targets if (end := graph.node_id(t.key)) is not None}
    nodes = sorted({*np.flatnonzero(wanted).tolist(), *ends} - {node})
    rows = [row for other in nodes if (row := lanes.row(0, other, other)) is not None]
    is_end = {graph.key_list[end] for end in ends}
    return sorted(rows, key=lambda row: (row.node not in is_end, row.steps or 0, row.node))


def find_path(judged: Judged, ident: str) -> list[PathStep] | None:
    """The steps of a path of verdicts.csv by its id; None where it is no path id."""
    if len(ident) != PATH_ID or not set(ident) <= set("0123456789abcdef"):
        return None
    everything = Options(all_reached=True, paths=10**9)
    steps = answer(Analysis(judged.estate), everything).paths.get(ident)
    return list(steps) if steps is not None else None


def explain_word(ident: str) -> str | None:
    """What a rule id or a weakness means; None for anything else."""
    if ident.upper() in RULES:
        return f"{ident.upper()}: {RULES[ident.upper()]}"
    weakness = WEAKNESSES.get(ident)
    if weakness is None:
        return None
    ids = (weakness.owasp, weakness.tsc, weakness.csf, weakness.sp800_53, weakness.iso27001)
    gives = "gives S on a path to a target" if weakness.hygiene else "names an effect"
    listed = "; ".join(" ".join(part) for part in ids if part)
    return f"{ident}: {gives}; {listed}"
