"""Which report every system, repository, database, vendor and process asks for."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from nhigraph.app.assessment import naming
from nhigraph.app.imagined import Takers
from nhigraph.app.judged import Judged
from nhigraph.assurance.path_rows import passed
from nhigraph.assurance.rows import Assessment
from nhigraph.assurance.which import judge
from nhigraph.assurance.which.answer import which_rows
from nhigraph.assurance.which.subjects import Subject, subjects
from nhigraph.assurance.which_rows import WhichRow

#: Identities that one cell of which.csv names: so many at most, and so many in the whole file,
#: but so many whatever the file's size. Those that are left out are counted in the cell.
_MOST, _IN_ALL, _LEAST = 1_000, 500_000, 10


def all_subjects(judged: Judged) -> list[Subject]:
    """Every subject of an estate."""
    return subjects(judged.estate, judged.resolved.bounded)


def rows_of(judged: Judged, found: Sequence[judge.Judged]) -> list[WhichRow]:
    """Rows of which.csv from what was found of each subject."""
    return which_rows(judged.estate, found)


def with_which(assessment: Assessment, judged: Judged, takers: Takers | None = None) -> Assessment:
    """The assessment with an answer for every subject, and what a reader needs beside it.

    Args:
        assessment: The assessment.
        judged: The estate that it is of.
        takers: Whoever has taken over its subjects, where they are traced.
    """
    asked = takers.subjects if takers else all_subjects(judged)
    most = max(_LEAST, min(_MOST, _IN_ALL // max(len(asked), 1)))
    planted = (takers.held, takers.planted) if takers else None
    found = judge.judge(judged.estate, asked, planted=planted, most=most)
    paths = found[0].paths.printed if found else {}
    rows = rows_of(judged, found)
    gaps = {key for row in rows for key in row.gaps}
    # Whoever alters something is an identity, and these are named already.
    keys = {*gaps, *chain.from_iterable(row.relied_on_by for row in rows)}
    for step in passed(paths, {}):
        keys |= {step.source, step.target, *(key for _, key in step.needs)}
    told = replace(assessment, which=tuple(rows), which_paths=paths)
    return naming(told, judged.estate, keys, gaps)
