"""What the live tests of statements share: a cut by chance, its statements, what is left after."""

import random
from collections.abc import Callable

from nhigraph.app.judged import Judged
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.smallest import Found, cut

Edge = tuple[str, str, str]


def way_left(found: Judged, identity: str, target: str) -> set[Edge] | None:
    """Edges of the way that an assessment still finds to a target; None for none."""
    told = answer(Analysis(found.estate))
    for row in told.verdicts:
        # Whoever may only read still reaches what nobody promised to keep to oneself.
        if (row.identity, row.target, row.verdict != "neither") == (identity, target, True):
            steps = told.paths[row.path_id]
            needed = {("needs", key, "") for step in steps for _, key in step.needs}
            return needed | {(step.edge_kind, step.source, step.target) for step in steps}
    return None


def edges(found: Judged) -> set[Edge]:
    """Every edge of the graph, and every node as what may be needed."""
    graph = found.estate.graph
    cells = (graph.edges[name].tolist() for name in ("kind", "src", "dst"))
    keys = graph.key_list
    made = {(kind, keys[src], keys[dst]) for kind, src, dst in zip(*cells, strict=True)}
    return made | {("needs", key, "") for key in keys}


def some_cut(
    found: Judged, number: int, asked: Callable[[str], bool], whole: Callable[[str], bool]
) -> tuple[str, str, Found] | None:
    """A cut by chance that statements are known for in full: identity, target, cut.

    Args:
        found: The estate.
        number: Of the draw.
        asked: Whether an identity is asked about, by its key.
        whole: Whether a statement needs nothing that its reader adds.
    """
    graph = found.estate.graph
    pairs = [(one, target) for one in found.estate.identities for target in found.estate.targets]
    random.Random(number).shuffle(pairs)
    for walker, target in pairs:
        node = graph.node_id(target.key)
        assert node is not None
        if not asked(graph.key_list[walker]):
            continue
        one = cut(found.estate, Asked([node], walkers=[walker]))
        if one.rows and not one.beyond and all(whole(row.statement) for row in one.rows):
            return graph.key_list[walker], target.key, one
    return None


def undone(found: Found) -> list[str]:
    """The statements of a cut, in the order in which they are printed."""
    return [said for _, said in sorted({(row.turn, row.statement) for row in found.rows})]
