"""Which events start a workflow, and which class of person can cause each.

The list of events and of their activity types is that of
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows ;
who may do what is that of "Repository roles for an organization" in the same documentation.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Starter(StrEnum):
    """The least privileged class of person, or the mechanism, that can start a run."""

    ANYONE = "anyone"
    FORK_AUTHOR = "fork-author"
    PREVIOUS_CONTRIBUTOR = "previous-contributor"
    TRIAGE = "triage"
    WRITER = "repository-writer"
    ADMINISTRATOR = "repository-administrator"
    TOKEN_HOLDER = "api-token-holder"  # noqa: S105 - a class of people
    SCHEDULE = "schedule"
    CALLER = "caller"
    UNKNOWN = "nobody-known"


_ANYONE, _WRITER, _ADMIN = Starter.ANYONE, Starter.WRITER, Starter.ADMINISTRATOR

#: Event -> who can cause it. On a private repository "anyone" is anyone who can read it.
EVENTS: Mapping[str, Starter] = MappingProxyType(
    {
        "branch_protection_rule": _ADMIN,
        "check_run": Starter.TOKEN_HOLDER,  # Only apps make check runs.
        "check_suite": Starter.TOKEN_HOLDER,
        "create": _WRITER,
        "delete": _WRITER,
        "deployment": _WRITER,
        "deployment_status": _WRITER,
        "discussion": _ANYONE,
        "discussion_comment": _ANYONE,
        "fork": _ANYONE,
        "gollum": _WRITER,  # A public wiki can be opened to everyone; that is off by default.
        "image_version": _WRITER,
        "issue_comment": _ANYONE,
        "issues": _ANYONE,
        "label": _WRITER,
        "merge_group": _WRITER,
        "milestone": _WRITER,
        "page_build": _WRITER,
        "project": _WRITER,
        "project_card": _WRITER,
        "project_column": _WRITER,
        "public": _ADMIN,
        "pull_request": Starter.FORK_AUTHOR,
        "pull_request_review": _ANYONE,
        "pull_request_review_comment": _ANYONE,
        "pull_request_target": _ANYONE,  # No approval of first-time contributors here.
        "push": _WRITER,
        "registry_package": _WRITER,
        "release": _WRITER,
        "repository_dispatch": Starter.TOKEN_HOLDER,
        "schedule": Starter.SCHEDULE,
        "status": Starter.TOKEN_HOLDER,
        "watch": _ANYONE,
        "workflow_call": Starter.CALLER,
        "workflow_dispatch": _WRITER,
        # Started when another workflow ends, which a pull request may have started.
        "workflow_run": Starter.PREVIOUS_CONTRIBUTOR,
    }
)

#: Events an outsider can cause whose runs have secrets and a token that may write. Runs of
#: ``pull_request`` and of reviews have neither when they come from a fork
#: (https://docs.github.com/en/actions/concepts/security/github_token).
PRIVILEGED_FROM_OUTSIDE = frozenset(
    {
        "discussion",
        "discussion_comment",
        "fork",
        "issue_comment",
        "issues",
        "pull_request_target",
        "watch",
        "workflow_run",
    }
)

#: Activity types that only a holder of the triage role (or more) causes.
_TRIAGE_TYPES = frozenset(
    {
        "answered",
        "assigned",
        "category_changed",
        "demilestoned",
        "field_added",
        "field_removed",
        "labeled",
        "locked",
        "milestoned",
        "pinned",
        "review_requested",
        "review_request_removed",
        "transferred",
        "typed",
        "unanswered",
        "unassigned",
        "unlabeled",
        "unlocked",
        "unpinned",
        "untyped",
    }
)
_TRIAGED = frozenset({"discussion", "issues", "pull_request", "pull_request_target"})


def starter(event: str, types: tuple[str, ...] = ()) -> Starter:
    """Who can start a run by this event, limited to these activity types (all if none)."""
    if event in _TRIAGED and types and _TRIAGE_TYPES.issuperset(types):
        return Starter.TRIAGE
    return EVENTS.get(event, Starter.UNKNOWN)
