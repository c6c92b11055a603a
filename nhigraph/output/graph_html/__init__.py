"""graph.html: the paths of an assessment as a drawing to ask, which itself asks nobody.

pyvis lends its vis-network and says what its data is called; the page around it is ours, because
pyvis's own page always asks a content network for files and prints some names unescaped.
"""

from collections.abc import Sequence

from nhigraph.assurance.rows import Assessment
from nhigraph.output import (
    clip,
    day,
    made,
    page_environment,
    page_file,
    security_policy,
    verbatim,
    words,
)
from nhigraph.output.graph_html.drawing import drawing
from nhigraph.output.graph_html.facts import GraphEdge, GraphNode
from nhigraph.output.graph_html.listed import listed
from nhigraph.output.graph_html.packed import data, embedded
from nhigraph.output.graph_html.picture import picture
from nhigraph.output.graph_html.script import script
from nhigraph.output.graph_html.vis import vis_network

__all__ = ["GraphEdge", "GraphNode", "embedded", "render"]


def render(
    assessment: Assessment,
    nodes: Sequence[GraphNode] = (),
    edges: Sequence[GraphEdge] = (),
    sentence: str = "",
    report: str = "report.html",
) -> str:
    """The whole page; the same arguments give the same bytes.

    Args:
        assessment: What was answered; its printed paths say what is drawn.
        nodes: What else is known of nodes.
        edges: Edges of the graph: more is known of those on paths, and others lead beside them.
        sentence: The answer, as the report words it.
        report: Name of the report that lies beside the page; empty for none.
    """
    drawn = drawing(assessment, nodes, edges)
    still, worst = picture(drawn), listed(drawn)
    style = page_file("theme.css") + page_file("graph.css") + page_file("evidence.css")
    library, ours = vis_network(), script()
    return (
        page_environment()
        .get_template("graph.html.j2")
        .render(
            policy=verbatim(security_policy(style, (library, ours))),
            style=verbatim(style),
            library=verbatim(library),
            script=verbatim(ours),
            data=verbatim(embedded(data(assessment, drawn))),
            still=still,
            picture=verbatim(still.svg),
            words=words(),
            organization=clip(assessment.organization, 120) or "No organization named",
            as_of=day(assessment.as_of),
            sentence=sentence,
            report=report,
            listed=worst,
            paths=sum(path.of < 0 for path in drawn.paths),
            left_out=drawn.rows_left_out,
            unprinted=assessment.paths_left_out,
            provenance=made(assessment),
        )
    )
