"""Edits of workflows that take back what a job is given, and calls that take a key away.

A permission of a job's token that is not needed is set to what is less: ``read`` where reading is
a thing of its own, else ``none`` (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions).
A secret reaches a step by the line that names it.
A deploy key is deleted by its number (https://docs.github.com/en/rest/deploy-keys/deploy-keys).

Blind spots: what else stands in an organization's or a repository's settings.
"""

import re

from nhigraph.facts.keys.github_access import DeployKey
from nhigraph.policy.given import Given

_WORKFLOW = re.compile(r"(?:.*/)?\.github/workflows/[^/]+\.ya?ml\Z")
_PERMISSION = re.compile(r"(?:/jobs/[^/]+)?/permissions/([a-z-]+)\Z")
_HANDED = re.compile(r".*/(env|with|secrets)/([^/]+)\Z")
_NAMED = re.compile(r"[A-Za-z0-9_-]+/[A-Za-z0-9._-]+\Z")
#: Permissions that are written or not there at all.
_WRITE_ONLY = frozenset({"id-token"})


def undo(given: Given) -> str:
    """What to edit at one place; empty where that is not known."""
    if isinstance(given.source, DeployKey):
        return _deleted(given.source, given.pointer)
    if not _WORKFLOW.match(given.artifact):
        return ""
    at = f"in {given.artifact} at {given.pointer}"
    permission = _PERMISSION.match(given.pointer)
    if permission and given.excerpt == "write":
        less = "none" if permission[1] in _WRITE_ONLY else "read"
        return f"{at}: set {permission[1]} to {less}"
    handed = _HANDED.match(given.pointer)
    if handed and given.kind == "CAN_READ":
        return f"{at}: take the line {handed[2]} out of {handed[1]}"
    return ""


def _deleted(key: DeployKey, pointer: str) -> str:
    repository = f"{key.repository.owner}/{key.repository.name}"
    known = _NAMED.match(repository) and key.number.isdecimal() and not key.repository.is_local
    if not known or not pointer.endswith("/read_only"):
        return ""
    return f"gh api --method DELETE repos/{repository}/keys/{key.number}"
