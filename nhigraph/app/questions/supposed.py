"""What is supposed to change, before anything is looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from nhigraph.ingest.document import Document
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed to change.

    Attributes:
        nodes: Nodes that go, with all their edges: by key, name or an unambiguous part of it.
        edges: Edges that go: kind, source and target.
        places: Records that go: artifact and pointer, as ``cut`` prints them.
        files: Facts/1 files whose records come.
        added: Documents of facts/1 whose records come.
        said: A node, edge or place that goes to where a file says so; errors begin with it.
    """

    nodes: Sequence[str] = ()
    edges: Sequence[tuple[str, str, str]] = ()
    places: Sequence[tuple[str, str]] = ()
    files: Sequence[Path] = ()
    added: Sequence[Document] = ()
    said: Mapping[object, str] = field(default_factory=dict)

    def __add__(self, other: "Supposed") -> "Supposed":
        """Both."""
        return Supposed(
            (*self.nodes, *other.nodes),
            (*self.edges, *other.edges),
            (*self.places, *other.places),
            (*self.files, *other.files),
            (*self.added, *other.added),
            {**self.said, **other.said},
        )
