"""Random worlds: schemas, accounts, roles, grants, views, routines, triggers and keys."""

import random
from dataclasses import dataclass, field

SCHEMAS = ("fa", "fb", "f_")
#: What a grant on schemas may be on; a backslash makes the next wildcard a letter.
PATTERNS = ("fa", "fb", "f\\_", "f_", "f%", "%", "%a", "fa%", "_a", "f\\_%")
HOSTS = ("localhost", "localhost", "%", "local%", "lo_alhost", "elsewhere", "l%t", "10.0.0.%")
USERS = ("ann", "bob", "cyd", "dan")
ROLES = ("red", "sea", "sky", "tan")
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
SHAPES = ("DROP", "ALTER", "CREATE")
COLUMNS = ("id", "amount")
_TABLES = ("global_priv", "db", "tables_priv", "columns_priv", "procs_priv")


def account(user: str, host: str) -> str:
    """An account as a statement names it."""
    return f"`{user}`@`{host}`"


@dataclass
class World:
    """One server's contents.

    Attributes:
        sql: Statements that make it.
        tables: Base tables.
        views: View to the relations it reads.
        routines: Routine to its sort.
        shown: Routine to the tables whose rows it returns.
        accounts: Accounts, by user and host.
        roles: Roles.
    """

    sql: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    views: dict[str, list[str]] = field(default_factory=dict)
    routines: dict[str, str] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    accounts: list[tuple[str, str]] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)

    @property
    def script(self) -> str:
        """All statements, some of which hold semicolons."""
        return (
            "DELIMITER //\n"
            + "".join(f"{one}//\n" for one in self.sql)
            + "DELIMITER ;\nFLUSH PRIVILEGES;\n"
        )

    @property
    def undoing(self) -> str:
        """Statements that take everything away again."""
        schemas = "".join(f"DROP DATABASE IF EXISTS `{one}`;\n" for one in (*SCHEMAS, "oracle"))
        people = "".join(f"DROP USER {account(*one)};\n" for one in self.accounts)
        roles = "".join(f"DROP ROLE {one};\n" for one in self.roles)
        public = "".join(f"DELETE FROM mysql.{one} WHERE User = 'PUBLIC';\n" for one in _TABLES)
        whole = "SET foreign_key_checks = 0;\n" + schemas + people + roles + public
        return f"{whole}FLUSH PRIVILEGES;\n"


