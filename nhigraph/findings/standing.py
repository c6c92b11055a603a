"""Rules of one weakness each: those that a node's own records show, and those that ways show."""

from collections.abc import Callable, Iterable, Iterator

from nhigraph.assurance.rows import VerdictRow
from nhigraph.findings.endings import Ends
from nhigraph.findings.rule import Hit, Unknown
from nhigraph.findings.seen import Seen

Found = Hit | Unknown
Find = Callable[[Seen], Iterator[Found]]
#: Whom a rule asks about, and what is not told of one of them; empty where it is told.
Asked = Callable[[Seen], Iterable[int]]
Untold = Callable[[Seen, int], str]


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
        weak = list(seen.with_weakness(weakness))
        for node in weak:
            says = seen.shows(weakness, node)
            rows = seen.consequences(node)
            yield from (Hit(node, says, row) for row in rows)
            if not rows:
                yield Hit(node, says)
        for node in sorted(set(asked(seen)) - set(weak)):
            reason = untold(seen, node)
            if reason:
                yield Unknown(node, reason)

    return find


def absent(*names: str) -> Untold:
    """Nothing is told where none of some properties stands at the node."""
    listed = " or ".join(names)

    def untold(seen: Seen, node: int) -> str:
        props = seen.props(node)
        return "" if any(name in props for name in names) else f"no record states {listed}"

    return untold


def behind_gaps(seen: Seen, hit: Iterable[int] = ()) -> Iterator[Unknown]:
    """Identities of which ways might show it, were it known what lies behind a gap.

    Args:
        seen: The assessment.
        hit: Those of which it is known already.
    """
    known = set(hit)
    for node, reason in sorted(seen.unsure.items()):
        if node not in known:
            yield Unknown(node, reason)


def of_ways(
    weakness: str,
    says: Callable[[Seen, int, VerdictRow], str],
    ends: Callable[[Seen, int, VerdictRow], Ends],
) -> Find:
    """Finds what the ways of an identity to a target show; see ``weaknesses.shown``.

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
        yield from behind_gaps(seen, hit)

    return find
