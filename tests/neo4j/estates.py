"""Estates that tests push, and what the server then holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nhigraph.app.build import run_build
from nhigraph.app.neo4j import Prepared, prepared, run_push
from nhigraph.output.neo4j.server import Address
from tests.estate_files import write_estate
from tests.neo4j.server import PASSWORD, USER, Server

Rows = list[dict[str, Any]]


def address(server: Server, password: str = PASSWORD) -> Address:
    """Where a server is."""
    return Address(server.uri, USER, password)


def built(folder: Path, facts: Sequence[Mapping[str, Any]], scope: Mapping[str, Any]) -> Path:
    """Build the graph of an estate; returns its output folder."""
    inputs, out = folder / "inputs", folder / "out"
    inputs.mkdir(parents=True)
    write_estate(inputs, facts, scope)
    run_build([inputs], out, option=str(scope.get("as_of") or "2026-11-23"))
    return out


def push(server: Server, graph: Path, name: str) -> Prepared:
    """Push a stored graph under a name."""
    wanted = prepared(graph, name)
    run_push(address(server), wanted)
    return wanted


def ask(server: Server, statement: str, **parameters: object) -> Rows:
    """Rows of a statement."""
    found, _, _ = server.shared.execute_query(statement, parameters)
    return [record.data() for record in found]


def anchored(rest: str) -> str:
    """A statement that starts at the generation of ``$snapshot`` that counts."""
    return f"MATCH (s:Snapshot {{name: $snapshot}}) {rest}"
