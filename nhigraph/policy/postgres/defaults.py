"""What a relation grants that somebody makes anew: default privileges.

They are those of the role that runs CREATE, which is the role taken with SET ROLE, never of a role
it is a member of. What the creator set for everything it makes replaces the built-in default; what
it set for one schema is added to that and takes nothing away (PostgreSQL 15,
sql-alterdefaultprivileges; tried on 15.18). Grants on what stood there before go with it: a table
that dbt replaces is a new one under the old name (tried: CREATE TABLE AS, two renames, DROP).
Views and materialized views are "tables" here.
"""

from collections.abc import Iterator

from nhigraph.policy.postgres.catalog import AclItem, Catalog, Default, Place, default_acl

#: Letters of pg_default_acl.defaclobjtype.
TABLES = "r"


def acl_of_new(catalog: Catalog, creator: str, schema: str) -> tuple[AclItem, ...]:
    """The ACL of a relation that the role makes in the schema, each item at its place."""
    role = catalog.roles[creator].place
    everywhere = next(_set_by(catalog, creator, None), None)
    items = (
        everywhere.acl if everywhere is not None else default_acl("relation", creator, role, ())
    )
    return (*items, *(item for one in _set_by(catalog, creator, schema) for item in one.acl))


def creators(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Roles and schemas for which what the role makes there is not only the role's own."""
    for creator in dict.fromkeys(one.creator for one in _of_tables(catalog)):
        if creator not in catalog.roles:
            continue
        for schema in catalog.schemas:
            if any(item.grantee != creator for item in acl_of_new(catalog, creator, schema)):
                yield creator, schema


def places(catalog: Catalog, creator: str, schema: str) -> Place:
    """Where the defaults stand that apply: the schema's own, else those for everything."""
    own = next(_set_by(catalog, creator, schema), None)
    found = own or next(_set_by(catalog, creator, None))
    return found.place


def _of_tables(catalog: Catalog) -> Iterator[Default]:
    return (one for one in catalog.defaults if one.type == TABLES)


def _set_by(catalog: Catalog, creator: str, schema: str | None) -> Iterator[Default]:
    return (one for one in _of_tables(catalog) if one.creator == creator and one.schema == schema)
