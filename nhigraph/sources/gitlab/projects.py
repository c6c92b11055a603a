"""Projects and groups themselves: their settings, with whom they are shared, and their forks.

Shapes (https://docs.gitlab.com/api/projects/, .../groups/, read 28 November 2026). Which of a
project's settings count here:

* ``ci_push_repository_for_job_token_allowed``: whether its jobs' tokens push
  (https://docs.gitlab.com/ci/jobs/ci_job_token/#allow-git-push-requests-to-your-project-repository)
* ``shared_with_groups``: members of another group have at most ``group_access_level`` here
* ``ci_pipeline_variables_minimum_override_role``, ``restrict_user_defined_variables``: from which
  role on somebody who starts a pipeline may set variables of it
  (https://docs.gitlab.com/ci/variables/#restrict-pipeline-variables); easily guessed wrong: where
  the second is false, every Developer may, whatever the first says
  (https://gitlab.com/gitlab-org/gitlab/-/merge_requests/149343)
* ``ci_config_path``: another file, or one of another project (``file@group/name``), is what
  pipelines run
* ``ci_allow_fork_pipelines_to_run_in_parent_project``, ``forking_access_level``. A fork's merge
  request runs in the fork, with the fork's variables; here it runs only where a member starts it,
  and then with what an unprotected branch has
  (https://docs.gitlab.com/ci/pipelines/merge_request_pipelines/#use-with-forked-projects)
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Node, Refused, Value
from nhigraph.facts.keys import gitlab, gitlab_access
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab import roles
from nhigraph.policy.rights import PUSH
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.gitlab import ladder
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import Body, Pointer, mapping, records, sequence, text, whole

_FORKS = "a member starts a pipeline of a fork's merge request in this project"
_TEXTS = ("default_branch", "visibility", "ci_config_path")
_NO_PUSH = "ci_push_repository_for_job_token_allowed"
_OVERRIDES = ("ci_pipeline_variables_minimum_override_role", "override_role")


def project(doc: Document, whose: Whose) -> Iterator[Fact]:
    """A project, or several."""
    for found in records(doc, "a project", "path_with_namespace"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        path = text(body["path_with_namespace"])
        if path.count("/") < 1 or "//" in path:
            reason = "expected a project with path_with_namespace"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        own = gitlab.Repository(whose.host, path)
        if whose.project is not None and own != whose.project:
            yield Refused(
                "this is another project than its address says", doc.at(*at, excerpt=False)
            )
            continue
        yield from _project(doc, Whose(whose.host, own, "", whose.rest), own, body, at)


def _project(
    doc: Document, whose: Whose, own: gitlab.Repository, body: Body, at: Pointer
) -> Iterator[Fact]:
    place = doc.at(*at, "path_with_namespace")
    props: dict[str, Value] = {name: text(body[name]) for name in _TEXTS if text(body.get(name))}
    if body.get("archived") is True:
        props["archived"] = True
    minimum, restricts = text(body.get(_OVERRIDES[0])), body.get("restrict_user_defined_variables")
    if restricts is False:
        props[_OVERRIDES[1]] = roles.DEVELOPER
    elif minimum or restricts is True:
        props[_OVERRIDES[1]] = minimum or roles.MAINTAINER
    yield Node(k.REPOSITORY, own.text, place, name=own.name, props=props)
    pushes = body.get(_NO_PUSH)
    if isinstance(pushes, bool):
        said: dict[str, Value] = {"token_read_only": not pushes}
        yield Node(k.REPOSITORY, own.text, doc.at(*at, _NO_PUSH), name=own.name, props=said)
    if props.get("ci_config_path"):
        # Which of the project's files that is, whoever reads these knows; of another one's nobody.
        workflow = gitlab.Workflow(own).text
        where = doc.at(*at, "ci_config_path")
        yield Node(k.WORKFLOW, workflow, where, props={"listed": True})
        yield Edge(k.CONTAINS, own.text, workflow, where)
    yield from _shared(doc, whose, body, at)
    yield from _forks(doc, whose, body, at)
    if props.get("visibility") in ("public", "internal"):
        yield Edge(k.CAN_READ, _anyone(whose), own.text, place)
        yield Node(k.GROUP, _anyone(whose), place, name=f"everybody on {whose.host}")


def _anyone(whose: Whose) -> str:
    return gitlab_access.Anyone(whose.host).text


def _shared(doc: Document, whose: Whose, body: Body, at: Pointer) -> Iterator[Fact]:
    """Members of a group that the project or group is shared with, in the lower of two roles."""
    for index, item in enumerate(sequence(body.get("shared_with_groups"))):
        share, where = mapping(item), (*at, "shared_with_groups", index)
        group, level = text(share.get("group_full_path")), whole(share.get("group_access_level"))
        if not group or level is None:
            reason = "expected a group with group_full_path and group_access_level"
            yield Refused(reason, doc.at(*where, excerpt=False))
            continue
        place = doc.at(*where, "group_access_level")
        other = Whose(whose.host, None, group, ())
        yield from ladder.members(other, roles.OWNER, place)
        for role in roles.LADDER:
            has = roles.lower(role, roles.role(level))
            if has:
                yield from ladder.members(whose, has, place)
                yield Edge(k.MEMBER_OF, other.members(role), whose.members(has), place)
        number = whole(share.get("group_id"))
        if number is not None:
            key = whose.numbered("group-number", number)
            yield Node(k.GROUP, key, place, name=f"group {number}")
            yield Edge(k.MEMBER_OF, other.members(roles.REPORTER), key, place)


def _forks(doc: Document, whose: Whose, body: Body, at: Pointer) -> Iterator[Fact]:
    """Outsiders, where a pipeline of their fork may run here."""
    runs = body.get("ci_allow_fork_pipelines_to_run_in_parent_project")
    open_ = text(body.get("visibility")) in ("public", "internal")
    forked = text(body.get("forking_access_level")) in ("enabled", "")
    if runs is not True or not open_ or not forked:
        return
    place = doc.at(*at, "ci_allow_fork_pipelines_to_run_in_parent_project")
    yield Node(k.GROUP, _anyone(whose), place, name=f"everybody on {whose.host}")
    yield from ladder.grant(whose, PUSH, place)
    yield Edge(
        k.HOLDS,
        _anyone(whose),
        whose.permission(PUSH),
        place,
        certainty=Certainty.CONDITIONAL,
        condition=_FORKS,
    )


def group(doc: Document, whose: Whose) -> Iterator[Fact]:
    """A group, or several."""
    for found in records(doc, "a group", "full_path"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        path, place = text(body["full_path"]), doc.at(*at, "full_path")
        if not path or (whose.group and path.lower() != whose.group.lower()):
            reason = "this is another group than its address says"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        own = Whose(whose.host, None, path, ())
        yield ladder.itself(own, place)
        yield from _shared(doc, own, body, at)
        number = whole(body.get("id"))
        if number is not None:
            key = whose.numbered("group-number", number)
            yield Node(k.GROUP, key, place, name=f"group {number}")
            yield from ladder.members(own, roles.REPORTER, place)
            yield Edge(k.MEMBER_OF, own.members(roles.REPORTER), key, place)
