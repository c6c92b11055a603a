"""What the statements of a script write, grant, or may do that their text does not tell.

For scripts that run beside a query: hooks, operations. A write names one target; its inputs are
used as ``usage`` says of the query inside, and for any use where that cannot be read. A statement
that is not understood is told, never passed over.

https://www.postgresql.org/docs/current/sql-commands.html has the list this module sorts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field

import sqlglot
from sqlglot import exp

from nhigraph.policy.sql_usage import LONGEST, OUTSIDE, Unparsed, Use, shown, tree_usage
from nhigraph.policy.sql_usage.expressions import arg, args
from nhigraph.policy.sql_usage.files import copied, quoted
from nhigraph.policy.sql_usage.flows import UnsureError
from nhigraph.policy.sql_usage.grants import Right, rights
from nhigraph.policy.sql_usage.named import BOTH, Written, ctes, name, named, written
from nhigraph.policy.sql_usage.texts import assigns, silent, split
from nhigraph.records import dataclass

_QUIET_KINDS = frozenset({"INDEX", "SCHEMA", "SEQUENCE", "TYPE"})
_RELATIONS = frozenset({"TABLE", "VIEW", "MATERIALIZED VIEW"})
#: Changes of a table that move no rows in or out: constraints, settings, the shape of columns.
_SHAPES = (exp.AddConstraint, exp.AddPartition, exp.AlterColumn, exp.ColumnDef, exp.AlterSet)
#: What says that the rows of a new table are there already, or come from elsewhere.
_ELSEWHERE = (
    exp.ExecuteAsProperty,
    exp.ExternalProperty,
    exp.InheritsProperty,
    exp.LocationProperty,
)
#: Functions that wait, count or signal, and write no relation:
#: https://www.postgresql.org/docs/current/functions-admin.html and functions-sequence.html
_IDLE_FUNCTIONS = frozenset(
    {"currval", "lastval", "nextval", "pg_advisory_lock", "pg_advisory_unlock", "pg_notify"}
    | {"pg_advisory_xact_lock", "pg_backend_pid", "pg_sleep", "set_config", "setval"}
)
#: Options of BigQuery by which a table or its parts are deleted in time:
#: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language
_EXPIRING = frozenset({"expiration_timestamp", "partition_expiration_days"})
#: Dialects in which a common table expression may be written to, and its table with it:
#: https://learn.microsoft.com/sql/t-sql/queries/with-common-table-expression-transact-sql
_THROUGH_CTES = frozenset({"tsql", "fabric"})
_DML = (exp.Insert, exp.Update, exp.Delete, exp.Merge)


@dataclass(frozen=True, slots=True)
class Write:
    """One statement's change of one relation.

    Attributes:
        verb: insert, update, delete, truncate, merge, create or drop.
        target: The relation.
        uses: What it is made of, by relation.
        hidden: Functions that may read more than it names.
    """

    verb: str
    target: Written
    uses: Mapping[Written, Use] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A statement of which more may happen than its text tells.

    Attributes:
        reason: Why, as the end of "it is not read: ...".
        named: Relations it names.
    """

    reason: str
    named: tuple[Written, ...] = ()


Statement = Write | Right | Unread


def statements(sql: str, dialect: str) -> Iterator[Statement]:
    """Read a script, statement by statement; what changes nothing is left out."""
    if len(sql) > LONGEST:
        yield Unread(f"{len(sql)} characters are more than the {LONGEST} read")
        return
    try:
        texts = [*split(sql, dialect)]
    except RecursionError:
        raise
    except Exception as error:  # noqa: BLE001 - a third-party parser on text of any kind
        yield Unread(f"the parser gave up ({type(error).__name__})")
        return
    for first, text in texts:
        try:
            yield from _statement(first, text, dialect)
        except UnsureError as error:
            yield Unread(str(error), _mentioned(text, dialect))
        except (RecursionError, AttributeError, TypeError):
            yield Unread("the parser left a part of it out")


def _mentioned(text: str, dialect: str) -> tuple[Written, ...]:
    """Relations that a statement names which is not understood, as far as it can be parsed."""
    try:
        return tuple(named(_parsed(text, dialect), dialect))
    except (UnsureError, RecursionError, AttributeError, TypeError):
        return ()


