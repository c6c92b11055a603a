"""Who may do what in a project or group: its roles as grants, and everybody who has one.

Roles form a ladder (``policy.gitlab.roles``): everybody who has one belongs to those who have the
next lower one, and a grant of a role holds what the lower ones open. Members are told apart from
what they may do, because rules of branches and environments name members ("Maintainers").

A group's grant is one for all that is below it: which projects these are, and what it opens there,
joins find (``policy.forges.gitlab``). So is the grant of pushing: what it reads depends on other
documents.
"""

from collections.abc import Iterator

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.keys import forge, gitlab
from nhigraph.policy.gitlab import roles
from nhigraph.policy.rights import PUSH
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State
from nhigraph.sources.gitlab.address import Whose

_IMAGES = "who runs the images and packages that this replaces is in no input"


def itself(whose: Whose, place: Evidence) -> Node:
    """The project, the group or the server."""
    kind = k.REPOSITORY if whose.project is not None else k.CONTAINER
    return Node(kind, whose.key.text, place, name=whose.name.rpartition("/")[2])


def members(whose: Whose, role: str, place: Evidence) -> Iterator[Fact]:
    """Everybody who has at least a role, and what that gives them."""
    ladder = roles.below(role)
    for name, lower in zip(ladder, (*ladder[1:], ""), strict=True):
        group = whose.members(name)
        yield Node(k.GROUP, group, place, name=f"{name}s of {whose.name}")
        yield Edge(k.HOLDS, group, whose.permission(name), place)
        yield from grant(whose, name, place)
        if lower:
            yield Edge(k.MEMBER_OF, group, whose.members(lower), place)


def grant(whose: Whose, name: str, place: Evidence) -> Iterator[Fact]:
    """A grant, and what it opens as far as this project alone is concerned."""
    key = whose.permission(name)
    yield Node(k.GRANT, key, place, name=f"{name} of {whose.name}")
    yield itself(whose, place)
    if whose.project is None:
        return
    project = whose.project.text
    match name:
        case roles.OWNER:
            yield Edge(k.CAN_ADMINISTER, key, project, place)
        case roles.MAINTAINER:
            yield Edge(k.CAN_ADMINISTER, key, project, place)
        case roles.DEVELOPER:
            yield Edge(k.HOLDS, key, whose.permission(PUSH), place)
            yield from grant(whose, PUSH, place)
        case roles.REPORTER:
            yield Edge(k.CAN_READ, key, project, place)
        case roles.TRIGGER:
            yield from _pipeline(key, whose.project, roles.TAKES, place)
        case roles.RUNNERS:
            yield from _pipeline(key, whose.project, roles.FIRST, place)
        case n if n == PUSH:
            gate = whose.project.protection(forge.UNNAMED).text
            yield Edge(k.CAN_WRITE, key, project, place, action="change_logic", gate=gate)


def _pipeline(
    key: str, project: gitlab.Repository, condition: str, place: Evidence
) -> Iterator[Fact]:
    workflow = gitlab.Workflow(project).text
    yield Node(k.WORKFLOW, workflow, place)
    yield Edge(
        k.CAN_WRITE,
        key,
        workflow,
        place,
        action="change_logic",
        certainty=Certainty.CONDITIONAL,
        condition=condition,
    )


def unclear(whose: Whose, scope: str, place: Evidence) -> Iterator[Fact]:
    """The grant of a scope of which it is not known what it opens."""
    key = whose.permission(scope)
    reason = _IMAGES if "registry" in scope else f"what the scope {scope} opens is not worked out"
    yield Node(k.GRANT, key, place, name=f"{scope} of {whose.name}")
    yield Gap(key, reason, place, (State.CONTROL,))
