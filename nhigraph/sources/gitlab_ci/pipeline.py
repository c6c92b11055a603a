"""Facts of one pipeline: the project's own, or a child's."""

from collections.abc import Iterator, Mapping
from functools import partial

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.asks import Export, Machine
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused, Value
from nhigraph.facts.keys import gitlab, gitlab_access
from nhigraph.facts.keys.gitlab_access import Namespace
from nhigraph.facts.missing import Missing
from nhigraph.facts.values import Named
from nhigraph.policy.forges.gitlab import DEFAULT_WRITES, FORGE
from nhigraph.policy.gitlab.roles import JOB_TOKENS
from nhigraph.policy.gitlab_ci.runs import SOURCES
from nhigraph.policy.rights import PUSH
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, NodeState, State
from nhigraph.sources.gitlab_ci import (
    environments,
    forms,
    handed_on,
    reports,
    scripts,
    surroundings,
    tokens,
)
from nhigraph.sources.gitlab_ci.compose import Outside
from nhigraph.sources.gitlab_ci.environments import Environments
from nhigraph.sources.gitlab_ci.model import Job, Pipeline, is_keyword, places_of
from nhigraph.sources.gitlab_ci.scripts import Script
from nhigraph.sources.gitlab_ci.tree import Part
from nhigraph.sources.gitlab_ci.triggers import Child, trigger_facts
from nhigraph.sources.gitlab_ci.variables import Reader, Shown

_OUTSIDE = "{} is included and not among the inputs: what it adds to the job is not known"
_OUTSIDE_ALL = "{} is included and not among the inputs: which jobs it adds is not known"
_MOST_VARIABLES = 200_000
_SET = "a CI/CD variable of that name is set, which no file says"
_MAYBE = "a rule decides whether this file is included: it is read as if it were"
_REPLACED = "a rule decides whether a file is included that says something else of the job"
_NEVER = "no kind of run has this job: it is told as disabled"


def facts(pipeline: Pipeline, shown: Shown) -> Iterator[Fact | Child]:
    """What one pipeline says; children that its jobs start are told for whoever reads them.

    Raises:
        InputError: Its jobs have more variables than are read.
    """
    total = sum(len(job.variables) for job in pipeline.jobs)
    if total > _MOST_VARIABLES:
        problem = f"more than {_MOST_VARIABLES} variables over all jobs"
        raise InputError(pipeline.doc.artifact, "", problem)
    yield from _pipeline(pipeline)
    for reason, place in pipeline.composed.lines:
        yield Note(reason, place.evidence())
    for place in pipeline.composed.maybe:
        yield Note(_MAYBE, place.evidence())
    for part in places_of(pipeline):
        # A record of another form than a job's may have been one, whichever.
        yield Refused(
            "expected a job, a mapping with 'script' or 'trigger'",
            part.place.evidence(),
            of_anybody=not isinstance(part.value, Mapping),
        )
    yield from _outside(pipeline)
    for job in pipeline.jobs:
        yield from _job(job, shown)


def _pipeline(pipeline: Pipeline) -> Iterator[Fact]:
    own, key = pipeline.repository, pipeline.workflow.text
    place = pipeline.place
    kinds = sorted({kind.source for kind, _ in pipeline.kinds})
    props: dict[str, Value] = {"defined": True}
    props["triggers"] = tuple(f"{source}={SOURCES[source][1]}" for source in kinds)
    checkout = pipeline.doc.checkout
    if checkout is not None and checkout.commit:
        props["commits"] = (checkout.commit,)
    name = pipeline.file or pipeline.doc.path.name
    yield Node(k.REPOSITORY, own.text, place, name=own.name)
    yield Node(k.WORKFLOW, key, place, name=name, props=props)
    yield Edge(k.CONTAINS, own.text, key, place)
    yield from _token_holders(pipeline)


def _token_holders(pipeline: Pipeline) -> Iterator[Fact]:
    """The project's jobs, as other projects let them in by their tokens: with all of a group's."""
    own, place = pipeline.repository, pipeline.place
    jobs = gitlab_access.Members(own, JOB_TOKENS).text
    yield Node(k.GROUP, jobs, place, name=f"jobs of {own.project}")
    around = () if own.is_local else (*gitlab_access.groups(own), Namespace(own.host))
    for one in around:
        key = gitlab_access.OwnerMembers(one.host, one.group, JOB_TOKENS).text
        yield Node(k.GROUP, key, place, name=f"jobs of {one.group or one.host}")
        yield Edge(k.MEMBER_OF, jobs, key, place)


