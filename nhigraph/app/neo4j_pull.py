"""What an investigator drew or edited in Neo4j, as a file of facts."""

from pathlib import Path

from nhigraph.app.neo4j import prepared
from nhigraph.app.whole_file import write_whole
from nhigraph.errors import ServerError, UsageError
from nhigraph.output.json_files import json_text
from nhigraph.output.neo4j.asking import Asking
from nhigraph.output.neo4j.pull import DRAWN, Drawn, drawn, edited
from nhigraph.output.neo4j.server import Address, connected
from nhigraph.output.neo4j.stored import standing


def run_pull(
    address: Address,
    out: Path,
    name: str = "",
    query_file: Path | None = None,
    graph_folder: Path | None = None,
) -> Drawn:
    """Write what was drawn at a snapshot.

    Args:
        address: Where.
        out: File of facts/1, as JSON.
        name: Name of the snapshot; the only one where it is empty.
        query_file: Cypher that returns what to pull.
        graph_folder: The stored graph that was pushed, to see what was edited.

    Raises:
        UsageError: The file cannot be written, or the query not be read.
        ServerError: It cannot be asked there, or another graph was pushed under that name.
    """
    query = DRAWN if query_file is None else _read(query_file)
    with connected(address) as driver:
        asking = Asking(driver, address.database, name, option="--name")
        found = drawn(asking, query)
        if graph_folder is not None:
            wanted = prepared(graph_folder, asking.snapshot)
            rows = standing(driver, address.database).snapshots
            if wanted.digest not in {row.digest for row in rows if row.name == asking.snapshot}:
                raise ServerError(f"--graph: {asking.snapshot} was pushed from another graph")
            changed = edited(asking, wanted.content())
            found.nodes += changed.nodes
            found.deleted = changed.deleted
    facts = {"nhigraph": "facts/1", "nodes": found.nodes, "edges": found.edges}
    try:
        write_whole(out, json_text(facts).encode())
    except OSError as error:
        raise UsageError(f"{out}: it cannot be written there: {error.strerror}") from error
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--query: {error}") from error
