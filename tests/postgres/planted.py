"""Random databases with more: rules, triggers, TRIGGER, REFERENCES, default privileges."""

import random

from tests.postgres.world import Maker, World

_ACTIONS = ("insert", "insert", "update", "delete", "nothing", "nothing", "select", "two")
_EVENTS = ("INSERT", "UPDATE", "DELETE")
_VOLATILE = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {how} AS $body${body}$body$"


class Planter(Maker):
    """The plain world first, by the same dice; what is added has dice of its own."""

    def make(self) -> World:
        """The whole database."""
        world = super().make()
        self.rng = random.Random(f"planted {self.seed}")
        for number in range(self.rng.randint(4, 7)):
            self.make_rule(number)
        self.spread()
        self.make_invoker()
        self.make_attaching()
        self.make_defaults()
        return world

    def make_rule(self, number: int) -> None:
        """A rule on a table or view; whatever its owner may or may not do."""
        plain = [name for name in self.world.tables if ".t" in name]
        on = self.rng.choice(plain + self.world.views)
        event, what = self.rng.choice(_EVENTS), self.rng.choice(_ACTIONS)
        target = self.rng.choice([name for name in plain if name != on])
        how = self.rng.choice(("ALSO", "INSTEAD", "INSTEAD"))
        known = "OLD" if event == "DELETE" else "NEW"
        where = f"WHERE {known}.amount > 1000" if self.chance(0.25) else ""
        action = {
            "insert": f"INSERT INTO {target} (note) VALUES ({known}.note)",
            "update": f"UPDATE {target} SET note = {known}.note",
            "delete": f"DELETE FROM {target}",
            "nothing": "NOTHING",
            "select": f"SELECT note FROM {target}",
            "two": f"(INSERT INTO {target} (note) VALUES ('r'); DELETE FROM {target})",
        }[what]
        if self.chance(0.6) and on in self.owner:
            # Half of the time the owner may do what the rule does.
            rights = "SELECT, INSERT, UPDATE, DELETE"
            self.say(f"GRANT {rights} ON {target} TO {self.owner[on]}")
        self.say(f"CREATE RULE rule{number} AS ON {event} TO {on} {where} DO {how} {action}")
        self.world.ruled.add((event, on))
        if on in plain:
            self.undo(on, f"RULE rule{number}")
        if how == "INSTEAD" and (what == "nothing" or where):
            self.world.idle.add((event, on))
        for done in ("INSERT", "DELETE") if what == "two" else (what.upper(),):
            self.world.becoming.add(((event, on), (done, target)))
        if self.chance(0.15) and on in plain:
            self.say(f"ALTER TABLE {on} DISABLE RULE rule{number}")
        elif what == "select" and how == "INSTEAD" and not where:
            self.world.returning[event, on] = target

    def spread(self) -> None:
        """What becomes something idle is idle: through a view, and through another rule."""
        for view, base in self.world.copies.items():
            self.world.becoming |= {((event, view), (event, base)) for event in _EVENTS}
        while more := {one for one, other in self.world.becoming if other in self.world.idle}:
            if more <= self.world.idle:
                return
            self.world.idle |= more

    def make_invoker(self) -> None:
        """A trigger that copies as whoever writes, and one that refuses."""
        plain = [name for name in self.world.tables if ".t" in name]
        source, target = self.rng.sample(plain, 2)
        schema = source.partition(".")[0]
        body = f"BEGIN INSERT INTO {target} (note) VALUES (NEW.note); RETURN NULL; END"
        self.say(_VOLATILE.format(name=f"{schema}.carry", how="", body=body))
        self.say(
            f"CREATE TRIGGER carry AFTER INSERT ON {source} FOR EACH ROW"
            f" EXECUTE FUNCTION {schema}.carry()"
        )
        self.undo(source, "TRIGGER carry")
        guarded = self.rng.choice(plain)
        body = "BEGIN RAISE EXCEPTION 'append only'; END"
        self.say(_VOLATILE.format(name=f"{schema}.keep", how="", body=body))
        self.say(
            f"CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON {guarded}"
            f" EXECUTE FUNCTION {schema}.keep()"
        )
        self.undo(guarded, "TRIGGER keep")
        if self.chance(0.5):
            self.say(f"REVOKE EXECUTE ON FUNCTION {schema}.carry() FROM PUBLIC")

    def undo(self, name: str, what: str) -> None:
        """Note how the relation's owner switches it off."""
        self.world.undone.setdefault(name, []).append(f"ALTER TABLE {name} DISABLE {what}")

    def make_attaching(self) -> None:
        """TRIGGER and REFERENCES for some, and who can make anything of its own."""
        things = [name for name in self.world.tables if name not in self.fixed]
        for name in self.rng.sample(things, 4) + self.rng.sample(self.world.views, 2):
            self.say(f"GRANT TRIGGER ON {name} TO {self.grantee()}")
        for name in self.rng.sample(things, 3):
            column = " (id)" if self.chance(0.3) else ""
            self.say(f"GRANT REFERENCES{column} ON {name} TO {self.grantee()}")
        if self.chance(0.5):
            self.say('REVOKE TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC')
            self.say(f'GRANT TEMPORARY ON DATABASE :"DBNAME" TO {self.role()}')
        if self.chance(0.3):
            self.say("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
            self.say(f"GRANT USAGE ON LANGUAGE plpgsql TO {self.role()}")
        if self.chance(0.3):
            self.say(f'GRANT CREATE ON DATABASE :"DBNAME" TO {self.role()}')

    def make_defaults(self) -> None:
        """Default privileges, for everything and for one schema, given and taken."""
        for _ in range(self.rng.randint(3, 6)):
            right = self.rng.choice(("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"))
            where = f"IN SCHEMA {self.rng.choice(self.schemas)}" if self.chance(0.6) else ""
            self.say(
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {self.rng.choice(self.builders())} {where}"
                f" GRANT {right} ON TABLES TO {self.grantee()}"
            )
        if self.chance(0.3):
            builder = self.rng.choice(self.builders())
            self.say(
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {builder} REVOKE INSERT ON TABLES"
                f" FROM {builder}"
            )

    def builders(self) -> list[str]:
        """Roles that make relations anew in the trials."""
        return self.world.roles[3:6]
