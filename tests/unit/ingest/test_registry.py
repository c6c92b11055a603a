"""Sources are found by being there."""

import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

import nhigraph.sources
from nhigraph.errors import SchemaError
from nhigraph.ingest import registry
from nhigraph.sources import facts

MODULE = """
from nhigraph.ingest.ingestor import Ingestor
INGESTOR = Ingestor("T", ("*.t",), lambda doc: True, lambda doc: iter(()), ())
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """A package of sources, made for one test."""
    folder = tmp_path / "made_sources"
    folder.mkdir()
    for name, text in (("__init__", ""), ("b", MODULE), ("a", MODULE), ("helper", "")):
        (folder / f"{name}.py").write_text(text)
    (folder / "_private.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(tmp_path)
    import made_sources  # type: ignore[import-not-found]

    yield made_sources
    for name in [name for name in sys.modules if name.startswith("made_sources")]:
        del sys.modules[name]


def entry(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    found = EntryPoints([EntryPoint(name, value, registry.GROUP)])
    monkeypatch.setattr(registry, "entry_points", lambda *, group: found.select(group=group))


def test_every_module_with_an_ingestor_is_a_source_of_its_name(package: object) -> None:
    """Modules without one are none; private ones are not even imported."""
    assert isinstance(package, type(nhigraph.sources))

    assert registry.source_names(package) == ["a", "b", "helper"]
    assert list(registry.discover_ingestors(package)) == ["a", "b"]


def test_another_distribution_offers_a_source_by_entry_point(
    package: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands beside the built-in ones, sorted by name."""
    assert isinstance(package, type(nhigraph.sources))
    entry(monkeypatch, "aa", "nhigraph.sources.facts:INGESTOR")

    found = registry.discover_ingestors(package)

    assert list(found) == ["a", "aa", "b"]
    assert found["aa"] is facts.INGESTOR


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("a", "nhigraph.sources.facts:INGESTOR", "two sources have the name 'a'"),
        ("x", "nhigraph.sources.facts:read", "is no Ingestor"),
    ],
)
def test_an_entry_point_that_cannot_stand_beside_the_others_is_an_error(
    package: object, monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    """Neither may silently replace the other."""
    assert isinstance(package, type(nhigraph.sources))
    entry(monkeypatch, name, value)

    with pytest.raises(SchemaError, match=problem):
        registry.discover_ingestors(package)
