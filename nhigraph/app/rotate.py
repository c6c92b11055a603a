"""Which credential to rotate first."""

from dataclasses import replace

from nhigraph.app.assessment import gap_reasons
from nhigraph.app.judged import Judged
from nhigraph.assurance.rotation.rank import ranked
from nhigraph.assurance.rows import Assessment

#: Most things that stop with a credential that one cell names; the last then counts the others.
MOST_BREAKING = 1_000


def with_rotation(assessment: Assessment, judged: Judged, paths: int) -> Assessment:
    """The assessment with an answer for every credential, and what a reader needs beside it.

    Args:
        assessment: The assessment.
        judged: The estate that it is of.
        paths: Most paths to print, first to rotate first.
    """
    found = ranked(judged.estate, paths, breaking=MOST_BREAKING)
    graph = judged.estate.graph
    rows = found.rotation.rows
    keys = {key for row in rows for key in (row.credential, *row.holder, *row.opens, *row.gaps)}
    keys |= {key for row in rows for key in row.nearest}
    for steps in found.paths.values():
        for step in steps:
            keys |= {step.source, step.target}
    nodes = {
        key: node
        for key in sorted(keys - assessment.names.keys())
        if (node := graph.node_id(key)) is not None
    }
    names = graph.nodes["name"].to_numpy(dtype=object)
    return replace(
        assessment,
        rotation=found.rotation,
        rotation_paths=found.paths,
        names=assessment.names | {key: str(names[node] or key) for key, node in nodes.items()},
        kinds=assessment.kinds | {key: graph.kind_list[node] for key, node in nodes.items()},
        gap_reasons=assessment.gap_reasons
        | gap_reasons(graph, {key for row in rows for key in row.gaps}),
    )
