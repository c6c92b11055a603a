"""What dbt's own words mean: manifest versions, adapters, grants, names of relations.

https://docs.getdbt.com/reference/artifacts/manifest-json says what the manifest holds.
"""

import hashlib
import re
from collections.abc import Collection, Iterable

from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind

#: Manifest versions whose keys are the ones read here: v4 is dbt 1.0, v12 dbt 1.8 to 1.12. v20 is
#: what Fusion writes, with the keys of v12.
#: https://docs.getdbt.com/reference/artifacts/dbt-artifacts#metadata
VERSIONS = frozenset(range(4, 13)) | {20}
EXPECTED_VERSIONS = "expected a manifest of version v4 to v12 or v20 (dbt 1.0 or later)"

_VERSION = re.compile(r"/dbt/manifest/v(\d{1,6})(?:\.json)?\Z")
CATALOG = re.compile(r"/dbt/catalog/v\d+(?:\.json)?\Z")
PLATFORM = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")

#: Adapter -> dialect of sqlglot, where sqlglot speaks it.
#: https://docs.getdbt.com/docs/supported-data-platforms
DIALECTS = {
    "athena": "athena",
    "bigquery": "bigquery",
    "clickhouse": "clickhouse",
    "cockroachdb": "postgres",
    "databricks": "databricks",
    "doris": "doris",
    "dremio": "dremio",
    "duckdb": "duckdb",
    "exasol": "exasol",
    "fabric": "fabric",
    "greenplum": "postgres",
    "hive": "hive",
    "materialize": "materialize",
    "mysql": "mysql",
    "oracle": "oracle",
    "postgres": "postgres",
    "presto": "presto",
    "redshift": "redshift",
    "risingwave": "risingwave",
    "snowflake": "snowflake",
    "spark": "spark",
    "sqlite": "sqlite",
    "sqlserver": "tsql",
    "starrocks": "starrocks",
    "synapse": "tsql",
    "teradata": "teradata",
    "trino": "trino",
}

#: Adapters of one platform under other names: dbt-mysql has a type for each product that it speaks
#: to (https://docs.getdbt.com/docs/core/connect-data-platform/mysql-setup, read 28 November 2026).
_ADAPTERS = {"mysql5": "mysql", "mariadb": "mysql"}
#: Platforms on which a profile's ``schema`` is the database: of dbt-mysql, ``database`` is absent
#: or the same.
SCHEMA_IS_DATABASE = frozenset({"mysql"})

#: Platforms whose grants name roles or users of the database itself. BigQuery's name principals
#: of the cloud project: https://docs.getdbt.com/reference/resource-configs/grants
ROLE_PLATFORMS = frozenset(
    {"postgres", "redshift", "snowflake", "greenplum", "cockroachdb", "materialize", "risingwave"}
    | {"sqlserver", "synapse", "fabric", "oracle", "mysql", "mariadb", "clickhouse", "duckdb"}
    | {"databricks", "spark", "trino", "teradata", "exasol", "sqlite", "starrocks", "doris"}
)

#: Grant privilege -> edges and their action: the words of SQL's GRANT that dbt passes on as they
#: stand. https://www.postgresql.org/docs/current/sql-grant.html
#: https://docs.databricks.com/en/data-governance/unity-catalog/manage-privileges/privileges.html
_READ = (k.CAN_READ, None)
_INSERT = (k.CAN_WRITE, "post")
_UPDATE = (k.CAN_WRITE, "update")
_DELETE = (k.CAN_DELETE, None)
PRIVILEGES: dict[str, tuple[tuple[EdgeKind, str | None], ...]] = {
    "select": (_READ,),
    "read": (_READ,),
    "insert": (_INSERT,),
    "update": (_UPDATE,),
    "delete": (_DELETE,),
    "truncate": (_DELETE,),
    "modify": (_INSERT, _UPDATE, _DELETE),
    "all": (_READ, _INSERT, _UPDATE, _DELETE),
    "all privileges": (_READ, _INSERT, _UPDATE, _DELETE),
    "control": ((k.CAN_ADMINISTER, None),),
    "ownership": ((k.OWNS, None),),
}

