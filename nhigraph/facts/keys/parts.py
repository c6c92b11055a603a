"""What keys are made of: parts, the case rule of each, their text form and its inverse.

Secrets are cut out of parts before anything else: a key is the same wherever it is named.

A part's text is percent-encoded where it could imitate the structure around it, and nowhere else:
keys stay readable. Reading undoes exactly that; a text that no key would print is no key.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from typing import ClassVar, Self

from nhigraph.facts.passwords import cut_key
from nhigraph.records import dataclass


class Case(Enum):
    """How a platform compares the names of one part, and in which case they are printed."""

    LOWER = "lower"
    UPPER = "upper"

    def fold(self, text: str) -> str:
        """The text in the case in which it is printed."""
        return text.lower() if self is Case.LOWER else text.upper()


#: A piece of a key's text, and whether its letters are compared without case.
Piece = tuple[str, bool]


class Marks:
    """Characters that are encoded inside one sort of part."""

    def __init__(self, marks: str) -> None:
        """``%`` is among them always."""
        self._codes = [(mark, f"%{ord(mark):02X}") for mark in f"%{marks}"]
        self._marks = {code: mark for mark, code in self._codes}
        self._code = re.compile("|".join(self._marks))
        self._has_none = re.compile(f"[^{re.escape('%' + marks)}]*\\Z").match

    def encoded(self, text: str) -> str:
        """The text as it stands in a key."""
        if self._has_none(text):
            return text
        for mark, code in self._codes:
            text = text.replace(mark, code)
        return text

    def decoded(self, text: str) -> str:
        """The part that is printed so; what is no code of these marks stays as it is."""
        return self._code.sub(lambda found: self._marks[found[0]], text) if "%" in text else text


#: Parts between slashes, with a ``#`` among them; parts between dots; platforms; qualifiers.
PATH, DOTTED, PLATFORM, _QUALIFIER = Marks("/#"), Marks("."), Marks(":[]"), Marks("[]")


class Parts:
    """Parts with a case rule each; a holder is this and no more.

    Attributes:
        CASES: Parts that the platform compares without case; all others count as written.
    """

    __slots__ = ()
    CASES: ClassVar[Mapping[str, Case]] = {}

    def __post_init__(self) -> None:
        """Cut passwords out of every part, and print it in its platform's case."""
        cases = self.cases()
        for name in self.__slots__:  # type: ignore[var-annotated]  # texts
            stated = getattr(self, name)
            if stated.__class__ is str:
                told = cut_key(stated)
                if name in cases:
                    told = cases[name].fold(told)
                if told is not stated and told != stated:
                    object.__setattr__(self, name, told)

    def cases(self) -> Mapping[str, Case]:
        """Case rules of these parts."""
        return self.CASES

    @property
    def qualifier(self) -> str:
        """What tells the holder from another one of its name; empty where nothing needs to."""
        for name in self.names():
            found = getattr(self, name)
            if name == "at":
                return str(found)
            if isinstance(found, Parts):
                return found.qualifier
        return ""

    @property
    def holder_name(self) -> str:
        """Name of what a qualifier tells apart, ``platform:name``; empty without a holder."""
        inner = (getattr(self, name) for name in self.names())
        return next((o.holder_name for o in inner if isinstance(o, Parts) and o.holder_name), "")

    def qualified(self, at: str) -> Self:
        """The same of the holder that ``at`` tells apart; unchanged where there is no holder."""
        for name in self.names():
            found = getattr(self, name)
            if name == "at":
                return self.with_parts(at=at)
            if isinstance(found, Parts):
                return self.with_parts(**{name: found.qualified(at)})
        return self

    def unqualified(self) -> Self:
        """The same without a qualifier."""
        return self.qualified("")

    def names(self) -> tuple[str, ...]:
        """Names of the parts."""
        return tuple(self.__slots__)

    def with_parts(self, **parts: object) -> Self:
        """The same with some parts exchanged."""
        return replace(self, **parts)  # type: ignore[type-var]  # all are dataclasses


