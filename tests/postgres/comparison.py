"""One random database: truth by trying, answers by policy and by facts, and how they differ."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Node, Refused
from nhigraph.ingest.document import Document
from nhigraph.policy.postgres.catalog import Relation
from nhigraph.policy.postgres.effects import Effects
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.rights import STATEMENTS, UPDATABLE_BIT, Rights
from nhigraph.policy.postgres.statement import How
from nhigraph.schema.types import Certainty
from nhigraph.sources import postgres as source
from nhigraph.sources.postgres.records import read_export
from tests.postgres import trials
from tests.postgres.cluster import Cluster
from tests.postgres.planted import Planter
from tests.postgres.trials import Found, Session
from tests.postgres.walker import Walker
from tests.postgres.world import World

EXPORT = Path(__file__).resolve().parents[2] / "queries" / "export" / "postgres.sql"
PREDEFINED = (
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_execute_server_program",
    "pg_write_server_files",
    "pg_read_server_files",
)
#: Effect on a table → the operations that are it, and the state and action facts say it with.
EFFECTS = {
    "INSERT": (("INSERT",), "ALTER", "post"),
    "UPDATE": (("UPDATE",), "ALTER", "update"),
    "DELETE": (("DELETE", "TRUNCATE"), "OMIT", None),
    "SELECT": ((), "READ", None),
}


@dataclass
class Comparison:
    """What came of it.

    Attributes:
        statements: Answers of the policy on single statements.
        settled: Answers of the facts that no condition leaves open.
        open: Answers of the facts that depend on a condition.
        differences: Where an answer is not the truth.
        kinds: How many answers differ from ``has_table_privilege``, by why.
        tried: Statements really tried.
    """

    statements: int = 0
    settled: int = 0
    open: int = 0
    differences: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    tried: int = 0


def compare(
    cluster: Cluster, folder: Path, seed: int, maker: type[Planter] = Planter
) -> Comparison:
    """Make the database of a seed, compare every answer, and drop it again."""
    world = maker(seed).make()
    name = f"erp{seed}"
    cluster.psql("postgres", f"CREATE DATABASE {name};")
    try:
        cluster.psql(name, "".join(f"{line};\n" for line in world.sql))
        path = folder / f"{name}.postgres.json"
        path.write_text(cluster.export(EXPORT, name), encoding="utf-8")
        doc = Document(path, path.name)
        return _Case(cluster, name, world, doc).run()
    finally:
        cluster.psql("postgres", f"DROP DATABASE {name};")
        cluster.psql("postgres", "".join(f"DROP ROLE {role};" for role in world.roles))


def writable(view: Relation, right: str) -> bool:
    """Whether PostgreSQL itself says that the view passes the statement on."""
    return bool(view.updatable & UPDATABLE_BIT.get(right, 0))


class _Case:
    def __init__(self, cluster: Cluster, name: str, world: World, doc: Document) -> None:
        self.cluster, self.name, self.world, self.doc = cluster, name, world, doc
        self.found = Comparison()
        self.facts: list[Fact] = list(source.read(doc))
        refused = [fact for fact in self.facts if isinstance(fact, Refused)]
        assert not refused, refused[0]
        self.doing = {
            fact.source
            for fact in self.facts
            if isinstance(fact, Edge) and fact.certainty is Certainty.CERTAIN
        }
        self.nodes = nodes = {fact.key for fact in self.facts if isinstance(fact, Node)}
        for fact in self.facts:
            if isinstance(fact, Edge):
                ends = {fact.source, fact.target, *(need.at for need in fact.needs)}
                assert ends <= nodes, f"{ends - nodes} have no node"

    def run(self) -> Comparison:
        self.privileges = self.has_table_privilege()
        self.cluster.psql(self.name, trials.witness(self.world.tables))
        everyone = (*self.world.roles, *self.world.predefined)
        plain = [Session(r, (f"SET SESSION AUTHORIZATION {r}",)) for r in everyone]
        alone = self.attempt(plain, helped=False)
        catalog = read_export(self.doc).catalog
        self.roles = Roles(catalog)
        self.compare_statements(alone)
        self.takes = trials.reachable(self.cluster, self.name, self.world)
        more = [
            trials.self_granting(role, self.takes[role], self.world) for role in self.world.roles
        ]
        makers = [r for r in self.world.roles if catalog.roles[r].createrole]
        new = [trials.role_making(role, self.world, PREDEFINED) for role in makers]
        helped = self.attempt([*plain, *more, *new], helped=True)
        self.compare_facts(alone, helped, makers)
        return self.found

    def attempt(self, sessions: list[Session], *, helped: bool) -> dict[str, Found]:
        found = trials.attempt(self.cluster, self.name, self.world, sessions, helped=helped)
        self.found.tried += sum(one.count for one in found.values())
        return found

    def has_table_privilege(self) -> set[tuple[str, str, str]]:
        """What PostgreSQL's own function says, which looks at the table's ACL only."""
        query = (
            "SELECT r.rolname, c.oid::regclass, p FROM pg_roles r, pg_class c,"
            f" unnest(ARRAY{list(STATEMENTS)}) p WHERE r.rolname ~ '^r[0-9]' AND"
            " c.relkind IN ('r', 'p', 'v') AND c.relnamespace::regnamespace::text ~ '^s[0-9]'"
            " AND has_table_privilege(r.oid, c.oid, p);"
        )
        lines = self.cluster.psql(self.name, query).splitlines()
        found = set()
        for line in lines:
            role, table, privilege = line.split("|")
            found.add((role, table, privilege))
        return found

    def differ(self, what: str, role: str, thing: str, right: str, said: object) -> None:
        self.found.differences.append(f"{self.name}: {what} {role} {right} {thing}: {said}")

    # --- the policy, statement by statement ----------------------------------------------------

    def compare_statements(self, alone: dict[str, Found]) -> None:
        catalog = read_export(self.doc).catalog
        rights = Rights(catalog, Roles(catalog))
        effects = Effects(catalog, rights)
        for thing in (*self.world.tables, *self.world.views):
            schema, _, name = thing.partition(".")
            relation = catalog.relations[schema, name]
            for right in STATEMENTS:
                if relation.kind == "v" and right != "SELECT" and not writable(relation, right):
                    continue  # Refused for everybody, and not for lack of a privilege.
                if (right, thing) in self.world.idle and (
                    relation.kind == "v" or right != "INSERT"
                ):
                    continue
                passed, _ = effects.refusals((relation, right, How.NAMED))
                copied = right == "INSERT" and (right, thing) in self.world.ruled
                if copied and passed != rights.roles.everyone:
                    continue  # By COPY other triggers refuse than by INSERT.
                mask = rights.statement(relation, right) & passed
                bound = relation.row_security and right == "INSERT"
                for role in self.world.roles:
                    said = rights.roles.has(mask, role)
                    truth = (right, thing) in alone[role].allowed | alone[role].refused
                    free = rights.roles.has(rights.bypassing(relation), role)
                    if bound and said and not free:
                        continue  # A policy decides, which the facts say as a condition.
                    self.found.statements += 1
                    if said is not truth:
                        self.differ("statement", role, thing, right, said)

    # --- the facts, identity by identity -------------------------------------------------------

    def compare_facts(
        self, alone: dict[str, Found], helped: dict[str, Found], makers: list[str]
    ) -> None:
        database = self.name
        for role in self.world.roles:
            takes = self.takes[role]
            sessions = {name: helped[name] for name in takes}
            for name in takes:
                if name in self.world.roles:
                    later = f"{name} after granting itself"
                    sessions[later] = helped[later]
                if name in makers:
                    sessions["new"] = helped[f"a new role by {name}"]
            start = keys.Role(keys.database("postgres", database), role).text
            held = {
                (certain, action): Walker(self.facts, certain=certain, writing=action).held(start)
                for certain in (True, False)
                for action in ("post", "update", None)
            }
            for table in self.world.tables:
                for effect, (_, state, action) in EFFECTS.items():
                    at = (self.dataset(table), state)
                    can, may = at in held[True, action], at in held[False, action]
                    truth = self.truth(sessions, table, effect)
                    self.judge(role, table, effect, truth, can, may)
                    self.classify(role, table, effect, truth, alone, sessions)
            self.compare_views(role, start, sessions)
            self.compare_calls(role, held, sessions)

    def compare_views(self, role: str, start: str, sessions: dict[str, Found]) -> None:
        """Reading a view: a right on the view itself, flows and containers left out."""
        if any(one.powers for one in sessions.values()):
            return
        held = {
            certain: Walker(self.facts, certain=certain, flowing=False).held(start)
            for certain in (True, False)
        }
        for view in self.world.views:
            readers = [name for name, shown in self.world.functions.items() if shown == view]
            ways = {("SELECT", view), *(("EXECUTE", name) for name in readers)}
            unmended = self.unmended(sessions, self.world.owners[view])
            truth = any(ways & one.allowed for one in unmended)
            at = (self.dataset(view), "READ")
            self.judge(role, view, "SELECT", truth, at in held[True], at in held[False])
            direct = (role, view, "SELECT") in self.privileges
            if direct and not truth:
                self.found.kinds["views"] += 1

    def compare_calls(
        self,
        role: str,
        held: dict[tuple[bool, str | None], set[tuple[str, str]]],
        sessions: dict[str, Found],
    ) -> None:
        if any(trials.SERVER_ACCOUNT in one.powers for one in sessions.values()):
            return
        for name in self.world.functions:
            if name in self.world.opaque:
                continue
            unmended = self.unmended(sessions, self.world.owners[name])
            truth = any(("EXECUTE", name) in one.allowed for one in unmended)
            thing = keys.dotted(*f"{name}()".split(".", 1))
            key = keys.Grant(keys.database("postgres", self.name), "execute", thing).text
            may, can = ((key, "CONTROL") in held[certain, None] for certain in (False, True))
            does = any(
                name in things for one in sessions.values() for things in one.touched.values()
            )
            if key not in self.nodes and not does and not self.world.functions[name]:
                continue  # A rule has left nothing of what it does.
            # Row security of what it writes can refuse the call.
            self.judge(role, name, "EXECUTE", truth, can and key in self.doing, may)

    def unmended(self, sessions: dict[str, Found], owner: str) -> list[Found]:
        """Sessions that have not changed what the owner of a view or function may do.

        What a role grants itself may mend a view or function of its own, or of a role that has
        its rights; it could then do itself what it does through it.
        """
        mending = {
            f"{role} after granting itself"
            for role in self.world.roles
            if self.roles.has(self.roles.with_rights_of(role), owner)
        }
        return [one for name, one in sessions.items() if name not in mending]

    def judge(self, role: str, thing: str, right: str, truth: bool, can: bool, may: bool) -> None:
        if can is not may:
            self.found.open += 1
        else:
            self.found.settled += 1
        if not (can <= truth <= may):
            self.differ("facts", role, thing, right, (truth, can, may))

    def truth(self, sessions: dict[str, Found], table: str, effect: str) -> bool:
        powers = set().union(*(one.powers for one in sessions.values()))
        if trials.SERVER_ACCOUNT in powers:
            return True
        if effect == "SELECT" and trials.READS_EVERYTHING in powers:
            return True
        if effect == "DELETE" and trials.DATABASE_OWNER in powers:
            return True
        return any(self.means(one, table, effect) for one in sessions.values())

    def means(self, one: Found, table: str, effect: str) -> set[str]:
        """Objects by which a session has the effect on the table."""
        if effect == "SELECT":
            return {
                thing
                for right, thing in one.allowed
                if (right == "SELECT" and table in self.shown(thing))
                or (right == "EXECUTE" and table in self.shown(self.world.functions[thing]))
                or any(table in self.shown(seen) for seen in self.returned(right, thing))
            }
        found: set[str] = set()
        below = [table]
        for name in below:
            below += [c for c, parent in self.world.parents.items() if parent == name]
        for name in below:
            for operation in EFFECTS[effect][0]:
                if (operation, name) in one.allowed - self.world.ruled:
                    found.add(name)
                found |= one.touched.get((operation, name), set())
            owner = self.world.owning.get(name)
            if effect == "DELETE" and (("DROP", name) in one.allowed or owner in one.dropping):
                found.add(name)
        return found

    def returned(self, right: str, thing: str) -> list[str]:
        """What rules return to who runs the statement."""
        reached = {(right, thing)}
        while more := {b for a, b in self.world.becoming if a in reached} - reached:
            reached |= more
        return [self.world.returning[one] for one in reached if one in self.world.returning]

    def shown(self, thing: str) -> set[str]:
        """Everything whose values are seen in it."""
        found = {thing}
        while True:
            more = {self.world.copies[name] for name in found if name in self.world.copies}
            more |= {c for c, parent in self.world.parents.items() if parent in found}
            if more <= found:
                return found
            found |= more

    def classify(
        self,
        role: str,
        table: str,
        effect: str,
        truth: bool,
        alone: dict[str, Found],
        sessions: dict[str, Found],
    ) -> None:
        """Count what ``has_table_privilege`` would have said otherwise, by why."""
        claimed = (role, table, effect) in self.privileges
        own = (effect, table) in alone[role].allowed
        if claimed and not own:
            self.found.kinds["schema USAGE"] += 1
        if claimed or not truth:
            return
        means = set().union(*(self.means(one, table, effect) for one in sessions.values()))
        if table not in means:
            kind = "views" if means & set(self.world.views) else ""
            kind = kind or ("functions" if means & set(self.world.functions) else "other")
            self.found.kinds[kind] += 1
        elif not self.means(sessions[role], table, effect):
            self.found.kinds["NOINHERIT"] += 1

    def dataset(self, thing: str) -> str:
        return keys.Dataset.of("postgres", (self.name, *thing.split(".", 1))).text
