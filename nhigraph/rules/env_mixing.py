"""What belongs to another environment reaches a target by way of production.

What it finds: an identity whose ``environment`` is known and not production, with a node of
    production on a way of its to a target.
Why it matters: what is tried out in a sandbox is guarded like a sandbox.
What it needs: ``environment`` on the identity and on what it passes. What people state of a node
    (``weaknesses``) is found there, too.
When it is silent: where the identity is production's, and where no node on its ways is known to
    be. An identity without an environment that passes one is not known.
How to end it: take away the right by which it crosses over; ``cut_edge`` names the fewest.
Sources: OWASP NHI8:2025; ISO/IEC 27001:2022 A.8.31.
"""

from collections.abc import Iterator

from nhigraph.assurance.rows import VerdictRow
from nhigraph.assurance.weaknesses import PRODUCTION, environments
from nhigraph.findings.endings import Endings, Ends
from nhigraph.findings.rule import Hit, Rule, Unknown
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import of_ways
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.types import State


def _says(seen: Seen, node: int, row: VerdictRow) -> str:
    mine = ", ".join(sorted(environments(seen.props(node))))
    return f"of {mine}, it reaches {row.target} by way of production"


def _ends(seen: Seen, node: int, row: VerdictRow) -> Ends:
    production = {
        one
        for one, props in seen.graph.nodes_with_property("environment")
        if environments(props) & PRODUCTION
    }

    def ends(endings: Endings) -> tuple[int, ...]:
        passed = endings.on_way(node, seen.end(row), production)
        return endings.apart(node, passed, frozenset(State))

    return ends


_find = of_ways("env_mixing", _says, _ends)


def find(seen: Seen) -> Iterator[Hit | Unknown]:
    """What ways show, and who passes production without an environment of its own."""
    for one in _find(seen):
        # Whatever a gap hides, production's own identity is at home there.
        mine = environments(seen.props(one.subject))
        if isinstance(one, Hit) or not mine or mine - PRODUCTION:
            yield one
    stated = set(seen.with_weakness("env_mixing"))
    for node in sorted(seen.pass_production - set(seen.unsure) - stated):
        if not environments(seen.props(node)):
            yield Unknown(node, "it passes production, and no record states its environment")


RULE = Rule(
    title="another environment's",
    maps=WEAKNESSES["env_mixing"].maps,
    find=find,
)
