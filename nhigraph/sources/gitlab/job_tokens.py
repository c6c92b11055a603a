"""What jobs of other projects have in a project by their token (``CI_JOB_TOKEN``).

Shapes (https://docs.gitlab.com/api/project_job_token_scopes/, read 28 November 2026):
``job_token_scope`` has ``inbound_enabled``; ``job_token_scope/allowlist`` the projects and
``.../groups_allowlist`` the groups whose jobs are let in. "Adding a project to the allowlist does
not give additional permissions": whoever started the job must have the right himself, so each of
these is a condition. A token reads code and artifacts, reads and writes packages, deployments and
releases, and starts pipelines (https://docs.gitlab.com/ci/jobs/ci_job_token/#job-token-access); it
changes no code of another project.
"""

from collections.abc import Iterator
from dataclasses import replace

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node, Refused, Value
from nhigraph.facts.keys import gitlab
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab import roles
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.gitlab import ladder
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import records, text

_MEMBER = "whoever starts the job has a role in this project that reads its code"


def scope(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Whether only those on the list are let in."""
    for found in records(doc, "a job token scope", "inbound_enabled"):
        if isinstance(found, Refused) or whose.project is None:
            yield found if isinstance(found, Refused) else ladder.itself(whose, doc.at())
            continue
        body, at = found
        place = doc.at(*at, "inbound_enabled")
        closed: dict[str, Value] = {"token_scope": body["inbound_enabled"] is True}
        yield replace(ladder.itself(whose, place), props=closed)
        if body["inbound_enabled"] is not True:
            yield from _let_in(whose, Whose(whose.host, None, "", ()), place)


def allowlist(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Projects whose jobs are let in."""
    for found in records(doc, "a project", "path_with_namespace"):
        if isinstance(found, Refused) or whose.project is None:
            yield found if isinstance(found, Refused) else ladder.itself(whose, doc.at())
            continue
        body, at = found
        path, place = text(body["path_with_namespace"]), doc.at(*at, "path_with_namespace")
        if path.count("/") < 1:
            reason = "expected a project with path_with_namespace"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        other = Whose(whose.host, gitlab.Repository(whose.host, path), "", ())
        yield from _let_in(whose, other, place)


def groups_allowlist(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Groups whose projects' jobs are let in."""
    for found in records(doc, "a group", "web_url"):
        if isinstance(found, Refused) or whose.project is None:
            yield found if isinstance(found, Refused) else ladder.itself(whose, doc.at())
            continue
        body, at = found
        path, place = text(body["web_url"]).partition("/groups/")[2], doc.at(*at, "web_url")
        if not path:
            reason = "expected a group with web_url"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        yield from _let_in(whose, Whose(whose.host, None, path, ()), place)


def _let_in(whose: Whose, other: Whose, place: Evidence) -> Iterator[Fact]:
    """Jobs of a project, of all projects of a group or of the server; who they are, files say."""
    jobs = other.members(roles.JOB_TOKENS)
    yield ladder.itself(whose, place)
    yield Node(k.GROUP, jobs, place, name=f"jobs of {other.name}")
    yield Edge(
        k.CAN_READ,
        jobs,
        whose.key.text,
        place,
        certainty=Certainty.CONDITIONAL,
        condition=_MEMBER,
    )
