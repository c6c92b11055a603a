"""One random world: truth by trying, answers by policy and by facts, and how they differ."""

from dataclasses import dataclass, field
from pathlib import Path

from nhigraph.facts.facts import Edge, Fact, Node, Refused
from nhigraph.facts.keys import mysql as names
from nhigraph.ingest.document import Document
from nhigraph.policy.mysql import hosts
from nhigraph.policy.mysql.access import Access, Power
from nhigraph.policy.mysql.catalog import PUBLIC, Who
from nhigraph.policy.mysql.effects import Effects
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.sources import mysql as source
from nhigraph.sources.mysql.records import read_export
from tests.mysql.server import Server
from tests.mysql.trials import Found, attempt, witness
from tests.mysql.world import USERS, Maker, World
from tests.postgres.walker import Walker

EXPORT = Path(__file__).resolve().parents[2] / "queries" / "export" / "mysql.sql"
OPTIONS = ("-f", '--init-command=SET @host="db.internal", @port=3306')
VIEWS = "SELECT CONCAT('`', table_schema, '`.', table_name) FROM information_schema.views;"
PLAIN = ("SELECT", "INSERT", "UPDATE", "DELETE")
#: Effect on a table → the state and action by which facts say it.
STATES = {
    "INSERT": ("ALTER", "post"),
    "UPDATE": ("ALTER", "update"),
    "DELETE": ("OMIT", None),
    "SELECT": ("READ", None),
}


@dataclass
class Comparison:
    """What came of it.

    Attributes:
        statements: Answers of the policy on single statements.
        settled: Answers of the facts that no condition leaves open.
        open: Answers of the facts that depend on a condition.
        differences: Where an answer is not the truth.
        tried: Statements really tried.
        allowed: Those of them that were let.
    """

    statements: int = 0
    unsure: int = 0
    settled: int = 0
    open: int = 0
    yes: int = 0
    differences: list[str] = field(default_factory=list)
    tried: int = 0
    allowed: int = 0


def export(server: Server, path: Path, user: str = "root") -> Document:
    """Run the export as documented."""
    ran = server.run(EXPORT.read_text(encoding="utf-8"), user, *OPTIONS)
    path.write_text(ran.out, encoding="utf-8")
    return Document(path, path.name)


def compare(server: Server, folder: Path, seed: int) -> Comparison:
    """Make the world of a seed, compare every answer, and take it away again."""
    world = Maker(seed).make()
    try:
        made = server.run(world.script)
        there = server.run(
            "SELECT CONCAT('`', table_schema, '`.', table_name) FROM information_schema.views;"
        ).out.splitlines()
        world.views = {name: of for name, of in world.views.items() if name in there}
        # A right on a view that nobody can use is refused.
        assert set(made.errors.values()) <= {1356, 1449, 1146}, made.err[:2000]
        doc = export(server, folder / f"{seed}.mysql.json")
        planted = server.run(witness(world))
        assert not planted.errors, planted.err[:2000]
        return _Case(server, seed, world, doc).run()
    finally:
        server.run(world.undoing)


def name_of(thing: str) -> tuple[str, str]:
    """Schema and name of a relation as a statement names it."""
    schema, _, name = thing.partition(".")
    return schema.strip("`"), name


