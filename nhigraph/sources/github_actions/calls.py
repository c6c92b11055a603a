"""Code from elsewhere: actions that steps use, and reusable workflows that jobs call.

A called workflow runs in the caller's context: with its token, with the secrets that are handed
over, in environments of its repository
(https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations);
"Workflows that call reusable workflows in the same organization or enterprise can use the inherit
keyword" (https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows, read 28
November 2026). All of it runs with the rights of the job. Documents are read one at a time, so the
far end is only named, by its key; a node without the property ``defined`` was never read.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from nhigraph.facts import keys
from nhigraph.facts.ends import Call
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.values import Secret, Within
from nhigraph.policy.github_actions.actions import (
    DockerImage,
    Local,
    Pin,
    Remote,
    parse_uses,
    workflow_file,
)
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State, Transform
from nhigraph.sources.github_actions import handed_on, secrets
from nhigraph.sources.github_actions.model import Job, Pointer, Step
from nhigraph.sources.github_actions.shape import mapping, text
from nhigraph.sources.github_actions.values import Reader

_NOT_UNDERSTOOD = "'uses' is in no form that is known: what runs here is not known"
_OTHER_VERSION = "the called version is the one that was read"


def checkouts(steps: Sequence[Step]) -> dict[str, str]:
    """Folders of the workspace that hold a checkout, and its repository (empty for our own)."""
    found: dict[str, str] = {}
    for step in steps:
        if step.uses.partition("@")[0].lower() == "actions/checkout":
            folder = posixpath.normpath(step.input("path") or ".")
            found[folder] = step.input("repository")
    return found


def local_action(repository: str, folders: Mapping[str, str], used: Local) -> str | None:
    """Key of the action a local path names; None where its repository is not in the file."""
    path = used.path
    if not used.own:
        around = [f for f in folders if f != "." and f"{path}/".startswith(f"{f}/")]
        inside = max(around, key=len, default=".")
        repository = folders.get(inside) or repository
        path = path if inside == "." else path[len(inside) :].strip("/")
    return (
        None
        if "${{" in repository or "/" not in repository
        else keys.Action(keys.repository(repository), path).text
    )


def third_party(used: Remote, target: str, evidence: Evidence) -> Iterator[Fact]:
    """An action of another repository, which runs as the target."""
    key = keys.Action(keys.repository(used.repository), used.path, used.ref or "").text
    name = f"{used.repository}{f'/{used.path}' if used.path else ''}@{used.ref}"
    yield Node(k.ARTIFACT, key, evidence, name=name, props={"pinned": used.pin.value})
    yield Edge(k.EXECUTES, key, target, evidence)
    if used.pin is Pin.MUTABLE:
        # Whoever writes there moves the tag or branch.
        yield from _contained(used.repository, key, evidence)


def _contained(repository: str, key: str, evidence: Evidence) -> Iterator[Fact]:
    owner = keys.repository(repository).text
    yield Node(k.REPOSITORY, owner, evidence, name=repository.partition("/")[2])
    yield Edge(k.CONTAINS, owner, key, evidence)


def action_facts(
    repository: str,
    target: str,
    step: Step,
    folders: Mapping[str, str],
    evidence: Evidence,
) -> Iterator[Fact]:
    """Whatever a step's ``uses`` runs, as code of the target."""
    used = parse_uses(step.uses)
    if used is None:
        yield Gap(target, _NOT_UNDERSTOOD, evidence, (State.CONTROL,))
    elif isinstance(used, DockerImage):
        key = keys.Image(used.reference).text
        yield Node(k.IMAGE, key, evidence, name=used.reference)
        yield Edge(k.EXECUTES, key, target, evidence)
        yield from handed_on.pushed_by(used.reference, evidence)
    elif isinstance(used, Remote):
        yield from third_party(used, target, evidence)
    else:
        action = local_action(repository, folders, used)
        if action is None:
            reason = "the repository of this local action is not in the file"
            yield Gap(target, reason, evidence, (State.CONTROL,))
            return
        yield Node(k.ARTIFACT, action, evidence, name=step.uses)
        yield Edge(k.EXECUTES, action, target, evidence)


def of_own(steps: Sequence[Step]) -> dict[str, int]:
    """Steps that call actions by a local path: their id, in lower case, to their number."""
    return {
        text(step.body["id"]).lower(): step.index
        for step in steps
        if step.body.get("id") and isinstance(parse_uses(step.uses), Local)
    }


