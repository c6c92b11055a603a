"""What the text of a security-definer function does, as far as it is static.

Only shapes leave this module: which relations are written and read. The text itself may hold
literals and stays here.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from nhigraph.policy.postgres.events import ALL, NONE, Events, Walk
from nhigraph.policy.postgres.tokens import Token, first_word, split, text_of, tokenize
from nhigraph.records import dataclass

#: A relation as it is written: one or two parts, folded.
Written = tuple[str, ...]

_DML = {"INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "WITH", "SELECT", "PERFORM"}
#: RAISE ends the statement, unless it only says something (plpgsql-errors-and-messages).
_SAID = {"DEBUG", "LOG", "INFO", "NOTICE", "WARNING"}
_REFUSAL = "RAISE"
#: What a row's trigger returns is what is written in its place, nothing for NULL
#: (plpgsql-trigger: "the operation is suppressed"); NEW is null in a DELETE, OLD in an INSERT.
_SKIP = "RETURN"
_KEPT = {"NEW": ALL - {"DELETE"}, "OLD": frozenset({"DELETE"}), "COALESCE ( NEW , OLD )": ALL}
_ROW = "NEW"
#: Statements of PL/pgSQL that touch no relation (plpgsql-statements, plpgsql-control-structures).
_QUIET = {"NULL", "RAISE", "EXIT", "CONTINUE", "GET", "ASSERT", "END"}
_BRANCHES = {"IF", "ELSIF", "ELSEIF", "CASE", "WHEN"}
_LOOPS = {"FOR", "FOREACH", "WHILE", "LOOP"}


class NotStaticError(ValueError):
    """The text does something that cannot be read off it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement's need of a privilege on a relation.

    Attributes:
        privilege: SELECT, INSERT, UPDATE, DELETE or TRUNCATE.
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

    def open(self, event: str = "") -> bool | None:
        """Whether it is left open if it runs for an event; None if it does not.

        Without an event the body is not run by a trigger that is known.
        """
        if event:
            return self.branch if event in self.events else None
        return self.branch or self.events != ALL


@dataclass(frozen=True, slots=True)
class Body:
    """What a body does: its steps, or why they cannot be told.

    Attributes:
        steps: What it needs, in order.
        problem: Why that cannot be told; empty if it can.
        refuses: Events for which it may end the statement with an error of its own.
        skips: Events for which, run before a row is written, it may leave that out.
    """

    steps: tuple[Step, ...] = ()
    problem: str = ""
    refuses: Events = NONE
    skips: Events = NONE


def understand(text: str, language: str, returns: str, functions: AbstractSet[str]) -> Body:
    """Read a body.

    Args:
        text: As the catalog has it.
        language: ``sql`` or ``plpgsql``.
        returns: Its result type.
        functions: Names of functions the database defines: calling one is not followed.
    """
    reader = _sql if language == "sql" else _plpgsql
    try:
        steps = tuple(dict.fromkeys(reader(text, returns, functions)))
    except NotStaticError as error:
        return Body(problem=str(error))
    except (SqlglotError, RecursionError):
        return Body(problem="its text could not be parsed")
    said = {
        name: NONE.union(*(step.events for step in steps if step.privilege == name))
        for name in (_REFUSAL, _SKIP)
    }
    found = tuple(step for step in steps if step.privilege not in said)
    return Body(found, refuses=said[_REFUSAL], skips=said[_SKIP])


def _sql(text: str, returns: str, functions: AbstractSet[str]) -> Iterator[Step]:
    chunks = [chunk for chunk in split(tokenize(text)) if chunk]
    if chunks and [token.text.upper() for token in chunks[0][:2]] == ["BEGIN", "ATOMIC"]:
        chunks[0] = chunks[0][2:]
        chunks = [chunk for chunk in chunks if first_word(chunk) != "END"]
    for number, chunk in enumerate(chunks):
        if first_word(chunk) == "RETURN":
            yield from expression(text, chunk, functions)
            continue
        last = number == len(chunks) - 1 and returns not in ("void", "trigger")
        yield from statement(text_of(text, chunk), functions, returned=last, branch=False)


def _plpgsql(text: str, returns: str, functions: AbstractSet[str]) -> Iterator[Step]:
    walk = Walk(returns == "trigger")
    declaring = False
    for whole in split(tokenize(text)):
        chunk = whole
        while chunk:
            word = first_word(chunk)
            if word == "DECLARE":
                declaring, chunk = True, chunk[1:]
            elif word == "BEGIN":
                declaring, chunk = False, chunk[1:]
                walk.block()
            elif declaring:
                yield from expression(text, chunk, functions)
                chunk = []
            elif word in ("ELSE", "LOOP", "EXCEPTION"):
                turn = {"ELSE": walk.otherwise, "LOOP": walk.loop, "EXCEPTION": walk.handler}
                turn[word]()
                chunk = chunk[1:]
            elif word in _BRANCHES or word in _LOOPS:
                head, chunk = _head(chunk)
                yield from expression(text, head, functions)
                _turn(walk, word, head)
            elif word == "END":
                walk.end(first_word(chunk[1:]))
                chunk = []
            else:
                yield from _placed(walk, _simple(text, chunk, functions, returns, walk))
                _leave(walk, chunk)
                chunk = []


