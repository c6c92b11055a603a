"""What a gap asks for: the one fact that would close it, as a type of its own.

A gap that asks for none of these is closed by reading its document again, or by somebody's word
that nothing that matters is there.
"""

import json
from dataclasses import fields
from typing import Final

from nhigraph.facts import passwords
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Opens:
    """What the credential that the gap sits on opens."""


@dataclass(frozen=True, slots=True, order=True)
class Trusted:
    """Who trusts the identity tokens that the gap's node stands for."""


@dataclass(frozen=True, slots=True, order=True)
class Becomes:
    """Whom the gap's node becomes elsewhere, by a login that names nobody."""


@dataclass(frozen=True, slots=True, order=True)
class Export:
    """An export that was not given, by its title among those that are missing."""

    title: str

    def __post_init__(self) -> None:
        """Cut passwords out."""
        object.__setattr__(self, "title", passwords.cut(self.title))


@dataclass(frozen=True, slots=True, order=True)
class Same:
    """Whether two holders are one, by the names that people know them by."""

    one: str
    other: str

    def __post_init__(self) -> None:
        """Cut passwords out."""
        for name in ("one", "other"):
            object.__setattr__(self, name, passwords.cut(getattr(self, name)))


@dataclass(frozen=True, slots=True, order=True)
class Machine:
    """On which machine the job runs; ``setting`` is the key of the variable that says it."""

    setting: str = ""

    def __post_init__(self) -> None:
        """Cut passwords out."""
        object.__setattr__(self, "setting", passwords.cut_key(self.setting))


@dataclass(frozen=True, slots=True, order=True)
class Needs:
    """Whether the gap's node holds what edges from it need where no input describes anything.

    Attributes:
        needs: Key and state of each such need, sorted.
        edges: The edges without these needs: cells by the names of ``EDGE``, sorted.
    """

    needs: tuple[tuple[str, str], ...]
    edges: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Lists, as they stand in a cell, are tuples here."""
        for name in ("needs", "edges"):
            many = getattr(self, name)
            object.__setattr__(self, name, tuple(sorted({tuple(one) for one in many})))


@dataclass(frozen=True, slots=True, order=True)
class Leads:
    """What is at a node that no input describes, and that an edge from the gap's node leads to.

    Attributes:
        to: Its key.
        kind: Of the edge.
    """

    to: str
    kind: str


#: What is kept of an edge that waits for a need.
EDGE: Final = ("kind", "to", "action", "certainty", "condition", "gate", "needs", "transform")
Ask = Opens | Trusted | Becomes | Export | Same | Machine | Needs | Leads
_ALL: Final = (Opens, Trusted, Becomes, Export, Same, Machine, Needs, Leads)
_TYPES: Final = {one.__name__.lower(): one for one in _ALL}


def cell(ask: Ask | None) -> str:
    """Text of a cell; empty for none."""
    if ask is None:
        return ""
    said = [type(ask).__name__.lower(), *(getattr(ask, one.name) for one in fields(ask))]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def of_cell(text: str) -> Ask | None:
    """The ask that ``cell`` wrote.

    Raises:
        KeyError: It is of no type that is known.
    """
    if not text:
        return None
    name, *said = json.loads(text)
    made: type[Ask] = _TYPES[name]
    return made(*said)
