"""Which node a person means: a key in another case, or without its qualifier."""

import pytest

from nhigraph.app.questions.names import find_node
from nhigraph.errors import UsageError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Node
from nhigraph.graph.build import build
from nhigraph.schema import kinds as k

AT = Evidence("a.json", "/x", "0" * 64)
KEYS = (
    "github:acme/erp/secret/PG_DSN",
    "github:acme/erp/job/a.yml#load",
    "github:acme/erp/job/A.yml#load",
    "role:postgres[h:5432]:erp/loader",
    "role:postgres[h:5432]:crm/loader",
    "role:postgres[i:5432]:crm/loader",
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("github:Acme/ERP/secret/pg_dsn", KEYS[0]),
        ("github:ACME/erp/job/a.yml#load", KEYS[1]),
        ("github:ACME/erp/job/A.yml#load", KEYS[2]),
        ("role:postgres:erp/loader", KEYS[3]),
        ("role:postgres[i:5432]:crm/loader", KEYS[5]),
    ],
)
def test_a_key_is_found_as_its_platform_compares_it(typed: str, meant: str) -> None:
    graph = build([Node(k.SYSTEM, key, AT) for key in KEYS]).graph
    assert graph.key_list[find_node(graph, typed)] == meant


def test_a_key_that_two_holders_have_is_asked_back() -> None:
    graph = build([Node(k.SYSTEM, key, AT) for key in KEYS]).graph
    with pytest.raises(UsageError, match=r"could be any of: .*h:5432.*, .*i:5432"):
        find_node(graph, "role:postgres:crm/loader")