def _turn(walk: Walk, word: str, head: list[Token]) -> None:
    if word in _LOOPS:
        walk.loop()
    elif word in ("IF", "CASE"):
        walk.branch(word, head)
    else:
        walk.next_branch(head)


def _leave(walk: Walk, chunk: list[Token]) -> None:
    """What a statement does to those behind it."""
    word, after = first_word(chunk), first_word(chunk[1:])
    if word == "RETURN" and after not in ("QUERY", "NEXT"):
        walk.leave(surely=True)
    elif word == _REFUSAL and after not in _SAID:
        walk.leave(surely=False)
    elif word in ("EXIT", "CONTINUE") and after not in ("", "WHEN"):
        walk.leave(surely=False)  # A label may be that of any block.


def _placed(walk: Walk, found: Iterator[Step]) -> Iterator[Step]:
    """Steps of one statement, for the events for which control comes to it."""
    for step in found:
        for events, perhaps in walk.here.each():
            at = events & step.events
            if at:
                yield replace(step, branch=step.branch or perhaps, events=at, held=perhaps)


def _head(chunk: list[Token]) -> tuple[list[Token], list[Token]]:
    """Split a branch or loop into what opens it and the first statement inside."""
    word = first_word(chunk)
    stop = {"LOOP"} if word in _LOOPS else {"THEN"}
    for number, token in enumerate(chunk):
        if token.text.upper() in stop:
            return chunk[1:number], chunk[number + 1 :]
    raise NotStaticError("a branch in it could not be read")


def _simple(
    text: str, chunk: list[Token], functions: AbstractSet[str], returns: str, walk: Walk
) -> Iterator[Step]:
    word, after = first_word(chunk), first_word(chunk[1:])
    if word == "RETURN" and after == "QUERY":
        query = chunk[2:]
        if first_word(query) == "EXECUTE":
            raise NotStaticError("it builds statements as it runs")
        yield from statement(text_of(text, query), functions, returned=True, branch=False)
    elif word in _DML:
        sql = text_of(text, _without_into(chunk))
        if word == "PERFORM":
            sql = "SELECT" + sql[len(word) :]
        yield from statement(sql, functions, returned=False, branch=False)
    elif word == "EXECUTE":
        raise NotStaticError("it builds statements as it runs")
    elif word in _QUIET or word == "RETURN" or _assigns(chunk):
        again = walk.handling and len(chunk) == 1
        if word == _REFUSAL and after not in _SAID and not again:
            yield Step(_REFUSAL, ())
        if returns == "trigger":
            yield from _row(text, chunk)
        result = word == "RETURN" and returns not in ("void", "trigger")
        yield from expression(text, chunk[1:], functions, returned=result)
    else:
        raise NotStaticError("it holds a statement that is not followed")


def _row(text: str, chunk: list[Token]) -> Iterator[Step]:
    """Whether what is returned in place of a row may be another one, or none."""
    if first_word(chunk) == "RETURN":
        said = text_of(text, chunk[1:]).upper()
        skipped = ALL - _KEPT.get(said, NONE)
    else:
        whole = [token.kind for token in chunk[1:2]] in (["COLON_EQ"], ["EQ"])
        skipped = ALL if whole and first_word(chunk) == _ROW else NONE
    if skipped:
        yield Step(_SKIP, (), events=skipped)


def _assigns(chunk: list[Token]) -> bool:
    texts = [token.text for token in chunk]
    return any(sign in texts for sign in (":=", "=")) or ":" in texts


def _without_into(chunk: list[Token]) -> list[Token]:
    """Leave out ``INTO [STRICT] target, …`` of SELECT and RETURNING: a variable, no relation."""
    words = [token.text.upper() for token in chunk]
    for start, word in enumerate(words):
        if word == "INTO" and words[start - 1] not in ("INSERT", "MERGE"):
            stop = start + (3 if words[start + 1 : start + 2] == ["STRICT"] else 2)
            while stop + 1 < len(chunk) and words[stop] in (",", "."):
                stop += 2
            return chunk[:start] + chunk[stop:]
    return chunk


