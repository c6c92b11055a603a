"""Which secrets a job sees, where they may be kept, and by which line it asks for them.

A name is looked up in the job's environment, then in the repository, then in the organization
(https://docs.github.com/en/actions/concepts/security/secrets). Which has it, no file says:

* without an environment the secret is the repository's;
* with one it is the environment's, and two conditional FEEDS say that it may be one and the same
  as the repository's: so the job's own way stays certain, and the other holder is not forgotten;
* in a reusable workflow it is the *called secret*, which each caller's mapping FEEDS.
"""

from collections.abc import Iterator, Mapping

from nhigraph.facts import keys, shared
from nhigraph.facts.facts import Edge, Fact, Gap, Gate, Node
from nhigraph.policy.github_actions import expressions
from nhigraph.policy.github_actions.expressions import COMPUTED, Path
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, GateKind, State, Transform
from nhigraph.sources.github_actions.model import Job, Pointer, Workflow
from nhigraph.sources.github_actions.shape import mapping

#: What a path that names the whole context, or a computed member, stands for.
ALL = "*"
_TOKEN = "GITHUB_TOKEN"  # noqa: S105 - its name


def environment_pointer(job: Job) -> Pointer:
    """Place of the environment's name."""
    inner = "name" in mapping(job.body.get("environment"))
    return (*job.at, "environment", "name") if inner else (*job.at, "environment")


def secret_name(path: Path) -> str | None:
    """Name of the secret a context path reads: upper case, ``*`` for all, None for no secret.

    Names compare without case and are stored in upper case; the job's own token is no stored
    secret.
    """
    if path[0].lower() != "secrets":
        return None
    name = path[1].upper() if len(path) > 1 else ALL
    if name in (COMPUTED, ALL):
        return ALL
    return None if name == _TOKEN else name


@dataclass(frozen=True, slots=True)
class Asked:
    """A place that asks for a secret; ``name`` is None where it was not understood."""

    name: str | None
    at: Pointer


