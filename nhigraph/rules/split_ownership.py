"""One workflow decides outcomes of finance and of trust that different owners answer for.

What it finds: an identity that changes, empties or stops both a financial target and one of trust,
    where an owner of the one is not the owner of the other.
Why it matters: neither owner can accept its risk alone, and each may take it for the other's.
What it needs: owners of the nodes that support the targets (``owners`` of the scope, or the
    source).
When it is silent: where one owner answers for both sides, and where it decides one side only.
    Where an owner is not named on a side, it is not known. Who only reads decides nothing.
How to end it: part the workflow, one identity for each owner, or name one owner for both sides;
    ``cut_edge`` names the fewest rights that part it.
Sources: NIST CSF 2.0 GV.RR-02; assurance.split_owners.
"""

from collections.abc import Iterator

from nhigraph.assurance.split_owners import FINANCE, TRUST, Owned, Side, Split
from nhigraph.findings.endings import Endings, Ends
from nhigraph.findings.rule import Hit, Rule, Unknown
from nhigraph.findings.seen import Seen
from nhigraph.findings.severity import worst
from nhigraph.findings.standing import behind_gaps
from nhigraph.schema.controls import CATEGORIES
from nhigraph.schema.crosswalk import mapped
from nhigraph.schema.types import State

_DECIDING = frozenset(State) - {State.READ}


def _ends(seen: Seen, node: int, found: Split) -> Ends:
    def of(endings: Endings, side: Side) -> tuple[int, ...]:
        return endings.apart(node, [seen.end(row) for row in side.rows], _DECIDING)

    def ends(endings: Endings) -> tuple[int, ...]:
        sides = (of(endings, found.trust), of(endings, found.finance))
        return min((side for side in sides if side), key=len, default=())

    return ends


def find(seen: Seen) -> Iterator[Hit | Unknown]:
    """Identities that decide both sides."""
    hit, owned = set(), Owned(seen.estate)
    for node, alike in seen.with_both(owned.side, FINANCE | TRUST):
        found = owned.split(alike)
        if found.split:
            hit.add(node)
            row = worst((*found.finance.rows, *found.trust.rows))
            yield Hit(node, found.says, row, apart=True, ends=_ends(seen, node, found))
        elif found.unknown and node not in seen.unsure:
            hit.add(node)
            yield Unknown(node, f"no record names who owns {', '.join(found.unknown)}")
    if seen.books and seen.may_rest(*CATEGORIES):
        yield from behind_gaps(seen, "split_ownership", hit)


RULE = Rule(
    title="it decides outcomes of different owners",
    maps=mapped("|CC6.3|GV.RR-02 PR.AA-05|AC-5|A.5.2 A.5.3|APD PC"),
    find=find,
)
