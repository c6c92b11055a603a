"""From a networkx multigraph back to the graph, without loss.

``Graph.to_networkx`` makes one.

Every attribute is text or a number, so that GraphML and other interchange forms can carry it. What
is not a node or an edge (gates, gaps, documents, places) travels as JSON text on the graph.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nhigraph.graph import columns
from nhigraph.graph.late import pd
from nhigraph.graph.store import Graph

if TYPE_CHECKING:
    import networkx as nx

_NUMBERS = {"node", "id", "doc", "row", "line"}


def from_networkx(made: nx.MultiDiGraph[Any]) -> Graph:
    """The graph that ``to_networkx`` made.

    Raises:
        KeyError: It was made by something else.
    """
    keys = sorted(made.nodes)
    number = {key: row for row, key in enumerate(keys)}
    nodes = [[key, *(made.nodes[key][name] for name in columns.NODES[1:])] for key in keys]
    edges = sorted(
        (
            (int(key), number[source], number[target], said)
            for source, target, key, said in made.edges(keys=True, data=True)
        ),
        key=lambda edge: edge[0],
    )
    names = [name for name in columns.EDGES if name not in {"src", "dst"}]
    rows = [
        {"src": source, "dst": target, **{name: said[name] for name in names}}
        for _, source, target, said in edges
    ]
    tables = {
        name: _frame(json.loads(made.graph[name]), list(listed))
        for name, listed in columns.TABLES.items()
    }
    edge_frame = pd.DataFrame(rows, columns=list(columns.EDGES), dtype=object)
    return Graph(
        nodes=pd.DataFrame(nodes, columns=list(columns.NODES), dtype=object),
        edges=edge_frame.astype({"src": "int64", "dst": "int64"}),
        gates=tables["gates"],
        gaps=tables["gaps"],
        ends=tables["ends"],
        documents=tables["documents"],
        evidence=tables["evidence"],
    )


def _frame(rows: list[list[Any]], names: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame.astype({name: "int64" for name in names if name in _NUMBERS})


def of_steps(
    steps: Iterable[tuple[str, str, Mapping[str, Any]]],
) -> nx.MultiDiGraph[str]:
    """A graph of steps: from, to and what is said of each; edges are keyed by their number."""
    import networkx as nx  # noqa: PLC0415 - slow to import, and only interchange needs it

    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, (source, target, said) in enumerate(steps, 1):
        made.add_edge(source, target, key=number, **said)
    return made
