"""report.html, read as text."""

import re
from dataclasses import replace

import pytest

from nhigraph.assurance import listed
from nhigraph.assurance.found import FindingRow, NotKnown, Register
from nhigraph.assurance.rows import Assessment
from nhigraph.output import day, small, spaced
from nhigraph.output.graph_html.drawing import drawing
from nhigraph.output.report_html import answer, render
from tests.unit.output.builders import believable
from tests.unit.output.company import GAPS
from tests.unit.output.pages import Page
from tests.unit.output.variants import hostile, large


def _empty(**fields: object) -> Assessment:
    nothing = Assessment("", "2026-11-23", "clock", (), (), (), (), {}, 0, (), {})
    return replace(nothing, **fields)  # type: ignore[arg-type]


def test_it_leads_with_the_answer_and_what_was_not_seen() -> None:
    """The sentence, then exposure, then gaps, all before the first table."""
    text = Page(render(believable())).text
    sentence = (
        "Of 30 non-human identities, 11 can change the books (SOC 1), 2 may, and for 3 it could "
        "not be decided; 9 can break a promise of trust (SOC 2), and for 1 it could not be "
        "decided. 6 can or may do both. For 11 no such path was found in the 8 inputs read."
    )
    assert answer(believable()) == sentence
    assert sentence in text
    lead = text[: text.index("Who reaches which target")]
    assert "12 are open" in lead
    assert "3 are gated" in lead
    assert "What was not seen." in lead
    assert "Without it nobody can say whether the reviews named by workflows are enforced" in lead
    assert "3 places hold something not understood or missing" in lead
    assert "1 of the inputs read was not read whole: records were set aside." in lead
    assert "1 file is of no kind this tool reads, and played no part." in lead


def test_counts_under_the_answer_add_up_to_all_identities() -> None:
    """Every identity has one answer as to the books and one as to the promises."""
    page = render(believable())
    counted = [int(count) for count in re.findall(r'<li><b class="a-\w+ v-\w+">(\d+)</b>', page)]
    assert counted == [11, 2, 3, 14, 9, 0, 1, 20]
    assert sum(counted[:4]) == sum(counted[4:]) == 30


def test_the_worst_path_is_told_step_by_step_with_file_and_line() -> None:
    """job to secret to role to table to target, each with its place."""
    text = Page(render(believable())).text
    for step in (
        (
            "nightly build may read DBT_PASSWORD secret (handed to it by its own configuration) "
            "learns what it holds · .github/workflows/nightly.yml:31"
        ),
        (
            "DBT_PASSWORD authenticates as dbt_runner database role can act as it · "
            "warehouse/profiles.yml:9"
        ),
        "dbt_runner is a member of transformer",
        "transformer owns marts.revenue dataset can change it · erp.postgres.json:480",
        "marts.revenue is relied on for revenue target",
    ):
        assert step in text
    assert (
        "nightly build can change revenue because it may read DBT_PASSWORD, which authenticates "
        "as dbt_runner, which is a member of transformer, which owns marts.revenue, on which "
        "revenue rests. No control is named on this way."
    ) in text


def test_gates_conditions_gaps_and_weaknesses_are_told() -> None:
    """What stands in the way, what is uncertain, what was not seen, what is weak."""
    text = Page(render(believable())).text
    assert "◆ Control: review by a code owner on main" in text
    assert "compiled SQL uses the rate only when currency is not EUR" in text
    assert "the agent’s tool list names a server that no export describes" in text
    assert "a vendor without a current assessment" in text
    assert "a deployment to production" in text
    assert "✓ yes✓ yes✓ yes✓ yes✓ yes? not told1 identity" in text


def test_an_undecided_identity_says_which_test_of_a_control_is_not_told() -> None:
    """Under the path that passes it; a control that holds or fails leaves nothing to ask."""
    company = believable()
    at, row = next((i, r) for i, r in enumerate(company.identities) if r.exposure == "gated")
    rows = list(company.identities)
    rows[at] = replace(row, exposure="undetermined")
    waiting = replace(company, identities=tuple(rows))
    asked = "Not told of approval of environment production: whether the log of its decisions"
    assert asked in Page(render(waiting)).text
    assert asked not in Page(render(company)).text
    answered = tuple(replace(c, log_out_of_reach="yes") for c in company.controls)
    assert asked not in Page(render(replace(waiting, controls=answered))).text


def test_what_was_not_supplied_is_told_with_the_command_that_makes_it() -> None:
    """First under what was not seen, beside the control it tells of, and under coverage."""
    text = Page(render(believable())).text
    assert text.count("gh api repos/ledgerline/warehouse/branches/main/protection") == 3


def test_own_relevance_is_told_apart_from_soc_1() -> None:
    """The wording follows icfr_basis."""
    text = Page(render(believable())).text
    assert "ICFR-relevant (own); SOC 1 only if a user entity relies on it." in text
    assert "SOC 1: a user entity relies on it." in text


