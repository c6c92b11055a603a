"""Really tries statements, each in a transaction that is rolled back, and says what came of it.

A statement is denied if PostgreSQL answers with SQLSTATE 42501; any other answer, an error of
another kind too, counts as allowed. Triggers that only the tests know of tell which tables a
statement has touched.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tests.postgres.cluster import Cluster
from tests.postgres.world import COLUMNS, World, statements

DENIED = "42501"
#: A trigger of the database has refused: no privilege was lacking, and nothing was done.
RAISED = "P0001"
#: A column of a view that nobody may write, or an index that refuses: whoever it is.
IMPOSSIBLE = frozenset({"0A000", "55000"})
DATABASE_OWNER = "the database's owner"
SERVER_ACCOUNT = "the server's account"
READS_EVERYTHING = "a reader of everything"

#: Tells which tables a statement touches, by a setting that goes with the transaction.
_WITNESS = """
CREATE SCHEMA oracle;
CREATE TABLE oracle.sentinel (id int);
CREATE TABLE oracle.inbox (line text);
GRANT USAGE ON SCHEMA oracle TO PUBLIC;
GRANT INSERT ON oracle.inbox TO PUBLIC;
CREATE FUNCTION oracle.touched() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM set_config('oracle.hits', coalesce(current_setting('oracle.hits', true), '')
    || TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME || ':' || TG_OP || ':' || current_user || ',',
    false);
  RETURN coalesce(NEW, OLD);
END $body$;
"""


def witness(tables: Iterable[str]) -> str:
    """Statements that plant the witness; run after the export, so it is in no export."""
    lines = [_WITNESS]
    for name in tables:
        lines.append(
            f"CREATE TRIGGER touched BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION oracle.touched();"
        )
        if not name.endswith("root"):  # Partitioned: their partitions have it.
            lines.append(
                f"CREATE TRIGGER touched_row BEFORE INSERT OR UPDATE OR DELETE ON {name}"
                " FOR EACH ROW EXECUTE FUNCTION oracle.touched();"
            )
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Session:
    """Statements that make a session what it is, run by a superuser's connection."""

    name: str
    opening: tuple[str, ...]


@dataclass
class Found:
    """What a session could do.

    Attributes:
        allowed: Objects by (privilege, object) for statements by name.
        touched: Tables by (operation, table), with the objects named on the way.
        ran: Tables with the roles as which their triggers have run.
        refused: Those that a trigger refused, though no privilege was lacking.
        powers: What follows from ownership or the server's account.
        dropping: Roles all that is owned by whom it could drop, which names no relation.
        count: Statements tried.
    """

    allowed: set[tuple[str, str]] = field(default_factory=set)
    touched: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    ran: set[tuple[str, str]] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    powers: set[str] = field(default_factory=set)
    dropping: set[str] = field(default_factory=set)
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Trial:
    privilege: str
    thing: str
    kind: str
    statement: str
    bare: bool = False


def _trials(world: World) -> list[_Trial]:
    found = [
        _Trial(privilege, name, "relation", statement)
        for names, view in ((world.tables, False), (world.views, True))
        for name in names
        for privilege, statement in _statements(world, name, view=view)
    ]
    found += [replace(one, bare=True) for one in found if one.thing in world.undone]
    found += [_Trial("EXECUTE", name, "function", f"SELECT {name}()") for name in world.functions]
    special = {
        DATABASE_OWNER: "COMMENT ON DATABASE :\"DBNAME\" IS 'x'",
        SERVER_ACCOUNT: "COPY (SELECT 1) TO PROGRAM 'true'",
        f"{SERVER_ACCOUNT} ": "COPY (SELECT 1) TO '/dev/null'",
        READS_EVERYTHING: "SELECT FROM oracle.sentinel",
        f"{READS_EVERYTHING} ": "COPY oracle.inbox FROM '/dev/null'",
    }
    found += [_Trial("", name.strip(), "power", text) for name, text in special.items()]
    found += [
        _Trial("DROP OWNED", owner, "owner", f"DROP OWNED BY {owner} CASCADE")
        for owner in sorted(set(world.owning.values()))
    ]
    return found


def _statements(world: World, name: str, *, view: bool) -> Iterator[tuple[str, str]]:
    """COPY goes past a table's rules; where INSERT asks for nothing, it alone tells who may."""
    copied = name in world.tables and ("INSERT", name) in world.ruled
    for privilege, statement in statements(name, view=view):
        if privilege != "INSERT" or not copied or ("INSERT", name) not in world.idle:
            yield privilege, statement
    # Rows that meet the rules' conditions: for what they touch, not for who is let.
    if ("UPDATE", name) in world.ruled:
        yield "RULED", f"UPDATE {name} SET amount = 2000"
    if ("INSERT", name) in world.ruled:
        yield "RULED", f"INSERT INTO {name} (amount) VALUES (2000)"
    if copied:
        for column in COLUMNS:
            yield "INSERT", f"COPY {name} ({column}) FROM STDIN;\n1\n\\."