#: Commands that open no connection: found by running each command of dbt-core 1.11.16 against a
#: port that counts who knocks (tests/unit/joins/dbt_commands.json). ``compile`` and ``docs
#: generate`` connect even where nothing asks the database: they fill the cache of relations.
OFFLINE = frozenset(
    {"dbt", "dbt clean", "dbt deps", "dbt docs serve", "dbt init", "dbt list", "dbt ls"}
    | {"dbt parse"}
)
#: Options with all of which a command opens none.
OFFLINE_WITH = {
    "dbt debug": frozenset({"config-dir"}),
    "dbt compile": frozenset({"no-introspect", "no-populate-cache"}),
    "dbt docs generate": frozenset({"no-compile", "empty-catalog"}),
}

#: Names dbt gives the CTE of an ephemeral model, by adapter's habit.
_CTE_FORMS = ("__dbt__cte__{}", "__dbt__CTE__{}", "dbt__cte__{}__")


def platform(adapter: str) -> str:
    """The platform that an adapter is for."""
    return _ADAPTERS.get(adapter, adapter)


def manifest_version(schema: str) -> int | None:
    """Version a manifest's ``dbt_schema_version`` names; None where it names none."""
    found = _VERSION.search(schema)
    return int(found[1]) if found else None


def connects(command: str, options: Collection[str]) -> bool:
    """Whether a command of dbt opens a connection.

    Args:
        command: ``dbt`` and its subcommand.
        options: Names of the options it was given, without dashes.
    """
    enough = OFFLINE_WITH.get(command)
    return command not in OFFLINE and (enough is None or not enough <= set(options))


def cte_names(name: str) -> tuple[str, ...]:
    """Names (lower-case) under which an ephemeral model stands in the SQL of others.

    https://docs.getdbt.com/docs/build/materializations#ephemeral
    """
    return tuple(form.format(name).lower() for form in _CTE_FORMS)


def quoted_by_default(platform: str) -> bool:
    """Whether dbt quotes names where nothing is configured.

    https://docs.getdbt.com/reference/project-configs/quoting: all but Snowflake.
    """
    return platform != "snowflake"


def root_package(project_name: str | None, project_id: str | None, package: str) -> bool:
    """Whether a package is the project itself, not one it has installed.

    Manifests before v11 have no project name, but its MD5 as ``project_id``:
    https://docs.getdbt.com/reference/artifacts/manifest-json
    """
    if project_name is not None:
        return package == project_name
    digest = hashlib.md5(package.encode(), usedforsecurity=False).hexdigest()
    return project_id == digest


# --- catalog.json: which platform wrote it -----------------------------------------------------

_POSTGRES_FAMILY = {
    "timestamp without time zone",
    "timestamp with time zone",
    "double precision",
    "character varying",
}
#: Redshift has none of these as a column type:
#: https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-datatypes.html
_NOT_REDSHIFT = {"text", "json", "jsonb", "uuid", "bytea", "inet", "xml", "tsvector"}
_REDSHIFT = {"super", "hllsketch", "varbyte"}
_REDSHIFT_STATS = {"encoded", "diststyle", "sortkey1"}
#: https://docs.snowflake.com/en/sql-reference/intro-summary-data-types
_SNOWFLAKE = {"TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ", "VARIANT"}
#: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types
_BIGQUERY = {"INT64", "FLOAT64", "BIGNUMERIC"}
_DUCKDB = {"HUGEINT", "UHUGEINT", "UBIGINT", "TIMESTAMP_NS"}


def catalog_platform(types: Iterable[str], stats: Iterable[str]) -> str | None:
    """Platform whose column types these are; None where they could be another's.

    A catalog does not name its adapter. Types are compared as written: each adapter copies them
    from its own information schema, letter case included.
    """
    names = {name.partition("(")[0].strip() for name in types}
    found: set[str] = set()
    arrays = any(name.endswith("[]") and name.islower() for name in names)
    if names & _REDSHIFT or set(stats) & _REDSHIFT_STATS:
        found.add("redshift")
    elif names & _POSTGRES_FAMILY and (names & _NOT_REDSHIFT or arrays):
        found.add("postgres")
    for platform, own in (("snowflake", _SNOWFLAKE), ("bigquery", _BIGQUERY), ("duckdb", _DUCKDB)):
        if names & own:
            found.add(platform)
    return found.pop() if len(found) == 1 else None
