"""How much falls with every identity: one closure of the whole estate, counted or estimated."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import compile_gates
from nhigraph.assurance.radius_rows import RadiusRow
from nhigraph.assurance.reached import Place, reached_any
from nhigraph.assurance.walk import living, start_states, unsure
from nhigraph.assurance.which_rows import told_of
from nhigraph.graph.store import Graph, Ints
from nhigraph.schema import kinds
from nhigraph.schema.types import Family, State
from nhigraph.trace.holders import Starts
from nhigraph.trace.horn import taken_apart
from nhigraph.trace.product import Closure, compile_product
from nhigraph.trace.radius import radius

#: Gaps of one identity that a row names; 200,000 identities may each reach all that there are.
_NAMED = 10
_FAMILIES = tuple(Family)


def radii(estate: Estate, closure: Closure, *, exact: bool | None = None) -> list[RadiusRow]:
    """A row per living identity of the population, the one with which most falls first.

    Args:
        estate: The estate.
        closure: Which ways count. Gaps are those reached in *may* whatever is counted: what is
            not known there may be certain.
        exact: Count, or estimate; by default count up to ``trace.radius.SKETCH_FROM``.
    """
    walkers = living(estate)
    if not walkers:
        return []
    gates = compile_gates(estate)
    product = compile_product(estate.graph, gates.masks, gates.specs)
    starts = Starts.of([start_states(estate, walker) for walker in walkers])
    horn = taken_apart(product.in_closure(closure))
    found = radius(horn, starts, _families(estate.graph), exact=exact)
    gaps = _gaps(estate, walkers)
    rows = (
        _row(estate, walker, reached, found.counts[top], round(found.error, 4))
        for walker, top, reached in zip(walkers, found.which.tolist(), gaps, strict=True)
    )
    return sorted(rows, key=_worst_first)


def _row(
    estate: Estate,
    walker: int,
    gaps: tuple[list[int], int],
    counts: npt.NDArray[np.float64],
    error: float,
) -> RadiusRow:
    """The row of one identity, of its counts by family and state; see ``trace.radius``."""
    graph, (reached, many) = estate.graph, gaps
    held = np.rint(counts[0]).astype(int).tolist()
    # A sketch has each family in any state and each state of all families, and no more.
    families = np.rint(counts[1:, 0]).astype(int).tolist()
    of = dict(zip(_FAMILIES, families, strict=False))
    return RadiusRow(
        identity=graph.key_list[walker],
        kind=graph.kind_list[walker],
        name=graph.name_list[walker],
        owner=graph.owner_list[walker],
        nodes=held[0],
        control=held[1 + State.CONTROL],
        alter=held[1 + State.ALTER],
        omit=held[1 + State.OMIT],
        read=held[1 + State.READ],
        halt=held[1 + State.HALT],
        identities=of.get(Family.IDENTITY, 0),
        credentials=of.get(Family.CREDENTIAL, 0),
        change_paths=of.get(Family.CHANGE, 0),
        data=of.get(Family.DATA, 0),
        grants=of.get(Family.GRANT, 0),
        targets=of.get(Family.ASSURANCE, 0),
        at_least="yes" if unsure(estate, walker, reached) else "no",
        error=error,
        gaps=told_of([graph.key_list[node] for node in reached], many),
    )


def _families(graph: Graph) -> Ints:
    """Per node the number of its family: that of the kind that is printed, so that it has one."""
    coded = graph.node_kind
    number = {family: at for at, family in enumerate(_FAMILIES)}
    found = np.zeros(len(graph.nodes), dtype=np.int64)
    for label, kind in kinds.NODE_KINDS.items():
        found[coded.isin([label])] = number[kind.family]
    return found


def _gaps(estate: Estate, walkers: Sequence[int]) -> list[tuple[list[int], int]]:
    """Per walker, the first nodes whose gaps it reaches, and how many there are."""
    at: dict[int, list[Place]] = {}
    for place in estate.open_gaps:
        at.setdefault(place[0], []).append(place)
    nodes = sorted(at)
    named: list[list[int]] = [[] for _ in walkers]
    many = np.zeros(len(walkers), dtype=np.int64)
    for node, who in zip(
        nodes, reached_any(estate, walkers, [at[node] for node in nodes]), strict=True
    ):
        for walker in who[many[who] < _NAMED].tolist():
            named[walker].append(node)
        many[who] += 1
    return list(zip(named, many.tolist(), strict=True))


def _worst_first(row: RadiusRow) -> tuple[int, int, int, bool, str]:
    """Of equal numbers the one that may be more goes first."""
    return (-row.nodes, -row.control, -row.alter, row.at_least == "no", row.identity)
