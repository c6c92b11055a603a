"""Rules of one weakness each: those that a node's own records show, and those that ways show."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from nhigraph.assurance.rows import VerdictRow
from nhigraph.findings.endings import Ends
from nhigraph.findings.rule import Hit, Unknown
from nhigraph.findings.seen import Seen

Found = Hit | Unknown
Find = Callable[[Seen], Iterator[Found]]
#: Whom a rule asks about, and what is not told of some of them.
Asked = Callable[[Seen], Iterable[int]]
Untold = Callable[[Seen, Sequence[int]], Iterable[Unknown]]


def of_records(weakness: str, asked: Asked, untold: Untold) -> Find:
    """Finds a weakness that a node's own records show: a hit for each target that it bears on.

    What whoever holds the node can do is the consequence. No edge ends such a weakness: the record
    itself has to change.

    Args:
        weakness: Its name.
        asked: Nodes of which the records should tell.
        untold: What they do not.
    """

    def find(seen: Seen) -> Iterator[Found]:
        yield from on_record(seen, weakness)
        yield from untold(seen, sorted(set(asked(seen)) - set(seen.with_weakness(weakness))))

    return find


def on_record(seen: Seen, weakness: str) -> Iterator[Hit]:
    """Nodes whose records show a weakness, or of which people state it, target by target."""
    for node in seen.with_weakness(weakness):
        says = seen.shows(weakness, node) or "as its record states"
        rows = seen.consequences(node)
        yield from (Hit(node, says, row) for row in rows)
        if not rows:
            yield Hit(node, says)


def each(reason_of: Callable[[Seen, int], str]) -> Untold:
    """What is not told of one after another; empty where it is told."""

    def untold(seen: Seen, nodes: Sequence[int]) -> Iterator[Unknown]:
        for node in nodes:
            reason = reason_of(seen, node)
            if reason:
                yield Unknown(node, reason)

    return untold


def absent(*names: str) -> Untold:
    """Nothing is told where none of some properties stands at the node."""
    reason = f"no record states {' or '.join(names)}"

    def untold(seen: Seen, nodes: Sequence[int]) -> Iterator[Unknown]:
        told = {
            node
            for node, props in seen.graph.nodes_with_property(*names)
            if any(name in props for name in names)
        }
        return (Unknown(node, reason) for node in nodes if node not in told)

    return untold


def behind_gaps(seen: Seen, rule: str, hit: Iterable[int] = ()) -> Iterator[Unknown]:
    """Identities of which ways might show it, were it known what lies behind a gap.

    Args:
        seen: The assessment.
        rule: Name of the rule: whoever states the weakness of that name is known to have it.
        hit: Others of which it is known already.
    """
    known = {*hit, *seen.with_weakness(rule)}
    for node, reason in sorted(seen.unsure.items()):
        if node not in known:
            yield Unknown(node, reason)


def of_ways(
    weakness: str,
    says: Callable[[Seen, int, VerdictRow], str],
    ends: Callable[[Seen, int, VerdictRow], Ends],
) -> Find:
    """Finds what the ways of an identity to a target show (``weaknesses.shown``), or people state.

    Args:
        weakness: Its name.
        says: What to say of a row.
        ends: What ends it.
    """

    def find(seen: Seen) -> Iterator[Found]:
        hit = set()
        for node, row in seen.rows_that_show(weakness):
            hit.add(node)
            yield Hit(node, says(seen, node, row), row, ends=ends(seen, node, row))
        yield from on_record(seen, weakness)
        yield from behind_gaps(seen, weakness, hit)

    return find
