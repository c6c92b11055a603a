"""Variables that jobs leave for later ones in dotenv reports.

A job has those of the jobs whose artifacts it gets: all of earlier stages, or those that it
``needs`` or names in ``dependencies``. They go before what the file says of these names, and not
before what the pipeline is handed or GitLab keeps
(https://docs.gitlab.com/ci/variables/dotenv_variables/ and .../yaml/#dependencies, read 30
November 2026). Only what a script prints into the file is known, not what programs write there.
"""

import posixpath
from collections.abc import Callable, Iterator

from nhigraph.facts.values import UNSET, Named, Value, any_of
from nhigraph.policy.scripts import files
from nhigraph.policy.scripts.states import States
from nhigraph.policy.shell import Command
from nhigraph.sources.gitlab_ci import scripts
from nhigraph.sources.gitlab_ci.model import Job, Pipeline
from nhigraph.sources.gitlab_ci.scripts import Script
from nhigraph.sources.gitlab_ci.tree import Part
from nhigraph.sources.gitlab_ci.variables import Reader, names_in

#: Makes a reader of a job, for looking at what it leaves.
Readers = Callable[[Job, Named], Reader]
#: https://docs.gitlab.com/ci/yaml/#stages
_STAGES = ("build", "test", "deploy")
_USUAL = "test"
#: Keywords by which a job may be left out of a pipeline, or wait to be started.
_PERHAPS = ("rules", "only", "except", "when")


def given(job: Job, readers: Readers) -> dict[str, Value]:
    """What earlier jobs leave for a job, ``UNSET`` among it where they may leave nothing."""
    found: dict[str, list[Value]] = {}
    if not any(_files(one) for one in job.pipeline.jobs):
        return {}
    for other, sure in before(job):
        left = _left(other, readers)
        for name, value in left.items():
            may_lack = () if sure else (UNSET,)
            found.setdefault(name, []).extend((value, *may_lack))
    handed = job.pipeline.given
    return {name: any_of(many) for name, many in found.items() if name not in handed}


def _files(job: Job) -> tuple[str, ...]:
    return job.get("artifacts").get("reports", "dotenv").texts


def by_stage(job: Job) -> bool:
    """Whether it gets what all jobs of earlier stages leave, and chooses none of them."""
    needs, wanted = job.part.names.get("needs"), job.part.names.get("dependencies")
    chosen = needs is not None and isinstance(needs.value, tuple)
    return not chosen and (wanted is None or wanted.value is None)


def before(job: Job) -> Iterator[tuple[Job, bool]]:
    """Jobs whose artifacts a job gets, each with whether it has run for certain."""
    jobs = {one.name: one for one in job.pipeline.jobs}
    wanted = job.part.names.get("dependencies")
    only = None if wanted is None or wanted.value is None else set(wanted.texts)
    needs = job.part.names.get("needs")
    if needs is not None and isinstance(needs.value, tuple):
        chosen = [(_needed(item), item) for item in needs.items]
        names = {
            name: item.get("optional").value is not True
            for name, item in chosen
            if item.get("artifacts").value is not False
        }
    else:
        order = stages(job.pipeline)
        own = order.get(stage_of(job), 0)
        names = {
            name: not any(word in one.part.names for word in _PERHAPS)
            for name, one in jobs.items()
            if order.get(stage_of(one), 0) < own
        }
    for name, sure in names.items():
        if name in jobs and name != job.name and (only is None or name in only):
            yield jobs[name], sure


def _needed(item: Part) -> str:
    return item.text or item.get("job").text


def stage_of(job: Job) -> str:
    """The stage that it is in."""
    return job.part.get("stage").text or _USUAL


def stages(pipeline: Pipeline) -> dict[str, int]:
    """Stages of a pipeline, in their order."""
    named = pipeline.root.get("stages").texts or _STAGES
    return {name: at for at, name in enumerate((".pre", *named, ".post"))}


def _left(job: Job, readers: Readers) -> Named:
    """What a job's scripts print into its reports."""
    known = job.pipeline.left
    if job.name not in known:
        known[job.name] = {}  # What goes in a circle has nothing more to say.
        names = [posixpath.basename(one) for one in _files(job)]
        if names:
            known[job.name] = _printed(job, names, readers)
    return known[job.name]


def _printed(job: Job, names: list[str], readers: Readers) -> Named:
    found = [one for one in scripts.scripts(job) if isinstance(one, Script)]
    reader = readers(job, given(job, readers))
    words = [word for one in found for n in names for *_, word in files.lines(one.commands, n)]
    told = {name for word in words for name in names_in(word)}
    reader.told = scripts.told(job, found, told)
    reader.assigned = scripts.assigned(found)
    end: Named = {}
    for script in found:

        def reads(
            command: Command, name: str, word: str, env: Named, script: Script = script
        ) -> Value:
            return reader.word(word, name, script.place(command.line), env)

        def says(
            command: Command, name: str, word: str, env: Named, script: Script = script
        ) -> Value:
            return reader.printed(word, name, script.place(command.line), env)

        states = States(script.commands, {}, reads, reader.of_job)
        for name in names:
            end = files.left(script.commands, states, says, name, end)
    return end
