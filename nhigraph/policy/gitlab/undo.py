"""Calls of GitLab's API that take back what an exported listing shows.

A token, key or trigger of a project or group is revoked, or deleted, by its number
(https://docs.gitlab.com/api/project_access_tokens/, .../group_access_tokens/, .../deploy_tokens/,
.../deploy_keys/, .../pipeline_triggers/); a project is named there by its path with ``%2F``.
``glab api`` asks the server that ``--hostname`` names (glab-api(1), read 28 November 2026). A
deploy token that is deleted is gone from the list; one of access stays, as revoked. The calls were
not run on a server here.

Blind spots: roles of members, of which a listing of ``members/all`` does not say where they were
given; scopes, which nobody takes from a token; variables, runners and protection.
"""

import re
from urllib.parse import quote

from nhigraph.facts.keys.gitlab_access import Credential, OwnerCredential
from nhigraph.policy.given import Given

#: Where a listing says what a credential may do.
_PLACE = re.compile(r"/\d+(?:/\d+)?/(?:access_level|scopes(?:/\d+)?|can_push|id)\Z")
_OF_PROJECT = {
    "access-token": "access_tokens",
    "deploy-token": "deploy_tokens",
    "deploy-key": "deploy_keys",
    "trigger": "triggers",
}
_OF_GROUP = {"access-token": "access_tokens", "deploy-token": "deploy_tokens"}


def undo(given: Given) -> str:
    """The call for one place; empty where none is known."""
    key = given.source
    if not _PLACE.search(given.pointer):
        return ""
    if isinstance(key, Credential) and key.sort in _OF_PROJECT and not key.repository.is_local:
        host, of = key.repository.host, ("projects", key.repository.project)
        return _deleted(host, *of, _OF_PROJECT[key.sort], key.number)
    if isinstance(key, OwnerCredential) and key.group and key.sort in _OF_GROUP:
        return _deleted(key.host, "groups", key.group, _OF_GROUP[key.sort], key.number)
    return ""


def _deleted(host: str, sort: str, path: str, what: str, number: str) -> str:
    if not number.isdecimal() or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", host):
        return ""
    return f"glab api --hostname {host} --method DELETE {sort}/{quote(path, '')}/{what}/{number}"
