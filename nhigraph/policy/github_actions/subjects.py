"""Subjects of the identity tokens that a job can obtain.

https://docs.github.com/en/actions/reference/security/oidc (github/docs at 051718f, read 28
November 2026): ``repo:OWNER/REPO:environment:NAME`` where the job names an environment, else
``repo:OWNER/REPO:pull_request`` where a pull request started it, else ``repo:OWNER/REPO:ref:REF``;
a ``:`` in a name is ``%3A``. Repositories that were made, renamed or moved after 15 July 2026, and
those that ask for it, have ``OWNER@ID/REPO@ID`` instead of the names: a trust that is written with
names alone then accepts nothing. Owners may replace the whole by a template of their own. Which of
these a repository has, no file in it says: a doubt. Any audience can be asked for.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

ISSUER: Final = "https://token.actions.githubusercontent.com"
DOUBT: Final = "which form the repository gives to its tokens' subjects is not in the files"
_BRANCHES, _TAGS = "ref:refs/heads/", "ref:refs/tags/"
#: Events that run on branches only; the others may run on anything.
_ON_BRANCHES: Final = frozenset({"schedule", "workflow_run", "repository_dispatch", "merge_group"})
#: Signs of a filter that stand for more than themselves.
_SPECIAL: Final = re.compile(r"[*?+\[\]!\\]")


def subjects(
    repository: str | None, environment: str | None, events: Mapping[str, object]
) -> tuple[str, ...]:
    """Patterns of subjects, in which ``*`` is any text.

    Args:
        repository: ``owner/name``; None where nobody says which it is.
        environment: The environment that the run is in: ``*`` for one that is not known, None for
            none.
        events: Events that start it, with their filters.
    """
    if environment is not None:
        contexts = {f"environment:{environment.replace(':', '%3A')}"}
    else:
        contexts = {one for name, filters in events.items() for one in _contexts(name, filters)}
    return _in(repository, contexts)


def of_repository(repository: str | None) -> tuple[str, ...]:
    """Patterns of whatever its jobs could obtain, if they were others."""
    return _in(repository, ("*",))


def _in(repository: str | None, contexts: Iterable[str]) -> tuple[str, ...]:
    if repository is None:
        return tuple(f"repo:*:{one}" for one in sorted(contexts))
    owner, _, name = repository.partition("/")
    homes = (f"repo:{owner}/{name}", f"repo:{owner}@*/{name}@*")
    return tuple(f"{home}:{one}" for one in sorted(contexts) for home in homes)


def _contexts(event: str, filters: object) -> Iterable[str]:
    if event == "workflow_call":
        return ()  # Its caller's events count.
    if event.startswith("pull_request"):
        return ("pull_request",) if event == "pull_request" else ("pull_request", "ref:*")
    if event == "push":
        return _pushed(filters if isinstance(filters, Mapping) else {})
    if event == "release":
        return (f"{_TAGS}*",)
    return (f"{_BRANCHES}*",) if event in _ON_BRANCHES else ("ref:refs/*",)


def _pushed(filters: Mapping[object, object]) -> Iterable[str]:
    """Refs that a push may be to: with filters of one sort only, none of the other sort."""
    sorts = {_BRANCHES: "branches", _TAGS: "tags"}
    named = {start for start, one in sorts.items() if {one, f"{one}-ignore"} & filters.keys()}
    for start, sort in sorts.items():
        if named and start not in named:
            continue
        stated = filters.get(sort)
        many = stated if isinstance(stated, list) else [stated] if stated else ["*"]
        yield from (start + _pattern(str(one)) for one in many if not str(one).startswith("!"))


def _pattern(one: str) -> str:
    """A filter as a pattern that has all that it has."""
    found = _SPECIAL.search(one)
    if found is None:
        return one
    # `?` is none or one of the sign before it.
    return f"{one[: found.start() - (found[0] == '?')]}*"
