"""Property files of a project (schema.yml and the like): dbt puts what they say in its manifest.

They are recognised so that nobody takes them for input that was missed; nothing is taken from
them, because the manifest says the same and says which of it holds.
https://docs.getdbt.com/reference/configs-and-properties
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Fact, Note
from nhigraph.ingest.document import Document

_DECLARED = frozenset(
    {"models", "sources", "seeds", "snapshots", "exposures", "metrics", "macros", "groups"}
    | {"analyses", "semantic_models", "saved_queries", "unit_tests", "data_tests", "functions"}
)
_OTHER = frozenset({"version", "anchors"})


def recognises(content: object) -> bool:
    """Whether a parsed document declares named things of dbt, and nothing else."""
    if not isinstance(content, dict) or not content.keys() <= _DECLARED | _OTHER:
        return False
    declared = [value for name, value in content.items() if name in _DECLARED]
    items = [item for value in declared if isinstance(value, list) for item in value]
    named = all(isinstance(item, dict) and isinstance(item.get("name"), str) for item in items)
    return bool(items) and named and all(isinstance(value, list) for value in declared)


def read(doc: Document) -> Iterator[Fact]:
    """Say where what it declares is read from."""
    reason = "what it declares is read from the manifest that dbt makes of it, nowhere else"
    yield Note(reason, doc.whole())