# -- what is not among the inputs ---------------------------------------------------------------


def _merged(pipeline: Pipeline) -> Export | None:
    lines: tuple[Missing, ...] = FORGE.exports.workflow_file(pipeline.repository, pipeline.file)
    return next((Export(one.title) for one in lines), None)


def _name(outside: Outside) -> str:
    whose = f"{outside.project}:" if outside.project else ""
    return f"the {outside.sort} file {whose}{outside.name}"


def _outside(pipeline: Pipeline) -> Iterator[Fact]:
    """Files that are included and are not there: whose they are, and what is not known for it."""
    for one in pipeline.composed.outside:
        evidence = one.place.evidence()
        reason = _OUTSIDE_ALL.format(_name(one))
        yield Gap(pipeline.workflow.text, reason, evidence, asks=_merged(pipeline))
        key = _key(pipeline, one)
        if key is None:
            continue
        yield Node(k.ARTIFACT, key.text, evidence, name=_name(one), props={"pinned": _pin(one)})
        if isinstance(key, gitlab.Included) and _pin(one) != "commit":
            of = key.repository
            yield Node(k.REPOSITORY, of.text, evidence, name=of.name)
            yield Edge(k.CONTAINS, of.text, key.text, evidence)


def _pin(outside: Outside) -> str:
    ref = outside.ref or outside.name.rpartition("@")[2]
    commit = len(ref) in (40, 64) and set(ref) <= set("0123456789abcdef")
    return "commit" if commit else "mutable"


def _key(pipeline: Pipeline, outside: Outside) -> keys.Key | None:
    """Key of an included file of elsewhere; None where the file does not say where it lies."""
    own = pipeline.repository
    told = f"{outside.project}{outside.name}{outside.ref}"
    host = "gitlab.com" if own.is_local else own.host
    told = told.replace("$CI_SERVER_FQDN", host).replace("$CI_SERVER_HOST", host)
    if "$" in told or (own.is_local and outside.sort == "project"):
        return None
    if outside.sort == "project":
        of = gitlab.project(f"{host}/{outside.project}")
        return gitlab.Included(of, outside.name.lstrip("/"), outside.ref)
    if outside.sort == "component":
        address, _, version = told.rpartition("@")
        path, _, name = address.rpartition("/")
        of = gitlab.project(path)
        return gitlab.Included(of, name, version) if "/" in of.project else None
    return gitlab.RemoteFile(outside.name) if outside.sort == "remote" else None


# -- jobs ---------------------------------------------------------------------------------------


def _torn(job: Job) -> Iterator[Gap]:
    """Where GitLab would not take what stands there: what the job does is not known."""
    composed = job.pipeline.composed
    found = [
        (part.place.evidence(), problem)
        for part, problem in (*forms.in_all(composed.root), *forms.in_job(job.part))
    ]
    if job.name in composed.torn:
        found.append((composed.torn[job.name].evidence(), "expected a job that it extends"))
    for at, problem in found:
        asks = Machine() if "tags" in at.pointer.split("/") else None
        yield Gap(job.key, f"what it does here could not be read: {problem}", at, asks=asks)


def _job(job: Job, shown: Shown) -> Iterator[Fact | Child]:
    def readers(one: Job, left: Named) -> Reader:
        own = surroundings.passwords(one)
        return Reader(one, shown, own, handed=tokens.handed(one), left=left)

    reader = readers(job, reports.given(job, readers))
    found: list[Script] = []
    gaps: list[Fact] = []
    for one in scripts.scripts(job):
        if isinstance(one, Script):
            found.append(one)
        else:
            gaps.append(one)
    reader.told, reader.assigned = scripts.told(job, found), scripts.assigned(found)
    reader.given_as_password = scripts.given_as_password(job, found)
    around = environments.of(job, reader)
    reader.holder = around.holder
    for script in found:
        scripts.read(reader, script)
    env = {name: reader.variable(name) for name in sorted({*job.variables, *reader.handed})}
    surroundings.shown(job, reader)
    torn = [*_torn(job)]
    yield Node(
        k.CI_JOB,
        job.key,
        job.place,
        name=job.name,
        state=None if job.runs or torn else NodeState.DISABLED,
        props=_props(job, around),
    )
    yield from torn
    if not job.runs and not torn:
        yield Note(_NEVER, job.place)
    yield from gaps
    for name, where in job.pipeline.composed.changed.items():
        if name == job.name or name.startswith(".") or is_keyword(name):
            yield Gap(job.key, _REPLACED, where.evidence(), (State.CONTROL,))
            break
    yield from scripts.said(reader, found, env)
    yield from surroundings.services(job, reader)
    yield from tokens.said(job, reader, around.gates)
    yield from _executed(job, around)
    yield from around.facts(job)
    yield from surroundings.runners(job, reader, around.gates)
    yield from surroundings.image(job, reader)
    yield from handed_on.facts(job, around.gates)
    yield from tokens.grants(job, around.gates)
    yield from tokens.stored(job, around.gates)
    yield from _token(job, around)
    yield from trigger_facts(job, reader)
    yield from _variables(job, reader, around)
    for literals in reader.shows:
        yield from literals.facts(job.key, around.gates)


