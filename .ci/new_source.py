"""Write the stubs of a new source: module, fixture, test and changelog line.

Every stub says what to put in its place, after the word STUB, and fails its tests until that is
done: a source that says nothing is no source. CONTRIBUTING.md has the walkthrough.
"""

import keyword
import re
import sys
from pathlib import Path

MODULE = '''"""TITLE: STUB: which export this reads, and what makes it.

Blind spots: STUB: what the export cannot show.
"""

from collections.abc import Iterator
from typing import Final

from nhigraph.errors import InputError
from nhigraph.facts.facts import Fact
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor

#: What the export says of itself, with its version.
FORM: Final = "NAME/1"


def recognises(doc: Document) -> bool:
    """Whether the document says that it is an export of this form, in any version."""
    content = doc.content
    form = content.get("nhigraph_export") if isinstance(content, dict) else None
    return isinstance(form, str) and form.startswith("NAME/")


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one export says."""
    if doc.content["nhigraph_export"] != FORM:
        advice = "export again with this version's script"
        raise InputError(doc.artifact, "/nhigraph_export", f"expected {FORM}", advice)
    # STUB: yield facts, each with its evidence: doc.at(member, index, ...). Keys are minted in
    # nhigraph/facts/keys, providers' rules decided in nhigraph/policy, what is not understood is
    # a Gap, a record that cannot be one is Refused.
    raise NotImplementedError("a stub: CONTRIBUTING.md, How to add a source, says how to go on")


INGESTOR = Ingestor(
    title="TITLE",
    accepts=("*.NAME.json",),
    recognises=recognises,
    read=read,
    emits=(),  # STUB: every kind of node and edge that it yields
)
'''

TEST = '''"""TITLE exports: what each becomes.

Each folder of ``NAME/`` holds an export and ``expected.json``: one line for each fact, sorted.
"""

import json
from pathlib import Path

import pytest

from nhigraph.ingest.document import Document
from nhigraph.sources.NAME import INGESTOR
from tests.unit.sources.told import told

HERE = Path(__file__).parent / "NAME"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES)
def test_each_export_becomes_the_facts_that_stand_beside_it(case: str) -> None:
    """Every fact of every fixture, with its place."""
    expected = json.loads((HERE / case / "expected.json").read_text())
    (path,) = (HERE / case).glob("*.NAME.json")
    doc = Document(path, path.name)

    assert INGESTOR.recognises(doc)
    assert sorted(map(told, INGESTOR.read(doc))) == expected
'''

EXPORT = '{"nhigraph_export": "NAME/1", "STUB": "a real export, with CANARY-… for each secret"}\n'
EXPECTED = '["STUB: the facts, one line each, as tests/unit/sources/told.py writes them"]\n'
LINE = "- Source `NAME`: STUB: what it reads and what it says.\n"

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 30


def problem(name: str, root: Path) -> str | None:
    """Why there cannot be a new source of that name; None where there can."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or keyword.iskeyword(name):
        return f"{name!r} is no name of a module: snake_case, at most {_LONGEST} characters"
    sources, tests = root / "nhigraph" / "sources", root / "tests" / "unit" / "sources"
    taken = (sources / f"{name}.py", sources / name, tests / name, tests / f"test_{name}.py")
    there = [path.relative_to(root).as_posix() for path in taken if path.exists()]
    if there:
        return f"there is a source {name!r} already: {', '.join(there)}"
    return None


def write(name: str, root: Path) -> list[Path]:
    """Write the stubs of a source below ``root``; returns what was written."""
    title = name.replace("_", " ").capitalize()
    tests = root / "tests" / "unit" / "sources"
    files = {
        root / "nhigraph" / "sources" / f"{name}.py": MODULE,
        tests / name / "first" / f"export.{name}.json": EXPORT,
        tests / name / "first" / "expected.json": EXPECTED,
        tests / f"test_{name}.py": TEST,
    }
    changelog = root / "CHANGELOG.md"
    lines = with_line(changelog.read_text(encoding="utf-8"), LINE.replace("NAME", name))
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("NAME", name).replace("TITLE", title), encoding="utf-8")
    changelog.write_text(lines, encoding="utf-8")
    return [*files, changelog]


def with_line(changelog: str, line: str) -> str:
    """The changelog with a line at the end of what Unreleased adds."""
    unreleased = changelog.index("## [Unreleased]")
    added = changelog.index("### Added\n", unreleased)
    after = re.compile(r"^##", re.MULTILINE).search(changelog, added + len("### Added\n"))
    end = after.start() if after else len(changelog)
    head = changelog[:end].rstrip("\n")
    return f"{head}\n{line}\n{changelog[end:]}"


def main(arguments: list[str]) -> int:
    """Write the stubs, and say what is next."""
    root = Path(__file__).resolve().parent.parent
    if len(arguments) != 1:
        print("usage: make new-source NAME=vault", file=sys.stderr)
        return 2
    (name,) = arguments
    why = problem(name, root)
    if why is not None:
        print(f"new-source: {why}", file=sys.stderr)
        return 2
    for path in write(name, root):
        print(path.relative_to(root).as_posix())
    print(f"next: put something in place of each STUB, then make test ARGS='-k {name}'")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
