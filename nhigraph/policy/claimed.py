"""Claims of a token that its subject tells, beside the subject.

A subject of GitHub's usual form names the repository, and where a run is in one its environment or
its ref; whatever the form, ``repository`` is ``OWNER/NAME`` without numbers, as each claim stands
for itself (https://docs.github.com/en/actions/concepts/security/openid-connect, "Understanding the
OIDC token"). One of GitLab's names the project
(https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload; both read 29 November
2026). What a subject does not tell is not known.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

_GITHUB: Final = "token.actions.githubusercontent.com"
#: Values have no colon of their own: it is ``%3A``.
_START, _END = r"(?:\A|:)", r"(?=:|\Z)"
#: An owner or a name, and the number behind it: any, where nobody says which.
_PART: Final = r"(?P<{0}>[\w.-]+)(?:@(?P<{0}_id>\d+|\*))?"
_REPO: Final = re.compile(
    rf"{_START}repo(?:sitory)?:{_PART.format('owner')}/{_PART.format('name')}{_END}"
)
_OTHERS: Final = {
    name: re.compile(rf"{_START}{name}:([^:*]+){_END}")
    for name in ("repository_owner", "repository_id", "repository_owner_id", "environment", "ref")
}
_PROJECT: Final = re.compile(
    r"project_path:(?P<group>[^:*]+)/(?P<name>[^:*/]+)(?::ref_type:(?P<type>[^:*]+):ref:(?P<ref>.+))?"
)


@lru_cache(maxsize=1 << 14)
def claims(issuer: str, subject: str) -> Mapping[str, str]:
    """Values of claims by name, all of them exact.

    Args:
        issuer: Whose token, without a scheme.
        subject: A pattern of its subject, in which ``*`` is any text.
    """
    github = issuer == _GITHUB or issuer.startswith(f"{_GITHUB}/")
    return _of_github(subject) if github else _of_gitlab(subject)


def _of_github(subject: str) -> dict[str, str]:
    told: dict[str, str] = {}
    found = _REPO.search(subject)
    if found is not None:
        told["repository"] = f"{found['owner']}/{found['name']}"
        told["repository_owner"] = found["owner"]
        told["repository_id"] = found["name_id"] or "*"
        told["repository_owner_id"] = found["owner_id"] or "*"
    for name, pattern in _OTHERS.items():
        value = pattern.search(subject)
        told |= {name: unquote(value[1])} if value else {}
    return {name: value for name, value in told.items() if "*" not in value}


def _of_gitlab(subject: str) -> dict[str, str]:
    found = _PROJECT.fullmatch(subject)
    if found is None:
        return {}
    told = {"project_path": f"{found['group']}/{found['name']}", "namespace_path": found["group"]}
    if found["ref"] and "*" not in found["ref"]:
        told |= {"ref_type": found["type"], "ref": found["ref"]}
    return told
