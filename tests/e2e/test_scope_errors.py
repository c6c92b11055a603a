"""A wrong scope is loud: one letter, an empty selector or no target clears nobody."""

import csv
import json
from pathlib import Path

import pytest

from tests.e2e.command import Said, inside

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:writer"}
  - {kind: ServiceAccount, key: "acme:idle"}
  - {kind: ServiceAccount, key: "acme:gone", state: disabled}
  - {kind: ServiceAccount, key: "proc:idle"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl", name: gl}
  - {kind: Dataset, key: "dataset:postgres:erp.crm.people", name: people}
edges:
  - {kind: CAN_WRITE, from: "acme:writer", to: "dataset:postgres:erp.fin.gl"}
"""
LEDGER = (
    "  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own, "
    'select: [{key: "dataset:postgres:erp.fin.gl"}]}\n'
)
PEOPLE = (
    "  - {id: people, family: trust-service, commitments: [C], "
    'select: [{key: "dataset:postgres:erp.crm.people"}]}\n'
)
HEAD = "nhigraph: scope/1\ncommitments: [S, C]\nas_of: 2026-11-23\n"
SCOPE = f"{HEAD}boundary: {{carve_out: [{{key: 'proc:*'}}]}}\ntargets:\n{LEDGER}"

#: What is wrong -> what stands instead of what, and a word of the line that says so.
WRONG = {
    "a letter of the key": ("fin.gl", "fin.gi", 'did you mean "dataset:postgres:erp.fin.gl"'),
    "the family": ("ial-reporting", "ial-reprting", "did you mean 'financial-reporting'"),
    "the role": ("record", "recrod", "did you mean 'record'"),
    "the condition's name": ('{key: "dataset', '{kye: "dataset', "did you mean 'key'"),
    "a field's name": ("fs_role", "fs_rolle", "did you mean 'fs_role'"),
    "no condition": ('{key: "dataset:postgres:erp.fin.gl"}', "{}", "matches nothing"),
    "no item": ('[{key: "dataset:postgres:erp.fin.gl"}]', "[]", "it selects nothing"),
    "dbt's selector": ('key: "dataset:postgres:erp.fin.gl"', 'dbt: "tag:x"', "no node supports"),
    "all of it outside": ("carve_out: [{key: 'proc:*'}]", "outside: [{key: 'd*'}]", "outside"),
    "the section": ("targets:", "targts:", "did you mean 'targets'"),
}

#: What is wrong -> what is said of the target, where that is not that the inputs lack it.
SAID = {
    "the family": "not understood in the scope",
    "the role": "not understood in the scope",
    "a field's name": "not understood in the scope",
    "the condition's name": "not understood in the scope",
    "the section": "not understood in the scope",
    "no item": "given nothing to select",
    "no condition": "given nothing to select",
    "all of it outside": "put outside the boundary",
}


def _folder(tmp_path: Path, scope: str) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "acme.facts.yaml").write_text(FACTS)
    (folder / "scope.yaml").write_text(scope)
    return folder


def _rows(tmp_path: Path, name: str) -> list[dict[str, str]]:
    with (tmp_path / "out" / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


def _verdicts(tmp_path: Path) -> dict[str, str]:
    return {row["identity"]: row["verdict"] for row in _rows(tmp_path, "identities.csv")}


def _assess(tmp_path: Path, folder: Path, *options: str) -> Said:
    return inside("assess", folder, "--out", tmp_path / "out", *options)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.replace(" ", "-"))
def test_a_wrong_word_is_told_and_clears_nobody(wrong: str, tmp_path: Path) -> None:
    """On both streams, in the page, in coverage.json; exit 3 as soon as somebody asks."""
    right, instead, said = WRONG[wrong]
    folder = _folder(tmp_path, SCOPE.replace(right, instead, 1))
    ran = _assess(tmp_path, folder)
    assert ran.code == 0, ran.err
    assert said in ran.err
    lack = SAID.get(wrong, "not found in the inputs")
    assert ran.out.startswith(f"1 of 1 target was {lack}: gl")
    assert "none can" not in ran.out
    assert "no such path" not in ran.out
    found = _verdicts(tmp_path)
    assert "neither" not in (found["acme:writer"], found["acme:idle"]), found
    assert found["acme:gone"] == "neither"
    coverage = json.loads((tmp_path / "out" / "coverage.json").read_text())
    assert coverage["complete"] is False
    assert coverage["scope"]["errors"] > 0
    page = (tmp_path / "out" / "report.html").read_text()
    assert all((said in page) == (said == lack) for said in {*SAID.values(), lack})
    assert page.index("Scope error") < page.index("Who reaches which target")
    assert "no gap was met" not in page
    assert _assess(tmp_path, folder, "--strict").code == 3
    checked = inside("scope", "check", folder)
    assert checked.code == 1
    assert said in checked.out
    graph = ("--graph", tmp_path / "out")
    target = next(row["target"] for row in _rows(tmp_path, "verdicts.csv"))
    for command in (("why", "acme:writer", target), ("who", target), ("cut", target)):
        told = inside(*command, *graph)
        assert f"was {lack}" in told.out + told.err, command


def test_a_scope_error_is_exit_3_even_where_fail_on_names_somebody(tmp_path: Path) -> None:
    """A list of findings under a wrong scope is not the list."""
    folder = _folder(tmp_path, SCOPE + PEOPLE.replace('people"', 'peple"'))
    ran = _assess(tmp_path, folder, "--fail-on", "soc1:direct")
    assert ran.code == 3
    assert _verdicts(tmp_path) == {
        "acme:gone": "neither",
        "acme:idle": "undetermined",
        "acme:writer": "soc1",
        "proc:idle": "neither",
    }
    assert ran.out.startswith('1 of 2 targets was not found in the inputs: people (did you mean "')
    assert _assess(tmp_path, folder, "--fail-on", "none").code == 0


@pytest.mark.parametrize("targets", ["targets: []\n", "# targets:\n#  - {id: gl}\n", "targets:\n"])
def test_a_scope_without_targets_is_exit_2(targets: str, tmp_path: Path) -> None:
    """As without a scope: nothing would be judged."""
    folder = _folder(tmp_path, HEAD + targets)
    ran = _assess(tmp_path, folder)
    assert ran.code == 2
    assert "no targets" in ran.err
    assert "scope suggest" in ran.err
    assert not (tmp_path / "out").exists()
    assert inside("scope", "check", folder).code == 1


def test_a_sound_scope_is_exit_0_and_complete(tmp_path: Path) -> None:
    """Nothing is said for the sake of saying something."""
    folder = _folder(tmp_path, SCOPE + PEOPLE)
    ran = _assess(tmp_path, folder, "--strict")
    assert ran.code == 0, ran.err
    assert "scope error" not in ran.err
    assert _verdicts(tmp_path)["acme:idle"] == "neither"
    assert json.loads((tmp_path / "out" / "coverage.json").read_text())["complete"] is True
    assert inside("scope", "check", folder).code == 0


def test_a_file_given_as_the_scope_must_be_one(tmp_path: Path) -> None:
    """Not judged by another scope that happens to lie among the inputs."""
    folder = _folder(tmp_path, SCOPE)
    other = tmp_path / "other.yaml"
    other.write_text("nhigraph: scope/2\n")
    ran = _assess(tmp_path, folder, "--scope", str(other))
    assert ran.code == 2
    assert "other.yaml was not read as a scope" in ran.err


def test_two_scopes_add_up_and_a_wrong_one_of_them_is_told(tmp_path: Path) -> None:
    """A target of the second file is dead; two targets of one id are not one."""
    folder = _folder(tmp_path, SCOPE)
    more = LEDGER.replace("fin.gl", "crm.people") + PEOPLE.replace('people"', 'peple"')
    (folder / "more.yaml").write_text(f"{HEAD}targets:\n{more}")
    ran = _assess(tmp_path, folder, "--strict")
    assert ran.code == 3
    assert "1 of 3 targets was not found in the inputs: people" in ran.out
    assert "1 of 3 targets was not understood in the scope: gl~2" in ran.out
    assert _verdicts(tmp_path)["acme:idle"] == "undetermined"


def test_questions_to_the_stored_graph_know_of_the_dead_target(tmp_path: Path) -> None:
    """The refused record is kept with the graph."""
    folder = _folder(tmp_path, SCOPE.replace("financial-reporting", "financial-reprting"))
    _assess(tmp_path, folder)
    claims = json.loads((tmp_path / "out" / "graph" / "claims.json").read_text())
    (target,) = [claim["body"] for claim in claims if claim["subject"] == "target"]
    assert (target["id"], target["family"]) == ("gl", None)
    assert "did you mean" in target["refused"]
    asked = inside("who", "target:gl", "--graph", tmp_path / "out", "--format", "json")
    assert json.loads(asked.out)["coverage"]["complete"] is False
