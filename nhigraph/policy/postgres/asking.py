"""Which privileges one statement of SQL asks for, and on which columns.

Tried on PostgreSQL 15.18 (sql-select, sql-insert, sql-update, sql-delete, sql-merge):

* Columns that a statement looks at ask for SELECT, those of the relation that it changes included:
  in WHERE, in what a column is set to, in RETURNING. A WHERE that looks at other relations alone
  asks for nothing there.
* ON CONFLICT asks for SELECT on the columns that it names or looks at, those of ``excluded``
  included, and for UPDATE on those that it sets.
* MERGE asks for what its branches do, and of its target for SELECT only on columns that it looks
  at; DO NOTHING asks for SELECT on any of them.
* A relation of which no column is looked at asks for SELECT on any one column.
"""

from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

import sqlglot
from sqlglot import exp

from nhigraph.policy.postgres.events import ALL, Events
from nhigraph.policy.postgres.locks import LOCK, locked
from nhigraph.records import dataclass

#: A relation as it is written: one or two parts, folded.
Written = tuple[str, ...]

#: Whose relations a column may be of.
_SCOPES = (exp.Select, exp.Insert, exp.Update, exp.Delete, exp.Merge)
_ALL_COLUMNS = "*"
_EXCLUDED = "excluded"
#: Words that look like names and are reserved (sql-keywords-appendix).
_WORDS: Final = frozenset({"DEFAULT", "USER", "SYSTEM_USER", "CURRENT_ROLE"})
NO_VARIABLES: Final = frozenset[str]()


