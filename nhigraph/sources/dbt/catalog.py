"""catalog.json: what the database held when the documentation was generated."""

from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Node, Note
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record
from nhigraph.policy import dbt as policy
from nhigraph.schema import kinds as k
from nhigraph.sources.dbt.resources import members, section


def read(doc: Document) -> Iterator[Fact]:
    """Yield the relations of a catalog, and the roles that own them.

    Raises:
        InputError: Its column types do not tell which platform wrote it.
    """
    records = [
        record for part in ("nodes", "sources") for _, record in members(doc, part, needed=True)
    ]
    if not records:
        yield Note("the catalog holds no relation", doc.at("nodes"))
        return
    platform = _platform(doc, records)
    if doc.content.get("errors"):
        at = doc.at("errors", excerpt=False)
        yield Note("dbt met errors while it wrote this catalog: relations may be missing", at)
    for record in records:
        try:
            facts = list(_relation(platform, record))
        except InputError as error:
            facts = [record.refused(error)]
        yield from facts


def _platform(doc: Document, records: list[Record]) -> str:
    types: set[str] = set()
    stats: set[str] = set()
    for record in records:
        columns, numbers = record.body.get("columns"), record.body.get("stats")
        for column in columns.values() if isinstance(columns, dict) else ():
            if isinstance(column, dict) and isinstance(column.get("type"), str):
                types.add(column["type"])
        stats.update(numbers if isinstance(numbers, dict) else ())
    platform = policy.catalog_platform(types, stats)
    if platform is None:
        problem = "a catalog does not name its adapter, and its column types do not tell it"
        advice = "the manifest names the same relations; their owners are in the grants export"
        raise InputError(doc.artifact, "/nodes", problem, advice)
    return platform


def _relation(platform: str, record: Record) -> Iterator[Fact]:
    about = section(record, "metadata")
    doc, place = record.doc, about.pointer
    database, schema = about.text("database") or "", about.required("schema")
    name, type_ = about.required("name"), about.text("type")
    key = keys.Dataset.of(platform, (database, schema, name)).text
    props = {"relation_type": type_} if type_ else {}
    at = doc.at(*place, "name", basis="observed")
    yield Node(k.DATASET, key, at, name=f"{schema}.{name}", props=props)
    owner = about.text("owner")
    if owner is not None:
        role = keys.Role(keys.database(platform, database), owner).text
        owned = doc.at(*place, "owner", basis="observed")
        yield Node(k.DATABASE_ROLE, role, owned, name=owner)
        yield Edge(k.OWNS, role, key, owned)
