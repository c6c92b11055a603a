"""The sources, found by being there."""

from functools import cache

from nhigraph import sources
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.ingest.registry import discover_ingestors


@cache
def ingestors() -> dict[str, Ingestor]:
    """Every source by name."""
    return discover_ingestors(sources)
