"""A scope on its graph: targets, boundary, what it names twice, and what is lost of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.assurance.day import Day
from nhigraph.assurance.scope import Resolved, header, resolve
from nhigraph.errors import UsageError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Edge, Fact, Node, Note, Refused
from nhigraph.graph.build import build
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.sources import scope as source

HERE = Evidence("a", "/", "0" * 64)
GL, TB = "dataset:postgres:erp.fin.gl", "dataset:postgres:erp.fin.tb"
FACTS: list[Fact] = [
    Node(k.SERVICE_ACCOUNT, "acme:bot", HERE),
    Node(k.DATASET, GL, HERE),
    Node(k.DATASET, TB, HERE),
    Edge(k.FEEDS, GL, TB, HERE),
]
LEDGER: dict[str, Any] = {
    "id": "gl",
    "family": "financial-reporting",
    "fs_role": "record",
    "select": [{"key": GL}],
}
TRUST: dict[str, Any] = {"id": "p", "family": "trust-service", "select": [{"key": TB}]}


def claims(folder: Path, name: str, body: dict[str, Any]) -> list[Claim]:
    """The claims of a scope file, those that a refused record leaves among them."""
    path = folder / name
    path.write_text(json.dumps({"nhigraph": "scope/1", "commitments": ["S"], **body}))
    found: list[Fact] = []
    for fact in source.INGESTOR.read(Document(path, name)):
        if isinstance(fact, Refused | Note):
            found += fact.leaves
        elif not hasattr(fact, "reason"):
            found.append(fact)  # type: ignore[arg-type]
    return [fact for fact in found if isinstance(fact, Claim)]


def resolved(folder: Path, *targets: dict[str, Any], **more: object) -> Resolved:
    found = claims(folder, "scope.json", {"targets": list(targets), **more})
    return resolve(build(FACTS).graph, found, Day("2026-11-23"))


@pytest.mark.parametrize(
    ("target", "keys"),
    [
        (LEDGER, ["fin:gl"]),
        ({**LEDGER, "data_class": ["personal"]}, ["fin:gl"]),
        ({**TRUST, "commitments": ["P", "A"]}, ["trust:A/p", "trust:P/p"]),
        ({**TRUST, "commitments": ["A"], "data_class": ["personal"]}, ["trust:A/p", "trust:P/p"]),
        ({**TRUST, "commitments": "unknown"}, ["trust:unknown/p"]),
        (TRUST, ["trust:unknown/p"]),
        ({**TRUST, "data_class": ["confidential"]}, ["trust:C/p", "trust:unknown/p"]),
        ({**TRUST, "commitments": []}, []),
        ({**LEDGER, "family": "x"}, ["target:gl"]),
        ({"family": "financial-reporting", "select": []}, ["fin:unnamed-1"]),
        ("text", ["target:unnamed-1"]),
    ],
)
def test_a_claim_makes_one_node_if_financial_and_one_per_category_if_trust(
    target: Any,  # noqa: ANN401 - a record, or something else in its place
    keys: list[str],
    tmp_path: Path,
) -> None:
    """Of unknown family one that may be either."""
    found = resolved(tmp_path, target)
    assert [one.key for one in found.estate.targets] == keys
    assert all(found.estate.graph.node_id(key) is not None for key in keys)


@pytest.mark.parametrize(
    ("select", "outside", "nodes"),
    [
        ([{"key": GL}], [], [GL]),
        ([{"key": "dataset:*"}], [], [GL, TB]),
        ([{"key": "dataset:*"}], [{"key": TB}], [GL]),
        ([{"key": TB}], [{"key": TB}], []),
        ([{"key": "x"}], [], []),
        ([], [], []),
        ([{}], [], []),
    ],
)
def test_what_the_boundary_says_is_outside_supports_nothing(
    select: list[Any], outside: list[Any], nodes: list[str], tmp_path: Path
) -> None:
    """R1: a target of which all is outside is as dead as one that selects nothing."""
    found = resolved(tmp_path, {**LEDGER, "select": select}, boundary={"outside": outside})
    (target,) = found.estate.targets
    assert (list(target.nodes), target.dead) == (nodes, not nodes)
    lost = {GL: "", TB: "outside", "x": "", "": "empty"}
    of = next((str(item.get("key", "")) for item in select), "")
    assert target.lost == ("" if nodes else lost[of])


@pytest.mark.parametrize(
    ("lists", "boundary"),
    [
        ({}, "in"),
        ({"outside": [{"key": GL}]}, "outside"),
        ({"outside": [{"key": GL}], "inclusive": [{"key": GL}]}, "inclusive"),
        ({"inclusive": [{"key": GL}], "carve_out": [{"key": GL}]}, "carve_out"),
        ({"outside": [{"key": GL}], "carve_out": [{"key": GL}]}, "carve_out"),
    ],
)
def test_of_several_lists_the_one_that_hides_least_wins(
    lists: dict[str, Any], boundary: str, tmp_path: Path
) -> None:
    """And the conflict is known."""
    found = resolved(tmp_path, LEDGER, boundary=lists)
    node = found.estate.graph.node_id(GL)
    assert node is not None
    assert found.estate.boundary[node] == boundary
    assert found.conflicts == ([GL] if len(lists) > 1 else [])


def test_two_targets_of_one_id_are_told_apart(tmp_path: Path) -> None:
    """In one file or in two; the first counts, a copy says nothing new."""
    twin = {**LEDGER, "select": [{"key": TB}]}
    one = resolved(tmp_path, LEDGER, twin)
    assert [(t.key, bool(t.refused)) for t in one.estate.targets] == [
        ("fin:gl", False),
        ("fin:gl~2", True),
    ]
    first, second = (claims(tmp_path, f"{n}.json", {"targets": [LEDGER]}) for n in "ab")
    copy = resolve(build(FACTS).graph, [*first, *second], Day("2026-11-23"))
    assert [t.key for t in copy.estate.targets] == ["fin:gl"]
    other = claims(tmp_path, "b.json", {"targets": [twin]})
    for order in ([*first, *other], [*other, *first]):
        both = resolve(build(FACTS).graph, order, Day("2026-11-23"))
        assert [(t.key, t.nodes) for t in both.estate.targets] == [
            ("fin:gl", (GL,)),
            ("fin:gl~2", ()),
        ]
        assert [refused[0] for refused in both.refused] == ["b.json"]


@pytest.mark.parametrize(
    ("commitments", "committed", "doubted"),
    [
        (["S", "C"], "S C", ""),
        ([], "", ""),
        (None, "", ""),
        ("unknown", "", "S A PI C P"),
        (["C", "X"], "C", "S A PI P"),
        ({"C": 1}, "", "S A PI C P"),
    ],
)
def test_commitments_that_cannot_be_read_may_be_any(
    commitments: object, committed: str, doubted: str, tmp_path: Path
) -> None:
    """None stated is none; one misspelt may have been any other."""
    found = resolved(tmp_path, LEDGER, commitments=commitments).estate
    assert (" ".join(found.commitments), " ".join(found.doubted)) == (committed, doubted)


@pytest.mark.parametrize(
    ("more", "unread"),
    [
        ({}, False),
        ({"organisation": "x"}, False),
        ({"boundry": {}}, False),
        ({"boundary": {"outsid": []}}, False),
        ({"thersholds": {}}, True),
        ({"thresholds": {"shared_bye": 1}}, True),
        ({"thresholds": 3}, True),
        ({"as_of": "soon"}, True),
        ({"owners": [{}]}, True),
        ({"owners": "x"}, True),
        ({"aliases": ["x"]}, True),
        ({"links": "x"}, True),
        ({"zzz": 1}, False),
    ],
)
def test_what_of_the_scope_may_hide_a_path_is_known(
    more: dict[str, object], unread: bool, tmp_path: Path
) -> None:
    """A boundary that is lost lets more in; a name is a name."""
    found = resolved(tmp_path, LEDGER, **more)
    assert found.estate.unread is unread
    assert len(found.unread) == bool(more)
    levels = [level for level, *_ in found.unread]
    assert levels == (["warning"] if "zzz" in more else ["error"] * len(levels))


def test_two_scopes_add_up_and_must_not_contradict(tmp_path: Path) -> None:
    """Commitments are united; two dates are one too many."""
    first = claims(tmp_path, "a.json", {"commitments": ["S"], "as_of": "2026-11-23"})
    second = claims(tmp_path, "b.json", {"commitments": ["C"]})
    assert header([*first, *second])["commitments"] == {"S", "C"}
    third = claims(tmp_path, "c.json", {"as_of": "2026-11-24"})
    with pytest.raises(UsageError, match="as_of"):
        header([*first, *third])
