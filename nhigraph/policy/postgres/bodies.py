"""What the text of a security-definer function does, as far as it is static.

Only shapes leave this module: which relations are written and read. The text itself may hold
literals and stays here.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import pairwise

from sqlglot.errors import SqlglotError

from nhigraph.policy.postgres.asking import NO_VARIABLES, NotStaticError, Step, statement
from nhigraph.policy.postgres.catalog import Function
from nhigraph.policy.postgres.events import ALL, NONE, Events, Walk
from nhigraph.policy.postgres.tokens import Token, first_word, split, text_of, tokenize
from nhigraph.records import dataclass

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
#: What is returned where no name stands for it: an export has none of results' names.
_TOLD = {"void", "trigger", "event_trigger"}
_SPECIAL = {"found", "sqlstate", "sqlerrm", "new", "old"}


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


def of_function(function: Function, functions: AbstractSet[str]) -> Body:
    """Read the body of one that the export has, or say why it cannot be read."""
    if function.body is None:
        read = function.language in ("sql", "plpgsql")
        unread = f"its language, {function.language}, is not read"
        return Body(problem="the export does not have its text" if read else unread)
    return understand(
        function.body,
        function.language,
        function.returns,
        functions,
        arguments=bool(function.arguments),
    )


def understand(
    text: str,
    language: str,
    returns: str,
    functions: AbstractSet[str],
    *,
    arguments: bool = False,
) -> Body:
    """Read a body.

    Args:
        text: As the catalog has it.
        language: ``sql`` or ``plpgsql``.
        returns: Its result type.
        functions: Names of functions the database defines: calling one is not followed.
        arguments: Whether it has any, whose names look like columns.
    """
    try:
        if language == "sql":
            names = None if arguments else NO_VARIABLES
            found_steps = _sql(text, returns, functions, variables=names)
        else:
            told = not arguments and returns in _TOLD
            found_steps = _plpgsql(text, returns, functions, _declared(text) if told else None)
        steps = tuple(dict.fromkeys(found_steps))
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


def _sql(
    text: str,
    returns: str,
    functions: AbstractSet[str],
    *,
    variables: AbstractSet[str] | None,
) -> Iterator[Step]:
    chunks = [chunk for chunk in split(tokenize(text)) if chunk]
    if chunks and [token.text.upper() for token in chunks[0][:2]] == ["BEGIN", "ATOMIC"]:
        chunks[0] = chunks[0][2:]
        chunks = [chunk for chunk in chunks if first_word(chunk) != "END"]
    for number, chunk in enumerate(chunks):
        if first_word(chunk) == "RETURN":
            yield from expression(text, chunk, functions, variables=variables)
            continue
        last = number == len(chunks) - 1 and returns not in ("void", "trigger")
        sql = text_of(text, chunk)
        yield from statement(sql, functions, returned=last, branch=False, variables=variables)


def _declared(text: str) -> AbstractSet[str]:
    """Names of variables: those declared, loops' and the server's own."""
    found, declaring = set(_SPECIAL), False
    for chunk in split(tokenize(text)):
        words = [token.text.lower() for token in chunk]
        if declaring and words:
            found.add(words[0])
        for word, after in pairwise(words):
            declaring = word == "declare" or (declaring and word != "begin")
            if word == "declare":
                found.add(after)
            elif word in ("for", "foreach"):
                found |= set(words[words.index(word) : _until(words, "in")])
        declaring = declaring and words[-1:] != ["begin"]
    return found


def _until(words: list[str], word: str) -> int:
    return words.index(word) if word in words else len(words)


def _plpgsql(
    text: str, returns: str, functions: AbstractSet[str], variables: AbstractSet[str] | None
) -> Iterator[Step]:
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
                yield from expression(text, chunk, functions, variables=variables)
                chunk = []
            elif word in ("ELSE", "LOOP", "EXCEPTION"):
                turn = {"ELSE": walk.otherwise, "LOOP": walk.loop, "EXCEPTION": walk.handler}
                turn[word]()
                chunk = chunk[1:]
            elif word in _BRANCHES or word in _LOOPS:
                head, chunk = _head(chunk)
                query = _looped(word, head)
                if query:
                    found = _asked(text_of(text, query), functions, variables)
                    yield from _placed(walk, found)
                else:
                    yield from expression(text, head, functions, variables=variables)
                _turn(walk, word, head)
            elif word == "END":
                walk.end(first_word(chunk[1:]))
                chunk = []
            else:
                yield from _placed(walk, _simple(text, chunk, functions, returns, walk, variables))
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


def _looped(word: str, head: list[Token]) -> list[Token]:
    """The query of which a loop takes the rows, which is run in any case."""
    words = [token.text.upper() for token in head]
    start = words.index("IN") + 1 if word == "FOR" and "IN" in words else len(head)
    return head[start:] if words[start : start + 1] in (["SELECT"], ["WITH"]) else []


def _asked(
    sql: str, functions: AbstractSet[str], variables: AbstractSet[str] | None
) -> Iterator[Step]:
    return statement(sql, functions, returned=False, branch=False, variables=variables)


def _simple(
    text: str,
    chunk: list[Token],
    functions: AbstractSet[str],
    returns: str,
    walk: Walk,
    variables: AbstractSet[str] | None,
) -> Iterator[Step]:
    word, after = first_word(chunk), first_word(chunk[1:])
    if word == "RETURN" and after == "QUERY":
        query = chunk[2:]
        if first_word(query) == "EXECUTE":
            raise NotStaticError("it builds statements as it runs")
        sql = text_of(text, query)
        yield from statement(sql, functions, returned=True, branch=False, variables=variables)
    elif word in _DML:
        sql = text_of(text, _without_into(chunk))
        if word == "PERFORM":
            sql = "SELECT" + sql[len(word) :]
        yield from statement(sql, functions, returned=False, branch=False, variables=variables)
    elif word == "EXECUTE":
        raise NotStaticError("it builds statements as it runs")
    elif word in _QUIET or word == "RETURN" or _assigns(chunk):
        again = walk.handling and len(chunk) == 1
        if word == _REFUSAL and after not in _SAID and not again:
            yield Step(_REFUSAL, ())
        if returns == "trigger":
            yield from _row(text, chunk)
        result = word == "RETURN" and returns not in ("void", "trigger")
        yield from expression(text, chunk[1:], functions, returned=result, variables=variables)
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


def expression(
    text: str,
    chunk: list[Token],
    functions: AbstractSet[str],
    *,
    returned: bool = False,
    variables: AbstractSet[str] | None = NO_VARIABLES,
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
        sql = text_of(text, inside)
        yield from statement(sql, functions, returned=returned, branch=True, variables=variables)


def _unbalanced(chunk: list[Token]) -> bool:
    kinds = [token.kind for token in chunk]
    return kinds.count("R_PAREN") > kinds.count("L_PAREN")
