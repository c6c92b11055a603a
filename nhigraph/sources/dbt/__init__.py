"""dbt: manifest.json (v4 to v12, v20), catalog.json, profiles.yml and dbt_project.yml.

Property files (schema.yml) are recognised, and read by way of the manifest only.

A relation is one node, whatever speaks of it: a source and the seed that fills it meet on its
key. ``props.dbt`` of a relation holds what dbt's own selection would find it by: its unique id
(``model.ledger.revenue``), name and package (``revenue``, ``ledger.revenue``), type
(``model:revenue``, ``model:ledger.revenue``, ``seed:rates``, ``snapshot:…``), for sources
``source:raw``, ``source:raw.payments``, ``source:ledger.raw.payments`` and ``raw.payments``, and
``tag:…``, ``group:…``, ``access:…``, ``package:…``; a report has ``exposure:board_pack``,
``exposure:ledger.board_pack``, its name and its tags. ``props.dbt_tests`` holds the unique ids of
the tests that depend on the relation: each (test, dependency) pair is one record of the node.

A project is a ``System`` with ``dbt_project`` (its name), ``manifest`` (one was read),
``profile``, ``repository`` and ``folders``; it CONTAINS its models and seeds. A connection is a
``System`` with ``profile``, ``output``, ``platform``, ``repository`` and ``file`` of its
profiles.yml and the fields it writes out (``user``, ``host`` and so on); as whom it connects, by
which variables of the run, is its end ``Login``. Who runs which project by which connection is
joined elsewhere.

Decisions that the formats leave open:

* An ephemeral model has a node with the key its relation would have, so that lineage passes
  through it; it is in no schema, because no right on one reaches it.
* An input feeds a relation where a value comes from it and filters it where it decides rows. The
  compiled SQL says which; where it cannot be read, or has a branch that was not compiled, both
  stand, with a note. Writing by key (snapshots, ``unique_key``) makes every value decide rows.
* ``config.grants`` is conditional: whether the run was made, and the schema may be used, is not
  in the manifest.
* A seed's file is an ``Artifact`` that computes its table. Files of installed packages are
  contained in the checkout conditionally: the project chooses them, but they lie elsewhere.
* Hooks and operations (``hooks``) are logic of the node they hang on: ``props.writes`` says what
  they write beside its own relation, ``props.on_run`` that every run does. Their Jinja is followed
  through the macros of the manifest; what is not read of them is a gap. A macro that runs
  statements by itself keeps them in ``props.operates``, for the job that names it.
* A bucket of S3 that a query, a COPY or an external source names feeds what is made of its files.
* A policy, mask or tag that a hook sets changes the relation that it is set on, as what readers
  see of it is another.
* A function of dbt (1.11) feeds the relation of whoever calls it with all it reads.
* A catalog does not name its platform: where its column types do not tell it, it is refused.
* A password written out in ``profiles.yml`` is a secret that is exposed; its value is never kept.

Blind spots: what functions of the database itself read and write; what macros that a project puts
in place of dbt's own run, materializations among them, and its tests; arguments of an operation;
what a Python model does beyond methods that name a statement or a relation (``session.sql``);
metrics, semantic models and saved queries except as a way from an exposure to its models; who
writes files of other stores and stages; who runs dbt (the profile says as whom).
"""

import re
from collections.abc import Callable, Iterator

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts.facts import Fact
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Expected, Ingestor
from nhigraph.policy import dbt as policy
from nhigraph.schema import kinds as k
from nhigraph.sources.dbt import catalog, profiles, project_file, property_file

#: A version of dbt, such as 1.11.16 and 1.8.0b3.
_VERSION = re.compile(r"\d+(?:\.\d+)+[\w.+-]{0,20}")


def recognises(doc: Document) -> bool:
    """Whether the document is one of dbt's, in any version."""
    schema = _schema(doc)
    if schema is not None:
        return "/dbt/manifest/" in schema or policy.CATALOG.search(schema) is not None
    if doc.artifact.lower().endswith(".json"):
        return False
    return _yaml_reader(doc) is not None


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one document says.

    Raises:
        InputError: A manifest of a version that is not read.
    """
    schema = _schema(doc)
    if schema is None:
        reader = _yaml_reader(doc)
        yield from reader(doc) if reader is not None else ()
    elif policy.CATALOG.search(schema):
        yield from catalog.read(doc)
    elif policy.manifest_version(schema) in policy.VERSIONS:
        from nhigraph.sources.dbt import manifest  # noqa: PLC0415 - loads a parser of SQL

        yield from manifest.read(doc)
    else:
        place = "/metadata/dbt_schema_version"
        version = policy.manifest_version(schema)
        found = f"; found v{version}" if version is not None else ""
        advice = "write the manifest again with dbt 1.0 or later"
        raise InputError(doc.artifact, place, f"{policy.EXPECTED_VERSIONS}{found}", advice)


def _yaml_reader(doc: Document) -> Callable[[Document], Iterator[Fact]] | None:
    if project_file.recognises(doc):
        return project_file.read
    if profiles.recognises(doc.content):
        return profiles.read
    return property_file.read if property_file.recognises(doc.content) else None


def extracted(doc: Document) -> str | None:
    """The day on which dbt wrote a manifest or catalog; profiles have none."""
    if _schema(doc) is None:
        return None
    try:
        day = fields.day(doc.content["metadata"].get("generated_at"))
    except SchemaError:
        return None
    return day.isoformat() if day else None


def extracted_by(doc: Document) -> str | None:
    """The dbt that wrote a manifest or catalog, by ``metadata.dbt_version``."""
    if _schema(doc) is None:
        return None
    version = doc.content["metadata"].get("dbt_version")
    told = isinstance(version, str) and _VERSION.fullmatch(version)
    return f"dbt {version}" if told else None


def _schema(doc: Document) -> str | None:
    content = doc.content
    metadata = content.get("metadata") if isinstance(content, dict) else None
    schema = metadata.get("dbt_schema_version") if isinstance(metadata, dict) else None
    return schema if isinstance(schema, str) else None


INGESTOR = Ingestor(
    title="dbt",
    accepts=("*.json", "*.yml", "*.yaml"),
    recognises=recognises,
    read=read,
    emits=(
        k.DATASET,
        k.MODEL,
        k.ARTIFACT,
        k.REPORT,
        k.CONTAINER,
        k.SYSTEM,
        k.SECRET,
        k.REPOSITORY,
        k.DATABASE_ROLE,
        k.GROUP,
        k.COMPUTES,
        k.FEEDS,
        k.FILTERS,
        k.CONTAINS,
        k.OWNS,
        k.CAN_READ,
        k.CAN_WRITE,
        k.CAN_DELETE,
        k.CAN_ADMINISTER,
        k.AUTHENTICATES_AS,
    ),
    expects=(Expected("github_actions", "which jobs run dbt, and who may change its models"),),
    extracted=extracted,
    extracted_by=extracted_by,
)
