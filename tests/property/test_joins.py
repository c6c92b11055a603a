"""Joins read properties that anybody may write: whatever stands there, they end and add up."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from nhigraph.facts.ends import (
    Account,
    Alias,
    Call,
    Container,
    End,
    Endpoint,
    Login,
    Project,
    Step,
    Target,
    Work,
)
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.facts import Value as Property
from nhigraph.facts.values import (
    Connection,
    Input,
    Literal,
    Local,
    Named,
    Port,
    Ref,
    Secret,
    Token,
    Unknown,
    Value,
    Variable,
    Within,
)
from nhigraph.graph.build import build
from nhigraph.graph.store import Graph
from nhigraph.joins import passes
from nhigraph.joins.board import Board
from nhigraph.schema import kinds as k

AT = Evidence("a.json", "/jobs/a", "0" * 64, line=3)
JOBS = ("github:o/r/job/a.yml#a", "github:o/r/job/b.yml#b")
WORKFLOWS = ("github:o/r/workflow/a.yml", "github:o/r/workflow/b.yml")
SECRETS = ("github:o/r/secret/S", "github:o/r/workflow/b.yml/secret/S", "secret:x/password")
ROLES = ("role:postgres:erp/loader", "role:postgres:erp/other")
TABLE = "dataset:postgres:erp.raw.t"
ACTION = "github:o/r/action/x"
ALIASES = (
    Alias(
        "cluster:postgres:main",
        AT,
        one=Endpoint("postgres", host=(Literal("db"),)),
        other=Endpoint("postgres", database=(Literal("main"),)),
    ),
)
TOOLS = ("dbt build", "dbt run", "dbt test", "psql", "pg_dump", "python", "./x", "")
OPTIONS = (
    *("dir", "target", "user", "dbname", "connection", "select", "exclude", "selector"),
    *("profiles-dir", "project-dir", "password", ""),
)
STEPS = (0, 0, 0, 1, None)
WORDS = ("erp", "loader", "other", "", ".", "/", "..", "prod", "t+", "@,+", "state:x", "|", "%")
VARIABLES = (
    "PGUSER",
    "PGPASSWORD",
    "PGDATABASE",
    "PGHOST",
    "DB_USER",
    "DB_PASSWORD",
    "DB_NAME",
    "P",
)
LOGIN: Named = {
    "PGUSER": (Literal("loader"),),
    "PGDATABASE": (Literal("erp"),),
    "PGPASSWORD": (Secret(SECRETS[0]),),
    "P": (Secret(SECRETS[1]),),
}
CALLEES = (*WORKFLOWS, ACTION, "", "github:o/r/workflow/gone.yml")
TEXTS = ("prod", "ledger", "erp", "postgres", "snowflake", "", "o/r", "loader", "db")
SELECTORS = ("t", "model:ledger.t", "model:t", "tag:x", "exposure:e", "", "a:b:c")
TIED = (k.EXECUTES, k.CAN_READ, k.FEEDS, k.FILTERS, k.OWNS, k.MEMBER_OF, k.CAN_WRITE, k.CONTAINS)


class Maker:
    """Rolls the dice for one estate."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def names(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.rng.choices(words, k=self.rng.randint(0, 3)))

    def some(self, words: tuple[str, ...], most: int = 4) -> Property:
        """A list as sources write it, or what a stranger may have put there instead."""
        if self.chance(0.1):
            return self.rng.choice((7, True, "", self.rng.choice(words), -1))
        return tuple(self.rng.choices(words, k=self.rng.randint(0, most)))

    def value(self) -> Value:
        """A value, or several, of any type of reference."""
        key, word = self.rng.choice((*SECRETS, "gone", "")), self.rng.choice(WORDS)
        user, host, port, name = self.rng.choices((None, Literal(word), Unknown()), k=4)
        made: tuple[Ref, ...] = (
            *(Literal(word), Literal(word), Literal(word), Secret(key), Secret(key), Within(key)),
            *(Literal(), Input("user"), Input("S"), Local("P"), Local("PGUSER", word), Token()),
            *(Variable("X"), Port("db"), Unknown(), Connection(user, host, port, name, key)),
        )
        return tuple(self.rng.choices(made, k=self.rng.choice((1, 1, 1, 2, 0))))

    def named(self, names: tuple[str, ...], most: int = 3) -> Named:
        found = self.rng.choices(names, k=self.rng.randint(0, most))
        return {name: self.value() for name in found}

    def ends(self, at: str) -> list[End]:
        found: list[End] = []
        for step in self.rng.choices(STEPS, k=self.rng.randint(1, 3)):
            env = {**(LOGIN if self.chance(0.6) else {}), **self.named(VARIABLES)}
            given = self.named(("S", "user"))
            found.append(Step(at, AT, step=step, env=env, given=given))
        for _ in range(self.rng.randint(0, 4)):
            tool, opaque = self.rng.choice(TOOLS), self.chance(0.3)
            step, options = self.rng.choice(STEPS), self.named(OPTIONS)
            found.append(Work(at, AT, program=tool, opaque=opaque, step=step, options=options))
        for _ in range(self.rng.randint(0, 2)):
            call = Call(
                at,
                AT,
                callee=self.rng.choice(CALLEES),
                step=self.rng.choice(STEPS),
                inputs=self.named(("S", "user")),
                secrets=self.named(("S", "user")),
                inherits=self.chance(0.4),
            )
            found.append(call)
        if self.chance(0.3):
            image, ports = self.rng.choice(("postgres:15", "redis", "?")), ("5432", "?")
            found.append(Container(at, AT, name="db", image=image, ports=ports))
        return found

    def logins(self, at: str) -> list[End]:
        """What a profile says: of two records that disagree, too."""
        found: list[End] = []
        for _ in range(1 if self.chance(0.85) else 2):
            platform = self.rng.choice(("postgres", "postgres", "postgres", "snowflake", ""))
            database = (Literal("erp"),) if self.chance(0.8) else self.value()
            user = (Literal("loader"),) if self.chance(0.7) else self.value()
            host = self.value() if self.chance(0.2) else ()
            password = (Local("P"),) if self.chance(0.8) else self.value()
            lines = {"user": self.rng.choice((3, 0, -1, 10**14)), "password": 4}
            where = Endpoint(platform, host, (), database)
            login = Login(at, AT, endpoint=where, user=user, password=password, lines=lines)
            found.append(login)
        return found

    def targets(self, at: str) -> list[End]:
        """What a profile says of itself: records may disagree."""
        return [
            Target(
                at,
                AT,
                profile=self.rng.choice(TEXTS) if self.chance(0.15) else "ledger",
                name="prod",
                default=self.rng.choice((None, None, None, True, False)),
                repository=self.rng.choice(("", "github:o/r")),
                file=self.rng.choice(TEXTS) if self.chance(0.15) else "profiles.yml",
            )
            for _ in range(1 if self.chance(0.85) else 2)
        ]

    def projects(self, at: str) -> list[End]:
        """Parts of what documents say of a project."""
        found: list[End] = [Project(at, AT, name="ledger", described=self.chance(0.8))]
        if self.chance(0.4):
            where, profile = self.rng.choice(("", "github:o/r")), self.rng.choice(TEXTS)
            folders = self.names(TEXTS)
            part = Project(at, AT, name="ledger", repository=where, folders=folders)
            found.append(replace(part, profile=profile, quiet=self.names(TEXTS)))
        return found

    def accounts(self) -> list[End]:
        """What a server says of its own."""
        erp = Endpoint("postgres", database=(Literal("erp"),))
        return [
            Account(
                key,
                AT,
                endpoint=erp,
                name=key.rpartition("/")[2],
                login=self.rng.choice((True, True, False, None)),
                hosts=self.names(("%", "10.%")),
            )
            for key in ROLES
            if self.chance(0.5)
        ]

    def workflow(self) -> dict[str, Property]:
        flags = {name: self.chance(0.5) for name in ("defined", "listed", "called")}
        triggers = ("push=x", "workflow_call=", "workflow_dispatch=w", "=", "")
        return {**flags, "triggers": self.some(triggers)}

    def facts(self) -> list[Fact]:
        facts: list[Fact] = [
            Node(k.CI_JOB, key, AT, props={"permissions_from": "job"}) for key in JOBS
        ]
        facts += [end for key in (*JOBS, ACTION) for end in self.ends(key)]
        facts += self.logins("connection:dbt:a/b")
        facts += self.targets("connection:dbt:a/b")
        facts += self.projects("project:dbt:ledger")
        facts += self.accounts()
        facts += [Node(k.WORKFLOW, key, AT, props=self.workflow()) for key in WORKFLOWS]
        facts += [
            Node(k.SECRET, key, AT, props={"parameter": self.chance(0.5)}) for key in SECRETS
        ]
        for key in ROLES:
            props: dict[str, Property] = {"login": self.chance(0.8)} if self.chance(0.7) else {}
            facts.append(Node(k.DATABASE_ROLE, key, AT, props=props))
        facts += [
            Node(k.ARTIFACT, ACTION, AT, props={"defined": self.chance(0.7)}),
            Node(k.SYSTEM, "connection:dbt:a/b", AT),
            Node(k.SYSTEM, "project:dbt:ledger", AT),
            Node(k.MODEL, "model:dbt:ledger.t", AT, props={"materialized": "table"}),
            Node(k.DATASET, TABLE, AT, props={"dbt": self.some(SELECTORS)}),
            Node(k.REPOSITORY, "github:o/r", AT),
            Edge(k.CONTAINS, "project:dbt:ledger", "model:dbt:ledger.t", AT),
            Edge(k.COMPUTES, "model:dbt:ledger.t", TABLE, AT),
            Edge(k.EXECUTES, WORKFLOWS[0], JOBS[0], AT),
            Edge(k.EXECUTES, WORKFLOWS[1], JOBS[1], AT),
        ]
        ends = (*JOBS, *WORKFLOWS, *SECRETS, *ROLES, TABLE, "github:o/r")
        for _ in range(self.rng.randint(0, 10)):
            kind, (source, target) = self.rng.choice(TIED), self.rng.choices(ends, k=2)
            facts.append(Edge(kind, source, target, AT))
        return facts


