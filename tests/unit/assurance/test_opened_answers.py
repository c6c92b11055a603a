"""What a secret is said to open counts whether or not anything asks for it."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows

NODES = [
    {"kind": "ServiceAccount", "key": "a:reader"},
    {"kind": "ServiceAccount", "key": "a:poster"},
    {"kind": "ServiceAccount", "key": "a:other"},
    {"kind": "Secret", "key": "a:vault/dsn"},
    {"kind": "Dataset", "key": "a:gl"},
]
EDGES = [
    {"kind": "CAN_READ", "from": "a:reader", "to": "a:vault/dsn"},
    {"kind": "CAN_WRITE", "from": "a:poster", "to": "a:gl", "action": "post"},
]
OPENS = {"secret": {"key": "a:vault/dsn"}, "opens": "a:poster"}
LINK = {"kind": "AUTHENTICATES_AS", "from": "a:vault/dsn", "to": "a:poster"}
BECOMES = {"gap": {"at": "a:reader"}, "becomes": "a:poster"}
GAP = {"at": "a:reader", "reason": "whom it becomes was not exported"}
CONFIRMED = {"confirmed_by": "ticket 7"}


def judged(
    folder: Path,
    *answers: object,
    links: tuple[object, ...] = (),
    edges: tuple[object, ...] = (),
    gaps: tuple[object, ...] = (),
    nodes: tuple[object, ...] = (),
) -> Judged:
    facts = {
        "nhigraph": "facts/1",
        "nodes": [*NODES, *nodes],
        "edges": [*EDGES, *edges],
        "gaps": gaps,
    }
    target = {"id": "gl", "family": "financial-reporting", "fs_role": "record"}
    scope = {
        "nhigraph": "scope/1",
        "commitments": ["S"],
        "as_of": "2026-11-23",
        "targets": [{**target, "select": [{"key": "a:gl"}]}],
        "answers": answers,
        "links": links,
    }
    (folder / "a.facts.json").write_text(json.dumps(facts))
    (folder / "scope.json").write_text(json.dumps(scope))
    return of_collection(collect([folder]), option=None)


def told(found: Judged) -> list[tuple[str, str, str, str]]:
    many = rows(Analysis(found.estate)).verdicts
    return sorted((row.identity, row.target, row.soc1, row.certainty) for row in many)


def said(found: Judged) -> list[str]:
    return [f"{one.level}: {one.problem}" for one in found.resolved.problems]


@pytest.mark.parametrize("confirmed", [{}, CONFIRMED])
def test_an_answer_is_worth_a_link(confirmed: dict[str, str], tmp_path: Path) -> None:
    """No input asks what the secret opens: what somebody says of it is a fact all the same."""
    linked = told(judged(tmp_path, links=({**LINK, **confirmed},)))
    answered = judged(tmp_path, {**OPENS, **confirmed})
    assert told(answered) == linked
    assert ("a:reader", "fin:gl", "direct", "can" if confirmed else "may") in linked
    assert not said(answered)


def test_a_link_on_a_condition_is_confirmed_on_that_condition(tmp_path: Path) -> None:
    """As an edge of facts/1 that states the condition; who settles it settles the link, too."""
    link = {**LINK, "condition": "within office hours"}
    confirmed = judged(tmp_path, links=({**link, **CONFIRMED},))
    assert told(confirmed) == told(judged(tmp_path, edges=(link,)))
    assert ("a:reader", "fin:gl", "direct", "may") in told(confirmed)
    settled = {"condition": link["condition"], "is": True, **CONFIRMED}
    found = judged(tmp_path, settled, links=({**link, **CONFIRMED},))
    assert ("a:reader", "fin:gl", "direct", "can") in told(found)
    settled = {"condition": link["condition"], "is": False}
    assert told(judged(tmp_path, settled, links=({**link, **CONFIRMED},))) == told(
        judged(tmp_path)
    )


def test_a_way_that_is_conditional_is_certain_where_somebody_confirms_it(tmp_path: Path) -> None:
    guess = {**LINK, "condition": "no other server listens there"}
    certain = ("a:reader", "fin:gl", "direct", "can")
    assert certain not in told(judged(tmp_path, edges=(guess,)))
    assert certain in told(judged(tmp_path, {**OPENS, **CONFIRMED}, edges=(guess,)))


def test_opening_what_no_input_describes_is_a_gap(tmp_path: Path) -> None:
    found = judged(tmp_path, {**OPENS, "opens": "a:nobody"})
    assert said(found) == ["error: no input describes a:nobody, which it is said to open"]
    assert ("a:reader", "*", "undetermined", "may") in told(found)


@pytest.mark.parametrize(("to", "level"), [("a:poster", "warning"), ("a:other", "error")])
def test_what_a_document_shows_stands(to: str, level: str, tmp_path: Path) -> None:
    found = judged(tmp_path, {**OPENS, "opens": to}, edges=(LINK,))
    assert [line.partition(":")[0] for line in said(found)] == [level]
    assert ("a:reader", "fin:gl", "direct", "can") in told(found)


def test_only_credentials_open_something(tmp_path: Path) -> None:
    found = judged(tmp_path, {"secret": {"key": "a:*"}, "opens": "a:poster", **CONFIRMED})
    assert [row[0] for row in told(found)] == ["a:poster", "a:reader"]


def test_the_more_exact_of_two_answers_counts(tmp_path: Path) -> None:
    wide = {"secret": {"key": "a:vault/*"}, "opens": "a:other"}
    assert ("a:reader", "fin:gl", "direct", "may") in told(judged(tmp_path, wide, OPENS))
    exact = {**OPENS, "opens": "a:other"}
    assert [row[0] for row in told(judged(tmp_path, exact, {**wide, "opens": "a:poster"}))] == [
        "a:poster"
    ]


def test_any_gap_may_be_answered_by_whom_it_becomes(tmp_path: Path) -> None:
    """A gap of facts/1 asks nothing in particular: an answer about a gap names any."""
    assert ("a:reader", "*", "undetermined", "may") in told(judged(tmp_path, gaps=(GAP,)))
    found = judged(tmp_path, {**BECOMES, **CONFIRMED}, gaps=(GAP,))
    assert ("a:reader", "fin:gl", "direct", "can") in told(found)
    assert not [row for row in told(found) if row[1] == "*"]
    assert not said(found)


def test_nothing_there_and_somebody_are_two_answers_to_one_gap(tmp_path: Path) -> None:
    found = judged(tmp_path, BECOMES, {"gap": {"at": "a:reader"}, "is": "empty"}, gaps=(GAP,))
    assert [line.partition(":")[0] for line in said(found)] == ["error", "error"]
    assert ("a:reader", "*", "undetermined", "may") in told(found)


NOTHING = {**OPENS, "opens": "nothing"}
WIDE = {"secret": {"key": "a:vault/*"}, "opens": "a:poster"}
#: Answers about a secret of which no input asks -> soc1 of its reader, levels of what is said.
RIVALS: dict[str, tuple[tuple[object, ...], str, list[str]]] = {
    "nothing, more exactly": ((WIDE, NOTHING), "none", ["warning"]),
    "nothing, less exactly": (({**WIDE, "opens": "nothing"}, OPENS), "direct", ["warning"]),
    "nothing and somebody": ((NOTHING, OPENS), "undetermined", ["error", "error"]),
    "two who differ": (
        (OPENS, {**OPENS, "opens": "a:other"}),
        "undetermined",
        ["error", "error"],
    ),
    "nothing alone": ((NOTHING,), "none", ["warning"]),
    "nothing, until yesterday": (
        (WIDE, {**NOTHING, "until": "2026-11-22"}),
        "direct",
        ["warning"],
    ),
}


@pytest.mark.parametrize("case", RIVALS)
@pytest.mark.parametrize("turn", [1, -1])
def test_of_answers_about_one_secret_the_more_exact_counts_and_equals_that_differ_do_not(
    case: str, turn: int, tmp_path: Path
) -> None:
    """Where neither counts it is not known what the secret opens: somebody says that it does."""
    answers, soc1, levels = RIVALS[case]
    found = judged(tmp_path, *answers[::turn])
    of_reader = [row[2] for row in told(found) if row[0] == "a:reader"] or ["none"]
    assert of_reader == [soc1]
    assert [line.partition(":")[0] for line in said(found)] == levels


def test_what_an_answer_says_of_others_is_not_lost_with_it(tmp_path: Path) -> None:
    """A document speaks against a wide answer at one secret: of the other it is not known."""
    shown = {"kind": "Secret", "key": "a:vault/shown"}
    edges = ({"kind": "AUTHENTICATES_AS", "from": "a:vault/shown", "to": "a:other"},)
    found = judged(tmp_path, WIDE, edges=edges, nodes=(shown,))
    assert said(found) == ["error: a document shows that a:vault/shown opens a:other"]
    assert ("a:reader", "*", "undetermined", "may") in told(found)


def test_that_a_secret_opens_nothing_closes_no_gap_of_another_sort(tmp_path: Path) -> None:
    gap = {"at": "a:vault/dsn", "reason": "its policy was not exported", "states": ["READ"]}
    found = judged(tmp_path, NOTHING, gaps=(gap,))
    assert ("a:reader", "*", "undetermined", "may") in told(found)
    (line,) = said(found)
    assert line.startswith("warning: this answer closes no gap: what is missing at a:vault/dsn")