def _uses_below(value: object, at: Pointer) -> Iterator[Asked]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _uses_below(item, (*at, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _uses_below(item, (*at, index))
    elif isinstance(value, str):
        bare = at[-1] == "if" and "${{" not in value
        if bare or "${{" in value:
            yield from _uses_in(f"${{{{{value}}}}}" if bare else value, at)


def _uses_in(value: str, at: Pointer) -> Iterator[Asked]:
    names: set[str] = set()
    for part in expressions.embedded(value):
        if part.expression is None:
            if "secrets" in value.lower():
                yield Asked(None, at)
            continue
        for path in expressions.references(part.expression):
            name = secret_name(path)
            if name:
                names.add(name)
    for name in sorted(names):
        yield Asked(name, at)


def uses(job: Job) -> list[Asked]:
    """Every place that hands a secret to the job: its own, and the workflow's variables."""
    found = list(_uses_below(job.body, job.at))
    if not job.calls:
        # Variables of the calling workflow do not reach a called one.
        found += _uses_below(job.workflow.body.get("env"), ("env",))
    return found


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a secret of a given name may be kept."""

    key: str
    environment: str | None = None
    certain: bool = True


def fallbacks(workflow: Workflow, name: str) -> tuple[str, ...]:
    """Keys under which a name is found when no environment has it."""
    repository, file = workflow.home.repository, workflow.home.file
    found: list[str] = []
    if workflow.called:
        found.append(
            keys.CalledSecret(keys.Workflow(keys.repository(repository), file), name).text
        )
    if not workflow.only_called:
        found.append(keys.RepositorySecret(keys.repository(repository), name).text)
    return tuple(found)


def holders(job: Job, name: str) -> tuple[Holder, ...]:
    """Where the job's ``secrets.NAME`` is kept."""
    found = job.environments
    kept = tuple(
        Holder(
            keys.EnvironmentSecret(
                keys.Environment(keys.repository(job.repository), env), name
            ).text,
            env,
            found.complete,
        )
        for env in found.names
    )
    if found.names and not found.absent:
        return kept
    bare = fallbacks(job.workflow, name)
    return (*kept, *(Holder(key, certain=found.complete) for key in bare))


_SAME = "the secret is not kept in the environment, so that the other holder's stands"
_WHICH = "which environment the job names is not in the file"


def job_facts(job: Job, found: list[Asked]) -> Iterator[Fact]:
    """Edges from the job to each secret it sees, and what cannot be told."""
    doc = job.workflow
    for use in found:
        if use.name in (None, ALL):
            what = "every secret it can see" if use.name else "a secret"
            because = "" if use.name else " in an expression that is not understood"
            reason = f"the job asks for {what}{because}: which those are is not in the files"
            yield Gap(job.key, reason, doc.evidence(*use.at), (State.CONTROL,))
    named = sorted({use.name for use in found if use.name and use.name != ALL})
    # One place is enough to say that every name is asked for.
    open_ended = [use.at for use in found if use.name == ALL][:1]
    for name in named:
        places = [use.at for use in found if use.name == name] + open_ended
        for holder in holders(job, name):
            yield from _reads(job, name, holder, places)
        yield from _aliases(job, name, places[0])


def _reads(job: Job, name: str, holder: Holder, places: list[Pointer]) -> Iterator[Fact]:
    repository = job.repository
    gates = job.gates_of_no_name
    if holder.environment is not None:
        gates = (
            keys.EnvironmentProtection(
                keys.Environment(keys.repository(repository), holder.environment)
            ).text,
        )
    certainty = Certainty.CERTAIN if holder.certain else Certainty.CONDITIONAL
    condition = None if holder.certain else _WHICH
    for at in places:
        evidence = job.workflow.evidence(*at)
        yield Node(k.SECRET, holder.key, evidence, name=name)
        for gate in gates:
            yield Edge(
                k.CAN_READ,
                job.key,
                holder.key,
                evidence,
                action="use_secret",
                certainty=certainty,
                condition=condition,
                gate=gate,
            )
        yield Edge(
            k.DEPENDS_ON, holder.key, job.key, evidence, certainty=certainty, condition=condition
        )


def _aliases(job: Job, name: str, at: Pointer) -> Iterator[Fact]:
    """Say that an environment's secret may be the repository's: values flow both ways."""
    evidence = job.workflow.evidence(*at)
    for environment in job.environments.names:
        own = keys.EnvironmentSecret(
            keys.Environment(keys.repository(job.repository), environment), name
        ).text
        for other in fallbacks(job.workflow, name):
            yield from shared.may_be(own, other, name, _SAME, evidence)


def environment_facts(job: Job) -> Iterator[Fact]:
    """The environments, and their protection rules as gates of which nothing is known here."""
    found = job.environments
    if found.names or not found.complete:
        evidence = job.workflow.doc.at(*environment_pointer(job))
        for name in found.names:
            key = keys.Environment(keys.repository(job.repository), name).text
            yield Node(k.ENVIRONMENT, key, evidence, name=name)
            gate = keys.EnvironmentProtection(
                keys.Environment(keys.repository(job.repository), name)
            ).text
            yield Gate(gate, GateKind.APPROVAL, evidence, at=key)
        if not found.complete:
            reason = f"{_WHICH}: its secrets and its rules are not known"
            yield Gap(job.key, reason, evidence, (State.CONTROL,))


def called_facts(workflow: Workflow, names: Mapping[str, Pointer]) -> Iterator[Fact]:
    """What is handed to a reusable workflow: a caller may hand over all that it has."""
    repository, file = workflow.home.repository, workflow.home.file
    for name, at in sorted(names.items()):
        evidence = workflow.evidence(*at)
        key = keys.CalledSecret(keys.Workflow(keys.repository(repository), file), name).text
        kept = keys.RepositorySecret(keys.repository(repository), name).text
        yield Node(k.SECRET, key, evidence, name=name, props={"parameter": True})
        yield Node(k.SECRET, kept, evidence, name=name)
        yield Edge(
            k.FEEDS,
            kept,
            key,
            evidence,
            certainty=Certainty.CONDITIONAL,
            condition="a workflow of this repository calls it with 'secrets: inherit'",
            transform=Transform.COPY,
        )
