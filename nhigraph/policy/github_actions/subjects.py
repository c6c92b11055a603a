"""Subjects of the identity tokens that a job can obtain.

https://docs.github.com/en/actions/reference/security/oidc (github/docs at 051718f, read 28
November 2026): ``repo:OWNER/REPO:environment:NAME`` where the job names an environment, else
``repo:OWNER/REPO:pull_request`` where a pull request started it, else ``repo:OWNER/REPO:ref:REF``;
a ``:`` in a name is ``%3A``. Repositories that were made, renamed or moved after 15 July 2026, and
those that ask for it, have ``OWNER@ID/REPO@ID`` instead of the names: a trust that is written with
names alone then accepts nothing. Owners and repositories may replace the whole by claims of their
own choice, ``NAME:VALUE`` each, of which ``repo`` and ``context`` are the two parts of the usual
form (https://docs.github.com/en/rest/actions/oidc); numbers stay in ``repo`` whatever is chosen.
An organization's choice counts for the repositories that say so (``use_default`` false and no
claims of their own). Which of these a repository has, no file in it says: a doubt. Any audience
can be asked for.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from nhigraph.records import dataclass

ISSUER: Final = "https://token.actions.githubusercontent.com"
DOUBT: Final = "which form the repository gives to its tokens' subjects is not in the files"
_BRANCHES, _TAGS = "ref:refs/heads/", "ref:refs/tags/"
#: Events that run on branches only; the others may run on anything.
_ON_BRANCHES: Final = frozenset({"schedule", "workflow_run", "repository_dispatch", "merge_group"})
#: Stands for the name of an environment.
_NAME: Final = "{}"
#: Signs of a filter that stand for more than themselves.
_SPECIAL: Final = re.compile(r"[*?+\[\]!\\]")


#: The two parts of the usual form.
REPO, CONTEXT = "repo", "context"


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a repository's subjects may have.

    Attributes:
        claims: Of which they are made.
        homes: Forms of ``repo``, such as ``OWNER@1/REPO@2``; none for names and numbers both.
        sure: They have this form, but for the numbers where both count.
    """

    claims: tuple[str, ...] = (REPO, CONTEXT)
    homes: tuple[str, ...] = ()
    sure: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether its subjects may be others."""
        return not self.sure or (REPO in self.claims and not self.homes)


USUAL: Final = Form()


def subjects(
    repository: str | None,
    environment: str | None,
    events: Mapping[str, object],
    form: Form = USUAL,
) -> tuple[str, ...]:
    """Patterns of subjects, in which ``*`` is any text.

    Args:
        repository: ``owner/name``; None where nobody says which it is.
        environment: The environment that the run is in: ``*`` for one that is not known, None for
            none.
        events: Events that start it, with their filters.
        form: How the repository's subjects are made.
    """
    if environment is not None:
        contexts = {f"environment:{_escaped(environment)}"}
    else:
        contexts = {one for name, filters in events.items() for one in _contexts(name, filters)}
    return _in(repository, contexts, form)


def inside(repository: str | None, form: Form = USUAL) -> tuple[str, ...]:
    """Patterns of subjects of a run in an environment whose name is put in later."""
    return _in(repository, (f"environment:{_NAME}",), form)


def in_environment(pattern: str, name: str) -> str:
    """One of these, of the environment of that name; ``*`` for one that is not known."""
    return pattern.replace(_NAME, _escaped(name))


def _escaped(name: str) -> str:
    return name.replace(":", "%3A")


def of_repository(repository: str | None, form: Form = USUAL) -> tuple[str, ...]:
    """Patterns of whatever its jobs could obtain, if they were others."""
    return _in(repository, ("*",), form)


def homes_of(repository: str) -> tuple[str, str]:
    """Forms of ``repo``: of names, of names and numbers."""
    owner, _, name = repository.partition("/")
    return repository, f"{owner}@*/{name}@*"


def _in(repository: str | None, contexts: Iterable[str], form: Form) -> tuple[str, ...]:
    owner = (repository or "*").partition("/")[0]
    homes = form.homes or (homes_of(repository) if repository else ("*",))
    found: dict[str, None] = {}
    for context in sorted(contexts):
        for home in homes if REPO in form.claims else homes[:1]:
            told = {
                "repository": repository or "*", "repository_owner": owner,
                **_of_context(context),
            }  # fmt: skip
            parts = {REPO: f"{REPO}:{home}", CONTEXT: context}
            made = (parts.get(one, f"{one}:{told.get(one, '*')}") for one in form.claims)
            found[":".join(made)] = None
    return tuple(found)


def _of_context(context: str) -> dict[str, str]:
    """Claims that a context tells the value of."""
    name, colon, value = context.partition(":")
    return {name: value} if colon and name in {"environment", "ref"} else {}


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