def test_a_path_read_against_a_feed_says_so() -> None:
    """Reading a copy shows what is in its source."""
    company = believable()
    path_id, steps = next((key, path) for key, path in company.paths.items() if len(path) == 2)
    back = replace(steps[0], edge_kind="FEEDS", state="READ")
    page = render(replace(company, paths={path_id: (back, *steps[1:])}))
    assert "shows what is in" in page


@pytest.mark.parametrize("company", [believable(), hostile(), _empty()])
def test_no_opinion_is_given(company: Assessment) -> None:
    """Three words are never printed, and nothing is said to be absent without its coverage."""
    text = Page(render(company)).text.lower()
    assert not re.search(r"\b(safe|compliant|certified|secure)\b", text)
    for found in re.finditer(r"no (?:such )?path", text):
        around = text[max(0, found.start() - 200) : found.end() + 200]
        assert re.search(r"read|coverage|inputs|statement", around), around


def test_hostile_names_stay_text() -> None:
    """No element, attribute or template of theirs; what is hidden in them is spelt."""
    page = render(hostile())
    parsed = Page(page)
    tags = {tag for tag, _ in parsed.elements}
    assert tags.isdisjoint({"script", "img", "iframe", "object", "form", "input"})
    assert not any(name.startswith("on") for _, attrs in parsed.elements for name in attrs)
    assert not any("style" in attrs for _, attrs in parsed.elements)
    links = [attrs["href"] or "" for tag, attrs in parsed.elements if tag == "a"]
    assert all(link.startswith("#") for link in links)
    assert "{{ 7*7 }}" in parsed.text
    assert "gl\\u202egnp" in parsed.text
    assert "lone\\ud800surrogate" in parsed.text
    assert "\\x1b[31mred" in parsed.text
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff]", page
    )
    assert "(10,000 characters)" in parsed.text
    assert "x" * 250 not in page


def test_ids_are_unique_and_every_link_inside_the_page_has_its_end() -> None:
    """Anchors come from a digest of the key."""
    for company in (believable(), hostile()):
        elements = Page(render(company)).elements
        ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
        links = {attrs["href"] or "" for tag, attrs in elements if tag == "a"}
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_the_drawing_is_linked_where_there_is_one() -> None:
    """No link leads nowhere."""
    assert "graph.html" not in render(believable())
    assert '<a href="graph.html">' in render(believable(), "graph.html")


def test_what_was_set_aside_or_not_read_is_named_with_its_reason() -> None:
    """Quarantined records under their file, files of no source in a list of their own."""
    text = Page(render(believable())).text
    assert "/edges/9: edge kind CAN_FLY is not known" in text
    assert "/nodes/3: records disagree on name" in text
    unread = text[text.index("Given, and not read") :]
    assert "warehouse/dbt_project.yml not recognised" in re.sub(r"\s+", " ", unread)


def test_the_same_assessment_gives_the_same_bytes() -> None:
    """No clock, no chance."""
    assert render(believable()) == render(believable())
    assert render(hostile()) == render(hostile())


def test_nothing_found_is_told_with_what_was_read() -> None:
    """An empty assessment is a page too, and one without commitments names none."""
    assert "No non-human identity was found in the inputs." in Page(render(_empty())).text
    company = believable()
    one = replace(company.identities[0], verdict="neither", soc1="none", soc2=(), gaps=())
    quiet = replace(company, identities=(one,), verdicts=(), paths={}, gap_reasons={}, coverage={})
    text = Page(render(quiet)).text
    assert answer(quiet) == (
        "Of 1 non-human identity, none can change the books (SOC 1); none can break a promise of "
        "trust (SOC 2). For 1 no such path was found in what was read."
    )
    assert "No input is recorded." in text
    unscoped = replace(quiet, targets=(), commitments=())
    assert "none was judged: the scope names no books and no promises." in answer(unscoped)


def test_coverage_of_another_shape_is_shown_as_not_recorded() -> None:
    """coverage.json may grow; the page never fails for it."""
    strange: list[dict[str, object]] = [
        {},
        {"artifacts": "text", "absent": 3},
        {"artifacts": [None, {"artifact": 7, "skipped": {"dup": 2}}, {"skipped": 9}]},
        {"artifacts": [{"artifact": "a", "skipped": {"listed": [1, {}]}, "records": True}]},
        {"artifacts": [{"status": []}, {"status": None, "problem": "late"}], "absent": [[]]},
    ]
    for coverage in strange:
        assert "Coverage" in render(replace(believable(), coverage=coverage))


def test_a_gap_that_stands_for_all_other_targets_marks_each_of_them() -> None:
    """The row `*` is a question mark in every column it speaks of."""
    page = render(believable())
    row = page[page.index("support-triage</a><small>") :]
    row = row[: row.index("</tr>")]
    assert row.count("? not decided") == 5
    assert set(GAPS) <= {gap for one in believable().identities for gap in one.gaps}


