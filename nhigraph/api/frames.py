"""Rows as pandas frames: columns as FORMATS names them, lists as lists."""

from collections.abc import Iterable

import pandas as pd

from nhigraph.graph.columns import needs_of
from nhigraph.graph.store import Graph, cells_of
from nhigraph.output import columns


def frame(row_type: type, rows: Iterable[object]) -> pd.DataFrame:
    """A frame of rows of one type; of no rows it has the columns, too.

    Cells are what the rows hold: text, whole numbers, None for a number that does not apply, and
    lists where a CSV cell would join by ``;``.
    """
    named = columns(row_type)
    cells = [[_cell(getattr(row, field)) for _, field in named] for row in rows]
    return pd.DataFrame(cells, columns=[name for name, _ in named], dtype=object)


def _cell(value: object) -> object:
    return [*value] if isinstance(value, tuple) else value


def nodes(graph: Graph) -> pd.DataFrame:
    """A row per node, indexed by key, with its properties as a mapping."""
    found = graph.nodes[["kind", "name", "owner", "nhi", "state", "expires"]].copy()
    found.index = pd.Index(graph.key_list, name="key", dtype=object)
    found["properties"] = pd.Series(
        [graph.props(row) for row in range(len(found))], index=found.index, dtype=object
    )
    return found


_OF_EDGES = (
    *("kind", "from", "to", "action", "certainty", "condition", "gate", "needs"),
    *("valid_from", "valid_until", "transform", "artifact", "pointer", "line"),
)


def edges(graph: Graph) -> pd.DataFrame:
    """A row per edge, with keys for ends and the smallest place that states it."""
    keys = graph.key_list
    rows = []
    cells = cells_of(graph.edges)
    for row in range(len(graph.edges)):
        edge = {name: values[row] for name, values in cells.items()}
        place = next(iter(graph.evidence_of("edge", row)), None)
        edge["from"], edge["to"] = keys[edge["src"]], keys[edge["dst"]]
        edge["needs"] = [f"{state.name} at {key}" for key, state in needs_of(edge["needs"])]
        for name in ("artifact", "pointer", "line"):
            edge[name] = getattr(place, name, "")
        rows.append([edge[name] for name in _OF_EDGES])
    return pd.DataFrame(rows, columns=list(_OF_EDGES), dtype=object)


def gaps(graph: Graph) -> pd.DataFrame:
    """A row per gap: the node, why it is one, and the states that it may hide."""
    found = graph.gaps[["reason", "valid_from", "valid_until"]].copy()
    states = [[state.name for state in graph.gap_states(row)] for row in range(len(found))]
    nodes = [graph.key_list[node] for node in graph.gaps["node"].tolist()]
    found.insert(0, "node", pd.Series(nodes, index=found.index, dtype=object))
    found.insert(2, "states", pd.Series(states, index=found.index, dtype=object))
    return found


def gates(graph: Graph) -> pd.DataFrame:
    """A row per control that an input describes: its kind, who decides, and its tests."""
    rows = [
        (gate.key, gate.kind, [*gate.approvers], gate.at, gate.log, dict(gate.tests))
        for gate in graph.gate_records.values()
    ]
    names = ["key", "kind", "approvers", "at", "log", "tests"]
    return pd.DataFrame(rows, columns=names, dtype=object)
