"""`what-if --changes`: what goes and comes by a file, and a cut as it is printed."""

import json
from pathlib import Path

import pytest

from tests.e2e.command import inside

_FACTS = """
nhigraph: facts/1
nodes:
- {kind: ServiceAccount, key: app:first}
- {kind: ServiceAccount, key: app:second}
- {kind: ServiceAccount, key: app:poster}
- {kind: Dataset, key: "dataset:x:gl"}
edges:
- {kind: CAN_ASSUME, from: app:first, to: app:poster}
- {kind: CAN_ASSUME, from: app:second, to: app:poster}
- {kind: CAN_WRITE, from: app:poster, to: "dataset:x:gl", action: post}
"""
_SCOPE = """
nhigraph: scope/1
organization: Acme
as_of: 2026-11-23
commitments: [S]
targets:
- {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
   select: [{key: "dataset:x:gl"}]}
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changes")
    (folder / "a.facts.yaml").write_text(_FACTS, encoding="utf-8")
    (folder / "scope.yaml").write_text(_SCOPE, encoding="utf-8")
    ran = inside("assess", folder, "--out", folder / "out")
    assert ran.code == 0, ran.err
    return folder / "out"


def _changed(out: Path, *options: str | Path) -> dict[str, tuple[str, str]]:
    ran = inside("what-if", *options, "--graph", out, "--format", "json")
    assert ran.code == 0, ran.err
    return {row["identity"]: (row["before"], row["after"]) for row in json.loads(ran.out)["rows"]}


def test_a_cut_as_it_is_printed_is_a_file_of_changes(out: Path, tmp_path: Path) -> None:
    ran = inside("cut", "gl", "--graph", out, "--format", "json")
    (tmp_path / "cut.json").write_text(ran.out, encoding="utf-8")
    stopped = json.loads(ran.out)["stopped"]
    assert stopped == ["app:first", "app:poster", "app:second"]
    assert _changed(out, "--changes", tmp_path / "cut.json") == dict.fromkeys(
        stopped, ("soc1 open", "neither")
    )


def test_what_goes_and_what_comes_stand_in_one_file_beside_the_options(
    out: Path, tmp_path: Path
) -> None:
    (tmp_path / "more.facts.yaml").write_text(
        "nhigraph: facts/1\nnodes: [{kind: ServiceAccount, key: app:third}]\n"
        "edges: [{kind: CAN_ASSUME, from: app:third, to: app:poster}]\n",
        encoding="utf-8",
    )
    (tmp_path / "c.yaml").write_text(
        "nhigraph: changes/1\n"
        "remove: {edges: [{kind: CAN_ASSUME, from: app:first, to: app:poster}]}\n"
        "add:\n"
        "  nodes: [{kind: ServiceAccount, key: app:fourth}]\n"
        "  edges: [{kind: CAN_WRITE, from: app:fourth, to: dataset:x:gl}]\n"
        "  files: [more.facts.yaml]\n",
        encoding="utf-8",
    )
    gone, came = ("soc1 open", "neither"), ("neither", "soc1 open")
    told = {"app:first": gone, "app:third": came, "app:fourth": came}
    assert _changed(out, "--changes", tmp_path / "c.yaml") == told
    beside = _changed(out, "--changes", tmp_path / "c.yaml", "--remove", "app:second")
    assert beside == {**told, "app:second": gone}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("remove: {nodes: [app:frist]}", 2, "c.yaml at /remove/nodes/0: no node 'app:frist'"),
        (
            "remove: {places: [{artifact: a.facts.yaml, pointer: /edges/9}]}",
            2,
            "c.yaml at /remove/places/0: no edge of this graph is stated at",
        ),
        ("add: {nodes: [{kind: Servant, key: app:x}]}", 3, "c.yaml /add/nodes/0"),
        (
            "add: {nodes: [{kind: ServiceAccount, key: app:x, nmae: y}]}",
            3,
            "c.yaml /add/nodes/0: unknown field 'nmae'",
        ),
        ("add: {files: [none.yaml]}", 2, "no such file"),
    ],
)
def test_what_is_not_there_or_cannot_be_read_changes_nothing(
    text: str, code: int, said: str, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "c.yaml").write_text(f"nhigraph: changes/1\n{text}\n", encoding="utf-8")
    ran = inside("what-if", "--changes", tmp_path / "c.yaml", "--graph", out)
    assert ran.code == code
    assert said in ran.err
    assert ran.out == ""


def test_what_an_edge_to_a_removed_node_hid_is_no_longer_not_known(tmp_path: Path) -> None:
    """The edges wait for a need that no input describes; only one of the two ends there."""
    waiting = "needs: [{at: app:right, state: CONTROL}]"
    more = f"""- {{kind: CAN_WRITE, from: app:first, to: "dataset:x:old", {waiting}}}
- {{kind: CAN_WRITE, from: app:second, to: "dataset:x:old", {waiting}}}
- {{kind: CAN_WRITE, from: app:second, to: "dataset:x:gl", {waiting}}}
"""
    facts = _FACTS.replace("edges:", '- {kind: Dataset, key: "dataset:x:old"}\nedges:')
    facts = facts.partition("- {kind: CAN_ASSUME, from: app:first")[0] + more
    (tmp_path / "a.facts.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "scope.yaml").write_text(_SCOPE, encoding="utf-8")
    assert inside("assess", tmp_path, "--out", tmp_path / "out").code == 0
    changed = _changed(tmp_path / "out", "--remove", "dataset:x:old")
    assert changed == {"app:first": ("undetermined undetermined", "neither")}
