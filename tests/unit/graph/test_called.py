"""Holders called as another graph calls them: by their documents, their systems, their places."""

from typing import Any

import pytest

from nhigraph.facts.ends import Holder
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Edge, Fact, Gap, Gate, Need, Node
from nhigraph.graph.build import build
from nhigraph.graph.called import as_called
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds as k
from nhigraph.schema.types import GateKind, State

GL, LOADER = "dataset:postgres:erp.fin.gl", "role:postgres:erp/loader"


def _export(place: str, content: str, **proofs: str) -> list[Fact]:
    """What one export says; its digest is that of its content."""

    def at(pointer: str) -> Evidence:
        return Evidence(place, pointer, content.ljust(64, "0"), "", "entitled", 1)

    gate = f"{LOADER}/protection"
    return [
        Node(k.CONTAINER, "cluster:postgres:erp", at("/"), name="erp"),
        Node(k.DATASET, GL, at("/relations/0"), name=content),
        Node(k.DATABASE_ROLE, LOADER, at("/roles/0")),
        Edge(k.CAN_WRITE, LOADER, GL, at("/a"), gate=gate, needs=(Need(GL, State.READ),)),
        Gate(gate, GateKind.REVIEW, at("/b"), approvers=(LOADER,), at=LOADER),
        Gap(LOADER, f"no input says what {LOADER} may do", at("/c")),
        Holder(
            "cluster:postgres:erp", at("/"), names=("postgres:erp",), proofs=proofs, place=place
        ),
    ]


def _built(*exports: tuple[str, str, dict[str, str]]) -> Graph:
    facts = [f for place, content, said in exports for f in _export(place, content, **said)]
    return build(facts).graph


def _holders(before: Graph, after: Graph) -> dict[str, str]:
    """What the first content is called by, in the second graph as the first calls it."""
    graph, _ = as_called(before, after, ())
    names = graph.nodes["name"].tolist()
    return {
        str(name): key.removesuffix(":erp.fin.gl").removeprefix("dataset:")
        for name, key in zip(names, graph.key_list, strict=True)
        if key.endswith(":erp.fin.gl")
    }


NONE: dict[str, str] = {}
ONE, TWO = {"system": "1"}, {"system": "2"}
TABLE: list[tuple[str, list[Any], list[Any], dict[str, str]]] = [
    (
        "a folder has another name",
        [("x/e", "prod", NONE), ("y/e", "test", NONE)],
        [("x/e", "prod", NONE), ("z/e", "test", NONE)],
        {"prod": "postgres[x]", "test": "postgres[y]"},
    ),
    (
        "two folders change their names",
        [("x/e", "prod", NONE), ("y/e", "test", NONE)],
        [("y/e", "prod", NONE), ("x/e", "test", NONE)],
        {"prod": "postgres[x]", "test": "postgres[y]"},
    ),
    (
        "a second export comes",
        [("x/e", "prod", NONE)],
        [("x/e", "prod", NONE), ("y/e", "test", NONE)],
        {"prod": "postgres", "test": "postgres[y]"},
    ),
    (
        "one of two goes",
        [("x/e", "prod", NONE), ("y/e", "test", NONE)],
        [("y/e", "test", NONE)],
        {"test": "postgres[y]"},
    ),
    (
        "a newer export lies elsewhere, and the system says what it is",
        [("x/e", "prod", ONE), ("y/e", "test", TWO)],
        [("v/e", "prod later", ONE), ("w/e", "test later", TWO)],
        {"prod later": "postgres[x]", "test later": "postgres[y]"},
    ),
    (
        "a newer export has the name of the older one",
        [("x/e", "prod", NONE)],
        [("x/e", "prod later", NONE), ("y/e", "test", NONE)],
        {"prod later": "postgres", "test": "postgres[y]"},
    ),
    (
        "a newer export is all that is left",
        [("x/e", "prod", NONE), ("y/e", "test", NONE)],
        [("x/e", "prod", NONE), ("z/e", "test later", NONE)],
        {"prod": "postgres[x]", "test later": "postgres[y]"},
    ),
    (
        "another system stands where one was",
        [("x/e", "prod", ONE), ("y/e", "test", TWO)],
        [("x/e", "prod", ONE), ("z/e", "third", {"system": "3"})],
        {"prod": "postgres[x]", "third": "postgres[z]"},
    ),
    (
        "nobody can tell which of two is which",
        [("x/e", "prod", NONE), ("y/e", "test", NONE)],
        [("v/e", "later", NONE), ("w/e", "later still", NONE)],
        {"later": "postgres[v]", "later still": "postgres[w]"},
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"), [c[1:] for c in TABLE], ids=[c[0] for c in TABLE]
)
def test_a_holder_is_called_as_before(
    before: list[Any], after: list[Any], expected: dict[str, str]
) -> None:
    assert _holders(_built(*before), _built(*after)) == expected


def test_whatever_names_the_holder_is_renamed_with_it() -> None:
    before = _built(("x/e", "prod", NONE), ("y/e", "test", NONE))
    after = _built(("x/e", "prod", NONE), ("z/e", "test", NONE))
    select = ({"key": "role:postgres[z]:erp/*"}, {"key": "role:postgres[z]:erp/loader"})
    claim = Claim(
        "owner",
        {"select": select, "owner": "audit"},
        Evidence("s", "/", "0" * 64, "", "declared", 1),
    )
    graph, claims = as_called(before, after, [claim])
    for name in ("nodes", "edges", "gates", "gaps", "ends"):
        mine, theirs = getattr(graph, name), getattr(before, name)
        if name == "ends":  # Where a document was found is told there still.
            mine, theirs = mine.drop(columns="body"), theirs.drop(columns="body")
        assert mine.equals(theirs), name
    assert claims[0].body["select"] == (
        {"key": "role:postgres[y]:erp/*"},
        {"key": "role:postgres[y]:erp/loader"},
    )


def test_graphs_without_qualifiers_stay_the_same_object() -> None:
    before, after = _built(("x/e", "prod", NONE)), _built(("y/e", "test", NONE))
    assert as_called(before, after, ())[0] is after
