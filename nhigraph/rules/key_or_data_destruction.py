"""An identity can destroy what the books or a promise of availability rest on.

What it finds: an identity that stops a financial target, or one of availability, by deleting or
    owning data on the way there, or the key under which the data lie.
Why it matters: what is gone is missing (completeness, cut-off), and the service with it. Being
    able to restore changes how open that is, not that it is possible.
What it needs: rights to delete, ownership, and rights over keys. What people state of a node
    (``weaknesses``) is found there, too.
When it is silent: where something is only stopped: what runs can be started again. An identity
    that reaches a gap is not known.
How to end it: take the right away; ``cut_edge`` names the fewest. A tested recovery out of its
    reach (``recoverable: tested``) makes it gated.
Sources: NIST SP 800-53 r5 CP-9; decision rule R9; SQL: an owner may drop (PostgreSQL, DROP TABLE).
"""

from collections.abc import Iterator

from nhigraph.findings.rule import Hit, Rule, Unknown
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import behind_gaps, on_record
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.types import State

_NAME = "key_or_data_destruction"


def find(seen: Seen) -> Iterator[Hit | Unknown]:
    """Rows of R9 whose ways destroy."""
    hit = set()
    for node, row in seen.rows_that_show(_NAME):
        if "R9" in row.rules:
            hit.add(node)
            ends = seen.apart(node, row, {State.HALT})
            yield Hit(node, f"{row.target} rests on them", row, ends=ends)
    yield from on_record(seen, _NAME)
    if seen.books or seen.may_rest("A"):
        yield from behind_gaps(seen, _NAME, hit)


RULE = Rule(
    title="it can destroy data, or the key to them",
    maps=WEAKNESSES[_NAME].maps,
    find=find,
)
