"""``config.grants``: what dbt will ask the platform to grant when it builds the relation."""

from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.ingest.fields import quoted
from nhigraph.policy import dbt as policy
from nhigraph.policy.grants import GRANTED
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.dbt.resources import Resource, section

_PUBLIC = "public"
_BY_HOOK = "granted when dbt runs the hook"


def read(resource: Resource) -> Iterator[Fact]:
    """Yield the grants that a resource declares.

    The manifest cannot say whether the run was made, nor whether the role may use the schema:
    the edges are conditional. Only ``config`` counts, never ``unrendered_config``, and nulls in
    it grant nothing (dbt-core 1.11). What is not in it is revoked at the next run of the relation.
    """
    grants = section(resource.config, "grants")
    if resource.ephemeral:
        return
    for privilege in sorted(grants.body):
        for place, name in _roles(grants.body[privilege]):
            at = resource.record.doc.at(*grants.pointer, privilege, *place, excerpt=bool(name))
            if not name:
                yield Gap(resource.key, f"to whom it grants {privilege} could not be read", at)
                continue
            if resource.platform not in policy.ROLE_PLATFORMS:
                why = f"{privilege} is granted to {quoted(name)}, which is no role of the database"
                yield Gap(resource.key, why, at)
                continue
            role, _ = _role(resource, name)
            yield from granted(resource, privilege, role, resource.key, at)


def granted(
    resource: Resource, privilege: str, name: str, target: str, at: Evidence
) -> Iterator[Fact]:
    """What one role may do with a relation, or with all in a schema, after the next run.

    Args:
        resource: What is configured so; its database is the role's.
        privilege: As GRANT has it.
        name: The role, folded.
        target: Key of the relation or schema.
        at: Where it stands.
    """
    relation = keys.Dataset.parse(target)
    own = (resource.parts or ("",))[0]
    database = own or (relation.database.name if relation is not None else "")
    key = keys.Role(keys.database(resource.platform, database), name).text
    yield Node(k.GROUP if name == _PUBLIC else k.DATABASE_ROLE, key, at, name=name)
    edges = policy.PRIVILEGES.get(privilege.strip().lower())
    if edges is None:
        yield Gap(key, f"the privilege {quoted(privilege)} is not understood", at)
        return
    for kind, action in edges:
        yield Edge(
            kind,
            key,
            target,
            at,
            action=action,
            certainty=Certainty.CONDITIONAL,
            condition=GRANTED,
        )


def on_schema(
    resource: Resource, privilege: str, name: str, target: str, at: Evidence
) -> Iterator[Fact]:
    """USAGE or CREATE on a schema, which a hook grants and dbt's configuration cannot.

    Args:
        resource: What the hook hangs on.
        privilege: As GRANT has it.
        name: The role, folded.
        target: Key of the schema.
        at: Where it stands.
    """
    container = keys.Container.parse(target)
    if container is None or container.schema is None:
        return
    schema = container.schema
    key = keys.Role(keys.database(resource.platform, container.database.name), name).text
    yield Node(k.GROUP if name == _PUBLIC else k.DATABASE_ROLE, key, at, name=name)
    everything = privilege.startswith("all")
    for one in ("usage", "create") if everything else (privilege.strip().lower(),):
        grant = keys.Grant(container.database, one, keys.dotted(schema)).text
        yield Node(k.GRANT, grant, at, name=f"{one.upper()} on schema {schema}")
        certainty = Certainty.CONDITIONAL
        yield Edge(k.HOLDS, key, grant, at, certainty=certainty, condition=_BY_HOOK)


def _roles(value: object) -> Iterator[tuple[tuple[int, ...], str]]:
    """Where a grantee stands, and its name; empty for what is no name. Nulls grant nothing."""
    if isinstance(value, list):
        items: list[tuple[tuple[int, ...], object]] = [
            ((at,), one) for at, one in enumerate(value)
        ]
    else:
        items = [((), value)]
    for place, item in items:
        if isinstance(item, str | int) and not isinstance(item, bool):
            yield place, str(item)
        elif item is not None:
            yield place, ""


def _role(resource: Resource, text: str) -> tuple[str, str]:
    """Name and key of a grantee, folded: dbt writes it into the GRANT as it stands."""
    parts = keys.relation(resource.platform, text)
    name = parts[0] if parts and len(parts) == 1 else text
    database = (resource.parts or ("",))[0]
    return name, keys.Role(keys.database(resource.platform, database), name).text
