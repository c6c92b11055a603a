"""Typed reading of the fields of nhigraph's own formats, with errors that say what to write.

A message quotes names and words of a vocabulary, never a free value: that could be secret.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import TypeVar

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts import passwords
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Left, Note, Refused
from nhigraph.ingest.document import Document, pointer_text
from nhigraph.records import dataclass

#: Most characters of a name that a message quotes.
QUOTED_LIMIT = 80
#: Longest word for which a similar one is looked up: the search is quadratic.
_LONGEST_WORD = 64

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII
)


T = TypeVar("T")


def said(error: InputError) -> str:
    """What an error says, in one line."""
    advice = f" ({error.advice})" if error.advice else ""
    return f"{error.problem}{advice}"


def printable(text: str) -> str:
    """The text on one line, without anything a terminal would obey."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def quoted(text: str) -> str:
    """A name as a message may show it: one line, at most ``QUOTED_LIMIT`` characters of it."""
    text = passwords.cut(text)
    rest = "…" if len(text) > QUOTED_LIMIT else ""
    return f"'{printable(text[:QUOTED_LIMIT])}{rest}'"


def nearest(word: str, words: Collection[str]) -> str | None:
    """The word that is most like the given one, whatever its case."""
    if len(word) > _LONGEST_WORD:
        return None
    by_folded = {known.casefold(): known for known in sorted(words)}
    close = get_close_matches(word.casefold(), by_folded, 1)
    return by_folded[close[0]] if close else None


def suggestion(word: str, words: Collection[str]) -> str:
    """``; did you mean 'X'?`` where a known word is like the given one, else nothing."""
    near = nearest(word, words)
    return "" if near is None else f"; did you mean '{near}'?"


def text(value: object) -> str | None:
    """Text; an integer is taken as its digits, because YAML has no other way to see them.

    Raises:
        SchemaError: Anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise SchemaError("expected text (put it in quotes)")


def texts(value: object) -> tuple[str, ...]:
    """A list of texts; an absent one is empty.

    Raises:
        SchemaError: Anything else.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        raise SchemaError("expected a list of texts")
    found = tuple(text(item) for item in value)
    if None in found:
        raise SchemaError("expected a list of texts, found an empty item")
    return tuple(item for item in found if item is not None)


def flag(value: object) -> bool | None:
    """True, false or absent.

    Raises:
        SchemaError: Anything else.
    """
    if value is None or isinstance(value, bool):
        return value
    raise SchemaError("expected true or false")


def word(value: object, words: Collection[str], what: str) -> str | None:
    """A word of a fixed vocabulary, or absent.

    Args:
        value: What stands in the document.
        words: The vocabulary, in the order in which it is explained.
        what: What the words are called, for the message.

    Raises:
        SchemaError: Another word, or no text.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise SchemaError(f"expected the name of a known {what}, in text")
    if value in words:
        return value
    near = suggestion(value, words)
    if near or len(words) > 12:  # noqa: PLR2004 - a list that is longer explains nothing
        raise SchemaError(f"unknown {what} {quoted(value)}{near}")
    raise SchemaError(f"unknown {what} {quoted(value)}; expected one of {', '.join(words)}")


def day(value: object) -> date | None:
    """A date, or the UTC day of a date with time (UTC where it names no zone).

    Raises:
        SchemaError: Not an ISO 8601 date.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
        if isinstance(value, str) and _DATETIME.fullmatch(value):
            moment = datetime.fromisoformat(value)
            zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return zoned.astimezone(UTC).date()
    except (ValueError, OverflowError):
        pass
    raise SchemaError("expected a date such as 2026-11-23")


def mapping(doc: Document, value: object, *pointer: str | int) -> dict[str, object]:
    """A parsed mapping.

    Raises:
        InputError: Something else stands there.
    """
    if not isinstance(value, dict):
        raise InputError(doc.artifact, pointer_text(pointer), "expected a mapping of fields")
    return value


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a YAML or JSON document; every reader names the field in its error."""

    doc: Document
    body: dict[str, object]
    pointer: tuple[str | int, ...]

    @property
    def evidence(self) -> Evidence:
        """The record's place, with the names of its fields only."""
        return self.doc.at(*self.pointer)

    def fail(self, field: str, problem: object) -> InputError:
        """The error for a field."""
        return InputError(self.doc.artifact, pointer_text(self.pointer), f"{field}: {problem}")

    def text(self, field: str) -> str | None:
        """Optional text."""
        try:
            return text(self.body.get(field))
        except SchemaError as error:
            raise self.fail(field, error) from None

    def required(self, field: str) -> str:
        """Text that must be there."""
        found = self.text(field)
        if found is None:
            near = nearest(field, [key for key in self.body if key != field])
            there = "" if near is None else f" ({quoted(near)} stands there)"
            raise self.fail(field, f"missing, and every such record needs it{there}")
        return found

    def texts(self, field: str) -> tuple[str, ...]:
        """Optional list of texts."""
        try:
            return texts(self.body.get(field))
        except SchemaError as error:
            raise self.fail(field, error) from None

    def flag(self, field: str) -> bool | None:
        """Optional truth value."""
        try:
            return flag(self.body.get(field))
        except SchemaError as error:
            raise self.fail(field, error) from None

    def word(self, field: str, words: Collection[str], what: str) -> str | None:
        """Optional word of a vocabulary."""
        try:
            return word(self.body.get(field), words, what)
        except SchemaError as error:
            raise self.fail(field, error) from None

    def day(self, field: str) -> date | None:
        """Optional date."""
        try:
            return day(self.body.get(field))
        except SchemaError as error:
            raise self.fail(field, error) from None

    def note(self, reason: str) -> Note:
        """A line about this record that costs it nothing."""
        return Note(reason, self.evidence)

    def refused(
        self, error: InputError, leaves: Iterable[Left] = (), *, of_anybody: bool = False
    ) -> Refused:
        """This record, not understood, and what stays of it."""
        return Refused(said(error), self.evidence, tuple(leaves), of_anybody)

    def attempt(self, read: Callable[[], T], errors: list[InputError]) -> T | None:
        """What can be read, or nothing and one more error."""
        try:
            return read()
        except InputError as error:
            errors.append(error)
            return None

    def unknown(self, known: Collection[str]) -> Iterator[Note]:
        """A note for every field that is not in ``known``."""
        for field in self.body:
            if field not in known:
                near = suggestion(field, known)
                yield self.note(f"unknown field {quoted(field)} set aside{near}")


def records(doc: Document, value: object, *pointer: str | int) -> Iterator[Record | Refused]:
    """The records of a list; what is none is refused by itself, an absent list is empty."""
    if value is None:
        return
    if not isinstance(value, list):
        yield Refused("expected a list of records", doc.at(*pointer, excerpt=False))
        return
    for index, body in enumerate(value):
        place = (*pointer, index)
        if isinstance(body, dict):
            yield Record(doc, body, place)
        else:
            problem = "expected a record with named fields"
            yield Refused(problem, doc.at(*place, excerpt=False))
