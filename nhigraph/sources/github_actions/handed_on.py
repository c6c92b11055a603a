"""What jobs leave for other jobs: outputs, files, caches, images, and what starts them is handed.

Whoever decides what a job does decides what it leaves, and where another job runs that, or pastes
it into a script, what that one does too
(https://docs.github.com/en/actions/reference/security/secure-use;
https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/pass-job-outputs;
https://docs.github.com/en/actions/concepts/workflows-and-actions/workflow-artifacts;
https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching;
https://docs.github.com/en/packages/learn-github-packages/about-permissions-for-github-packages;
https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event, all read 30
November 2026). What a job makes of what it gets the file does not say as a whole: every way is
conditional.

* An output that only an ``if`` or a name asks for decides nothing that is run.
* Files of other runs, also of other repositories, and caches are told by one grant of a
  repository: who stores them holds it. That a job whose file stores none may do so is not told.
* Who starts a workflow chooses its inputs: of a ``choice``, a ``boolean`` and a ``number`` one of
  what the file offers, of any other whatever he likes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.policy.github_actions import expressions
from nhigraph.policy.github_actions.expressions import COMPUTED, Path
from nhigraph.policy.github_actions.permissions import STARTS_RUNS
from nhigraph.policy.trusts import common
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.github_actions.model import Job, Pointer, Step
from nhigraph.sources.github_actions.shape import mapping, text, texts

#: Grants of a repository: leaving files for other runs, and storing caches.
FILES, CACHES = "artifacts", "caches"
#: What packages of an owner are pushed by.
PACKAGES: Final = "packages:write"
_REGISTRY: Final = re.compile(
    r"(?:ghcr\.io|docker\.pkg\.github\.com)/(?P<owner>[^/]+)/", re.IGNORECASE
)
#: Members of a job and a step that decide nothing of what is run.
_NEVER_RUN: Final = frozenset(
    {"if", "name", "concurrency", "url", "timeout-minutes", "continue-on-error", "needs"}
)
_OFFERED: Final = frozenset({"choice", "boolean", "number"})
_EXPRESSION: Final = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_OTHER_RUNS: Final = ("run-id", "run_id", "workflow", "repository", "repo", "github-token")
#: Actions that store and restore a cache, the first whatever they are told.
_CACHING: Final = frozenset(
    {"actions/cache", "actions/setup-go", "swatinem/rust-cache", "gradle/actions/setup-gradle"}
)
_SETS_UP: Final = re.compile(r"[^/]+/setup-[\w-]+\Z")
_OUTPUT = "an output of that job is a part of what this one runs"
_FILE = "this job runs a file that the other one leaves as an artifact"
_FILE_OF_RUN = "this job runs a file that a job of another run leaves as an artifact"
_CACHE = "a cache that a job of the repository stores is restored here, and what lies in it is run"
_INPUT = "the workflow is started with an input, {}, that is a part of what this job runs"
_PACKAGE = "the package lets jobs of {} write to it"


def facts(job: Job, jobs: Sequence[Job]) -> Iterator[Fact]:
    """Who decides what a job gets, and what it leaves itself."""
    yield from _outputs(job, jobs)
    yield from _artifacts(job, jobs)
    yield from _caches(job)
    yield from _started(job)


def pushed_by(image: str, evidence: Evidence) -> Iterator[Fact]:
    """Who pushes an image that lies among an owner's packages."""
    found = _REGISTRY.match(image)
    if found is None:
        return
    grant = keys.OwnerPermission(found["owner"], PACKAGES).text
    yield Node(k.GRANT, grant, evidence, name=f"packages: write for {found['owner']}")
    yield Edge(k.CAN_WRITE, grant, keys.Image(image).text, evidence)


