"""Where the files of an external source lie, as far as that is a bucket whose writers are known.

``external.location`` of the package dbt-external-tables
(https://github.com/dbt-labs/dbt-external-tables) and ``external_location`` in ``meta`` of
dbt-duckdb (https://github.com/duckdb/dbt-duckdb#reading-from-external-files), read 30 November
2026.
"""

from collections.abc import Iterator
from typing import Final

from nhigraph.facts.facts import Fact, Node
from nhigraph.policy.sql_usage.places import place
from nhigraph.schema import kinds as k
from nhigraph.sources.dbt.lineage import BOTH, edges
from nhigraph.sources.dbt.resources import Resource
from nhigraph.sources.dbt.written import standing_for

_PLACES: Final[tuple[tuple[str, ...], ...]] = (
    ("external", "location"),
    ("meta", "external_location"),
    ("config", "meta", "external_location"),
    ("source_meta", "external_location"),
)


def read(resource: Resource) -> Iterator[Fact]:
    """The bucket that feeds a source."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in _PLACES:
        value: object = resource.record.body
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        parts = place(value) if isinstance(value, str) else ()
        if parts:
            found.setdefault(standing_for(resource.platform, parts, ("", "", "")), path)
    for (key, label), path in sorted(found.items()):
        at = resource.record.doc.at(*resource.record.pointer, *path, excerpt=False)
        yield Node(k.DATASET, key, at, name=label)
        yield from edges(key, resource.key, BOTH, at)
