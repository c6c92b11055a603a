"""Read the exports into a stored graph, without judging."""

from collections.abc import Sequence
from pathlib import Path

from nhigraph.app import folder
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.stages import Say
from nhigraph.app.storing import store
from nhigraph.assurance.left_out import NOTHING, LeftOut
from nhigraph.facts.facts import Claim
from nhigraph.graph.store import Graph
from nhigraph.output.json_files import json_text
from nhigraph.version import __version__


def run_build(
    inputs: Sequence[Path],
    out: Path,
    *,
    option: str | None = None,
    repo: str | None = None,
    include_disabled: bool = False,
    say: Say | None = None,
) -> Judged:
    """Read and store.

    Args:
        inputs: Files and folders.
        out: Folder that gets ``graph/``, ``coverage.json`` and ``manifest.json``.
        option: ISO date that overrides scope and extracts.
        repo: ``owner/name`` of a checkout without a GitHub remote.
        include_disabled: Inactive nodes count as active.
        say: Told what is going on.
    """
    tell = say or (lambda _phrase, _done, _total: None)
    found = collect(
        inputs, repo=repo, progress=lambda done, total, name: tell(f"reading {name}", done, total)
    )
    judged = of_collection(found, option=option, include_disabled=include_disabled)
    write_build(out, found.graph, found.claims, judged)
    return judged


def write_build(
    out: Path,
    graph: Graph,
    claims: Sequence[Claim],
    judged: Judged,
    left_out: LeftOut = NOTHING,
) -> None:
    """Write a graph with its coverage and a manifest, without answers.

    Args:
        out: Folder, replaced as a whole.
        graph: The graph, before its scope was resolved.
        claims: The scope.
        judged: What came of both.
        left_out: What is supposed not to be there.
    """
    with folder.replaced(out) as fresh:
        coverage = folder.write(fresh, "coverage.json", json_text(judged.coverage))
        digest = store(
            fresh / "graph",
            graph,
            claims,
            judged.date,
            judged.coverage,
            include_disabled=judged.estate.day.include_disabled,
            left_out=left_out,
        )
        manifest = {
            "nhigraph": "build/1",
            "tool_version": __version__,
            "as_of": judged.date.day,
            "as_of_source": judged.date.source,
            "outputs": {"coverage.json": coverage},
            "graph_sha256": digest,
        }
        folder.write(fresh, folder.MARK, json_text(manifest))
