"""What a job runs on and in, and what stands beside it: runners, images, services.

* Whoever has the runner has the job. Which runner takes it its tags say; on gitlab.com a job with
  no tags, or with those of GitLab's own machines, runs on one of these unless the project has a
  runner that takes it too (https://docs.gitlab.com/ci/runners/hosted_runners/).
* A service is reached by its aliases, or by its image's name with ``/`` written ``-`` or ``__``,
  at any of its ports (https://docs.gitlab.com/ci/services/, "Accessing the services"); easily
  guessed wrong: an alias that is given takes the image's name away, and no port of the machine is
  published, so that ``localhost`` is no service.

Read 28 November 2026.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from nhigraph.facts import keys
from nhigraph.facts.asks import Machine
from nhigraph.facts.ends import Container
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.facts.keys import gitlab
from nhigraph.ingest import literals
from nhigraph.policy.gitlab import machines
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State
from nhigraph.sources.gitlab_ci.model import Job
from nhigraph.sources.gitlab_ci.tree import Part
from nhigraph.sources.gitlab_ci.variables import Reader

_GITLAB_COM = "gitlab.com"
#: Tags of GitLab's own machines.
_HOSTED = re.compile(
    r"saas-(?:linux|macos|windows)-[\w-]+|gitlab-org(?:-docker)?|docker|linux|shared-windows|windows"
    r"|windows-1809|macos"
)
_OTHER = "a runner that is not GitLab's own takes the job"
#: Of what a job leaves on its machine.
_LASTS = "the machine is kept after the job; a machine made for one job is not"
_UNKNOWN = "?"
_WHICH = "which runner takes the job is not in the files"


def runners(job: Job, reader: Reader, gates: Sequence[str | None]) -> Iterator[Fact]:
    """The runners that may take a job, and what it may leave on them."""
    if job.part.names.get("trigger") is not None:
        return  # GitLab itself starts the other pipeline.
    part = job.get("tags")
    known = [reader.texts(item.text) for item in part.items]
    elsewhere = part.value is None and job.pipeline.composed.outside
    if elsewhere or None in known:
        # A file that is not there may say it, or a variable does.
        yield Gap(job.key, _WHICH, part.place.evidence(), (State.CONTROL,), asks=Machine())
        return
    tags = sorted({tag for texts in known for tag in texts or ()})
    own = job.pipeline.repository
    hosted = own.host == _GITLAB_COM and all(_HOSTED.fullmatch(tag) for tag in tags)
    key = gitlab.Runner(own, tuple(tags))
    evidence = part.place.evidence()
    name = ",".join(key.tags) or "any runner without tags"
    props = {"labels": machines.labels(key.tags)}
    yield Node(k.RUNNER, key.text, evidence, name=name, props=props)
    yield Edge(
        k.EXECUTES,
        key.text,
        job.key,
        evidence,
        certainty=Certainty.CONDITIONAL if hosted else Certainty.CERTAIN,
        condition=_OTHER if hosted else None,
    )
    for gate in () if hosted else gates:
        yield Edge(
            k.CAN_WRITE,
            job.key,
            key.text,
            evidence,
            action="change_logic",
            certainty=Certainty.CONDITIONAL,
            condition=_LASTS,
            gate=gate,
        )


def image(job: Job, reader: Reader) -> Iterator[Fact]:
    """The image whose code runs as the job."""
    part = job.get("image")
    named = part.get("name") if isinstance(part.value, Mapping) else part
    if not named.text or "trigger" in job.part.names:
        return
    found = reader.texts(named.text)
    evidence = named.place.evidence()
    if found is None:
        yield Note("which image the job runs in is not in the file", evidence)
    for reference in sorted(found or ()):
        key = keys.Image(reference).text
        yield Node(k.IMAGE, key, evidence, name=reference)
        yield Edge(k.EXECUTES, key, job.key, evidence)


def services(job: Job, reader: Reader) -> Iterator[Container]:
    """The containers beside a job, once for each name that it reaches one by."""
    for part in job.get("services").items:
        named = part.get("name") if isinstance(part.value, Mapping) else part
        found = reader.texts(named.text)
        known = min(found) if found and len(found) == 1 else _UNKNOWN
        shown = known.rpartition("@")[0] or known
        for alias in _aliases(part, known):
            yield Container(job.key, part.place.evidence(), name=alias, image=shown)


def _aliases(part: Part, reference: str) -> list[str]:
    given = re.split(r"[\s,]+", part.get("alias").text.strip())
    if given != [""]:
        return given
    name = reference.partition("@")[0]
    name = re.sub(r":[^/:]*\Z", "", name)
    name = re.sub(r"\A([^/]+):\d+/", r"\1/", name)
    return [*dict.fromkeys((name.replace("/", "-"), name.replace("/", "__")))]


def inside(job: Job) -> str:
    """``yes`` where the job runs in a container, ``?`` where its runner decides."""
    return "yes" if job.get("services").items or job.get("image").value else _UNKNOWN


def passwords(job: Job) -> frozenset[str]:
    """Passwords that containers beside a job are given as their own."""
    found = {
        part.text
        for name, parts in job.variables.items()
        for part in parts
        if literals.of_server(name) and "$" not in part.text
    }
    for service in job.get("services").items:
        for name, part in service.get("variables").names.items():
            if literals.of_server(name) and "$" not in part.text:
                found.add(part.text)
    return frozenset(found) if job.get("services").items else frozenset()


def shown(job: Job, reader: Reader) -> None:
    """Keep the secrets that files show for services, but for a server's own password."""
    for service in job.get("services").items:
        for name, part in service.get("variables").names.items():
            if "$" not in part.text and part.text not in reader.own:
                reader.literals(part.place.doc).of(name, part.text, part.place.at)
            elif "$" in part.text:
                reader.refs(part.text, name, part.place)
