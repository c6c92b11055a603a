"""Which page a person means to see, and pages of one question."""

from dataclasses import replace
from pathlib import Path

from nhigraph.app.drawn import beside
from nhigraph.app.judged import Judged, of_graph
from nhigraph.app.provenance import made_of
from nhigraph.app.questions.sub_question import Drawn, asked, sub_question
from nhigraph.errors import NoInputError, UsageError
from nhigraph.output import counted, graph_html, lost

REPORT = "report.html"
_PAGES = {".html", ".htm"}


def page(path: Path) -> Path:
    """The page of a path: itself, the report of an output folder, or of one that holds graph/.

    Raises:
        NoInputError: Nothing lies there, or a folder without a page.
        UsageError: A file that is no page.
    """
    if path.is_file():
        if path.suffix.lower() not in _PAGES:
            raise UsageError(f"{path.name}: expected a page (.html) or an output folder")
        return path.absolute()
    if not path.is_dir():
        raise NoInputError(f"{path}: no such page or folder; `nhigraph assess` makes one")
    for folder in (path, path.absolute().parent if path.name == "graph" else path):
        if (folder / REPORT).is_file():
            return (folder / REPORT).absolute()
    raise NoInputError(f"{path}: holds no {REPORT}; `nhigraph assess … --out {path}` writes one")


def draw(
    graph: Path,
    ends: tuple[str | None, str | None],
    *,
    hops: int | None = None,
    effect: str | None = None,
    day: str | None = None,
    include_disabled: bool = False,
) -> tuple[str, Drawn]:
    """A page of one question to a stored graph, and what it says.

    Args:
        graph: Folder of the graph.
        ends: Where the ways begin and where they end; one of them may be open.
        hops: Most steps of a way.
        effect: What is held at the end: control, alter, omit, read or halt.
        day: ISO date that overrides the stored one.
        include_disabled: Inactive nodes count as active.
    """
    judged = of_graph(graph, option=day, include_disabled=include_disabled)
    return drawing(judged, ends, hops, effect)


def drawing(
    judged: Judged, ends: tuple[str | None, str | None], hops: int | None, effect: str | None
) -> tuple[str, Drawn]:
    """As ``draw``, of what was read already."""
    drawn = sub_question(judged, asked(judged, *ends, hops, effect))
    told = replace(drawn.assessment, provenance=made_of(judged, judged.digest))
    return graph_html.render(told, *beside(told, judged), sentence(drawn), report=""), drawn


def sentence(drawn: Drawn) -> str:
    """What a drawing shows, and what it leaves out."""
    none = "" if drawn.ways else " in what was read"
    parts = [f"{drawn.title}: {counted(drawn.ways, 'way')}{none}"]
    if drawn.longer:
        parts.append(f"{counted(drawn.longer, 'end')} reached by longer ways only")
    if drawn.beyond:
        parts.append(f"{counted(drawn.beyond, 'end')} not looked at: there are too many")
    if drawn.gaps:
        gaps = counted(len(drawn.gaps), "gap")
        parts.append(f"what lies behind {gaps} is not known: {', '.join(sorted(drawn.gaps)[:3])}")
    if drawn.assessment.unread:
        parts.append(lost(drawn.assessment.unread))
    return f"{'; '.join(parts)}."
