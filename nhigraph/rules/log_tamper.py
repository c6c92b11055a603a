"""An identity can change, empty or stop a log that a target rests on.

What it finds: an identity with control of an audit log on a way of its to a target, or that may
    change, empty or stop one there; or that reaches a target whose ``fs_role`` is ``audit_trail``.
Why it matters: what proves that records are what they say, and who did what, is gone or says
    something else. It puts no assertion at risk by itself, and gives no S by itself.
What it needs: the log as a node (``AuditLog``) and a target that it supports. What people state of
    a node (``weaknesses``) is found there, too.
When it is silent: where a log is only read, and where no target rests on it. An identity that
    reaches a gap is not known.
How to end it: keep the log where its subjects cannot reach it; ``cut_edge`` names the fewest
    rights.
Sources: NIST SP 800-53 r5 AU-9; decision rule R7.
"""

from collections.abc import Iterator

import numpy as np

from nhigraph.assurance.rows import VerdictRow
from nhigraph.findings.endings import Endings, Ends
from nhigraph.findings.rule import Hit, Rule, Unknown
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import behind_gaps, on_record
from nhigraph.schema import kinds
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.types import State

_NAME = "log_tamper"
_HARM = frozenset(State) - {State.READ}


def _ends(seen: Seen, node: int, row: VerdictRow) -> Ends:
    logs = np.flatnonzero(seen.graph.of_kind([kinds.AUDIT_LOG.label])).tolist()
    end = seen.end(row)

    def ends(endings: Endings) -> tuple[int, ...]:
        passed = endings.on_way(node, end, logs)
        # A trail that is the target itself is kept whatever kind of node keeps it.
        return endings.apart(node, (*passed, end) if "R7" in row.rules else passed, _HARM)

    return ends


def find(seen: Seen) -> Iterator[Hit | Unknown]:
    """Rows of R7, and ways by a log."""
    hit = set()
    for node, row in seen.rows_of("R7", _NAME):
        hit.add(node)
        yield Hit(node, f"{row.target} rests on it", row, ends=_ends(seen, node, row))
    yield from on_record(seen, _NAME)
    if any(seen.kept_by_log(target) for target in seen.estate.targets):
        yield from behind_gaps(seen, _NAME, hit)


RULE = Rule(
    title="it can change, empty or stop a log",
    maps=WEAKNESSES[_NAME].maps,
    find=find,
)
