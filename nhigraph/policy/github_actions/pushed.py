"""Subjects of the tokens that jobs could have which somebody pushes to a repository.

A workflow counts on whatever branch it lies, and its jobs ask for tokens by their own
``permissions``; a pull request from a branch of the repository itself has them too
(https://docs.github.com/en/actions/reference/security/oidc, read 30 November 2026). So whoever
pushes workflow files has a token of any new branch or tag and of a pull request, and that of an
environment which is not there yet. That of a branch which has a rule, or of an environment which
has one, is had past that rule.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from nhigraph.facts import keys
from nhigraph.facts.keys.forge import Repository
from nhigraph.policy.forge import Behind, Pushed
from nhigraph.policy.github_actions.subjects import ISSUER, homes_of, of_repository

#: A name that nothing has yet, in place of what a trust leaves open.
NEW: Final = "a-new-one-of-their-own"
_HEADS: Final = "refs/heads/"
_REF: Final = re.compile(r"(?:\A|:)ref:(?P<ref>[^:]+)\Z")
_ENVIRONMENT: Final = re.compile(r"(?:\A|:)environment:(?P<name>[^:]+)(?=:|\Z)")


def of(repository: Repository) -> Pushed | None:
    """What tokens they could have; None where nobody says which repository it is."""
    if repository.is_local:
        return None
    anywhere = (f"ref:{_HEADS}{NEW}", f"ref:refs/tags/{NEW}", "pull_request", f"environment:{NEW}")
    return Pushed(
        ISSUER,
        tuple(one for context in anywhere for one in _homed(repository, context)),
        partial(_behind, repository),
        of_repository(repository.path),
    )


def _homed(repository: Repository, context: str) -> tuple[str, ...]:
    return tuple(f"repo:{home}:{context}" for home in homes_of(repository.path))


def _behind(repository: Repository, claim: str, value: str) -> Iterator[Behind]:
    ref = _REF.search(value) if claim == "sub" else re.fullmatch(r"(?P<ref>refs/.+)", value)
    if ref is not None and claim in {"sub", "ref"}:
        branch = ref["ref"].removeprefix(_HEADS) if ref["ref"].startswith(_HEADS) else ""
        context = f"ref:{_new(ref['ref'])}"
        yield Behind(_homed(repository, context), branch=branch)
    named = _ENVIRONMENT.search(value if claim == "sub" else f"environment:{value}")
    if named is not None and claim in {"sub", "environment"}:
        context, there = f"environment:{_new(named['name'])}", named["name"]
        key = keys.Environment(keys.repository(repository.path), there.replace("%3A", ":"))
        # Of several that a pattern takes in, one may be new.
        gate = "" if {"*", "?"} & {*there} else keys.EnvironmentProtection(key).text
        yield Behind(_homed(repository, context), gate=gate)


def _new(pattern: str) -> str:
    """One of those that a pattern takes in."""
    return pattern.replace("*", NEW).replace("?", "x")
