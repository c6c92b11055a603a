"""A vendor's app, agent or account acts here, and nobody assessed the vendor lately.

What it finds: a node of which a ``vendor`` is named, without an assessment (``vendor_assessed``)
    or with one older than the scope's ``vendor_assessment_days``.
Why it matters: what the vendor's identity may do, whoever takes over the vendor may do.
What it needs: ``vendor`` and ``vendor_assessed``; on OAuth apps, agents and tool servers, which
    are somebody else's more often than not, a missing ``vendor`` is told as not known.
When it is silent: where the assessment is recent enough. Other kinds of node without a ``vendor``
    are taken for our own.
How to end it: assess the vendor and record the day, or take its access away.
Sources: OWASP NHI3:2025; NIST CSF 2.0 GV.SC-07.
"""

from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import absent, of_records
from nhigraph.schema import kinds
from nhigraph.schema.crosswalk import WEAKNESSES

_OFTEN_OTHERS = (kinds.OAUTH_APP, kinds.AI_AGENT, kinds.MCP_SERVER)


def _asked(seen: Seen) -> tuple[int, ...]:
    return seen.of_kind(*(kind.label for kind in _OFTEN_OTHERS))


RULE = Rule(
    title="a third party's, without a current assessment of the vendor",
    maps=WEAKNESSES["third_party_unassessed"].maps,
    find=of_records("third_party_unassessed", _asked, absent("vendor")),
)
