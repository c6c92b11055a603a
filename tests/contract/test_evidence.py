"""Evidence is made in one place, and every place of the sample reads again."""

import ast
from pathlib import Path

from nhigraph.app.collect import collect
from nhigraph.app.demo import REPOSITORY, inputs
from nhigraph.ingest.discover import discover

PACKAGE = Path(__file__).parents[2] / "nhigraph"
#: The document makes evidence; the store gives back what it was given.
MAKERS = {"ingest/document.py", "graph/said.py", "graph/assembly.py", "graph/snapshot.py"}


def _calls(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [func.id for func in called if isinstance(func, ast.Name)]


def test_only_the_document_makes_evidence() -> None:
    makers = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "Evidence" in _calls(path)
    }
    assert makers <= MAKERS


def test_every_place_of_the_sample_reads_again() -> None:
    """Digest, pointer, line and excerpt agree with the file that is named."""
    found = discover(inputs(), repo=REPOSITORY).documents
    documents = {document.artifact: document for document in found}
    graph = collect(inputs(), repo=REPOSITORY).graph
    counted = 0
    for what, frame in (("node", graph.nodes), ("edge", graph.edges)):
        for number in range(len(frame)):
            for place in graph.evidence_of(what, number):
                document = documents[place.artifact]
                assert document.sha256 == place.sha256
                if place.pointer.startswith("/"):
                    parts = _parts(document.content, place.pointer)
                    again = document.at(*parts, excerpt=bool(place.excerpt), basis=place.basis)
                    assert again == place
                elif place.pointer.startswith("line "):
                    assert place.pointer == f"line {place.line}"
                    assert document.line(place.line, excerpt=False).line == place.line
                elif place.pointer.startswith("row "):
                    row = int(place.pointer.removeprefix("row "))
                    assert 1 <= row <= len(document.records)
                    assert document.rows(basis=place.basis).unfold(row) == place
                else:
                    assert place.pointer == ""
                counted += 1
    assert counted > 100


def _parts(value: object, pointer: str) -> list[str | int]:
    parts: list[str | int] = []
    for raw in pointer.split("/")[1:]:
        name = raw.replace("~1", "/").replace("~0", "~")
        part: str | int = int(name) if isinstance(value, list) else name
        parts.append(part)
        value = value[part]  # type: ignore[index] # a parsed container
    return parts
