"""Which words of other packages a graph holds: they have to be there when it is read again."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nhigraph.app.registry import packages
from nhigraph.errors import InputError
from nhigraph.facts import ends, keys
from nhigraph.graph import columns
from nhigraph.graph.snapshot_folder import MANIFEST
from nhigraph.graph.store import Graph
from nhigraph.ingest.registry import Package
from nhigraph.schema import kinds


def brought(graph: Graph) -> list[dict[str, str]]:
    """Packages of whose words a graph holds some, as its manifest names them.

    ``words`` is a digest of what the package says its kinds and properties mean.
    """
    return [
        {"package": one.name, "version": one.version, "words": _digest(one)}
        for one in packages()
        if any(True for _ in _held(graph, one))
    ]


def require(graph: Graph, stated: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a stored graph whose words are not all here, or mean something else here.

    Args:
        graph: The graph.
        stated: What ``brought`` said of it when it was stored.

    Raises:
        InputError: A package is missing, or is of a version that declares otherwise.
    """
    if not stated and not _unknown(graph):
        return  # and nobody need be imported to say so
    here = {one.name: one for one in packages()}
    for entry in stated:
        name, version = str(entry.get("package")), str(entry.get("version"))
        installed = here.get(name)
        if installed is None:
            raise InputError(
                MANIFEST,
                "/meta/packages",
                f"the graph holds words of the package {name} {version}, which is not installed "
                "here or cannot be used",
                "install it (nhigraph sources lists what there is), or run assess again",
            )
        if _digest(installed) != entry.get("words"):
            raise InputError(
                MANIFEST,
                "/meta/packages",
                f"the graph was stored with the package {name} {version}, whose words mean "
                f"something else in {installed.version}",
                "run assess again, or install that version",
            )
    unknown = _unknown(graph)
    if unknown:
        raise InputError(
            MANIFEST,
            "/meta/packages",
            f"the graph holds {', '.join(unknown)}, for which no package here has a word",
            "install the package that brought it, or run assess again",
        )


def _unknown(graph: Graph) -> list[str]:
    """Labels of a graph for which no word is known, as yet."""
    return sorted(_labels(graph) - {*kinds.NODE_KINDS, *kinds.EDGE_KINDS, *ends.TYPES})


def _labels(graph: Graph) -> set[str]:
    """Kinds of nodes and edges, and types of ends, of a graph."""
    cells = graph.nodes["kinds"].unique().tolist()
    nodes = {label for cell in cells for _, label in columns.kinds_of(cell)}
    return nodes.union(graph.edges["kind"].unique(), graph.ends["type"].unique())


def _held(graph: Graph, package: Package) -> Iterator[str]:
    """Words of a package that a graph holds."""
    for brings in package.brings:
        labels = {kind.label for kind in brings.node_kinds}
        labels |= {kind.label for kind in brings.edge_kinds}
        labels |= {end.__name__ for end in brings.ends}
        yield from labels & _labels(graph)
        names = [one.name for one in brings.properties]
        if names:
            found = graph.nodes_with_property(*names)
            yield from (name for _, props in found for name in names if name in props)
        begin = {one.beginning for one in brings.keys}
        if begin:
            yield from begin.intersection(map(keys.beginning_of, graph.key_list))


def _digest(package: Package) -> str:
    """Digest of what its kinds and properties are declared to be."""
    said = [
        repr((brings.node_kinds, brings.edge_kinds, brings.properties))
        for brings in package.brings
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
