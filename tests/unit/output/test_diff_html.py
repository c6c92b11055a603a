"""diff.html, read as text and in a browser."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from nhigraph.assurance.diff.answers import NOTHING, Told
from nhigraph.assurance.diff.rows import Basis, CauseRow, Differing, DiffReport, DiffRow
from nhigraph.assurance.rows import Unread
from nhigraph.output.diff_html import render
from tests.unit.output.browser import Look
from tests.unit.output.pages import Page
from tests.unit.output.variants import HOSTILE

JOB, ROLE, LEDGER = "github:acme/erp/job/load.yml#load", "role:postgres:erp/etl", "fin:ledger"
OPEN = Told("both", "direct", ("S",), (), "open", "can", ("completeness",), "own")
GATED = replace(OPEN, exposure="gated")


def _verdict(cause: Sequence[str], target: str, was: Told, now: Told, turn: str) -> DiffRow:
    change = "added" if was == NOTHING else "removed" if now == NOTHING else "changed"
    said = (was.text, now.text)
    named = (JOB, "", target, "", *said, "", "")
    return DiffRow(tuple(cause), "verdict", change, turn, *named, was=was, now=now)


def _row(cause: Sequence[str], *cells: str, line: int = 0) -> DiffRow:
    what, change, subject, kind, target, field, before, after, artifact, pointer = cells
    said = (subject, kind, target, field, before, after, artifact, pointer)
    return DiffRow(tuple(cause), what, change, "", *said, line)


def compared(**others: object) -> DiffReport:
    rows = (
        _verdict(["1"], LEDGER, NOTHING, OPEN, "worse"),
        _verdict(["1"], "*", NOTHING, replace(OPEN, verdict="undetermined"), "worse"),
        _verdict(["2"], "trust:P/people", OPEN, GATED, "better"),
        _verdict([], "", replace(OPEN, assertions=()), OPEN, "other"),
        _row(
            ["1"],
            *("edge", "added", JOB, "AUTHENTICATES_AS", ROLE, "", "", "action become"),
            *(".github/workflows/load.yml", "/jobs/load/env"),
            line=12,
        ),
        _row(
            ["2"],
            *("control", "changed", "acme:gate", "approval", "", "tests.human", "no", "yes"),
            *("gates.json", "/0"),
        ),
        _row(
            [], "identity", "changed", ROLE, "DatabaseRole", "", "props.kept", "-", "-", "a", "/b"
        ),
        _row([], "document", "moved", "old.json", "", "new.json", "", "", "", "new.json", ""),
    )
    causes = (CauseRow(1, 1, 1, 2, 2, 2), CauseRow(2, 3, 2, 0, 1, 0))
    report = DiffReport(
        "Acme Ltd",
        Basis("2026-01-31", "scope", 3, 0, Unread(), 0),
        Basis("2026-02-28", "extract", 4, 2, Unread(documents=1), 1),
        Differing(causes, rows, 1),
        {JOB: "load", ROLE: "etl", "acme:gate": "approval of production"},
        {JOB: "CiJob", ROLE: "DatabaseRole"},
    )
    return replace(report, **others)  # type: ignore[arg-type]


def test_it_leads_with_the_answer_and_what_was_not_seen() -> None:
    text = Page(render(compared())).text
    assert "4 answers changed; 2 causes explain 3 of them." in text
    assert "From 31 January 2026 to 28 February 2026" in text
    lead = text[: text.index("Under each cause stand")]
    assert "2 ▲ worse" in lead
    assert "1 ▼ better" in lead
    assert "1 ◇ other" in lead
    assert "Now: 1 document was not read whole" in lead
    assert "2 places hold something not understood or missing; the scope has 1 error." in lead
    assert "was undone again, left no trace here" in lead


def test_what_opened_and_what_closed_is_told_beside_both_days() -> None:
    """A path on one side alone; a change that is not decided is neither."""
    page = Page(render(compared())).text
    assert "1 opened: a path is shown now, and none was before." in page
    assert "▲ opened" in page
    assert "TargetBefore, 31 January 2026Now, 28 February 2026Turn" in page
    gone = (_verdict([], LEDGER, OPEN, NOTHING, "better"),)
    closed = Page(render(compared(differing=Differing((), gone, 1)))).text
    assert "1 closed: a path was shown before, and none was found now." in closed
    assert "▼ closed" in closed


def test_many_causes_are_counted() -> None:
    """The page has the first of them."""
    causes = tuple(CauseRow(number, 1, 1, 0, 0, 0) for number in range(1, 131))
    page = render(compared(differing=Differing(causes, compared().differing.rows, 0)))
    assert page.count('<article class="cause"') == 120
    assert "10 more causes in <code>nhigraph diff --format csv</code>" in page


def test_answers_stand_under_their_cause_with_file_and_line() -> None:
    text = Page(render(compared())).text
    first = text[text.index("Cause 1") : text.index("Cause 2")]
    assert "New load CI job authenticates as etl action become" in first
    assert ".github/workflows/load.yml:12 /jobs/load/env" in first
    assert "For one of these at least, 2 other changes would each have done alone." in first
    assert "any target without an answer of its own" in first
    second = text[text.index("Cause 2") : text.index("Not explained These")]
    assert "Changed approval of production A person decides: no → yes" in second
    assert "These 3 changes explain it together, none of them alone." in second
    assert "It is not proven that no fewer do; 2 are needed at least." in second
    assert "people: Privacy" in second


def test_what_explains_nothing_comes_after_and_kept_values_stay_kept() -> None:
    text = Page(render(compared())).text
    rest = text[text.index("What else differs Nothing here") :]
    assert "Changed etl Database role kept: another one, which is not shown" in rest
    assert "Moved old.json → new.json" in rest
    assert "by its own weaknesses" in text
    assert "assertions at risk none → completeness" in text


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), "Nothing differs between these two."),
        (compared().differing.rows[-1:], "Things differ, and no answer changed."),
    ],
)
def test_it_says_that_nothing_changed(rows: tuple[DiffRow, ...], said: str) -> None:
    page = Page(render(compared(differing=Differing((), rows, 0))))
    assert said in page.text
    assert "Answers by cause" not in page.text


def attacked(text: str) -> DiffReport:
    """The report with a text in every place that others fill."""
    rows = tuple(
        replace(
            row,
            subject=f"{text}{row.subject}",
            target=f"{text}{row.target}",
            field=f"{text}{row.field}",
            before=f"{text}{row.before}",
            after=f"{text}{row.after}",
            artifact=f"{text}{row.artifact}",
            pointer=f"{text}{row.pointer}",
        )
        for row in compared().differing.rows
    )
    names = {row.subject: f"name {text}" for row in rows if row.what == "edge"}
    differing = replace(compared().differing, rows=rows)
    return compared(differing=differing, names=names, organization=text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_stay_text(text: str) -> None:
    page = render(attacked(text))
    plain = Page(page)
    assert [tag for tag, _ in plain.elements if tag in {"script", "img", "iframe"}] == []
    assert not any(name.startswith("on") for _, said in plain.elements for name in said)
    links = [said["href"] for tag, said in plain.elements if tag == "a"]
    assert all(re.fullmatch(r"#[\w-]+", str(link)) for link in links)
    for hidden in "\u202e\x00\x1b\u2028":
        assert hidden not in page
    assert len(page) < 120_000
    page.encode("utf-8")


def test_it_has_no_script_and_asks_for_nothing() -> None:
    page = render(compared())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "script-src 'none'" in policy[1]
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#|data:,")', page)
    assert "@import" not in page
    assert "url(" not in page


def test_places_of_the_page_are_there_once() -> None:
    elements = Page(render(compared())).elements
    ids = [said["id"] for _, said in elements if "id" in said]
    assert len(ids) == len(set(ids))
    for tag, said in elements:
        if tag == "a":
            assert str(said["href"])[1:] in ids


@pytest.mark.browser
@pytest.mark.parametrize("text", ["", HOSTILE[0], HOSTILE[1]])
def test_a_browser_finds_nothing_to_ask_or_to_run(seen: Look, text: str) -> None:
    found = seen(render(attacked(text) if text else compared()))
    assert found.console == []
    assert found.requests == []
    assert "data-breach" not in found.document.split("<head>")[0]
