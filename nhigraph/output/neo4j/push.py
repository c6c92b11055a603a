"""A snapshot into the database: whole, or as if nothing had been asked.

A push writes a generation of its own beside the one that counts, compares what arrived with what
was sent, and then turns one pointer. Readers see the earlier generation until that moment. What a
push left that did not come so far is nobody's, and the next push of the same snapshot removes it.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

from nhigraph.errors import ServerError
from nhigraph.output import counted
from nhigraph.output.neo4j import words
from nhigraph.output.neo4j.content import Group, Links
from nhigraph.output.neo4j.edges import Relation
from nhigraph.output.neo4j.values import Row
from nhigraph.output.neo4j.words import (
    BATCH,
    ENTITY,
    LOAD,
    RECORD,
    SNAPSHOT,
    attribute,
    name,
    named,
)
from nhigraph.output.neo4j.workers import Workers
from nhigraph.records import dataclass

if TYPE_CHECKING:
    import neo4j

#: Rows of a statement, and sessions at a time: as measured by ``benchmarks/neo4j_push.py``.
BATCH_ROWS: Final = 5_000
SESSIONS: Final = 3
#: Nodes of a transaction that removes: their relationships go with them.
_SWEPT: Final = 500

#: Told what is going on: a phrase, how much is done, of how much.
Say = Callable[[str, int, int], None]


class Written(Protocol):
    """What is pushed; see ``content.Content``."""

    @property
    def about(self) -> Row:
        """Properties of the snapshot's node: its ``name`` and ``digest`` among them."""

    def groups(self) -> Iterable[Group]:
        """Nodes."""

    def links(self) -> Iterable[Links]:
        """Relationships."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did.

    Attributes:
        name: The snapshot.
        unchanged: The database had it already, and nothing was written.
        nodes: How many were written.
        relationships: Likewise.
        unswept: Why the generation before it is still there; empty where it is gone.
    """

    name: str
    unchanged: bool = False
    nodes: int = 0
    relationships: int = 0
    unswept: str = ""


