"""Machines and images a job runs on.

Whoever controls the machine controls the job; a job leaves what it likes on a machine that lives
longer than it does (https://docs.github.com/en/actions/reference/security/secure-use).
"""

import re
from collections.abc import Iterator, Sequence

from nhigraph.facts import keys
from nhigraph.facts.asks import Machine
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.policy.github_actions import expressions
from nhigraph.policy.github_actions.actions import Hosting, hosting
from nhigraph.policy.github_actions.machines import LASTS
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State
from nhigraph.sources.github_actions import handed_on
from nhigraph.sources.github_actions.model import Job, Pointer
from nhigraph.sources.github_actions.shape import mapping, sequence, text

#: All that ``runs-on`` says: one variable of the repository or its owner.
_ONE_VARIABLE = re.compile(r"\s*\$\{\{\s*vars\.([A-Za-z_]\w*)\s*\}\}\s*\Z")
_MAY_BE_LARGER = "the label may be that of a larger GitHub-hosted machine"
_OUTSIDE = (
    "pull requests from forks run here: the repository is public or lets forks run, and the "
    "approval for first-time contributors is given"
)


def facts(job: Job) -> Iterator[Fact]:
    """Runner and image of a job."""
    if not job.calls:
        yield from _runner_facts(job)
    yield from _image(job)


def default_shell(job: Job) -> str:
    """PowerShell where the job may run on Windows; empty for a shell of Unix.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
    (read 28 November 2026).
    """
    value = job.body.get("runs-on")
    body = mapping(value)
    labels = (
        label
        for item in sequence(body.get("labels") if body else value)
        for label in _choices(job, item)[0]
    )
    return "pwsh" if any("windows" in label.lower() for label in labels) else ""


def _choices(job: Job, value: object) -> tuple[tuple[str, ...], bool]:
    found, complete = expressions.texts(text(value), job.values)
    return found, complete and not isinstance(value, dict | list)


def _runner_facts(job: Job) -> Iterator[Fact]:
    value = job.body.get("runs-on")
    at = (*job.at, "runs-on")
    if value is None:
        if job.steps:
            yield Note("the job does not say where it runs", job.workflow.evidence(*job.at))
        return
    body = mapping(value)
    group = text(body.get("group")) or None
    items = sequence(body.get("labels") if body else value)
    sets: list[tuple[str, ...]] = [()]
    unclear = group is not None and "${{" in group
    for item in items:
        found, complete = _choices(job, item)
        unclear = unclear or not complete
        sets = [(*labels, label) for labels in sets for label in found if label]
    if unclear:
        reason = "which machine runs the job is not in the file"
        asks = Machine(_setting(job, items) if group is None else "")
        yield Gap(job.key, reason, job.workflow.doc.at(*at), (State.CONTROL,), asks=asks)
    for labels in sorted(set(sets)) if not (unclear and group) else ():
        if labels or group:
            yield from _runner(job, labels, group, at)


def _setting(job: Job, items: Sequence[object]) -> str:
    """Key of the variable that alone says which machine it is; empty where none does."""
    found = _ONE_VARIABLE.match(text(items[0])) if len(items) == 1 else None
    if found is None:
        return ""
    return keys.RepositoryVariable(keys.repository(job.repository), found[1]).text


def _runner(job: Job, labels: tuple[str, ...], group: str | None, at: Pointer) -> Iterator[Fact]:
    whose = hosting(labels, group)
    if whose is Hosting.GITHUB:
        return
    evidence = job.workflow.doc.at(*at)
    if group:
        key = keys.RunnerGroup(job.workflow.home.owner, group).text
    else:
        key = keys.Runner(keys.repository(job.repository), labels).text
    yield Node(k.RUNNER, key, evidence, name=group or ",".join(labels), props={"labels": labels})
    conditional = whose is Hosting.UNSEEN
    yield Edge(
        k.EXECUTES,
        key,
        job.key,
        evidence,
        certainty=Certainty.CONDITIONAL if conditional else Certainty.CERTAIN,
        condition=_MAY_BE_LARGER if conditional else None,
    )
    for gate in job.gates:
        yield Edge(
            k.CAN_WRITE,
            job.key,
            key,
            evidence,
            action="change_logic",
            certainty=Certainty.CONDITIONAL,
            condition=LASTS,
            gate=gate,
        )
    if "pull_request" in job.workflow.events:
        yield from _forks(key, evidence)


def _forks(runner: str, evidence: Evidence) -> Iterator[Fact]:
    """A fork's own copy of the workflow runs: no ``if`` of this file stands in its way."""
    anyone = keys.Anyone().text
    yield Node(k.GROUP, anyone, evidence, name="anyone on GitHub", nhi=False)
    yield Edge(
        k.CAN_WRITE,
        anyone,
        runner,
        evidence,
        action="change_logic",
        certainty=Certainty.CONDITIONAL,
        condition=_OUTSIDE,
    )


def _image(job: Job) -> Iterator[Fact]:
    # Service containers stand beside the job and run nothing of it.
    container = job.body.get("container")
    if isinstance(container, dict) and "image" in container:
        yield from image_facts(job, text(container["image"]), (*job.at, "container", "image"))
    elif container is not None:
        yield from image_facts(job, text(container), (*job.at, "container"))


def image_facts(job: Job, reference: str, at: Pointer) -> Iterator[Fact]:
    """An image whose code runs as the job."""
    if not reference:
        return
    if "${{" in reference:
        yield Note("which image the job runs in is not in the file", job.workflow.evidence(*at))
        return
    key = keys.Image(reference).text
    evidence = job.workflow.doc.at(*at)
    yield Node(k.IMAGE, key, evidence, name=reference)
    yield Edge(k.EXECUTES, key, job.key, evidence)
    yield from handed_on.pushed_by(reference, evidence)
