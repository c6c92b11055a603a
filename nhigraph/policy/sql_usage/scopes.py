"""Which table a column name means, as far as that can be known without a catalogue.

Where it cannot, all tables that it may mean are taken: a use may be claimed too much, but none is
missed.
"""

from dataclasses import field

from nhigraph.policy.sql_usage.flows import NOTHING, Flow, Table, unite
from nhigraph.records import dataclass

#: CTEs by lower-case name; None marks one that stands further down.
Ctes = dict[str, Table | None]


@dataclass
class Scope:
    """The names one SELECT can see.

    Attributes:
        ctes: CTEs that can be seen.
        outer: Scope of the query around it, for correlated subqueries and LATERAL.
        tables: Alias (lower-case) and table of FROM and JOIN, in order.
        synonyms: Further names of tables, such as that of a PIVOT.
        merged: Columns that USING made one.
        natural: Whether a NATURAL JOIN made some columns one.
        aliases: Names given in the select list so far.
        after: Whether the select list is done: GROUP BY, HAVING, QUALIFY and ORDER BY may take
            an alias before a column.
        windows: Flow of the named windows.
    """

    ctes: Ctes
    outer: "Scope | None" = None
    tables: list[tuple[str, Table]] = field(default_factory=list)
    synonyms: list[tuple[str, Table]] = field(default_factory=list)
    merged: dict[str, Flow] = field(default_factory=dict)
    natural: bool = False
    aliases: dict[str, Flow] = field(default_factory=dict)
    after: bool = False
    windows: Flow = NOTHING

    @property
    def whole(self) -> Flow:
        """Every column of every table in FROM."""
        return unite(table.whole for _, table in self.tables)

    @property
    def named(self) -> list[tuple[str, Table]]:
        """Every name of a table of FROM, with the table."""
        return self.tables + self.synonyms

    @property
    def base(self) -> int:
        """Inputs whose rows FROM is made of."""
        found = 0
        for _, table in self.tables:
            found |= table.base
        return found

    @property
    def everything(self) -> Flow:
        """Every column that can be seen from here, in the queries around too."""
        return unite((self.whole, self.outer.everything)) if self.outer else self.whole

    def column(self, parts: list[str]) -> Flow:
        """What a column reference means; ``parts`` are lower-case, the column last.

        The parts before may be database, schema and table, or a table and fields of a struct, or
        a struct column and its fields.
        """
        found = [
            table.column(parts[at + 1])
            for at in range(len(parts) - 1)
            for table in self._named(parts[at])
        ]
        return unite(found) if found else self._unqualified(parts[0])

    def star(self, qualifiers: list[str]) -> Flow:
        """What ``qualifiers.*`` means; lower-case, and empty for a bare ``*``."""
        found = [table.whole for name in qualifiers for table in self._named(name)]
        if found:
            return unite(found)
        return self._unqualified(qualifiers[0]) if qualifiers else self.whole

    def merge(self, name: str) -> Flow:
        """Make the columns of that name one, as USING does."""
        found = [table.by_name[name] for _, table in self.tables if table.has(name)]
        found += [
            table.unknown
            for _, table in self.tables
            if table.unknown is not None and not table.has(name)
        ]
        self.merged[name] = unite(found)
        return self.merged[name]

    def _named(self, name: str) -> list[Table]:
        """Tables of that name in the nearest scope that has one."""
        scope: Scope | None = self
        while scope:
            found = [table for alias, table in scope.named if alias == name]
            if found:
                return found
            scope = scope.outer
        return []

    def _unqualified(self, name: str) -> Flow:
        found: list[Flow] = []
        scope: Scope | None = self
        while scope:
            settled = scope._candidates(name, found)  # noqa: SLF001 - another of this class
            if settled:
                break
            scope = scope.outer
        return unite(found) if found else self.everything

    def _candidates(self, name: str, found: list[Flow]) -> bool:
        """Add what ``name`` may mean here; true if it cannot mean anything further out."""
        known = [table.by_name[name] for _, table in self.tables if table.has(name)]
        settled = bool(known) or name in self.merged
        found += known
        if name in self.merged:
            found.append(self.merged[name])
        if not settled or self.natural:
            # Beside a known column of that name no unknown one can stand: the name would be
            # ambiguous, unless a join made the two one.
            found += [table.unknown for _, table in self.tables if table.unknown is not None]
        if name in self.aliases and (self.after or not settled):
            found.append(self.aliases[name])
            settled = settled or not any(table.unknown is not None for _, table in self.tables)
        if not settled:
            # The whole row, as in `to_jsonb(t)`.
            found += [table.whole for alias, table in self.named if alias == name]
        return settled
