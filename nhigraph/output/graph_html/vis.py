"""What pyvis is used for: the network's data, and the vis-network it ships."""

from importlib.util import find_spec
from pathlib import Path

from nhigraph.errors import NhigraphError
from nhigraph.output.graph_html.drawing import Drawing

#: Columns of a node as the page reads them, and the fields of a card that they are.
NODE_COLUMNS = {
    "key": "key",
    "kind": "kind",
    "sort": "label",
    "code": "code",
    "family": "group",
    "verdict": "verdict",
    "exposure": "exposure",
    "soc1": "soc1",
    "soc2": "soc2",
    "outside": "outside",
    "card": "card",
    "owner": "owner",
    "dates": "dates",
    "life": "state",
    "environment": "environment",
    "weak": "weaknesses",
    "gaps": "gaps",
    "inward": "inward",
    "outward": "outward",
}
#: Columns of an edge, each named as its field.
EDGE_COLUMNS = (
    *("kind", "verb", "stroke", "action", "certainty", "condition", "needs", "gate"),
    *("artifact", "pointer", "line", "quote", "also", "page"),
)


def network_data(drawn: Drawing) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Nodes and edges as vis-network takes them.

    Titles, headings, images and option strings are never passed: pyvis prints the last three
    unescaped, and one title that holds "href" makes vis-network parse every title as HTML.
    """
    from pyvis.network import Network  # noqa: PLC0415 - imports IPython: only where a page is drawn

    network = Network(directed=True, cdn_resources="in_line")
    for card in drawn.cards:
        said = {name: getattr(card, field) for name, field in NODE_COLUMNS.items()}
        network.add_node(card.id, label=card.name, shape="custom", physics=False, **said)
    for line in drawn.lines:
        ends = (drawn.cards[line.source].id, drawn.cards[line.target].id)
        network.add_edge(*ends, **{name: getattr(line, name) for name in EDGE_COLUMNS})
    nodes, edges, *_ = network.get_network_data()
    return list(nodes), list(edges)


def vis_network() -> str:
    """Text of the vis-network that pyvis ships, fit to stand inside a script element."""
    found = find_spec("pyvis")
    folders = [Path(folder) for folder in found.submodule_search_locations or ()] if found else []
    files = [file for folder in folders for file in folder.glob("lib/vis-*/vis-network.min.js")]
    if not files:
        raise NhigraphError(
            "pyvis ships no lib/vis-*/vis-network.min.js; install a pyvis from 0.3.2 on"
        )
    newest = max(files, key=lambda file: [int(n) for n in file.parent.name[4:].split(".")])
    text = newest.read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