def _statement(first: str, text: str, dialect: str) -> Iterator[Statement]:
    if first == "GRANT":
        yield from rights(text, dialect)
        return
    if seen := shown.relation(first, text, dialect):
        yield Write("update", written(seen, dialect))
        return
    if silent(first, text, dialect):
        if assigns(first, text):
            yield from _called(_parsed(text, dialect), dialect)
        return
    if first == "EXPLAIN":
        yield Unread("EXPLAIN ANALYZE runs what it explains")
        return
    tree = _parsed(quoted(text) if first == "COPY" else text, dialect)
    for inner in tree.find_all(*_DML):
        if inner is not tree and not inner.find_ancestor(exp.Merge, exp.OnConflict):
            yield _blurred(inner, tree, dialect)
    yield from _whole(tree, first, dialect)


def _called(tree: exp.Expr, dialect: str) -> Iterator[Unread]:
    """What is run for the functions in it: nobody looks at its rows."""
    if unknown := set(_calls(tree)) - _IDLE_FUNCTIONS:
        why = f"what {', '.join(sorted(unknown))} does is not in the SQL"
        yield Unread(why, tuple(named(tree, dialect)))


def _parsed(text: str, dialect: str) -> exp.Expr:
    try:
        (tree,) = sqlglot.parse(text, read=dialect)
    except RecursionError:
        raise
    except Exception as error:  # noqa: BLE001 - a third-party parser on text of any kind
        raise UnsureError(f"the parser gave up ({type(error).__name__})") from None
    if tree is None:
        raise UnsureError("the parser left it out")
    return tree


def _calls(tree: exp.Expr) -> tuple[str, ...]:
    """Functions that are not the dialect's own."""
    return tuple(sorted({call.name.lower() for call in tree.find_all(exp.Anonymous)}))


def _whole(tree: exp.Expr, first: str, dialect: str) -> Iterator[Statement]:
    if isinstance(tree, _DML):
        yield _written(tree, dialect)
    elif isinstance(tree, exp.Query):
        into = arg(tree, "into")
        if into is not None:
            query = tree.copy()
            query.set("into", None)
            yield Write("create", name(into.this, dialect), _inputs(query, dialect, tree))
        else:
            yield from _called(tree, dialect)
    elif isinstance(tree, exp.TruncateTable):
        for table in tree.expressions:
            yield Write("truncate", name(table, dialect))
    elif isinstance(tree, exp.Drop):
        yield from _dropped(tree, dialect)
    elif isinstance(tree, exp.Create):
        yield from _created(tree, dialect)
    elif isinstance(tree, exp.Copy):
        found = copied(tree, dialect)
        hidden = () if found.whole else (OUTSIDE,)
        yield Write("insert", found.target, found.uses, hidden)
    elif isinstance(tree, exp.Alter) and all(map(_is_shape, tree.args["actions"])):
        yield from _shaped(tree, dialect)
    else:
        raise UnsureError(f"a statement of the kind {first}")


def _is_shape(action: exp.Expr) -> bool:
    if isinstance(action, exp.Drop):
        # With CASCADE a column takes views along.
        kind = action.args.get("kind")
        return kind == "CONSTRAINT" or (kind == "COLUMN" and not action.args.get("cascade"))
    return isinstance(action, _SHAPES) and not arg(action, "location")


def _shaped(tree: exp.Alter, dialect: str) -> Iterator[Write]:
    """What a change of a table's shape does to its rows and cells."""
    actions = tree.args["actions"]
    # USING says what the cells hold from now on; a column that is dropped takes them along.
    if any(arg(one, "using") or one.args.get("kind") == "COLUMN" for one in actions):
        yield _blurred(tree, tree, dialect, "update")
    if any(one.name.lower() in _EXPIRING for one in tree.find_all(exp.Property)):
        yield Write("delete", name(tree.this, dialect))


def _written(tree: exp.Expr, dialect: str) -> Write:
    target = _target(tree, dialect)
    verb = tree.key
    if isinstance(tree, exp.Insert):
        uses = _inserted(tree, dialect)
    elif isinstance(tree, exp.Update):
        # Which rows get a new value decides values, as the condition of a CASE does; none goes.
        uses = dict.fromkeys(_inputs(_updated(tree), dialect, tree), Use.VALUE)
    elif isinstance(tree, exp.Delete):
        uses = _inputs(_deleted(tree), dialect, tree)
    else:
        return _blurred(tree, tree, dialect)
    own = {target, name(tree.this, dialect)}
    others = {name: use for name, use in uses.items() if name not in own}
    return Write(verb, target, others, _calls(tree))


