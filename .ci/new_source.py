"""Write the stubs of a new source: one module and one fixture folder.

The stub's test fails until both are filled: a source that says nothing is no source.
"""

import re
import sys
from pathlib import Path

MODULE = '''"""TITLE: say here which export this reads.

Blind spots: say what the export cannot show.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Fact, Node
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds as k


def recognises(doc: Document) -> bool:
    """By content, not by name alone."""
    return isinstance(doc.content, dict) and "NAME" in doc.content


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one document says."""
    for number, _ in enumerate(doc.content["NAME"]):
        place = doc.at("NAME", number)
        yield Node(k.SERVICE_ACCOUNT, f"NAME:{number}", place)  # mint the key in facts/keys.py


INGESTOR = Ingestor(
    title="TITLE",
    accepts=("*.json",),
    recognises=recognises,
    read=read,
    emits=(k.SERVICE_ACCOUNT,),
)
'''

CASE = '{"NAME": [{}]}\n'
EXPECTED = "[]\n"


def write(name: str, root: Path) -> list[Path]:
    """Write module and fixture folder of a source below ``root``; returns what was written."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise SystemExit(f"{name!r}: a source's name is snake_case, like its module")
    module = root / "nhigraph" / "sources" / f"{name}.py"
    if module.exists() or module.with_suffix("").exists():
        raise SystemExit(f"{module} is there already")
    case = root / "tests" / "unit" / "sources" / name / "first"
    title = name.replace("_", " ").capitalize()
    files = {
        module: MODULE.replace("NAME", name).replace("TITLE", title),
        case / f"export.{name}.json": CASE.replace("NAME", name),
        case / "expected.json": EXPECTED,
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


if __name__ == "__main__":
    for written in write(sys.argv[1], Path(__file__).parent.parent):
        print(written)
