"""What a newcomer types wrong is told in one line that says how to go on."""

from pathlib import Path

import pytest

from nhigraph.app.query_library import library
from tests.e2e.command import inside, nhigraph

#: What is typed where no graph is, the exit code, and what the last line holds.
TYPED = (
    ("who revenue", 3, "there is no folder nhigraph-out: assess, build and demo make one"),
    ("who revenue --graph .", 3, "holds no graph"),
    ("who revenue --graph ''", 2, "this is empty: is a variable not set?"),
    ("assess ''", 2, "this is empty: is a variable not set?"),
    ("assess in --scope ''", 2, "this is empty"),
    ("assess in --scope in", 2, "--scope: a folder, and no file: in"),
    ("assess in --out ''", 2, "this is empty"),
    ("assess in --scope scope.yaml --out /", 2, "/ cannot be replaced: name a folder in it"),
    ("assess in --paths -3", 2, "--paths"),
    ("assess nothing", 2, "no such file or folder: nothing"),
    ("assess empty", 3, "the files given; `nhigraph sources` lists what can be read"),
    ("assess broken", 3, "given (a.facts.yaml: "),
    ("assess empty --scope scope.yaml", 3, "no readable input"),
    ("assess broken --scope scope.yaml --fail-on any", 3, "given (a.facts.yaml: "),
    ("check empty --scope scope.yaml --fail-on any", 3, "no readable input"),
    ("scope check empty --scope scope.yaml", 3, "no readable input"),
    ("explain fs_rol", 3, "(did you mean the word fs_role?); and of names: there is no folder"),
    ("scope chek", 2, "no such command: 'chek'; did you mean check?"),
    ("scope s empty", 3, "no readable input"),
    ("query lst", 2, "did you mean list?"),
    ("neo4j nothing", 2, "no such command: 'nothing'; there are browser, "),
    ("whoo", 2, "no such command: 'whoo'; did you mean who?"),
    ("s", 2, "'s' could be any of: scope, sources"),
    ("scope check in --scope empty", 2, "--scope: a folder, and no file: empty"),
    ("scope check in --scope none.yaml", 2, "--scope: no such file: none.yaml"),
    ("scope check in --scope tab.yaml", 2, "tab.yaml line 3: broken YAML: a tab stands here"),
    ("scope check in --scope top.yaml", 2, "which says `nhigraph: scope/1` on top"),
    ("assess in --scope top.yaml", 2, "which says `nhigraph: scope/1` on top"),
    ("assess in --scope tab.yaml", 2, "tab.yaml line 3: broken YAML: a tab stands here"),
    ("scope suggest in --commitments S", 2, "--commitments goes with --accept"),
    ("scope suggest in --accept 1 --commitments X", 2, "no category 'X'"),
    ("assess in --scope scope.yaml --scope top.yaml", 2, "--scope is given more than once"),
    ("check in --fail-on soc2 --scope scope.yaml --fail-on=any", 2, "--fail-on is given more"),
    ("scope check in --scope a --as-of 2026-01-01 --scope b", 2, "--scope is given more"),
    ("assess two", 2, "two scopes disagree on as_of: a.yaml says 2026-11-23, b.yaml 2026-11-24"),
)
FACTS = """
nhigraph: facts/1
nodes: [{kind: Dataset, key: "acme:ledger/gl_entries"}]
"""
SCOPE = """
nhigraph: scope/1
as_of: 2026-11-23
targets: [{id: gl, family: financial-reporting, fs_role: record, select: [{key: "acme:*"}]}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("clumsy")
    for name in ("in", "empty", "broken"):
        (made / name).mkdir()
    (made / "in" / "a.facts.yaml").write_text(FACTS)
    (made / "scope.yaml").write_text(SCOPE)
    (made / "tab.yaml").write_text("nhigraph: scope/1\ntargets:\n\t- id: gl\n")
    (made / "top.yaml").write_text(SCOPE.replace("nhigraph: scope/1\n", ""))
    (made / "two").mkdir()
    (made / "two" / "a.facts.yaml").write_text(FACTS)
    (made / "two" / "a.yaml").write_text(SCOPE)
    (made / "two" / "b.yaml").write_text(SCOPE.replace("11-23", "11-24"))
    (made / "broken" / "a.facts.yaml").write_text("nhigraph: facts/1\nnodes: [\n")
    return made


@pytest.mark.parametrize(("typed", "code", "told"), TYPED)
def test_a_slip_is_told_in_a_line_that_says_how_to_go_on(
    folder: Path, typed: str, code: int, told: str
) -> None:
    said = inside(*("" if word == "''" else word for word in typed.split()), cwd=folder)
    assert (said.code, said.out) == (code, ""), said
    assert told in said.err.splitlines()[-1]
    assert "x0a" not in said.err


@pytest.mark.parametrize("asked", [("who", ""), ("why", " ", "fin:cash"), ("explain", "")])
def test_a_name_is_never_empty(out: Path, asked: tuple[str, ...]) -> None:
    said = inside(*asked, "--graph", out)
    assert said.code == 2
    assert "a name is empty" in said.err


def test_what_adds_up_or_changes_nothing_is_given_as_often_as_one_likes(out: Path) -> None:
    twice = ("--rule", "long_lived", "--rule", "weak_auth", "--no-color", "--no-color")
    assert inside("findings", *twice, "--graph", out).code == 0
    assert nhigraph("who", "-h").out.startswith("Usage: nhigraph who")


def test_what_a_question_of_the_library_lacks_is_told_in_words_that_stand(out: Path) -> None:
    """``credential: …`` looked like a note of a secret, and lost the command that it told."""
    lacking = [
        one
        for one in library()
        if any(value is None and name != "snapshot" for name, value in one.params.items())
    ]
    assert any("credential" in one.params for one in lacking)
    for one in lacking:
        said = inside("query", "run", one.name, "--graph", out)
        assert said.code == 2
        assert f"is missing, as in `nhigraph query run {one.name} " in said.err
        assert "***" not in said.err


def test_from_and_to_in_the_wrong_order_is_told(out: Path) -> None:
    said = inside("reach", "fin:revenue", "--graph", out)
    assert said.code == 0
    assert "FROM is a target itself: `nhigraph who` says who reaches it" in said.err
    assert "itself" not in inside("reach", "dbt_runner", "--graph", out).err


def test_a_misspelt_word_is_told_beside_nodes_that_are_alike(out: Path) -> None:
    said = inside("explain", "fs_rol", "--graph", out)
    assert (said.code, said.out) == (2, "")
    assert "no node 'fs_rol' in this graph" in said.err
    assert "(did you mean the word fs_role?)" in said.err


def test_commitments_are_written_into_a_file_that_is_made_and_into_no_other(folder: Path) -> None:
    asked = ("scope", "suggest", "in", "--accept", "1", "--scope", "new.yaml")
    made = inside(*asked, "--commitments", "a,S", cwd=folder)
    assert made.code == 0, made.err
    text = (folder / "new.yaml").read_text()
    assert "commitments: [S, A]  # what the organisation promised" in text
    again = inside(*asked, "--commitments", "a,S", cwd=folder)
    assert again.code == 0
    assert "new.yaml: was there; what it says of the organisation and its commitments" in again.err
    assert (folder / "new.yaml").read_text() == text
