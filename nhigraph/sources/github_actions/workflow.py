"""Facts of one workflow file."""

import posixpath
from collections.abc import Iterator, Mapping
from functools import partial

from nhigraph.facts import keys
from nhigraph.facts.asks import Trusted
from nhigraph.facts.ends import End
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused, Value
from nhigraph.facts.values import Named
from nhigraph.ingest.document import Document
from nhigraph.ingest.literals import Literals, Written
from nhigraph.policy.github_actions import events
from nhigraph.policy.github_actions.permissions import (
    DEFAULT_WRITES,
    IDENTITY_TOKENS,
    PUSHES,
    STARTS_RUNS,
    Permissions,
    effective,
)
from nhigraph.policy.scripts.coordinates import is_input_coordinate
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, NodeState, State
from nhigraph.sources.github_actions import (
    calls,
    forms,
    handed_on,
    interface,
    outsiders,
    runners,
    secrets,
    services,
    steps,
    tokens,
)
from nhigraph.sources.github_actions.jobs import read_jobs, unread
from nhigraph.sources.github_actions.logins import Logins
from nhigraph.sources.github_actions.model import (
    Home,
    Job,
    Pointer,
    Workflow,
    read_workflow,
    starters,
)
from nhigraph.sources.github_actions.shape import mapping, sequence, shown_name, text, texts
from nhigraph.sources.github_actions.values import Reader


def facts(doc: Document) -> Iterator[Fact]:
    """What one workflow file says.

    Raises:
        InputError: It is no workflow.
    """
    workflow = read_workflow(doc)
    if not workflow.home.live:
        reason = "GitHub runs workflows from .github/workflows only: nothing of it was taken"
        yield Note(reason, doc.at("on"))
        return
    yield from _workflow_facts(workflow)
    read = _Jobs(workflow, Written(doc, workflow.home.repository))
    yield from read.refused
    handed: dict[str, Pointer] = {}
    for job in read.jobs:
        found = secrets.uses(job)
        if workflow.called:
            handed = {**calls.called_names(found), **handed}
        yield from _job_facts(job, found, read)
    yield from read.interface()
    if workflow.called:
        yield from secrets.called_facts(workflow, {**handed, **_declared(workflow)})


class _Jobs:
    """The jobs of one file, each read once, whoever asks for it first."""

    def __init__(self, workflow: Workflow, written: Written) -> None:
        self.workflow, self.written = workflow, written
        found = list(read_jobs(workflow))
        self.refused = [one for one in found if isinstance(one, Refused)]
        self.jobs = [one for one in found if isinstance(one, Job)]
        self.torn = [*forms.in_workflow(workflow.body)]
        self._read: dict[str, tuple[Reader, list[steps.StepReading]]] = {}
        workflow.left = interface.Left(self.jobs, lambda job: self.read(job)[0])

    def read(self, job: Job) -> tuple[Reader, list[steps.StepReading]]:
        """What reads a job's values, and its steps."""
        if job.name not in self._read:
            reader = _reader(job, self.written)
            self._read[job.name] = reader, _readings(job, reader)
        return self._read[job.name]

    def interface(self) -> Iterator[Fact]:
        """What the file takes and gives back."""
        told = frozenset().union(*(self.read(job)[0].told for job in self.jobs))
        literals = Literals(self.written)
        reader = Reader(lambda _: (), literals, needed=self.workflow.left)
        on = self.workflow.doc.at("on")
        yield from interface.of_workflow(self.workflow, reader, told, on)
        yield from literals.facts(None)


def _reader(job: Job, written: Written) -> Reader:
    def secret_keys(name: str) -> tuple[str, ...]:
        return tuple(holder.key for holder in secrets.holders(job, name))

    levels = (mapping(job.workflow.body.get("env")), job.env, services.variables(job))
    outputs = map(text, mapping(job.body.get("outputs")).values())
    given = (
        text(value)
        for name, value in mapping(job.body.get("with")).items()
        if is_input_coordinate(name)
    )
    return Reader(
        secret_keys,
        Literals(written, services.passwords(job.body)),
        steps.told(job.steps, *levels, asked=(*outputs, *given)),
        job.values,
        calling=calls.of_own(job.steps),
        needed=job.needed,
    )


def _declared(workflow: Workflow) -> dict[str, Pointer]:
    call = mapping(workflow.events.get("workflow_call"))
    return {
        name.upper(): ("on", "workflow_call", "secrets", name)
        for name in mapping(call.get("secrets"))
    }


def _workflow_facts(workflow: Workflow) -> Iterator[Fact]:
    on = workflow.doc.at("on")
    yield from existence(workflow.home, on, _workflow_props(workflow))
    for event in workflow.events:
        if event not in events.EVENTS:
            yield Note("an event that GitHub does not have: it starts nothing", on)


