"""Parsed configuration whose every part knows the place it was written at.

A pipeline is put together from several files and from parts of them; what it ends up with is still
told by the file and line that somebody wrote.
"""

from collections.abc import Iterator, Mapping

from nhigraph.facts.evidence import Evidence
from nhigraph.ingest.document import Document
from nhigraph.ingest.yaml_text import Reference
from nhigraph.records import dataclass

Pointer = tuple[str | int, ...]
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written.

    Attributes:
        doc: The file.
        at: Its pointer in that, a number in front where the file has several documents.
        whole: The text is one value of the file: its parts have no place of their own.
    """

    doc: Document
    at: Pointer = ()
    whole: bool = False

    def below(self, *names: str | int) -> "Place":
        """The place of a part."""
        return self if self.whole else Place(self.doc, (*self.at, *names))

    def evidence(self, *, excerpt: bool = False) -> Evidence:
        """Evidence of it; nothing of its text unless that is asked for: it may be secret."""
        return self.doc.at(*self.at, excerpt=excerpt)


@dataclass(frozen=True, slots=True)
class Pointed:
    """A ``!reference`` that stands for another part of the configuration."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a configuration.

    Attributes:
        value: A scalar, parts by name, a list of parts, or what points elsewhere.
        place: Where it is written.
    """

    value: Scalar | Mapping[str, "Part"] | tuple["Part", ...] | Pointed
    place: Place

    @property
    def names(self) -> Mapping[str, "Part"]:
        """Its parts by name; none where it has none."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def items(self) -> tuple["Part", ...]:
        """Its parts in a list; a scalar is a list of one, ``null`` and a mapping are none."""
        if isinstance(self.value, tuple):
            return self.value
        alone = self.value is None or isinstance(self.value, Mapping | Pointed)
        return () if alone else (self,)

    @property
    def text(self) -> str:
        """A scalar as a script sees it, else an empty text."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return str(self.value) if isinstance(self.value, str | int | float) else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Scalars of a list or of one scalar, as texts."""
        return tuple(found for item in self.items if (found := item.text))

    def get(self, *names: str) -> "Part":
        """A part far below; one without a value where it is not there."""
        found = self
        for name in names:
            found = found.names.get(name, Part(None, found.place))
        return found

    @property
    def plain(self) -> object:
        """The value without its places."""
        match self.value:
            case Mapping():
                return {name: part.plain for name, part in self.value.items()}
            case tuple():
                return [part.plain for part in self.value]
            case Pointed():
                return None
        return self.value


def read(value: object, place: Place) -> Part:
    """Parsed input as parts."""
    if isinstance(value, dict):
        return Part({name: read(one, place.below(name)) for name, one in value.items()}, place)
    if isinstance(value, Reference):
        return Part(Pointed(tuple(str(name) for name in value)), place)
    if isinstance(value, list):
        return Part(tuple(read(one, place.below(at)) for at, one in enumerate(value)), place)
    return Part(value if isinstance(value, str | int | float | bool) else None, place)


def merged(one: Part, over: Part) -> Part:
    """Two parts as one: mappings at any depth together, of all else the second."""
    if not isinstance(one.value, Mapping) or not isinstance(over.value, Mapping):
        return over
    found = dict(one.value)
    for name, part in over.value.items():
        found[name] = merged(found[name], part) if name in found else part
    return Part(found, over.place)


def flat(part: Part) -> Iterator[Part]:
    """Scalars of a list, whatever lists stand in it: lines of a script."""
    for item in part.items:
        if isinstance(item.value, tuple):
            yield from flat(item)
        elif item.text:
            yield item
