"""Subjects of the tokens that jobs could have which somebody pushes to a project.

A pipeline runs the configuration that lies on the branch it is for, whose jobs ask for tokens by
their own ``id_tokens``; the subject names the project and the branch or tag
(https://docs.gitlab.com/ci/secrets/id_token_authentication/, read 30 November 2026). So whoever
pushes to a new branch has its token; that of a branch with a rule is had past the rule.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from nhigraph.facts.keys.forge import Repository
from nhigraph.facts.keys.gitlab import Repository as Project
from nhigraph.policy.forge import Behind, Pushed

#: A name that nothing has yet, in place of what a trust leaves open.
NEW: Final = "a-new-one-of-their-own"
_SORTS: Final = ("branch", "tag")
_REF: Final = re.compile(r":ref_type:(?P<sort>branch|tag):ref:(?P<ref>.+)\Z")


def of(repository: Repository) -> Pushed | None:
    """What tokens they could have; None where nobody says which project it is."""
    if repository.is_local or not isinstance(repository, Project):
        return None
    path = repository.project
    anywhere = tuple(f"project_path:{path}:ref_type:{sort}:ref:{NEW}" for sort in _SORTS)
    whole = (f"project_path:{path}:*",)
    return Pushed(f"https://{repository.host}", anywhere, partial(_behind, path), whole)


def _behind(path: str, claim: str, value: str) -> Iterator[Behind]:
    found = _REF.search(value) if claim == "sub" else None
    sorts, ref = ((found["sort"],), found["ref"]) if found else (_SORTS, value)
    for sort in sorts if found or claim == "ref" else ():
        name = ref.replace("*", NEW).replace("?", "x")
        subject = f"project_path:{path}:ref_type:{sort}:ref:{name}"
        yield Behind((subject,), branch=ref if sort == "branch" else "")
