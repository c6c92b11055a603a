"""Which role a client logs in as where functions of a script are given it."""

from pathlib import Path
from textwrap import indent

import pytest

from tests.unit.joins.company import Company, edges, export, gaps

ROLES = export({"loader": {}, "other": {}})
OPENS = "AUTHENTICATES_AS secret/LOADER role:{}"
LOADER, OTHER = {OPENS.format("loader")}, {OPENS.format("other")}
EITHER = {
    f"{OPENS.format(one)} if the user is {one} in github:acme/erp/job/load.yml#load"
    for one in ("loader", "other")
}
HEAD = """\
on: {schedule: [{cron: '0 2 * * *'}]}
permissions: {contents: read}
jobs:
  load:
    runs-on: ubuntu-latest
    env: {PGDATABASE: erp, PGPASSWORD: '${{ secrets.LOADER }}'}
    steps:
      - run: |
"""


def opened(folder: Path, *lines: str) -> tuple[set[str], list[str]]:
    """Edges to roles, and gaps, of a job with one script."""
    text = HEAD + indent("\n".join(lines), "          ") + "\n"
    files = {".github/workflows/load.yml": text}
    found = Company(folder, files, {"erp.postgres.json": ROLES}).read()
    return set(edges(found, "AUTHENTICATES_AS")), gaps(found)


LOAD = 'load() { psql -U "$1" -f a; }'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((LOAD, "load loader"), LOADER),
        ((LOAD, "load loader", "load other"), LOADER | OTHER),
        ((LOAD, "for u in loader other; do load $u; done"), EITHER),
        ((LOAD, "U=loader", 'load "$U"', "U=other", 'load "$U"'), LOADER | OTHER),
        ((LOAD, "if load loader; then echo; fi"), LOADER),
        ((LOAD, "X=$(load loader)"), LOADER),
        ((LOAD, "cat a | load loader"), LOADER),
        ((LOAD, "load ${{ github.ref == 'x' && 'loader' || 'other' }}"), EITHER),
        (("function load {", '  local u="${1}"', "  psql -U $u -f a", "}", "load loader"), LOADER),
        (("U=loader", "f() { local U=other; }", "f", "psql -U $U -f a"), LOADER),
        (("U=other", "f() { U=$1; }", "f loader", "psql -U $U -f a"), LOADER),
        (('load() { psql -U "${1:-loader}" -f a; }', "load"), LOADER),
        (('load() { psql -U "${1:-loader}" -f a; }', "load other"), OTHER),
        (('load() { psql -d "$1" -U "$2" -f a; }', "load erp loader"), LOADER),
        (('load() { shift; psql -U "$1" -f a; }', "load other loader"), LOADER),
        (('run() { "$@"; }', "run psql -U loader -f a"), LOADER),
        (('run() { psql "$@" -f a; }', "run -U loader"), LOADER),
        (
            ("again() {", '  for n in 1 2; do "$@" && return; done', "}", "again psql -U loader"),
            LOADER,
        ),
        ((LOAD, 'both() { load "$1"; load other; }', "both loader"), LOADER | OTHER),
        (("load() { psql -f a; }", "PGUSER=loader load"), LOADER),
        (
            ('load() { psql "postgresql://$1:$PGPASSWORD@db/erp" -f a; }', "load loader"),
            LOADER,
        ),
        (
            ('load() { echo "u=$1"; }', "load loader >> $GITHUB_ENV", "psql -U loader -f a"),
            LOADER,
        ),
    ],
)  # fmt: skip
def test_a_function_has_the_words_of_its_call(
    tmp_path: Path, lines: tuple[str, ...], expected: set[str]
) -> None:
    """Whatever stands there, and by whatever way the function takes it."""
    assert opened(tmp_path, *lines) == (expected, [])


@pytest.mark.parametrize(
    "lines",
    [
        ("load loader", LOAD),
        ("if x; then", LOAD, "fi", "load loader"),
        (LOAD, 'load() { psql -U "$1" -f b; }', "load loader"),
        ('load() { while [ $# -gt 1 ]; do shift; done; psql -U "$1" -f a; }', "load x loader"),
        ('load() { set -- $(cat f); psql -U "$1" -f a; }', "load loader"),
        (LOAD, "export -f load", "ls | xargs -n 1 bash -c 'load $0'"),
        (LOAD, "A=(loader x)", 'load "${A[@]}"'),
        ("load() { bash -c 'psql -U $1 -f a'; }", "load loader"),
    ],
)
def test_what_a_call_gives_is_not_known_where_nobody_can_tell(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    """The secret is then asked about."""
    found, told = opened(tmp_path, *lines)
    assert not found & OTHER
    assert any(line.startswith("secret/LOADER [READ]") for line in told)


def test_a_function_that_nobody_can_follow_may_run_the_words_that_it_is_given(
    tmp_path: Path,
) -> None:
    """Beside a login that is known."""
    run = 'run() { shift $(wc -l < f); "$@"; }'
    found, _ = opened(tmp_path, run, "psql -U other -f a", "run psql -U loader -f a")
    assert found == LOADER | OTHER
