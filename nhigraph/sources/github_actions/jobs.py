"""Jobs of a workflow file, and what is open of one that GitHub would not take."""

from collections.abc import Iterator
from dataclasses import replace

from nhigraph.facts.asks import Machine
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gap, Refused
from nhigraph.ingest.document import pointer_text
from nhigraph.sources.github_actions.model import Job, Step, Workflow, read_steps
from nhigraph.sources.github_actions.shape import mapping


def read_jobs(workflow: Workflow) -> Iterator[Job | Refused]:
    """Jobs of the file; what is no job, and what is no step, is refused.

    What it does in its place is not known of the job: a gap is left there.
    """
    for name, said in mapping(workflow.body["jobs"]).items():
        at = ("jobs", name)
        refused: list[Refused] = []
        body = said if isinstance(said, dict) else {}
        if body is not said:
            refused.append(Refused("expected a job, a mapping", workflow.evidence(*at)))
        elif "steps" not in body and "uses" not in body:
            reason = "expected a job with 'steps' or 'uses'"
            refused.append(Refused(reason, workflow.evidence(*at)))
        steps: list[Step] = []
        for step in read_steps(workflow.doc, body.get("steps"), (*at, "steps")):
            if isinstance(step, Refused):
                refused.append(step)
            else:
                steps.append(step)
        job = Job(workflow, name, body, tuple(steps))
        yield job
        for one in refused:
            yield replace(one, leaves=(unread(job, one.reason, one.evidence),))


def unread(job: Job, reason: str, evidence: Evidence) -> Gap:
    """What a job does where something stands that GitHub does not take: not known.

    GitHub refuses such a file, so that what runs is another one.
    """
    place = evidence.pointer
    whole = place == pointer_text(job.at)
    asks = Machine("") if whole or "/runs-on" in place else None
    return Gap(job.key, f"what it does here could not be read: {reason}", evidence, asks=asks)
