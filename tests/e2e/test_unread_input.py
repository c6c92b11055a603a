"""What could not be read is told wherever nothing was found, and is no exit 0 for a gate."""

import json
from pathlib import Path

import pytest

from tests.e2e.command import Said, inside

FACTS = """\
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "t:bot"}
  - {kind: ServiceAccount, key: "t:writer"}
  - {kind: Dataset, key: "t:gl"}
  - {kind: Dataset, key: "t:other"}
edges:
  - {kind: CAN_READ, from: "t:bot", to: "t:other"}
"""
WRITES = '  - {kind: CAN_WRITE, from: "t:writer", to: "t:gl"}\n'
SCOPE = """\
nhigraph: scope/1
as_of: 2026-11-23
commitments: [A]
targets:
  - {id: gl, family: financial-reporting, fs_role: record, select: [{key: "t:gl"}]}
  - {id: up, family: trust-service, commitments: [A], select: [{key: "t:other"}]}
"""
#: What is lost, and where: none of it leaves a gap at anybody.
LOST = {
    "an edge without from": ("a.facts.yaml", 'edges: [{kind: CAN_WRITE, to: "t:gl"}]'),
    "an edge from a number": (
        *("a.facts.yaml",),
        'edges: [{kind: CAN_WRITE, from: [1], to: "t:gl"}]',
    ),
    "an edge in a table": ("a.edges.csv", "kind,from,to\nCAN_WRITE,,t:gl\n"),
    "a node without key": ("a.facts.yaml", "nodes: [{kind: ServiceAccount}]"),
    "a node in a table": ("a.nodes.csv", "kind,key\nServiceAccount,\n"),
    "a gap nowhere": ("a.facts.yaml", "gaps: [{reason: not exported}]"),
    "a gate without key": ("a.facts.yaml", "gates: [{kind: review}]"),
    "a section of another name": ("a.facts.yaml", "egdes: [{kind: CAN_WRITE}]"),
    "a document": ("a.facts.yaml", "nodes: [{kind: ServiceAccount"),
    "a document of no kind": ("a.facts.json", '{"nodes": []}'),
    "an empty document": ("a.facts.json", ""),
}
RECORD, DOCUMENT = "1 record was refused", "1 document was not read whole"


def _estate(folder: Path, lost: str = "", more: str = "") -> Path:
    folder.mkdir()
    (folder / "estate.facts.yaml").write_text(FACTS + more, encoding="utf-8")
    (folder / "scope.yaml").write_text(SCOPE, encoding="utf-8")
    if lost:
        name, text = LOST[lost]
        plain = name.endswith(".yaml")
        (folder / name).write_text(f"nhigraph: facts/1\n{text}\n" if plain else text, "utf-8")
    return folder


def _assess(folder: Path, out: Path, *options: str) -> Said:
    return inside("assess", folder, "--out", out, *options)


@pytest.mark.parametrize("lost", LOST)
def test_a_gate_does_not_pass_over_what_could_not_be_read(lost: str, tmp_path: Path) -> None:
    """Exit 3 under --fail-on, and the sentence counts what was lost."""
    folder = _estate(tmp_path / "in", lost)
    said = DOCUMENT if "document" in lost else RECORD
    ran = _assess(folder, tmp_path / "out", "--fail-on", "soc1:direct")
    assert ran.code == 3, ran.err
    assert f"--fail-on soc1:direct: not found, but {said}" in ran.err
    assert ran.out.startswith(f"{said}: what stands there may open more than is told here. ")
    assert "none can" not in ran.out
    assert "no such path was found in what could be read." in ran.out
    coverage = json.loads((tmp_path / "out" / "coverage.json").read_text(encoding="utf-8"))
    number = {"documents": int(said == DOCUMENT), "records": int(said == RECORD)}
    assert (coverage["complete"], coverage["unread"]) == (False, number)


def test_what_was_found_stands_whatever_could_not_be_read(tmp_path: Path) -> None:
    """Exit 1: the path is proven; and an estate read whole ends with 0."""
    lost = _estate(tmp_path / "in", "a document", WRITES)
    ran = _assess(lost, tmp_path / "out", "--fail-on", "soc1:direct")
    assert ran.code == 1, ran.err
    assert "1 can change the books" in ran.out
    whole = _assess(_estate(tmp_path / "whole"), tmp_path / "out", "--fail-on", "soc1:direct")
    assert whole.code == 0, whole.err
    assert "none can change the books" in whole.out


