"""What one statement of SQL needs of the relations that it names.

Tried on MariaDB 10.11.19: what a statement looks at in WHERE, in ORDER BY, in what a column is set
to and in RETURNING asks for SELECT on what it changes, too; ON DUPLICATE KEY UPDATE does in any
case; of tables that are joined those that are not changed ask for SELECT, and by DELETE those that
are. A WHERE about other relations asks for nothing.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace

import sqlglot
from sqlglot import exp

from nhigraph.records import dataclass

# The parser logs the text of what it does not understand: that may hold a credential.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

#: A relation or routine as it is written: one or two parts, of a package's three.
Written = tuple[str, ...]


class NotStaticError(ValueError):
    """The text does something that cannot be read off it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One need of a privilege on a relation, or one call.

    Attributes:
        privilege: SELECT, INSERT, UPDATE, DELETE, DROP or CALL; of a trigger's row, its words.
        thing: The relation or routine; empty for the row.
        returned: On SELECT, whether its rows are shown to the caller.
        branch: Whether it runs only in a branch, loop or handler, or if nothing left before.
        sources: On a write, relations whose values are written.
        columns: Columns that it names of the thing, where that is certain; ``*`` for all.
        needs: What the same statement takes besides; without it nothing of it is done. One in a
            branch is needed if what looks like a column is none of a variable's.
    """

    privilege: str
    thing: Written = ()
    returned: bool = False
    branch: bool = False
    sources: tuple[Written, ...] = ()
    columns: tuple[str, ...] = ()
    needs: "tuple[Step, ...]" = ()


def parsed(text: str) -> exp.Expr:
    """The statement of a text.

    Raises:
        NotStaticError: It is none, or several.
    """
    found = [one for one in sqlglot.parse(text, read="mysql") if one is not None]
    if len(found) != 1 or isinstance(found[0], exp.Command):
        raise NotStaticError("a statement that the parser does not know")
    return found[0]


def into(tree: exp.Expr) -> bool:
    """Whether a query writes what it finds to variables."""
    return any(one.args.get("into") is not None for one in tree.find_all(exp.Select))


def steps(tree: exp.Expr, word: str) -> Iterator[Step]:
    """What one statement needs."""
    ctes = {one.alias_or_name for one in tree.find_all(exp.CTE)}
    tables = [
        one
        for one in tree.find_all(exp.Table)
        if one.name and not (one.name in ctes and not one.db) and not _is_into(one)
    ]
    if isinstance(tree, exp.Insert):
        yield from _insert(tree, tables, word)
    elif isinstance(tree, exp.Update | exp.Delete):
        yield from _changed(tree, tables)
    elif isinstance(tree, exp.TruncateTable):
        yield from (Step("DROP", _name(one)) for one in tables)
    elif isinstance(tree, exp.Query):
        yield from _read(tree, tables)
    else:
        raise NotStaticError(f"a statement of the kind {word}")


def _is_into(table: exp.Table) -> bool:
    """Whether it is a variable that a SELECT writes to."""
    return isinstance(table.parent, exp.Into)


def whole(name: Written, schema: str) -> tuple[str, str]:
    """A name with its schema: of what a name is without one lies beside the code."""
    return (name[0], name[1]) if len(name) > 1 else (schema, name[0])


def _name(table: exp.Table) -> Written:
    return (table.db, table.name) if table.db else (table.name,)


def _read(tree: exp.Expr, tables: list[exp.Table]) -> Iterator[Step]:
    columns = _columns(tree) if len(tables) == 1 else ()
    yield from (Step("SELECT", _name(one), columns=columns) for one in tables)


def _columns(tree: exp.Expr) -> tuple[str, ...]:
    """Columns of a statement's only relation; all where it says so."""
    if any(not isinstance(one.parent, exp.Count) for one in tree.find_all(exp.Star)):
        return ("*",)
    return tuple(sorted({one.name.lower() for one in tree.find_all(exp.Column) if one.name}))


def _insert(tree: exp.Insert, tables: list[exp.Table], word: str) -> Iterator[Step]:
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    if not isinstance(target, exp.Table):
        raise NotStaticError("an INSERT whose table is not read")
    named = tree.this.expressions if isinstance(tree.this, exp.Schema) else []
    sources = tuple(dict.fromkeys(_name(one) for one in tables if one is not target))
    columns = tuple(one.name.lower() for one in named) or ("*",)
    name = _name(target)
    found = [Step("INSERT", name, sources=sources, columns=columns)]
    if word == "REPLACE":
        found.append(Step("DELETE", name))
    reads = [Step("SELECT", one) for one in sources]
    if tree.args.get("conflict") is not None:
        found.append(Step("UPDATE", name, columns=("*",)))
        reads.append(Step("SELECT", name, branch=True))
    if tree.args.get("returning") is not None:
        reads.append(Step("SELECT", name))
    yield from _together(found, reads)


