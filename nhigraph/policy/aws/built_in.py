"""What AWS gives by itself: nobody can take it away by a change of its own.

Everybody of an account is of that account; and what a right to many things comes to is said of
whoever holds it (``sources.aws_iam``: one grant stands between them), so it goes there.
"""

import re

from nhigraph.facts.keys.clouds import AwsPrincipal
from nhigraph.policy.stated import Stated
from nhigraph.schema import kinds

_ANYBODY = re.compile(r"arn:[\w-]+:iam::\d{12}:anybody\Z")
_GRANT = re.compile(r"arn:[\w-]+:[\w-]+::\d*:grant/[0-9a-f]{16}\Z")


def anybody(account: str) -> str:
    """Key of everybody who is of an account."""
    return f"arn:aws:iam::{account}:anybody"


def grant(partition: str, service: str, account: str, digest: str) -> str:
    """Key of a right to many things of an account, by a digest of what it is."""
    return f"arn:{partition}:{service}::{account}:grant/{digest}"


def built_in(edge: Stated) -> bool:
    """Whether AWS gives it by itself."""
    source, target = edge.source, edge.target
    if not isinstance(source, AwsPrincipal):
        return False
    if _GRANT.match(source.arn):
        return True  # Whatever the right is to: a bucket has a key of its own.
    if edge.kind != kinds.MEMBER_OF.label or not isinstance(target, AwsPrincipal):
        return False
    return _ANYBODY.match(target.arn) is not None