class NotStaticError(ValueError):
    """The text does something that cannot be read off it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement's need of a privilege on a relation.

    Attributes:
        privilege: SELECT, INSERT, UPDATE, DELETE or TRUNCATE, or ``LOCK``.
        relation: Its name as written.
        returned: On SELECT, whether the rows are the function's result.
        branch: Whether it runs only in a branch or a loop, or where nothing has ended it before.
        columns: Columns it names, where that is certain; ``*`` stands for all of them.
        events: For which events it runs, in a trigger's function.
        held: Whether control may not come to it.
    """

    privilege: str
    relation: Written
    returned: bool = False
    branch: bool = False
    columns: tuple[str, ...] = ()
    events: Events = ALL
    held: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes rows."""
        return self.privilege not in ("SELECT", LOCK)

    def open(self, event: str = "") -> bool | None:
        """Whether it is left open if it runs for an event; None if it does not.

        Without an event the body is not run by a trigger that is known.
        """
        if event:
            return self.branch if event in self.events else None
        return self.branch or self.events != ALL


def statement(
    sql: str,
    functions: AbstractSet[str],
    *,
    returned: bool,
    branch: bool,
    variables: AbstractSet[str] | None = NO_VARIABLES,
) -> Iterator[Step]:
    """Steps of one statement of SQL.

    Args:
        sql: Its text.
        functions: Names of functions the database defines: calling one is not followed.
        returned: Whether its rows are the result of what holds it.
        branch: Whether it runs only in a branch.
        variables: Names that may be a variable's, folded; None if any may.

    Raises:
        NotStaticError: It does what is not followed.
        SqlglotError: It could not be parsed.
    """
    for tree in sqlglot.parse(sql, read="postgres"):
        if tree is not None:
            known_calls(tree, functions)
            yield from _Statement(tree, variables=variables).steps(
                returned=returned, branch=branch
            )


def known_calls(tree: exp.Expr, functions: AbstractSet[str]) -> None:
    """Refuse what calls a function of the database.

    Raises:
        NotStaticError: It does.
    """
    for call in tree.find_all(exp.Anonymous):
        if call.name.lower() in functions or call.name in functions:
            raise NotStaticError("it calls another function")


class _Statement:
    """One statement with what each of its columns is a column of."""

    def __init__(self, tree: exp.Expr, *, variables: AbstractSet[str] | None) -> None:
        self._tree, self._variables = tree, variables
        self._defined = {cte.alias for cte in tree.find_all(exp.CTE)}
        self._sources: dict[int, list[tuple[str, exp.Table | None]]] = defaultdict(list)
        self._read: dict[int, set[str]] = defaultdict(set)
        #: Relations of which a name is looked at that may be a variable's.
        self._perhaps: set[int] = set()
        self._tables = [
            table
            for table in tree.find_all(exp.Table)
            if name_of(table) and not table.find_ancestor(exp.Lock)
        ]
        self._place()
        for column in tree.find_all(exp.Column):
            self._look(column)
        for star in tree.find_all(exp.Star):
            self._look_at_all(star)
        for join in tree.find_all(exp.Join):
            self._look_at_both(join)

    def steps(self, *, returned: bool, branch: bool) -> Iterator[Step]:
        written = list(_writes(self._tree))
        targets: dict[int, exp.Table] = {}
        for privilege, table, columns in written:
            targets[id(table)] = table
            yield Step(privilege, name_of(table), branch=branch, columns=columns)
        for at, table in targets.items():
            if at in self._read:
                columns = self._columns(table)
                yield Step("SELECT", name_of(table), branch=branch, columns=columns)
            elif at in self._perhaps:
                yield Step("SELECT", name_of(table), branch=True)
        result = returned and isinstance(self._tree, exp.Query)
        for table in self._tables:
            if id(table) not in targets and not self._is_defined(table):
                yield Step("SELECT", name_of(table), result, branch, self._columns(table))

        for table in locked(self._tree, self._tables):
            if not self._is_defined(table):
                yield Step(LOCK, name_of(table), branch=branch)

    def _columns(self, table: exp.Table) -> tuple[str, ...]:
        return tuple(sorted(self._read[id(table)] - {""}))

    def _is_defined(self, table: exp.Table) -> bool:
        return len(name_of(table)) == 1 and table.name in self._defined

    # --- which relation a column is of ---------------------------------------------------------

    def _place(self) -> None:
        """Note what each query and statement has its columns from."""
        for table in self._tree.find_all(exp.Table):
            scope = _scope(table)
            if scope is not None and not table.find_ancestor(exp.Lock):
                known = name_of(table) and not self._is_defined(table)
                self._sources[id(scope)].append((table.alias_or_name, table if known else None))
        for other in self._tree.find_all(exp.Subquery, exp.Lateral, exp.Unnest, exp.Values):
            scope = _scope(other)
            if scope is not None and isinstance(other.parent, exp.From | exp.Join):
                self._sources[id(scope)].append((other.alias_or_name, None))
        for merge in self._tree.find_all(exp.Merge):
            if not isinstance(merge.args["using"], exp.Table):
                self._sources[id(merge)].append((merge.args["using"].alias_or_name, None))
        for insert in self._tree.find_all(exp.Insert):
            if isinstance(insert.parent, exp.When):
                continue
            self._sources[id(insert)].append((_EXCLUDED, _table(insert.this)))

    def _look(self, column: exp.Column) -> None:
        if isinstance(column.this, exp.Star) or not isinstance(column.this, exp.Identifier):
            return
        name, plain = folded(column.this), not column.table
        if _is_set(column) or (plain and _is_no_column(column)):
            return
        scope = _scope(column)
        while scope is not None:
            if plain and isinstance(scope, exp.Insert) and not _of_target(column, scope):
                return  # A variable's among the values.
            sources = self._sources[id(scope)]
            if plain and (found := [table for known, table in sources if known == column.name]):
                self._note(found[0], _ALL_COLUMNS, column)
                return
            if plain and sources:
                if len(sources) == 1 or isinstance(scope, exp.Insert):
                    self._note(sources[0][1], name, column)
                return
            for known, table in sources:
                if known == column.table:
                    self._note(table, name, column)
                    return
            scope = _scope(scope)

    def _note(self, table: exp.Table | None, name: str, column: exp.Column) -> None:
        if table is None:
            return
        known = self._variables is not None and folded(column.this) not in self._variables
        if known or column.table or _is_key(column):
            self._read[id(table)].add(name)
        elif column.find_ancestor(exp.Where, exp.Returning) or name in _set_by(table):
            self._read[id(table)].add("")
        else:
            self._perhaps.add(id(table))

    def _look_at_all(self, star: exp.Star) -> None:
        if isinstance(star.parent, exp.Count):
            return
        scope, of = _scope(star), ""
        if isinstance(star.parent, exp.Column):
            of = star.parent.table
        elif not isinstance(star.parent, exp.Select | exp.Returning):
            return
        for known, table in self._sources[id(scope)] if scope is not None else ():
            if table is not None and known == (of or known) != _EXCLUDED:
                self._read[id(table)].add(_ALL_COLUMNS)

    def _look_at_both(self, join: exp.Join) -> None:
        """USING looks at a column of what is joined, and of what it is joined to."""
        scope = _scope(join)
        sources = self._sources[id(scope)] if scope is not None else []
        for column in join.args.get("using") or ():
            for _, table in sources if len(sources) == len(("left", "right")) else ():
                if table is not None and isinstance(column, exp.Identifier):
                    self._read[id(table)].add(folded(column))


def _scope(node: exp.Expr) -> exp.Expr | None:
    """The nearest query or statement around it; what stands in MERGE's branches is MERGE's."""
    found = node.find_ancestor(*_SCOPES)
    while isinstance(found, exp.Insert | exp.Update) and isinstance(found.parent, exp.When):
        found = found.find_ancestor(*_SCOPES)
    return found


def _is_set(column: exp.Column) -> bool:
    """Whether it is only set: in UPDATE, and in the branches of ON CONFLICT and MERGE."""
    at: exp.Expr = column
    while isinstance(at.parent, exp.Tuple):
        at = at.parent
    if isinstance(at.parent, exp.Insert) and isinstance(at.parent.parent, exp.When):
        return at.parent.this is at
    if not isinstance(at.parent, exp.EQ) or at.parent.this is not at:
        return False
    above = at.parent.parent
    return isinstance(above, exp.Update | exp.OnConflict) and at.parent in above.expressions


def _is_key(column: exp.Column) -> bool:
    """Whether ON CONFLICT names it, where no variable may stand."""
    return isinstance(column.find_ancestor(exp.OnConflict, exp.EQ, exp.Where), exp.OnConflict)


def _is_no_column(column: exp.Column) -> bool:
    """Whether it is a word of SQL, or a column of the result in ORDER BY or GROUP BY."""
    if column.name.upper() in _WORDS and not column.this.args.get("quoted"):
        return True
    scope = _scope(column)
    inside = column.find_ancestor(exp.Order, exp.Group, *_SCOPES)
    return (
        isinstance(scope, exp.Select)
        and isinstance(inside, exp.Order | exp.Group)
        and any(isinstance(one, exp.Alias) and one.alias == column.name for one in scope.selects)
    )


def _of_target(column: exp.Column, insert: exp.Insert) -> bool:
    found = column.find_ancestor(exp.OnConflict, exp.Returning, exp.Insert)
    return found is not insert


def _set_by(table: exp.Table) -> set[str]:
    """Columns that the statement on the relation sets."""
    at = table.parent
    return set(_written_columns(at)) if isinstance(at, exp.Update) and at.this is table else set()


# --- what is written -----------------------------------------------------------------------------


def _writes(tree: exp.Expr) -> Iterator[tuple[str, exp.Table, tuple[str, ...]]]:
    if not isinstance(
        tree, exp.Query | exp.Insert | exp.Update | exp.Delete | exp.TruncateTable | exp.Merge
    ) or tree.find(exp.Into, exp.Command, exp.Create):
        raise NotStaticError("it holds a statement that is not followed")
    for truncated in tree.find_all(exp.TruncateTable):
        for table in truncated.expressions:
            yield "TRUNCATE", _table(table), ()
    for merge in tree.find_all(exp.Merge):
        yield from _branches(merge)
    for found in tree.find_all(exp.Insert, exp.Update, exp.Delete):
        if isinstance(found.parent, exp.When):
            continue
        table = _table(found.this)
        yield type(found).__name__.upper(), table, _written_columns(found)
        conflict = found.args.get("conflict")
        if conflict is not None:
            if conflict.args.get("constraint"):
                yield "SELECT", table, ()
            if conflict.expressions:
                yield "UPDATE", table, _set_in(conflict.expressions)


def _branches(merge: exp.Merge) -> Iterator[tuple[str, exp.Table, tuple[str, ...]]]:
    for when in merge.find_all(exp.When):
        then = when.args.get("then")
        columns = _written_columns(then) if isinstance(then, exp.Expr) else ()
        yield _merge_action(then), _table(merge.this), columns


def _written_columns(statement: exp.Expr) -> tuple[str, ...]:
    if isinstance(statement, exp.Insert) and isinstance(statement.this, exp.Schema | exp.Tuple):
        return _plain(statement.this.expressions)
    return _set_in(statement.expressions) if isinstance(statement, exp.Update) else ()


def _set_in(parts: list[exp.Expr]) -> tuple[str, ...]:
    named: list[exp.Expr] = []
    for part in parts:
        if isinstance(part, exp.EQ):
            several = isinstance(part.this, exp.Tuple)
            named += part.this.expressions if several else [part.this]
    return _plain(named)


def _plain(named: list[exp.Expr]) -> tuple[str, ...]:
    found = [part.this if isinstance(part, exp.Column) else part for part in named]
    return tuple(folded(part) for part in found if isinstance(part, exp.Identifier))


def _merge_action(then: object) -> str:
    if isinstance(then, exp.Insert):
        return "INSERT"
    if isinstance(then, exp.Update):
        return "UPDATE"
    nothing = isinstance(then, exp.Var) and then.name.upper() == "DO NOTHING"
    return "SELECT" if nothing else "DELETE"


def _table(node: object) -> exp.Table:
    if isinstance(node, exp.Schema):
        node = node.this
    if isinstance(node, exp.Table) and node.name:
        return node
    raise NotStaticError("a relation in it could not be read")


def name_of(table: exp.Expr) -> Written:
    """A relation's name as it is written; empty for what is none."""
    parts = [
        folded(part)
        for part in (table.args.get("db"), table.this)
        if isinstance(part, exp.Identifier)
    ]
    return tuple(parts)


def folded(name: exp.Identifier) -> str:
    """A name as the server has it."""
    return name.name if name.args.get("quoted") else name.name.lower()
