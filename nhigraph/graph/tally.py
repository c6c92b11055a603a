"""What became of the records that a graph was made of."""

from dataclasses import field

from nhigraph.facts.facts import Claim
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass


@dataclass(slots=True)
class Tally:
    """What became of one document's records.

    Attributes:
        accepted: Records that are the first to say something.
        merged: Records that repeat or add to an earlier one.
        refused: (pointer, reason) of records that could not be joined.
        conflicts: (pointer, what disagreed and which value won).
        gaps: (pointer, key and reason) of gaps that refused records and dangling edges left.
        aside: (pointer, identities that the document takes out of the population).
        untested: (pointer, where a gate is kept, and that no input describes it).
    """

    accepted: int = 0
    merged: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[tuple[str, str]] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)
    untested: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Built:
    """A graph, the claims on it, and the account of every record.

    Attributes:
        graph: The merged graph.
        claims: The scope's claims, in the order of their places.
        tallies: Artifact to what became of its records.
    """

    graph: Graph
    claims: list[Claim]
    tallies: dict[str, Tally]

    def tally(self, artifact: str) -> Tally:
        """The tally of a document, made if there is none yet."""
        return self.tallies.setdefault(artifact, Tally())