def _helping(trial: _Trial, world: World) -> list[str]:
    """What a role may do for itself first, where it has the right to grant it."""
    thing, kind = trial.thing, trial.kind
    if kind in {"power", "owner"}:
        return []
    schema = thing.partition(".")[0]
    steps = [f"GRANT USAGE ON SCHEMA {schema} TO CURRENT_USER"]
    if kind == "function":
        return [*steps, f"GRANT EXECUTE ON FUNCTION {thing}() TO CURRENT_USER"]
    steps += [
        f"GRANT ALL ON {thing} TO CURRENT_USER",
        f"ALTER TABLE {thing} DISABLE ROW LEVEL SECURITY",
    ]
    return [*steps, *(world.undone[thing] if trial.bare else ())]


def attempt(
    cluster: Cluster, database: str, world: World, sessions: Sequence[Session], *, helped: bool
) -> dict[str, Found]:
    """Try everything in every session.

    Args:
        cluster: The server.
        database: The database.
        world: What there is to try.
        sessions: Who tries.
        helped: Whether each session first grants itself what it may.
    """
    trials = _trials(world)
    lines = ["\\o /dev/null", "\\set VERBOSITY sqlstate"]
    for number, session in enumerate(sessions):
        lines.append("BEGIN;")
        lines += ["\\set ON_ERROR_ROLLBACK on", *(f"{step};" for step in session.opening)]
        # What a function's statements name is looked up again: a plan of the session's kept from
        # another role would not ask for USAGE.
        lines.append("DISCARD PLANS;")
        lines.append("\\set ON_ERROR_ROLLBACK off")
        before = None
        for index, trial in enumerate(trials):
            if helped and (trial.thing, trial.bare) != before:
                if before:
                    lines.append("ROLLBACK TO thing;")
                lines += ["SAVEPOINT thing;", "\\set ON_ERROR_ROLLBACK on"]
                lines += [f"{step};" for step in _helping(trial, world)]
                lines.append("\\set ON_ERROR_ROLLBACK off")
                before = (trial.thing, trial.bare)
            lines += [
                "SAVEPOINT one;",
                "\\set hits ''",
                trial.statement if trial.statement.endswith("\\.") else f"{trial.statement};",
                "\\set code :SQLSTATE",
                "SELECT current_setting('oracle.hits', true) AS hits \\gset",
                f"\\echo @{number} {index} :code :hits",
                "ROLLBACK TO one;",
            ]
        lines.append("ROLLBACK;")
    found = {session.name: Found() for session in sessions}
    for line in cluster.psql(database, "\n".join(lines), stop=False).splitlines():
        if line.startswith("@"):
            who, which, code, *hits = line[1:].split()
            _note(found[sessions[int(who)].name], trials[int(which)], code, hits)
    assert all(one.count == len(trials) for one in found.values())
    return found


def _note(found: Found, trial: _Trial, code: str, hits: list[str]) -> None:
    found.count += 1
    if code == DENIED:
        return
    if trial.kind == "power":
        found.powers.add(trial.thing)
        return
    if code in IMPOSSIBLE and trial.kind == "relation":
        return
    if trial.kind == "owner":
        found.dropping.add(trial.thing)
        return
    if code == RAISED:
        found.refused.add((trial.privilege, trial.thing))
        return
    if trial.statement.startswith("COPY") and code != "00000":
        return  # Not with row security, whoever it is.
    found.allowed.add((trial.privilege, trial.thing))
    for hit in ",".join(hits).split(","):
        table, _, rest = hit.partition(":")
        operation, _, user = rest.partition(":")
        if operation:
            found.ran.add((table, user))
            found.touched.setdefault((operation, table), set()).add(trial.thing)


def reachable(cluster: Cluster, database: str, world: World) -> dict[str, list[str]]:
    """Role → roles that a session of it may take with SET ROLE, itself included."""
    lines = ["\\o /dev/null", "\\set VERBOSITY sqlstate"]
    for role in world.roles:
        for other in (*world.roles, *world.predefined):
            lines += [
                "BEGIN;",
                f"SET SESSION AUTHORIZATION {role};",
                f"SET ROLE {other};",
                f"\\echo @{role} {other} :SQLSTATE",
                "ROLLBACK;",
            ]
    found: dict[str, list[str]] = {role: [] for role in world.roles}
    for line in cluster.psql(database, "\n".join(lines), stop=False).splitlines():
        role, other, code = line.removeprefix("@").split()
        if code != DENIED:
            found[role].append(other)
    return found


def self_granting(role: str, takes: Iterable[str], world: World) -> Session:
    """A session that has granted itself every role it has ADMIN on, as any role it may take."""
    steps = [f"SET SESSION AUTHORIZATION {role}"]
    for other in takes:
        steps.append(f"SET ROLE {other}")
        steps += [f"GRANT {given} TO {role}" for given in world.roles if given != role]
    return Session(f"{role} after granting itself", (*steps, "RESET ROLE"))


def role_making(role: str, world: World, predefined: Iterable[str]) -> Session:
    """A session of a new role that CREATEROLE has made and given every role it may."""
    steps = [f"SET SESSION AUTHORIZATION {role}", "CREATE ROLE fresh LOGIN INHERIT"]
    steps += [f"GRANT {given} TO fresh" for given in (*world.roles, *predefined)]
    steps += ["RESET SESSION AUTHORIZATION", "SET SESSION AUTHORIZATION fresh"]
    return Session(f"a new role by {role}", tuple(steps))