class Key(Parts):
    """One form of key: frozen, comparable, with a text form and its inverse."""

    __slots__ = ()

    def pieces(self) -> Iterable[Piece]:
        """The text in pieces, each with whether its letters are compared without case."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The canonical text."""
        return "".join([piece for piece, _ in self.pieces()])

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The key of this form that has a text, in whatever case its platform allows."""
        found = parse(text)
        return found if isinstance(found, cls) else None


Reader = Callable[[str], Key | None]
_READERS: dict[str, tuple[Reader, ...]] = {}
_FOLDING: set[str] = set()


@dataclass(frozen=True, slots=True)
class KeyForm:
    """A form of key that a package brings with its source.

    Attributes:
        beginning: Its text up to the first ``:`` or ``[``; nobody else's keys begin so.
        read: The key that has a text; None where it is no such key.
        example: Text of one such key, in the case in which it is printed.
        folds: Whether some part of it is compared without case.
    """

    beginning: str
    read: Reader
    example: str
    folds: bool = False


_BEGINNING = re.compile(r"[^:\[]*")
_HEAD = re.compile(r"([^:\[\]]*)(?:\[([^\[\]]+)\])?:")


def reads(beginning: str, *, folds: bool = False) -> Callable[[Reader], Reader]:
    """Declare what reads the keys whose text begins so, up to the first ``:`` or ``[``.

    Args:
        beginning: That beginning.
        folds: Whether some part of such a key is compared without case.
    """

    def declare(reader: Reader) -> Reader:
        if folds:
            _FOLDING.add(beginning)
        _READERS[beginning] = (*_READERS.get(beginning, ()), reader)
        return reader

    return declare


def read_alone(beginning: str, reader: Reader, *, folds: bool) -> None:
    """From now on let one reader read the keys that begin so, and none beside it."""
    _READERS[beginning] = (reader,)
    (_FOLDING.add if folds else _FOLDING.discard)(beginning)
    parse.cache_clear()


def beginning_of(text: str) -> str:
    """A key's text up to the first ``:`` or ``[``, by which its reader is found."""
    found = _BEGINNING.match(text)
    return found[0] if found else ""


def beginnings() -> frozenset[str]:
    """Beginnings of the keys that some form has."""
    return frozenset(_READERS)


@lru_cache(maxsize=1 << 17)
def parse(text: str) -> Key | None:
    """The key that has a text, in whatever case its platform allows; None where no form has it."""
    for reader in _READERS.get(beginning_of(text), ()):
        key = reader(text)
        if key is not None and (key.text == text or key.text.casefold() == text.casefold()):
            return key
    return None


def canonical(text: str) -> str:
    """A key as a person or a document wrote it, in the case in which keys are printed."""
    key = parse(text) if folds(text) else None
    return text if key is None else key.text


def folds(text: str) -> bool:
    """Whether some part of such a key is compared without case."""
    return beginning_of(text) in _FOLDING


def unqualified(text: str) -> str:
    """A key's text without its qualifier, wherever in it that stands."""
    if "[" not in text:
        return text
    key = parse(text)
    return text if key is None else key.unqualified().text


def pieces(text: str) -> Iterable[Piece]:
    """A key's text in pieces; the whole of it counts as written where no form has it."""
    key = parse(text)
    return [(text, False)] if key is None else key.pieces()


# -- the beginning of a key ---------------------------------------------------------------------


@lru_cache(maxsize=1 << 12)
def headed(platform: str, at: str) -> str:
    """A platform part with the qualifier of the holder, and the ``:`` after it."""
    bracketed = f"[{_QUALIFIER.encoded(at)}]" if at else ""
    return f"{PLATFORM.encoded(platform)}{bracketed}:"


def head(text: str, start: int = 0) -> tuple[str, str, str] | None:
    """Platform, qualifier and what follows the platform part of a text."""
    found = _HEAD.match(text, start)
    if found is None:
        return None
    return PLATFORM.decoded(found[1]), _QUALIFIER.decoded(found[2] or ""), text[found.end() :]
