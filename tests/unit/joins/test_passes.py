"""The passes: all of them in one tuple, and no end that any of them lets pass quietly."""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

import pytest

import nhigraph.joins
from nhigraph.facts import ends
from nhigraph.facts.ends import (
    Account,
    Call,
    Container,
    End,
    Endpoint,
    Holder,
    Login,
    Project,
    Step,
    Target,
    Token,
    Trust,
    Work,
    Would,
    Writes,
)
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.values import Literal, Secret, Unknown
from nhigraph.graph.build import build
from nhigraph.joins import brought, passes
from nhigraph.joins.board import Board
from nhigraph.joins.brought import Answers
from nhigraph.joins.join import Join
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State

AT = Evidence("a.json", "/x", "0" * 64, "", "declared", 3)
WORKLOAD = "acme:billing"
ERP = Endpoint("postgres", (Literal("db.internal"),), (), (Literal("erp"),))


def ran(*facts: Fact) -> Board:
    return passes.run(Board(build(facts).graph))


def gaps(board: Board) -> list[Gap]:
    return [fact for fact in board.facts if isinstance(fact, Gap)]


def said(board: Board) -> list[str]:
    return sorted(
        f"{fact.kind.label} {fact.source} {fact.target} {fact.certainty} {fact.condition or ''}"
        for fact in board.facts
        if isinstance(fact, Edge)
    )


def every_join() -> Iterator[tuple[str, Join]]:
    for module in pkgutil.iter_modules(nhigraph.joins.__path__):
        found = getattr(import_module(f"nhigraph.joins.{module.name}"), "JOIN", None)
        if isinstance(found, Join):
            yield module.name, found


def test_every_join_that_is_there_is_a_pass_and_no_pass_is_there_twice() -> None:
    """A join is found by being there; its place in the order is seen at one glance."""
    assert sorted(name for name, _ in every_join()) == sorted(passes.PASSES)


def test_every_type_of_end_is_taken_by_one_join_which_says_what_it_hides() -> None:
    """Two joins of one end would each think that the other one answers."""
    taken = [kind for _, join in every_join() for kind in join.takes]
    assert sorted(kind.__name__ for kind in taken) == sorted(ends.TYPES)
    for _, join in every_join():
        assert bool(join.takes) is bool(join.unanswered)


LONE: tuple[End, ...] = (
    Work(WORKLOAD, AT, program="psql"),
    Step(WORKLOAD, AT, step=0),
    Call(WORKLOAD, AT, callee="x"),
    Container(WORKLOAD, AT, name="db", image="postgres"),
    Login(WORKLOAD, AT, endpoint=Endpoint("mystery")),
    Login(WORKLOAD, AT, endpoint=Endpoint("postgres"), user=(Unknown(),)),
    Login(WORKLOAD, AT, endpoint=ERP, user=(Literal("loader"),)),
    Writes(WORKLOAD, AT, target="x", verb="insert"),
    Would(WORKLOAD, AT, source="x"),
    Account(WORKLOAD, AT, endpoint=Endpoint("postgres", database=(Unknown(),)), name="loader"),
    Token(WORKLOAD, AT, issuer="https://token.example", subjects=("a",)),
    Project(WORKLOAD, AT, name="ledger"),
    Target(WORKLOAD, AT, profile="ledger", name="prod"),
)


@pytest.mark.parametrize("end", LONE, ids=lambda end: type(end).__name__)
def test_an_end_that_nothing_answers_is_a_gap(end: End) -> None:
    """At a node that no join knows how to look at: never passed over in silence."""
    board = ran(Node(k.WORKLOAD, WORKLOAD, AT), end)
    found = {gap.at: gap for gap in gaps(board)}
    # Of an account that is named and described by nobody, the gap is the account's.
    at = "role:postgres:erp/loader" if end is LONE[6] else WORKLOAD
    assert at in found
    assert State.CONTROL in found[at].states
    assert found[at].evidence == AT


