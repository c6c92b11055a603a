"""For scripts and shells: exit codes, completion in a real shell, queries, words explained."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from nhigraph.app.bundled import bundled
from nhigraph.app.questions.meanings import meanings
from nhigraph.cli.main import nhigraph as program
from nhigraph.schema import claims, controls, examples, kinds
from nhigraph.schema.types import State
from tests.e2e.command import inside


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("who", "fin:revenue"), 1),
        (("why", "dbt_runner", "fin:revenue"), 1),
        (("why", "docs.yml#site", "fin:cash"), 0),
        (("why", "archive.yml#ship", "fin:cash"), 3),
        (("why", "fin:cash", "fin:cash"), 1),
        (("reach", "dbt_runner"), 1),
        (("reach", "docs.yml#site", "fin:cash"), 0),
        (("reach", "archive.yml#ship", "fin:cash"), 3),
        (("blast", "DBT_PASSWORD"), 1),
        (("blast", "docs.yml#site"), 0),
        (("ask",), 1),
    ],
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_an_answer_is_an_exit_code_where_that_is_asked_for(
    out: Path, asked: tuple[str, ...], code: int, form: str
) -> None:
    told: list[str | Path] = [*asked, "--graph", out, "--format", form]
    assert inside(*told).code == 0
    assert inside(*told, "--exit-code").code == code


_FACTS = """\
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:svc"}
  - {kind: Dataset, key: "acme:gl"}
"""
_SCOPE = """\
nhigraph: scope/1
as_of: 2026-11-23
targets:
  - {id: gl, family: financial-reporting, fs_role: record, select: [{key: "acme:gl"}]}
  - {id: gone, family: financial-reporting, fs_role: record, select: [{key: "acme:gone"}]}
"""


def test_a_target_that_nothing_stands_for_is_not_known_and_nobody_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.facts.yaml").write_text(_FACTS)
    (folder / "scope.yaml").write_text(_SCOPE)
    assert inside("build", folder, "--out", tmp_path / "out").code == 0
    for target in ("fin:gone", "fin:gl"):
        asked = ("who", target, "--graph", tmp_path / "out", "--exit-code")
        assert inside(*asked).code == 3, "an error of the scope leaves both open"
    (folder / "scope.yaml").write_text(_SCOPE.rpartition("  - {id: gone")[0])
    assert inside("build", folder, "--out", tmp_path / "out").code == 0
    assert inside("who", "fin:gl", "--graph", tmp_path / "out", "--exit-code").code == 0


@pytest.fixture(scope="module")
def path_with_program(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A path on which the shell finds the program of this environment."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "nhigraph"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nhigraph "$@"\n')
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


_BASH = """\
source <(nhigraph completion bash)
complete -p nhigraph
for line in "$@"; do
    COMP_LINE=$line COMP_POINT=${#line} COMPREPLY=()
    _nhigraph_completion nhigraph
    printf '%s|' "${COMPREPLY[@]}"
    echo
done
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes_commands_options_and_keys(out: Path, path_with_program: str) -> None:
    lines = {
        "nhigraph expl": "explain",
        "nhigraph who --exit": "--exit-code",
        f"nhigraph who --graph {out} fin:rev": "revenue",  # bash has the word up to the colon
        f"nhigraph why --graph {out} nightly.yml#b": "nightly.yml#build",
        f"nhigraph why --graph {out} dbt_runner trust:A": "A/nightly-close",
        f"nhigraph why --graph {out} role:postgres:erp/dbt": "erp/dbt_runner",
    }
    done = subprocess.run(
        ["bash", "--norc", "-c", _BASH, "bash", *lines],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": path_with_program},
    )
    told, *offered = done.stdout.splitlines()
    assert told == "complete -o nosort -F _nhigraph_completion nhigraph"
    for line, found in zip(lines.items(), offered, strict=True):
        assert line[1] in found.split("|"), (line, found)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_have_their_scripts(shell: str) -> None:
    said = inside("completion", shell)
    assert said.code == 0
    assert "_NHIGRAPH_COMPLETE" in said.out
    if shutil.which(shell):
        subprocess.run([shell, "-n", "-c", said.out], check=True)


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
def test_fish_completes_commands_options_and_keys(
    out: Path, path_with_program: str, tmp_path: Path
) -> None:
    lines = {
        "nhigraph expl": "explain",
        "nhigraph scope s": "suggest",
        "nhigraph who --exit": "--exit-code",
        f"nhigraph who --graph {out} fin:rev": "fin:revenue",
        f"nhigraph why --graph {out} role:postgres:erp/dbt": "role:postgres:erp/dbt_runner",
    }
    asked = "; ".join(f"complete -C '{line}'; echo ," for line in lines)
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"nhigraph completion fish | source; {asked}"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": path_with_program, "HOME": str(tmp_path)},
    )
    for line, told in zip(lines.items(), done.stdout.split(",\n"), strict=False):
        assert line[1] in {one.partition("\t")[0] for one in told.splitlines()}, (line, told)