def statement(
    sql: str, functions: AbstractSet[str], *, returned: bool, branch: bool
) -> Iterator[Step]:
    """Steps of one statement of SQL.

    Raises:
        NotStaticError: It does what is not followed.
        SqlglotError: It could not be parsed.
    """
    for tree in sqlglot.parse(sql, read="postgres"):
        if tree is None:
            continue
        _known_calls(tree, functions)
        targets: list[exp.Expr] = []
        for privilege, table, columns in _writes(tree):
            targets.append(table)
            yield Step(privilege, _name(table), branch=branch, columns=columns)
        defined = {cte.alias for cte in tree.find_all(exp.CTE)}
        is_query = isinstance(tree, exp.Query)
        read = [
            table
            for table in tree.find_all(exp.Table)
            if not any(table is target for target in targets)
            and _name(table)
            and not (len(_name(table)) == 1 and table.name in defined)
        ]
        columns = _read_columns(tree) if len(read) == 1 else ()
        for table in read:
            yield Step("SELECT", _name(table), returned and is_query, branch, columns)


def _read_columns(tree: exp.Expr) -> tuple[str, ...]:
    """Columns that a query of one relation names; a star outside ``count(*)`` is all of them."""
    found = set()
    for column in tree.find_all(exp.Column, exp.Star):
        if isinstance(column, exp.Star):
            if not isinstance(column.parent, exp.Count):
                found.add("*")
        elif isinstance(column.this, exp.Identifier):
            found.add(_folded(column.this))
    return tuple(sorted(found))


def _folded(name: exp.Identifier) -> str:
    return name.name if name.args.get("quoted") else name.name.lower()


def _writes(tree: exp.Expr) -> Iterator[tuple[str, exp.Table, tuple[str, ...]]]:
    if not isinstance(
        tree, exp.Query | exp.Insert | exp.Update | exp.Delete | exp.TruncateTable | exp.Merge
    ) or tree.find(exp.Into, exp.Command, exp.Create):
        raise NotStaticError("it holds a statement that is not followed")
    for truncated in tree.find_all(exp.TruncateTable):
        for table in truncated.expressions:
            yield "TRUNCATE", _table(table), ()
    for merge in tree.find_all(exp.Merge):
        yield "SELECT", _table(merge.this), ()
        for when in merge.find_all(exp.When):
            yield _merge_action(when.args.get("then")), _table(merge.this), ()
    for found in tree.find_all(exp.Insert, exp.Update, exp.Delete):
        if found.find_ancestor(exp.Merge) or found.find_ancestor(exp.OnConflict):
            continue
        table = _table(found.this)
        yield type(found).__name__.upper(), table, _written_columns(found)
        if found.args.get("where") or found.args.get("returning"):
            yield "SELECT", table, ()  # Rows are looked at before they change (sql-update).
        conflict = found.args.get("conflict")
        if conflict is not None and conflict.expressions:
            yield "UPDATE", table, ()


def _written_columns(statement: exp.Expr) -> tuple[str, ...]:
    if isinstance(statement, exp.Insert) and isinstance(statement.this, exp.Schema):
        named = statement.this.expressions
    elif isinstance(statement, exp.Update):
        named = [part.this for part in statement.expressions if isinstance(part, exp.EQ)]
    else:
        named = []
    plain = [part.this if isinstance(part, exp.Column) else part for part in named]
    return tuple(_folded(part) for part in plain if isinstance(part, exp.Identifier))


def _merge_action(then: object) -> str:
    if isinstance(then, exp.Insert):
        return "INSERT"
    if isinstance(then, exp.Update):
        return "UPDATE"
    return "DELETE"


def _table(node: object) -> exp.Table:
    if isinstance(node, exp.Schema):
        node = node.this
    if isinstance(node, exp.Table) and node.name:
        return node
    raise NotStaticError("a relation in it could not be read")


def _name(table: exp.Expr) -> Written:
    parts = [
        _folded(part)
        for part in (table.args.get("db"), table.this)
        if isinstance(part, exp.Identifier)
    ]
    return tuple(parts)


def _known_calls(tree: exp.Expr, functions: AbstractSet[str]) -> None:
    for call in tree.find_all(exp.Anonymous):
        if call.name.lower() in functions or call.name in functions:
            raise NotStaticError("it calls another function")


def expression(
    text: str, chunk: list[Token], functions: AbstractSet[str], *, returned: bool = False
) -> Iterator[Step]:
    """Steps of an expression, a declaration or a loop's head: it may read, and must not call."""
    for token, after in pairwise(chunk):
        if after.kind == "L_PAREN" and token.text.lower() in functions:
            raise NotStaticError("it calls another function")
    words = [token.text.upper() for token in chunk]
    if "EXECUTE" in words:
        raise NotStaticError("it builds statements as it runs")
    if "SELECT" in words:
        start = words.index("SELECT")
        inside = chunk[start:]
        while inside and inside[-1].kind == "R_PAREN" and _unbalanced(inside):
            inside = inside[:-1]
        yield from statement(text_of(text, inside), functions, returned=returned, branch=True)


def _unbalanced(chunk: list[Token]) -> bool:
    kinds = [token.kind for token in chunk]
    return kinds.count("R_PAREN") > kinds.count("L_PAREN")
