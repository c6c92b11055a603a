"""The name of a finding that stays the same from run to run."""

import hashlib

from nhigraph.graph.columns import canonical


def fingerprint(rule: str, subject: str, target: str) -> str:
    """32 hexadecimal digits of the rule, its subject and the target.

    Neither documents, places, dates, the way nor the severity are part of it: the same risk found
    in another file or by another way is the same finding.
    """
    text = canonical(["finding/1", rule, subject, target])
    return hashlib.blake2b(text.encode(errors="backslashreplace"), digest_size=16).hexdigest()