def test_ten_thousand_identities_make_a_page_that_opens() -> None:
    """Below 15 MB; the worst have cards, all are listed, and what is left out is counted."""
    page = render(large(10_000))
    assert len(page.encode()) < 15_000_000
    roster = page[page.index('id="roster"') :]
    assert roster.count('<th scope="row" class="name">') == 10_000
    said = re.search(r"([\d,]+) identities with something to show on (\d+) cards", page)
    left = re.search(r"([\d,]+) more stand in the list of all identities and in verdicts", page)
    assert said is not None
    # Those of whom the same holds share a card, so that here nobody is left without one.
    together = sum(int(found[1].replace(",", "")) for found in (said, left) if found)
    assert together == 6_664
    assert page.count('<details class="card') == int(said[2])
    assert "more under All identities and in verdicts.csv." in page


def test_of_more_identities_the_worst_are_listed_and_the_others_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page opens whatever the estate; the drawing links to no line that is not there."""
    monkeypatch.setattr(listed, "LISTED", 40)
    company = large(100)
    page = render(company, "graph.html")
    assert page[page.index('id="roster"') :].count('<th scope="row" class="name">') == 40
    assert "The worst 40 of the 100 of identities.csv" in page
    there = set(re.findall(r'id="(id-[0-9a-f]+)"', page))
    drawn = {card.card for card in drawing(company).cards} - {""}
    assert drawn
    assert drawn <= there


def test_a_very_long_path_keeps_its_ends() -> None:
    """The middle is counted and stands in paths.csv."""
    company = believable()
    row = next(row for row in company.verdicts if row.path_id)
    first = company.paths[row.path_id][0]
    long = tuple(
        replace(first, step=at, source=f"n{at - 1}", target=f"n{at}") for at in range(1, 101)
    )
    page = render(replace(company, paths={row.path_id: long}))
    assert "76 more steps, in paths.csv" in page
    assert 'data-n="12"' in page
    assert 'data-n="89"' in page
    assert 'data-n="50"' not in page


def test_alternatives_of_the_worst_path_are_folded_below_it() -> None:
    """Each with its steps and what it does without; a path without any has no fold."""
    company = believable()
    path = next(iter(company.paths.values()))
    name = path[0].path_id
    around = [replace(path[0], target="n1", pointer="/around/0", alternative=1)]
    around += [replace(one, alternative=1) for one in path[1:]]
    plain = render(company)
    assert 'class="beside"' not in plain
    one = render(replace(company, alternatives={name: (tuple(around),)}))
    assert one.count('<details class="beside">') == 1
    assert "1 alternative: what is left when" in one
    assert '<h4>Alternative 1 <span class="kind">without step 1</span></h4>' in one
    assert one.count("/around/0") == 1
    two = render(replace(company, alternatives={name: (tuple(around), tuple(around))}))
    assert "2 alternatives: what is left when" in two


def test_kinds_and_days_are_words() -> None:
    """Abbreviations stay; a date that is none stays as it is."""
    assert spaced("KubernetesServiceAccount") == "Kubernetes service account"
    assert [spaced(kind) for kind in ("CiJob", "AiAgent", "OAuthApp", "ApiKey", "McpServer")] == [
        "CI job",
        "AI agent",
        "OAuth app",
        "API key",
        "MCP server",
    ]
    inside = [small(spaced(kind)) for kind in ("DatabaseRole", "CiJob", "OAuthApp", "Runner")]
    assert inside == ["database role", "CI job", "OAuth app", "runner"]
    assert small("Kubernetes service account") == "Kubernetes service account"
    assert (small(""), small("vendor")) == ("", "vendor")
    assert day("2026-11-23") == "23 November 2026"
    assert day("soon") == "soon"


def _with_findings() -> Assessment:
    subject = "acme:<svc>"
    rows = [
        FindingRow(
            f"{number:032x}",
            "long_lived",
            "critical",
            subject,
            target,
            "a secret that stays the same for too long: rotated 2020-01-01",
            ("NHI7:2025", "CC6.1"),
            "finance",
            cut,
            "a.facts.yaml",
            "/nodes/0",
        )
        for number, (target, cut) in enumerate(
            [("fin:revenue", ("acme:a -CAN_WRITE post-> acme:gl",)), ("fin:cash", ())]
        )
    ]
    unknown = (NotKnown("orphaned", "acme:b", "no record names an owner"),)
    register = Register(tuple(rows), unknown, ("long_lived", "orphaned"))
    return replace(believable(), findings=register)


def test_findings_of_one_rule_and_subject_are_one_line_with_what_ends_them() -> None:
    text = Page(render(_with_findings())).text
    section = text[text.index("Weaknesses and effects by what they lead to") :]
    line = section[section.index("Said in") :]
    assert "criticalacme:<svc>owner finance" in line
    assert "a secret that stays the same for too longNHI7:2025, CC6.1revenuefin:cash" in line
    assert "acme:a -CAN_WRITE post-> acme:gla.facts.yaml /nodes/0" in line
    assert "Not known, because the inputs do not say: orphaned of 1." in section


def test_without_rules_there_is_no_section_of_findings() -> None:
    assert "Weaknesses and effects" not in Page(render(believable())).text
