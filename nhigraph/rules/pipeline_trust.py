"""A role trusts more tokens of a pipeline than it names.

What it finds: a role whose trust names its caller by a wildcard, or not at all
    (``trust_subject``).
Why it matters: any job whose token fits may take the role: of another branch, another repository,
    or anybody's on that forge. What the role could do is the consequence.
What it needs: ``trust_subject`` on roles that are assumed: exact, wildcard or missing.
When it is silent: where it is exact. A role of which nothing is stated is not known.
How to end it: name the subject exactly: repository and branch or environment.
Sources: OWASP NHI6:2025; GitHub's documentation of OpenID Connect, on conditions for the subject.
"""

from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import absent, of_records
from nhigraph.schema import kinds
from nhigraph.schema.crosswalk import WEAKNESSES


def _asked(seen: Seen) -> tuple[int, ...]:
    return seen.of_kind(kinds.CLOUD_ROLE.label)


RULE = Rule(
    title="its trust lets in more than it names",
    maps=WEAKNESSES["pipeline_trust"].maps,
    find=of_records("pipeline_trust", _asked, absent("trust_subject")),
)
