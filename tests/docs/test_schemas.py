"""The schemas say of scopes and facts what the readers say, and of answers what is printed."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest

from nhigraph.docsgen.written import schemas
from nhigraph.facts.facts import Note, Refused
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.sources.facts import INGESTOR as FACTS
from nhigraph.sources.scope import INGESTOR as SCOPE
from tests.oracle.estates import estate
from tests.oracle.features import misspelt
from tests.sample import SCOPE as SAMPLE

ROOT = Path(__file__).parents[2]
MADE = {name: json.loads(text) for name, text in schemas().items()}
VALID = {
    "scope/1": jsonschema.Draft7Validator(MADE["scope-1.schema.json"]),
    "facts/1": jsonschema.Draft7Validator(MADE["facts-1.schema.json"]),
}
SOURCES: dict[str, Ingestor] = {"scope/1": SCOPE, "facts/1": FACTS}
SEEDS = range(300)
#: What a reader says of a word that it does not know.
UNKNOWN_WORD = ("unknown ", "expected one of")
#: Documents that hold every section, whose words are misspelt one at a time.
WHOLE = (
    SAMPLE,
    ROOT / "tests/docs/whole.scope.yaml",
    ROOT / "tests/docs/whole.facts.yaml",
)
MISSPELT = 250


def _documents() -> list[Path]:
    """Every scope and file of facts among the tests' data and the samples."""
    folders = (ROOT / "tests", ROOT / "samples")
    found = (path for folder in folders for path in folder.rglob("*.yaml"))
    return sorted(
        path
        for path in found
        if path.read_bytes()[:2000].count(b"nhigraph: scope/1")
        or path.read_bytes()[:2000].count(b"nhigraph: facts/1")
    )


def remarks(path: Path, content: dict[str, Any]) -> list[str]:
    """Whatever the reader of the format says against it."""
    form = str(content["nhigraph"])
    said = SOURCES[form].read(Document(path, path.name))
    return [fact.reason for fact in said if isinstance(fact, Refused | Note)]


def problems(content: dict[str, Any]) -> list[str]:
    """Whatever the schema says against it."""
    found = VALID[str(content["nhigraph"])].iter_errors(content)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:300]}" for one in found]


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_schema_is_one(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(MADE[name])


def test_the_sample_and_every_fixture_that_is_read_without_a_remark_is_valid() -> None:
    judged = 0
    for path in _documents():
        content = Document(path, path.name).content
        if not isinstance(content, dict) or content.get("nhigraph") not in SOURCES:
            continue
        if remarks(path, content):
            continue
        assert problems(content) == [], path.relative_to(ROOT)
        judged += 1
    assert judged > 100
    assert SAMPLE in _documents()


def _drawn(tmp_path: Path) -> Iterator[tuple[int, Path, dict[str, Any]]]:
    """Documents of random estates, whole and damaged, each as the file that a reader is given."""
    for seed in SEEDS:
        facts, scope = estate(seed)
        for number, content in enumerate((*facts, scope)):
            path = tmp_path / f"{seed}-{number}.json"
            path.write_text(json.dumps(content), encoding="utf-8")
            yield seed, path, content


def test_of_random_estates_what_is_read_without_a_remark_is_valid_and_a_misspelt_word_is_not(
    tmp_path: Path,
) -> None:
    clean = spoilt = 0
    for seed, path, content in _drawn(tmp_path):
        said, found = remarks(path, content), problems(content)
        if not said:
            clean += 1
            assert found == [], (seed, path.name)
        elif any(word in reason for reason in said for word in UNKNOWN_WORD):
            spoilt += 1
            assert found, (seed, path.name, said)
    assert clean > 200
    assert spoilt > 30


def _places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where words stand: texts, and names of fields, which end in their own name twice."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*at, name, name)
            yield from _places(inner, (*at, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*at, index))
    elif isinstance(value, str) and len(value) > 1:
        yield at


def _spoilt(rng: Random, content: dict[str, Any]) -> dict[str, Any]:
    """The document with one word of it misspelt: a name of a field, or a text."""
    made = copy.deepcopy(content)
    *way, last = rng.choice([at for at in _places(made) if at[:1] != ("nhigraph",)])
    is_name = bool(way) and way[-1] == last
    inner: Any = made
    for step in way[:-1] if is_name else way:
        inner = inner[step]
    if is_name:
        name = str(last)
        other = misspelt(rng, name) if len(name) > 1 else f"{name}x"
        renamed = {other if one == name else one: value for one, value in inner.items()}
        inner.clear()
        inner.update(renamed)
    else:
        inner[last] = misspelt(rng, inner[last])
    return made


@pytest.mark.parametrize("whole", WHOLE, ids=lambda path: path.name)
def test_one_word_misspelt_is_told_by_the_schema_where_the_reader_tells_it(
    whole: Path, tmp_path: Path
) -> None:
    content = Document(whole, whole.name).content
    assert remarks(whole, content) == []
    rng, told = Random(15), 0
    for number in range(MISSPELT):
        spoilt = _spoilt(rng, content)
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(spoilt), encoding="utf-8")
        said, found = remarks(path, spoilt), problems(spoilt)
        if not said:
            assert found == [], spoilt
        elif any(word in reason for reason in said for word in UNKNOWN_WORD):
            told += 1
            assert found, said
    assert told > MISSPELT / 5
