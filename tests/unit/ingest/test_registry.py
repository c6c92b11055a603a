"""Sources are found by being there."""

import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import ModuleType

import pytest

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


def offered(
    package: object, monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]
) -> registry.Found:
    """The sources, with entry points of a distribution that says nothing of itself."""
    assert isinstance(package, ModuleType)
    found = EntryPoints([EntryPoint(name, value, registry.GROUP) for name, value in entries])
    monkeypatch.setattr(registry, "entry_points", lambda *, group: found.select(group=group))
    return registry.discover_ingestors(package)


def test_every_module_with_an_ingestor_is_a_source_of_its_name(
    package: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules without one are none; private ones are not even imported."""
    assert isinstance(package, ModuleType)
    assert registry.source_names(package) == ["a", "b", "helper"]

    found = offered(package, monkeypatch)

    assert list(found.ingestors) == ["a", "b"]
    assert found.packages == ()


def test_another_distribution_offers_a_source_by_entry_point(
    package: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands beside the built-in ones, sorted by name."""
    found = offered(package, monkeypatch, ("aa", "nhigraph.sources.facts:INGESTOR"))

    assert list(found.ingestors) == ["a", "aa", "b"]
    assert found.ingestors["aa"].emits == facts.INGESTOR.emits
    assert found.packages == (registry.Package("of unknown name", "", ("aa",)),)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("a", "nhigraph.sources.facts:INGESTOR", "there is a source 'a' of nhigraph already"),
        ("x", "nhigraph.sources.facts:read", "its source 'x' is no Ingestor"),
        ("x", "nhigraph.sources.nowhere:X", "no module named 'nhigraph.sources.nowhere'"),
        ("x", "nhigraph.sources.facts:GONE", "its source 'x' cannot be loaded (AttributeError)"),
        ("X-ray", "nhigraph.sources.facts:INGESTOR", "'X-ray' is no name of a source"),
    ],
)
def test_a_package_that_cannot_stand_beside_the_others_is_told_and_left_out(
    package: object, monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    """None silently replaces another, and the others stay."""
    found = offered(package, monkeypatch, ("aa", "nhigraph.sources.facts:INGESTOR"), (name, value))

    assert list(found.ingestors) == ["a", "b"]
    (refused,) = found.packages
    assert problem in refused.problem
    assert set(refused.sources) == {"aa", name}
