"""What a page quotes, within its budget, and what it says it was made of."""

from dataclasses import replace

from nhigraph.assurance.provenance import Provenance
from nhigraph.assurance.rows import Assessment, PathStep
from nhigraph.facts.evidence import Evidence
from nhigraph.output import made, report_html
from nhigraph.output.report_html.evidence import Budget
from tests.unit.output.builders import believable

SHA = "ab" * 32
HOSTILE = "</q><script>alert(1)</script>\u202e"


def _stated(step: PathStep, *excerpts: str) -> PathStep:
    places = [
        Evidence(step.artifact, f"/at/{number}", SHA, text, line=step.line)
        for number, text in enumerate(excerpts)
    ]
    return replace(step, places=tuple(places))


def _with_evidence(*excerpts: str) -> Assessment:
    company = believable()
    paths = {
        name: tuple(_stated(step, *excerpts) for step in steps)
        for name, steps in company.paths.items()
    }
    return replace(company, paths=paths)


def test_each_card_files_its_path_by_document_with_digest_place_and_quote() -> None:
    page = report_html.render(_with_evidence("name: ledger\nowner", ""))
    assert page.count('<details class="filed">') > 3
    assert f"SHA-256 <code>{SHA}</code>" in page
    assert "<code>/at/0</code><q>name: ledger</q><q>at: owner</q>" in page
    assert "<code>/at/1</code> <small>(not quoted: the place may hold a secret)</small>" in page


def test_a_quote_stays_text() -> None:
    page = report_html.render(_with_evidence(HOSTILE))
    assert "<script>alert" not in page
    assert "&lt;/q&gt;&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page


def test_the_worst_paths_are_quoted_while_the_budget_lasts_and_the_others_say_who_tells() -> None:
    steps = [_stated(step, "x" * 100) for step in next(iter(believable().paths.values()))]
    budget = Budget(3_000)
    first, second = budget.evidence(steps), budget.evidence(steps)
    assert first is not None
    assert first.documents
    spent = [first, second]
    while spent[-1] is not None and spent[-1].documents:
        spent.append(budget.evidence(steps))
    assert spent[-1] is not None
    assert spent[-1].path_id == steps[0].path_id
    assert len(spent) < 6
    assert budget.evidence([]) is None
    page = report_html.render(_with_evidence(*["y" * 150] * 900))
    assert page.count("y" * 150) < 1_200


def test_a_long_report_keeps_to_the_budget() -> None:
    few, many = (len(report_html.render(_with_evidence(*["z" * 150] * n))) for n in (0, 5))
    assert many - few < 130_000


def test_the_footer_says_what_made_the_page_and_of_what() -> None:
    company = believable()
    assert [line.term for line in made(company)] == ["As of"], "nobody said what made it"
    by = Provenance("1.2.3", "4", (("nhigraph-vault", "0.1"),), ("5c",), 7, "1a", "9f")
    told = {line.term: (line.said, line.digest) for line in made(replace(company, provenance=by))}
    assert told == {
        "Made by": ("nhigraph 1.2.3, rule set 4, with nhigraph-vault 0.1", ""),
        "As of": ("23 November 2026, as the scope says", ""),
        "Scope": ("SHA-256 of the file", "5c"),
        "Inputs": ("SHA-256 of the list of 7 files that sha256sum prints", "1a"),
        "Graph": ("SHA-256 of its cells, as in manifest.json", "9f"),
    }
    page = report_html.render(replace(company, provenance=by))
    assert "<dt>Made by</dt><dd>nhigraph 1.2.3, rule set 4, with nhigraph-vault 0.1</dd>" in page
