"""How repositories are named: by whoever gives a name, and by a remote of git.

A repository on GitHub is ``OWNER/NAME``. An owner has at most 39 letters, digits and hyphens, and,
which is easy to guess wrong, underscores: the short code of an enterprise with managed users
stands behind one
(https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication).
A name has at most 100 letters, digits, ``-``, ``_`` and ``.``, and neither is ``.`` or ``..`` nor
ends in ``.git``, which GitHub takes off.

A project of GitLab is ``gitlab:HOST/GROUP/NAME``, its key: groups nest to any depth, and servers
are many (https://docs.gitlab.com/user/reserved_names/ for what a path is made of). Of a remote on
another server than gitlab.com only a ``.gitlab-ci.yml`` beside it says that it is one of GitLab's.
A port is left out: that of ssh is not that of the server. Of a server below a folder of its host
(``HOST/gitlab/GROUP/NAME``) the folder is taken for a group (all read 28 November 2026).
"""

import re

from nhigraph.errors import UsageError
from nhigraph.facts import keys
from nhigraph.facts.keys import gitlab

#: The ways a remote on GitHub is written; whatever stands before ``@`` may be a credential.
_GITHUB = re.compile(
    r"(?:(?:https?|git|ssh|git\+ssh)://(?:[^@/]*@)?(?:www\.|ssh\.)?github\.com(?::\d+)?/"
    r"|(?:[^@/]*@)?github\.com:/?)"
    r"([A-Za-z0-9_-]+)/([A-Za-z0-9._-]+?)(?:\.git)?/?",
    re.IGNORECASE,
)
_PART = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_PATH = rf"(?P<path>{_PART}(?:/{_PART})+)(?<!\.git)(?:\.git)?/?"
_HOST = r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
#: The ways any remote is written.
_ADDRESS = re.compile(
    rf"(?:https?|git|ssh|git\+ssh)://(?:[^@/]*@)?{_HOST}(?::\d+)?/{_PATH}", re.IGNORECASE
)
_SCP = re.compile(rf"(?:[^@/]*@)?{_HOST}:/?{_PATH}")
#: An address by which gitlab.com is asked for ssh through the port of the web.
_GITLAB, _GITLAB_SSH = "gitlab.com", "altssh.gitlab.com"
_OTHERS = frozenset(
    {"github.com", "www.github.com", "ssh.github.com", "bitbucket.org", "dev.azure.com"}
    | {"ssh.dev.azure.com", "codeberg.org", "local"}
)
_OWNER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}"
_NAME = re.compile(rf"{_OWNER}/(?!\.{{1,2}}\Z)[A-Za-z0-9._-]{{1,100}}(?<!\.git)\Z", re.ASCII)
_PROJECT = re.compile(rf"{gitlab.PLATFORM}:{_HOST}/(?P<path>{_PART}(?:/{_PART})+)(?<!\.git)\Z")


def given(text: str) -> str:
    """A repository's name as the user gave it, as checkouts have it.

    A URL is no name, however clear: keys are made of this text, and they are written in one way.

    Raises:
        UsageError: It is none, with the right spelling where the text is the address of one.
    """
    if _NAME.match(text):
        return text
    project = _PROJECT.match(text)
    if project and project["host"].lower() not in _OTHERS:
        return _project(project)
    # Nothing of the text is said again: an address may hold a credential.
    meant = github_name(text) or github_name(f"https://github.com/{text}")
    meant = meant if meant and _NAME.match(meant) else gitlab_name(text, runs_pipelines=False)
    hint = f": write {meant}" if meant else ", such as acme/books"
    if text.startswith(f"{gitlab.PLATFORM}:"):
        raise UsageError("--repo: expected gitlab:HOST/GROUP/NAME of a project on GitLab")
    raise UsageError(f"--repo: expected OWNER/NAME of a repository on GitHub{hint}")


def name(url: str, *, runs_pipelines: bool) -> str | None:
    """The repository that a remote's URL names, as checkouts have it; None where it is unknown.

    Args:
        url: The address.
        runs_pipelines: The checkout has a configuration of GitLab's pipelines.
    """
    return github_name(url) or gitlab_name(url, runs_pipelines=runs_pipelines)


def github_name(url: str) -> str | None:
    """``owner/name`` of a remote's URL, if it is one of github.com."""
    found = _GITHUB.fullmatch(url)
    return None if found is None else f"{found[1]}/{found[2]}"


def gitlab_name(url: str, *, runs_pipelines: bool) -> str | None:
    """Key of the project of a remote's URL, if it is one of gitlab.com, or may be of GitLab."""
    found = _ADDRESS.fullmatch(url) or _SCP.fullmatch(url)
    if found is None or found["host"].lower() in _OTHERS:
        return None
    known = found["host"].lower() in (_GITLAB, _GITLAB_SSH)
    return _project(found) if known or runs_pipelines else None


def _project(found: re.Match[str]) -> str:
    host = found["host"].lower()
    host = _GITLAB if host == _GITLAB_SSH else host
    return gitlab.project(f"{host}/{found['path']}").text


def local(folder: str) -> str:
    """Name of a checkout with pipelines of GitLab of which no remote says where it lies."""
    return gitlab.Repository(gitlab.LOCAL, folder).text


def is_local(repository: str) -> bool:
    """Whether no remote says what a checkout of that name is."""
    return not repository.startswith("[") and keys.repository_named(repository).is_local


def placed(repository: str, place: str) -> str:
    """The name of a checkout that its place tells from another one of the name."""
    own = keys.repository_named(repository)
    return (
        f"[{place}]{repository}" if isinstance(own, keys.Repository) else own.qualified(place).text
    )
