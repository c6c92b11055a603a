"""Logins are answered by the accounts that documents list, whatever their keys look like."""

from dataclasses import dataclass

import pytest

from nhigraph.facts.ends import Account, Endpoint, Holder, Login
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.values import Literal, Secret, Value
from nhigraph.graph.build import build
from nhigraph.joins import passes
from nhigraph.joins.board import Board
from nhigraph.schema import kinds as k

AT = Evidence("a.json", "/x", "0" * 64, "", "declared", 3)
BILLING, SECRET = "acme:billing", "acme:secret/pw"
MAIN = "cluster:mystery:main"


def text(one: str) -> Value:
    return (Literal(one),) if one else ()


def where(platform: str = "mystery", host: str = "", port: str = "", name: str = "") -> Endpoint:
    return Endpoint(platform, text(host), text(port), text(name))


def login(endpoint: Endpoint, user: str = "loader") -> tuple[Fact, ...]:
    """A workload that presents a secret."""
    return (
        Node(k.WORKLOAD, BILLING, AT),
        Node(k.SECRET, SECRET, AT),
        Login(BILLING, AT, endpoint=endpoint, user=text(user), password=(Secret(SECRET),)),
    )


def account(
    key: str, endpoint: Endpoint, name: str = "loader", **more: object
) -> tuple[Node, Account]:
    return (
        Node(k.DATABASE_ROLE, key, AT),
        Account(key, AT, endpoint=endpoint, name=name, **more),  # type: ignore[arg-type]
    )


def server(*serves: str, **proofs: str) -> tuple[Fact, ...]:
    return (
        Node(k.CONTAINER, MAIN, AT),
        Holder(MAIN, AT, names=("mystery:main",), proofs=proofs, serves=serves),
    )


@dataclass
class Told:
    """What the joins added."""

    opens: list[str]
    gaps: list[str]


def told(*facts: Fact) -> Told:
    board = passes.run(Board(build(facts).graph))
    return Told(
        sorted(
            fact.target + (f" if {fact.condition}" if fact.condition else "")
            for fact in board.facts
            if isinstance(fact, Edge) and fact.kind is k.AUTHENTICATES_AS
        ),
        sorted(f"{fact.at}: {fact.reason}" for fact in board.facts if isinstance(fact, Gap)),
    )


ASKED = where(host="db.one", port="7", name="books")
#: Accounts by key and endpoint, and which of them that login is.
BY_ENDPOINT: dict[str, tuple[dict[str, Endpoint], list[str]]] = {
    "the only one of that name answers": (
        {"acme:a": where(name="books")},
        ["acme:a"],
    ),
    "of two hosts the one that is named": (
        {
            "acme:a": where(host="db.one", name="books"),
            "acme:b": where(host="db.two", name="books"),
        },
        ["acme:a"],
    ),
    "of two ports the one that is named": (
        {
            "acme:a": where(host="db.one", port="7", name="books"),
            "acme:b": where(host="db.one", port="8", name="books"),
        },
        ["acme:a"],
    ),
    "a name and an address may be one machine": (
        {
            "acme:a": where(host="10.0.0.1", name="books"),
            "acme:b": where(host="10.0.0.2", name="books"),
        },
        [
            "acme:a if the books that is meant is the one at 10.0.0.1",
            "acme:b if the books that is meant is the one at 10.0.0.2",
        ],
    ),
    "of another host only on condition": (
        {"acme:a": where(host="db.two", name="books")},
        ["acme:a if the books that is meant is the one at db.two"],
    ),
}


@pytest.mark.parametrize("case", BY_ENDPOINT)
def test_an_account_is_found_by_its_endpoint(case: str) -> None:
    """No export names the server otherwise, and no key of the account is taken apart."""
    accounts, expected = BY_ENDPOINT[case]
    stated = [fact for key, one in accounts.items() for fact in account(key, one)]
    assert told(*login(ASKED), *stated).opens == expected


@pytest.mark.parametrize(
    "other",
    [
        account("acme:a", where(name="ledger")),
        account("acme:a", where(name="books"), name="Loader"),
        account("acme:a", where("other", name="books")),
        account("acme:a", where(host="db.one", port="7")),
    ],
    ids=["another database", "another case", "another platform", "no database"],
)
def test_an_account_of_another_endpoint_or_name_does_not_answer(
    other: tuple[Node, Account],
) -> None:
    """And the login is a gap: on a platform of which nobody knows what opens what."""
    found = told(*login(where(name="books")), *other)
    assert found.opens == []
    assert any(
        one.startswith(f"{BILLING}: which account a login to mystery") for one in found.gaps
    )


def test_an_account_that_no_login_can_find_is_a_gap() -> None:
    """Its endpoint names no database, and no holder."""
    (gap,) = told(*account("acme:a", where(host="db.one"))).gaps
    assert gap.startswith("acme:a: which account this login opens, or which logins this account")


def test_an_account_that_nobody_logs_in_as_is_no_gap() -> None:
    assert told(*account("acme:a", where(name="books"))).gaps == []


def test_a_server_of_several_databases_answers_for_each() -> None:
    """Its accounts are its own, whichever of them is asked for."""
    own = account("acme:a", where(), holder=MAIN)
    for name in ("books", "stock"):
        found = told(*login(where(name=name)), *server("books", "stock"), *own)
        assert found.opens == ["acme:a"]
    assert told(*login(where(name="main")), *server("books", "stock"), *own).opens == []
    assert told(*login(where(name="main")), *server(), *own).opens == ["acme:a"]


def test_accounts_for_several_hosts_answer_on_condition() -> None:
    """Which host the server sees, nobody on the client's side can tell."""
    wide = account("acme:a", where(), holder=MAIN, hosts=("%",))
    near = account("acme:b", where(), holder=MAIN, hosts=("10.%", "db.one"))
    asked = login(where(name="main"))
    assert told(*asked, *server(), *wide).opens == ["acme:a"]
    from_there = "acme:b if it connects as the loader of 10.% or db.one"
    assert told(*asked, *server(), *near).opens == [from_there]
    both = told(*asked, *server(), *wide, *near).opens
    assert both == ["acme:a if it connects as the loader of %", from_there]


@pytest.mark.parametrize(
    ("said", "opens"),
    [
        ((False,), False),
        ((None,), True),
        ((True,), True),
        ((False, True), True),
        ((False, None), False),
    ],
)
def test_an_account_that_may_not_log_in_is_opened_by_nothing(
    said: tuple[bool | None, ...], *, opens: bool
) -> None:
    """Of two documents, the one that says it may outweighs the other one."""
    stated = [
        fact
        for number, one in enumerate(said)
        for fact in account("acme:a", where(name="books", port=str(number)), login=one)
    ]
    found = told(*login(where(name="books", port="0")), *stated)
    assert bool(found.opens) is opens
    assert found.gaps == []


def test_an_account_that_the_export_of_its_server_lacks_has_a_node_and_a_gap() -> None:
    """Its name is all that is known of it: nothing says what it may do."""
    cluster, role = "cluster:postgres:erp", "role:postgres:erp/{}"
    export = (
        Node(k.CONTAINER, cluster, AT),
        Holder(cluster, AT, names=("postgres:erp",)),
        *account(role.format("reader"), where("postgres", name="erp"), "reader", holder=cluster),
    )
    found = told(*login(where("postgres", name="erp")), *export)
    assert found.opens == [role.format("loader")]
    (gap,) = found.gaps
    assert gap.startswith(role.format("loader"))
    found = told(*login(where("postgres", name="erp"), "reader"), *export)
    assert found.opens == [role.format("reader")]
    assert found.gaps == []