def test_without_a_graph_no_key_is_offered(tmp_path: Path, path_with_program: str) -> None:
    done = subprocess.run(
        ["bash", "--norc", "-c", _BASH, "bash", "nhigraph who dbt"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PATH": path_with_program},
    )
    assert done.stdout.splitlines()[1] == "|"
    assert not done.stderr


def test_every_export_query_is_printed_as_it_lies_in_the_package() -> None:
    listed = inside("export-query").out.splitlines()
    files = sorted(bundled("queries/export").iterdir())
    assert [line.split()[0] for line in listed] == [path.stem for path in files]
    for line, path in zip(listed, files, strict=True):
        assert len(line.split(maxsplit=1)[1]) > 20, "it says what it makes"
        assert inside("export-query", path.stem).out == path.read_text(encoding="utf-8")
    wrong = inside("export-query", "oracle")
    assert wrong.code == 2
    assert "postgres" in wrong.err


def test_every_word_of_a_verdict_and_a_scope_is_explained_with_an_example() -> None:
    words: list[tuple[str, str]] = [("rule", name) for name in controls.RULES]
    words += [("fs_role", word) for word in claims.FS_ROLES]
    words += [("icfr_basis", word) for word in claims.ICFR_BASES]
    words += [("scope", name) for name in {*claims.TOP_FIELDS, *claims.TARGET_FIELDS}]
    words += [("state", state.name) for state in State]
    words += [("verdict", word) for word in ("both", "soc1", "soc2", "undetermined", "neither")]
    words += [("exposure", word) for word in examples.EXPOSURES]
    words += [("edge kind", label) for label in kinds.EDGE_KINDS]
    for of, word in words:
        found = [one for one in meanings(word) if one.of == of]
        assert len(found) == 1, (of, word)
        assert found[0].said, (of, word)
        assert found[0].example, (of, word)
    assert set(examples.RULES) == set(controls.RULES)
    assert set(examples.SCOPE) == {*claims.TOP_FIELDS, *claims.TARGET_FIELDS}
    assert meanings("nothing of ours") == []


def test_the_examples_of_a_scope_are_lines_of_a_scope() -> None:
    import yaml

    for name, line in examples.SCOPE.items():
        read = yaml.safe_load(line.replace("…", "{key: '*'}"))
        assert list(read) == [name], line


def test_explain_teaches_without_a_graph(tmp_path: Path) -> None:
    said = inside("explain", "fs_role", cwd=tmp_path)
    assert said.code == 0
    assert said.out.startswith("fs_role (scope): What a target is to the books. It takes one of")
    assert "example            fs_role: record" in said.out
    both = inside("explain", "both", cwd=tmp_path).out
    assert "both (verdict): can change the books and break a promise of trust\n" in both
    assert "both (icfr_basis): " in both, "a word may be of several kinds"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("load payments", "github:ledgerline/warehouse/workflow/load-payments.yml"),
        ("load payments / load", "github:ledgerline/warehouse/job/load-payments.yml#load"),
        ("Load Payments / Load", "github:ledgerline/warehouse/job/load-payments.yml#load"),
        ("nightly / build", "github:ledgerline/warehouse/job/nightly.yml#build"),
    ],
)
def test_what_github_shows_is_found(out: Path, name: str, key: str) -> None:
    assert inside("explain", name, "--graph", out).out.split()[1] == key


def test_several_that_a_name_could_be_are_numbered_and_the_number_says_which(out: Path) -> None:
    several = inside("explain", "marts.", "--graph", out)
    assert several.code == 2
    assert "could be any of: 1) " in several.err
    listed = several.err.partition("1) ")[2].partition(";")[0]
    second = listed.split(", ")[1].removeprefix("2) ")
    assert "say which, such as 'marts.~1'" in several.err
    assert inside("explain", "marts.~2", "--graph", out).out.split()[1] == second
    beyond = inside("explain", "marts.~99", "--graph", out)
    assert beyond.code == 2
    assert "could be any of: 1) " in beyond.err


def test_sources_are_listed_in_a_line_each_and_told_by_name() -> None:
    listed = inside("sources")
    rows = json.loads(inside("sources", "--format", "json").out)["rows"]
    names = [row["source"] for row in rows]
    assert [line.split()[0] for line in listed.out.splitlines()[2:]] == names
    for row in rows:
        told = inside("sources", row["source"]).out
        assert told.startswith(f"{row['source']}: {row['title']}\n")
        assert row["blind_spots"] in told
        assert ", ".join(row["emits"]) in told
    assert inside("sources", "oracle").code == 2


def test_every_command_writes_and_reads_one_folder_unless_told_otherwise() -> None:
    context = click.Context(program)
    folders = set()
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        inner = getattr(command, "commands", {}).values() or (command,)
        options = (option for one in inner for option in one.params)
        folders |= {
            (name, str(option.default))
            for option in options
            if {"--out", "--graph"} & set(option.opts) and isinstance(option.default, Path)
        }
    # A drawing is no folder, and files for a browser are no answer.
    others = {name for name, folder in folders if folder != "nhigraph-out"}
    assert others <= {"view", "neo4j"}
    assert {"assess", "build", "check", "demo", "neo4j", "view", "who"} <= dict(folders).keys()