def packages(job: Job) -> Iterator[Fact]:
    """The right to push packages, of a job whose token may."""
    owner = job.workflow.home.owner
    evidence = job.workflow.doc.at(*job.at)
    grant = keys.Permission(keys.repository(job.repository), PACKAGES).text
    owners = keys.OwnerPermission(owner, PACKAGES).text
    yield Node(k.GRANT, grant, evidence, name=f"packages: write on {job.repository}")
    yield Node(k.GRANT, owners, evidence, name=f"packages: write for {owner}")
    for gate in job.gates:
        yield Edge(k.HOLDS, job.key, grant, evidence, gate=gate)
    yield Edge(
        k.HOLDS,
        grant,
        owners,
        evidence,
        certainty=Certainty.CONDITIONAL,
        condition=_PACKAGE.format(job.repository),
    )


def _decides(job: Job, source: str, at: Pointer, condition: str) -> Iterator[Edge]:
    for gate in job.gates:
        yield Edge(
            k.CAN_WRITE,
            source,
            job.key,
            job.workflow.evidence(*at),
            action="change_logic",
            certainty=Certainty.CONDITIONAL,
            condition=condition,
            gate=gate,
        )


def _asked(value: object, at: Pointer) -> Iterator[tuple[Path, Pointer]]:
    """Contexts that a part of a job names where they decide what is run."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in _NEVER_RUN or (at and at[-1] in {"env", "with"}):
                yield from _asked(item, (*at, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _asked(item, (*at, index))
    elif isinstance(value, str) and "${{" in value:
        for part in expressions.embedded(value):
            for path in expressions.references(part.expression) if part.expression else ():
                yield tuple(one.lower() for one in path), at


# -- outputs ------------------------------------------------------------------------------------


def _outputs(job: Job, jobs: Sequence[Job]) -> Iterator[Edge]:
    named = {one.name.lower(): one for one in jobs}
    body = {name: value for name, value in job.body.items() if name != "outputs"}
    places: dict[str, Pointer] = {}
    for path, at in _asked(body, job.at):
        for maker in _makers(path, named, frozenset({job.name.lower()})):
            places.setdefault(maker, at)
    for maker, at in sorted(places.items()):
        yield from _decides(job, maker, at, _OUTPUT)


def _makers(path: Path, named: Mapping[str, Job], seen: frozenset[str]) -> Iterator[str]:
    """Keys of the jobs that decide what a context of ``needs`` holds."""
    if path[0] != "needs":
        return
    some = [path[1]] if len(path) > 1 and path[1] not in {COMPUTED, "*"} else [*named]
    for name in some:
        job = named.get(name)
        if job is None or name in seen or path[2:3] == ("result",):
            continue
        if job.calls:
            yield job.key
            continue
        told = {one.lower(): text(x) for one, x in mapping(job.body.get("outputs")).items()}
        one = path[3] if len(path) > 3 and path[3] not in {COMPUTED, "*"} else ""  # noqa: PLR2004
        for value in [told.get(one, "")] if one else told.values():
            for inner, _ in _asked(value, ()):
                if inner[0] in {"steps", "job"}:
                    yield job.key
                yield from _makers(inner, named, seen | {name})


# -- files --------------------------------------------------------------------------------------


def _called(step: Step) -> str:
    return step.uses.partition("@")[0].lower()


def _left(job: Job) -> list[str]:
    """Names of what a job leaves, ``*`` for any text."""
    steps = [one for one in job.steps if "upload-artifact" in _called(one)]
    return [_EXPRESSION.sub("*", one.input("name") or "artifact") for one in steps]


def _artifacts(job: Job, jobs: Sequence[Job]) -> Iterator[Fact]:
    if _left(job):
        yield from _holds(job, FILES, f"leaves files for runs of {job.repository}")
    fetching = [step for step in job.steps if "download-artifact" in _called(step)]
    left = {one.key: _left(one) for one in jobs} if fetching else {}
    told = {job.key, *_behind(job, jobs)} if fetching else set()
    for step in fetching:
        at = (*step.at, "uses")
        if any(step.input(one) for one in _OTHER_RUNS):
            repository = step.input("repository") or step.input("repo") or job.repository
            yield from _given(job, _home(repository, job), FILES, at, _FILE_OF_RUN)
        for other, names in left.items():
            if other not in told and any(_meet(one, step) for one in names):
                told.add(other)
                yield from _decides(job, other, at, _FILE)


def _meet(left: str, step: Step) -> bool:
    name, pattern = (_EXPRESSION.sub("*", step.input(one)) for one in ("name", "pattern"))
    wanted = name or pattern or "*"
    return common(left, wanted, glob=True)


def _behind(job: Job, jobs: Sequence[Job]) -> frozenset[str]:
    """Keys of the jobs that begin only once a job has ended."""
    later: dict[str, list[Job]] = {}
    for one in jobs:
        for name in texts(one.body.get("needs")):
            later.setdefault(name.lower(), []).append(one)
    found: set[str] = set()
    waiting = [job]
    while waiting:
        for one in later.get(waiting.pop().name.lower(), ()):
            if one.key not in found:
                found.add(one.key)
                waiting.append(one)
    return frozenset(found)


def _home(repository: str, job: Job) -> str:
    """The repository that is meant; the job's own where the file does not say."""
    plain = "${{" not in repository and "/" in repository
    return repository if plain else job.repository


