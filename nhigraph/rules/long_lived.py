"""A secret stays the same for too long.

What it finds: a node whose value was last changed (``rotated``), or, of a credential, made
    (``created``) longer ago than the scope's ``credential_age_days``.
Why it matters: the older a value, the more copies of it there are, and who has left may still have
    one. What it opens is the consequence.
What it needs: ``rotated`` or ``created`` on keys, tokens, secrets and certificates.
When it is silent: within the limit. A credential without either day is not known; the day on which
    an account was made says nothing of its secrets.
How to end it: change the value, or replace it by short-lived tokens.
Sources: OWASP NHI7:2025, which older guidance calls NHI-03; NIST SP 800-53 r5 IA-5.
"""

from nhigraph.assurance.weaknesses import DATED
from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import absent, of_records
from nhigraph.schema.crosswalk import WEAKNESSES


def _asked(seen: Seen) -> tuple[int, ...]:
    return seen.credentials(*DATED)


RULE = Rule(
    title="a secret that stays the same for too long",
    maps=WEAKNESSES["long_lived"].maps,
    find=of_records("long_lived", _asked, absent("rotated", "created")),
)
