"""What people take out of the population by ``nhi: false`` is a line of coverage."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Node
from nhigraph.graph.build import build
from nhigraph.schema import kinds
from nhigraph.schema.types import NodeKind, Origin

ALL = "taken out of the population by nhi: false"


def _node(
    key: str, kind: NodeKind, nhi: bool | None, pointer: str, origin: Origin | None = None
) -> Node:
    return Node(kind, key, Evidence("a.yaml", pointer, "0" * 64, ""), nhi=nhi, origin=origin)


def _lines(*nodes: Node) -> list[tuple[str, str]]:
    built = build(nodes)
    return built.tally("a.yaml").aside


JOB, BOT = kinds.CI_JOB, kinds.SERVICE_ACCOUNT
SAID = Origin.FACTS
CASES: dict[str, tuple[list[Node], list[tuple[str, str]]]] = {
    "a job": (
        [_node("j", JOB, nhi=False, pointer="/n/0", origin=SAID)],
        [("/n/0", f"1 identity is {ALL}: j (/n/0)")],
    ),
    "two, by key": (
        [
            _node("j", JOB, nhi=False, pointer="/n/0", origin=SAID),
            _node("b", BOT, nhi=False, pointer="/n/1", origin=SAID),
        ],
        [("/n/1", f"2 identities are {ALL}: b (/n/1), j (/n/0)")],
    ),
    "a person": ([_node("u", kinds.USER, nhi=False, pointer="/n/0", origin=SAID)], []),
    "marked as one": ([_node("b", BOT, nhi=True, pointer="/n/0", origin=SAID)], []),
    "nothing said": ([_node("b", BOT, nhi=None, pointer="/n/0", origin=SAID)], []),
    "another record says true": (
        [
            _node("b", BOT, nhi=False, pointer="/n/0", origin=SAID),
            _node("b", BOT, nhi=True, pointer="/n/1", origin=SAID),
        ],
        [],
    ),
    "of a kind that only another record gives it": (
        [
            _node("b", kinds.USER, nhi=False, pointer="/n/0", origin=SAID),
            _node("b", BOT, nhi=None, pointer="/n/1"),
        ],
        [("/n/0", f"1 identity is {ALL}: b (/n/0)")],
    ),
    "an export that knows its own": ([_node("b", BOT, nhi=False, pointer="/n/0")], []),
    "said twice": (
        [
            _node("b", BOT, nhi=False, pointer="/n/3", origin=SAID),
            _node("b", BOT, nhi=False, pointer="/n/1", origin=SAID),
        ],
        [("/n/1", f"1 identity is {ALL}: b (/n/1)")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_who_is_taken_out_is_named_once(name: str) -> None:
    """Identities only, in the document that says so, with the place."""
    nodes, lines = CASES[name]
    assert _lines(*nodes) == _lines(*reversed(nodes)) == lines


def test_many_are_counted_and_the_first_are_named() -> None:
    nodes = [
        _node(f"b{at:02}", BOT, nhi=False, pointer=f"/n/{at}", origin=SAID) for at in range(23)
    ]
    ((_, line),) = _lines(*nodes)
    assert line.startswith(f"23 identities are {ALL}: b00 (/n/0), b01 (/n/1)")
    assert line.endswith("b19 (/n/19) and 3 more")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_line_stands_in_the_documents_coverage(tmp_path: Path, form: str) -> None:
    """Of facts/1 in either form; tables have rows."""
    if form == "json":
        node = {"kind": "CiJob", "key": "j", "nhi": False}
        content = json.dumps({"nhigraph": "facts/1", "nodes": [node]})
    else:
        content = "kind,key,nhi\nCiJob,j,false\n"
    (tmp_path / ("x.facts.json" if form == "json" else "x.nodes.csv")).write_text(content)
    (document,) = collect([tmp_path]).coverage.documents
    (note,) = document.notes.first
    where = "/nodes/0" if form == "json" else "row 1"
    assert (note.pointer, note.reason) == (where, f"1 identity is {ALL}: j ({where})")
