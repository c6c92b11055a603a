"""Several use one identity or credential.

What it finds: a node with as many users (``used_by``) as the scope's ``shared_by``, or more.
Why it matters: what was done cannot be told apart, and a change for one breaks the others, so that
    nobody changes it. What it could do is the consequence.
What it needs: ``used_by``, a count.
When it is silent: below the threshold. Without the count it is not known.
How to end it: one identity for each user of it.
Sources: OWASP NHI9:2025; NIST SP 800-53 r5 IA-4.
"""

from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import absent, of_records
from nhigraph.schema.crosswalk import WEAKNESSES


def _asked(seen: Seen) -> set[int]:
    return {*seen.identities, *seen.credentials()}


RULE = Rule(
    title="several use it",
    maps=WEAKNESSES["shared_identity"].maps,
    find=of_records("shared_identity", _asked, absent("used_by")),
)
