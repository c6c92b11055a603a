"""Machines that run jobs (runners), of a project, a group or the server.

Shapes (https://docs.gitlab.com/api/runners/, read 28 November 2026). Easily guessed wrong: the
listings ``projects/{p}/runners`` and ``groups/{g}/runners`` say of a machine neither its tags nor
whether it takes jobs without any: only its own record, ``runners/{id}``, has ``tag_list``,
``run_untagged``, ``locked``, ``access_level``, and the projects or the groups that it serves. A
machine that is only listed is said to be there, and which jobs it takes is a gap (joins tell it).

``access_level: ref_protected`` takes jobs of protected branches and tags alone
(https://docs.gitlab.com/ci/runners/configure_runners/#prevent-runners-from-revealing-sensitive-information);
any other one runs what a push to any branch says, and so may be changed by whoever pushes: what a
job leaves there meets the next one, unless the machine is made for one job. GitLab's own on
gitlab.com are (https://docs.gitlab.com/ci/runners/hosted_runners/, "each job runs in a newly
provisioned VM").
"""

from collections.abc import Iterator

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node, Note, Refused, Value
from nhigraph.facts.keys import gitlab, gitlab_access
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab.machines import UNTAGGED, hosted
from nhigraph.policy.rights import PUSH
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, NodeState
from nhigraph.sources.gitlab import ladder
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import (
    Body,
    Pointer,
    mapping,
    number,
    records,
    sequence,
    text,
)

_PROJECT, _GROUP, _SERVER = "project_type", "group_type", "instance_type"
_KEEPS = "the machine keeps what a job leaves on it"
_HOSTED = "one of GitLab's own machines, which is made for one job"


def listed(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Machines that a project or group may use."""
    for found in records(doc, "a runner", "id"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        if "tag_list" in body:
            yield from _described(doc, whose, body, at)
        else:
            yield from _listed(doc, whose, body, at)


def _listed(doc: Document, whose: Whose, body: Body, at: Pointer) -> Iterator[Fact]:
    """A machine of which the tags stand elsewhere, as long as it is not the server's."""
    sort, place = text(body.get("runner_type")), doc.at(*at, "id")
    server = sort == _SERVER or body.get("is_shared") is True
    if hosted(whose.host, server=server):
        yield Note(_HOSTED, place)
        return
    if server:
        key = gitlab_access.OwnerMachine(whose.host, "", number(body)).text
        yield _node(key, body, place, {})
        return
    if sort == _PROJECT and whose.project is not None:
        yield _node(gitlab_access.Machine(whose.project, number(body)).text, body, place, {})
    elif sort == _GROUP and whose.group:
        key = gitlab_access.OwnerMachine(whose.host, whose.group, number(body)).text
        yield _node(key, body, place, {})
    else:
        yield Note("whose machine this is only its own record says: runners/NUMBER", place)


def described(doc: Document, whose: Whose) -> Iterator[Fact]:
    """One machine's own record."""
    for found in records(doc, "a runner", "id", "runner_type"):
        if isinstance(found, Refused):
            yield found
        else:
            yield from _described(doc, whose, *found)


def _described(doc: Document, whose: Whose, body: Body, at: Pointer) -> Iterator[Fact]:
    place = doc.at(*at, "id")
    if not _tags_known(body):
        yield Note("expected tag_list to be a list of texts: its tags are not known", place)
    props = _props(whose, body)
    users = [*_users(whose, body)]
    if not users:
        yield Note("which projects this machine serves its record does not say", place)
    for one, key in users:
        yield _node(key, body, place, props)
        if props.get("protected") is not True:
            yield from _changed(one, key, place, keeps="ephemeral" not in props)
    # One machine under several projects' keys: who has one has all.
    known = [key for _, key in users]
    for first, second in zip(known, known[1:] + known[:1], strict=True):
        if first != second:
            yield Edge(k.RUNS_AS, first, second, place)


def _tags_known(body: Body) -> bool:
    tags = body.get("tag_list", [])
    return isinstance(tags, list) and all(isinstance(one, str) for one in tags)


def _props(whose: Whose, body: Body) -> dict[str, Value]:
    props: dict[str, Value] = {}
    if _tags_known(body):
        tags = {text(tag) for tag in sequence(body.get("tag_list"))} - {""}
        if body.get("run_untagged") is not False:
            tags.add(UNTAGGED)
        props["labels"] = tuple(sorted(tags))
    if "access_level" in body:
        props["protected"] = text(body["access_level"]) == "ref_protected"
    if isinstance(body.get("locked"), bool):
        props["locked"] = body["locked"] is True
    if hosted(whose.host, server=text(body.get("runner_type")) == _SERVER):
        props["ephemeral"] = True
    return props


def _changed(one: Whose, key: str, place: Evidence, *, keeps: bool) -> Iterator[Fact]:
    """Whoever pushes to any branch runs there what he pushed."""
    yield from ladder.grant(one, PUSH, place)
    if keeps:
        yield Edge(
            k.CAN_WRITE,
            one.permission(PUSH),
            key,
            place,
            action="change_logic",
            certainty=Certainty.CONDITIONAL,
            condition=_KEEPS,
        )


def _users(whose: Whose, body: Body) -> Iterator[tuple[Whose, str]]:
    """Whom it serves, and its key there."""
    sort = text(body.get("runner_type"))
    if sort == _SERVER:
        one = Whose(whose.host, None, "", ())
        yield one, gitlab_access.OwnerMachine(whose.host, "", number(body)).text
    for item in sequence(body.get("projects")) if sort == _PROJECT else ():
        path = text(mapping(item).get("path_with_namespace"))
        if path.count("/"):
            project = gitlab.Repository(whose.host, path)
            one = Whose(whose.host, project, "", ())
            yield one, gitlab_access.Machine(project, number(body)).text
    for item in sequence(body.get("groups")) if sort == _GROUP else ():
        group = text(mapping(item).get("web_url")).partition("/groups/")[2]
        if group:
            one = Whose(whose.host, None, group, ())
            yield one, gitlab_access.OwnerMachine(whose.host, group, number(body)).text


def _node(key: str, body: Body, place: Evidence, props: dict[str, Value]) -> Node:
    off = body.get("paused") is True or body.get("active") is False
    name = text(body.get("description")) or f"runner {number(body)}"
    state = NodeState.DISABLED if off else None
    return Node(k.RUNNER, key, place, name=name, state=state, props=props)
