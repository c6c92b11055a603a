"""What the text of a security-definer function does, as far as it is static.

Only shapes leave this module: which relations are written and read. The text itself may hold
literals and stays here.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from nhigraph.records import dataclass

#: A relation as it is written: one or two parts, folded.
Written = tuple[str, ...]

_DML = {"INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "WITH", "SELECT", "PERFORM"}
#: RAISE ends the statement, unless it only says something (plpgsql-errors-and-messages).
_SAID = {"DEBUG", "LOG", "INFO", "NOTICE", "WARNING"}
_REFUSAL = "RAISE"
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
        branch: Whether it runs only in a branch or a loop.
        columns: Columns it names, where that is certain; ``*`` stands for all of them.
    """

    privilege: str
    relation: Written
    returned: bool = False
    branch: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What a body does: its steps, or why they cannot be told.

    Attributes:
        steps: What it needs, in order.
        problem: Why that cannot be told; empty if it can.
        refuses: Whether it may end the statement with an error of its own.
    """

    steps: tuple[Step, ...] = ()
    problem: str = ""
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of the text: its kind, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


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
    found = tuple(step for step in steps if step.privilege != _REFUSAL)
    return Body(found, refuses=found != steps)


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
    declaring = depth = 0
    for whole in split(tokenize(text)):
        chunk, branch = whole, depth > 0
        while chunk:
            word = first_word(chunk)
            if word == "DECLARE":
                declaring, chunk = 1, chunk[1:]
            elif word == "BEGIN":
                declaring, chunk = 0, chunk[1:]
            elif declaring:
                yield from expression(text, chunk, functions)
                chunk = []
            elif word in ("ELSE", "LOOP", "EXCEPTION"):
                depth += word != "ELSE"
                branch, chunk = True, chunk[1:]
            elif word in _BRANCHES or word in _LOOPS:
                opened, head, chunk = _head(chunk)
                depth += opened
                branch = True
                yield from expression(text, head, functions)
            elif word == "END":
                depth -= first_word(chunk[1:]) in {"IF", "CASE", "LOOP"}
                chunk = []
            else:
                yield from _simple(text, chunk, functions, returns, branch=branch)
                chunk = []


def _head(chunk: list[Token]) -> tuple[int, list[Token], list[Token]]:
    """Split a branch or loop into what opens it and the first statement inside."""
    word = first_word(chunk)
    stop = {"LOOP"} if word in _LOOPS else {"THEN"}
    for number, token in enumerate(chunk):
        if token.text.upper() in stop:
            opened = 0 if word in ("ELSIF", "ELSEIF", "WHEN") else 1
            return opened, chunk[1:number], chunk[number + 1 :]
    raise NotStaticError("a branch in it could not be read")


def _simple(
    text: str, chunk: list[Token], functions: AbstractSet[str], returns: str, *, branch: bool
) -> Iterator[Step]:
    word = first_word(chunk)
    if word == "RETURN" and first_word(chunk[1:]) == "QUERY":
        query = chunk[2:]
        if first_word(query) == "EXECUTE":
            raise NotStaticError("it builds statements as it runs")
        yield from statement(text_of(text, query), functions, returned=True, branch=branch)
    elif word in _DML:
        sql = text_of(text, _without_into(chunk))
        if word == "PERFORM":
            sql = "SELECT" + sql[len(word) :]
        yield from statement(sql, functions, returned=False, branch=branch)
    elif word == "EXECUTE":
        raise NotStaticError("it builds statements as it runs")
    elif word in _QUIET or word == "RETURN" or _assigns(chunk):
        if word == _REFUSAL and first_word(chunk[1:]) not in _SAID:
            yield Step(_REFUSAL, (), branch=branch)
        result = word == "RETURN" and returns not in ("void", "trigger")
        yield from expression(text, chunk[1:], functions, returned=result)
    else:
        raise NotStaticError("it holds a statement that is not followed")


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


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """Tokens of PL/pgSQL or SQL.

    The tokenizer hands on what follows a word like DECLARE as one string; declarations, and a
    block that opens among them, are cut up here.
    """
    found: list[Token] = []
    for token in sqlglot.tokenize(text, read="postgres"):
        swallowed = token.token_type.name == "STRING" and found and found[-1].kind == "COMMAND"
        if swallowed and found[-1].text.upper() == "DECLARE":
            start = found[-1].end + 1
            rest = text[start - offset : token.end + 1]
            found += tokenize(rest, start)
        else:
            span = (token.start + offset, token.end + offset)
            found.append(Token(token.token_type.name, token.text, *span))
    return found


def split(tokens: list[Token]) -> Iterator[list[Token]]:
    """Cut at semicolons."""
    chunk: list[Token] = []
    for token in tokens:
        if token.kind == "SEMICOLON":
            yield chunk
            chunk = []
        else:
            chunk.append(token)
    yield chunk


def first_word(chunk: list[Token]) -> str:
    """The first word in capitals; empty where there is none."""
    return chunk[0].text.upper() if chunk else ""


def text_of(text: str, chunk: list[Token]) -> str:
    """The text again, with one space between tokens."""
    return " ".join(text[token.start : token.end + 1] for token in chunk)