class _Case:
    def __init__(self, server: Server, seed: int, world: World, doc: Document) -> None:
        self.server, self.seed, self.world = server, seed, world
        self.found = Comparison()
        self.facts: list[Fact] = list(source.read(doc))
        refused = [fact for fact in self.facts if isinstance(fact, Refused)]
        assert not refused, refused[0]
        nodes = {fact.key for fact in self.facts if isinstance(fact, Node)}
        for fact in self.facts:
            if isinstance(fact, Edge):
                ends = {fact.source, fact.target, *(need.at for need in fact.needs)}
                assert ends <= nodes, f"{ends - nodes} have no node"
        self.catalog = read_export(doc).catalog
        self.access = Access(self.catalog)
        self.effects = Effects(self.catalog, self.access)

    def run(self) -> Comparison:
        walkers = {
            (certain, action): Walker(self.facts, certain=certain, writing=action)
            for certain in (True, False)
            for action in ("post", "update", None)
        }
        for user in USERS:
            who = hosts.account_of(user, "localhost", self.catalog.accounts)
            if who is None:
                assert self.server.run("SELECT 1;", user).err, f"{user} was let in"
                continue
            said = self.server.run("SELECT CURRENT_USER();", user).out.strip()
            if said != who.name:
                self.differ("account", user, "localhost", "is", (said, who.name))
                continue
            sessions = self.sessions(user, who)
            self.facts_of(who, sessions, walkers)
        return self.found

    def sessions(self, user: str, who: Who) -> dict[str, Found]:
        """All sessions of an account, each compared statement by statement."""
        takes = self.access.takes(who)
        found = {}
        for role in ("", *self.world.roles):
            if role:
                self.found.statements += 1
                truth = not self.server.run(f"SET ROLE {role};", user).errors
                said = takes.get(Who(role, None), Answer.NO)
                if said is not Answer.MAYBE and (said is Answer.YES) is not truth:
                    self.differ("takes", who.name, role, "SET ROLE", (truth, said))
                if not truth:
                    continue
            opening = [f"SET ROLE {role or 'NONE'}"]
            session = attempt(self.server, self.world, user, opening)
            self.found.tried += session.count
            self.found.allowed += len(session.allowed)
            self.statements(who, role, session)
            found[role] = session
        return found

    def differ(self, what: str, who: object, thing: str, right: str, said: object) -> None:
        self.found.differences.append(f"{self.seed}: {what} {who} {right} {thing}: {said}")

    # --- the policy, statement by statement ----------------------------------------------------

    def power(self, who: Who, role: str, ask: str, *thing: str) -> Power:
        parts = [who, *([Who(role, None)] if role else []), Who(PUBLIC, None)]
        total = Power()
        for one in parts:
            if one in self.catalog.accounts:
                found: Power = getattr(self.access, ask)(one, *thing)
                if one == who and role and self.shares(who, Who(role, None)):
                    # Whose global rights the session has is not told: its own or another's.
                    found = Power(found.sure - self.access.everywhere(who), found.may)
                total |= found
        return total

    def shares(self, who: Who, role: Who) -> bool:
        """Whether another account of the name was granted the role, and may be asked for it."""
        return any(
            one.role == role
            and one.member != who
            and one.member.user == who.user
            and hosts.matches(one.member.host or "", "localhost")
            for one in self.catalog.memberships
        )

    def statements(self, who: Who, role: str, session: Found) -> None:
        for thing in (*self.world.tables, *self.world.views):
            for right in (*PLAIN, "DROP", "ALTER", "CREATE", "INSERT NOTHING"):
                of_tables = thing in self.world.views and right not in (*PLAIN, "DROP")
                truth = (right, thing) in session.allowed
                blocked = not truth and (right, thing) in session.blocked
                if (right, thing) not in session.impossible and not of_tables and not blocked:
                    said = self.statement(who, role, right, name_of(thing))
                    self.judge((who.name, role), thing, right, truth, said, session)
        for thing, sort in self.world.routines.items():
            truth = ("EXECUTE", thing) in session.allowed
            said = self.call(who, role, thing, sort, truth=truth)
            self.judge((who.name, role), thing, "EXECUTE", truth, said, session)

    def judge(
        self, who: object, thing: str, right: str, truth: bool, said: Answer, session: Found
    ) -> None:
        self.found.statements += 1
        if said is Answer.MAYBE:
            self.found.unsure += 1
        elif (said is Answer.YES) is not truth:
            code = session.refused.get((right, thing))
            self.differ("statement", who, thing, right, (truth, code, said))

    def call(self, who: Who, role: str, thing: str, sort: str, *, truth: bool) -> Answer:
        """Whether a call is let; a later step may be refused, and what it did before stays."""
        schema, name = name_of(thing)
        mine = self.power(who, role, "on_routine", schema, sort.lower(), name).answer("EXECUTE")
        code = next(one for one in self.catalog.code if one.name == (schema, name))
        if code.invoker:
            return mine if truth else min(mine, Answer.MAYBE)
        said = min(mine, self.effects.by(who).of_call(code).answer)
        return said if truth else min(said, Answer.MAYBE)

    def statement(self, who: Who, role: str, right: str, name: tuple[str, str]) -> Answer:
        if right in ("DROP", "ALTER", "CREATE"):
            return self.power(who, role, "on_relation", *name).answer(right)
        if right == "INSERT NOTHING":
            return self.power(who, role, "on_relation", *name).answer("INSERT") or (
                Answer.MAYBE
                if self.power(who, role, "on_columns", *name).answer("INSERT")
                else Answer.NO
            )
        mine = self.power(who, role, "on_columns", *name).answer(right)
        outcome = self.effects.by(who).of(right, name)
        relation = self.catalog.relations[name]
        if relation.view and relation.definer is None and outcome.answer is not Answer.NO:
            return min(mine, self.invoked(who, role, right, name))
        return min(mine, outcome.answer)

    def invoked(self, who: Who, role: str, right: str, name: tuple[str, str]) -> Answer:
        """Whether the caller has what a view with its caller's rights needs, of a table."""
        body = self.effects.query(self.catalog.relations[name])
        (step,) = body.steps
        base = (step.thing[0], step.thing[1])
        if self.catalog.relations[base].view:
            return Answer.MAYBE
        asked = self.effects.asked(right, self.catalog.relations[name])
        mine = self.power(who, "", "on_relation", *base).answer(*asked)
        if role and self.shares(who, Who(role, None)):
            mine = min(mine, Answer.MAYBE)
        if mine is not Answer.YES:
            some = self.power(who, role, "on_columns", *base).answer(*asked)
            return Answer.MAYBE if some else Answer.NO
        return self.effects.by(who).of(right, base).answer

    # --- the facts, effect by effect ------------------------------------------------------------

    def facts_of(
        self,
        who: Who,
        sessions: dict[str, Found],
        walkers: dict[tuple[bool, str | None], Walker],
    ) -> None:
        key = names.account(who.user, who.host)
        held = {which: walker.held(key) for which, walker in walkers.items()}
        for table in self.world.tables:
            dataset = names.dataset(*name_of(table))
            for effect, (state, action) in STATES.items():
                truth = any(self.does(one, table, effect) for one in sessions.values())
                can, may = ((dataset, state) in held[certain, action] for certain in (True, False))
                if can is may:
                    self.found.settled += 1
                    self.found.yes += can
                else:
                    self.found.open += 1
                if not (can <= truth <= may):
                    self.differ("facts", who.name, table, effect, (truth, can, may))

    def does(self, session: Found, table: str, effect: str) -> bool:
        """Whether a session really has an effect on a table."""
        allowed = session.allowed
        if effect == "SELECT":
            return any(
                table in self.seen(thing)
                for right, thing in allowed
                if right in ("SELECT", "EXECUTE")
            )
        # Rows that others refer to stand against it, and no right.
        let = {thing for right, thing in session.blocked if right == effect}
        if (effect, table) in allowed or any(table in self.seen(thing) for thing in let):
            return True
        shaped = ("DROP", table) in allowed
        altered = ("ALTER", table) in allowed
        if effect == "DELETE" and (shaped or altered):
            return True
        if effect == "UPDATE" and altered:
            return True
        anew = ("CREATE", table) in allowed and ("INSERT NOTHING", table) in allowed
        if (
            effect in ("INSERT", "UPDATE")
            and shaped
            and anew
            and altered
            and (("SELECT", table) in allowed)
        ):
            return True
        return any((table, effect) in changes for changes in session.changed.values())

    def seen(self, thing: str) -> set[str]:
        """Tables whose values somebody sees by reading or calling something."""
        found = {thing}
        for one in (*self.world.views.get(thing, ()), *self.world.shown.get(thing, ())):
            found |= self.seen(one)
        return found
