"""Somebody's word that two names are of one server, or of two."""

import pytest

from nhigraph.facts.ends import Alias, Endpoint, Holder
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.values import Literal, Value
from nhigraph.graph.build import build
from nhigraph.joins import passes
from nhigraph.joins.board import Board
from nhigraph.schema import kinds as k

AT = Evidence("scope.yaml", "/answers/0", "0" * 64, "", "declared", 3)


def text(one: str) -> Value:
    return (Literal(one),) if one else ()


def name(
    *, host: str = "", port: str = "", database: str = "", platform: str = "postgres"
) -> Endpoint:
    return Endpoint(platform, text(host), text(port), text(database))


def server(database: str, **proofs: str) -> tuple[Fact, ...]:
    cluster, role = f"cluster:postgres:{database}", f"role:postgres:{database}/loader"
    holder = Holder(cluster, AT, names=(f"postgres:{database}",), proofs=proofs)
    return (
        Node(k.CONTAINER, cluster, AT),
        holder,
        Node(k.DATABASE_ROLE, role, AT, props={"login": True}),
    )


ERP, CRM = name(database="erp"), name(database="crm")
UNPROVEN: tuple[dict[str, str], dict[str, str]] = ({}, {})
BY_HOST = ({"host": "h"}, {"host": "h"})
TWO = ({"address": "a:1", "host": "a"}, {"address": "b:1", "host": "b"})
#: Proofs of two servers, what is said, and how a role of the one is that of the other.
CASES: dict[str, tuple[tuple[dict[str, str], dict[str, str]], Alias | None, str]] = {
    "nobody says anything": (UNPROVEN, None, "?"),
    "they are one": (UNPROVEN, Alias("", AT, one=ERP, other=CRM), "certain"),
    "in the other order": (UNPROVEN, Alias("", AT, one=CRM, other=ERP), "certain"),
    "they may be one": (UNPROVEN, Alias("", AT, one=ERP, other=CRM, certain=False), "conditional"),
    "they are two": (UNPROVEN, Alias("", AT, one=ERP, other=CRM, same=False), ""),
    "two on one host": (BY_HOST, Alias("", AT, one=ERP, other=CRM, same=False), ""),
    "they may be two": (
        BY_HOST,
        Alias("", AT, one=ERP, other=CRM, same=False, certain=False),
        "conditional",
    ),
    "two names of one machine": (
        TWO,
        Alias("", AT, one=name(host="a"), other=name(host="b", port="1")),
        "certain",
    ),
    "another port": (TWO, Alias("", AT, one=name(host="a"), other=name(host="b", port="2")), ""),
    "of another platform": (
        UNPROVEN,
        Alias("", AT, one=ERP, other=name(database="crm", platform="mystery")),
        "?",
    ),
    "of another database": (UNPROVEN, Alias("", AT, one=ERP, other=name(database="hr")), "?"),
    "of nothing at all": (UNPROVEN, Alias("", AT, one=name(), other=name()), "?"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_word_on_two_names_goes_before_what_documents_show(case: str) -> None:
    (mine, theirs), alias, expected = CASES[case]
    graph = build([*server("erp", **mine), *server("crm", **theirs)]).graph
    board = passes.run(Board(graph, aliases=(alias,) if alias else ()))
    became = [str(fact.certainty) for fact in board.facts if isinstance(fact, Edge)]
    asked = [fact for fact in board.facts if isinstance(fact, Gap)]
    assert bool(asked) is (expected == "?")
    assert became == ([expected] * 2 if expected not in ("", "?") else [])


def test_an_alias_of_a_server_that_was_read_is_kept_with_the_graph() -> None:
    """As every end is: whoever reads the graph sees who said it, and where."""
    alias = Alias("cluster:postgres:erp", AT, one=name(host="h"), other=ERP)
    board = passes.run(Board(build([*server("erp")]).graph, aliases=(alias,)))
    graph = passes.sealed(board)
    assert "Alias" in graph.ends["type"].tolist()
