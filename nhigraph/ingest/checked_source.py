"""A source of another distribution, held to what it declared while it reads.

What it yields goes into one graph with everybody's facts: a fact that the schema has no word for
ends the reading of its document, and of nothing else.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import wraps

from nhigraph.errors import SchemaError
from nhigraph.facts import end_form, ends, passwords
from nhigraph.facts.ends import End
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.facts.tables import FactTable
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds

#: Longest name of what made a document.
_LONGEST = 80

Read = Callable[[Document], Iterable[Fact | FactTable]]


def held(ingestor: Ingestor) -> Ingestor:
    """The same source, which fails where it says what it did not declare."""
    return replace(
        ingestor,
        read=_checked(ingestor.read, frozenset(kind.label for kind in ingestor.emits)),
        extracted=_dated(ingestor.extracted),
        extracted_by=_named(ingestor.extracted_by),
    )


def _checked(read: Read, labels: frozenset[str]) -> Read:
    @wraps(read)
    def checked(doc: Document) -> Iterator[Fact | FactTable]:
        for item in read(doc):
            _check(item, labels)
            yield item

    return checked


def _check(item: object, labels: frozenset[str]) -> None:
    """Raise a SchemaError where a fact is none that this source declared."""
    match item:
        case Node():
            _kind(item.kind, labels)
            _keys(item.key)
        case Edge():
            _kind(item.kind, labels)
            _keys(item.source, item.target)
            if item.action is not None and item.action not in kinds.ACTIONS:
                raise SchemaError(f"unknown action {item.action!r}")
        case End():
            _keys(item.at)
            _end(item)
        case FactTable():
            for label in item.cells["kind"].unique().to_pylist():
                if label not in labels:
                    raise SchemaError(f"the source does not declare that it emits {label!r}")
            return
        case _:
            if not isinstance(item, Fact):
                raise SchemaError(f"a {type(item).__name__} is no fact")
    _evidence(item.evidence)


def _keys(*texts: object) -> None:
    if not all(isinstance(text, str) and text for text in texts):
        raise SchemaError("the key of a node is a text")


def _evidence(place: object) -> None:
    if not isinstance(place, Evidence):
        raise SchemaError("a fact needs its evidence")


def _kind(kind: object, labels: frozenset[str]) -> None:
    label = str(getattr(kind, "label", ""))
    known = kinds.NODE_KINDS.get(label) or kinds.EDGE_KINDS.get(label)
    if label not in labels or known != kind:
        raise SchemaError(f"the source does not declare that it emits {label!r}")


def _end(end: End) -> None:
    """Ends are stored as JSON: what does not come back from there cannot be stored."""
    name = type(end).__name__
    if ends.TYPES.get(name) is not type(end):
        raise SchemaError(f"the source does not bring the end {name!r}")
    said = json.loads(json.dumps(end_form.body(end)))
    if end_form.end(name, end.at, end.evidence, said) != end:
        raise SchemaError(f"a field of the end {name!r} has a value of another type")


def _dated(extracted: Callable[[Document], str | None]) -> Callable[[Document], str | None]:
    @wraps(extracted)
    def dated(doc: Document) -> str | None:
        day = extracted(doc)
        return None if day is None else date.fromisoformat(day).isoformat()

    return dated


def _named(made_by: Callable[[Document], str | None]) -> Callable[[Document], str | None]:
    @wraps(made_by)
    def named(doc: Document) -> str | None:
        name = made_by(doc)
        return None if name is None else passwords.cut(" ".join(str(name).split()))[:_LONGEST]

    return named
