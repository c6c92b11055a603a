"""One key for what several sources name apart: the scope's aliases, applied to a merged graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from nhigraph.facts import keys
from nhigraph.graph import key_cells
from nhigraph.graph.append import Mask, reordered
from nhigraph.graph.late import pd
from nhigraph.graph.store import Cells, Graph, cells_of, frame_of, objects


def renamed(graph: Graph, holders: Mapping[keys.Database, keys.Database]) -> Graph:
    """The graph with roles under other holders; what then has one key is one.

    Args:
        graph: A merged graph.
        holders: Holder of roles to the one that stands for it.
    """
    if not holders:
        return graph

    def key(old: str) -> str:
        role = keys.Role.parse(old)
        new = None if role is None else holders.get(role.database)
        return old if role is None or new is None else keys.Role(new, role.name).text

    return rekeyed(graph, key)


def rekeyed(graph: Graph, key: Callable[[str], str]) -> Graph:
    """The graph with other keys, wherever one stands; what then has one key is one.

    Args:
        graph: A merged graph.
        key: The key that stands for one, or for any other text the same text.
    """
    nodes, edges, gates, ends = (
        cells_of(table) for table in (graph.nodes, graph.edges, graph.gates, graph.ends)
    )
    whole = [
        _mapped(nodes, "key", key),
        _mapped(nodes, "owner", lambda cell: key_cells.joined(cell, key)),
        *(
            _mapped(gates, name, lambda cell: key_cells.joined(cell, key))
            for name in ("at", "log")
        ),
        _mapped(gates, "approvers", lambda cell: key_cells.approvers(cell, key)),
    ]
    edge = _mapped(edges, "needs", lambda cell: key_cells.needs(cell, key))
    end = _mapped(ends, "body", lambda cell: key_cells.body(cell, key))
    if not any(changed.any() for changed in (*whole, edge, end)):
        return graph
    read = replace(
        graph,
        nodes=frame_of(nodes),
        edges=frame_of(edges),
        gates=frame_of(gates),
        ends=frame_of(ends),
    )
    return reordered(read, {"edge": edge, "end": end})


def _mapped(cells: dict[str, Cells], name: str, change: Callable[[str], str]) -> Mask:
    """Change the cells of a column, each text once; returns which rows read otherwise now."""
    codes, texts = pd.factorize(cells[name])
    made = [change(str(text)) for text in texts]
    other = np.array([new != old for new, old in zip(made, texts, strict=True)], dtype=bool)
    changed: Mask = other[codes]
    if changed.any():
        cells[name] = objects(made)[codes]
    return changed
