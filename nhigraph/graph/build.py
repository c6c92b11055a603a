"""From facts to the merged graph.

The result does not depend on the order, the splitting or the repetition of the facts.
"""

from collections.abc import Iterable

from nhigraph.facts import aliases
from nhigraph.facts.ends import Holder
from nhigraph.facts.facts import Fact
from nhigraph.facts.tables import FactTable
from nhigraph.graph import bulk, frames, holders
from nhigraph.graph.append import extend
from nhigraph.graph.assembly import assemble
from nhigraph.graph.store import Graph
from nhigraph.graph.tally import Built


def build(facts: Iterable[Fact | FactTable], left: Iterable[Fact] = ()) -> Built:
    """Merge facts into a graph.

    Args:
        facts: What the documents say.
        left: What stays of records that were refused; none of it is counted again.
    """
    told, kept = frames.sorted_facts(facts), frames.sorted_facts(left)
    named = aliases.names(aliases.stated(told.claims))
    known = holders.aliased((one for one in told.ends if isinstance(one, Holder)), named)
    found = holders.apart(holders.answered(known, aliases.pairs(told.claims)))
    whole = None if found.names else bulk.laid(told, kept)
    built = _merged(told, kept, found) if whole is None else _beside(whole, told)
    for artifact, pointer, line in found.lines:
        built.tally(artifact).conflicts.append((pointer, line))
    claims = sorted((*told.claims, *kept.claims), key=lambda c: c.evidence)
    built.claims = claims
    for claim in told.claims:
        built.tally(claim.evidence.artifact).accepted += 1
    return built


def _beside(whole: Built, told: frames.Sorted) -> Built:
    """A graph of whole tables, and all else that was told laid beside it."""
    rest: list[Fact] = [*told.nodes, *told.edges, *told.gates, *told.gaps, *told.ends]
    if not rest:
        return whole
    built = extend(whole.graph, rest)
    built.tallies.update(whole.tallies)
    return built


def _merged(told: frames.Sorted, kept: frames.Sorted, found: holders.Apart) -> Built:
    """The graph of every record."""
    laid = told.frames()
    if kept.nodes or kept.gates or kept.gaps:
        laid = _with(laid, kept.frames())
    laid, order = holders.separated(laid, found)
    reasons = {old: edge.because for old, edge in enumerate(told.edges) if edge.because}
    places = enumerate(order) if reasons else ()
    because = {new: reasons[old] for new, old in places if old in reasons}
    return assemble(laid, because)


def _with(laid: frames.Records, kept: frames.Records) -> frames.Records:
    """Records, and beside them those that nobody counts."""
    told = (one.assign(counted=True) for one in laid)
    left = (one.assign(counted=False) for one in kept)
    return frames.concat([frames.Records(*told), frames.Records(*left)])


def combine(graph: Graph, *others: Graph) -> Graph:
    """Merge graphs; commutative, associative and idempotent."""
    return assemble(frames.concat([frames.records(g) for g in (graph, *others)])).graph
