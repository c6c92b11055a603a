"""Nobody answers for an identity or a credential.

What it finds: an identity, a credential or another node whose owner has left or never was
    (``owner_status``), or whose ``owner`` is the key of a person who is inactive on the day.
Why it matters: nobody notices misuse of what nobody owns, reviews its rights or takes it away.
    What it could do while nobody looks is the consequence.
What it needs: ``owner_status``, or ``owner``, on identities and credentials.
When it is silent: where an owner is named and no record says that they left. A team's name is
    taken at its word. Nodes outside the boundary are not looked at.
How to end it: name an owner who is there (``owners`` of the scope, or the source), or disable it.
Sources: OWASP NHI1:2025; FORMATS, Facts that become weaknesses.
"""

from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import each, of_records
from nhigraph.schema.crosswalk import WEAKNESSES


def _asked(seen: Seen) -> set[int]:
    return {*seen.identities, *seen.credentials()}


def _untold(seen: Seen, node: int) -> str:
    if seen.owner(node) or "owner_status" in seen.props(node):
        return ""
    return "no record names an owner"


RULE = Rule(
    title="nobody answers for it",
    maps=WEAKNESSES["orphaned"].maps,
    find=of_records("orphaned", _asked, each(_untold)),
)
