"""Properties: what people call a resource, who answers for it, and what it is configured to be.

``props.dbt`` holds the words by which dbt itself would select the resource.
"""

from collections.abc import Iterator, Mapping

from nhigraph.errors import InputError
from nhigraph.facts.facts import Value
from nhigraph.ingest import secret_names
from nhigraph.ingest.fields import Record
from nhigraph.sources.dbt.resources import Project, Resource, members, meta_of, section

_LONGEST = 160


def selectors(resource: Resource) -> tuple[str, ...]:
    """What dbt's node selection would find the resource by.

    https://docs.getdbt.com/reference/node-selection/methods
    """
    record, name, package = resource.record, resource.name, resource.package
    found = {resource.uid, *(f"tag:{tag}" for tag in resource.tags), f"package:{package}"}
    if resource.type == "source":
        source = record.text("source_name") or ""
        found |= {f"source:{source}", f"source:{source}.{name}", f"{source}.{name}"}
        found.add(f"source:{package}.{source}.{name}")
    else:
        # A model with versions is selected by its name, too, for all of them.
        for named in (name, record.required("name")):
            found |= {named, f"{package}.{named}"}
            found |= {f"{resource.type}:{named}", f"{resource.type}:{package}.{named}"}
    for method in ("group", "access"):
        value = resource.setting(method)
        if value:
            found.add(f"{method}:{value}")
    return tuple(sorted(found))


def dataset_props(resource: Resource) -> dict[str, Value]:
    """Properties of a relation. Those of a source and a seed of one relation do not conflict."""
    record = resource.record
    props: dict[str, Value | None] = {
        "dbt": selectors(resource),
        "tags": resource.tags or None,
        "dbt_meta": tuple(_meta(meta_of(resource))) or None,
    }
    if resource.type == "source":
        props["loader"] = record.text("loader")
        props["freshness"] = _freshness(section(record, "freshness"))
    else:
        default = None if resource.type == "model" else resource.type
        props["materialized"] = resource.config.text("materialized") or default
    return _stated(props)


def model_props(resource: Resource) -> dict[str, Value]:
    """Properties of a model's logic."""
    contract = section(resource.config, "contract").body.get("enforced")
    return _stated(
        {
            **file_props(resource),
            "access": resource.setting("access"),
            "group": resource.setting("group"),
            "contract": contract if isinstance(contract, bool) else None,
            "materialized": resource.config.text("materialized") or resource.type,
            "language": resource.record.text("language"),
        }
    )


def file_props(resource: Resource) -> dict[str, Value]:
    """Properties of a file of the project."""
    checksum = section(resource.record, "checksum")
    method, digest = checksum.text("name"), checksum.text("checksum")
    return _stated(
        {
            "path": resource.record.text("original_file_path"),
            "unique_id": resource.uid,
            "checksum": f"{method}:{digest}" if method and digest and method != "none" else None,
        }
    )


def group_owners(project: Project) -> dict[str, str]:
    """Who answers for each group, by its name and by package and name."""
    found: dict[str, str] = {}
    for _, record in members(project.doc, "groups"):
        try:
            name, package = record.text("name"), record.text("package_name") or ""
            owner = person(section(record, "owner"))
        except InputError as error:
            project.lose(record, error)
            continue
        if name and owner:
            found[f"{package}.{name}"] = owner
            found.setdefault(name, owner)
    return found


def person(record: Record) -> str | None:
    """Name of an owner, or the address; dbt demands one of the two."""
    return record.text("name") or _text(record.body.get("email"))


def owner(resource: Resource, groups: Mapping[str, str]) -> str | None:
    """Who answers for a resource: its group's owner, else ``meta.owner``.

    https://docs.getdbt.com/reference/resource-configs/meta shows ``owner`` as the first use of it.
    """
    group = resource.setting("group")
    if group:
        found = groups.get(f"{resource.package}.{group}") or groups.get(group)
        if found:
            return found
    return _text(meta_of(resource).get("owner"))


def _text(value: object) -> str | None:
    # Several addresses of one owner stand in a list since dbt 1.10.
    if isinstance(value, list):
        value = ", ".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) and value else None


def _meta(meta: Mapping[str, object]) -> Iterator[str]:
    for name, value in sorted(meta.items()):
        if not isinstance(value, str | int | float) or secret_names.is_secret(name):
            continue
        if not secret_names.holds_password(str(value)):
            yield f"{name}: {value}"[:_LONGEST]


def _freshness(record: Record) -> str | None:
    found = []
    for name in ("warn_after", "error_after"):
        limit = section(record, name)
        count, period = limit.text("count"), limit.text("period")
        if count and period:
            found.append(f"{name} {count} {period}")
    return "; ".join(found) or None


def _stated(props: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in props.items() if value is not None}