class Maker:
    """Makes the world of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.world = World()

    def make(self) -> World:
        self._tables()
        self._people()
        for _ in range(self.random.randint(14, 24)):
            self._grant()
        self._views()
        self._routines()
        self._triggers()
        # Rights on what was made since, and a few more that a statement looks up.
        for _ in range(self.random.randint(14, 24)):
            self._grant(all_things=True)
        return self.world

    def say(self, statement: str) -> None:
        self.world.sql.append(statement)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def _tables(self) -> None:
        for schema in SCHEMAS:
            self.say(f"CREATE DATABASE `{schema}`")
            for number in range(2):
                name = f"`{schema}`.t{number}"
                self.world.tables.append(name)
                self.say(
                    f"CREATE TABLE {name} (id INT DEFAULT 0 PRIMARY KEY, amount INT) ENGINE=InnoDB"
                )
                self.say(f"INSERT INTO {name} (id, amount) VALUES (1, 10), (2, 20)")
        # A key that refuses is about the second row, one that changes rows about the first.
        rules = (("CASCADE", "SET NULL"), ("RESTRICT", "NO ACTION"))
        for schema in SCHEMAS:
            if self.chance(0.6):
                parent = self.random.choice(self.world.tables[: 2 * len(SCHEMAS)])
                child = f"`{schema}`.kid"
                row = self.random.randint(1, 2)
                deleted, updated = (self.random.choice(rules[row - 1]) for _ in range(2))
                self.world.tables.append(child)
                self.say(
                    f"CREATE TABLE {child} (id INT DEFAULT 0 PRIMARY KEY, amount INT, ref INT,"
                    f" FOREIGN KEY (ref) REFERENCES {parent} (id)"
                    f" ON DELETE {deleted} ON UPDATE {updated}) ENGINE=InnoDB"
                )
                self.say(f"INSERT INTO {child} VALUES (1, 10, {row}), (2, 20, {row})")

    def _people(self) -> None:
        world = self.world
        for user in USERS:
            for host in {self.random.choice(HOSTS) for _ in range(self.random.randint(1, 3))}:
                world.accounts.append((user, host))
        if self.chance(0.4):
            world.accounts.append(("", self.random.choice(("localhost", "%", "local%"))))
        world.accounts.sort()
        for user, host in world.accounts:
            self.say(f"CREATE USER {account(user, host)}")
        self._roles()

    def _roles(self) -> None:
        world = self.world
        world.roles = list(ROLES[: self.random.randint(2, 4)])
        for role in world.roles:
            self.say(f"CREATE ROLE {role}")
        for at, role in enumerate(world.roles):
            for other in world.roles[at + 1 :]:
                if self.chance(0.35):
                    self.say(f"GRANT {other} TO {role}")
        for user, host in world.accounts:
            who = account(user, host)
            mine = [role for role in world.roles if user and self.chance(0.35)]
            for role in mine:
                self.say(f"GRANT {role} TO {who}")
            if mine and self.chance(0.5):
                self.say(f"SET DEFAULT ROLE {self.random.choice(mine)} FOR {who}")

    def who(self) -> str:
        """Somebody to grant to."""
        if self.chance(0.05):
            return "PUBLIC"
        if self.chance(0.35):
            return self.random.choice(self.world.roles)
        return account(*self.random.choice(self.world.accounts))

    def definer(self) -> str:
        """Somebody whose rights code has; sometimes nobody, or a host without an account."""
        if self.chance(0.08):
            return account("ghost", "localhost")
        if self.chance(0.1):
            return account(self.random.choice(USERS), "faraway")
        if self.chance(0.15):
            return "`root`@`localhost`"
        if self.chance(0.1):
            return self.random.choice(self.world.roles)
        return account(*self.random.choice([one for one in self.world.accounts if one[0]]))

    def _rights(self) -> str:
        found = [one for one in RIGHTS if self.chance(0.4)]
        found += [one for one in (*SHAPES, "TRIGGER", "EXECUTE") if self.chance(0.2)]
        return ", ".join(found or [self.random.choice(RIGHTS)])

    def _grant(self, *, all_things: bool = False) -> None:
        who, dice = self.who(), self.random.random()
        things = [*self.world.tables, *(self.world.views if all_things else ())]
        if dice < 0.06:
            self.say(f"GRANT {self.random.choice(RIGHTS)} ON *.* TO {who}")
        elif dice < 0.4:
            self.say(f"GRANT {self._rights()} ON `{self.random.choice(PATTERNS)}`.* TO {who}")
        elif dice < 0.7 or not (all_things and self.world.routines):
            rights = self._rights().replace(", EXECUTE", "").replace("EXECUTE", "SELECT")
            self.say(f"GRANT {rights} ON {self.random.choice(things)} TO {who}")
        elif dice < 0.8:
            right, column = self.random.choice(RIGHTS[:3]), self.random.choice(COLUMNS)
            self.say(f"GRANT {right} ({column}) ON {self.random.choice(things)} TO {who}")
        else:
            name = self.random.choice(sorted(self.world.routines))
            sort = self.world.routines[name]
            self.say(f"GRANT EXECUTE ON {sort} {name} TO {who}")

    def _views(self) -> None:
        for number in range(self.random.randint(2, 4)):
            schema = self.random.choice(SCHEMAS)
            base = self.random.choice([*self.world.tables, *self.world.views])
            name = f"`{schema}`.v{number}"
            security = self.random.choice(("DEFINER", "DEFINER", "INVOKER"))
            query = f"SELECT id, amount FROM {base}"
            if self.chance(0.2):
                query = f"SELECT amount, COUNT(*) AS id FROM {base} GROUP BY amount"
            elif self.chance(0.2):
                query += " WHERE amount < 1000"
            self.world.views[name] = [base]
            self.say(
                f"CREATE DEFINER={self.definer()} SQL SECURITY {security} VIEW {name} AS {query}"
            )

    def _statement(self, number: int) -> str:
        """One that a body holds; tables only, as a view's refusals are tried by themselves."""
        table, other = (self.random.choice(self.world.tables) for _ in range(2))
        return self.random.choice(
            (
                f"INSERT INTO {table} (id, amount) VALUES ({900 + number}, 5)",
                f"UPDATE {table} SET amount = 77",
                f"UPDATE {table} SET amount = amount + 1 WHERE id < 50",
                f"DELETE FROM {table}",
                f"INSERT INTO {table} (id, amount) SELECT id + 700, amount FROM {other}",
            )
        )

    def _routines(self) -> None:
        for number in range(self.random.randint(2, 4)):
            name = f"`{self.random.choice(SCHEMAS)}`.p{number}"
            security = self.random.choice(("DEFINER", "DEFINER", "DEFINER", "INVOKER"))
            body, shown = self._statement(number), []
            dice = self.random.random()
            if dice < 0.25:
                table = self.random.choice(self.world.tables)
                body, shown = f"SELECT id, amount FROM {table}", [table]
            elif dice < 0.45 and self.world.routines:
                other = self.random.choice(sorted(self.world.routines))
                shown = self.world.shown[other]
                if self.world.routines[other] == "PROCEDURE":
                    body = f"BEGIN {body}; CALL {other}(); END"
                else:
                    shown = []
            elif dice < 0.6:
                body = f"BEGIN IF 1 = 1 THEN {body}; END IF; END"
            self.world.routines[name] = "PROCEDURE"
            self.world.shown[name] = shown
            made = f"CREATE DEFINER={self.definer()} PROCEDURE {name}()"
            self.say(f"{made} SQL SECURITY {security} {body}")

    def _triggers(self) -> None:
        for number in range(self.random.randint(1, 3)):
            table = self.random.choice(self.world.tables)
            schema = table.partition(".")[0]
            event = self.random.choice(("INSERT", "UPDATE", "DELETE"))
            body = self.random.choice((self._statement(20 + number), "SET @seen = 1"))
            if event != "DELETE" and self.chance(0.3):
                body = "SET NEW.amount = 3"
            timing = (
                "BEFORE" if body.startswith("SET NEW") else self.random.choice(("BEFORE", "AFTER"))
            )
            self.say(
                f"CREATE DEFINER={self.definer()} TRIGGER {schema}.g{number} {timing} {event}"
                f" ON {table} FOR EACH ROW {body}"
            )
