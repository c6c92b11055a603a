"""Identity tokens that a job can ask for, to be let in elsewhere."""

from collections.abc import Iterator

from nhigraph.facts.ends import Token
from nhigraph.facts.evidence import Evidence
from nhigraph.policy.github_actions import subjects
from nhigraph.policy.github_actions.permissions import Permissions
from nhigraph.sources.github_actions import customised
from nhigraph.sources.github_actions.model import Job

#: How a checkout begins of which nothing says whose it is.
_LOCAL = "local/"


def said(job: Job, permissions: Permissions, place: Evidence) -> Iterator[Token]:
    """One for each environment that a run may be in, past its gate.

    A workflow that is only called has the tokens of its callers, who have the permission too.

    Args:
        job: The job.
        permissions: What its token may do.
        place: Where the right to the token stands.
    """
    if not permissions.writes("id-token") or job.workflow.only_called:
        return
    found = job.environments
    named: list[tuple[tuple[str | None, ...], str | None]] = [
        ((name,), gate) for name, gate in zip(found.names, job.gates, strict=False)
    ]
    others: list[tuple[str | None, ...]] = [] if found.complete else [("*", None)]
    others += [(None,)] if found.none else []
    named += zip(others, job.gates_of_no_name, strict=True)
    forms = customised.forms(job.workflow.doc)
    whose = None if job.repository.startswith(_LOCAL) else job.repository
    for environments, gate in named:
        yield Token(
            job.key,
            place,
            issuer=subjects.ISSUER,
            subjects=tuple(
                one
                for form in forms
                for environment in environments
                for one in subjects.subjects(whose, environment, job.workflow.events, form)
            ),
            beyond=tuple(x for form in forms for x in subjects.of_repository(whose, form)),
            inside=tuple(x for form in forms for x in subjects.inside(whose, form)),
            doubt=subjects.DOUBT if any(form.doubtful for form in forms) else "",
            gate=gate or "",
        )
