"""Where a value comes from, as far as a document says it: references, each a type of its own.

A value that a file writes out, a secret, an input that a caller fills: whoever joins documents
replaces what one of them leaves open by what another one says. No reference holds a secret's
value; a literal is kept only where it says where something is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Final

from nhigraph.facts import passwords
from nhigraph.records import dataclass


def _cut(ref: object, *names: str) -> None:
    """Cut secrets out of texts of a reference that is being made."""
    for name in names:
        text = getattr(ref, name)
        if text:
            object.__setattr__(ref, name, passwords.cut(text))


@dataclass(frozen=True, slots=True, order=True)
class Secret:
    """The value of the secret with that key."""

    key: str


@dataclass(frozen=True, slots=True, order=True)
class Within:
    """A text that contains the value of the secret with that key."""

    key: str


@dataclass(frozen=True, slots=True, order=True)
class Input:
    """What the caller gives for an input of this workflow, action or template."""

    name: str

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, "name")


@dataclass(frozen=True, slots=True, order=True)
class Output:
    """What called code gives back under a name.

    Attributes:
        job: Name of the job that calls it, in the file that says so; empty for the code itself.
        step: Number of the step that calls it; empty where the whole job does.
        name: The name.
    """

    job: str
    step: str
    name: str

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, "job", "step", "name")


@dataclass(frozen=True, slots=True, order=True)
class Variable:
    """A variable that the provider keeps for a repository, an environment or an organization."""

    name: str

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, "name")


@dataclass(frozen=True, slots=True, order=True)
class Local:
    """A variable of whoever runs it, and what stands where that is not set."""

    name: str
    default: str | None = None

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, "name", "default")


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A text that the file writes out; None where it is not kept, as it may be secret."""

    text: str | None = None

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, "text")


@dataclass(frozen=True, slots=True, order=True)
class Token:
    """The token that the provider gives to the job itself."""


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """The port at which a container beside the job answers."""

    container: str


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """Anything else."""


#: What a part of a connection text can be; None where the text does not state it.
Part = Literal | Port | Unknown | None


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection text: who connects where, and the key of the secret that is its password.

    Attributes:
        platform: What answers there; empty for PostgreSQL.
    """

    user: Part
    host: Part
    port: Part
    database: Part
    secret: str
    platform: str = ""


Ref = (
    Secret
    | Within
    | Input
    | Output
    | Variable
    | Local
    | Literal
    | Token
    | Port
    | Connection
    | Unknown
)
#: All that a value may be.
Value = tuple[Ref, ...]
#: Values by the name they are given to.
Named = Mapping[str, Value]

UNKNOWN: Final[Value] = (Unknown(),)
#: What a variable is on a way on which nothing sets it, among all that it may be.
UNSET: Final[Value] = (Literal(""),)

_TYPES: Final[tuple[type[Ref], ...]] = (
    *(Connection, Input, Literal, Local, Output, Port, Secret, Token, Unknown, Variable, Within),
)
_BY_NAME: Final = {one.__name__.lower(): one for one in _TYPES}


def encoded(ref: Ref | None) -> list[object] | None:
    """A reference as JSON: the name of its type, then its fields."""
    if ref is None:
        return None
    cells = (getattr(ref, field.name) for field in fields(ref))
    return [
        type(ref).__name__.lower(),
        *(cell if cell is None or isinstance(cell, str) else encoded(cell) for cell in cells),
    ]


def decoded(cells: list[object]) -> Ref:
    """The reference that ``encoded`` wrote.

    Raises:
        KeyError: It is of no type that is known.
    """
    name, *rest = cells
    made: Callable[..., Ref] = _BY_NAME[str(name)]
    return made(*(decoded(cell) if isinstance(cell, list) else cell for cell in rest))


def literal(value: Value | None) -> str | None:
    """The text, if that is all it can be."""
    if value is None or len(value) != 1 or not isinstance(value[0], Literal):
        return None
    return value[0].text or None


def secrets(value: Value | None) -> list[tuple[str, bool]]:
    """Keys of secrets a value may be, each with whether the value is the secret itself."""
    return [
        (ref.key, isinstance(ref, Secret))
        for ref in value or ()
        if isinstance(ref, Secret | Within)
    ]


def connections(value: Value | None) -> list[Connection]:
    """The connection texts a value may be."""
    return [ref for ref in value or () if isinstance(ref, Connection)]


def bound(value: Value, inputs: Named) -> Value:
    """A value with inputs replaced by what was handed over for them."""
    found: list[Ref] = []
    for ref in value:
        found += inputs.get(ref.name, UNKNOWN) if isinstance(ref, Input) else (ref,)
    return tuple(dict.fromkeys(found))


def settled(value: Value, env: Named) -> Value:
    """A value with the variables of a step replaced by what they stand for there."""
    found: list[Ref] = []
    for ref in value:
        if isinstance(ref, Local):
            rest = UNKNOWN if ref.default is None else (Literal(ref.default),)
            known = env.get(ref.name, UNSET)
            # Without a word of it nobody connects by a variable that is not set.
            found += (
                set_to(known) if ref.default is None and len(known) > 1 else otherwise(known, rest)
            )
        else:
            found.append(ref)
    return tuple(dict.fromkeys(found))


def otherwise(value: Value, unset: Value) -> Value:
    """A value, with what stands where its variable is not set."""
    found = [one for ref in value for one in (unset if (ref,) == UNSET else (ref,))]
    return tuple(dict.fromkeys(found))


def set_to(value: Value) -> Value:
    """All that a variable may be where something sets it."""
    return otherwise(value, ())


def any_of(values: Iterable[Value]) -> Value:
    """A value that may be any of some."""
    return tuple(sorted({ref for value in values for ref in value}, key=order))


def order(ref: Ref) -> tuple[str, str]:
    """Sorts references of every type."""
    return type(ref).__name__, repr(ref)
