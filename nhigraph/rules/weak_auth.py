"""An identity proves who it is in a weak way.

What it finds: a node of which people state ``weaknesses: [weak_auth]``.
Why it matters: who can pass a weak proof is that identity; what it could do is the consequence.
What it needs: people's word. No export that is read shows how an identity proves itself to every
    service, so there is no property from which it would follow.
When it is silent: never quite: each identity of which nobody states it is told as not known.
    Credentials and people are not asked about.
How to end it: a key or token bound to the caller (workload identity, mutual TLS, signed requests).
Sources: OWASP NHI4:2025; FORMATS, Facts that become weaknesses.
"""

from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import each, of_records
from nhigraph.schema.crosswalk import WEAKNESSES


def _asked(seen: Seen) -> tuple[int, ...]:
    return seen.identities


def _untold(_seen: Seen, _node: int) -> str:
    return "no export shows how it proves who it is (weaknesses: [weak_auth] says: weakly)"


RULE = Rule(
    title="it proves who it is in a weak way",
    maps=WEAKNESSES["weak_auth"].maps,
    find=of_records("weak_auth", _asked, each(_untold)),
)
