"""An identity has far more rights than it uses.

What it finds: a node with so many unused rights (``rights_granted``, ``rights_used``) that both
    thresholds of the scope are passed, ``unused_rights_min`` and ``unused_rights_share``.
Why it matters: rights that nobody uses are ways that nobody watches. All that its rights allow is
    the consequence, used or not.
What it needs: both counts, which a provider's report of used rights has.
When it is silent: below either threshold. Without both counts it is not known.
How to end it: take the unused rights away; ``nhigraph cut`` lists those that lead to a target.
Sources: OWASP NHI5:2025; NIST SP 800-53 r5 AC-6.
"""

from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import each, of_records
from nhigraph.schema.crosswalk import WEAKNESSES


def _asked(seen: Seen) -> tuple[int, ...]:
    return seen.identities


def _untold(seen: Seen, node: int) -> str:
    props = seen.props(node)
    missing = [name for name in ("rights_granted", "rights_used") if name not in props]
    return f"no record states {' and '.join(missing)}" if missing else ""


RULE = Rule(
    title="it has far more rights than it uses",
    maps=WEAKNESSES["overprivileged"].maps,
    find=of_records("overprivileged", _asked, each(_untold)),
)
