"""What the box of a memo says: each case a small estate, and the sentence that a person may sign.

Written as an auditor would put it: a side that is proven is said where the other is open, "no
path" stands only where something was looked at, and a condition makes *can* a *may*.
"""

from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.app.questions.memo import told
from nhigraph.app.questions.which import which
from nhigraph.output.memo import as_html, as_markdown
from tests.estate_files import write_estate

Record = dict[str, Any]
_OPEN = " It is open: on at least one path no control stands in the way, or its control fails."
_NO_PROMISE = "no trust-service target of the scope stands for one"


def _books(target: str, select: str, **more: object) -> Record:
    one = {"id": target, "family": "financial-reporting", "fs_role": "record", **more}
    return {**one, "icfr_basis": "user_entity", "select": [{"key": select}]}


def _promise(target: str, select: str) -> Record:
    one = {"id": target, "family": "trust-service", "commitments": ["C"]}
    return {**one, "select": [{"key": select}]}


def _holds(*held: str, **more: object) -> list[Record]:
    return [{"kind": "CONTAINS", "from": "a:sys", "to": key, **more} for key in held]


_BOTH = [_books("gl", "a:gl"), _promise("people", "a:people")]
#: Case: edges from the system, gaps, targets, and the sentence without the name.
CASES: dict[str, tuple[list[Record], list[Record], list[Record], str]] = {
    "both are shown": (
        _holds("a:gl", "a:people"),
        [],
        _BOTH,
        (
            "SOC 1 and SOC 2: whoever takes over sys can change the books and break a promise of "
            f"confidentiality.{_OPEN}"
        ),
    ),
    "one is shown, and of the other nothing was found": (
        _holds("a:gl"),
        [],
        _BOTH,
        (
            "SOC 1: whoever takes over sys can change the books; nothing that was read shows a "
            "path "
            f"to a promise.{_OPEN}"
        ),
    ),
    "the books are shown, and promises are not decided": (
        _holds("a:gl"),
        [],
        [_books("gl", "a:gl"), _promise("people", "a:nobody")],
        (
            "SOC 1, SOC 2 not decided: whoever takes over sys can change the books; whether they "
            "can "
            f"break a promise could not be told from what was read.{_OPEN}"
        ),
    ),
    "a promise is shown, and the books are not decided": (
        _holds("a:people"),
        [],
        [_books("gl", "a:nothing"), _promise("people", "a:people")],
        (
            "SOC 2, SOC 1 not decided: whoever takes over sys can break a promise of "
            "confidentiality; "
            f"whether they can change the books could not be told from what was read.{_OPEN}"
        ),
    ),
    "the books hang on a condition, and a promise on none": (
        [*_holds("a:gl", certainty="conditional", condition="If it is on"), *_holds("a:people")],
        [],
        _BOTH,
        (
            "SOC 1 and SOC 2: whoever takes over sys may change the books and can break a "
            "promise of "
            f"confidentiality.{_OPEN}"
        ),
    ),
    "neither": (
        [],
        [],
        _BOTH,
        "Neither: nothing that was read shows a path from sys to books or promises.",
    ),
    "nothing is decided": (
        [],
        [{"at": "a:sys", "reason": "not exported"}],
        _BOTH,
        "Not decided: what sys bears on could not be told from what was read.",
    ),
    "one side is not decided, and of the other nothing was found": (
        [],
        [],
        [*_BOTH, _books("more", "a:nothing")],
        (
            "Not decided: whether whoever takes over sys can change the books could not be told "
            "from "
            "what was read; nothing that was read shows a path to a promise."
        ),
    ),
    "the scope has no books": (
        [],
        [],
        [_promise("people", "a:people")],
        (
            "Neither, of what was judged: nothing that was read shows a path from sys to a "
            "promise; "
            "whether they can change the books was not judged: the scope names no financial "
            "target."
        ),
    ),
    "the books are shown, and the scope has no promise": (
        _holds("a:gl"),
        [],
        [_books("gl", "a:gl")],
        (
            "SOC 1: whoever takes over sys can change the books; whether they can break a "
            "promise was "
            f"not judged: {_NO_PROMISE}.{_OPEN}"
        ),
    ),
    "the scope has no promise, and books that are not decided": (
        [],
        [],
        [_books("gl", "a:nothing")],
        (
            "Not decided: whether whoever takes over sys can change the books could not be told "
            "from "
            f"what was read; whether they can break a promise was not judged: {_NO_PROMISE}."
        ),
    ),
    "the scope has nothing to judge by": (
        [],
        [],
        [_books("gl", "a:gl", fs_role="none")],
        (
            "Not judged: whether whoever takes over sys can change the books was not judged: no "
            "financial target of the scope has a role in them; whether they can break a promise "
            "was "
            f"not judged: {_NO_PROMISE}."
        ),
    ),
}


def _memos(
    folder: Path, edges: list[Record], gaps: list[Record], targets: list[Record]
) -> tuple[str, str]:
    nodes = [{"kind": "System", "key": "a:sys", "name": "sys"}]
    nodes += [{"kind": "Dataset", "key": key} for key in ("a:gl", "a:people")]
    facts = {"nhigraph": "facts/1", "nodes": nodes, "edges": edges, "gaps": gaps}
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "commitments": ["C"]}
    folder.mkdir(exist_ok=True)
    write_estate(folder, [facts], {**scope, "targets": targets})
    found = of_collection(collect([folder]))
    ((row, one),) = which(found, ["a:sys"])
    made = told(found, row, one)
    return as_markdown(made), as_html(made)


@pytest.mark.parametrize("case", CASES)
def test_the_box_says_of_either_side_what_is_known(case: str, tmp_path: Path) -> None:
    *given, expected = CASES[case]
    markdown, page = _memos(tmp_path, *given)
    (box,) = (line for line in markdown.splitlines() if line.startswith("**"))
    assert box.strip("*").replace("\\", "") == expected
    assert f'<p class="answer">{expected}</p>' in page


def test_what_nobody_was_judged_of_stands_under_what_was_not_seen(tmp_path: Path) -> None:
    markdown, _ = _memos(tmp_path, [], [], [_promise("people", "a:people")])
    unseen = markdown[markdown.index("## What was not seen") :]
    assert "- The books were not judged: the scope names no financial target." in unseen


def test_books_that_are_not_decided_are_nobodys(tmp_path: Path) -> None:
    """That a user entity relies on it would be a claim of something that was not found."""
    markdown, _ = _memos(tmp_path / "lost", [], [], [_books("gl", "a:nothing")])
    assert "a user entity relies on it" not in markdown
    markdown, _ = _memos(tmp_path / "found", _holds("a:gl"), [], [_books("gl", "a:gl")])
    assert "SOC 1: a user entity relies on it." in markdown


def test_a_condition_that_begins_with_if_is_said_once(tmp_path: Path) -> None:
    edges = _holds("a:gl", certainty="conditional", condition="If it is on")
    markdown, _ = _memos(tmp_path, edges, [], [_books("gl", "a:gl")])
    assert "(If it is on)" in markdown
