"""Questions read the same in every form, on random estates: table, console, page and JSON."""

import html
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from nhigraph.app.ask import answers, ask
from nhigraph.app.assessment import assess, with_questions
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.rows import Assessment
from nhigraph.cli.ask import show
from nhigraph.output import printable, settles
from nhigraph.output.csv_files import questions_csv
from nhigraph.output.report_html import render
from tests.estate_files import printed, write_estate
from tests.oracle.estates import estate

FIRST, ESTATES, CHUNK = 620_000, 20, 10
ALL_NIGHT = 300
_ITEM = re.compile(
    r'<li value="(\d+)"><b>(.*?)</b> <span class="soft">(.*?)</span>(.*?)</li>',
    re.DOTALL,
)


def _assessed(folder: Path, seed: int) -> Assessment:
    folder.mkdir()
    facts, scope = estate(seed, None)
    write_estate(folder, facts, scope)
    judged = of_collection(collect([folder]), option="2026-11-23")
    found = assess(judged)
    return with_questions(found, ask(judged), answers(judged))


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ESTATES else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ALL_NIGHT, CHUNK)
    ],
)
def test_every_sentence_and_number_is_that_of_the_table(first: int, tmp_path: Path) -> None:
    asked = 0
    for seed in range(first, first + CHUNK):
        found = _assessed(tmp_path / str(seed), seed)
        table = printed(questions_csv(found.questions))
        asked += len(table)
        _page(found, table, seed)
        _console(found, table, seed)
    assert asked


def _decides(row: dict[str, str]) -> str:
    """What a row settles, in words of the test's own."""
    one, many = int(row["identities"]), int(row["rows"])
    parts = [f"decides {one:,} {'identity' if one == 1 else 'identities'}"] if one else []
    parts += [f"settles {many:,} exposure{'' if many == 1 else 's'}"] if many else []
    return ", ".join(parts) or "decides nobody by itself"


def _page(found: Assessment, table: list[dict[str, str]], seed: int) -> None:
    page = render(found)
    items = _ITEM.findall(page)
    assert len(items) == min(8, len(table)), f"seed {seed}"
    for row, (rank, text, decides, rest) in zip(table, items, strict=False):
        assert rank == row["rank"], f"seed {seed}"
        assert html.unescape(text) == printable(row["question"].removeprefix("'")), f"seed {seed}"
        assert html.unescape(decides) == _decides(row), f"seed {seed}"
        assert bool(row["command"]) is ("or run" in rest), f"seed {seed}"


def _console(found: Assessment, table: list[dict[str, str]], seed: int) -> None:

    @click.command()
    def command() -> None:
        show(found.questions)

    lines = CliRunner().invoke(command).output.splitlines()
    heads = [line for line in lines if not line.startswith("     ")]
    assert len(heads) == len(table), f"seed {seed}"
    for row, question, line in zip(table, found.questions, heads, strict=True):
        assert settles(question) == _decides(row), f"seed {seed}"
        said = f"{row['rank']}. {row['question'].removeprefix(chr(39))} ({_decides(row)})"
        assert line == printable(said), f"seed {seed}"
