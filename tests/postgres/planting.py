"""What works through others, compared: attached code, whom it runs as, keys, rebuilt tables."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node
from nhigraph.ingest.document import Document
from nhigraph.policy.postgres.catalog import Catalog
from nhigraph.policy.postgres.defaults import acl_of_new
from nhigraph.policy.postgres.effects import Effects
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.planting import Planting
from nhigraph.policy.postgres.rights import ALL_DATA, Rights
from nhigraph.policy.postgres.statement import How
from nhigraph.sources import postgres as source
from nhigraph.sources.postgres.records import read_export
from tests.postgres import attempts, trials
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT
from tests.postgres.planted import Planter
from tests.postgres.trials import Session
from tests.postgres.walker import Walker
from tests.postgres.world import World

_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


@dataclass
class Planted:
    """What came of it: answers by kind, and where one is not the truth."""

    answers: Counter[str] = field(default_factory=Counter)
    yes: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def compare(cluster: Cluster, folder: Path, seed: int) -> Planted:
    """Make the database of a seed, compare every answer, and drop it again."""
    maker = Planter(seed)
    world, name = maker.make(), f"erp{seed}"
    cluster.psql("postgres", f"CREATE DATABASE {name};")
    try:
        cluster.psql(name, "".join(f"{line};\n" for line in world.sql))
        path = folder / f"{name}.postgres.json"
        path.write_text(cluster.export(EXPORT, name), encoding="utf-8")
        return _Case(cluster, name, world, maker.schemas, Document(path, path.name)).run(maker)
    finally:
        cluster.psql("postgres", f"DROP DATABASE {name};")
        cluster.psql("postgres", "".join(f"DROP ROLE {role};" for role in world.roles))


class _Case:
    def __init__(
        self, cluster: Cluster, name: str, world: World, schemas: Sequence[str], doc: Document
    ) -> None:
        self.cluster, self.name, self.world, self.schemas = cluster, name, world, schemas
        self.catalog: Catalog = read_export(doc).catalog
        self.facts: list[Fact] = list(source.read(doc))
        self.nodes = {fact.key for fact in self.facts if isinstance(fact, Node)}
        self.roles = Roles(self.catalog)
        self.possible = Roles(self.catalog, possible=True)
        self.rights = Rights(self.catalog, self.roles)
        self.found = Planted()
        walker = Walker(self.facts, certain=True, planted=True)
        start = {
            role: keys.Role(keys.database("postgres", name), role).text for role in world.roles
        }
        self.held = {role: walker.held(key) for role, key in start.items()}
        self.takes = trials.reachable(cluster, name, world)

    def run(self, maker: Planter) -> Planted:
        self.writers()
        plain = self.ordinary()
        self.settled = {role for role in plain if not self.gives_itself(role)}
        opening = {role: self.opening(role) for role in plain}
        takes = {role: self.takes[role] for role in plain}
        common = (self.cluster, self.name, self.world, opening, takes, self.schemas)
        self.attaching(attempts.attached(*common), plain)
        self.referring(attempts.referred(*common), plain)
        for builder in maker.builders():
            for table in self.world.tables[:2]:
                self.rebuilt(builder, table)
        return self.found

    def judge(self, kind: str, thing: str, said: bool, truth: bool) -> None:
        self.found.answers[kind] += 1
        self.found.yes[kind] += truth
        if said is not truth:
            self.found.differences.append(f"{self.name}: {kind} {thing}: {said}")

    def summed(self, kind: str, role: str, thing: str, said: bool, truth: bool) -> None:
        """An answer of which one half may be one role's, the other half another's.

        The facts add up what roles have that are taken one after the other; all that it opens is
        conditional.
        """
        if said and not truth and len(self.takes[role]) > 1:
            self.found.answers["summed"] += 1
        else:
            self.judge(kind, f"{role} {thing}", said, truth)

    def ordinary(self) -> list[str]:
        """Roles that come to no superuser's or server's power, and make no roles."""
        catalog = self.catalog
        special = {
            role.name
            for role in catalog.roles.values()
            if role.superuser or role.createrole or role.name.startswith("pg_")
        } - set(ALL_DATA.values())
        return [
            role
            for role in self.world.roles
            if not special & {*self.takes[role], *self.having(role)}
        ]

    def gives_itself(self, role: str) -> bool:
        """Whether any role it may take can grant itself another."""
        admin = {one.member for one in self.catalog.memberships if one.admin}
        return any(admin & set(self.having(taken)) for taken in self.takes[role])

    def having(self, role: str) -> list[str]:
        """Roles whose rights it has."""
        names = self.catalog.roles
        return [n for n in names if self.roles.has(self.roles.with_rights_of(n), role)]

    def opening(self, role: str) -> list[str]:
        """A session that has granted itself what it may."""
        return list(trials.self_granting(role, self.takes[role], self.world).opening)

    # --- whom a trigger runs as ----------------------------------------------------------------

    def writers(self) -> None:
        """Everybody as whom a statement of a role's session fires the table's triggers."""
        self.cluster.psql(self.name, trials.witness(self.world.tables))
        sessions = [
            Session(role, (f"SET SESSION AUTHORIZATION {role}",))
            for role in (*self.world.roles, *self.world.predefined)
        ]
        tried = trials.attempt(self.cluster, self.name, self.world, sessions, helped=False)
        ran = {(table, user) for one in tried.values() for table, user in one.ran}
        effects = Effects(self.catalog, self.rights)
        planting = Planting(self.catalog, self.rights, effects)
        for table in self.world.tables:
            schema, _, plain = table.partition(".")
            relation = self.catalog.relations[schema, plain]
            mask = planting.writers(relation)
            # What a trigger of the database refuses is undone with all that another one did.
            statements = [(self.catalog.relations[n], p) for n, p in planting.fired_by(relation)]
            refusing = any(
                effects.refusals((one, right, How.NAMED)) != (self.roles.everyone, "")
                for one, right in statements
            )
            for role in self.world.roles:
                truth = any((table, other) in ran for other in self.takes[role])
                if refusing and not truth:
                    continue
                self.judge("runs as", f"{role} {table}", self.roles.has(mask, role), truth)

    # --- who attaches and refers ---------------------------------------------------------------

    def key(self, privilege: str, thing: str) -> str:
        name = keys.dotted(*thing.split(".", 1))
        return keys.Grant(keys.database("postgres", self.name), privilege, name).text

    def holds(self, role: str, *grants: str) -> bool:
        return all((grant, "CONTROL") in self.held[role] for grant in grants)

    def owned(self, role: str, thing: str) -> bool:
        """Whether it has the owner's rights, or may give them to itself."""
        schema, _, name = thing.partition(".")
        mask = self.possible.with_rights_of(self.catalog.relations[schema, name].owner)
        return any(self.possible.has(mask, taken) for taken in self.takes[role])

    def attaching(self, truth: set[tuple[str, str]], plain: list[str]) -> None:
        made = self.key("make", "functions")
        code = self.key("make", "code")
        needs = (made, code) if code in self.nodes else (made,)
        for role in plain:
            for thing in (*self.world.tables, *self.world.views):
                key = self.key("trigger", thing)
                if key in self.nodes:
                    said = self.holds(role, key, *needs)
                    self.summed("attach", role, thing, said, (role, thing) in truth)
                elif (role, thing) in truth:
                    # Only its owner attaches anything to it, and reaches nobody thereby.
                    self.judge("attach", f"{role} {thing}", self.owned(role, thing), truth=True)

    def referring(self, truth: set[tuple[str, str]], plain: list[str]) -> None:
        for role in plain:
            for table in self.world.tables:
                key = self.key("references", table)
                if self.owned(role, table):
                    continue  # It needs no key to keep others from its table.
                self.judge(
                    "refer", f"{role} {table}", self.holds(role, key), (role, table) in truth
                )

    # --- what is made anew ---------------------------------------------------------------------

    def rebuilt(self, builder: str, table: str) -> None:
        schema, _, plain = table.partition(".")
        relation = self.catalog.relations[schema, plain]
        truth = attempts.rebuilt(self.cluster, self.name, builder, table, self.world.roles)
        anew = replace(
            relation,
            owner=builder,
            acl=acl_of_new(self.catalog, builder, schema),
            row_security=False,
            force_row_security=False,
        )
        catalog = replace(
            self.catalog,
            relations={**self.catalog.relations, relation.name: anew},
            rules=tuple(rule for rule in self.catalog.rules if rule.relation != relation.name),
        )
        rights = Rights(catalog, Roles(catalog))
        for right in _RIGHTS:
            mask = rights.statement(anew, right)
            others = self.roles.superusers | self.roles.with_rights_of(builder)
            if right in ALL_DATA:
                others |= self.roles.with_rights_of(ALL_DATA[right])
            key = self.key(f"default {right.lower()}", f"{builder}.{schema}")
            for role in self.world.roles:
                what = f"{role} {right} {table} by {builder}"
                self.judge("rebuilt", what, self.roles.has(mask, role), (role, right) in truth)
                if role not in self.settled:
                    continue
                taken = [one for one in self.takes[role] if one in self.world.roles]
                if not others & self.roles.mask(taken):
                    opened = any((one, right) in truth for one in taken)
                    self.judge("default", what, self.holds(role, key), opened)