def _target(tree: exp.Expr, dialect: str) -> Written:
    """The relation a statement changes.

    T-SQL names it by an alias that FROM gives
    (https://learn.microsoft.com/sql/t-sql/queries/update-transact-sql), MySQL several at once.
    """
    if isinstance(tree, exp.Update) and args(tree.this, "joins"):
        raise UnsureError("an UPDATE of several tables")
    target = name(tree.this, dialect)
    if dialect in _THROUGH_CTES and len(target) == 1 and target[0].lower() in ctes(tree):
        raise UnsureError("a write through a common table expression")
    begun = arg(tree, "from")
    for table in begun.find_all(exp.Table) if begun is not None and len(target) == 1 else ():
        if table.alias.lower() == target[0].lower():
            return name(table, dialect)
    return target


def _inserted(tree: exp.Insert, dialect: str) -> dict[Written, Use]:
    query = tree.args.get("expression")
    if query is None:
        if tree.args.get("default"):
            return {}
        raise UnsureError("an INSERT without a query")
    query = query.copy()
    ctes = arg(tree, "with")
    if ctes is not None:
        query.set("with_" if "with_" in query.arg_types else "with", ctes.copy())
    uses = _inputs(query, dialect, tree)
    if tree.args.get("conflict") or tree.args.get("overwrite"):
        uses = dict.fromkeys(uses, BOTH)  # Which row a key finds there is decided by value.
    return uses


def _updated(tree: exp.Update) -> exp.Expr:
    """The query whose columns are the new values and whose rows are those that change."""
    values: list[exp.Expr] = []
    for part in tree.expressions:
        value = part.expression if isinstance(part, exp.EQ) else part
        values += value.expressions if isinstance(value, exp.Tuple) else [value]
    return _over(tree, values, arg(tree, "from"))


def _deleted(tree: exp.Delete) -> exp.Expr:
    if tree.args.get("tables"):
        raise UnsureError("a DELETE from several tables")
    return _over(tree, [exp.Literal.number(1)], None)


def _over(tree: exp.Expr, values: list[exp.Expr], more: exp.Expr | None) -> exp.Expr:
    query = exp.select(*values).from_(tree.this.copy())
    others = [more.this] if more is not None else args(tree, "using")
    for other in others:
        query = query.join(other.copy(), join_type="cross")
    where, ctes = arg(tree, "where"), arg(tree, "with")
    if where is not None:
        query = query.where(where.this.copy())
    if ctes is not None:
        query.set("with_" if "with_" in query.arg_types else "with", ctes.copy())
    return query


def _inputs(query: exp.Expr, dialect: str, whole: exp.Expr) -> dict[Written, Use]:
    found = tree_usage(query, dialect)
    if isinstance(found, Unparsed):
        return named(whole, dialect)
    return dict(found.relations)


def _blurred(tree: exp.Expr, whole: exp.Expr, dialect: str, verb: str = "") -> Write:
    """A write whose inputs are all that the statement names, for any use."""
    target = name(tree.this, dialect)
    uses = {one: use for one, use in named(whole, dialect).items() if one != target}
    return Write(verb or tree.key, target, uses)


def _dropped(tree: exp.Drop, dialect: str) -> Iterator[Write]:
    kind = str(tree.args.get("kind") or "").upper()
    if kind in _QUIET_KINDS - {"SCHEMA"}:
        return
    if kind not in _RELATIONS:
        raise UnsureError(f"a statement that drops a {kind or 'thing'}")
    for table in args(tree, "tables") or [tree.this]:
        yield Write("drop", name(table, dialect))


def _created(tree: exp.Create, dialect: str) -> Iterator[Write]:
    kind = str(tree.args.get("kind") or "").upper()
    query, clone = tree.args.get("expression"), arg(tree, "clone")
    told = arg(tree, "properties")
    if told is not None and any(isinstance(one, _ELSEWHERE) for one in told.expressions):
        raise UnsureError("a table of rows that it does not make")
    if kind == "TABLE" and query is None:
        if clone is not None:
            # https://docs.snowflake.com/en/sql-reference/sql/create-clone, BigQuery's COPY
            yield _blurred(tree, tree, dialect)
        elif tree.args.get("replace"):
            yield Write("create", name(tree.this, dialect))  # What was there is gone.
        return
    # A schema that is put in place of another takes all with it that was in that.
    if kind in _QUIET_KINDS and clone is None and not tree.args.get("replace"):
        return
    if kind not in _RELATIONS or not isinstance(query, exp.Query):
        raise UnsureError(f"a statement that creates a {kind or 'thing'}")
    target = name(tree.this, dialect)
    uses = _inputs(query.copy(), dialect, query)
    yield Write("create", target, {name: use for name, use in uses.items() if name != target})
