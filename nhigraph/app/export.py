"""A stored graph in the forms of other tools."""

from pathlib import Path
from typing import Final

from nhigraph.app import folder
from nhigraph.app.judged import opened
from nhigraph.app.neo4j import prepared
from nhigraph.app.whole_file import write_whole
from nhigraph.errors import UsageError
from nhigraph.graph import interchange
from nhigraph.output.neo4j import bulk

FORMS: Final = ("neo4j-csv", "graphml", "gexf")


def run_export(graph: Path, form: str, out: Path, name: str = "") -> list[str]:
    """Write a stored graph in another form.

    Args:
        graph: The graph.
        form: One of ``FORMS``.
        out: Folder for ``neo4j-csv``, else a file.
        name: Name of the snapshot, for ``neo4j-csv``; its day by default.

    Returns:
        Names of the files written.

    Raises:
        UsageError: They cannot be written there.
    """
    try:
        if form == "neo4j-csv":
            out.mkdir(parents=True, exist_ok=True)
            content = prepared(graph, name).content()
            return [_written(out, *file) for file in bulk.files(content)]
        write = interchange.graphml if form == "graphml" else interchange.gexf
        write_whole(out, write(opened(graph).graph))
    except OSError as error:
        raise UsageError(f"{out}: it cannot be written there: {error.strerror}") from error
    return [out.name]


def _written(out: Path, name: str, text: str) -> str:
    folder.write(out, name, text)
    return name
