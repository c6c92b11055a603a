"""What is changed here needs nobody's review, and an identity passes.

What it finds: a repository, branch, environment or workflow that asks for no review
    (``required_reviews: 0``) and at which an identity holds something on a way to a target.
Why it matters: a change of code or configuration reaches what runs without a second person. What
    whoever may change it could do is the consequence.
What it needs: ``required_reviews``, which exports of protection show.
When it is silent: where one review or more is asked for, and where no identity passes. Where
    somebody passes and nothing is stated, it is not known: absent is not 0.
How to end it: ask for a review where the change is made, and keep who makes it from approving.
Sources: OWASP NHI6:2025; NIST SP 800-53 r5 CM-3.
"""

from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import absent, of_records
from nhigraph.schema.crosswalk import WEAKNESSES


def _asked(seen: Seen) -> tuple[int, ...]:
    return seen.reviewed


RULE = Rule(
    title="it is changed without a review",
    maps=WEAKNESSES["change_bypass"].maps,
    find=of_records("change_bypass", _asked, absent("required_reviews")),
)
