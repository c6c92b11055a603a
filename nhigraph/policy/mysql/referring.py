"""What changing rows of a table changes of those that refer to them.

A key's ON DELETE and ON UPDATE ask for no right on the table that has it. ON UPDATE runs where a
column that is referred to is set; what is done then sets the key's own columns, and goes on to
whatever refers to those (https://mariadb.com/kb/en/foreign-keys/, and tried on 10.11.19).
"""

from collections.abc import Iterator
from typing import Final

from nhigraph.policy.mysql.catalog import Catalog, ForeignKey, Name
from nhigraph.policy.mysql.outcome import Effect

#: Rules of foreign keys that change rows of the table that refers, and to what, if not the same.
_CHANGES: Final = {"CASCADE": "", "SET NULL": "UPDATE", "SET DEFAULT": "UPDATE"}


class Keys:
    """Foreign keys of one server."""

    def __init__(self, catalog: Catalog) -> None:
        """Index them by what they refer to."""
        self._keys: dict[Name, list[ForeignKey]] = {}
        for key in catalog.foreign_keys:
            self._keys.setdefault(key.references, []).append(key)

    def changed(self, privilege: str, name: Name) -> Iterator[Effect]:
        """Everything that a statement on a relation changes beside it."""
        yield from self._changed(privilege, name, frozenset({name}), frozenset())

    def _changed(
        self, privilege: str, name: Name, seen: frozenset[Name], columns: frozenset[str]
    ) -> Iterator[Effect]:
        """The same; ``columns`` are those that an UPDATE sets, empty where that is any."""
        for key in self._keys.get(name, ()):
            rule = key.on_delete if privilege == "DELETE" else key.on_update
            if privilege not in ("DELETE", "UPDATE") or rule.upper() not in _CHANGES:
                continue
            if columns and key.referenced and not columns & key.referenced:
                continue
            done = _CHANGES[rule.upper()] or privilege
            yield Effect(done, key.table)
            if key.table not in seen:
                further = key.columns if done == "UPDATE" else frozenset()
                yield from self._changed(done, key.table, seen | {key.table}, further)

    def watched(self, name: Name) -> frozenset[str] | None:
        """Columns of which an UPDATE changes what refers to them; None where they are not told."""
        found = [one for one in self._keys.get(name, ()) if one.on_update.upper() in _CHANGES]
        if any(not one.referenced for one in found):
            return None
        return frozenset().union(*(one.referenced for one in found))
