"""The page of sources: what each reads, says, asks for and cannot see."""

import inspect
import sys
from collections.abc import Sequence

from nhigraph.app.registry import found, packages
from nhigraph.app.sources import source_rows
from nhigraph.docsgen.markdown import code, page, plain, section, table
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema.types import EdgeKind, NodeKind


def text() -> str:
    """The page."""
    others = {name for package in packages() for name in package.sources}
    spots = {row.source: row.blind_spots for row in source_rows()}
    ours = {name: one for name, one in found().ingestors.items() if name not in others}
    listed = [(f"[{name}](#{name})", _first(one)) for name, one in ours.items()]
    return page(
        "Sources",
        "Files are recognised by their content; the patterns only say which are looked at. How "
        "to get each export stands in [sources](../sources.md). The long form of each source, "
        "with the decisions that its format leaves open, is the docstring of its module.",
        table(("Source", "Reads"), listed),
        *(_source(name, one, spots[name]) for name, one in ours.items()),
    )  # fmt: skip


def _doc(ingestor: Ingestor) -> str:
    """The docstring of the source's package."""
    module = ingestor.read.__module__
    package = ".".join(module.split(".")[:3])
    return inspect.cleandoc(sys.modules[package].__doc__ or "")


def _first(ingestor: Ingestor) -> str:
    return plain(_doc(ingestor).partition("\n\n")[0])


def _source(name: str, ingestor: Ingestor, spots: str) -> str:
    nodes = [one.label for one in ingestor.emits if isinstance(one, NodeKind)]
    edges = [one.label for one in ingestor.emits if isinstance(one, EdgeKind)]
    asks = [(one.source, one.settles, code(one.command) if one.command else "")
            for one in ingestor.expects]  # fmt: skip
    return section(
        name,
        f"**{ingestor.title}.** {_first(ingestor)}",
        f"- **Looked at:** {code(*ingestor.accepts)}",
        _listed("Nodes", nodes),
        _listed("Edges", edges),
        f"- **Blind spots:** {plain(spots)}",
        table(("Asks for an export of", "Which would settle", "Command"), asks),
    ).replace("\n\n- ", "\n- ").replace("\n- **Looked", "\n\n- **Looked")  # fmt: skip


def _listed(title: str, labels: Sequence[str]) -> str:
    return f"- **{title}:** {code(*labels)}" if labels else ""
