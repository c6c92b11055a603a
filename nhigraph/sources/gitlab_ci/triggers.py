"""Pipelines that a job starts: children of the same project, and those of others.

What is started runs as its own: with the variables of its own project, its own jobs and its own
rules. So the job that starts it holds nothing of what it does; it decides whether it runs and what
it is handed (https://docs.gitlab.com/ci/pipelines/downstream_pipelines/, read 28 November 2026).
What it is handed, variables of the job, its rules and the file, goes before what the started
pipeline's file and its project say of these names: as with a trigger's token, one of them may
change what a job does.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.keys import gitlab
from nhigraph.facts.values import secrets
from nhigraph.policy.gitlab import roles
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State, Transform
from nhigraph.sources.gitlab_ci import environments
from nhigraph.sources.gitlab_ci.model import Job, Pipeline, Variables, over
from nhigraph.sources.gitlab_ci.tree import Part
from nhigraph.sources.gitlab_ci.variables import Reader, Shown

_MADE = "the child pipeline's configuration is made by another job as it runs: it is in no file"
_HANDED = "this job starts the other project's pipeline, with the variable under that name"
_CHANGES = "the job hands its child variables, and one of them changes what a job does"
_WHICH = "which pipeline the job starts is not in the file"


@dataclass(frozen=True, slots=True)
class Child:
    """A child pipeline whose configuration lies in the project.

    Attributes:
        path: Path of that.
        given: Variables that it is handed.
        inputs: Inputs that it is handed.
    """

    path: str
    given: Variables
    inputs: Part


def trigger_facts(job: Job, reader: Reader) -> Iterator[Fact | Child]:
    """What a job starts."""
    part = job.part.names.get("trigger")
    if part is None:
        return
    project = part.get("project").text if isinstance(part.value, Mapping) else part.text
    if project:
        yield from _project(job, reader, part, project)
        return
    include = part.get("include")
    for item in (include,) if not isinstance(include.value, tuple) else include.value:
        yield from _child(job, reader, part, item)


def _project(job: Job, reader: Reader, part: Part, project: str) -> Iterator[Fact]:
    found = reader.texts(project)
    own = job.pipeline.repository
    if found is None or own.is_local:
        yield Gap(job.key, _WHICH, part.place.evidence(), (State.CONTROL,))
        return
    for path in sorted(found):
        yield from _starts(
            job, reader, part, gitlab.Workflow(gitlab.project(f"{own.host}/{path}"))
        )


def _child(job: Job, reader: Reader, part: Part, item: Part) -> Iterator[Fact | Child]:
    local = item.get("local") if isinstance(item.value, Mapping) else item
    found = reader.texts(local.text) if local.text else None
    if found is None or "artifact" in item.names:
        made = "artifact" in item.names
        yield Gap(job.key, _MADE if made else _WHICH, item.place.evidence(), (State.CONTROL,))
        return
    inputs = item.get("inputs") if item.get("inputs").names else part.get("inputs")
    for path in sorted(found):
        file = path.lstrip("/")
        yield from _starts(job, reader, part, gitlab.Workflow(job.pipeline.repository, file))
        yield Child(file, _forwarded(job, part), inputs)


def _forwarded(job: Job, part: Part) -> Variables:
    """What a pipeline is handed: variables of the file, and those that this one was handed.

    The first unless ``forward`` says otherwise, the second only if it says so
    (https://docs.gitlab.com/ci/yaml/#triggerforward, read 30 November 2026).
    """
    forward = part.get("forward")
    written = {} if forward.get("yaml_variables").value is False else job.written
    handed = job.pipeline.given if forward.get("pipeline_variables").value is True else {}
    return over(written, handed)


def _starts(job: Job, reader: Reader, part: Part, workflow: gitlab.Workflow) -> Iterator[Fact]:
    evidence = part.place.evidence()
    # What the file of another project is called, that project says.
    name = workflow.file or None
    yield Node(k.WORKFLOW, workflow.text, evidence, name=name, props={"called": True})
    yield Edge(k.DEPENDS_ON, job.key, workflow.text, evidence)
    child = workflow.repository == job.pipeline.repository
    changes = partial(Edge, k.CAN_WRITE, job.key, workflow.text, evidence, action="change_logic")
    for gate in environments.of(job, reader).gates:
        yield changes(
            certainty=Certainty.CONDITIONAL,
            condition=_CHANGES if child else roles.TAKES,
            gate=gate,
        )
    if workflow.repository != job.pipeline.repository:
        yield from _handed(job, reader, part, workflow.repository)


def _handed(job: Job, reader: Reader, part: Part, to: gitlab.Repository) -> Iterator[Fact]:
    """Credentials under the names by which another project's jobs then see them."""
    every = [(name, one) for name, parts in _forwarded(job, part).items() for one in parts]
    for name, value in every:
        evidence, own = value.place.evidence(), gitlab.RepositorySecret(to, name).text
        for key, whole in secrets(reader.refs(value.text, name, value.place)):
            yield Node(k.SECRET, own, evidence, name=name)
            yield Edge(
                k.FEEDS,
                key,
                own,
                evidence,
                certainty=Certainty.CONDITIONAL,
                condition=_HANDED,
                transform=Transform.COPY if whole else Transform.OTHER,
            )


def children(pipeline: Pipeline) -> Iterator[Child]:
    """Children that a pipeline's jobs start from files of the project, whoever runs them."""
    for job in pipeline.jobs:
        reader = Reader(job, Shown(pipeline.repository.text))
        yield from (one for one in trigger_facts(job, reader) if isinstance(one, Child))