def _props(job: Job, around: Environments) -> dict[str, Value]:
    needs = [item.text or item.get("job").text for item in job.part.get("needs").items]
    others = () if around.complete else (keys.UNNAMED,)
    props: dict[str, Value] = {"permissions_from": "default"}
    props["container"] = surroundings.inside(job)
    if around.names or others:
        props["environments"] = (*around.names, *others)
    if "trigger" in job.part.names:
        props["starts_only"] = True
    if job.events:
        props["triggers"] = job.events
    if any(needs):
        props["needs"] = tuple(filter(None, needs))
    return props


def _executed(job: Job, around: Environments) -> Iterator[Fact]:
    """The configuration and its job, past the environment's rule; and what is included."""
    pipeline = job.pipeline
    for gate in around.gates:
        yield Edge(k.EXECUTES, pipeline.workflow.text, job.key, job.place, gate=gate)
    if None not in around.gates:
        yield Edge(k.DEPENDS_ON, pipeline.workflow.text, job.key, job.place)
    for one in pipeline.composed.outside:
        evidence = one.place.evidence()
        reason = _OUTSIDE.format(_name(one))
        yield Gap(job.key, reason, evidence, (State.CONTROL,), asks=_merged(pipeline))
        key = _key(pipeline, one)
        if key is not None:
            yield Edge(k.EXECUTES, key.text, job.key, evidence)


def _token(job: Job, around: Environments) -> Iterator[Fact]:
    """What the job's own token may push, if the project lets it, and that others may let it in.

    Which branch is the default one no file says: joins name it. Where an environment's rule stands
    before the job too, the two stand one behind the other, with the permission between.
    """
    if "trigger" in job.part.names:
        return
    own = job.pipeline.repository
    for gate in around.gates:
        jobs = gitlab_access.Members(own, JOB_TOKENS).text
        yield Edge(k.MEMBER_OF, job.key, jobs, job.place, gate=gate)
    maybe = partial(Edge, certainty=Certainty.CONDITIONAL, condition=DEFAULT_WRITES)
    writes = "change_logic"
    branch = own.protection(keys.UNNAMED).text
    if None in around.gates:
        yield maybe(k.CAN_WRITE, job.key, own.text, job.place, action=writes, gate=branch)
        return
    grant = own.permission(PUSH_BY_TOKEN).text
    yield Node(k.GRANT, grant, job.place, name=f"pushing to {own.path} by a job's token")
    yield Edge(k.CAN_WRITE, grant, own.text, job.place, action=writes, gate=branch)
    for gate in around.gates:
        yield maybe(k.HOLDS, job.key, grant, job.place, gate=gate)


#: A job's token pushes, and reads no variable by that; whoever else pushes does.
PUSH_BY_TOKEN = f"{PUSH}-by-job-token"


def _variables(job: Job, reader: Reader, around: Environments) -> Iterator[Fact]:
    """Variables of GitLab's that the job asks for, past the rule of its environment."""
    for name, place in sorted(reader.asked.items()):
        yield from _reads(job, around, name, Part(None, place), None)
    for name, place in sorted(reader.unnamed.items()):
        if name not in reader.asked:
            yield from _reads(job, around, name, Part(None, place), _SET)


def _reads(
    job: Job, around: Environments, name: str, part: Part, condition: str | None
) -> Iterator[Fact]:
    key, evidence = around.holder(name), part.place.evidence()
    certainty = Certainty.CONDITIONAL if condition else Certainty.CERTAIN
    yield Node(k.SECRET, key, evidence, name=name)
    read = partial(Edge, k.CAN_READ, job.key, key, evidence, action="use_secret")
    for gate in around.gates:
        yield read(certainty=certainty, condition=condition, gate=gate)
    yield Edge(k.DEPENDS_ON, key, job.key, evidence, certainty=certainty, condition=condition)
    yield from around.same(name, part)
