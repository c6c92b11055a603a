"""A secret's value lies where others may read it.

What it finds: a credential, or another node, that a document shows to lie open (``exposed:
    true``), such as a password written in a file of a repository.
Why it matters: whoever finds the value acts as what it opens; what that could do is the
    consequence.
What it needs: the files themselves (a checkout), or ``exposed`` on the credential.
When it is silent: where ``exposed: false`` is stated. A credential of which nothing is stated is
    not known: no export says where else its value lies.
How to end it: change the value, then take it out of the file. Removing the line alone ends
    nothing: the value stays in the history.
Sources: OWASP NHI2:2025; NIST SP 800-53 r5 IA-5(7), which is not in the moderate baseline.
"""

from nhigraph.findings.rule import Rule
from nhigraph.findings.seen import Seen
from nhigraph.findings.standing import absent, of_records
from nhigraph.schema import kinds
from nhigraph.schema.crosswalk import WEAKNESSES

_VALUES = (kinds.API_KEY, kinds.TOKEN, kinds.SECRET, kinds.CERTIFICATE)


def _asked(seen: Seen) -> tuple[int, ...]:
    return seen.credentials(*(kind.label for kind in _VALUES))


RULE = Rule(
    title="its value lies where others may read it",
    maps=WEAKNESSES["secret_exposed"].maps,
    find=of_records("secret_exposed", _asked, absent("exposed")),
)
