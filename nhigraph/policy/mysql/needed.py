"""What one statement of SQL needs of the relations that it names."""

import logging
from collections.abc import Iterator

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
    """

    privilege: str
    thing: Written = ()
    returned: bool = False
    branch: bool = False
    sources: tuple[Written, ...] = ()
    columns: tuple[str, ...] = ()


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
    yield Step("INSERT", _name(target), sources=sources, columns=columns)
    if word == "REPLACE":
        yield Step("DELETE", _name(target))
    if tree.args.get("conflict") is not None:
        yield Step("UPDATE", _name(target), columns=("*",))
    yield from (Step("SELECT", one) for one in sources)


def _changed(tree: exp.Update | exp.Delete, tables: list[exp.Table]) -> Iterator[Step]:
    """A change of one table; of several, which is changed is not told."""
    target = tree.this
    inside = [one for one in tables if one is not target]
    if not isinstance(target, exp.Table) or target.args.get("joins") or tree.args.get("tables"):
        raise NotStaticError("a change of several tables at once")
    sources = tuple(dict.fromkeys(_name(one) for one in inside))
    if isinstance(tree, exp.Update):
        lefts = [one.this for one in tree.expressions if isinstance(one, exp.EQ)]
        columns = tuple(one.name.lower() for one in lefts)
        yield Step("UPDATE", _name(target), sources=sources, columns=columns)
    else:
        lefts, columns = [], ()
        yield Step("DELETE", _name(target))
    read = [
        one
        for one in tree.find_all(exp.Column)
        if all(one is not left for left in lefts) and one.table.upper() not in ("NEW", "OLD")
    ]
    if read:
        names = () if inside else tuple(sorted({one.name.lower() for one in read}))
        yield Step("SELECT", _name(target), columns=names)
    yield from (Step("SELECT", one) for one in sources)
