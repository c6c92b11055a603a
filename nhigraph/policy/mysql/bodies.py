"""What the text of a routine, trigger, event or view does, as far as it is static.

Only shapes leave this module: which relations are written and read, and what is called. The text
itself may hold literals and stays here. Compound statements are those of
https://dev.mysql.com/doc/refman/8.4/en/sql-compound-statements.html (read 28 November 2026).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from nhigraph.policy.mysql.needed import NotStaticError, Step, into, parsed, steps
from nhigraph.records import dataclass

LONGEST: Final = 200_000
CALL: Final = "CALL"
#: A trigger reads or changes the row that is written.
READS_ROW, SETS_ROW, DELETES_ROW = "READS ROW", "SETS ROW", "DELETES ROW"
_OPENERS: Final = frozenset({"IF", "CASE", "WHILE", "LOOP", "REPEAT", "FOR"})
_HEADS: Final = {"IF": "THEN", "ELSEIF": "THEN", "WHEN": "THEN", "WHILE": "DO", "FOR": "DO"}
#: Statements that touch no relation.
_QUIET: Final = frozenset(
    {"SIGNAL", "RESIGNAL", "LEAVE", "ITERATE", "OPEN", "FETCH", "CLOSE", "GET", "COMMIT"}
    | {"ROLLBACK", "START", "SAVEPOINT", "RELEASE", "DO", "END", "DEALLOCATE", "RETURN"}
)
_ENDS: Final = frozenset({"SIGNAL", "RESIGNAL", "ROLLBACK"})
_LOOPS: Final = frozenset({"WHILE", "LOOP", "REPEAT", "FOR"})
_DML: Final = frozenset({"INSERT", "REPLACE", "UPDATE", "DELETE", "TRUNCATE", "SELECT", "WITH"})


_PART: Final = r"`(?:[^`]|``)+`|[\w$]+"
_CALLED: Final = re.compile(
    rf"CALL\s+(?P<name>(?:{_PART})(?:\s*\.\s*(?:{_PART})){{0,2}})\s*(?=\(|\Z)", re.IGNORECASE
)
_NAMED: Final = re.compile(_PART)
_REPLACE: Final = re.compile(r"\s*REPLACE\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    """What a text does.

    Attributes:
        steps: What it needs, in order.
        problem: Why that cannot be told; empty where it can.
        refuses: It may end the statement with an error of its own, or take it back.
        handles: It goes on after an error.
    """

    steps: tuple[Step, ...] = ()
    problem: str = ""
    refuses: bool = False
    handles: bool = False


def understand(text: str, functions: frozenset[str] = frozenset()) -> Body:
    """Read a body.

    Args:
        text: As the catalogue has it.
        functions: Names of stored functions, in lower case: calling one is a step.
    """
    if len(text) > LONGEST:
        return Body(problem=f"{len(text)} characters are more than the {LONGEST} read")
    try:
        reader = _Reader(text, functions)
        found = tuple(dict.fromkeys(reader.read()))
    except NotStaticError as error:
        return Body(problem=str(error))
    except (SqlglotError, RecursionError, AttributeError, TypeError, ValueError):
        return Body(problem="its text could not be parsed")
    return Body(found, refuses=reader.refuses, handles=reader.handles)


def _unquoted(part: str) -> str:
    return part.strip("`").replace("``", "`")


class _Reader:
    def __init__(self, text: str, functions: frozenset[str]) -> None:
        self.text, self.functions = text, functions
        self.refuses = self.handles = False
        self._depth = 0
        self._hidden = False
        #: Blocks of a handler that are open, or one for its only statement.
        self._handling = 0
        self._loops: set[str] = set()
        self._left = False

    @property
    def _branch(self) -> bool:
        """Whether what comes next may not run."""
        return self._depth > 0 or self._left or self._handling > 0

    def read(self) -> Iterator[Step]:
        chunk: list[sqlglot.Token] = []
        for token in [*sqlglot.tokenize(self.text, read="mysql"), None]:
            if token is not None and token.token_type.name != "SEMICOLON":
                chunk.append(token)
                continue
            yield from self._chunk(chunk)
            chunk = []

    def _chunk(self, chunk: list[sqlglot.Token]) -> Iterator[Step]:
        """One statement, with whatever opens or closes blocks before it."""
        while chunk:
            word = chunk[0].text.upper()
            if [token.text for token in chunk[1:2]] == [":"]:
                chunk = self._labelled(chunk)
            elif word in ("BEGIN", "NOT", "ATOMIC"):
                self._handling += bool(self._handling) and word == "BEGIN"
                chunk = chunk[1:]
            elif word in ("ELSE", "LOOP", "REPEAT"):
                self._depth += word != "ELSE"
                chunk = chunk[1:]
            elif word in _HEADS or word == "CASE":
                head, chunk = self._head(chunk, word)
                yield from self._expression(head)
                self._depth += word in _OPENERS
            elif word == "UNTIL":
                self._depth -= 1
                yield from self._expression(chunk[1:-2] or chunk[1:])
                return
            elif word == "END":
                closes = chunk[1:2] and chunk[1].text.upper() in _OPENERS - {"REPEAT"}
                self._depth -= bool(closes)
                self._handling -= bool(self._handling) and not closes
                return
            elif word == "DECLARE":
                is_handler = "HANDLER" in {token.text.upper() for token in chunk}
                chunk = self._declared(chunk)
                if is_handler and chunk:
                    yield from self._handler(chunk)
                    return
            else:
                yield from self._simple(chunk, word)
                return

    def _labelled(self, chunk: list[sqlglot.Token]) -> list[sqlglot.Token]:
        """What follows of a label; those of loops are known."""
        if {token.text.upper() for token in chunk[2:3]} & _LOOPS:
            self._loops.add(chunk[0].text.lower())
        return chunk[2:]

    def _handler(self, chunk: list[sqlglot.Token]) -> Iterator[Step]:
        """A handler's statement, which runs after an error; of a block, its first."""
        block = chunk[0].text.upper() == "BEGIN"
        self._handling += 1
        yield from self._chunk(chunk[1:] if block else chunk)
        self._handling -= not block

    def _head(
        self, chunk: list[sqlglot.Token], word: str
    ) -> tuple[list[sqlglot.Token], list[sqlglot.Token]]:
        """What decides a branch or loop, and the statement behind it."""
        end = "WHEN" if word == "CASE" else _HEADS[word]
        cases = 0
        for at, token in enumerate(chunk[1:], 1):
            here = token.text.upper()
            cases += here == "CASE"
            if here == end and not cases:
                return chunk[1:at], chunk[at:] if word == "CASE" else chunk[at + 1 :]
            cases -= here == "END" and cases > 0
        raise NotStaticError("a branch of it does not end")

    def _declared(self, chunk: list[sqlglot.Token]) -> list[sqlglot.Token]:
        """What follows of a declaration: the query of a cursor, a handler's statement."""
        words = [token.text.upper() for token in chunk]
        if "CURSOR" in words and "FOR" in words:
            self._hidden = True
            return chunk[words.index("FOR") + 1 :]
        if "HANDLER" in words:
            self.handles = True
            at = words.index("FOR") + 1
            while at < len(words) and (words[at] in _CONDITIONS or chunk[at].text == ","):
                at += 1
            # A condition that has a name, or the number or text of a state.
            at += at < len(words) and words[at] not in (*_DML, *_QUIET, "SET", "BEGIN", "CALL")
            return chunk[at:]
        return []

    def _simple(self, chunk: list[sqlglot.Token], word: str) -> Iterator[Step]:
        text = self.text[chunk[0].start : chunk[-1].end + 1]
        if word == "SET":
            yield from self._set(chunk)
        elif word == "CALL":
            yield from self._call(chunk)
        elif word in _QUIET:
            if word in ("DO", "RETURN"):
                yield from self._expression(chunk[1:], returned=word == "RETURN")
            self._ends(chunk, word)
        elif word in _DML or chunk[0].text == "(":
            yield from self._row(chunk)
            yield from self._dml(text, word)
        else:
            raise NotStaticError(f"a statement of the kind {word}")

    def _ends(self, chunk: list[sqlglot.Token], word: str) -> None:
        """What a statement does to those before and behind it; in a handler they had failed."""
        if self._handling:
            return
        self.refuses = self.refuses or word in _ENDS
        label = chunk[1].text.lower() if chunk[1:] else ""
        if word == "RETURN" or (word == "LEAVE" and label not in self._loops):
            self._left = True

    def _set(self, chunk: list[sqlglot.Token]) -> Iterator[Step]:
        """Assignments; one to NEW changes the row."""
        text = [token.text for token in chunk]
        parts: list[list[sqlglot.Token]] = [[]]
        depth = 0
        for token in chunk[1:]:
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "," and not depth:
                parts.append([])
            else:
                parts[-1].append(token)
        if len(text) > 1 and text[1].upper() in ("GLOBAL", "PERSIST", "PASSWORD", "ROLE"):
            raise NotStaticError(f"a statement of the kind SET {text[1].upper()}")
        for part in parts:
            words = [token.text for token in part[:3]]
            if [word.upper() for word in words[:2]] == ["NEW", "."]:
                yield Step(SETS_ROW, branch=self._branch, columns=(words[-1].lower(),))
            at = next((i for i, one in enumerate(part) if one.text in ("=", ":=")), len(part))
            yield from self._expression(part[at + 1 :])

    def _call(self, chunk: list[sqlglot.Token]) -> Iterator[Step]:
        # The parser's tokens stop at CALL: what follows is one text.
        text = self.text[chunk[0].start : chunk[-1].end + 1]
        found = _CALLED.match(text)
        if found is None:
            raise NotStaticError("a call of something whose name is not read")
        named = tuple(map(_unquoted, _NAMED.findall(found["name"])))
        given = text[found.end() :].strip().removesuffix(")")
        if given.lstrip("("):
            inner = _Reader(f"DO {given.removeprefix('(')}", self.functions)
            inner._depth = int(self._branch)
            yield from inner.read()
        yield Step(CALL, named, branch=self._branch)

    def _row(self, chunk: list[sqlglot.Token]) -> Iterator[Step]:
        """What is read of the row that is written."""
        found = [
            chunk[at + 2].text.lower()
            for at, token in enumerate(chunk[:-2])
            if token.text.upper() in ("NEW", "OLD") and chunk[at + 1].text == "."
        ]
        if found:
            columns = tuple(dict.fromkeys(found))
            yield Step(READS_ROW, branch=self._branch, columns=columns)

    def _expression(self, chunk: list[sqlglot.Token], *, returned: bool = False) -> Iterator[Step]:
        """What an expression reads."""
        yield from self._row(chunk)
        words = {token.text.upper() for token in chunk}
        if chunk and (words & {"SELECT", "WITH"} or self._functions_in(chunk)):
            text = self.text[chunk[0].start : chunk[-1].end + 1]
            yield from self._dml(f"SELECT {text}", "SELECT", returned=returned)

    def _functions_in(self, chunk: list[sqlglot.Token]) -> bool:
        return any(token.text.lower() in self.functions for token in chunk)

    def _dml(self, text: str, word: str, *, returned: bool | None = None) -> Iterator[Step]:
        tree = parsed(_REPLACE.sub("INSERT", text) if word == "REPLACE" else text)
        branch = self._branch
        yield from self._called(tree, branch=branch)
        shown = isinstance(tree, exp.Query) and not into(tree) and not self._hidden
        self._hidden = False
        for step in steps(tree, word):
            is_shown = shown if returned is None else returned
            query = step.privilege == "SELECT" and isinstance(tree, exp.Query)
            yield replace(step, returned=query and is_shown, branch=branch)

    def _called(self, tree: exp.Expr, *, branch: bool) -> Iterator[Step]:
        for call in tree.find_all(exp.Anonymous):
            if call.name.lower() in self.functions:
                schema = call.parent.this.name if isinstance(call.parent, exp.Dot) else ""
                named = (schema, call.name) if schema else (call.name,)
                yield Step(CALL, named, branch=branch)


#: Words of the conditions of a handler.
_CONDITIONS: Final = frozenset(
    {"SQLEXCEPTION", "SQLWARNING", "NOT", "FOUND", "SQLSTATE", "VALUE", "NOT FOUND"}
)
