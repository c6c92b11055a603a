"""A script as its statements, and which of them change nothing by their words alone."""

import re
from collections.abc import Iterator, Sequence

import sqlglot

#: First words of statements that change no rows and open no data to anybody.
_QUIET = frozenset(
    {"ABORT", "ANALYZE", "BEGIN", "CACHE", "CHECKPOINT", "CLUSTER", "COMMENT", "COMMIT"}
    | {"DEALLOCATE", "UNCACHE"}
    | {"DECLARE", "DESC", "DESCRIBE", "DISCARD", "END", "EXPLAIN", "INSTALL", "LISTEN", "LOAD"}
    | {
        "LOCK",
        "NOTIFY",
        "OPTIMIZE",
        "PRAGMA",
        "RELEASE",
        "REFRESH",
        "REINDEX",
        "RESET",
        "REVOKE",
        "ROLLBACK",
        "SAVEPOINT",
        "SET",
        "SHOW",
    }
    | {"START", "UNLISTEN", "USE", "VACUUM"}
)
#: What these words may begin besides, by the word behind them: files read into a table
#: (https://cloud.google.com/bigquery/docs/reference/standard-sql/load-statements and
#: https://dev.mysql.com/doc/refman/8.4/en/load-data.html), rows thought to be double removed
#: (https://clickhouse.com/docs/sql-reference/statements/optimize).
_LOUD = {"LOAD": ("DATA", "XML"), "OPTIMIZE": ("DEDUPLICATE",), "EXPLAIN": ("ANALYZE",)}
#: What follows BEGIN where it begins a transaction; anywhere else it begins a block, and the
#: first statement of it: https://docs.snowflake.com/en/sql-reference/snowflake-scripting/begin
_TRANSACTION = frozenset(
    {"TRANSACTION", "TRAN", "WORK", "ISOLATION", "READ", "NOT", "DEFERRABLE", "NAME"}
    | {"DEFERRED", "IMMEDIATE", "EXCLUSIVE", "CONCURRENT"}
)
#: Words whose statements give a name a value, which a query may make.
_ASSIGNING = frozenset({"DECLARE", "SET"})
#: Any one word.
_ANY = ""
#: What may follow the name in ALTER TABLE without a row being moved: storage, order, replication.
_QUIET_CHANGES = (
    ("ADD", "SEARCH"),
    ("ALTER", "DISTKEY"),
    ("ALTER", "DISTSTYLE"),
    ("ALTER", "SORTKEY"),
    ("ALTER", "COLUMN", _ANY, "SET", "OPTIONS"),
    ("ALTER", "COLUMN", _ANY, "SET", "STATISTICS"),
    ("CLUSTER",),
    ("REPLICA", "IDENTITY"),
    ("RESUME",),
    ("SET", "LOGGED"),
    ("SET", "UNLOGGED"),
    ("SUSPEND",),
    ("VALIDATE",),
)
#: Things that hold no rows and open nothing to anybody while nothing else names them: a policy
#: that is set on nothing, a tag, a place of files that is empty, what helps to search or plan.
#: https://docs.snowflake.com/en/sql-reference/commands-all and
#: https://www.postgresql.org/docs/current/sql-createstatistics.html
_IDLE_THINGS = (
    *(("MASKING", "POLICY"), ("ROW", "ACCESS", "POLICY"), ("RLS", "POLICY")),
    *(("AGGREGATION", "POLICY"), ("PROJECTION", "POLICY"), ("FILE", "FORMAT")),
    *(("SEARCH", "INDEX"), ("VECTOR", "INDEX"), ("STAGE",), ("STATISTICS",), ("STREAM",)),
    ("TAG",),
)
#: Things whose change moves no row: https://docs.snowflake.com/en/sql-reference/sql/alter-session
_QUIET_THINGS = frozenset({"SESSION", "WAREHOUSE", "INDEX", "SEQUENCE"})


def split(sql: str, dialect: str) -> Iterator[tuple[str, str]]:
    """First word and text of each statement, those in a block among them."""
    tokens: list[sqlglot.Token] = []
    for token in sqlglot.tokenize(sql, read=dialect):
        if token.token_type.name != "SEMICOLON":
            tokens.append(token)
        elif tokens:
            yield _begun(tokens, sql[: token.start])
            tokens = []
    if tokens:
        yield _begun(tokens, sql)


def _begun(tokens: list[sqlglot.Token], sql: str) -> tuple[str, str]:
    words = [*map(_word, tokens)]
    at = 0
    while words[at] == "BEGIN" and len(words) > at + 1 and words[at + 1] not in _TRANSACTION:
        at += 1
    # Of what the tokenizer leaves whole it tells the end alone.
    return words[at], sql[tokens[at - 1].end + 1 if at else tokens[0].start :]


def _word(token: sqlglot.Token) -> str:
    return token.text.upper().split()[0] if token.text.strip() else ""


def silent(first: str, text: str, dialect: str) -> bool:
    """Whether a statement neither changes a row nor opens data to anybody."""
    if first == "ALTER":
        return _changes_nothing(text, dialect)
    if first == "CREATE":
        return _makes_nothing(text, dialect)
    return first in _QUIET and _words_of(text).isdisjoint(_LOUD.get(first, ()))


def assigns(first: str, text: str) -> bool:
    """Whether a statement gives a name what a query finds."""
    words = _words_of(text)
    return first in _ASSIGNING and "SELECT" in words and "CURSOR" not in words


def _words_of(text: str) -> set[str]:
    """Words of a statement, in capitals."""
    return {*re.findall(r"\w+", text.upper())}


def _changes_nothing(text: str, dialect: str) -> bool:
    """Whether an ALTER that the parser does not know moves no row."""
    tokens = sqlglot.tokenize(text, read=dialect)
    words = [word for token in tokens for word in token.text.upper().split()]
    if len(words) > 1 and words[1] in _QUIET_THINGS:
        return True
    at = next((i for i in range(2, len(words)) if words[i] not in ("IF", "EXISTS", "ONLY")), 0)
    behind = words[name_end(words, at) :]
    return (
        words[1:2] == ["TABLE"]
        and len([*changes(behind)]) == 1
        and any(begins(behind, change) for change in _QUIET_CHANGES)
    )


def begins(words: Sequence[str], known: Sequence[str]) -> bool:
    """Whether words begin with known ones, of which an empty one is any."""
    return len(words) >= len(known) and all(
        one in (_ANY, word) for word, one in zip(words, known, strict=False)
    )


def name_end(words: Sequence[str], at: int) -> int:
    """Behind a name that begins there, and its dots."""
    at += 1
    while words[at : at + 1] == ["."]:
        at += 2
    return min(at, len(words))


def changes(words: Sequence[str]) -> Iterator[list[str]]:
    """What stands between the commas outside all brackets."""
    depth, change = 0, list[str]()
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == "," and not depth:
            yield change
            change = []
        else:
            change.append(word)
    yield change


def _makes_nothing(text: str, dialect: str) -> bool:
    """Whether a CREATE makes something new that does nothing by itself.

    What it is put in place of may stand somewhere.
    """
    tokens = sqlglot.tokenize(text, read=dialect)[1:6]
    words = [word for token in tokens for word in token.text.upper().split()]
    words = words[1:] if words[:1] in (["TEMP"], ["TEMPORARY"]) else words
    return any(begins(words, thing) for thing in _IDLE_THINGS)
