"""Which report every system, repository, database, vendor and process asks for."""

from collections.abc import Sequence
from dataclasses import replace

from nhigraph.app.assessment import gap_reasons
from nhigraph.app.judged import Judged
from nhigraph.assurance.rows import Assessment
from nhigraph.assurance.which import judge
from nhigraph.assurance.which.answer import MOST_ALTERING, which_rows
from nhigraph.assurance.which.subjects import Subject, subjects
from nhigraph.assurance.which_rows import WhichRow


def all_subjects(judged: Judged) -> list[Subject]:
    """Every subject of an estate."""
    return subjects(judged.estate, judged.resolved.bounded)


def rows_of(
    judged: Judged, found: Sequence[judge.Judged], *, whole: bool = False
) -> list[WhichRow]:
    """Rows of which.csv.

    Args:
        judged: The estate.
        found: What was found of each subject.
        whole: Name every identity that alters a subject, however many.
    """
    return which_rows(judged.estate, found, most=None if whole else MOST_ALTERING)


def with_which(assessment: Assessment, judged: Judged) -> Assessment:
    """The assessment with an answer for every subject, and what a reader needs beside it."""
    found = judge.judge(judged.estate, all_subjects(judged))
    paths = {steps[0].path_id: steps for one in found for steps in one.paths.values()}
    graph = judged.estate.graph
    rows = rows_of(judged, found)
    gaps = {key for row in rows for key in row.gaps}
    keys = {key for row in rows for key in (*row.gaps, *row.relied_on_by, *row.altered_by)}
    for steps in paths.values():
        for step in steps:
            keys |= {step.source, step.target, *(key for _, key in step.needs)}
    nodes = {
        key: node
        for key in sorted(keys - assessment.names.keys())
        if (node := graph.node_id(key)) is not None
    }
    names = graph.nodes["name"].to_numpy(dtype=object)
    return replace(
        assessment,
        which=tuple(rows),
        which_paths=paths,
        names=assessment.names | {key: str(names[node] or key) for key, node in nodes.items()},
        kinds=assessment.kinds | {key: graph.kind_list[node] for key, node in nodes.items()},
        gap_reasons=assessment.gap_reasons | gap_reasons(graph, gaps),
    )
