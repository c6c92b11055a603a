"""Statements after which whoever reads a relation sees other rows or cells of it.

Policies that filter rows, masks of columns, and tags, which may carry a mask. What they are set on
holds what it held, and shows something else: to those who read it that is a change of values.
Policies that are made and set on nothing change nothing; one that is put in place of another
changes whatever that was set on, which no statement tells.

https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language,
https://docs.snowflake.com/en/sql-reference/sql/alter-table,
https://www.postgresql.org/docs/current/sql-createpolicy.html,
https://docs.aws.amazon.com/redshift/latest/dg/r_ATTACH_RLS_POLICY.html and
https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-table (read 30
November 2026).
"""

from collections.abc import Sequence
from typing import Final

import sqlglot

from nhigraph.policy.sql_usage.texts import begins, changes, name_end

_VERBS: Final = frozenset({"CREATE", "ALTER", "DROP", "ATTACH", "DETACH"})
#: What may stand between the verb and POLICY, where the policy is one of a relation.
_OF_RELATIONS: Final = frozenset({"OR", "REPLACE", "ROW", "ACCESS", "RLS", "MASKING", "ALL"})
_RELATIONS: Final = frozenset(
    {"TABLE", "VIEW", "MATERIALIZED", "DYNAMIC", "EXTERNAL", "ICEBERG", "IF", "EXISTS", "ONLY"}
)
#: Changes of a relation, each as the words that stand behind its name.
_CHANGES: Final[tuple[tuple[str, ...], ...]] = (
    ("ADD", "ROW", "ACCESS", "POLICY"),
    ("DROP", "ROW", "ACCESS", "POLICY"),
    ("DROP", "ALL", "ROW", "ACCESS", "POLICIES"),
    ("SET", "ROW", "FILTER"),
    ("DROP", "ROW", "FILTER"),
    ("SET", "AGGREGATION", "POLICY"),
    ("UNSET", "AGGREGATION", "POLICY"),
    ("SET", "TAG"),
    ("SET", "TAGS"),
    ("UNSET", "TAG"),
    ("UNSET", "TAGS"),
    ("ENABLE", "ROW", "LEVEL", "SECURITY"),
    ("DISABLE", "ROW", "LEVEL", "SECURITY"),
    ("FORCE", "ROW", "LEVEL", "SECURITY"),
    ("NO", "FORCE", "ROW", "LEVEL", "SECURITY"),
    ("ROW", "LEVEL", "SECURITY"),
)
#: Of a column, whose name stands before them.
_OF_COLUMNS: Final = (
    ("SET", "MASKING", "POLICY"),
    ("UNSET", "MASKING", "POLICY"),
    ("SET", "PROJECTION", "POLICY"),
    ("UNSET", "PROJECTION", "POLICY"),
    ("SET", "TAG"),
    ("SET", "TAGS"),
    ("UNSET", "TAG"),
    ("UNSET", "TAGS"),
    ("SET", "MASK"),
    ("DROP", "MASK"),
)
_ALTER_COLUMN: Final = frozenset({"MODIFY", "ALTER", "COLUMN"})


def relation(first: str, text: str, dialect: str) -> str:
    """The relation, as it is written, whose readers see something else; empty for none.

    Args:
        first: First word of the statement, in capitals.
        text: The statement.
        dialect: A dialect of sqlglot.
    """
    if first not in _VERBS:
        return ""
    tokens = sqlglot.tokenize(text, read=dialect)
    words = [*map(_word, tokens)]
    found = _behind_on(words) or _altered(words)
    if found is None:
        return ""
    return text[tokens[found].start : tokens[name_end(words, found) - 1].end + 1]


def _word(token: sqlglot.Token) -> str:
    """A word in capitals; nothing for what is quoted."""
    quoted = token.token_type.name in ("IDENTIFIER", "STRING")
    return "" if quoted else token.text.upper()


def _behind_on(words: Sequence[str]) -> int | None:
    """Where the relation of a policy stands: ``POLICY name ON relation``."""
    at = next((i for i, word in enumerate(words) if word in ("POLICY", "POLICIES")), 0)
    if not at or not _OF_RELATIONS.issuperset(words[1:at]):
        return None
    at += 1
    while words[at : at + 1] and words[at] in ("IF", "NOT", "EXISTS"):
        at += 1
    if words[at : at + 1] != ["ON"]:
        at = name_end(words, at)
    if words[at : at + 1] != ["ON"]:
        return None
    at += 1 + (words[at + 1 : at + 2] == ["TABLE"])
    return at if at < len(words) else None


def _altered(words: Sequence[str]) -> int | None:
    """Where the relation stands that an ALTER changes in nothing but what it shows."""
    if words[0] != "ALTER" or not {"TABLE", "VIEW"} & {*words[1:4]}:
        return None
    at = next((i for i in range(1, len(words)) if words[i] not in _RELATIONS), len(words))
    if at == len(words):
        return None
    several = [*changes(words[name_end(words, at) :])]
    column = not _ALTER_COLUMN.isdisjoint(several[0][:1])
    tags = "TAG" in several[0]
    # Of several tags those behind the first are only named: `SET TAG a = 'x', b = 'y'`.
    told = all(_shows(change, column=column) or (tags and "=" in change) for change in several)
    return at if told else None


def _shows(change: Sequence[str], *, column: bool) -> bool:
    if not column:
        return any(begins(change, one) for one in _CHANGES)
    at = 0
    while at < len(change) and change[at] in _ALTER_COLUMN:
        at += 1
    return any(begins(change[at + 1 :], one) for one in _OF_COLUMNS)
