"""Questions to a snapshot on a server: read, never written, and never of a snapshot half there."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from nhigraph.errors import ServerError, UsageError
from nhigraph.output.neo4j.stored import standing
from nhigraph.output.neo4j.values import place, text
from nhigraph.output.neo4j.words import ENTITY, name

if TYPE_CHECKING:
    import neo4j

#: Parameters that are keys of nodes, and what a node has to be that is meant by a part of one.
SORTS: Final = {
    "target": "n:Assurance",
    "identity": "n.nhi",
    "credential": "n:Credential",
    "node": "true",
}
_NEAR: Final = 6


class Asking:
    """A session that only reads, at one snapshot."""

    def __init__(
        self,
        driver: "neo4j.Driver",
        database: str,
        snapshot: str = "",
        *,
        of_all: bool = False,
        option: str = "--snapshot",
    ) -> None:
        """Choose the snapshot.

        Args:
            driver: A driver that reached its server.
            database: Name of the database; the user's home where it is empty.
            snapshot: Name of the snapshot; the only one where it is empty.
            of_all: What is asked is of no one snapshot: none needs to be named.
            option: What names one, where somebody has to be told.

        Raises:
            ServerError: There is none of that name.
            UsageError: There are several, and none is named.
        """
        self._driver, self._database = driver, database
        self.names = [row.name for row in standing(driver, database).snapshots]
        if not self.names:
            raise ServerError("no snapshot in the database: `nhigraph neo4j push` writes one")
        several = len(self.names) > 1
        if several and not snapshot and not of_all:
            raise UsageError(f"{option}: say which: {', '.join(self.names)}")
        self.snapshot = snapshot or ("" if several else self.names[0])
        if self.snapshot:
            self._require(self.snapshot)

    def _require(self, snapshot: str) -> None:
        if snapshot not in self.names:
            raise ServerError(f"no snapshot {snapshot!r}: there are {', '.join(self.names)}")

    def resolved(self, given: Mapping[str, object]) -> dict[str, object]:
        """Parameters with the keys that are meant: an empty answer never is of a misspelt name.

        Raises:
            ServerError: No node of the snapshot, or several, could be meant.
        """
        found: dict[str, object] = {**given, "snapshot": self.snapshot}
        for one in SORTS.keys() & found.keys():
            found[one] = self._key(one, str(found[one]))
        if "before" in found:
            self._require(str(found["before"]))
        if "gate" in found and not self._gate(str(found["gate"])):
            raise ServerError(f"no control {found['gate']!r} in snapshot {self.snapshot}")
        return found

    def _key(self, param: str, said: str) -> str:
        exact = self.rows(
            f"MATCH (s:Snapshot {{name: $snapshot}}) "
            f"MATCH (n:{name(ENTITY)} {{uid: s.load + '|' + $place}}) "
            f"RETURN {SORTS[param]} AS meant",
            {"place": place(said)},
        )
        if exact and not exact[0]["meant"]:
            # Nothing is asked of it, so an empty answer would read like "no path".
            raise ServerError(f"{said} is no {param} in snapshot {self.snapshot}")
        if exact:
            return place(said)
        near = self.rows(
            f"MATCH (s:Snapshot {{name: $snapshot}}) MATCH (n:{name(ENTITY)} {{load: s.load}}) "
            f"WHERE (n.name = $said OR n.key CONTAINS $said) AND {SORTS[param]} "
            "RETURN n.key AS key, n.name = $said AS exact ORDER BY exact DESC, size(n.key), key "
            "LIMIT $most",
            {"said": text(said), "most": _NEAR + 1},
        )
        keys = [str(row["key"]) for row in near]
        called = [str(row["key"]) for row in near if row["exact"]]
        meant = called or keys
        if len(meant) == 1:
            return place(meant[0])
        if not keys:
            raise ServerError(f"no {param} is like {said!r} in snapshot {self.snapshot}")
        more = " and more" if len(keys) > _NEAR else ""
        raise ServerError(f"{said!r} could be any of: {', '.join(keys[:_NEAR])}{more}")

    def _gate(self, key: str) -> bool:
        said = "MATCH (s:Snapshot {name: $snapshot}) MATCH (g:Gate {load: s.load, key: $gate}) "
        return bool(self.rows(f"{said} RETURN g.key AS key", {"gate": key}))

    def rows(self, statement: str, given: Mapping[str, object]) -> list[dict[str, Any]]:
        """Rows of a statement, read only; ``snapshot`` is known to it."""
        import neo4j  # noqa: PLC0415 - slow to import

        parameters = {**given, "snapshot": self.snapshot}
        with self._driver.session(
            database=self._database or None, default_access_mode=neo4j.READ_ACCESS
        ) as session:
            return session.execute_read(
                lambda tx: [dict(record) for record in tx.run(statement, parameters)]
            )


def cells(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[list[object]]:
    """Cells of the columns that a table shows: days as they are written, lists as tuples."""
    return [[_cell(row[column]) for column in columns] for row in rows]


def _cell(value: object) -> object:
    match value:
        case list():
            return tuple(str(_cell(item)) for item in value)
        case bool():
            return "true" if value else "false"
        case None | str() | int() | float():
            return value
        case _:
            return value.iso_format() if hasattr(value, "iso_format") else str(value)
