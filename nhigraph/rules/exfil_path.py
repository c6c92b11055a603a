"""An identity reads what is confidential or personal, and can send it out.

What it finds: an identity that reads, or controls, a target of confidentiality or privacy, and
    that is a third party's (``vendor``), or may write to something outside the boundary of the
    scope.
Why it matters: what it reads is disclosed as soon as it is sent.
What it needs: the targets' classes of data or categories, and the ``outside`` or ``carve_out`` of
    the scope for what lies beyond. What people state of a node (``weaknesses``) is found there,
    too.
When it is silent: where nothing confidential or personal is read. Where it is read and no input
    shows a way out, it is not known: exports of rights do not show what a network lets through.
How to end it: take away the reading; ``cut_edge`` names the fewest rights.
Sources: NIST SP 800-53 r5 AC-4; decision rule R11. P6.1 is added where personal data are read.
"""

from collections.abc import Iterator

from nhigraph.assurance.rows import VerdictRow
from nhigraph.findings.rule import Hit, Rule, Unknown
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import behind_gaps, on_record
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.types import State

_NAME = "exfil_path"
_LEARNING = frozenset({State.READ, State.CONTROL})


def _learns(row: VerdictRow) -> bool:
    return any(State[name] in _LEARNING for name in row.states.split("+"))


def find(seen: Seen) -> Iterator[Hit | Unknown]:
    """Rows of R11 by reading, with a way out."""
    found = [pair for pair in seen.rows_of("R11") if _learns(pair[1])]
    out = seen.ways_out(sorted({node for node, _ in found}))
    for node, row in found:
        if node in out:
            personal = "P" in (*row.soc2, *row.soc2_outside)
            conditions = ("personal",) if personal else ()
            says = f"{row.target} {out[node]}"
            ends = seen.apart(node, row, _LEARNING)
            yield Hit(node, says, row, ends=ends, conditions=conditions)
    shut = {node for node, _ in found} - set(out)
    for node in sorted(shut - set(seen.unsure) - set(seen.with_weakness(_NAME))):
        yield Unknown(node, "it reads what is confidential or personal; no input shows a way out")
    yield from on_record(seen, _NAME)
    if seen.may_rest("C", "P"):
        yield from behind_gaps(seen, _NAME, out)


RULE = Rule(
    title="it reads and can send out",
    maps=WEAKNESSES[_NAME].maps,
    find=find,
)
