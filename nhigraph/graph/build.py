"""From facts to the merged graph.

The result does not depend on the order, the splitting or the repetition of the facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from nhigraph.facts.facts import Claim, Edge, Fact, Gap, Gate, Need, Node
from nhigraph.facts.tables import FactTable
from nhigraph.graph import frames
from nhigraph.graph.assembly import Built, assemble
from nhigraph.graph.store import Graph


def build(facts: Iterable[Fact | FactTable]) -> Built:
    """Merge facts into a graph."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    gates: list[Gate] = []
    gaps: list[Gap] = []
    claims: list[Claim] = []
    tables: list[FactTable] = []
    for fact in facts:
        match fact:
            case Node():
                nodes.append(fact)
            case Edge():
                edges.append(fact)
            case Gate():
                gates.append(fact)
            case Gap():
                gaps.append(fact)
            case Claim():
                claims.append(fact)
            case FactTable():
                tables.append(fact)
            case _:
                pass  # Refused and Note are the runner's account
    built = assemble(
        frames.node_frame(nodes, tables),
        frames.edge_frame(edges, tables),
        frames.gate_frame(gates),
        frames.gap_frame(gaps),
        {i: e.because for i, e in enumerate(edges) if e.because},
    )
    built.claims = sorted(claims, key=lambda c: c.evidence)
    for claim in claims:
        built.tally(claim.evidence.artifact).accepted += 1
    return built


def combine(graph: Graph, *others: Graph) -> Graph:
    """Merge graphs; commutative, associative and idempotent."""
    many = [frames.records(g) for g in (graph, *others)]
    joined = [pd.concat(parts, ignore_index=True) for parts in zip(*many, strict=True)]
    return assemble(joined[0], joined[1], joined[2], joined[3]).graph


def guarded(graph: Graph, gates: Mapping[int, str]) -> Graph:
    """The graph with gates on some of its edges, by their numbers; merge it anew by ``extend``."""
    column = graph.edges["gate"].copy()
    for edge, gate in gates.items():
        column.iat[edge] = gate
    return replace(graph, edges=graph.edges.assign(gate=column))


def needing(graph: Graph, needs: Mapping[int, tuple[Need, ...]]) -> Graph:
    """The graph with further needs on some of its edges, by their numbers; as ``guarded``."""
    column = graph.edges["needs"].copy()
    for edge, more in needs.items():
        held = [Need(at, state) for at, state in columns.needs_of(str(column.iat[edge]))]
        column.iat[edge] = columns.needs_cell((*held, *more))
    return replace(graph, edges=graph.edges.assign(needs=column))


def extend(graph: Graph, facts: Iterable[Fact]) -> Built:
    """Merge derived facts (joins, scope) into a graph; their ends may be the graph's nodes."""
    found = list(facts)
    nodes = [f for f in found if isinstance(f, Node)]
    edges = [f for f in found if isinstance(f, Edge)]
    new = (
        frames.node_frame(nodes, []),
        frames.edge_frame(edges, []),
        frames.gate_frame([f for f in found if isinstance(f, Gate)]),
        frames.gap_frame([f for f in found if isinstance(f, Gap)]),
    )
    old = frames.records(graph)
    joined = [pd.concat(pair, ignore_index=True) for pair in zip(new, old, strict=True)]
    because = {i: e.because for i, e in enumerate(edges) if e.because}
    return assemble(joined[0], joined[1], joined[2], joined[3], because)
