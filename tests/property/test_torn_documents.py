"""Documents that are damaged clear nobody, whichever source reads them.

FORMATS: "Never is a record lost and "no path" printed beside it." In estates that can be read
whole, one member of one document is of a type that it never has, or the document breaks off; who
came to the books before still does, or it is not known. Who stood in the damaged document alone
may be gone, with a line about that document. One of which nothing at all can be read is a document
that was not given: that it was not read is said, and nothing is known of what it was about.
"""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nhigraph.errors import NoInputError
from tests.documents import sound
from tests.documents.judging import Judged, judge, level, of
from tests.documents.sound import Sound

#: Of types that a member has not: which of them are no text either.
_WRONG: tuple[object, ...] = ({"": 7}, [[]], 7, True)
_NO_TEXT = 2
#: Parts of eight after which a document breaks off.
_CUTS = (1, 4, 7)
_ESTATES: dict[str, Callable[[], Sound]] = {
    "aws": sound.aws,
    "dbt": sound.dbt,
    "facts": sound.facts,
    "github": sound.github,
    "gitlab": sound.gitlab,
    "tables": sound.tables,
}
#: Cases of an estate that are tried on every change; all are at night, in so many runs.
_ON_CHANGE, _NIGHTS = 24, 12
#: What became of a document of which nothing could be read.
_AS_NOT_GIVEN = {"unreadable", "not recognised"}
Place = tuple[str | int, ...]


def _places(value: object, at: Place = ()) -> Iterator[tuple[Place, object]]:
    yield at, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, (*at, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*at, index))


def _replaced(body: object, at: Place, wrong: object) -> object:
    if not at:
        return wrong
    made = copy.deepcopy(body)
    inside: Any = made
    for step in at[:-1]:
        inside = inside[step]
    inside[at[-1]] = wrong
    return made


def _torn(estate: Sound) -> Iterator[tuple[str, str, str]]:
    """What is torn, in which document, and the document's text then.

    In YAML a number is a text as good as any other, so that no text is replaced by one.
    """
    for name, body in estate.documents.items():
        text = _text(body)
        for part in _CUTS:
            rest = text[: len(text) * part // 8]
            if isinstance(body, str):
                # Behind a whole row nobody sees that a table breaks off.
                rest = rest.rpartition(",")[0]
            yield f"{name} breaks off after {part}/8", name, rest
        if isinstance(body, str):
            yield from _rows(name, body)
            continue
        for at, old in _places(body):
            if isinstance(body, dict) and "nhigraph" in body and _is_beginning(at):
                continue
            where = "".join(f"/{step}" for step in at)
            yaml = name.endswith(".yml") and not isinstance(old, dict | list)
            texts = not yaml and not _is_one_of(where, estate.texts)
            wrong = (
                [] if _is_one_of(where, estate.free) else _WRONG if texts else _WRONG[:_NO_TEXT]
            )
            for one in wrong:
                if type(one) is not type(old):
                    said = json.dumps(_replaced(body, at, one))
                    yield f"{name} {where} is {one}", name, said


def _is_one_of(where: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(where, one) for one in patterns)


def _is_beginning(at: Place) -> bool:
    """Whether of facts the edge itself, or where it begins, is torn.

    FORMATS has no gap then: that a record was refused stands beside every answer
    (``tests/e2e/test_unread_input.py``).
    """
    return at[:1] == ("edges",) and (len(at) < 3 or at[2] == "from")


def _rows(name: str, text: str) -> Iterator[tuple[str, str, str]]:
    """A table with a cell too many, too few, or without a cell that every row needs."""
    first, *rows = text.splitlines()
    for index, row in enumerate(rows):
        cells = row.split(",")
        torn = {"a cell too many": [*cells, "x"], "a cell too few": cells[:-1]}
        torn |= {
            f"no cell {at}": [*cells[:at], "", *cells[at + 1 :]]
            for at in ((0, 2) if name.endswith(".edges.csv") else (0, 1))
        }
        for what, made in torn.items():
            lines = [first, *rows[:index], ",".join(made), *rows[index + 1 :]]
            yield f"{name} row {index + 1} has {what}", name, "\n".join(lines) + "\n"


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def _written(folder: Path, estate: Sound, name: str = "", text: str = "") -> Judged:
    """Write the estate, one document of it as it is given, and judge it."""
    texts = {one: _text(body) for one, body in estate.documents.items()}
    texts |= {**estate.beside, "scope.yaml": estate.scope}
    if name:
        texts[name] = text
    for one, said in texts.items():
        path = folder / one
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said, encoding="utf-8")
    return judge([folder])


def _entries(found: Judged, name: str) -> list[dict[str, Any]]:
    entries: Any = found.assessment.coverage["artifacts"]
    return [one for one in entries if one["artifact"].endswith(name)]


def _complaints(whole: Judged, found: Judged, what: str, name: str) -> Iterator[str]:
    """Who is cleared by what is torn, or gone without a word."""
    entries = _entries(found, name)
    told = entries != _entries(whole, name)
    if all(one["status"] in _AS_NOT_GIVEN for one in entries):
        assert all(one["problem"] for one in entries)
        return
    for row in whole.identities:
        here = of(found.identities, identity=row["identity"])
        if level([row]) == 0:
            continue
        if not here and not told:
            yield f"{what}: {row['identity']} is gone"
        elif here and level(here) == 0:
            yield f"{what}: {row['identity']} is cleared"
        elif here and row["exposure"] != "gated" and here[0]["exposure"] == "gated":
            yield f"{what}: {row['identity']} is behind a gate"


_RUNS = [
    *(pytest.param(name, 0, 0, id=f"{name}-quick") for name in _ESTATES),
    *(
        pytest.param(name, _NIGHTS, part, id=f"{name}-{part}", marks=pytest.mark.nightly)
        for name in _ESTATES
        for part in range(_NIGHTS)
    ),
]


@pytest.mark.parametrize(("name", "parts", "part"), _RUNS)
def test_nobody_is_cleared_by_a_document_that_is_torn(
    name: str, parts: int, part: int, tmp_path: Path
) -> None:
    estate = _ESTATES[name]()
    whole = _written(tmp_path, estate)
    assert level(of(whole.identities, identity=estate.calm)) == 0
    assert sum(level([row]) > 0 for row in whole.identities) >= 5, whole.identities
    cases = [*_torn(estate)]
    chosen = cases[part::parts] if parts else Random(name).sample(cases, _ON_CHANGE)
    found: list[str] = []
    for what, torn, text in chosen:
        # Where nothing at all can be read there is no answer, and that is said.
        with suppress(NoInputError):
            after = _written(tmp_path, estate, torn, text)
            found += _complaints(whole, after, what, torn)
        (tmp_path / torn).write_text(_text(estate.documents[torn]), encoding="utf-8")
    assert not found, "\n".join(found)