def existence(
    home: Home, evidence: Evidence, props: Mapping[str, Value], state: NodeState | None = None
) -> Iterator[Fact]:
    """A workflow, the repository it lies in, and the grant that stops it.

    Args:
        home: Its repository and file.
        evidence: Where it was said.
        props: What else is known of it.
        state: Its life, where that was said.
    """
    repository = keys.repository(home.repository).text
    key = keys.Workflow(keys.repository(home.repository), home.file).text
    yield Node(k.REPOSITORY, repository, evidence, name=home.repository.partition("/")[2])
    yield Node(k.WORKFLOW, key, evidence, name=home.file, state=state, props=props)
    yield Edge(k.CONTAINS, repository, key, evidence)
    # Whoever may write `actions` cancels its runs and switches it off
    # (https://docs.github.com/en/rest/actions/workflows#disable-a-workflow).
    grant = keys.Permission(keys.repository(home.repository), STARTS_RUNS).text
    yield Node(k.GRANT, grant, evidence, name=f"actions: write on {home.repository}")
    yield Edge(k.CAN_STOP, grant, key, evidence)


def _workflow_props(workflow: Workflow) -> dict[str, Value]:
    crons = tuple(
        text(mapping(item).get("cron"))
        for item in sequence(workflow.events.get("schedule"))
        if mapping(item).get("cron")
    )
    call = mapping(workflow.events.get("workflow_call"))
    found: dict[str, Value] = {"defined": True, "triggers": starters(workflow)}
    checkout = workflow.doc.checkout
    columns = {
        "known_as": _other_names(workflow.title, workflow.home.file),
        "commits": (checkout.commit,) if checkout is not None and checkout.commit else (),
        "crons": crons,
        "call_secrets": tuple(sorted(name.upper() for name in mapping(call.get("secrets")))),
        "call_inputs": tuple(sorted(name.lower() for name in mapping(call.get("inputs")))),
    }
    return {**found, **{name: lines for name, lines in columns.items() if lines}}


def _job_facts(job: Job, found: list[secrets.Asked], read: _Jobs) -> Iterator[Fact]:
    workflow = job.workflow
    reader, readings = read.read(job)
    literals = reader.literals
    permissions = effective(job.body, workflow.body, only_called=workflow.only_called)
    logins = Logins(job, reader, permissions, [])
    place = workflow.doc.at(*job.at)
    login_facts = [fact for reading in readings for fact in logins.facts(reading)]
    folders = calls.checkouts(job.steps)
    caller = calls.Caller(job, reader) if job.calls else None
    props = _job_props(job, permissions)
    ends: list[End] = [*steps.said(reader, readings, job.key, place), *logins.found]
    ends += services.said(job, place)
    ends += caller.call() if caller else ()
    ends += tokens.said(job, permissions, workflow.doc.at(*_block(job, permissions, "id-token")))
    if caller is None:
        ends += calls.of_actions(job.repository, job.steps, folders, job.key, place)
    if any(use.name == secrets.ALL for use in found):
        props["all_secrets"] = True

    yield Node(k.CI_JOB, job.key, place, name=_job_name(job), props=props)
    yield from ends
    for torn, problem in (*read.torn, *forms.in_job(job.body, job.at)):
        yield unread(job, problem, workflow.evidence(*torn))
    yield from _executed(job)
    yield from secrets.environment_facts(job)
    yield from secrets.job_facts(job, found)
    yield from _token(job, permissions)
    if not logins.named and permissions.writes("id-token"):
        yield from _identity_token(job, permissions)
    yield from runners.facts(job)
    yield from login_facts
    for step in job.steps:
        if step.uses:
            at = workflow.doc.at(*step.at, "uses")
            yield from calls.action_facts(job.repository, job.key, step, folders, at)
    yield from caller.facts() if caller else ()
    yield from outsiders.facts(job, readings)
    yield from handed_on.facts(job, read.jobs)
    services.written(job, literals)
    yield from literals.facts(job.key, job.gates)


def _readings(job: Job, reader: Reader) -> list[steps.StepReading]:
    body = job.workflow.body
    outer: Named = {}
    if not job.calls:
        # Variables of the calling workflow do not reach a called one.
        outer = steps.layered(reader, {}, mapping(body.get("env")), ("env",))
        outer = steps.layered(reader, outer, job.env, (*job.at, "env"))
        # Of a container's variables a command has those that nothing else gives it.
        at = (*job.at, "container", "env")
        outer = {**steps.layered(reader, outer, services.variables(job), at), **outer}
    directory, named = (
        steps.default_of(name, job.body, body) for name in ("working-directory", "shell")
    )
    around = steps.texts_of({}, services.variables(job), mapping(body.get("env")), job.env)
    source = steps.Source(
        job.workflow.doc,
        job.workflow.lines,
        reader,
        directory,
        named or runners.default_shell(job),
        around,
    )
    return steps.read(source, job.steps, outer)


def _job_name(job: Job) -> str:
    """Its own name; without one its id after the file's name, because ids recur in every file."""
    stem = posixpath.splitext(job.workflow.home.file)[0]
    return shown_name(job.body) or f"{stem} / {job.name}"


