"""What condition keys are worth in one request.

A key is of a class (``data/keys.yaml``): what the caller puts in is chosen by whoever wants to get
through, what only the moment knows is unknown, what services set a direct caller does not have.
``Profile`` is how a user says what is always so where their programs run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import Final, TypedDict, cast

from nhigraph.policy import tables
from nhigraph.records import dataclass


class Class(StrEnum):
    """Who decides what a key is worth."""

    PRINCIPAL = "principal"
    RESOURCE = "resource"
    CHOSEN = "chosen"
    SECRET = "secret"  # noqa: S105 - the word for it, no secret
    ENVIRONMENT = "environment"
    SERVICE = "service"
    UNKNOWN = "unknown"


class State(StrEnum):
    """Whether a key has a value that is known."""

    KNOWN = "known"
    LIKE = "like"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Value:
    """What a key is worth.

    Attributes:
        state: Whether it is known.
        values: Its values, where known; of ``like``, the one parsed pattern of what it may be.
        many: It is a key of several values.
    """

    state: State
    values: tuple[str, ...] = ()
    many: bool = False


ABSENT: Final = Value(State.ABSENT)
UNKNOWN: Final = Value(State.UNKNOWN)
CHOSEN: Final = Value(State.CHOSEN)


def known(*values: str, many: bool = False) -> Value:
    """A key with values."""
    return Value(State.KNOWN, values, many)


def like(pattern: str) -> Value:
    """A key with one value, of which a parsed pattern is known."""
    return Value(State.LIKE, (pattern,))


class _File(TypedDict):
    classes: list[dict[str, str | list[str]]]
    many: list[str]
    direct: dict[str, str]


@cache
def _file() -> _File:
    return cast("_File", tables.read("nhigraph.policy.aws", "keys.yaml"))


@lru_cache(maxsize=1 << 14)
def class_of(key: str) -> Class:
    """The class of a key (lower case)."""
    for row in _file()["classes"]:
        if any(fnmatchcase(key, pattern) for pattern in row["keys"]):
            return Class(str(row["class"]))
    return Class.UNKNOWN


@lru_cache(maxsize=1 << 14)
def is_many(key: str) -> bool:
    """Whether one request can have several values of a key (lower case)."""
    return key in _file()["many"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody says is always so where requests come from.

    Attributes:
        values: Key, lower case, to its values; none for a key that no request has.
        classes: Class of a key, where it is to be another one than the data say.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    classes: Mapping[str, Class] = field(default_factory=dict)


NO_PROFILE: Final = Profile()


@dataclass(frozen=True, slots=True)
class Context:
    """What keys are worth; what it does not say, their class does.

    Attributes:
        values: Key, lower case, to what it is worth.
        complete: Beginnings of keys of which ``values`` has all that there are.
        profile: What the user says.
        chosen: What the caller chose, in the world that is looked at.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    complete: tuple[str, ...] = ()
    profile: Profile = NO_PROFILE
    chosen: Mapping[str, Value] = field(default_factory=dict)

    def of(self, key: str) -> Value:
        """What a key (any case) is worth."""
        low = key.lower()
        for values in (self.chosen, self.values):
            if low in values:
                return values[low]
        if low in self.profile.values:
            said = self.profile.values[low]
            return Value(State.KNOWN, said, is_many(low)) if said else ABSENT
        if any(low.startswith(start) for start in self.complete):
            return ABSENT
        return _of_class(self.profile.classes.get(low) or class_of(low), low)

    def with_chosen(self, chosen: Mapping[str, Value]) -> "Context":
        """The same in a world in which the caller chose so."""
        return Context(self.values, self.complete, self.profile, chosen)

    def with_values(self, values: Mapping[str, Value]) -> "Context":
        """The same with some keys known."""
        return Context({**self.values, **values}, self.complete, self.profile, self.chosen)


def _of_class(sort: Class, key: str) -> Value:
    """What a key of which nothing is said is worth."""
    if sort is Class.CHOSEN:
        return CHOSEN
    if sort is not Class.SERVICE:
        return UNKNOWN
    direct = _file()["direct"].get(key)
    return known(direct) if direct is not None else ABSENT


def tags(prefix: str, pairs: Iterable[tuple[str, str]]) -> dict[str, Value]:
    """Tags as keys, such as ``aws:PrincipalTag/team``."""
    return {f"{prefix}/{name}".lower(): known(value) for name, value in pairs}