class Push:
    """One push.

    Attributes:
        nodes: How many were written so far.
        relationships: Likewise.
    """

    def __init__(
        self,
        driver: "neo4j.Driver",
        database: str,
        say: Say | None = None,
        *,
        batch: int | None = None,
        sessions: int = SESSIONS,
    ) -> None:
        """Take where to.

        Args:
            driver: A driver that reached its server.
            database: Name of the database; the user's home where it is empty.
            say: Told what is going on.
            batch: Rows of a statement; ``BATCH_ROWS`` by default.
            sessions: Sessions that write at a time.
        """
        self._driver, self._database = driver, database
        self._say = say or (lambda _phrase, _done, _total: None)
        self._batch, self._sessions = batch or BATCH_ROWS, sessions
        self._load = uuid.uuid4().hex
        self.nodes = self.relationships = 0
        self._batches = 0

    def stands(self, snapshot: str, digest: str, *, discard_drawn: bool = False) -> bool:
        """Whether the database has a snapshot already, in that very state.

        Args:
            snapshot: Its name.
            digest: Says what is in it.
            discard_drawn: Relationships that somebody drew at its earlier nodes may go with them.

        Raises:
            ServerError: They may not, and there are some.
        """
        before = self._rows(
            f"MATCH (s:{name(SNAPSHOT)} {{name: $name}}) "
            "RETURN s.load AS load, s.digest AS digest",
            name=snapshot,
        )
        if before and before[0]["digest"] == digest:
            return True
        if before and not discard_drawn:
            refuse_drawn(self._driver, self._database, before[0]["load"])
        return False

    def run(self, content: Written) -> Pushed:
        """Write a snapshot in place of the one of its name.

        Raises:
            ServerError: It did not arrive whole; what was there before still stands.
        """
        snapshot = str(content.about["name"])
        make_schema(self._driver, self._database)
        sweep(self._driver, self._database, self._left(snapshot))
        self._rows(
            f"CREATE (:{name(LOAD)} {{load: $load, snapshot: $name, begun: datetime()}})",
            load=self._load,
            name=snapshot,
        )
        self._fill(content)
        self._turn(content.about)
        return self._done(snapshot)

    def _left(self, snapshot: str) -> list[str]:
        """Generations of the snapshot that do not count: what pushes left, and the one before."""
        rows = self._rows(
            f"MATCH (l:{name(LOAD)} {{snapshot: $name}}) "
            f"WHERE NOT EXISTS {{ MATCH (:{name(SNAPSHOT)} {{load: l.load}}) }} "
            "RETURN l.load AS load",
            name=snapshot,
        )
        return [row["load"] for row in rows]

    def _fill(self, content: Written) -> None:
        total = int(content.about.get("entities", 0)), int(content.about.get("edges", 0))
        try:
            with Workers(self._driver, self._database, self._sessions) as workers:
                for group in content.groups():
                    for batch in self._batched(group.rows):
                        workers.put(_of_nodes(group.labels), self._asked(batch), (len(batch), 0))
                        self.nodes += len(batch)
                        self._say("writing nodes", self.nodes, total[0])
                workers.wait()
                for links in content.links():
                    for rows in self._batched(links.rows):
                        names, batch = _in_columns(rows)
                        statement = _of_links(links, names)
                        workers.put(statement, self._asked(batch), (0, len(batch)))
                        self.relationships += len(batch)
                        self._say("writing relationships", self.relationships, total[1])
                workers.wait()
        except Exception as error:
            done = f"{counted(self.nodes, 'node')}, {counted(self.relationships, 'relationship')}"
            error.add_note(f"stopped after {done} had been sent")
            raise

    def _batched(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        source = iter(rows)
        while batch := list(islice(source, self._batch)):
            yield batch

    def _asked(self, rows: list[Any]) -> Row:
        self._batches += 1
        uid = f"{self._load}|{self._batches}"
        return {"rows": rows, "load": self._load, "batch": uid, "count": len(rows)}

    def _turn(self, about: Row) -> None:
        """Let the new generation count, if all that was sent is there."""
        self._say("turning to the new generation", 0, 0)
        with self._driver.session(database=self._database or None) as session:
            session.execute_write(self._turned, about)

    def _turned(self, tx: "neo4j.ManagedTransaction", about: Row) -> None:
        found = tx.run(
            f"MATCH (b:{name(BATCH)} {{load: $load}}) RETURN sum(b.rows) AS rows", load=self._load
        ).single(strict=True)["rows"]
        there = sum(
            tx.run(
                f"MATCH (n:{name(label)} {{load: $load}}) RETURN count(n) AS n", load=self._load
            ).single(strict=True)["n"]
            for label in (ENTITY, RECORD)
        )
        sent = self.nodes + self.relationships
        if found != sent or there != self.nodes:
            raise ServerError(
                f"of {sent:,} rows {found:,} arrived: another push of this snapshot may have "
                "removed them; what was there before still stands; push again"
            )
        tx.run(
            f"MERGE (s:{name(SNAPSHOT)} {{name: $name}}) "
            "SET s = $about, s.load = $load, s.pushed = datetime()",
            name=about["name"],
            about=about,
            load=self._load,
        ).consume()

    def _done(self, snapshot: str) -> Pushed:
        import neo4j  # noqa: PLC0415 - slow to import

        unswept = ""
        self._say("removing what it replaces", 0, 0)
        try:
            sweep_batches(self._driver, self._database, self._load)
            sweep(self._driver, self._database, self._left(snapshot))
        except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError) as error:
            unswept = f"the next push removes the earlier generation: {error}"
        return Pushed(snapshot, False, self.nodes, self.relationships, unswept)  # noqa: FBT003

    def _rows(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return rows_of(self._driver, self._database, statement, parameters)


def rows_of(
    driver: "neo4j.Driver", database: str, statement: str, parameters: Row
) -> list[dict[str, Any]]:
    """Rows of a statement in a transaction of its own; not for ``CALL … IN TRANSACTIONS``."""
    with driver.session(database=database or None) as session:
        found: list[dict[str, Any]] = session.execute_write(
            lambda tx: tx.run(statement, parameters).data()
        )
    return found


def _of_nodes(labels: tuple[str, ...]) -> str:
    return (
        f"CREATE (:{name(BATCH)} {{uid: $batch, load: $load, rows: $count}}) "
        "WITH 1 AS one UNWIND $rows AS r "
        f"CREATE (n{named(labels)}) SET n = r, n.uid = $load + '|' + r.uid, n.load = $load"
    )


def _in_columns(rows: Sequence[Relation]) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Names of the properties of some relationships, and a row for each: its ends, then values."""
    found = {name for _, _, said in rows for name in said}
    names = tuple(sorted(found))
    return names, [[start, end, *map(said.get, names)] for start, end, said in rows]


def _of_links(links: Links, names: Sequence[str]) -> str:
    # Properties by name, not as a map: a third more relationships a second on 5.26, which else
    # reads every name of every map and looks for what the new relationship has to lose. A value
    # that is null is no property.
    said = ", ".join(f"{attribute(one)}: r[{at}]" for at, one in enumerate(names, 2))
    return (
        f"CREATE (:{name(BATCH)} {{uid: $batch, load: $load, rows: $count}}) "
        "WITH 1 AS one UNWIND $rows AS r "
        f"MATCH (a:{name(links.source)} {{uid: $load + '|' + r[0]}}) "
        f"MATCH (b:{name(links.target)} {{uid: $load + '|' + r[1]}}) "
        f"CREATE (a)-[:{name(links.type)} {{{said}}}]->(b)"
    )


def make_schema(driver: "neo4j.Driver", database: str) -> None:
    """Constraints and indexes, where they are not there yet.

    Raises:
        ServerError: A package brought a kind under a name that means something else here.
    """
    clash = words.clashes()
    if clash:
        raise ServerError(
            f"kinds that cannot be pushed under their name: {', '.join(sorted(clash))}"
        )
    unique = {SNAPSHOT: "name", ENTITY: "uid", RECORD: "uid", BATCH: "uid", LOAD: "load"}
    with driver.session(database=database or None) as session:
        for label, key in unique.items():
            session.run(
                f"CREATE CONSTRAINT nhigraph_{label.lower()} IF NOT EXISTS "
                f"FOR (n:{name(label)}) REQUIRE n.{key} IS UNIQUE"
            ).consume()
        for label in (ENTITY, RECORD, BATCH):
            session.run(
                f"CREATE INDEX nhigraph_{label.lower()}_load IF NOT EXISTS "
                f"FOR (n:{name(label)}) ON (n.load)"
            ).consume()
        session.run("CALL db.awaitIndexes(60)").consume()


def refuse_drawn(driver: "neo4j.Driver", database: str, load: str) -> None:
    """Refuse to take away what somebody drew.

    Raises:
        ServerError: There are relationships of others at the generation's nodes.
    """
    drawn = rows_of(
        driver,
        database,
        f"MATCH (n:{name(ENTITY)} {{load: $load}})-[r]-() WHERE r.key IS NULL "
        "RETURN count(DISTINCT r) AS n",
        {"load": load},
    )[0]["n"]
    if drawn:
        raise ServerError(
            f"{counted(drawn, 'relationship')} drawn by hand would go with the earlier "
            "generation: take them home with `nhigraph neo4j pull`, or say --discard-drawn"
        )


def sweep(driver: "neo4j.Driver", database: str, loads: Iterable[str]) -> None:
    """Remove generations: their nodes with all relationships, then the mark of each."""
    for load in loads:
        with driver.session(database=database or None) as session:
            for label in (ENTITY, RECORD):
                session.run(
                    f"MATCH (n:{name(label)} {{load: $load}}) CALL (n) {{ DETACH DELETE n }} "
                    f"IN TRANSACTIONS OF {_SWEPT} ROWS",
                    load=load,
                ).consume()
        sweep_batches(driver, database, load)
        rows_of(
            driver, database, f"MATCH (l:{name(LOAD)} {{load: $load}}) DELETE l", {"load": load}
        )


def sweep_batches(driver: "neo4j.Driver", database: str, load: str) -> None:
    """Remove the marks of batches: once a generation counts, or goes, nobody asks for them."""
    rows_of(driver, database, f"MATCH (b:{name(BATCH)} {{load: $load}}) DELETE b", {"load": load})