def made(graph: Graph) -> tuple[Board, Graph]:
    joined = passes.run(Board(graph, {SECRETS[2]: ROLES[:1]}, ALIASES))
    return joined, passes.sealed(joined)


def said(joined: Board) -> set[str]:
    return {repr(fact) for fact in joined.facts}


@pytest.mark.parametrize(
    "first", [0, 50, *(pytest.param(n, marks=pytest.mark.nightly) for n in range(100, 300, 50))]
)
def test_joins_end_and_every_end_has_a_node(first: int) -> None:
    """And neither the order of the facts nor joining again changes what is said."""
    counted: Counter[str] = Counter()
    for seed in range(first, first + 50):
        facts = Maker(seed).facts()
        graph = build(facts).graph
        joined, whole = made(graph)
        known = {*graph.key_list, *(fact.key for fact in joined.facts if isinstance(fact, Node))}
        for fact in joined.facts:
            counted[fact.kind.label if isinstance(fact, Edge) else type(fact).__name__] += 1
            if isinstance(fact, Edge):
                assert {fact.source, fact.target} <= known, seed
                assert (fact.certainty == "certain") is (fact.condition is None), seed
            if isinstance(fact, Gap):
                assert fact.at in known, seed
        random.Random(seed).shuffle(facts)
        other, again = made(build(facts).graph)
        assert said(other) == said(joined), seed
        assert again.edges.equals(whole.edges), seed
        assert passes.unified(whole, ALIASES).key_list, seed
    # The dice do reach every kind of answer.
    wanted = {"AUTHENTICATES_AS", "CAN_ASSUME", "COMPUTES", "CAN_READ", "Gap"}
    assert wanted <= counted.keys(), counted
