"""The graph as a networkx multigraph, and back, without loss.

Every attribute is text or a number, so that GraphML and other interchange forms can carry it. What
is not a node or an edge (gates, gaps, documents, places) travels as JSON text on the graph.
"""

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from nhigraph.graph import columns
from nhigraph.graph.store import Graph

if TYPE_CHECKING:
    import networkx as nx

#: Tables that travel as JSON text: attribute of the graph to columns.
_TABLES = {
    "gates": columns.GATES,
    "gaps": columns.GAPS,
    "documents": columns.DOCUMENTS,
    "evidence": columns.EVIDENCE,
}
_NUMBERS = {"node", "id", "doc", "row", "line"}


def to_networkx(graph: Graph) -> "nx.MultiDiGraph[str]":
    """Nodes by key, edges keyed by their row number.

    Returns:
        A multigraph whose node and edge attributes are the store's columns.
    """
    import networkx as nx  # noqa: PLC0415 - slow to import, and only interchange needs it

    made: nx.MultiDiGraph[str] = nx.MultiDiGraph(nhigraph="graph/1")
    names = list(columns.NODES[1:])
    for key, *cells in graph.nodes[list(columns.NODES)].itertuples(index=False, name=None):
        made.add_node(key, **dict(zip(names, cells, strict=True)))
    names = [name for name in columns.EDGES if name not in {"src", "dst"}]
    ends = zip(graph.edges["src"].tolist(), graph.edges["dst"].tolist(), strict=True)
    rows = graph.edges[names].itertuples(index=False, name=None)
    for number, ((source, target), cells) in enumerate(zip(ends, rows, strict=True)):
        said = dict(zip(names, cells, strict=True))
        made.add_edge(graph.key_list[source], graph.key_list[target], key=number, **said)
    for name, names_ in _TABLES.items():
        frame = getattr(graph, name)[list(names_)]
        made.graph[name] = json.dumps(frame.to_numpy().tolist(), default=int)
    return made


def from_networkx(made: "nx.MultiDiGraph[Any]") -> Graph:
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
        name: _frame(json.loads(made.graph[name]), list(names_))
        for name, names_ in _TABLES.items()
    }
    edge_frame = pd.DataFrame(rows, columns=list(columns.EDGES), dtype=object)
    return Graph(
        nodes=pd.DataFrame(nodes, columns=list(columns.NODES), dtype=object),
        edges=edge_frame.astype({"src": "int64", "dst": "int64"}),
        gates=tables["gates"],
        gaps=tables["gaps"],
        documents=tables["documents"],
        evidence=tables["evidence"],
    )


def _frame(rows: list[list[Any]], names: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame.astype({name: "int64" for name in names if name in _NUMBERS})
