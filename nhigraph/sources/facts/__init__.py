"""nhigraph's own facts format, facts/1: YAML, JSON, CSV and Parquet.

YAML and JSON are recognised by ``nhigraph: facts/1`` at the top, tables by their name
(``*.nodes.csv``, ``*.edges.parquet``, …) and header. In a table an empty cell is absent,
``props.*`` columns are properties, ``tags`` and ``weaknesses`` join with ``;``, and ``needs`` is
JSON text or ``KEY STATE;KEY STATE`` (a key with ``;`` in it needs the JSON).

A record that cannot be a fact is refused with its reason; the others stand. An unknown field or
column, a property of the wrong type and an unknown test of a gate are set aside with a note, and
their record stands. A gap is never refused for its details: it then hides every state.

Blind spots: what the file does not say. Gates and gaps have no tabular form.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Fact
from nhigraph.facts.tables import FactTable
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.sources.facts import records, tables, vocabulary


def recognises(doc: Document) -> bool:
    """Whether the document says that it is facts, in any version."""
    if doc.artifact.lower().endswith((".csv", ".parquet")):
        return tables.recognises(doc)
    content = doc.content
    form = content.get("nhigraph") if isinstance(content, dict) else None
    return isinstance(form, str) and form.startswith("facts/")


def read(doc: Document) -> Iterator[Fact | FactTable]:
    """Yield what one document says."""
    if doc.artifact.lower().endswith((".csv", ".parquet")):
        yield from tables.read(doc)
    else:
        yield from records.read(doc)


def extracted(doc: Document) -> str | None:
    """The day on which the facts were gathered; tables do not say."""
    if doc.artifact.lower().endswith((".csv", ".parquet")):
        return None
    return records.extracted(doc)


INGESTOR = Ingestor(
    title="nhigraph facts",
    begins="`nhigraph: facts/1` on top or, in the first row of a table, columns such as kind,key",
    accepts=(
        "*.yaml",
        "*.yml",
        "*.json",
        "*.facts.yaml",
        "*.facts.yml",
        "*.facts.json",
        "*.nodes.csv",
        "*.edges.csv",
        "*.nodes.parquet",
        "*.edges.parquet",
    ),
    recognises=recognises,
    read=read,
    emits=(*vocabulary.node_kinds().values(), *vocabulary.edge_kinds().values()),
    extracted=extracted,
)
