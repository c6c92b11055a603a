"""Edges that hold on a condition, and answers that settle one."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import numpy as np

from nhigraph.assurance.answers.given import Given
from nhigraph.assurance.answers.said import Against, OfEdge, Outcome, Said, Stop
from nhigraph.facts.keys import forge
from nhigraph.facts.refused import starting_states
from nhigraph.graph.store import Graph
from nhigraph.policy import forges
from nhigraph.policy.aws import assumed
from nhigraph.schema import kinds
from nhigraph.schema.types import Certainty, EdgeKind

#: Between the conditions of one edge.
_AND = " and "
_EACH_AND = re.compile(f"(?={_AND})")
#: Property that tells the default.
_READ_ONLY = "token_read_only"


def out(graph: Graph, node: int, kind: EdgeKind) -> Iterator[tuple[int, int]]:
    """Edges of one kind from a node: row and target."""
    first, last = np.searchsorted(graph.edges["src"].to_numpy(), [node, node + 1])
    ends = graph.edges["dst"].to_numpy()
    for row in range(first, last):
        if graph.edges["kind"].iat[row] == kind.label:
            yield row, int(ends[row])


def stops(graph: Graph, row: int) -> Iterator[Stop]:
    """Where an edge is entered: at its source, and backwards at its end."""
    kind = kinds.EDGE_KINDS[str(graph.edges["kind"].iat[row])]
    source, target = (graph.key_list[graph.edges[end].to_numpy()[row]] for end in ("src", "dst"))
    forward = starting_states(kind)
    back = tuple(sorted({before for before, _ in kinds.BACKWARD.get(kind.effect, ())}))
    yield from ((key, states) for key, states in ((source, forward), (target, back)) if states)


def on_condition(graph: Graph, one: Given) -> Iterator[Said]:
    """Edges on whose condition an answer decides."""
    text = str(one.body["text"])
    for row in holding(graph, text):
        yield OfEdge(row, text), Outcome(bool(one.body["is"]))


def in_context(graph: Graph, one: Given, nodes: set[int]) -> Iterator[Said]:
    """Edges of identities that an answer is about, on conditions of a key that it tells.

    Args:
        graph: The graph.
        one: The answer.
        nodes: Identities that it selects.
    """
    key, values = str(one.body["context"]), tuple(one.body["is"])
    sources = graph.edges["src"].to_numpy()
    for cell, rows in sorted(graph.conditions.items()):
        for text in dict.fromkeys(cell.split(_AND)):
            found = assumed.settled(text, key, values)
            for row in rows if found is not None else ():
                if int(sources[row]) in nodes:
                    yield OfEdge(row, text), Outcome(found)


def by_default(graph: Graph, one: Given, nodes: set[int]) -> Iterator[Said]:
    """What jobs may write by the default of their repository's token, which an answer tells.

    Args:
        graph: The graph.
        one: The answer.
        nodes: Repositories that it selects.
    """
    writes = one.body["is"] == "write"
    selected = {graph.key_list[node] for node in nodes}
    for row, home, text in of_default(graph):
        if home in selected:
            yield OfEdge(row, text), Outcome(writes)
    for node in sorted(nodes):
        told = graph.props(node).get(_READ_ONLY)
        if isinstance(told, bool) and told is writes:
            yield Against(f"a document says that the default of {graph.key_list[node]} differs")


def of_default(graph: Graph) -> Iterator[tuple[int, str, str]]:
    """Edges that rest on the default of a repository's tokens: row, repository, condition."""
    sources = graph.edges["src"].tolist()
    for text in sorted({one.default_writes for one in forges.FORGES.values()} - {""}):
        for row in holding(graph, text):
            of = forge.home_of(graph.key_list[sources[row]])
            if of is not None:
                yield row, of.text, text


def holding(graph: Graph, text: str) -> list[int]:
    """Edges that hold on a condition, be it one of several."""
    by_word = graph.conditions_by_word
    rarest = min((by_word.get(word, []) for word in text.split()), key=len, default=[])
    cells = [text, *(cell for cell in rarest if cell != text and _has(cell, text))]
    return sorted(row for cell in cells for row in graph.conditions.get(cell, ()))


def is_told_by_parts(cell: str, known: AbstractSet[str]) -> bool:
    """Whether a condition consists of several, one of which is known by itself."""
    padded = f"{_AND}{cell}{_AND}"
    starts = [found.start() for found in _EACH_AND.finditer(padded)]
    if len(starts) ** 2 > len(known):  # of very many, each of those known is the shorter list
        return any(one != cell and _has(cell, one) for one in known)
    ends = [start + len(_AND) for start in starts]
    parts = (padded[end:start] for end in ends for start in starts if end <= start)
    return any(part != cell and part in known for part in parts)


def _has(cell: str, text: str) -> bool:
    """Whether a condition is one of those of an edge."""
    return f"{_AND}{text}{_AND}" in f"{_AND}{cell}{_AND}"


def without(
    graph: Graph, edge: OfEdge, known: tuple[Certainty, str] | None, *, confirmed: bool
) -> tuple[Certainty, str]:
    """How certain an edge is once one of its conditions is known to hold, and on what else.

    What nobody confirmed stays an assumption.

    Args:
        graph: The graph.
        edge: The edge, and the condition.
        known: What other answers made of the edge; None where there is none.
        confirmed: Somebody confirmed it.
    """
    before = Certainty(str(graph.edges["certainty"].iat[edge.row]))
    cell = str(graph.edges["condition"].iat[edge.row])
    before, cell = known or (before, cell)
    rest = f"{_AND}{cell}{_AND}".replace(f"{_AND}{edge.condition}{_AND}", _AND, 1)
    rest = rest.removeprefix(_AND).removesuffix(_AND)
    if before is not Certainty.CONDITIONAL:
        return before, rest
    if rest:
        return Certainty.CONDITIONAL, rest
    return (Certainty.CERTAIN if confirmed else Certainty.ASSUMED), ""
