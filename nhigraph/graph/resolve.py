"""One key for what several sources name apart: the scope's aliases, applied to a merged graph."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from nhigraph.facts import keys
from nhigraph.graph import columns
from nhigraph.graph.append import Mask, reordered
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
        _mapped(nodes, "owner", lambda cell: _joined(cell, key)),
        *(_mapped(gates, name, lambda cell: _joined(cell, key)) for name in ("at", "log")),
        _mapped(gates, "approvers", lambda cell: _approvers(cell, key)),
    ]
    edge = _mapped(edges, "needs", lambda cell: _needs(cell, key))
    end = _mapped(ends, "body", lambda cell: _body(cell, key))
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


def _joined(cell: str, key: Callable[[str], str]) -> str:
    return ";".join(map(key, cell.split(";")))


def _approvers(cell: str, key: Callable[[str], str]) -> str:
    return columns.canonical(sorted({key(one) for one in json.loads(cell)}))


def _needs(cell: str, key: Callable[[str], str]) -> str:
    if not cell:
        return cell
    pairs = [[key(at), state] for at, state in json.loads(cell)]
    return columns.canonical(sorted(pairs))


def _body(cell: str, key: Callable[[str], str]) -> str:
    """An end with the keys renamed that stand in it, wherever they stand."""

    def inside(value: object) -> object:
        if isinstance(value, str):
            return key(value)
        if isinstance(value, dict):
            return {name: inside(one) for name, one in value.items()}
        return [inside(one) for one in value] if isinstance(value, list) else value

    return columns.canonical(inside(json.loads(cell)))