def _shown(job: Job) -> str:
    """What GitHub shows: the workflow's name before the job's own, or its id."""
    return f"{job.workflow.title} / {shown_name(job.body) or job.name}"


def _other_names(shown: str, name: str) -> tuple[str, ...]:
    """What GitHub shows, where that is neither the name nor the file it would be found by."""
    return (shown,) if shown not in {name, posixpath.splitext(name)[0]} else ()


def _job_props(job: Job, permissions: Permissions) -> dict[str, Value]:
    found: dict[str, Value] = {"permissions_from": permissions.origin}
    environments = job.environments
    others = () if environments.complete else ("?",)
    columns = {
        "permissions": tuple(f"{s}={level}" for s, level in sorted(permissions.levels.items())),
        "environments": (*environments.names, *others),
        "known_as": _other_names(_shown(job), _job_name(job)),
        "needs": texts(job.body.get("needs")),
    }
    found |= {name: lines for name, lines in columns.items() if lines}
    inside = services.inside(job)
    return found | ({"container": inside} if inside else {})


def _executed(job: Job) -> Iterator[Fact]:
    """The file and its job: a changed file runs only past the environment's rules.

    What stops the file stops the job, and no rule stands in the way of that.
    """
    evidence = job.workflow.doc.at(*job.at)
    for gate in job.gates:
        yield Edge(k.EXECUTES, job.workflow.key, job.key, evidence, gate=gate)
    if None not in job.gates:
        yield Edge(k.DEPENDS_ON, job.workflow.key, job.key, evidence)


_CALLER = "the permissions of the jobs that call {} of {} let it write"


def _token(job: Job, permissions: Permissions) -> Iterator[Fact]:
    """What the job's own token opens in the repository."""
    workflow = job.workflow
    if permissions.odd:
        at = _block(job, permissions)
        reason = "permissions that GitHub does not have: such a file is refused"
        yield unread(job, reason, workflow.doc.at(*at))
    caller = _CALLER.format(workflow.home.file, job.repository)
    condition = {"default": DEFAULT_WRITES, "caller": caller}.get(permissions.origin)
    certainty = Certainty.CONDITIONAL if condition else Certainty.CERTAIN
    if condition or permissions.writes("contents"):
        at = _block(job, permissions, "contents")
        yield from _contents(job, workflow.doc.at(*at), certainty, condition)
    if permissions.writes("packages"):
        yield from handed_on.packages(job)
    if condition or permissions.writes("actions"):
        at = _block(job, permissions, "actions")
        grant = keys.Permission(keys.repository(job.repository), STARTS_RUNS).text
        holds = partial(Edge, k.HOLDS, job.key, grant, workflow.doc.at(*at))
        for gate in job.gates:
            yield holds(certainty=certainty, condition=condition, gate=gate)


def _contents(
    job: Job, evidence: Evidence, certainty: Certainty, condition: str | None
) -> Iterator[Fact]:
    """What the token writes to the repository, past the rule of a branch.

    Which branch is the default one no workflow says: joins name it. Where an environment's rule
    stands before the job too, the two stand one behind the other, with the permission between.
    """
    repository = keys.repository(job.repository).text
    branch = keys.BranchProtection(keys.repository(job.repository), keys.UNNAMED).text
    writes = partial(Edge, k.CAN_WRITE, action="change_logic", gate=branch)
    if None in job.gates:
        yield writes(job.key, repository, evidence, certainty=certainty, condition=condition)
    gates = [gate for gate in job.gates if gate is not None]
    if not gates:
        return
    grant = keys.Permission(keys.repository(job.repository), PUSHES).text
    yield Node(k.GRANT, grant, evidence, name=f"contents: write on {job.repository}")
    yield writes(grant, repository, evidence)
    for gate in gates:
        yield Edge(
            k.HOLDS,
            job.key,
            grant,
            evidence,
            certainty=certainty,
            condition=condition,
            gate=gate,
        )


_TRUSTED = "which cloud identities trust the tokens of this repository is in no input"


def _identity_token(job: Job, permissions: Permissions) -> Iterator[Fact]:
    """The right to a token for clouds, of a job that names nobody whom it becomes with it."""
    evidence = job.workflow.doc.at(*_block(job, permissions, "id-token"))
    grant = keys.Permission(keys.repository(job.repository), IDENTITY_TOKENS).text
    yield Node(k.GRANT, grant, evidence, name=f"id-token: write in {job.repository}")
    for gate in job.gates:
        yield Edge(k.HOLDS, job.key, grant, evidence, gate=gate)
    yield Gap(grant, _TRUSTED, evidence, (State.CONTROL,), asks=Trusted())


def _block(job: Job, permissions: Permissions, scope: str = "") -> Pointer:
    """Place of the block the permissions come from, or of one line of it."""
    if not permissions.known:
        return job.at
    at = (*job.at, "permissions") if permissions.origin == "job" else ("permissions",)
    level = job.body if permissions.origin == "job" else job.workflow.body
    return (*at, scope) if scope in mapping(level.get("permissions")) else at
