"""Words and signs of SQL and PL/pgSQL, and statements as lists of them."""

from collections.abc import Iterator

import sqlglot

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of the text: its kind, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


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
