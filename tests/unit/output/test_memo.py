"""A memo says the same in both forms, whatever the names in it are."""

import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.app.questions.memo import told
from nhigraph.app.questions.which import which
from nhigraph.output.memo import Told, as_html, as_markdown
from nhigraph.output.memo.markdown import escaped
from tests.estate_files import write_estate
from tests.unit.output.browser import look

HOSTILE = (
    "<script>alert(1)</script>",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "https://evil.example www.evil.example",
    "**bold** _it_ __b__ `code` ~~gone~~ a|b|c",
    "# heading",
    "- item",
    "1. first",
    "> quote",
    "| a | b |\n|---|---|\n| c | d |",
    "=== --- ***",
    "&lt;b&gt; &#60; \\[ $x$ ^y^",
    "line\nbreak\r\n\ttab \u202ereversed",
    "<!-- gone --> <img src=x onerror=alert(1)>",
    "[ref]: https://evil.example",
    "```",
    "    indented",
    "mailto:x@evil.example user@evil.example",
    "]]> ]](( }} {{ {% raw %}",
    "a\ud800b",
)
_LINKS = ("link_open", "image", "html_inline", "html_block", "code_inline", "code_block", "fence")


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _tokens(text: str) -> list[str]:
    found = []
    for token in _parser().parse(text):
        found.append(token.type)
        found += [child.type for child in token.children or ()]
    return found


def _shown(text: str) -> str:
    """What a reader sees of Markdown, blanks as one."""
    rendered = re.sub(r"<[^>]*>", " ", _parser().render(text))
    return " ".join(html.unescape(rendered).split())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_reads_as_text_at_every_place_of_markdown(name: str) -> None:
    for form in ("{}", "- {}", "1. {}", "# {}", "**{}**", "| {} | x |\n|---|---|\n| {} | y |"):
        text = form.format(*[escaped(name)] * form.count("{}"))
        tokens = _tokens(text + "\n")
        assert not set(tokens) & set(_LINKS), (form, tokens)
        plain = _tokens(form.format(*["name"] * form.count("{}")) + "\n")
        kept = [one for one in tokens if one not in {"text", "text_special"}]
        assert kept == [one for one in plain if one not in {"text", "text_special"}], form


def test_names_of_every_day_stay_as_they_are() -> None:
    for name in ("role:postgres:erp/dbt_runner", "github:acme/erp/job/load.yml#load", "AC-6(5)"):
        assert escaped(name) == name


def _told(name: str, tmp_path: Path) -> Told:
    facts = [
        {
            "nhigraph": "facts/1",
            "nodes": [
                {"kind": "System", "key": "acme:s", "name": name, "owner": name},
                {"kind": "OAuthApp", "key": "acme:a", "name": name, "props": {"vendor": name}},
                {"kind": "Dataset", "key": "acme:d", "name": name},
            ],
            "edges": [
                {"kind": "CONTAINS", "from": "acme:s", "to": "acme:a"},
                {
                    "kind": "CAN_WRITE",
                    "from": "acme:a",
                    "to": "acme:d",
                    "condition": name,
                    "certainty": "conditional",
                    "gate": "acme:g",
                },
            ],
            "gaps": [{"at": "acme:a", "reason": name}],
        }
    ]
    scope = {
        "nhigraph": "scope/1",
        "organization": name,
        "commitments": ["S"],
        "as_of": "2026-11-23",
        "targets": [
            {
                "id": "t",
                "family": "financial-reporting",
                "process": name,
                "fs_role": "record",
                "select": [{"key": "acme:d"}],
            }
        ],
        "boundary": {"carve_out": [{"key": "acme:a"}]},
    }
    write_estate(tmp_path, facts, scope)
    found = of_collection(collect([tmp_path]))
    ((row, one),) = which(found, ["acme:s"])
    return told(found, row, one)


@pytest.mark.parametrize("name", [n for n in HOSTILE if "\ud800" not in n])
def test_both_forms_say_the_same_of_hostile_names(name: str, tmp_path: Path) -> None:
    """Markdown as a parser renders it, and the page without its tags."""
    memo = _told(name, tmp_path)
    text, page = as_markdown(memo), as_html(memo)
    assert not set(_tokens(text)) & set(_LINKS)
    body = page[page.index("<main") :]
    assert not re.search(r"<(script|img|a)\b", body)
    seen = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())
    both = [one.replace("Role Name", "Name") for one in (_shown(text), seen)]
    squeezed = [re.sub(r"[\s:]", "", one) for one in both]
    assert squeezed[0] == squeezed[1]


def test_a_memo_asks_nobody_for_anything_and_says_no_word_that_it_must_not(tmp_path: Path) -> None:
    page = as_html(_told("Payments", tmp_path))
    (tmp_path / "seen").mkdir()
    seen = look(page, tmp_path / "seen")
    assert not seen.requests
    assert not seen.console
    text = as_markdown(_told("Payments", tmp_path))
    for word in ("compliant", "certified", "safe"):
        assert not re.search(rf"\b{word}\b", text + page, re.IGNORECASE)


def test_a_memo_has_what_a_person_signs(tmp_path: Path) -> None:
    """Question, answer, why, who, evidence, controls, the unseen, what made it."""
    text = as_markdown(_told("Payments", tmp_path))
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == [
        "Why",
        "Who can alter it",
        "Who relies on it",
        "What is asked for",
        "Controls before it",
        "What was not seen",
        "Signed",
    ]
    assert "The question is: both" in text or "The question is: correctness" in text
    assert re.search(r"nhigraph \S+; as of 2026-11-23", text)
    assert "opinion on any control" in text
