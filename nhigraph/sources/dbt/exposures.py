"""Exposures: reports outside dbt, and what they are fed by."""

from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.ingest.fields import Record
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Transform
from nhigraph.sources.dbt import described
from nhigraph.sources.dbt.resources import RELATIONS, Project, members, section, tags_of

#: What stands between an exposure and the models it is made of.
_BETWEEN = ("metrics", "semantic_models", "saved_queries")


def read(project: Project) -> Iterator[Fact]:
    """Yield the reports of a manifest."""
    between = {uid: record for part in _BETWEEN for uid, record in members(project.doc, part)}
    for uid, record in members(project.doc, "exposures"):
        try:
            facts = list(_exposure(project, between, uid, record))
        except InputError as error:
            facts = [project.refusal(record, error)]
        yield from facts


def _exposure(
    project: Project, between: dict[str, Record], uid: str, record: Record
) -> Iterator[Fact]:
    name = record.required("name")
    key = keys.Report(name).text
    tags = tuple(sorted({*tags_of(record), *tags_of(section(record, "config"))}))
    selectors = {name, uid, f"exposure:{name}", *(f"tag:{tag}" for tag in tags)}
    package = record.text("package_name")
    if package:
        selectors |= {f"exposure:{package}.{name}", f"package:{package}"}
    stated = {"type": record.text("type"), "maturity": record.text("maturity")}
    yield Node(
        k.REPORT,
        key,
        record.evidence,
        name=record.text("label") or name,
        owner=described.person(section(record, "owner")),
        props={
            "dbt": tuple(sorted(selectors)),
            **({"tags": tags} if tags else {}),
            **{field: text for field, text in stated.items() if text},
        },
    )
    for index, needed in enumerate(section(record, "depends_on").texts("nodes")):
        at = record.doc.at(*record.pointer, "depends_on", "nodes", index)
        sources, missing = _relations(project, between, needed)
        for source in sources:
            yield Edge(k.FEEDS, source, key, at, transform=Transform.OTHER)
        for absent in missing:
            yield Gap(key, f"it depends on {absent}, which the manifest does not hold", at)


def _relations(
    project: Project, between: dict[str, Record], needed: str
) -> tuple[list[str], list[str]]:
    """Keys of the relations behind a dependency, through metrics, and what is not there."""
    found: set[str] = set()
    missing: set[str] = set()
    seen: set[str] = set()
    waiting = [needed]
    while waiting:
        uid = waiting.pop()
        if uid in seen:
            continue
        seen.add(uid)
        resource = project.by_id.get(uid)
        if resource is not None and resource.type in RELATIONS:
            found.add(resource.key)
        elif uid in between:
            waiting += section(between[uid], "depends_on").texts("nodes")
        else:
            missing.add(uid)
    return sorted(found), sorted(missing)
