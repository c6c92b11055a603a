"""Which tables a statement reaches by foreign keys, by partitions and by children."""

from collections.abc import Callable

from nhigraph.policy.postgres.catalog import Catalog, ForeignKey, Name, Relation


class Referring:
    """Keys and children of one catalog, looked at from the table that is referred to.

    Attributes:
        children: Relations that inherit from one, partitions among them.
        keys: Keys that refer to one; a key that refers to a partitioned table refers to the rows
            of its partitions.
    """

    def __init__(self, catalog: Catalog) -> None:
        """Turn both around."""
        self._relations = catalog.relations
        self._emptied: dict[Name, list[Relation]] = {}
        self._masks: dict[bool, dict[Name, int]] = {}
        self.children: dict[Name, list[Relation]] = {}
        for relation in catalog.relations.values():
            for parent in relation.inherits:
                self.children.setdefault(parent, []).append(relation)
        self.keys: dict[Name, list[ForeignKey]] = {}
        for key in catalog.foreign_keys:
            for name in self.below(key.references, partitions=True):
                self.keys.setdefault(name, []).append(key)

    def below(self, name: Name, *, partitions: bool = False) -> list[Name]:
        """A relation and what inherits from it, or its partitions; a circle ends."""
        found = {name: None}
        todo = [name]
        while todo:
            for child in self.children.get(todo.pop(), ()):
                if child.name not in found and (child.partition or not partitions):
                    found[child.name] = None
                    todo.append(child.name)
        return [*found]

    def emptied(self, name: Name) -> list[Relation]:
        """Tables that a TRUNCATE of one has to empty, too, because they refer to it.

        Without them it is refused; named beside it or by CASCADE, each asks for TRUNCATE and none
        for USAGE of its schema, partitions of those that refer included, but not what inherits
        from the table itself (tried on PostgreSQL 15.18; sql-truncate). What refers to these in
        turn is theirs.
        """
        if name not in self._emptied:
            own = self.below(name)
            found = {
                other: None
                for one in own
                for key in self.keys.get(one, ())
                for other in self.below(key.table, partitions=True)
                if other not in own and other in self._relations
            }
            self._emptied[name] = [self._relations[other] for other in found]
        return self._emptied[name]

    def mask(
        self, name: Name, everyone: int, may: Callable[[Relation], int], *, owners: bool
    ) -> int:
        """Who may empty all that has to be emptied with a table.

        Args:
            name: The table.
            everyone: Those of whom nothing is asked.
            may: Who may empty one table.
            owners: Whether ``may`` counts what owners may grant themselves; kept apart.
        """
        if owners not in self._masks:
            self._masks[owners] = self._closed(everyone, may)
        return self._masks[owners].get(name, everyone)

    def _closed(self, everyone: int, may: Callable[[Relation], int]) -> dict[Name, int]:
        asked = {name: found for name in self._relations if (found := self.emptied(name))}
        each = {one.name: may(one) for found in asked.values() for one in found}
        masks = dict.fromkeys(asked, everyone)
        changed = True
        while changed:
            changed = False
            for name, found in asked.items():
                mask = masks[name]
                for one in found:
                    mask &= each[one.name] & masks.get(one.name, everyone)
                changed = changed or mask != masks[name]
                masks[name] = mask
        return masks