def test_what_a_third_party_says_and_no_join_reads_hides_everything() -> None:
    """Its type is registered, and nobody brought a join for it."""

    @dataclass(frozen=True, slots=True)
    class Lease(End):
        holder: str = ""

    ends.TYPES["Lease"] = Lease
    try:
        board = ran(Node(k.WORKLOAD, WORKLOAD, AT), Lease(WORKLOAD, AT, "x"))
        assert [(gap.at, gap.states) for gap in gaps(board)] == [(WORKLOAD, ())]
    finally:
        del ends.TYPES["Lease"]


ANSWERED: dict[str, tuple[Callable[..., object], bool]] = {
    "an edge that was declared": (
        lambda end, view: [Edge(k.CAN_READ, end.at, end.at, end.evidence)],
        True,
    ),
    "nothing to add": (lambda end, view: [], True),
    "not known": (lambda end, view: None, False),
    "an edge that was not declared": (
        lambda end, view: [Edge(k.CAN_WRITE, end.at, end.at, end.evidence)],
        False,
    ),
    "no fact": (lambda end, view: ["fact"], False),
    "no list": (lambda end, view: 7, False),
    "a fault": (lambda end, view: [view.node(end.nothing)], False),
}


@pytest.mark.parametrize("case", ANSWERED)
def test_what_a_third_party_answers_counts_only_where_it_is_what_it_declared(case: str) -> None:
    """Code of somebody else that fails, or says something else, leaves a gap and stops nothing."""

    @dataclass(frozen=True, slots=True)
    class Lease(End):
        holder: str = ""

    answer, good = ANSWERED[case]
    ends.TYPES["Lease"] = Lease
    reads = Answers(Lease, answer, (k.CAN_READ,), "who leases it")  # type: ignore[arg-type]
    brought.ANSWERS["Lease"] = reads
    try:
        board = ran(Node(k.WORKLOAD, WORKLOAD, AT), Lease(WORKLOAD, AT, "x"))
        assert [gap.reason for gap in gaps(board)] == ([] if good else ["who leases it"])
        assert bool(said(board)) is (case == "an edge that was declared")
    finally:
        del ends.TYPES["Lease"], brought.ANSWERS["Lease"]


def test_a_login_of_any_node_is_answered_as_that_of_a_run_is() -> None:
    """A workload that states whom it logs in as needs no run: the next source says only that."""
    login = Login(
        WORKLOAD, AT, endpoint=ERP, user=(Literal("loader"),), password=(Secret("vault:pw"),)
    )
    role = "role:postgres:erp/loader"
    nodes = (
        Node(k.WORKLOAD, WORKLOAD, AT),
        Node(k.SECRET, "vault:pw", AT),
        Node(k.DATABASE_ROLE, role, AT, props={"login": True}),
    )
    board = ran(*nodes, login)
    assert said(board) == [
        f"AUTHENTICATES_AS vault:pw {role} certain ",
        f"CAN_READ {WORKLOAD} vault:pw certain ",
    ]
    assert not gaps(board)


def test_a_login_without_a_password_is_the_account_on_that_condition() -> None:
    """What the server lets in without one, no document says."""
    role = "role:postgres:erp/loader"
    board = ran(
        Node(k.WORKLOAD, WORKLOAD, AT),
        Node(k.DATABASE_ROLE, role, AT, props={"login": True}),
        Login(WORKLOAD, AT, endpoint=ERP, user=(Literal("loader"),)),
    )
    (edge,) = said(board)
    assert edge.startswith(f"CAN_ASSUME {WORKLOAD} {role} conditional it logs in without")


def test_what_nobody_uses_hides_nothing() -> None:
    """An action that no job uses runs nowhere; a holder of a lone name is what it is."""
    action = "github:acme/erp/action/tool"
    cluster = "cluster:postgres:erp"
    board = ran(
        Node(k.ARTIFACT, action, AT),
        Work(action, AT, program="psql"),
        Node(k.CONTAINER, cluster, AT),
        Holder(cluster, AT, names=("postgres:erp",)),
        Node(k.MODEL, "model:dbt:a.b", AT),
        Writes("model:dbt:a.b", AT, target="x", verb="insert"),
        Node(k.CLOUD_ROLE, "acme:role", AT),
        Trust("acme:role", AT, issuer="https://token.example"),
    )
    assert not gaps(board)
