"""Which credential to rotate first."""

from dataclasses import replace

from nhigraph.app.assessment import naming
from nhigraph.app.imagined import Knowers
from nhigraph.app.judged import Judged
from nhigraph.assurance.path_rows import passed
from nhigraph.assurance.rotation.rank import ranked
from nhigraph.assurance.rows import Assessment

#: Most things that stop with a credential that one cell names; the last then counts the others.
MOST_BREAKING = 1_000


def with_rotation(
    assessment: Assessment, judged: Judged, paths: int, knowers: Knowers | None = None
) -> Assessment:
    """The assessment with an answer for every credential, and what a reader needs beside it.

    Args:
        assessment: The assessment.
        judged: The estate that it is of.
        paths: Most paths to print, first to rotate first.
        knowers: Whoever knows the value of its credentials, where they are traced.
    """
    known = (knowers.credentials, knowers.planted) if knowers else None
    found = ranked(judged.estate, paths, breaking=MOST_BREAKING, known=known)
    rows = found.rotation.rows
    keys = {key for row in rows for key in (row.credential, *row.holder, *row.opens, *row.gaps)}
    keys |= {key for row in rows for key in row.nearest}
    for step in passed(found.paths, {}):
        keys |= {step.source, step.target}
    gaps = {key for row in rows for key in row.gaps}
    told = replace(assessment, rotation=found.rotation, rotation_paths=found.paths)
    return naming(told, judged.estate, keys, gaps)
