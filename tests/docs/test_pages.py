"""Pages are true: commands print what they say, their files are read, links resolve."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from urllib.parse import unquote

import pytest

import nhigraph
from nhigraph.docsgen.commands import commands as listed_commands
from nhigraph.docsgen.written import PAGES as PRINTED
from nhigraph.ingest.document import Document
from nhigraph.schema import claims
from tests.docs.pages import PAGES, ROOT, blocks, commands, fits, needs, run, title
from tests.docs.reading import headings, links, prose
from tests.docs.test_schemas import problems, remarks

#: What is not run, and why: pages may say no other.
NOT_RUN = {
    "make": "sets up the checkout; CI runs the same targets",
    "aws": "asks AWS, with a login",
    "gh": "asks GitHub, with a login",
    "glab": "asks GitLab, with a login",
    "psql": "asks a PostgreSQL server",
    "neo4j": "asks a Neo4j server; tests/neo4j do, too",
    "mysql": "asks a MySQL or MariaDB server",
    "pip": "installs from a package index",
    "spark": "starts Spark; tests/spark do, too",
    "terminal": "asks a person, or opens a browser",
}
#: Options of other programs, in what is not run.
OTHERS_OPTIONS = {"--from", "--org", "--group", "--out", "--init-command", "--expression"}
OTHERS_OPTIONS |= {"--configuration-aggregator-name"}
OURS = [page for page in PAGES if page.parent != ROOT / "docs" / "reference"]
_OPINION = re.compile(r"\b(compliant|certified|safe)\b", re.IGNORECASE)


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _running(page: Path) -> bool:
    return any(fence.language in {"console", "python"} or title(fence) for fence in blocks(page))


@pytest.mark.parametrize("page", [page for page in OURS if _running(page)], ids=_name)
def test_what_a_page_says_is_what_happens(page: Path, assessed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "checkout"
    shutil.copytree(assessed, folder, copy_function=os.link)
    names: dict[str, object] = {}
    for fence in blocks(page):
        at = f"{_name(page)}:{fence.line}"
        if name := title(fence):
            (folder / name).unlink(missing_ok=True)
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(fence.text, encoding="utf-8")
        elif fence.language == "console":
            for command, told in commands(fence.text):
                code, printed = run(command, folder)
                assert code == 0, f"{at}: {command}\n{printed}"
                assert not told or fits(told, printed), f"{at}: {command}\n{printed}"
        elif fence.language == "python":
            with chdir(folder):
                exec(compile(fence.text, at, "exec"), names)  # noqa: S102 - a page of ours


@pytest.mark.parametrize("page", OURS, ids=_name)
def test_a_block_is_run_or_says_what_it_needs(page: Path) -> None:
    for fence in blocks(page):
        at = f"{_name(page)}:{fence.line}"
        if fence.language in {"sh", "bash"}:
            assert needs(fence) in NOT_RUN, at
            for script in re.findall(r"queries/\S+\.(?:sh|sql)", fence.text):
                assert (ROOT / script).is_file(), at
        else:
            assert fence.language in {"console", "python", "yaml", "json", "text"}, at


@pytest.mark.parametrize("page", OURS, ids=_name)
def test_yaml_of_a_page_is_read_without_a_remark(page: Path, tmp_path: Path) -> None:
    for number, fence in enumerate(blocks(page)):
        if fence.language != "yaml" or fence.text.startswith("{"):
            continue
        at = f"{_name(page)}:{fence.line}"
        text = fence.text
        if "nhigraph:" not in text and not text.startswith("#"):
            form = "facts/1" if re.match(r"(nodes|edges|gates|gaps):", text) else "scope/1"
            text = f"nhigraph: {form}\n{text}"
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, encoding="utf-8")
        content = Document(path, path.name).content
        if isinstance(content, dict) and content.get("nhigraph") in {"facts/1", "scope/1"}:
            assert remarks(path, content) == [], at
            assert problems(content) == [], at


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=_name)
def test_links_of_a_page_resolve(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in links(text):
        if link.startswith("https://"):
            continue
        where, _, anchor = unquote(link).partition("#")
        target = (page.parent / where).resolve() if where else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in headings(target.read_text(encoding="utf-8")), link


def test_the_index_leads_to_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    led = {(index.parent / link).resolve() for link in links(index.read_text(encoding="utf-8"))}
    pages = {page for page in (ROOT / "docs").glob("*.md") if page != index}
    assert pages <= led
    assert ROOT / "docs" / "reference" / "README.md" in led
    assert PRINTED


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_page_gives_an_opinion(page: Path) -> None:
    assert not _OPINION.search(page.read_text(encoding="utf-8"))


def test_the_next_command_that_the_demo_prints_runs_as_it_is_printed(tmp_path: Path) -> None:
    def shell(command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # As `make demo` starts it: by a path, in a shell that knows no program of that name.
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    told = shell(".venv/bin/nhigraph demo").splitlines()
    (line,) = (line for line in told if line.startswith("next: "))
    assert line == "next: .venv/bin/nhigraph who fin:revenue"
    assert "role:postgres:erp/dbt_runner" in shell(line.removeprefix("next: "))


def _said(page: Path) -> set[str]:
    """Commands that a page names in its prose, such as ``nhigraph scope check``."""
    text = prose(page.read_text(encoding="utf-8"))
    return set(re.findall(r"`(?:\.venv/bin/)?nhigraph ([a-z][a-z0-9-]*(?: [a-z]+)?)", text))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_that_a_page_names_is_one(page: Path) -> None:
    known = {name for name, _ in listed_commands()}
    groups = {name.split()[0] for name in known if " " in name}
    for said in _said(page):
        first = said.split()[0]
        assert said in known or (first in known and first not in groups) or said in groups, said


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_option_that_a_page_names_is_one(page: Path) -> None:
    known = {opt for _, command in listed_commands() for one in command.params for opt in one.opts}
    known |= {"--help", "--version", *OTHERS_OPTIONS}
    text = re.sub(r"\]\([^)]*\)", "", page.read_text(encoding="utf-8"))
    said = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
    assert said <= known, said - known


def test_the_page_of_the_scope_tells_every_role_and_no_other() -> None:
    told = re.findall(
        r"^\| `(\w+)` \|", (ROOT / "docs" / "scope.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert tuple(told) == claims.FS_ROLES


def test_the_page_of_python_tells_every_name_that_is_offered() -> None:
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert [name for name in nhigraph.__all__ if f"`{name}`" not in text] == ["__version__"]


def test_the_page_of_sources_tells_of_every_export_script() -> None:
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    scripts = {path.name for path in (ROOT / "queries" / "export").iterdir()}
    assert all(f"queries/export/{name}" in text for name in scripts)


@pytest.mark.parametrize(
    ("told", "printed", "fit"),
    [
        (["a", "b"], "a\nb\n", True),
        (["a", "…"], "a\nb\nc\n", True),
        (["…", "c"], "a\nb\nc\n", True),
        (["a … c"], "a b b c\n", True),
        (["a … c"], "a\nc\n", False),
        (["a"], "a\nb\n", False),
        (["a.b"], "axb\n", False),
    ],
)
def test_dots_stand_for_anything_and_nothing_else_does(
    told: list[str], printed: str, fit: bool
) -> None:
    assert fits(told, printed) is fit
