"""Tidy estates of any size: a company's shape, not a random graph.

Roles sit in few groups, credentials open one role each, jobs read credentials, grants open
schemas, data flows in layers up to forty deep. Every estate of a size and seed is the same.
"""

import random
from dataclasses import dataclass

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Edge, Fact, Gap, Gate, Need, Node
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, EdgeKind, GateKind, NodeKind, State

LAYERS = 40
#: Tables of a layer that belong to one subject: data flows stay inside it.
SUBJECT = 5
TESTS = (
    "human",
    "enforced_by_target",
    "out_of_reach",
    "content_bound",
    "no_auto_threshold",
    "log_out_of_reach",
)


@dataclass(frozen=True, slots=True)
class Generated:
    """An estate as facts and claims."""

    facts: list[Fact]
    claims: list[Claim]


class _Company:
    def __init__(self, size: int, seed: int) -> None:
        self.rng = random.Random(seed)
        self.facts: list[Fact] = []
        self.count = 0
        self.size = size

    def place(self) -> Evidence:
        self.count += 1
        return Evidence("generated.facts.json", f"/{self.count}", "0" * 64)

    def nodes(self, kind: NodeKind, prefix: str, share: float) -> list[str]:
        keys = [f"{prefix}-{i:07}" for i in range(max(2, int(self.size * share)))]
        self.facts += [Node(kind, key, self.place(), name=key) for key in keys]
        return keys

    def edge(self, kind: EdgeKind, source: str, target: str, **more: object) -> None:
        self.facts.append(Edge(kind, source, target, self.place(), **more))  # type: ignore[arg-type] # fields of Edge


def generate(size: int, targets: int, seed: int = 1) -> Generated:
    """An estate of about ``size`` nodes and eight times as many edges, with its scope.

    Args:
        size: Nodes.
        targets: Financial targets, spread over the last layers of the data.
        seed: Another company of the same shape.
    """
    company = _Company(size, seed)
    rng = company.rng
    roles = company.nodes(k.DATABASE_ROLE, "role", 0.08)
    accounts = company.nodes(k.SERVICE_ACCOUNT, "account", 0.08)
    jobs = company.nodes(k.CI_JOB, "job", 0.04)
    groups = company.nodes(k.GROUP, "group", 0.01)
    secrets = company.nodes(k.SECRET, "secret", 0.08)
    grants = company.nodes(k.GRANT, "grant", 0.04)
    schemas = company.nodes(k.CONTAINER, "schema", 0.02)
    people = company.nodes(k.USER, "person", 0.02)
    data = company.nodes(k.DATASET, "data", 0.63)
    layer = max(1, len(data) // LAYERS)
    company.facts.append(
        Gate(
            "gate",
            GateKind.APPROVAL,
            company.place(),
            approvers=(people[0],),
            tests=dict.fromkeys(TESTS, True),
        )
    )
    for role in roles:
        company.edge(k.MEMBER_OF, role, rng.choice(groups))
        company.edge(k.HOLDS, role, rng.choice(grants))
    for group in groups:
        for _ in range(2):
            company.edge(k.HOLDS, group, rng.choice(grants))
    for grant in grants:
        subject = rng.randrange(layer) // SUBJECT * SUBJECT
        for _ in range(3):
            column = min(subject + rng.randrange(SUBJECT), layer - 1)
            table = data[min(rng.randrange(LAYERS) * layer + column, len(data) - 1)]
            needs = (Need(grant, State.CONTROL),) if rng.random() < 0.2 else ()
            gate = "gate" if rng.random() < 0.1 else None
            company.edge(k.CAN_WRITE, grant, table, needs=needs, gate=gate)
        company.edge(k.CAN_READ, grant, rng.choice(schemas))
    for secret in secrets:
        company.edge(k.AUTHENTICATES_AS, secret, rng.choice(roles))
    for actor in accounts + jobs:
        company.edge(k.CAN_READ, actor, rng.choice(secrets), action="use_secret")
        if rng.random() < 0.1:
            certainty = rng.choice([Certainty.CONDITIONAL, Certainty.CERTAIN])
            company.edge(k.CAN_ASSUME, actor, rng.choice(accounts), certainty=certainty)
    for number, table in enumerate(data):
        company.edge(k.CONTAINS, schemas[number % len(schemas)], table)
        for offset in range(8):
            column = number % layer // SUBJECT * SUBJECT + (number + offset) % SUBJECT
            after = (number // layer + 1) * layer + min(column, layer - 1)
            if after < len(data):
                kind = k.FEEDS if rng.random() < 0.8 else k.FILTERS
                company.edge(kind, table, data[after])
    company.facts.append(Gap(rng.choice(accounts), "not exported", company.place()))
    chosen = rng.sample(data[len(data) // 2 :], min(targets, len(data) // 2))
    claims = [Claim("scope", {"organization": "G", "commitments": ("S",)}, company.place())]
    claims += [
        Claim(
            "target",
            {
                "id": f"target-{i:05}",
                "family": "financial-reporting",
                "fs_role": "record",
                "icfr_basis": "own",
                "select": ({"key": key},),
            },
            company.place(),
        )
        for i, key in enumerate(chosen)
    ]
    return Generated(company.facts, claims)
