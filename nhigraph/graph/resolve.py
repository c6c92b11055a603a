"""One key for what several sources name apart: the scope's aliases, applied to a merged graph."""

import json
from collections.abc import Callable, Mapping

import pandas as pd

from nhigraph.facts import keys
from nhigraph.graph import columns, frames
from nhigraph.graph.assembly import assemble
from nhigraph.graph.store import Graph


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

    nodes, edges, gates, gaps, ends = frames.records(graph)
    _map(nodes, key, "key", "owner")
    _map(edges, key, "from", "to")
    edges["needs"] = _column([_needs(str(cell), key) for cell in edges["needs"]])
    _map(gates, key, "at", "log")
    gates["approvers"] = _column(
        [
            columns.canonical(sorted({key(one) for one in json.loads(cell)}))
            for cell in gates["approvers"]
        ]
    )
    _map(gaps, key, "at")
    _map(ends, key, "at")
    ends["body"] = _column([_body(str(cell), key) for cell in ends["body"]])
    return assemble(frames.Records(nodes, edges, gates, gaps, ends)).graph


def _map(frame: pd.DataFrame, key: Callable[[str], str], *names: str) -> None:
    for name in names:
        cells = (str(cell) for cell in frame[name])
        joined = name not in {"key", "from", "to"}
        frame[name] = _column(
            [";".join(map(key, cell.split(";"))) if joined else key(cell) for cell in cells]
        )


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


def _column(cells: list[str]) -> "pd.Series[str]":
    """Text cells as the store keeps them: pandas would choose a type of its own."""
    return pd.Series(cells, dtype=object)