def test_a_scope_error_goes_first(tmp_path: Path) -> None:
    """It is told, and nothing that was found beside it is an answer."""
    folder = _estate(tmp_path / "in", "a document", WRITES)
    typo = SCOPE.replace('"t:other"', '"t:othr"')
    (folder / "scope.yaml").write_text(typo, encoding="utf-8")
    ran = _assess(folder, tmp_path / "out", "--fail-on", "soc1:direct")
    assert ran.code == 3
    assert "--fail-on soc1:direct: 1 error in the scope" in ran.err


@pytest.mark.parametrize("lost", ["an edge without from", "a document"])
def test_questions_name_what_could_not_be_read_beside_no_path(lost: str, tmp_path: Path) -> None:
    """In every command, and in the JSON form by ``complete``."""
    folder = _estate(tmp_path / "in", lost)
    out = tmp_path / "out"
    assert _assess(folder, out).code == 0
    but = f"in what was read, but {DOCUMENT if 'document' in lost else RECORD}"
    asked = {
        ("why", "t:bot", "t:gl"): f"t:bot to t:gl: no path {but}",
        ("why", "t:bot", "fin:gl"): f"t:bot to fin:gl: no path {but}",
        ("reach", "t:bot", "t:gl"): f"t:bot to t:gl: no path {but}",
        ("reach", "t:writer"): f"t:writer to anything: no path {but}",
        ("who", "t:other"): "",
        ("blast", "t:writer"): f"no target, identity or credential falls with it {but}",
    }
    for question, said in asked.items():
        ran = inside(*question, "--graph", out)
        assert said in ran.err + ran.out, ran.err
        assert but.removeprefix("in what was read, but ") in ran.err
        answer = json.loads(inside(*question, "--graph", out, "--format", "json").out)
        assert answer["coverage"]["complete"] is False
    if lost == "a document":
        ran = inside("who", "fin:gl", "--graph", out)
        assert f"no identity is known to reach fin:gl {but}" in ran.err


#: A file that could not be read, and how that is told: what was expected, and what to do.
TOLD = {
    "a.edges.csv": (
        (b"kind;from;to\nCAN_WRITE;t:writer;t:gl\n", "columns such as kind,key"),
        ("kind,from,to\nCAN_WRITE,t:writer,t:gl\n".encode("utf-16"), "byte 0: expected UTF-8"),
        ("kind,from,to\nCAN_WRITE,t:writer,t:gl\n".encode("utf-16-le"), "byte 0: expected UTF-8"),
    ),
    "a.facts.json": (
        (b'["nhigraph"]', "expected `nhigraph: facts/1` on top"),
        (b'{"nhigraph": "facts/1", "nodes": [{"kind": "Ser\n', "control character where the file"),
    ),
    "a.facts.yaml": (
        (
            FACTS.encode("utf-16-le"),
            "line 1: broken YAML: a character that YAML does not allow, U+",
        ),
        (f"{FACTS}\0".encode(), f"line {FACTS.count(chr(10)) + 1}: broken YAML: a character that"),
        (f"{FACTS}# \x1b\n".encode(), "does not allow, U+001B; save the file as UTF-8, or take"),
    ),
}


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [(name, data, told) for name, all_of in TOLD.items() for data, told in all_of],
)
def test_a_file_that_is_not_read_is_told_with_what_was_expected_whatever_is_asked(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    estate = _estate(tmp_path / "in")
    (estate / name).write_bytes(data)
    for command in (
        ("build", estate, "--out", tmp_path / "out"),
        ("assess", estate, "--out", tmp_path / "out"),
        ("scope", "suggest", estate),
        ("scope", "suggest", estate, "--accept", "1", "--scope", tmp_path / "new.yaml"),
        ("scope", "check", estate),
    ):
        said = inside(*command)
        line = next((one for one in said.err.splitlines() if one.startswith("not read: ")), "")
        assert line.startswith(f"not read: {name}"), (command, said)
        assert told in line


def test_a_graph_without_a_scope_has_no_error_in_one(tmp_path: Path) -> None:
    estate = _estate(tmp_path / "in")
    (estate / "scope.yaml").unlink()
    built = inside("build", estate, "--out", tmp_path / "out")
    asked = inside("reach", "t:bot", "--graph", tmp_path / "out")
    for said in (built, asked):
        assert "; no scope" in said.err
        assert "in the scope" not in said.err
