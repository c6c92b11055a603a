"""Joins read properties that anybody may write: whatever stands there, they end and add up."""

import random
from collections import Counter

import pytest

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Value
from nhigraph.graph.build import build, extend, guarded
from nhigraph.graph.store import Graph
from nhigraph.joins.join import Joined, join, unified
from nhigraph.schema import kinds as k

AT = Evidence("a.json", "/jobs/a", "0" * 64, line=3)
JOBS = ("github:o/r/job/a.yml#a", "github:o/r/job/b.yml#b")
WORKFLOWS = ("github:o/r/workflow/a.yml", "github:o/r/workflow/b.yml")
SECRETS = ("github:o/r/secret/S", "github:o/r/workflow/b.yml/secret/S", "secret:x/password")
ROLES = ("role:postgres:erp/loader", "role:postgres:erp/other")
TABLE = "dataset:postgres:erp.raw.t"
ACTION = "github:o/r/action/x"
ALIASES = {("postgres", "db"): "main"}
TOOLS = ("dbt build", "dbt run", "dbt test", "psql", "pg_dump", "python", "./x", "")
OPTIONS = (
    *("dir=.", "dir=?", "dir=/", "target=prod", "target=?", "user=loader", "user=", "dbname=erp"),
    *("connection=env:DSN", "select=t+", "select=@,+", "select=", "exclude=state:x", "selector=s"),
    *(
        "profiles-dir=..",
        "project-dir=/",
        "password=secret:" + SECRETS[0],
        "=",
        "%3B",
        "a=secret:",
    ),
)
PLACES = ("step=0", "step=0", "step=x", "line=5", "line=", "line=99999999999999", "line=-1", "")
REFS = (
    *(f"secret:{key}" for key in SECRETS),
    *("literal:erp", "literal:loader", "literal:other", "literal:", "literal", "input:user"),
    *("within:secret:" + SECRETS[0], "expression", "token", "var:X", "", "secret:gone", "|", "%"),
)
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
LOGIN = (
    "0:PGUSER=literal:loader",
    "0:PGDATABASE=literal:erp",
    f"0:PGPASSWORD=secret:{SECRETS[0]}",
    f"0:P=secret:{SECRETS[1]}",
)
CALLS = (
    *(f"workflow:{key};secrets={how}" for key in WORKFLOWS for how in ("inherit", "mapped")),
    *(f"action:{ACTION};step=0", "action:", "workflow:", "nothing", ";", "action:;"),
)
TEXTS = ("prod", "ledger", "erp", "postgres", "snowflake", "", "o/r", "loader", "db")
SELECTORS = ("t", "model:ledger.t", "model:t", "tag:x", "exposure:e", "", "a:b:c")
TIED = (k.EXECUTES, k.CAN_READ, k.FEEDS, k.FILTERS, k.OWNS, k.MEMBER_OF, k.CAN_WRITE, k.CONTAINS)


class Maker:
    """Rolls the dice for one estate."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def some(self, words: tuple[str, ...], most: int = 4) -> Value:
        """A list as sources write it, or what a stranger may have put there instead."""
        if self.chance(0.1):
            return self.rng.choice((7, True, "", self.rng.choice(words), -1))
        return tuple(self.rng.choices(words, k=self.rng.randint(0, most)))

    def runs(self) -> Value:
        entries = []
        for _ in range(self.rng.randint(0, 3)):
            parts = [self.rng.choice(TOOLS), *self.rng.choices(OPTIONS, k=self.rng.randint(0, 3))]
            parts += self.rng.choices(PLACES, k=2) if self.chance(0.3) else ["step=0", "line=5"]
            entries.append(";".join(parts))
        return tuple(entries)

    def assigned(self) -> Value:
        found = list(LOGIN) if self.chance(0.6) else []
        for _ in range(self.rng.randint(0, 3)):
            step, name = self.rng.choice("001x"), self.rng.choice(VARIABLES)
            found.append(f"{step}:{name}={self.rng.choice(REFS)}")
        return tuple(found)

    def job(self) -> dict[str, Value]:
        pairs = tuple(f"{name}={ref}" for name in ("S", "user") for ref in REFS)
        return {
            "permissions_from": "job",
            "runs": self.runs(),
            "opaque": self.runs() if self.chance(0.5) else 1,
            "env": self.assigned(),
            "with": self.some(tuple(f"0:{pair}" for pair in pairs)),
            "calls": self.some(CALLS, 2),
            "call_inputs": self.some(pairs, 2),
            "call_secrets": self.some(pairs, 2),
        }

    def connection(self) -> dict[str, Value]:
        found: dict[str, Value] = {"output": "prod", "platform": "postgres", "user": "loader"}
        found |= {"database": "erp", "password_env": ("P",), "lines": ("user=3", "password=4")}
        for name in ("profile", "platform", "user", "database", "host", "repository", "file"):
            if self.chance(0.15):
                found[name] = self.rng.choice((*TEXTS, 3))
        if self.chance(0.2):
            found["lines"] = self.some(("user=x", "=", "host", "password=99999999999999"))
            found["password_env"] = self.some(VARIABLES)
            found["user_env"] = self.some(VARIABLES)
            found["default_target"] = self.rng.choice((True, False, "x"))
        return found

    def project(self) -> dict[str, Value]:
        found: dict[str, Value] = {"dbt_project": "ledger", "manifest": self.chance(0.8)}
        if self.chance(0.4):
            found |= {"folders": self.some(TEXTS), "repository": self.rng.choice(TEXTS)}
        return found

    def workflow(self) -> dict[str, Value]:
        flags = {name: self.chance(0.5) for name in ("defined", "listed", "called")}
        triggers = ("push=x", "workflow_call=", "workflow_dispatch=w", "=", "")
        return {**flags, "triggers": self.some(triggers)}

    def facts(self) -> list[Fact]:
        facts: list[Fact] = [Node(k.CI_JOB, key, AT, props=self.job()) for key in JOBS]
        facts += [Node(k.WORKFLOW, key, AT, props=self.workflow()) for key in WORKFLOWS]
        facts += [
            Node(k.SECRET, key, AT, props={"parameter": self.chance(0.5)}) for key in SECRETS
        ]
        for key in ROLES:
            props: dict[str, Value] = {"login": self.chance(0.8)} if self.chance(0.7) else {}
            facts.append(Node(k.DATABASE_ROLE, key, AT, props=props))
        facts += [
            Node(k.ARTIFACT, ACTION, AT, props={**self.job(), "defined": self.chance(0.7)}),
            Node(k.SYSTEM, "connection:dbt:a/b", AT, props=self.connection()),
            Node(k.SYSTEM, "project:dbt:ledger", AT, props=self.project()),
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


def made(graph: Graph) -> tuple[Joined, Graph]:
    joined = join(graph, {SECRETS[2]}, ALIASES)
    return joined, extend(guarded(graph, joined.guards), joined.facts).graph


def said(joined: Joined) -> set[str]:
    return {repr(fact) for fact in joined.facts}


@pytest.mark.parametrize("first", range(0, 300, 50))
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
        assert unified(whole, ALIASES).key_list, seed
    # The dice do reach every kind of answer.
    wanted = {"AUTHENTICATES_AS", "CAN_ASSUME", "COMPUTES", "CAN_READ", "Gap"}
    assert wanted <= counted.keys(), counted