def _holds(job: Job, permission: str, name: str) -> Iterator[Fact]:
    grant = keys.Permission(keys.repository(job.repository), permission).text
    evidence = job.workflow.doc.at(*job.at)
    yield Node(k.GRANT, grant, evidence, name=name)
    for gate in job.gates:
        yield Edge(k.HOLDS, job.key, grant, evidence, gate=gate)


def _given(
    job: Job, repository: str, permission: str, at: Pointer, condition: str
) -> Iterator[Fact]:
    grant = keys.Permission(keys.repository(repository), permission).text
    what = "leaves files for" if permission == FILES else "stores caches for"
    name = f"{what} runs of {repository}"
    yield Node(k.GRANT, grant, job.workflow.evidence(*at), name=name)
    yield from _decides(job, grant, at, condition)


# -- caches -------------------------------------------------------------------------------------


def _caches(job: Job) -> Iterator[Fact]:
    stores, restores = [], []
    for step in job.steps:
        name = _called(step)
        off = step.input("cache").lower() == "false" or step.input("lookup-only").lower() == "true"
        sets_up = _SETS_UP.match(name) is not None and bool(step.input("cache"))
        if off:
            continue
        if name in _CACHING or sets_up or name == "actions/cache/save":
            stores.append(step)
        if name in _CACHING or sets_up or name == "actions/cache/restore":
            restores.append(step)
    # What a pull request's run stores no other run restores.
    if stores and any(not one.startswith("pull_request") for one in job.workflow.events):
        yield from _holds(job, CACHES, f"stores caches for runs of {job.repository}")
    if restores:
        at = (*restores[0].at, "uses")
        yield from _given(job, job.repository, CACHES, at, _CACHE)


# -- inputs -------------------------------------------------------------------------------------


def _started(job: Job) -> Iterator[Fact]:
    """Inputs that whoever starts the workflow chooses."""
    started = mapping(job.workflow.events.get("workflow_dispatch"))
    free = {
        name.lower()
        for name, one in mapping(started.get("inputs")).items()
        if text(mapping(one).get("type")) not in _OFFERED
    }
    body = job.body if job.calls else {**job.body, "": job.workflow.body.get("env")}
    for path, at in _asked(body, job.at) if free else ():
        given = path[3:] if path[:3] == ("github", "event", "inputs") else path[1:]
        whole = path[0] == "inputs" or path[:3] == ("github", "event", "inputs")
        if not whole or (given and given[0] not in free | {COMPUTED, "*"}):
            continue
        named = given[0] if given and given[0] in free else "any"
        grant = keys.Permission(keys.repository(job.repository), STARTS_RUNS).text
        yield from _decides(job, grant, _stands(at, job), _INPUT.format(named))
        return


def _stands(at: Pointer, job: Job) -> Pointer:
    """The place of a variable of the workflow, which was looked at with the job's."""
    return ("env", *at[len(job.at) + 1 :]) if at[len(job.at) : len(job.at) + 1] == ("",) else at
