"""A graph for other tools: GraphML and GEXF, written by networkx."""

import io
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from nhigraph.graph.store import Graph

#: What XML 1.0 has no form for (https://www.w3.org/TR/xml/#charsets): not even as a reference.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(graph: Graph) -> bytes:
    """The graph as GraphML: nodes by key, edges with what is said of them."""
    import networkx as nx  # noqa: PLC0415 - slow to import, and only interchange needs it

    return _written(graph, nx.write_graphml_xml)


def gexf(graph: Graph) -> bytes:
    """The graph as GEXF 1.2."""
    import networkx as nx  # noqa: PLC0415 - as above

    return _written(graph, nx.write_gexf)


def _written(graph: Graph, write: Callable[..., Any]) -> bytes:
    import networkx as nx  # noqa: PLC0415 - as above

    whole = graph.to_networkx()
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for key, said in whole.nodes(data=True):
        # GEXF draws `label`, and every viewer looks for it.
        made.add_node(_text(key), label=_text(said["name"] or key), **_said(said))
    for number, (source, target, said) in enumerate(whole.edges(data=True)):
        made.add_edge(_text(source), _text(target), key=str(number), **_said(said))
    packed = io.BytesIO()
    write(made, packed)
    return packed.getvalue()


def _said(cells: Mapping[str, object]) -> dict[str, str]:
    """What is said, without what is empty."""
    return {name: _text(str(cell)) for name, cell in cells.items() if cell not in {"", None}}


def _text(text: str) -> str:
    """The text with what XML has no form for spelt out."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
