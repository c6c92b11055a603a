"""What vis-network needs: the network's data, and vis-network itself, which pyvis ships."""

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
    """Nodes and edges as vis-network takes them, in the form pyvis gives it.

    pyvis itself looks through all nodes for either end of an edge, and to import it loads IPython
    and networkx, which takes as long as a small assessment; a test compares with what it makes.
    """
    nodes: list[dict[str, object]] = [
        {"id": card.id, "label": card.name}
        | {name: getattr(card, field) for name, field in NODE_COLUMNS.items()}
        for card in drawn.cards
    ]
    edges: list[dict[str, object]] = [
        {"from": drawn.cards[line.source].id, "to": drawn.cards[line.target].id}
        | {name: getattr(line, name) for name in EDGE_COLUMNS}
        for line in drawn.lines
    ]
    return nodes, edges


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
