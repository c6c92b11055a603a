"""Random databases with still more: policies, chains of keys, partitions, columns asked for.

What is added has dice of its own again, so that the other worlds stay as they are.
"""

import random

from tests.postgres.planted import Planter
from tests.postgres.world import COLUMNS, TABLE_RIGHTS, World

_TABLE = "(id int DEFAULT 2, amount numeric DEFAULT 5, note text DEFAULT 'n')"
_PASSES = {
    "INSERT": "WITH CHECK (true)",
    "SELECT": "USING (true)",
    "DELETE": "USING (true)",
    "UPDATE": "USING (true) WITH CHECK (true)",
    "ALL": "USING (true)",
}
_OPTIONS = (
    "",
    "WITH (security_barrier = true)",
    "WITH (security_invoker = true)",
    "WITH (security_invoker = true, security_barrier = true)",
)
_SHAPES = (
    "SELECT id AS amount, amount AS id, note FROM {0}",
    "SELECT id, amount, note FROM {0} WHERE amount > 0 WITH LOCAL CHECK OPTION",
    "SELECT id, amount, note FROM {0} WHERE EXISTS (SELECT 1 FROM {1} o WHERE o.id >= 0)",
    "SELECT id, amount, NULL::text AS note FROM {0}",
    "SELECT id, amount * 2 AS amount, note FROM {0}",
)
#: What looks at columns, of the table that is changed and of another one.
_STATEMENTS = (
    "UPDATE {0} SET amount = amount + 1",
    "UPDATE {0} SET amount = amount + 1 WHERE id >= 0",
    "UPDATE {0} SET note = note WHERE EXISTS (SELECT 1 FROM {1} o WHERE o.id >= 0)",
    "UPDATE {0} z SET note = o.note FROM {1} o WHERE o.id >= z.id - 100",
    "DELETE FROM {0} WHERE id >= 0",
    "DELETE FROM {0} WHERE EXISTS (SELECT 1 FROM {1} o)",
    "DELETE FROM {0} z USING {1} o WHERE o.id >= z.id - 100",
    "INSERT INTO {0} (note) SELECT note FROM {1}",
    "INSERT INTO {0} (id, amount) SELECT o.id, o.amount FROM {1} o WHERE o.note IS NOT NULL",
    "MERGE INTO {0} z USING {1} o ON o.id >= z.id - 100 WHEN MATCHED THEN UPDATE SET note = 'm'",
    (
        "WITH gone AS (DELETE FROM {0} z RETURNING z.note) INSERT INTO {1} (note)"
        " SELECT gone.note FROM gone"
    ),
)
_BODIES = (
    "{0}",
    "BEGIN {0}; END",
    "DECLARE v text := 'x'; BEGIN {0}; END",
    "BEGIN IF true THEN {0}; END IF; END",
    "BEGIN FOR i IN 1..2 LOOP {0}; END LOOP; END",
)


