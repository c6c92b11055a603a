"""An identity can change what a promise of correct processing rests on.

What it finds: an identity with control of a target of processing integrity, or that may change it
    or let records of it go missing.
Why it matters: inputs, logic or outputs of the service are no longer what was processed.
What it needs: a target of the category PI. What people state of a node (``weaknesses``) is found
    there, too.
When it is silent: where it only reads or stops, and where nobody promised processing integrity. An
    identity that reaches a gap is not known.
How to end it: take the writing away; ``cut_edge`` names the fewest rights. A check of inputs that
    the writer cannot reach keeps the relevance and lowers the exposure.
Sources: NIST SP 800-53 r5 SI-10; decision rule R10. PI1.5 is added where data at rest are changed.
"""

from collections.abc import Iterator

from nhigraph.findings.rule import Hit, Rule, Unknown
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import behind_gaps, on_record
from nhigraph.schema import kinds
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.types import State

_NAME = "input_integrity"
_CHANGING = frozenset({State.CONTROL, State.ALTER, State.OMIT})


def _at_rest(seen: Seen, target: str) -> bool:
    nodes = (seen.graph.node_id(key) for key in seen.target[target].nodes)
    return any(kinds.DATASET.label in seen.graph.kinds(n) for n in nodes if n is not None)


def find(seen: Seen) -> Iterator[Hit | Unknown]:
    """Rows of R10."""
    hit = set()
    for node, row in seen.rows_of("R10"):
        hit.add(node)
        conditions = ("storage",) if _at_rest(seen, row.target) else ()
        ends = seen.apart(node, row, _CHANGING)
        yield Hit(node, f"of {row.target}", row, ends=ends, conditions=conditions)
    yield from on_record(seen, _NAME)
    if seen.may_rest("PI"):
        yield from behind_gaps(seen, _NAME, hit)


RULE = Rule(
    title="it can change input, processing or output",
    maps=WEAKNESSES[_NAME].maps,
    find=find,
)
