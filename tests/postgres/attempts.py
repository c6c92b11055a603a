"""Really attaches triggers, refers to tables and makes tables anew; each is rolled back."""

from collections.abc import Iterable, Iterator, Sequence

from tests.postgres.cluster import Cluster
from tests.postgres.trials import DENIED
from tests.postgres.world import COLUMNS, World, statements

DONE = "00000"
_CODE = "RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN RETURN NULL; END$body$"
_AFTER = "AFTER INSERT ON {thing} FOR EACH STATEMENT"
_INSTEAD = "INSTEAD OF INSERT ON {thing} FOR EACH ROW"


class Script:
    """Trials of one database, sent together; each is named, and tells whether anything worked."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        self.cluster, self.database = cluster, database
        self.lines = ["\\o /dev/null", "\\set VERBOSITY sqlstate", "\\set ON_ERROR_ROLLBACK on"]

    def quietly(self, *statements: str) -> None:
        """What may fail without a word."""
        self.lines += [f"{one};" for one in statements]

    def tried(self, name: str, statement: str) -> None:
        """One statement whose outcome is told."""
        self.lines += [f"{statement};", f"\\echo @{name} :SQLSTATE"]

    def run(self) -> Iterator[tuple[str, str]]:
        """Names with SQLSTATEs."""
        printed = self.cluster.psql(self.database, "\n".join(self.lines), stop=False)
        for line in printed.splitlines():
            if line.startswith("@"):
                name, _, code = line.removeprefix("@").rpartition(" ")
                yield name, code


def _making(takes: Sequence[str], schemas: Sequence[str]) -> list[str]:
    """Functions made as every role that may be taken, wherever that is let."""
    found = []
    for role in takes:
        found += [
            f"SET ROLE {role}",
            'GRANT TEMPORARY, CREATE ON DATABASE :"DBNAME" TO CURRENT_USER',
            f"CREATE FUNCTION pg_temp.mine() {_CODE}",
            "CREATE SCHEMA mine",
            f"CREATE FUNCTION mine.mine() {_CODE}",
        ]
        for schema in schemas:
            found += [
                f"GRANT CREATE, USAGE ON SCHEMA {schema} TO CURRENT_USER",
                f"CREATE FUNCTION {schema}.mine() {_CODE}",
            ]
    return found


def _places(takes: Sequence[str], schemas: Sequence[str]) -> list[str]:
    """Schemas a function or table may be in."""
    return ["pg_temp", "mine", *schemas]


def _helped(role: str, thing: str) -> list[str]:
    schema = thing.partition(".")[0]
    return [
        f"SET ROLE {role}",
        f"GRANT USAGE ON SCHEMA {schema} TO CURRENT_USER",
        f"GRANT ALL ON {thing} TO CURRENT_USER",
    ]


def attached(
    cluster: Cluster,
    database: str,
    world: World,
    opening: dict[str, list[str]],
    takes: dict[str, list[str]],
    schemas: Sequence[str],
) -> set[tuple[str, str]]:
    """Identity and relation, where code of its own could be attached to it."""
    script = Script(cluster, database)
    for role, steps in opening.items():
        script.quietly("BEGIN", *steps, *_making(takes[role], schemas))
        for thing in (*world.tables, *world.views):
            how = (_INSTEAD if thing in world.views else _AFTER).format(thing=thing)
            script.quietly("SAVEPOINT thing")
            for number, taken in enumerate(takes[role]):
                script.quietly(*_helped(taken, thing))
                for place in _places(takes[role], schemas):
                    trigger = f"CREATE TRIGGER mine{number}{place} {how}"
                    script.tried(f"{role} {thing}", f"{trigger} EXECUTE FUNCTION {place}.mine()")
            script.quietly("ROLLBACK TO thing")
        script.quietly("ROLLBACK")
    return _worked(script)


def referred(
    cluster: Cluster,
    database: str,
    world: World,
    opening: dict[str, list[str]],
    takes: dict[str, list[str]],
    schemas: Sequence[str],
) -> set[tuple[str, str]]:
    """Identity and table, where a key that refers to it could be made."""
    script = Script(cluster, database)
    unique = [f"ALTER TABLE {name} ADD UNIQUE (id)" for name in world.tables]
    for role, steps in opening.items():
        script.quietly("BEGIN", *unique, *steps)
        for thing in world.tables:
            script.quietly("SAVEPOINT thing")
            for taken in takes[role]:
                script.quietly(*_helped(taken, thing), "CREATE SCHEMA mine")
                for place in ("mine", *schemas):
                    script.quietly(f"GRANT CREATE, USAGE ON SCHEMA {place} TO CURRENT_USER")
                    made = f"CREATE TABLE {place}.mine (id int REFERENCES {thing} (id))"
                    script.tried(f"{role} {thing}", made)
                for own in world.tables:
                    key = f"ALTER TABLE {own} ADD FOREIGN KEY (id) REFERENCES {thing} (id)"
                    script.quietly(f"GRANT USAGE ON SCHEMA {own.split('.')[0]} TO CURRENT_USER")
                    # Rows that are there need not be looked at, but a partitioned table's are.
                    for checked in ("", " NOT VALID"):
                        script.tried(f"{role} {thing}", key + checked)
            script.quietly("ROLLBACK TO thing")
        script.quietly("ROLLBACK")
    return _worked(script)


def _worked(script: Script) -> set[tuple[str, str]]:
    found = set()
    for name, code in script.run():
        if code == DONE:
            role, thing = name.split()
            found.add((role, thing))
    return found


def rebuilt(
    cluster: Cluster, database: str, builder: str, table: str, roles: Iterable[str]
) -> set[tuple[str, str]]:
    """Role and privilege on a table that the builder has made anew, as dbt does it.

    The builder gets what that takes for the time of it, and nothing of it stays.
    """
    schema, _, plain = table.partition(".")
    script = Script(cluster, database)
    script.quietly("BEGIN")
    kept = f"SELECT nspacl AS acl, nspowner AS boss FROM pg_namespace WHERE nspname = '{schema}'"
    script.lines.append(f"{kept} \\gset")
    script.quietly(
        f"ALTER TABLE {table} OWNER TO {builder}",
        f"ALTER SCHEMA {schema} OWNER TO {builder}",
        f"GRANT CREATE, USAGE ON SCHEMA {schema} TO {builder}",
        f"SET SESSION AUTHORIZATION {builder}",
    )
    columns = ", ".join(f"NULL::text AS {name}" for name in COLUMNS)
    script.tried("made 0", f"CREATE TABLE {schema}.anew AS SELECT {columns}")
    script.tried("made 1", f"ALTER TABLE {table} RENAME TO {plain}_old")
    script.tried("made 2", f"ALTER TABLE {schema}.anew RENAME TO {plain}")
    script.tried("made 3", f"DROP TABLE {schema}.{plain}_old CASCADE")
    script.quietly(
        "RESET SESSION AUTHORIZATION",
        f"UPDATE pg_namespace SET nspacl = :'acl', nspowner = :boss WHERE nspname = '{schema}'",
    )
    for role in roles:
        for privilege, statement in statements(table, view=False):
            if privilege != "DROP":
                script.quietly("SAVEPOINT one", f"SET SESSION AUTHORIZATION {role}")
                script.tried(f"{role} {privilege}", statement)
                script.quietly("ROLLBACK TO one")
    script.quietly("ROLLBACK")
    results = list(script.run())
    made = [code for name, code in results if name.startswith("made")]
    assert made == [DONE] * 4, (builder, table, made)
    return {
        (name.split()[0], name.split()[1])
        for name, code in results
        if code != DENIED and not name.startswith("made")
    }
