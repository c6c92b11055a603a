"""Templates that are compiled once: never of another text, and never in the way."""

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from nhigraph.templates import Compiled


@pytest.fixture(autouse=True)
def _writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    made = tmp_path / "settings.py"
    made.write_text("one", encoding="utf-8")
    return made


def _page(settings: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bool]:
    """A page of a template, by an environment that knows nothing yet; whether it was compiled."""
    compiled: list[str] = []
    cache = Compiled(str(settings))
    environment = Environment(
        loader=DictLoader({"a": text}), bytecode_cache=cache, autoescape=True
    )
    compile_it = environment.compile

    def counted(source: str, name: str, filename: str) -> object:
        compiled.append(source)
        return compile_it(source, name, filename)

    monkeypatch.setattr(environment, "compile", counted)
    return environment.get_template("a").render(), bool(compiled)


def test_the_second_page_is_not_compiled_again(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _page(settings, "{{ 1 + 1 }}", monkeypatch) == ("2", True)
    assert _page(settings, "{{ 1 + 1 }}", monkeypatch) == ("2", False)
    assert [path.suffix for path in (settings.parent / "__pycache__").iterdir()] == [".jinja"]


def test_another_text_and_other_settings_are_compiled_anew(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _page(settings, "{{ 1 + 1 }}", monkeypatch) == ("2", True)
    assert _page(settings, "{{ 1 + 2 }}", monkeypatch) == ("3", True)
    settings.write_text("other", encoding="utf-8")
    assert _page(settings, "{{ 1 + 2 }}", monkeypatch) == ("3", True)


def test_what_is_damaged_is_compiled_anew(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _page(settings, "{{ 1 + 1 }}", monkeypatch)
    (kept,) = (settings.parent / "__pycache__").iterdir()
    for text in (b"", kept.read_bytes()[:40], kept.read_bytes()[:-9], b"something else"):
        kept.write_bytes(text)
        assert _page(settings, "{{ 1 + 1 }}", monkeypatch) == ("2", True)
        assert _page(settings, "{{ 1 + 1 }}", monkeypatch) == ("2", False)


def test_nothing_is_written_where_python_is_told_so_or_where_it_cannot(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert _page(settings, "{{ 1 + 1 }}", monkeypatch) == ("2", True)
    assert not (settings.parent / "__pycache__").exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (settings.parent / "__pycache__").write_text("a file", encoding="utf-8")
    assert _page(settings, "{{ 1 + 1 }}", monkeypatch) == ("2", True)
