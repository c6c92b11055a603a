"""Two names that may be of one secret: what is known or changed under one is under the other."""

from collections.abc import Iterator

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, Transform


def may_be(own: str, other: str, name: str, condition: str, evidence: Evidence) -> Iterator[Fact]:
    """That a secret may be another holder's of its name: values flow both ways.

    Args:
        own: Its key.
        other: Key of the other holder's, which is stated here.
        name: What people call both.
        condition: When it is so.
        evidence: Where it is named.
    """
    yield Node(k.SECRET, other, evidence, name=name)
    for source, target in ((other, own), (own, other)):
        yield Edge(
            k.FEEDS,
            source,
            target,
            evidence,
            certainty=Certainty.CONDITIONAL,
            condition=condition,
            transform=Transform.COPY,
        )
