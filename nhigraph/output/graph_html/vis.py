"""What pyvis is used for: the network's data, and the vis-network it ships."""

from importlib.util import find_spec
from pathlib import Path

from nhigraph.errors import NhigraphError
from nhigraph.output.graph_html.drawing import Drawing


def network_data(drawn: Drawing) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Nodes and edges as vis-network takes them.

    Titles, headings, images and option strings are never passed: pyvis prints the last three
    unescaped, and one title that holds "href" makes vis-network parse every title as HTML.
    """
    from pyvis.network import Network  # noqa: PLC0415 - imports IPython: only where a page is drawn

    network = Network(directed=True, cdn_resources="in_line")
    for card in drawn.cards:
        network.add_node(
            card.id,
            label=card.name,
            shape="custom",
            key=card.key,
            kind=card.kind,
            code=card.code,
            family=card.group,
            verdict=card.verdict,
            exposure=card.exposure,
            x=card.x,
            y=card.y,
            physics=False,
        )
    for line in drawn.lines:
        network.add_edge(
            line.source,
            line.target,
            id=line.id,
            verb=line.verb,
            stroke=line.stroke,
            action=line.action,
            certain=line.certain,
            gate=line.gate,
            place=line.place,
        )
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
