"""What a permission on a repository opens there.

Permissions are written as apps and tokens have them, ``contents:write``; ``push`` is what a deploy
key or an account with write access may do. Names and meaning (read 28 November 2026):
https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps .

* ``contents: write`` changes files on any branch, but none that is a workflow: that is
  ``workflows: write``, and both together are ``push``. A run that such a push starts runs what was
  pushed, wherever a workflow starts on a push to a branch that nobody guards.
* Whoever pushes workflow files decides which tokens their jobs ask for, and is let in by whoever
  trusts the repository: a workflow counts on whatever branch it lies
  (https://docs.github.com/en/actions/reference/security/oidc, read 30 November 2026).
* ``administration: write`` changes the rules themselves.
* ``secrets: write`` and ``environments: write`` replace secrets and read none.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind

#: Pushing to any branch, workflow files among what is pushed.
PUSH: Final = "push"


class To(Enum):
    """What of a repository an edge goes to."""

    ITSELF = "itself"
    SECRETS = "its secrets"
    ENVIRONMENT_SECRETS = "secrets of its environments"
    WORKFLOWS = "its workflows"
    TRUSTING = "whoever trusts its jobs' tokens"


@dataclass(frozen=True, slots=True)
class Right:
    """One edge that a permission gives.

    Attributes:
        kind: Its kind.
        to: What it goes to.
        action: What is done; empty for what is usual.
        guarded: The rule of the default branch stands before it.
        condition: What else has to hold; empty where nothing has to.
        spares: Property of the things that it does not reach; empty where it reaches all.
        unless: What has to hold where no listing says whether a thing has that property.
        own: It reaches what the repository keeps itself, and nothing that an owner shares with it.
    """

    kind: EdgeKind
    to: To = To.ITSELF
    action: str = ""
    guarded: bool = False
    condition: str = ""
    spares: str = ""
    unless: str = ""
    own: bool = False


_STARTS = "a workflow starts on a push to a branch of no rule, and runs what was pushed"
_RIGHTS: Final[Mapping[str, tuple[Right, ...]]] = {
    PUSH: (
        Right(k.CAN_WRITE, action="change_logic"),
        Right(k.CAN_READ, To.SECRETS, action="read_secret"),
        Right(k.CAN_ASSUME, To.TRUSTING),
    ),
    "contents:write": (
        Right(k.CAN_WRITE, action="change_logic", guarded=True),
        Right(k.CAN_WRITE, action="change_logic", condition=_STARTS),
    ),
    "contents:read": (Right(k.CAN_READ),),
    "administration:write": (Right(k.CAN_ADMINISTER),),
    "actions:write": (Right(k.CAN_STOP, To.WORKFLOWS),),
    "secrets:write": (Right(k.CAN_WRITE, To.SECRETS),),
    "environments:write": (Right(k.CAN_WRITE, To.ENVIRONMENT_SECRETS),),
}


def opens(permission: str) -> tuple[Right, ...]:
    """What it gives; nothing where it gives nothing that is walked."""
    name, _, level = permission.partition(":")
    return _RIGHTS.get(f"{name}:write" if level == "admin" else permission, ())
