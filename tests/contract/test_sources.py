"""What holds for every source, and for every source to come."""

import sys
from pathlib import Path

import pytest

from nhigraph.app.registry import ingestors
from nhigraph.errors import InputError
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.facts.tables import FactTable
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import accepts
from nhigraph.schema import kinds
from nhigraph.schema.properties import Type, declared

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "unit" / "sources"
NAMES = sorted(ingestors())


def _facts(name: str) -> list[Fact | FactTable]:
    """All that a source says about its own fixtures."""
    ingestor = ingestors()[name]
    found: list[Fact | FactTable] = []
    for document in discover([FIXTURES / name]).documents:
        try:
            if accepts(ingestor, document) and ingestor.recognises(document):
                found += ingestor.read(document)
        except InputError:
            continue  # fixtures of broken input are there to be refused
    return found


def _kinds(facts: list[Fact | FactTable]) -> set[str]:
    labels = {f.kind.label for f in facts if isinstance(f, Node | Edge)}
    for table in facts:
        if isinstance(table, FactTable):
            labels |= set(table.frame["kind"].astype(str).unique())
    return labels


@pytest.mark.parametrize("name", NAMES)
def test_a_source_has_fixtures_and_says_no_kind_it_does_not_declare(name: str) -> None:
    facts = _facts(name)
    assert facts, f"tests/unit/sources/{name} holds no document that the source reads"
    declared = {kind.label for kind in ingestors()[name].emits}
    assert _kinds(facts) <= declared


@pytest.mark.parametrize("name", NAMES)
def test_a_source_says_all_that_it_declares_somewhere_in_its_fixtures(name: str) -> None:
    declared = {kind.label for kind in ingestors()[name].emits}
    if name == "facts":
        return  # its vocabulary is the whole schema, and its own tests go through it
    assert declared <= _kinds(_facts(name))


@pytest.mark.parametrize("name", sorted({*NAMES} - {"facts"}))
def test_a_source_writes_no_property_that_is_not_declared(name: str) -> None:
    """Also not of another type: how two records of a node add up is decided by both."""
    right = {
        Type.TEXT: str,
        Type.FLAG: bool,
        Type.COUNT: int,
        Type.DAY: str,
        Type.WORD: str,
        Type.WORDS: tuple,
        Type.LINES: tuple,
    }
    wrong = {
        (stated, type(value).__name__)
        for fact in _facts(name)
        if isinstance(fact, Node)
        for stated, value in fact.props.items()
        for one in [declared(stated)]
        if one is None or not isinstance(value, right[one.type])
    }
    assert wrong == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_source_says_what_it_cannot_see(name: str) -> None:
    module = sys.modules[ingestors()[name].read.__module__]
    package = sys.modules[f"nhigraph.sources.{name}"]
    said = f"{module.__doc__} {package.__doc__}".lower()
    assert "blind spots" in said


@pytest.mark.parametrize("name", NAMES)
def test_every_evidence_of_a_source_has_a_digest_and_no_host_path(name: str) -> None:
    for fact in _facts(name):
        if not isinstance(fact, FactTable):
            assert len(fact.evidence.sha256) == 64
            assert not fact.evidence.artifact.startswith("/")
            assert str(ROOT) not in repr(fact)


def test_every_edge_kind_has_a_transition_or_is_marked_inert() -> None:
    for kind in kinds.EDGE_KINDS.values():
        assert kind.effect in kinds.TRANSITIONS, kind.label


@pytest.mark.parametrize("name", NAMES)
def test_no_stub_of_a_source_is_left(name: str) -> None:
    """What ``make new-source`` writes says STUB wherever something has to be put in its place."""
    package = ROOT / "nhigraph" / "sources" / name
    files = [*package.rglob("*.py"), package.with_suffix(".py"), ROOT / "CHANGELOG.md"]
    files += [*(FIXTURES / name).rglob("*"), FIXTURES / f"test_{name}.py"]
    stubs = [
        f"{path.relative_to(ROOT).as_posix()}:{number}"
        for path in files
        if path.is_file()
        for number, line in enumerate(path.read_bytes().splitlines(), 1)
        if b"STUB" in line and (path.suffix != ".md" or f"`{name}`".encode() in line)
    ]
    assert not stubs, f"put something in place of these stubs: {', '.join(stubs)}"
