"""What stands in a database: snapshots, and what pushes left there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nhigraph.errors import ServerError
from nhigraph.output.neo4j.push import rows_of, sweep
from nhigraph.output.neo4j.words import BATCH, ENTITY, LOAD, RECORD, SNAPSHOT, name
from nhigraph.records import dataclass

if TYPE_CHECKING:
    import neo4j


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A snapshot that stands in a database.

    Attributes:
        name: What it is chosen by.
        organization: As its scope says.
        as_of: Day of its answers.
        complete: Whether all that was given was read.
        entities: Nodes of its graph.
        edges: Relationships of its graph.
        gaps: Gaps that no answer closes.
        pushed: When it was pushed, by the server's clock.
        digest: Says what is in it.
        load: Its generation.
    """

    name: str
    organization: str
    as_of: str
    complete: bool
    entities: int
    edges: int
    gaps: int
    pushed: str
    digest: str
    load: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a database.

    Attributes:
        server: Name and version of the server.
        snapshots: Those that are whole, by name.
        unfinished: Names of snapshots of which a push left a generation that does not count.
    """

    server: str
    snapshots: tuple[SnapshotRow, ...]
    unfinished: tuple[str, ...]


def standing(driver: "neo4j.Driver", database: str) -> Standing:
    """Ask what stands there."""
    with driver.session(database=database or None, default_access_mode="READ") as session:
        found = session.run(f"MATCH (s:{name(SNAPSHOT)}) RETURN s ORDER BY s.name").data()
        left = session.run(
            f"MATCH (l:{name(LOAD)}) "
            f"WHERE NOT EXISTS {{ MATCH (:{name(SNAPSHOT)} {{load: l.load}}) }} "
            "RETURN DISTINCT l.snapshot AS name ORDER BY name"
        ).data()
    rows = tuple(_row(one["s"]) for one in found)
    agent = str(driver.get_server_info().agent)
    return Standing(agent.replace("/", " "), rows, tuple(one["name"] for one in left))


def _row(node: dict[str, object]) -> SnapshotRow:
    numbers = {key: int(str(node.get(key) or 0)) for key in ("entities", "edges", "gaps")}
    return SnapshotRow(
        name=str(node["name"]),
        organization=str(node.get("organization") or ""),
        as_of=str(node.get("as_of") or ""),
        complete=bool(node.get("complete")),
        pushed=str(node.get("pushed") or "")[:19],
        digest=str(node.get("digest") or ""),
        load=str(node.get("load") or ""),
        **numbers,
    )


def clean(
    driver: "neo4j.Driver", database: str, names: Sequence[str], *, every: bool = False
) -> list[str]:
    """Remove snapshots with what pushes left of them; nothing else is touched.

    Args:
        driver: A driver that reached its server.
        database: Name of the database.
        names: Which.
        every: All, with the constraints and indexes that pushes made.

    Raises:
        ServerError: There is none of a name.
    """
    there = standing(driver, database)
    known = {*(row.name for row in there.snapshots), *there.unfinished}
    unknown = sorted(set(names) - known)
    if unknown:
        raise ServerError(f"no snapshot {', '.join(unknown)}: there are {_listed(known)}")
    chosen = sorted(known if every else set(names))
    for one in chosen:
        loads = rows_of(
            driver,
            database,
            f"MATCH (l:{name(LOAD)} {{snapshot: $name}}) RETURN l.load AS load",
            {"name": one},
        )
        # The pointer goes first: nobody then reads a generation that is half gone.
        rows_of(
            driver, database, f"MATCH (s:{name(SNAPSHOT)} {{name: $name}}) DELETE s", {"name": one}
        )
        sweep(driver, database, [row["load"] for row in loads])
    if every:
        _drop_schema(driver, database)
    return chosen


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none at all"


def _drop_schema(driver: "neo4j.Driver", database: str) -> None:
    with driver.session(database=database or None) as session:
        for label in (SNAPSHOT, ENTITY, RECORD, BATCH, LOAD):
            session.run(f"DROP CONSTRAINT nhigraph_{label.lower()} IF EXISTS").consume()
        for label in (ENTITY, RECORD, BATCH):
            session.run(f"DROP INDEX nhigraph_{label.lower()}_load IF EXISTS").consume()
