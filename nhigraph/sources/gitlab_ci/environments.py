"""Environments of a job, and the rule that a run has to pass for one.

Approvals stand before deployments, and only a job whose ``action`` is ``start``, or that names
none, is one (``deployment_job?`` in GitLab's code). Easily guessed wrong: ``prepare``, ``verify``,
``access`` and ``stop`` have the environment's variables all the same and need no approval; until
18.0 they had to be started by hand where one was asked for, which was no approval either
(https://gitlab.com/gitlab-org/gitlab/-/issues/390025,
https://gitlab.com/gitlab-org/gitlab/-/merge_requests/161860).
Which rules there are no file says, so one is named for every environment; ``?`` is
one that the file does not name. A job that somebody starts by hand waits for nobody's approval.
Read 28 November 2026.
"""

from collections.abc import Iterator, Mapping

from nhigraph.facts import keys, shared
from nhigraph.facts.facts import Fact, Gap, Gate, Node
from nhigraph.facts.keys import gitlab
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import GateKind, State
from nhigraph.sources.gitlab_ci.model import Job
from nhigraph.sources.gitlab_ci.tree import Part
from nhigraph.sources.gitlab_ci.variables import Reader

_SAME = "the variable is not kept for that environment alone, so that the project's stands"
_WHICH = "which environment the job names is not in the file"


@dataclass(frozen=True, slots=True)
class Environments:
    """Environments that a job may be in.

    Attributes:
        repository: The project.
        part: Where they are said; None where the job is in none.
        names: Their names.
        complete: There are no others.
        deploys: The job deploys to it.
    """

    repository: gitlab.Repository
    part: Part | None
    names: tuple[str, ...] = ()
    complete: bool = True
    deploys: bool = True

    @property
    def keys(self) -> tuple[gitlab.Environment, ...]:
        """Keys of those that are named."""
        return tuple(gitlab.Environment(self.repository, name) for name in self.names)

    @property
    def gates(self) -> tuple[str | None, ...]:
        """Rules of which a run has to pass one; None where there is none to pass."""
        if self.part is None or not self.deploys:
            return (None,)
        unseen = () if self.complete else (gitlab.Environment(self.repository, keys.UNNAMED),)
        return tuple(gitlab.EnvironmentProtection(one).text for one in (*self.keys, *unseen))

    def holder(self, name: str) -> str:
        """Key of a variable as the job has it: its environment's, where it is in one."""
        if len(self.names) == 1 and self.complete:
            return gitlab.EnvironmentSecret(self.keys[0], name).text
        return gitlab.RepositorySecret(self.repository, name).text

    def facts(self, job: Job) -> Iterator[Fact]:
        """The environments, and their rules as gates of which nothing is known here."""
        if self.part is None:
            return
        evidence = self.part.place.evidence()
        for one in self.keys:
            yield Node(k.ENVIRONMENT, one.text, evidence, name=one.name, props=self._props())
            rule = gitlab.EnvironmentProtection(one).text
            yield Gate(rule, GateKind.APPROVAL, evidence, at=one.text)
        if not self.complete:
            reason = f"{_WHICH}: its variables and its rules are not known"
            yield Gap(job.key, reason, evidence, (State.CONTROL,))

    def _props(self) -> dict[str, str]:
        tier = self.part.get("deployment_tier").text if self.part is not None else ""
        return {"environment": tier} if tier and "$" not in tier else {}

    def same(self, name: str, place: Part) -> Iterator[Fact]:
        """That a variable of the environment's may be the project's: values flow both ways."""
        own, other = self.holder(name), gitlab.RepositorySecret(self.repository, name).text
        if own == other:
            return
        yield from shared.may_be(own, other, name, _SAME, place.place.evidence())


def of(job: Job, reader: Reader) -> Environments:
    """The environments of a job."""
    part = job.get("environment")
    named = part.get("name") if isinstance(part.value, Mapping) else part
    if not named.text:
        return Environments(job.pipeline.repository, None)
    found = reader.texts(named.text)
    names = tuple(sorted(name for name in found or () if name))
    deploys = part.get("action").text in ("", "start") or "$" in part.get("action").text
    return Environments(
        job.pipeline.repository, part, names, found is not None and bool(names), deploys
    )