def of_actions(
    repository: str,
    steps: Sequence[Step],
    folders: Mapping[str, str],
    caller: str,
    place: Evidence,
) -> Iterator[Call]:
    """Calls of local actions, whose own steps belong to the caller."""
    for step in steps:
        used = parse_uses(step.uses) if step.uses else None
        if isinstance(used, Local):
            key = local_action(repository, folders, used)
            if key:
                yield Call(caller, place, callee=key, step=step.index)


class Caller:
    """A job that runs a reusable workflow."""

    def __init__(self, job: Job, reader: Reader) -> None:
        """Look at what it calls."""
        self.job = job
        self.reader = reader
        self.at: Pointer = (*job.at, "uses")
        self.used = parse_uses(text(job.body["uses"]))
        self.handed = job.body.get("secrets")

    @property
    def inherits(self) -> bool:
        """Every secret is handed over."""
        return self.handed == "inherit"

    def _callee(self) -> tuple[str, str, str] | None:
        """Repository, file and commit (empty unless pinned) of the called workflow."""
        used = self.used
        if isinstance(used, DockerImage) or used is None:
            return None
        file = workflow_file(used.path)
        if file is None:
            return None
        if isinstance(used, Local):
            return self.job.repository, file, ""
        return used.repository, file, used.ref if used.pin is Pin.COMMIT else ""

    def facts(self) -> Iterator[Fact]:
        """Edges between the job and the called workflow."""
        callee = self._callee()
        evidence = self.job.workflow.doc.at(*self.at)
        if callee is None:
            yield Gap(self.job.key, _NOT_UNDERSTOOD, evidence, (State.CONTROL,))
            return
        repository, file, commit = callee
        key = keys.Workflow(keys.repository(repository), file).text
        if commit:
            key = keys.Workflow(keys.repository(repository), file, commit).text
        yield Node(k.WORKFLOW, key, evidence, name=file, props={"called": True})
        # What stops the caller stops the called workflow's jobs.
        yield Edge(k.DEPENDS_ON, self.job.key, key, evidence)
        if isinstance(self.used, Remote):
            # In our own repository its jobs hold what they are handed: see ``called_secret``.
            yield Edge(k.EXECUTES, key, self.job.key, evidence)
            if not commit:
                yield from _contained(repository, key, evidence)
        yield from self._mapped(repository, file)

    def _mapped(self, repository: str, file: str) -> Iterator[Fact]:
        certain = isinstance(self.used, Local)
        for name, value in mapping(self.handed).items():
            evidence = self._secret_evidence(name)
            target = keys.CalledSecret(
                keys.Workflow(keys.repository(repository), file), name.upper()
            ).text
            yield Node(k.SECRET, target, evidence, name=name.upper(), props={"parameter": True})
            for ref in self.reader.refs(value, {}, name.upper(), self._place(name)):
                if not isinstance(ref, Secret | Within):
                    continue
                whole = isinstance(ref, Secret)
                yield Edge(
                    k.FEEDS,
                    ref.key,
                    target,
                    evidence,
                    certainty=Certainty.CERTAIN if certain else Certainty.CONDITIONAL,
                    condition=None if certain else _OTHER_VERSION,
                    transform=Transform.COPY if whole else Transform.OTHER,
                )

    def _place(self, *name: str) -> Pointer:
        return (*self.job.at, "secrets", *name)

    def _secret_evidence(self, *name: str) -> Evidence:
        return self.job.workflow.evidence(*self._place(*name))

    def call(self) -> Iterator[Call]:
        """What the job calls, and what it hands over; nothing where that is not understood."""
        callee = self._callee()
        if callee is None:
            return
        repository, file, commit = callee
        inputs = mapping(self.job.body.get("with"))
        yield Call(
            self.job.key,
            self.job.workflow.doc.at(*self.job.at, "secrets" if self.inherits else "uses"),
            callee=keys.Workflow(keys.repository(repository), file).text,
            inputs={
                name.lower(): self.reader.given(
                    text(value), {}, name, (*self.job.at, "with", name)
                )
                for name, value in inputs.items()
            },
            secrets={
                name.upper(): self.reader.refs(value, {}, name.upper(), self._place(name))
                for name, value in mapping(self.handed).items()
            },
            inherits=self.inherits,
            commit=commit,
        )


def called_names(found: Sequence[secrets.Asked]) -> dict[str, Pointer]:
    """Secrets a job of a reusable workflow asks for, and where first."""
    names: dict[str, Pointer] = {}
    for use in found:
        if use.name and use.name != secrets.ALL:
            names.setdefault(use.name, use.at)
    return names
