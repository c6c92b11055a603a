"""Documents that lie at their own address, below a folder of their server's name.

What ``glab api projects/acme%2Ferp/variables`` prints lies in
``gitlab.com/projects/acme%2Ferp/variables.json`` below any folder; of a group in
``gitlab.com/groups/acme%2Fdata/…``, of the server in ``gitlab.com/admin/…``, a runner in
``gitlab.com/runners/NUMBER.json``. A folder is taken for a server's where its name has a dot, or
is ``localhost`` or ``gitlab``. What ``gh api repos/acme/erp/keys`` prints lies in
``repos/acme/erp/keys.json``, what ``orgs/acme/hooks`` prints in ``orgs/acme/hooks.json``.
"""

import re
from typing import Final
from urllib.parse import unquote

from nhigraph.facts.keys import gitlab

_HOST = r"(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|localhost|gitlab)"
#: An address: host, then project, group or server, then the rest.
ADDRESS: Final = re.compile(
    rf"(?:.*/)?{_HOST}/(?:projects/(?P<project>[^/]+?)|groups/(?P<group>[^/]+?)"
    r"|(?P<server>admin|runners))(?:/(?P<rest>.+))?\.json"
)
_ON_GITHUB: Final = re.compile(
    r"(?:.*/)?repos/(?P<repository>[A-Za-z0-9][\w-]*/[\w.-]+)/(?P<rest>.+)\.json", re.ASCII
)
_OF_OWNER: Final = re.compile(
    r"(?:.*/)?orgs/(?P<owner>[A-Za-z0-9][\w-]*)/(?P<rest>.+)\.json", re.ASCII
)
_PART: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?", re.ASCII)


def is_path(path: str) -> bool:
    """Whether a text is the path of a project or group, and not its number."""
    return all(_PART.fullmatch(part) for part in path.split("/")) and not path.isdigit()


def of_project(path: str) -> tuple[gitlab.Repository, str] | None:
    """The project that a document is about, and what of it; None for any other document."""
    found = ADDRESS.fullmatch(path)
    project = unquote(found["project"] or "") if found else ""
    if found is None or "/" not in project or not is_path(project):
        return None
    return gitlab.Repository(found["host"].lower(), project), unquote(found["rest"] or "")


def of_repository(path: str) -> tuple[str, str] | None:
    """``owner/name`` of the repository on GitHub that a document is about, and what of it."""
    found = _ON_GITHUB.fullmatch(path)
    return (found["repository"], unquote(found["rest"])) if found is not None else None


def of_owner(path: str) -> tuple[str, str] | None:
    """The owner on GitHub that a document is about, in lower case, and what of it."""
    found = _OF_OWNER.fullmatch(path)
    return (found["owner"].lower(), unquote(found["rest"])) if found is not None else None
