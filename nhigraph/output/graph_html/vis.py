"""The network as vis-network takes it, and the vis-network that pyvis ships.

The columns are what pyvis's ``Network`` would hold, which a test asks it: made by pyvis itself
they take IPython, networkx and a look at all nodes for every edge.
"""

from importlib.util import find_spec
from operator import attrgetter
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


def nodes(drawn: Drawing) -> dict[str, list[object]]:
    """Columns of the network's nodes, as vis-network names them: ``id``, ``label`` and ours."""
    told: dict[str, list[object]] = {
        "id": [card.id for card in drawn.cards],
        "label": [card.name or card.id for card in drawn.cards],
    }
    for name, field in NODE_COLUMNS.items():
        told[name] = [*map(attrgetter(field), drawn.cards)]
    return told


def edges(drawn: Drawing) -> dict[str, list[object]]:
    """Columns of the network's edges: ``from`` and ``to``, numbers of nodes, and ours."""
    told: dict[str, list[object]] = {
        "from": [line.source for line in drawn.lines],
        "to": [line.target for line in drawn.lines],
    }
    for name in EDGE_COLUMNS:
        told[name] = [*map(attrgetter(name), drawn.lines)]
    return told


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
