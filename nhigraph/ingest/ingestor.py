"""What a source is."""

from collections.abc import Callable, Iterable
from dataclasses import field

from nhigraph.facts.facts import Fact
from nhigraph.facts.tables import FactTable
from nhigraph.ingest.brings import Brings
from nhigraph.ingest.document import Document
from nhigraph.records import dataclass
from nhigraph.schema.types import EdgeKind, NodeKind


@dataclass(frozen=True, slots=True)
class Expected:
    """An export that would settle something this source's own documents leave open.

    Attributes:
        source: Name of the source whose export is meant.
        settles: What it would settle, as the end of "without it nobody can say …".
        command: What makes it; empty where there is no one command.
    """

    source: str
    settles: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Ingestor:
    """A source: documents in, facts out; no network, no clock, no graph.

    Attributes:
        title: Name for people.
        accepts: Globs on the artifact's name; a cheap filter before anything is parsed.
        recognises: Whether a parsed document is of this source, by its content.
        read: Yields what one document says; an InputError ends this document only.
        emits: Node and edge kinds it may yield.
        expects: Exports that would settle what it leaves open.
        brings: Words of its own, where it comes from another distribution.
        together: What its documents are pieces of, where one means little without the others:
            documents of sources with the same word see each other (``Document.fellows``).
        begins: What a document of an ending of its own has, as the end of "expected …".
        extracted: When the document was extracted (ISO date), where it says so.
        extracted_by: What made it, with its version, where it says so.
    """

    title: str
    accepts: tuple[str, ...]
    recognises: Callable[[Document], bool]
    read: Callable[[Document], Iterable[Fact | FactTable]]
    emits: tuple[NodeKind | EdgeKind, ...]
    expects: tuple[Expected, ...] = ()
    brings: Brings = field(default_factory=Brings)
    together: str = ""
    begins: str = ""
    extracted: Callable[[Document], str | None] = lambda _: None
    extracted_by: Callable[[Document], str | None] = lambda _: None