class Widener(Planter):
    """The planted world first."""

    def make(self) -> World:
        """The whole database."""
        world = super().make()
        self.rng = random.Random(f"wider {self.seed}")
        self.make_policies()
        self.make_chain()
        self.make_partitions()
        for number in range(4):
            self.make_other_view(number)
        for number in range(7):
            self.make_stating(number)
        self.make_instead()
        table = self.rng.choice(self.plain())
        self.say(f"GRANT {self.rng.choice(TABLE_RIGHTS)} ON {table} TO pg_database_owner")
        self.spread()
        return world

    def plain(self) -> list[str]:
        """Tables of the first world."""
        return [name for name in self.world.tables if ".t" in name]

    def make_policies(self) -> None:
        """Policies of every sort, which let everything through."""
        for table in self.rng.sample(self.plain(), 2):
            self.say(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            for number in range(self.rng.randint(1, 4)):
                command = self.rng.choice(tuple(_PASSES))
                who = self.rng.choice(("PUBLIC", self.role(), f"{self.role()}, {self.role()}"))
                kind = self.rng.choice(("", "", "AS RESTRICTIVE"))
                self.say(
                    f"CREATE POLICY wide{number} ON {table} {kind} FOR {command} TO {who}"
                    f" {_PASSES[command]}"
                )

    def make_chain(self) -> None:
        """A table that refers to one that refers to one."""
        schema = self.rng.choice(self.schemas)
        names = [f"{schema}.{name}" for name in ("ca", "cb", "cc")]
        unique = _TABLE.replace("id int DEFAULT 2", "id int PRIMARY KEY DEFAULT 2")
        self.say(f"CREATE TABLE {names[0]} {unique}")
        for number in (1, 2):
            action = self.rng.choice(("CASCADE", "CASCADE", "SET NULL", "SET DEFAULT"))
            key = f"REFERENCES {names[number - 1]} (id) ON DELETE {action} ON UPDATE CASCADE"
            column = f"id int UNIQUE DEFAULT NULL {key}"
            self.say(f"CREATE TABLE {names[number]} {_TABLE.replace('id int DEFAULT 2', column)}")
        for name in names:
            self.say(f"INSERT INTO {name} VALUES (1, 5, 'n')")
            self.fixed.add(name)
            self.settle(name)
            self.say(f"GRANT USAGE ON SCHEMA {schema} TO {self.owner[name]}")

    def make_partitions(self) -> None:
        """A partitioned table whose partition is partitioned, with a leaf elsewhere."""
        schema = self.rng.choice(self.schemas)
        root, below = f"{schema}.top_root", f"{schema}.middle_root"
        leaf = f"{self.rng.choice(self.schemas)}.bottom"
        self.say(f"CREATE TABLE {root} {_TABLE} PARTITION BY LIST (id)")
        self.say(f"CREATE TABLE {below} PARTITION OF {root} DEFAULT PARTITION BY LIST (note)")
        self.say(f"CREATE TABLE {leaf} PARTITION OF {below} DEFAULT")
        self.say(f"INSERT INTO {root} VALUES (1, 5, 'n')")
        for name in (root, below, leaf):
            self.settle(name)
        self.world.parents |= {below: root, leaf: below}

    def make_other_view(self, number: int) -> None:
        """A view whose columns are others', or that looks at a second table."""
        name = f"{self.rng.choice(self.schemas)}.w{number}"
        whole = [view for view in self.world.views if view in self.world.copies]
        base = self.rng.choice(self.world.tables * 2 + whole)
        other = self.rng.choice([table for table in self.world.tables if table != base])
        query = self.rng.choice(_SHAPES).format(base, other)
        self.say(f"CREATE VIEW {name} {self.rng.choice(_OPTIONS)} AS {query}")
        self.world.views.append(name)
        self.world.copies[name] = base
        self.own_view(name, base)

    def make_stating(self, number: int) -> None:
        """A security definer whose statement asks for columns, which its owner may not have."""
        # MERGE and RETURNING are refused where there are rules.
        free = [name for name in self.plain() if all(on != name for _, on in self.world.ruled)]
        table, other = self.rng.sample(free, 2)
        name = f"{self.rng.choice(self.schemas)}.g{number}"
        form = self.rng.choice(_BODIES)
        body = form.format(self.rng.choice(_STATEMENTS).format(table, other))
        language = "sql" if form == "{0}" else "plpgsql"
        owner = self.rng.choice((self.owner[table], self.role()))
        self.say(
            f"CREATE FUNCTION {name}() RETURNS void LANGUAGE {language} SECURITY DEFINER"
            f" AS $body${body}$body$"
        )
        self.say(f"ALTER FUNCTION {name}() OWNER TO {owner}")
        for thing in (table, other):
            if self.chance(0.5):
                right = self.rng.choice(("SELECT", "UPDATE", "INSERT"))
                columns = ", ".join(self.rng.sample(COLUMNS, self.rng.randint(1, 2)))
                self.say(f"GRANT {right} ({columns}) ON {thing} TO {owner}")
            if self.chance(0.5):
                self.say(f"GRANT USAGE ON SCHEMA {thing.partition('.')[0]} TO {owner}")
        if self.chance(0.5):
            self.say(f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC")
            self.say(f"GRANT EXECUTE ON FUNCTION {name}() TO {self.grantee()}")
        self.world.functions[name] = ""
        self.world.owners[name] = owner

    def make_instead(self) -> None:
        """A trigger in the place of what is done to a view, as its writer or its owner."""
        view, table = self.rng.choice(self.world.views), self.rng.choice(self.plain())
        event = self.rng.choice(("INSERT", "UPDATE", "DELETE"))
        if (event, view) in self.world.ruled:
            return
        function = f"{table.partition('.')[0]}.instead()"
        how = self.rng.choice(("", "SECURITY DEFINER"))
        body = f"BEGIN INSERT INTO {table} (note) VALUES ('i'); RETURN coalesce(NEW, OLD); END"
        self.say(
            f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql {how}"
            f" AS $body${body}$body$"
        )
        if how:
            self.say(f"ALTER FUNCTION {function} OWNER TO {self.role()}")
        self.say(
            f"CREATE TRIGGER instead INSTEAD OF {event} ON {view} FOR EACH ROW"
            f" EXECUTE FUNCTION {function}"
        )
