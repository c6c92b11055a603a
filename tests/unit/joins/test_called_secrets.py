"""Secrets of called workflows: whose they are, and who is asked what they open."""

from pathlib import Path

import pytest

from tests.unit.joins.company import Company, edges, gaps

CALLED = """
on:
  workflow_call:
    secrets: {PG: {required: false}}
permissions: {}
jobs:
  post:
    runs-on: ubuntu-latest
    steps:
      - run: ./post.sh
        env: {PG: "${{ secrets.PG }}"}
"""
PARAMETER = "workflow/called.yml/secret/PG"
UNKNOWN = "what it opens is in no input; a link in the scope can say it"


def caller(*calls: str) -> str:
    """Jobs that call it, each with what it hands over."""
    jobs = "".join(
        f"  j{n}:\n    uses: ./.github/workflows/called.yml\n    {call}\n"
        for n, call in enumerate(calls)
    )
    return f"on: push\npermissions: {{}}\njobs:\n{jobs}"


def company(folder: Path, *calls: str, called: str = CALLED) -> Company:
    files = {".github/workflows/called.yml": called}
    if calls:
        files[".github/workflows/push.yml"] = caller(*calls)
    return Company(folder, files)


def feeds(found: Company) -> list[str]:
    return edges(found.read(), "FEEDS")


def asked(found: Company) -> list[str]:
    """Secrets of which it is asked what they open."""
    return [gap.partition(" ")[0] for gap in gaps(found.read()) if gap.endswith(UNKNOWN)]


INHERITED = f"FEEDS secret/PG {PARAMETER}"
LEFT_OPEN = f"{INHERITED} if a workflow of this repository calls it with 'secrets: inherit'"


def test_a_caller_that_inherits_settles_whose_secret_it_is(tmp_path: Path) -> None:
    """The called file alone cannot say that somebody calls it so; the caller's file does."""
    assert feeds(company(tmp_path)) == [LEFT_OPEN]
    assert feeds(company(tmp_path, "secrets: inherit")) == [INHERITED, LEFT_OPEN]
    assert feeds(company(tmp_path, "if: true")) == [LEFT_OPEN]


def test_what_is_handed_by_name_is_no_inheritance(tmp_path: Path) -> None:
    handed = 'secrets: {PG: "${{ secrets.OTHER }}"}'
    assert feeds(company(tmp_path, handed)) == [f"FEEDS secret/OTHER {PARAMETER}", LEFT_OPEN]


@pytest.mark.parametrize(
    ("calls", "of"),
    [
        ((), [PARAMETER]),
        (("secrets: inherit",), ["secret/PG"]),
        (('secrets: {PG: "${{ secrets.OTHER }}"}',), ["secret/OTHER"]),
        (
            ("secrets: inherit", 'secrets: {PG: "${{ secrets.OTHER }}"}'),
            ["secret/OTHER", "secret/PG"],
        ),
        # The second one may hand over anything.
        (
            ("secrets: inherit", "secrets: {PG: \"${{ fromJSON('{}').x }}\"}"),
            ["secret/PG", PARAMETER],
        ),
    ],
)
def test_the_callers_secret_is_asked_for_once(
    tmp_path: Path, calls: tuple[str, ...], of: list[str]
) -> None:
    """Whoever reads the called one reads the callers': an answer for these is one for it."""
    assert asked(company(tmp_path, *calls)) == of


INNER = """
on: workflow_call
permissions: {}
jobs:
  inner: {uses: ./.github/workflows/called.yml, secrets: inherit}
"""


def test_it_comes_down_only_where_each_level_inherits(tmp_path: Path) -> None:
    found = company(tmp_path)
    found.files[".github/workflows/inner.yml"] = INNER
    outer = caller("secrets: inherit").replace("called.yml", "inner.yml")
    found.files[".github/workflows/push.yml"] = outer
    assert INHERITED in feeds(found)
    assert asked(found) == ["secret/PG"]
    found.files[".github/workflows/push.yml"] = outer.replace("secrets: inherit", "if: true")
    assert INHERITED not in feeds(found)
