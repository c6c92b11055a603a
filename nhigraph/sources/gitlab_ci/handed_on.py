"""What jobs leave for other jobs: files, variables, caches and images of the project's registry.

A job begins with the artifacts of the jobs of earlier stages, or of those that it needs or depends
on, of other projects too, in its folder, from which it runs what it runs
(https://docs.gitlab.com/ci/jobs/job_artifacts/, https://docs.gitlab.com/ci/yaml/#needs and
#needsproject); it restores caches that other jobs of the project store
(https://docs.gitlab.com/ci/caching/); and every job's token pushes to the registry of its own
project (https://docs.gitlab.com/ci/jobs/ci_job_token/, all read 30 November 2026). Whoever
decides what such a job does may decide what the next one does: always on the condition that it
runs what it is left.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.facts.keys import gitlab, gitlab_access
from nhigraph.policy.gitlab.roles import JOB_TOKENS
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.gitlab_ci import reports
from nhigraph.sources.gitlab_ci.model import Job, Pipeline
from nhigraph.sources.gitlab_ci.tree import Part

#: A grant of a project: storing caches for its jobs.
CACHES: Final = "caches"
_FILES = "this job runs a file, or a variable, that the other one leaves as an artifact"
_OF_PROJECT = "this job runs a file that a job of {} leaves as an artifact"
_CACHE = "a cache that a job of the project stores is restored here, and what lies in it is run"
_IMAGE = "the image lies in the registry of {}, to which its jobs push"
_OWN: Final = re.compile(r"\$\{?CI_REGISTRY_IMAGE\}?(?=[/:@]|\Z)")
_REGISTRY: Final = re.compile(r"(?P<host>\$\{?CI_REGISTRY\}?|[\w.-]+(?::\d+)?)/(?P<path>[^:@]+)")


def facts(job: Job, gates: Sequence[str | None]) -> Iterator[Fact]:
    """Who decides what a job gets, and what it leaves itself."""
    if "trigger" in job.part.names:
        return
    yield from _artifacts(job, gates)
    yield from _needed(job, gates)
    yield from _caches(job, gates)
    yield from _image(job, gates)


def _decided(
    job: Job, source: str, part: Part, condition: str, gates: Sequence[str | None]
) -> Iterator[Edge]:
    for gate in gates:
        yield Edge(
            k.CAN_WRITE,
            source,
            job.key,
            part.place.evidence(),
            action="change_logic",
            certainty=Certainty.CONDITIONAL,
            condition=condition,
            gate=gate,
        )


def _leaves(job: Job) -> bool:
    artifacts = job.get("artifacts")
    dotenv = artifacts.get("reports", "dotenv").texts
    some = artifacts.get("paths").texts or artifacts.get("untracked").value is True
    return bool(some or dotenv) and "trigger" not in job.part.names


def _artifacts(job: Job, gates: Sequence[str | None]) -> Iterator[Fact]:
    """What it leaves to later stages, by one grant a stage; and what it gets."""
    order, own = reports.stages(job.pipeline), reports.stage_of(job)
    if _leaves(job):
        place = job.get("artifacts").place.evidence()
        yield Node(k.GRANT, _of_stage(job, own), place, name=f"leaves files behind stage {own}")
        for gate in gates:
            yield Edge(k.HOLDS, job.key, _of_stage(job, own), place, gate=gate)
    if not reports.by_stage(job):
        for other, _ in reports.before(job):
            if _leaves(other):
                yield from _decided(job, other.key, other.get("artifacts"), _FILES, gates)
        return
    part = job.part.names.get("stage", job.part)
    for stage, at in order.items():
        if at < order.get(own, 0) and _is_left(job.pipeline, stage):
            yield Node(k.GRANT, _of_stage(job, stage), part.place.evidence())
            yield from _decided(job, _of_stage(job, stage), part, _FILES, gates)


def _of_stage(job: Job, stage: str) -> str:
    pipeline = job.pipeline
    return pipeline.repository.permission(f"artifacts:{pipeline.file}:{stage}").text


def _is_left(pipeline: Pipeline, stage: str) -> bool:
    """Whether a job of a stage leaves files; all are looked at once."""
    known = pipeline.leaving
    for one in pipeline.jobs if not known else ():
        known[reports.stage_of(one)] = known.get(reports.stage_of(one), False) or _leaves(one)
    return known.get(stage, False)


def _needed(job: Job, gates: Sequence[str | None]) -> Iterator[Fact]:
    """Files of other projects' jobs."""
    own = job.pipeline.repository
    for item in job.part.get("needs").items if not own.is_local else ():
        path = item.get("project").text
        if path and "$" not in path and item.get("artifacts").value is not False:
            project = gitlab.project(f"{own.host}/{path}")
            yield from _of_project(job, project, item, _OF_PROJECT.format(path), gates)


def _of_project(
    job: Job, project: gitlab.Repository, part: Part, why: str, gates: Sequence[str | None]
) -> Iterator[Fact]:
    place = part.place.evidence()
    jobs = gitlab_access.Members(project, JOB_TOKENS).text
    yield Node(k.REPOSITORY, project.text, place, name=project.name)
    yield Node(k.GROUP, jobs, place, name=f"jobs of {project.project}")
    yield from _decided(job, jobs, part, why, gates)
    if project == job.pipeline.repository:
        return
    for gate in gates:
        # Whoever changes it decides what its jobs leave, whether or not these were read.
        yield Edge(
            k.EXECUTES,
            project.text,
            job.key,
            place,
            certainty=Certainty.CONDITIONAL,
            condition=why,
            gate=gate,
        )


# -- caches -------------------------------------------------------------------------------------


def _caches(job: Job, gates: Sequence[str | None]) -> Iterator[Fact]:
    cache = job.get("cache")
    several = cache.items if isinstance(cache.value, tuple) else (cache,)
    policies = {one.get("policy").text or "pull-push" for one in several if one.get("paths").texts}
    grant = job.pipeline.repository.permission(CACHES).text
    place = cache.place.evidence()
    if policies:
        name = f"stores caches for jobs of {job.pipeline.repository.path}"
        yield Node(k.GRANT, grant, place, name=name)
    if policies - {"pull"}:
        for gate in gates:
            yield Edge(k.HOLDS, job.key, grant, place, gate=gate)
    if policies - {"push"}:
        yield from _decided(job, grant, cache, _CACHE, gates)


# -- images -------------------------------------------------------------------------------------


def _image(job: Job, gates: Sequence[str | None]) -> Iterator[Fact]:
    part = job.get("image")
    named = part.get("name") if part.names else part
    own = job.pipeline.repository
    if _OWN.match(named.text):
        yield from _of_project(job, own, named, _IMAGE.format(own.path), gates)
        return
    found = _REGISTRY.match(named.text)
    if found is None or own.is_local or not _is_of(found["host"], own.host):
        return
    parts = found["path"].split("/")
    # How much of a path is the project's, and how much the image's own, no file says.
    for end in range(2, len(parts) + 1):
        path = "/".join(parts[:end])
        if "$" not in path:
            project = gitlab.project(f"{own.host}/{path}")
            yield from _of_project(job, project, named, _IMAGE.format(path), gates)


def _is_of(registry: str, host: str) -> bool:
    """Whether a registry is that of a server, as such are usually called."""
    name = registry.partition(":")[0].lower()
    return registry.startswith("$") or name in {host, f"registry.{host}"}
