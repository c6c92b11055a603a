"""The section of the report on which report every system asks for."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.app.which import with_which
from nhigraph.assurance.rows import Assessment
from nhigraph.output.report_html import render
from tests.estate_files import write_estate
from tests.unit.output.browser import look

DATA = Path(__file__).parents[2] / "data" / "which"
HOSTILE = "<script>alert(1)</script>\u202e\n'\"&<b>"


def _assessed(folder: Path) -> Assessment:
    found = of_collection(collect([folder]))
    return with_which(assess(found), found)


def _section(page: str) -> str:
    start = page.index('<section id="which"')
    return page[start : page.index("</section>", start)]


def _text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def _names(section: str) -> list[str]:
    return re.findall(r'<summary><span><span class="name">([^<]*)</span>', section)


def test_systems_stand_worst_first_and_neither_ones_are_named_below() -> None:
    section = _section(render(_assessed(DATA / "15-monitoring")))
    assert _names(section) == ["erp", "record-to-report"]
    assert "Monitoring (system)" in _text(section)
    assert "Neither, in the inputs listed under Coverage" in _text(section)
    section = _section(render(_assessed(DATA / "21-key-management")))
    assert _names(section) == ["erp", "record-to-report", "Key management"]


def test_a_system_says_who_alters_it_who_relies_on_it_and_what_is_asked_for() -> None:
    text = _text(_section(render(_assessed(DATA / "12-vendor-oauth"))))
    assert "Brightpay Vendor ▲● Books and trust open SOC 1: direct; SOC 2: S" in text
    assert "SOC 1 asks for accuracy of transactions, access to programs and data" in text
    assert "Ask them for SOC 1 Type 2 report, SOC 2 Type 2 report" in text
    assert "NHI3:2025" in text
    assert "Altered by Brightpay connector" in text
    assert "Relied on by pay-rates" in text
    assert "Brightpay connector may write to acme:pay-rates" in text


def test_owners_that_differ_and_gaps_are_told() -> None:
    text = _text(_section(render(_assessed(DATA / "22-automation-platform"))))
    assert "Owners differ books: controller; trust: security" in text
    text = _text(_section(render(_assessed(DATA / "16-cluster-unknown"))))
    assert "Not seen acme:marketing-pod: role bindings of the namespace" in text
    assert "Cluster System ? Not decided not decided not decided" in text


@pytest.mark.parametrize("name", ["08-ci-forge", "17-carve-out-processor"])
def test_links_have_their_ends_and_ids_are_unique(name: str) -> None:
    page = render(_assessed(DATA / name))
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
    assert '<a href="#which">' in page


def test_an_estate_without_subjects_has_no_section() -> None:
    found = _assessed(DATA / "15-monitoring")
    page = render(replace(found, which=(), which_paths={}))
    assert 'id="which"' not in page
    assert 'href="#which"' not in page


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    facts = [
        {
            "nhigraph": "facts/1",
            "nodes": [
                {"kind": "System", "key": "acme:s", "name": HOSTILE, "owner": HOSTILE},
                {"kind": "OAuthApp", "key": "acme:a", "props": {"vendor": HOSTILE}},
                {"kind": "Dataset", "key": "acme:d", "name": HOSTILE},
            ],
            "edges": [
                {"kind": "CONTAINS", "from": "acme:s", "to": "acme:a"},
                {"kind": "CAN_WRITE", "from": "acme:a", "to": "acme:d"},
            ],
            "gaps": [{"at": "acme:a", "reason": HOSTILE}],
        }
    ]
    target = {
        "id": "t",
        "family": "financial-reporting",
        "process": HOSTILE,
        "fs_role": "record",
        "select": [{"key": "acme:d"}],
    }
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": [target]}
    write_estate(tmp_path, facts, scope)
    page = render(_assessed(tmp_path))
    section = _section(page)
    assert "<script" not in section
    assert "\u202e" not in section
    assert len(_names(section)) == 4
    (tmp_path / "seen").mkdir()
    seen = look(page, tmp_path / "seen")
    assert not seen.requests
    assert not seen.console


def test_no_word_that_the_page_must_not_say() -> None:
    text = _section(render(_assessed(DATA / "12-vendor-oauth")))
    assert not re.search(r"\b(compliant|certified|safe)\b", text, re.IGNORECASE)
