"""CI/CD variables of projects, groups and servers: names, and where they are given; never values.

Shapes (read 28 November 2026): https://docs.gitlab.com/api/project_level_variables/,
.../group_level_variables/, .../instance_level_ci_variables/. Easily guessed wrong: these listings
show every value that is not ``hidden``, masked ones too. None is read here, nor the description,
which people fill with anything.

GitLab has no secrets beside variables, and masking says nothing of what one is worth: a key file
or a value of several lines cannot be masked
(https://docs.gitlab.com/ci/variables/#mask-a-cicd-variable). So each is taken for a secret, and
what it opens is asked.

A variable that is not protected is read by whoever pushes to any branch: his pipeline gets it.
A protected one is read past the protection of a branch alone, by the jobs that run there. Both are
read and changed by who may edit variables: Maintainers of a project, Owners of a group; and read,
where it is not hidden, by a token of theirs that only reads (``policy.gitlab.roles``).
"""

import re
from collections.abc import Iterator

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node, Note, Refused, Value
from nhigraph.facts.keys import gitlab, gitlab_access
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab import roles
from nhigraph.policy.gitlab.globs import is_pattern
from nhigraph.policy.gitlab.variables import ALL
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, Transform
from nhigraph.sources.gitlab import ladder
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import Body, Pointer, records, text

# https://docs.gitlab.com/api/project_level_variables/#create-a-variable
_NAME = re.compile(r"[A-Za-z0-9_]{1,255}", re.ASCII)
_SORTS = frozenset({"env_var", "file"})
_PROTECTED = (
    "protected variables are read on protected branches and tags, and by Maintainers alone"
)
_WITHIN = "the job runs in an environment of that scope"


def variables(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Variables of a project, a group or the server."""
    own: set[str] = set()
    protected: list[Pointer] = []
    told, whole = False, isinstance(doc.content, list)
    for found in records(doc, "a variable", "key"):
        if isinstance(found, Refused):
            whole = False
            yield found
            continue
        body, at = found
        name, scope = text(body["key"]), body.get("environment_scope", ALL)
        if not _NAME.fullmatch(name) or not isinstance(scope, str) or not scope:
            reason = "expected a variable with key, and environment_scope as text"
            whole = False
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        if scope == ALL:
            own.add(name)
        if body.get("protected") is True:
            protected.append(at)
        if not told:
            told = True
            yield from ladder.grant(whose, _editor(whose), doc.at(*at, "key"))
        yield from _variable(doc, whose, name, scope, body, at)
    if protected:
        yield Note(_PROTECTED, doc.at(*protected[0], "protected"))
    if whole:
        # Of one that is refused it is not known which it is: there may be others than those told.
        node = ladder.itself(whose, doc.at())
        props: dict[str, Value] = {"secrets_total": len(own)}
        yield Node(node.kind, node.key, node.evidence, name=node.name, props=props)


def _variable(
    doc: Document, whose: Whose, name: str, scope: str, body: Body, at: Pointer
) -> Iterator[Fact]:
    place = doc.at(*at, "key")
    props: dict[str, Value] = {"listed": True}
    for field in ("protected", "masked", "hidden"):
        value = body.get(field)
        if isinstance(value, bool):
            props[field] = value
    if text(body.get("variable_type")) in _SORTS:
        props["variable_type"] = text(body["variable_type"])
    if scope != ALL:
        props["environment_scope"] = scope
    if whose.project is None:
        props["visibility"] = "all"
        key = gitlab_access.OwnerSecret(whose.host, whose.group, name).text
    elif scope == ALL:
        key = gitlab.RepositorySecret(whose.project, name).text
    else:
        key = gitlab.EnvironmentSecret(gitlab.Environment(whose.project, scope), name).text
        if is_pattern(scope):
            yield from _scoped(whose.project, name, key, place)
    yield Node(k.SECRET, key, place, name=name, props=props)
    editor = whose.permission(_editor(whose))
    yield Edge(k.CAN_READ, editor, key, place, action="read_secret")
    yield Edge(k.CAN_WRITE, editor, key, place)
    if whose.group and body.get("hidden") is not True:
        # Of a project's it is a join's to say: a group's tokens read them in all its projects.
        reader = whose.permission(roles.READ_GROUPS_VARIABLES)
        yield from ladder.grant(whose, roles.READ_GROUPS_VARIABLES, place)
        yield Edge(k.CAN_READ, reader, key, place, action="read_secret")


def _editor(whose: Whose) -> str:
    """The role that edits variables."""
    return roles.MAINTAINER if whose.project is not None else roles.OWNER


def _scoped(project: gitlab.Repository, name: str, key: str, place: Evidence) -> Iterator[Fact]:
    """Of a pattern of environments: what a job reads by the name may be this variable."""
    seen = gitlab.RepositorySecret(project, name).text
    yield Node(k.SECRET, seen, place, name=name)
    yield Edge(
        k.FEEDS,
        key,
        seen,
        place,
        certainty=Certainty.CONDITIONAL,
        condition=_WITHIN,
        transform=Transform.COPY,
    )
