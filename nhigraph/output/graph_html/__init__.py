"""graph.html: the paths of an assessment as one drawing that asks nobody for anything.

pyvis builds the network's data and lends its vis-network; the page around it is ours, because
pyvis's own page always asks a content network for files and prints some names unescaped.
"""

import json
from collections.abc import Sequence

from nhigraph.assurance.rows import Assessment
from nhigraph.output import clip, page_environment, page_file, security_policy, verbatim, words
from nhigraph.output.graph_html.drawing import Drawing, GraphEdge, GraphNode, drawing
from nhigraph.output.graph_html.picture import svg
from nhigraph.output.graph_html.vis import network_data, vis_network

__all__ = ["GraphEdge", "GraphNode", "render"]

#: Paths listed in the page; all of those drawn can be looked up by their ends.
_LISTED = 400


def render(assessment: Assessment, nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]) -> str:
    """The whole page; the same arguments give the same bytes.

    Args:
        assessment: What was answered; its printed paths say what is drawn.
        nodes: Facts about nodes; those on no printed path are counted, not drawn.
        edges: Facts about edges, likewise.
    """
    drawn = drawing(assessment, nodes, edges)
    style = page_file("theme.css") + page_file("graph.css")
    library, script = vis_network(), page_file("graph.js")
    return (
        page_environment()
        .get_template("graph.html.j2")
        .render(
            policy=verbatim(security_policy(style, (library, script))),
            style=verbatim(style),
            library=verbatim(library),
            script=verbatim(script),
            data=verbatim(embedded(_data(drawn))),
            picture=verbatim(svg(drawn)),
            words=words(),
            organization=clip(assessment.organization, 120) or "No organization named",
            as_of=clip(assessment.as_of, 60),
            drawn=drawn,
            listed=drawn.paths[:_LISTED],
        )
    )


def embedded(value: object) -> str:
    """JSON that is text to an HTML parser and a literal to JavaScript, whatever it holds."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _data(drawn: Drawing) -> dict[str, object]:
    nodes, edges = network_data(drawn)
    return {
        "nodes": nodes,
        "edges": edges,
        "paths": [
            {
                "id": path.id,
                "title": path.title,
                "verdict": path.verdict,
                "exposure": path.exposure,
                "nodes": path.nodes,
                "edges": path.edges,
                "steps": [
                    {
                        "says": [step.source, step.verb, step.target],
                        "place": step.place,
                        "note": step.note,
                    }
                    for step in path.steps
                ],
            }
            for path in drawn.paths
        ],
        "words": {"verdict": words()["verdict"], "verdict_mark": words()["verdict_mark"]},
    }