def _changed(tree: exp.Update | exp.Delete, tables: list[exp.Table]) -> Iterator[Step]:
    """A change of rows of one table, or of some of those that are joined."""
    changed = _Changed(tree, tables)
    named = {known: _name(one) for known, one in changed.tables.items()}
    found = []
    for known, columns in changed.targets.items():
        own = changed.tables[known]
        others = tuple(dict.fromkeys(_name(one) for one in tables if one is not own))
        if isinstance(tree, exp.Update):
            found.append(Step("UPDATE", named[known], sources=others, columns=tuple(columns)))
        else:
            found.append(Step("DELETE", named[known]))
    yield from _together(found, list(changed.reads(tables)))


def _together(found: list[Step], reads: list[Step]) -> Iterator[Step]:
    """What one statement does, each with all that it takes."""
    for step in found:
        others = tuple(one for one in found if one is not step)
        needs = dict.fromkeys(replace(one, sources=()) for one in (*others, *reads))
        yield replace(step, needs=tuple(needs))


class _Changed:
    """What an UPDATE or DELETE changes, and what it looks at.

    Attributes:
        tables: Those that it joins, or its only one, by the name they have in it.
        targets: Of these, those whose rows change, with the columns that are set.
        read: Those of which a column is looked at.
    """

    def __init__(self, tree: exp.Update | exp.Delete, tables: list[exp.Table]) -> None:
        self._tree = tree
        joined = [one for one in tables if not one.find_ancestor(exp.Select)]
        if not isinstance(tree.this, exp.Table) and not tree.args.get("tables"):
            raise NotStaticError("a change whose table is not read")
        named = {id(one) for one in tree.args.get("tables") or ()}
        self.tables = {one.alias_or_name.lower(): one for one in joined if id(one) not in named}
        self._lefts = [one.this for one in tree.expressions if isinstance(one, exp.EQ)]
        self.targets: dict[str, list[str]] = {}
        if isinstance(tree, exp.Update):
            for left in self._lefts:
                self.targets.setdefault(self._of(left), []).append(left.name.lower())
        else:
            for one in tree.args.get("tables") or [tree.this]:
                self.targets[self._known(one.alias_or_name.lower())] = []
        self.read: dict[str, bool] = {}
        for column in tree.find_all(exp.Column):
            if all(column is not left for left in self._lefts):
                self._look(column)

    def _known(self, name: str) -> str:
        if name not in self.tables:
            raise NotStaticError("a change of several tables at once")
        return name

    def _of(self, left: exp.Expr) -> str:
        if not isinstance(left, exp.Column):
            raise NotStaticError("a change whose columns are not read")
        if not left.table and len(self.tables) > 1:
            raise NotStaticError("a change of several tables at once")
        return self._known((left.table or next(iter(self.tables), "")).lower())

    def _look(self, column: exp.Column) -> None:
        """Note of which table it is; a plain name may be a variable's."""
        of, plain = column.table.lower(), not column.table
        if plain and column.find_ancestor(exp.Select):
            return
        if not plain:
            if of in self.tables:
                self.read[of] = True
        elif len(self.tables) == 1 and column.name.upper() != "DEFAULT":
            only = next(iter(self.tables))
            sure = column.find_ancestor(exp.Where, exp.Order, exp.Returning) is not None
            sure = sure or column.name.lower() in self.targets.get(only, ())
            self.read[only] = self.read.get(only, False) or sure

    def reads(self, tables: list[exp.Table]) -> Iterator[Step]:
        """SELECT of what is looked at, and of what is joined and not changed."""
        deletes = isinstance(self._tree, exp.Delete) and len(self.tables) > 1
        for known, one in self.tables.items():
            needed = deletes or known not in self.targets or self.read.get(known, False)
            if needed or known in self.read:
                yield Step("SELECT", _name(one), branch=not needed)
        own = {id(one) for one in self.tables.values()}
        named = {id(one) for one in self._tree.args.get("tables") or ()}
        for one in tables:
            if id(one) not in own | named:
                yield Step("SELECT", _name(one))
