"""Protected environments: who deploys there, and who approves it.

Shapes (read 28 November 2026): ``protected_environments`` of a project or a group
(https://docs.gitlab.com/api/protected_environments/, .../group_protected_environments/), Premium.

Easily guessed wrong: protection by itself asks nobody. ``deploy_access_levels`` says who may run
the job; whoever may, runs it alone. Somebody else has a say only by ``approval_rules`` with
``required_approvals``, or the older ``required_approval_count``
(https://docs.gitlab.com/ci/environments/deployment_approvals/). ``when: manual`` is a button,
which the same account presses.

By default whoever started the pipeline cannot approve its deployment; a setting lets him, which no
listing shows. Who may take the protection away: "at least the Maintainer role".

A group protects tiers (``production``) in all its projects. Which environments are of a tier the
project's file says: one that the project does not protect itself is told as open, with a line.
"""

from collections.abc import Iterator

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gate, Node, Note, Refused, Value
from nhigraph.facts.keys import gitlab
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab import roles
from nhigraph.policy.gitlab.branches import Allowed
from nhigraph.schema import kinds as k
from nhigraph.schema.types import GateKind
from nhigraph.sources.gitlab import ladder
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.branches import allowed, approver, said
from nhigraph.sources.gitlab.shape import Body, Pointer, mapping, records, sequence, text, whole

_BY_TIER = (
    "it protects environments of this tier in every project below: one that its own project does"
    " not protect is told as open all the same"
)


def protected_environments(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Rules of environments."""
    complete, total = isinstance(doc.content, list), 0
    for found in records(doc, "a protected environment", "name", "deploy_access_levels"):
        if isinstance(found, Refused):
            complete = False
            yield found
            continue
        body, at = found
        if whose.project is None:
            yield Note(_BY_TIER, doc.at(*at, "name"))
            continue
        total += 1
        yield from _protected(doc, whose, whose.project, body, at)
    if complete and whose.project is not None:
        props: dict[str, Value] = {"environments_total": total}
        name = whose.project.name
        yield Node(k.REPOSITORY, whose.project.text, doc.at(), name=name, props=props)


def _protected(
    doc: Document, whose: Whose, project: gitlab.Repository, body: Body, at: Pointer
) -> Iterator[Fact]:
    environment = gitlab.Environment(project, text(body["name"]))
    deciders, count, place = _approvals(doc, body, at)
    props: dict[str, Value] = {"listed": True, "required_reviews": count}
    yield Node(
        k.ENVIRONMENT, environment.text, doc.at(*at, "name"), name=environment.name, props=props
    )
    yield from ladder.grant(whose, roles.MAINTAINER, place)
    yield Edge(k.CAN_ADMINISTER, whose.permission(roles.MAINTAINER), environment.text, place)
    yield from said(whose, deciders, place)
    tests = {"enforced_by_target": False}
    if count:
        # What is approved is one deployment of one commit.
        tests = {"enforced_by_target": True, "no_auto_threshold": True, "content_bound": True}
    found = {approver(whose, one) for one in deciders} - {""}
    yield Gate(
        gitlab.EnvironmentProtection(environment).text,
        GateKind.APPROVAL,
        place,
        approvers=tuple(sorted(found)) if count else (),
        at=environment.text,
        tests=tests,
    )


def _approvals(
    doc: Document, body: Body, at: Pointer
) -> tuple[tuple[Allowed, ...], int, Evidence]:
    """Who approves, how many have to, and where that is said."""
    rules = [mapping(one) for one in sequence(body.get("approval_rules"))]
    asking = [one for one in rules if (whole(one.get("required_approvals")) or 0) > 0]
    if asking:
        count = sum(whole(one.get("required_approvals")) or 0 for one in asking)
        return allowed(asking), count, doc.at(*at, "approval_rules")
    count = whole(body.get("required_approval_count")) or 0
    place = doc.at(*at, "deploy_access_levels")
    return (allowed(body["deploy_access_levels"]) if count else ()), count, place
