"""Files of supposed changes: what they say, and what is told of those that cannot be read."""

from pathlib import Path

import pytest

from nhigraph.app.questions import changes_file
from nhigraph.errors import InputError

_TOP = "nhigraph: changes/1\n"


def _file(folder: Path, text: str, name: str = "c.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_that_can_go_and_come(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        _TOP
        + "remove:\n  nodes: [app:a]\n  edges: [{kind: OWNS, from: app:a, to: app:b}]\n"
        + "  places: [{artifact: a.json, pointer: /edges/0}]\n"
        + "add:\n  nodes: [{kind: ServiceAccount, key: app:c}]\n  files: [more.facts.yaml]\n",
    )
    found = changes_file.read(path)
    assert found.nodes == ("app:a",)
    assert found.edges == (("OWNS", "app:a", "app:b"),)
    assert found.places == (("a.json", "/edges/0"),)
    assert found.files == (tmp_path / "more.facts.yaml",)
    (added,) = found.added
    assert added.content["nodes"] == [{"kind": "ServiceAccount", "key": "app:c"}]
    assert added.at("nodes", 0).pointer == "/add/nodes/0"
    assert found.said == {
        "app:a": "c.yaml at /remove/nodes/0",
        ("OWNS", "app:a", "app:b"): "c.yaml at /remove/edges/0",
        ("a.json", "/edges/0"): "c.yaml at /remove/places/0",
    }


def test_the_places_of_a_cut_go_each_once(tmp_path: Path) -> None:
    row = '{"artifact": "a.json", "pointer": "/edges/0", "rank": 1}'
    text = f'{{"nhigraph": "cut/1", "as_of": "2026-11-23", "rows": [{row}, {row}]}}'
    found = changes_file.read(_file(tmp_path, text, "cut.json"))
    assert found.places == (("a.json", "/edges/0"),)
    assert found.said == {("a.json", "/edges/0"): "cut.json at /rows/0"}


BAD = [
    ("no form", "remove: {nodes: [a]}\n", "/nhigraph", "expected nhigraph: changes/1"),
    ("a list", "[]\n", "/nhigraph", "expected nhigraph: changes/1"),
    ("a form that is another", "nhigraph: facts/1\n", "/nhigraph", "expected nhigraph: changes/1"),
    ("an unknown key", _TOP + "removes: {nodes: [a]}\n", "", "unknown key 'removes'"),
    ("one below", _TOP + "remove: {node: [a]}\n", "/remove", "unknown key 'node'"),
    ("one of an addition", _TOP + "add: {links: []}\n", "/add", "unknown key 'links'"),
    (
        "one of an edge",
        _TOP + "remove: {edges: [{kind: OWNS, from: a, too: b}]}\n",
        "/remove/edges/0",
        "unknown key 'too'",
    ),
    (
        "an edge without an end",
        _TOP + "remove: {edges: [{kind: OWNS, from: a}]}\n",
        "/remove/edges/0",
        "to: missing",
    ),
    ("no list", _TOP + "remove: {nodes: a}\n", "/remove", "nodes: expected a list"),
    ("no text", _TOP + "remove: {nodes: [7]}\n", "/remove", "nodes/0: expected a text"),
    ("no record", _TOP + "remove: {places: [a]}\n", "/remove/places/0", "expected a record"),
    ("no mapping", _TOP + "remove: [a]\n", "", "remove: expected a mapping"),
    ("nothing", _TOP + "remove: {nodes: []}\n", "", "expected something that goes"),
    ("a cut of nothing", "nhigraph: cut/1\nrows: []\n", "", "found none"),
    (
        "choke points",
        "nhigraph: cut/1\nrows: [{point: node, artifact: a, pointer: b}]\n",
        "/rows/0",
        "found a choke point",
    ),
]


@pytest.mark.parametrize(
    ("text", "pointer", "said"), [b[1:] for b in BAD], ids=[b[0] for b in BAD]
)
def test_what_is_not_understood_is_told_with_its_place(
    text: str, pointer: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as told:
        changes_file.read(_file(tmp_path, text))
    assert told.value.artifact == "c.yaml"
    assert told.value.pointer == pointer
    assert said in told.value.problem


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        changes_file.read(tmp_path / "none.yaml")


def test_a_password_is_cut_out_of_names_and_of_errors(tmp_path: Path) -> None:
    """The graph has such a name without it, too: what is named is found."""
    address = "https://u:CANARY-not-a-secret@h"
    pair = "password=CANARY-not-a-secret"
    text = (
        f'{_TOP}remove: {{nodes: ["{address}"], edges: [{{kind: OWNS, from: "{pair}", to: a}}]}}\n'
    )
    found = changes_file.read(_file(tmp_path, text))
    assert found.nodes == ("https://u:***@h",)
    assert found.edges == (("OWNS", "password=***", "a"),)
    found = changes_file.read(_file(tmp_path, f'{_TOP}add: {{files: ["{address}"]}}\n'))
    assert found.files == (tmp_path / "https://u:***@h",)
