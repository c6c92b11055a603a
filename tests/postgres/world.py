"""Random databases: SQL that makes one, and what the maker knows about it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

COLUMNS = ("id", "amount", "note")
TABLE_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
PREDEFINED = (
    "pg_read_all_data",
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_write_all_data",
    "pg_signal_backend",
    "pg_monitor",
)
SERVER = ("pg_execute_server_program", "pg_write_server_files", "pg_read_server_files")
OPEN_POLICY = "CREATE POLICY open_{cmd} ON {table} FOR {cmd} TO {who} {what}"

#: What a trigger's function does: for every event, for some, or behind what may end it.
COPYING = (
    "INSERT INTO {0} (note) VALUES ('t');",
    "IF TG_OP = 'INSERT' THEN INSERT INTO {0} (note) VALUES ('t'); END IF;",
    "IF TG_OP <> 'UPDATE' THEN RETURN NULL; END IF; INSERT INTO {0} (note) VALUES ('t');",
    (
        "CASE TG_OP WHEN 'DELETE', 'UPDATE' THEN INSERT INTO {0} (note) VALUES ('t'); ELSE NULL;"
        " END CASE;"
    ),
    "IF TG_LEVEL = 'ROW' THEN RETURN NULL; END IF; INSERT INTO {0} (note) VALUES ('t');",
    "IF TG_LEVEL = 'STATEMENT' THEN RETURN NULL; END IF; INSERT INTO {0} (note) VALUES ('t');",
    (
        "BEGIN INSERT INTO {0} (note) VALUES ('t'); RAISE EXCEPTION 'x';"
        " EXCEPTION WHEN OTHERS THEN NULL; END;"
    ),
)


@dataclass
class World:
    """One database.

    Attributes:
        sql: Statements that make it, run by a superuser.
        roles: Its roles.
        tables: Tables as ``schema.name``.
        copies: View → the relation whose values it shows as they are.
        views: All views.
        functions: Callable security-definer functions → table whose rows they return, or "".
        owners: Owner of each of these functions and views.
        owning: Owner of each table that does not belong to who made the cluster.
        opaque: Functions that build what they run.
        parents: Child table → parent.
        predefined: Predefined roles that somebody was granted.
        ruled: Event and relation of each rule.
        undone: Relation → what its owner does to be rid of its rules and triggers.
        becoming: Event and relation → the same of what a view or a rule makes of it.
        returning: Event and relation → the relation whose rows a rule returns.
        idle: Those where nobody is asked for a privilege, or the server refuses in any case.
    """

    sql: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    views: list[str] = field(default_factory=list)
    functions: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    owning: dict[str, str] = field(default_factory=dict)
    opaque: set[str] = field(default_factory=set)
    parents: dict[str, str] = field(default_factory=dict)
    predefined: list[str] = field(default_factory=list)
    ruled: set[tuple[str, str]] = field(default_factory=set)
    undone: dict[str, list[str]] = field(default_factory=dict)
    becoming: set[tuple[tuple[str, str], tuple[str, str]]] = field(default_factory=set)
    returning: dict[tuple[str, str], str] = field(default_factory=dict)
    idle: set[tuple[str, str]] = field(default_factory=set)


class Maker:
    """Rolls the dice."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.seed = seed
        self.world = World()
        self.schemas: list[str] = []
        self.owner: dict[str, str] = {}
        self.fixed: set[str] = set()

    def say(self, statement: str) -> None:
        """Add a statement."""
        self.world.sql.append(statement)

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.rng.random() < share

    def role(self) -> str:
        """Some role."""
        return self.rng.choice(self.world.roles)

    def grantee(self) -> str:
        """Some role, or everybody."""
        return "PUBLIC" if self.chance(0.08) else self.role()

    def make(self) -> World:
        """The whole database."""
        self.make_roles()
        self.make_schemas()
        for number in range(7):
            self.make_table(number)
        self.make_family()
        self.make_reference()
        for number in range(8):
            self.make_view(number)
        for number in range(9):
            self.make_function(number)
        self.make_trigger()
        return self.world

    def make_roles(self) -> None:
        """Roles with attributes, and memberships without a circle."""
        special = {
            0: "SUPERUSER",
            1: "BYPASSRLS",
            2: "CREATEROLE" if self.seed % 3 == 0 else "CREATEDB",
        }
        for number in range(12):
            name = f"r{number}"
            login = "LOGIN" if self.chance(0.6) else "NOLOGIN"
            inherit = "INHERIT" if self.chance(0.65) else "NOINHERIT"
            self.say(f"CREATE ROLE {name} {login} {inherit} {special.get(number, '')}")
            self.world.roles.append(name)
        for number in range(3, 12):
            for other in range(number + 1, 12):
                if self.chance(0.16):
                    admin = "WITH ADMIN OPTION" if self.chance(0.3) else ""
                    self.say(f"GRANT r{other} TO r{number} {admin}")
        if self.chance(0.3):
            self.say(f"GRANT r{self.rng.choice((0, 1, 2))} TO r{self.rng.randint(3, 6)}")
        given = self.rng.sample(PREDEFINED, 2)
        given += [self.rng.choice(SERVER)] if self.seed % 4 == 1 else []
        for name in given:
            self.say(f"GRANT {name} TO r{self.rng.randint(3, 11)}")
        self.world.predefined = sorted(set(given))
        if self.chance(0.5):
            self.say(f'ALTER DATABASE :"DBNAME" OWNER TO {self.role()}')

    def make_schemas(self) -> None:
        """Schemas that some may use, and one that everybody may."""
        for number in range(4):
            name = f"s{number}"
            self.schemas.append(name)
            self.say(f"CREATE SCHEMA {name}")
            owner = self.role() if self.chance(0.6) else "postgres"
            self.say(f"ALTER SCHEMA {name} OWNER TO {owner}")
            if number == 0:
                self.say(f"GRANT USAGE ON SCHEMA {name} TO PUBLIC")
            for grantee in self.rng.sample(self.world.roles, 4):
                self.say(f"GRANT USAGE ON SCHEMA {name} TO {grantee}")
            if self.chance(0.3):
                self.say(f"GRANT CREATE ON SCHEMA {name} TO {self.grantee()}")
            if self.chance(0.3):
                self.say(
                    f"ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT INSERT ON TABLES"
                    f" TO {self.role()}"
                )

    def make_table(self, number: int) -> None:
        """A table with a row, an owner, grants and perhaps row security."""
        name = f"{self.rng.choice(self.schemas)}.t{number}"
        self.say(
            f"CREATE TABLE {name} (id int DEFAULT 2, amount numeric DEFAULT 5,"
            " note text DEFAULT 'n')"
        )
        self.say(f"INSERT INTO {name} VALUES (1, 5, 'n')")
        self.settle(name)
        if self.chance(0.25):
            self.guard(name)

    def settle(self, name: str) -> None:
        """Give a table its owner and its grants."""
        self.world.tables.append(name)
        self.owner[name] = self.role() if self.chance(0.7) else "postgres"
        if self.owner[name] in self.world.roles:
            self.world.owning[name] = self.owner[name]
        self.say(f"ALTER TABLE {name} OWNER TO {self.owner[name]}")
        self.grants(name, TABLE_RIGHTS)

    def grants(self, name: str, rights: tuple[str, ...]) -> None:
        """Grants on a whole relation and on columns, and now and then the owner's revoked."""
        for _ in range(self.rng.randint(1, 5)):
            chosen = self.rng.sample(rights, self.rng.randint(1, 3))
            option = " WITH GRANT OPTION" if self.chance(0.2) else ""
            grantee = self.grantee()
            option = "" if grantee == "PUBLIC" else option
            self.say(f"GRANT {', '.join(chosen)} ON {name} TO {grantee}{option}")
        for _ in range(self.rng.randint(0, 2)):
            right = self.rng.choice(("SELECT", "INSERT", "UPDATE"))
            columns = ", ".join(self.rng.sample(COLUMNS, self.rng.randint(1, 2)))
            self.say(f"GRANT {right} ({columns}) ON {name} TO {self.grantee()}")
        if self.chance(0.15) and name not in self.fixed:
            right = self.rng.choice(("SELECT", "INSERT", "DELETE"))
            self.say(f"REVOKE {right} ON {name} FROM {self.owner[name]}")

    def guard(self, name: str) -> None:
        """Row security, with policies that let everything through or none at all."""
        self.say(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        if self.chance(0.3):
            self.say(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        who = "PUBLIC" if self.chance(0.7) else self.role()
        for command, what in (("SELECT", "USING (true)"), ("INSERT", "WITH CHECK (true)")):
            if self.chance(0.6):
                self.say(OPEN_POLICY.format(cmd=command, table=name, who=who, what=what))

    def make_family(self) -> None:
        """A partitioned table with its partition, and a child by inheritance."""
        schema = self.rng.choice(self.schemas)
        root, leaf = f"{schema}.root", f"{schema}.leaf"
        self.say(
            f"CREATE TABLE {root} (id int DEFAULT 2, amount numeric DEFAULT 5,"
            " note text DEFAULT 'n') PARTITION BY LIST (id)"
        )
        self.say(f"CREATE TABLE {leaf} PARTITION OF {root} DEFAULT")
        self.say(f"INSERT INTO {root} VALUES (1, 5, 'n')")
        parent = next((name for name in self.world.tables if name.startswith(f"{schema}.")), None)
        self.settle(root)
        self.settle(leaf)
        self.world.parents[leaf] = root
        if parent is not None:
            child = f"{schema}.child"
            self.say(f"CREATE TABLE {child} () INHERITS ({parent})")
            self.say(f"INSERT INTO {child} VALUES (1, 5, 'n')")
            self.settle(child)
            self.world.parents[child] = parent

    def make_reference(self) -> None:
        """A key whose referential actions reach a table nobody was granted."""
        schema = self.rng.choice(self.schemas)
        one, many = f"{schema}.head", f"{schema}.line"
        action = self.rng.choice(("CASCADE", "SET NULL"))
        self.say(
            f"CREATE TABLE {one} (id int PRIMARY KEY DEFAULT 2, amount numeric DEFAULT 5,"
            " note text DEFAULT 'n')"
        )
        self.say(
            f"CREATE TABLE {many} (id int DEFAULT NULL REFERENCES {one} ON DELETE {action}"
            " ON UPDATE CASCADE, amount numeric DEFAULT 5, note text DEFAULT 'n')"
        )
        for name in (one, many):
            self.say(f"INSERT INTO {name} VALUES (1, 5, 'n')")
            self.fixed.add(name)
            self.settle(name)
            # Keys are checked with the rights of the tables' owners.
            self.say(f"GRANT USAGE ON SCHEMA {schema} TO {self.owner[name]}")

    def make_view(self, number: int) -> None:
        """A view over a table or an earlier view, with whatever rights its owner has."""
        name = f"{self.rng.choice(self.schemas)}.v{number}"
        whole = [view for view in self.world.views if view in self.world.copies]
        base = self.rng.choice(self.world.tables * 2 + whole)
        options = " WITH (security_invoker = true)" if self.chance(0.3) else ""
        shape = self.rng.choice(("plain", "plain", "where", "sum", "twice"))
        columns = "id, amount, note"
        query = {
            "plain": f"SELECT {columns} FROM {base}",
            "where": f"SELECT {columns} FROM {base} WHERE amount > 0",
            "sum": f"SELECT count(*) AS id, sum(amount) AS amount, max(note) AS note FROM {base}",
            "twice": f"SELECT {columns} FROM {base} UNION ALL SELECT {columns} FROM {base}",
        }[shape]
        self.say(f"CREATE VIEW {name}{options} AS {query}")
        self.world.views.append(name)
        if shape in ("plain", "where"):
            self.world.copies[name] = base
        self.own_view(name, base)

    def own_view(self, name: str, base: str) -> None:
        """A view's owner, often that of the table below it, and rights on it."""
        below = base
        while below in self.world.copies:
            below = self.world.copies[below]
        self.owner[name] = self.owner.get(below, "postgres") if self.chance(0.5) else self.role()
        self.world.owners[name] = self.owner[name]
        self.say(f"ALTER VIEW {name} OWNER TO {self.owner[name]}")
        self.grants(name, TABLE_RIGHTS[:4])

    def make_function(self, number: int) -> None:
        """A function, mostly a security definer, mostly owned by who owns what it touches."""
        schema = self.rng.choice(self.schemas)
        target = self.rng.choice(self.world.tables + list(self.world.copies))
        name = f"{schema}.f{number}"
        returns, language, body, extra = "void", "sql", "", ""
        shape = self.rng.choice(("insert", "update", "delete", "two", "read", "path", "dynamic"))
        if shape == "two":
            second = self.rng.choice(self.world.tables)
            language = "plpgsql"
            body = (
                f"DECLARE n int := 1; BEGIN INSERT INTO {target} (note) VALUES ('it''s; x');"
                f" UPDATE {second} SET note = 'y'; END"
            )
        elif shape == "dynamic":
            language = "plpgsql"
            body = f"BEGIN EXECUTE 'DELETE FROM {target}'; END"
        elif shape == "read":
            returns, body = "SETOF text", f"SELECT note FROM {target}"
        elif shape == "path":
            place, _, plain = target.partition(".")
            extra, body = f"SET search_path = {place}", f"DELETE FROM {plain}"
        else:
            body = {
                "insert": f"INSERT INTO {target} (note) VALUES ('f')",
                "update": f"UPDATE {target} SET note = 'f'",
                "delete": f"DELETE FROM {target}",
            }[shape]
        owner = self.owner[target] if self.chance(0.7) else self.role()
        if shape == "path":
            # Without it the name would not be found at all, which is no lack of a privilege.
            self.say(f"GRANT USAGE ON SCHEMA {place} TO {owner}")
        definer = "SECURITY DEFINER" if self.chance(0.85) else ""
        self.say(
            f"CREATE FUNCTION {name}() RETURNS {returns} LANGUAGE {language} {definer} {extra}"
            f" AS $body${body}$body$"
        )
        self.say(f"ALTER FUNCTION {name}() OWNER TO {owner}")
        if self.chance(0.5):
            self.say(f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC")
            self.say(f"GRANT EXECUTE ON FUNCTION {name}() TO {self.grantee()}")
        if definer:
            self.world.functions[name] = target if shape == "read" else ""
            self.world.owners[name] = owner
            if shape == "dynamic":
                self.world.opaque.add(name)

    def make_trigger(self) -> None:
        """A security-definer trigger that copies what is written into another table."""
        plain = [name for name in self.world.tables if name[3:].startswith("t")]
        source, target = self.rng.sample(plain, 2)
        schema = target.partition(".")[0]
        owner = self.owner[target]
        self.say(f"GRANT USAGE ON SCHEMA {schema} TO {owner}")
        self.say(f"GRANT INSERT ON {target} TO {owner}")
        self.say(f"ALTER TABLE {target} DISABLE ROW LEVEL SECURITY")
        self.say(
            f"CREATE FUNCTION {schema}.copy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
            f" AS $body$BEGIN {self.rng.choice(COPYING).format(target)} RETURN NULL; END$body$"
        )
        self.say(f"ALTER FUNCTION {schema}.copy() OWNER TO {owner}")
        events = self.rng.choice(
            ("INSERT", "UPDATE", "INSERT OR DELETE", "UPDATE OF amount", "DELETE OR UPDATE OF id")
        )
        when = " WHEN (pg_trigger_depth() > 99)" if self.chance(0.15) else ""
        self.say(
            f"CREATE TRIGGER copy AFTER {events} ON {source}"
            f" FOR EACH STATEMENT{when} EXECUTE FUNCTION {schema}.copy()"
        )


def statements(name: str, *, view: bool) -> Iterator[tuple[str, str]]:
    """Privilege and statement, for everything that may be tried on a relation."""
    for column in COLUMNS:
        yield "SELECT", f"SELECT {column} FROM {name}"
        yield "INSERT", f"INSERT INTO {name} ({column}) VALUES (DEFAULT)"
        yield "UPDATE", f"UPDATE {name} SET {column} = DEFAULT"
    yield "INSERT", f"INSERT INTO {name} DEFAULT VALUES"
    yield "DELETE", f"DELETE FROM {name}"
    if not view:
        yield "TRUNCATE", f"TRUNCATE {name} CASCADE"
        yield "DROP", f"DROP TABLE {name} CASCADE"
