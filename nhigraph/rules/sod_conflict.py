"""One identity prepares and releases, or approves what it asks for.

What it finds: an identity that arrives at one target both by preparing (post, update, void, move
    money, change of master data or rates) and by approving or releasing; or one that controls an
    approver of a gate on its own way, recoveries left out.
Why it matters: the second pair of eyes is the first one.
What it needs: ``action`` on what writes to the target, and the approvers of gates. What people
    state of a node (``weaknesses``) is found there, too.
When it is silent: where either half is missing. A write without an action counts as an update,
    which prepares. An identity that reaches a gap is not known.
How to end it: take away the half that releases; ``cut_edge`` names it.
Sources: NIST SP 800-53 r5 AC-5; ISO/IEC 27001:2022 A.5.3.
"""

from nhigraph.assurance.rows import VerdictRow
from nhigraph.findings.endings import Ends
from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import of_ways
from nhigraph.schema.crosswalk import WEAKNESSES


def _says(_seen: Seen, _node: int, row: VerdictRow) -> str:
    return f"at {row.target}"


def _ends(seen: Seen, node: int, row: VerdictRow) -> Ends:
    return lambda endings: endings.duties(node, seen.end(row))


RULE = Rule(
    title="it releases or approves what it prepares",
    maps=WEAKNESSES["sod_conflict"].maps,
    find=of_ways("sod_conflict", _says, _ends),
)
