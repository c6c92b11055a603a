"""A machine acts as a person on its way to a target.

What it finds: an identity that holds control of a person's account on a way of its to a target.
Why it matters: what it does is written down as that person's doing, and ends when they leave.
What it needs: the person's account (``User``) and whatever opens it to the machine, such as a
    personal token. What people state of a node (``weaknesses``) is found there, too.
When it is silent: where no way passes a person. An identity that reaches a gap is not known.
How to end it: give the machine an identity of its own and take the person's away; ``cut_edge``
    names the fewest rights to the person.
Sources: OWASP NHI10:2025; NIST SP 800-53 r5 IA-2.
"""

import numpy as np

from nhigraph.assurance.rows import VerdictRow
from nhigraph.findings.endings import Endings, Ends
from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import of_ways
from nhigraph.schema import kinds
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.types import State


def _says(_seen: Seen, _node: int, row: VerdictRow) -> str:
    return f"on its way to {row.target}"


def _ends(seen: Seen, node: int, row: VerdictRow) -> Ends:
    users = seen.graph.of_kind([kinds.USER.label]) & ~seen.estate.nhi
    people = np.flatnonzero(users).tolist()

    def ends(endings: Endings) -> tuple[int, ...]:
        passed = endings.on_way(node, seen.end(row), people)
        return endings.apart(node, passed, {State.CONTROL})

    return ends


RULE = Rule(
    title="it acts as a person",
    maps=WEAKNESSES["human_use"].maps,
    find=of_ways("human_use", _says, _ends),
)
