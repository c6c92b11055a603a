"""Cloud logins of a job: whom it asks to become, by which action or command.

What the cloud answers is in the trust policy, never in the workflow: every edge is conditional.
Whoever is named becomes a node, of which a join says that nothing describes it; where nobody is
named, or somebody by a secret, a variable or an expression, the job has a gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.policy.github_actions import clouds
from nhigraph.policy.github_actions.actions import Hosting, hosting
from nhigraph.policy.github_actions.clouds import Cloud, LoginAction
from nhigraph.policy.github_actions.permissions import Permissions
from nhigraph.policy.github_actions.tools import unwrapped
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State
from nhigraph.sources.github_actions.model import Job, Pointer
from nhigraph.sources.github_actions.shape import mapping, text, texts
from nhigraph.sources.github_actions.steps import StepReading
from nhigraph.sources.github_actions.values import Reader, encode

TRUST = "the trust policy that lets this job in is not in the workflow file"
_ELSE = "the job has credentials from elsewhere, as it has no 'id-token: write', and the role"
#: With both, every SDK of AWS becomes the role
#: (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
_ROLE_VARIABLE, _TOKEN_VARIABLE = "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"


def entries(reader: Reader, reading: StepReading) -> Iterator[str]:
    """Lines of the property ``logins`` of one step: an action's, then those of commands."""
    step = reading.step
    action = _action(reading)
    if action:
        fields = [str(action.cloud)]
        for name in (action.identity, *action.others, *action.secrets):
            value = step.input(name)
            if value:
                at = (*step.at, "with", _spelt(reading, name))
                secret = name in action.secrets
                refs = reader.refs(value, reading.env, name if secret else "", at)
                shown = refs if refs != ("literal",) or secret else None
                kept = "|".join(shown) if shown else f"literal:{encode(value)}"
                fields.append(f"{name}={kept.replace(';', '%3B')}")
        yield ";".join((*fields, f"step={step.index}"))
    for cloud, name in _by_commands(reading):
        named = clouds.identity(cloud, name) is not None
        whom = f"literal:{encode(name)}" if named else "expression"
        yield f"{cloud};{clouds.IDENTITY[cloud]}={whom};step={step.index}"


def _action(reading: StepReading) -> LoginAction | None:
    return clouds.ACTIONS.get(reading.step.uses.partition("@")[0].lower())


def _spelt(reading: StepReading, name: str) -> str:
    return next((key for key in reading.step.inputs if key.lower() == name), name)


def _by_commands(reading: StepReading) -> Iterator[tuple[Cloud, str]]:
    for command in reading.commands:
        yield from clouds.by_command(unwrapped(command.words))


@dataclass(slots=True)
class Logins:
    """Collects the logins of one job.

    Attributes:
        job: The job.
        reader: Reads its values.
        permissions: What its token may do; without ``id-token: write`` no cloud will know it.
        entries: Lines of the property ``logins``.
        named: Somebody is named, by whom the gap of an unknown cloud is told.
    """

    job: Job
    reader: Reader
    permissions: Permissions
    entries: list[str]
    named: bool = False

    def facts(self, reading: StepReading) -> Iterator[Fact]:
        """Facts of the logins of one step."""
        action = _action(reading)
        if action:
            yield from self._by_action(reading, action)
        for cloud, name in _by_commands(reading):
            yield from self._become(cloud, name, (*reading.step.at, "run"))
        if {_ROLE_VARIABLE, _TOKEN_VARIABLE} <= reading.env.keys():
            yield from self._by_variables(reading)
        self.entries.extend(entries(self.reader, reading))

    def _by_variables(self, reading: StepReading) -> Iterator[Fact]:
        step, job = reading.step, self.job
        levels = (
            (step.env, (*step.at, "env")),
            (job.env, (*job.at, "env")),
            (mapping(job.workflow.body.get("env")), ("env",)),
        )
        for variables, at in levels:
            if _ROLE_VARIABLE in variables:
                place = (*at, _ROLE_VARIABLE)
                yield from self._become(Cloud.AWS, text(variables[_ROLE_VARIABLE]), place)
                return
        yield self._gap("whom the job becomes in aws is not in the file", (*step.at, "run"))

    def _by_action(self, reading: StepReading, action: LoginAction) -> Iterator[Fact]:
        step = reading.step
        at = (*step.at, "with", _spelt(reading, action.identity))
        name = step.input(action.identity)
        given = [secret for secret in action.secrets if step.input(secret)]
        if not name:
            refs = [ref for one in given for ref in self._refs(reading, one)]
            if not given:
                yield self._gap("the login names nobody", (*step.at, "uses"))
            elif not any(ref.startswith(("secret:", "within:")) for ref in refs):
                reason = f"the key that the job logs in to {action.cloud} with is not in the file"
                yield self._gap(reason, (*step.at, "uses"))
            return
        # A called workflow without a block of its own has what the caller's token has.
        knows = action.cloud is not Cloud.VAULT and self.permissions.origin != "caller"
        if not knows or self.permissions.writes("id-token") or given:
            yield from self._become(action.cloud, name, at)
        elif self._has_others(reading, action):
            yield from self._become(action.cloud, name, at, f"{_ELSE} ({TRUST})")
        else:
            reason = "the login fails: the job has no 'id-token: write' and no key"
            yield Note(reason, self.job.workflow.doc.at(*at))

    def _refs(self, reading: StepReading, name: str) -> tuple[str, ...]:
        at = (*reading.step.at, "with", _spelt(reading, name))
        return self.reader.refs(reading.step.input(name), reading.env, name, at)

    def _has_others(self, reading: StepReading, action: LoginAction) -> bool:
        """Whether credentials may come from the machine, from variables or an earlier login."""
        if action.cloud is Cloud.GCP and reading.step.input("workload_identity_provider"):
            return False  # It asks GitHub for the token itself.
        labels = self.job.body.get("runs-on")
        hosted = hosting(texts(labels), None) is Hosting.GITHUB and not isinstance(labels, dict)
        variables = any(name.startswith(("AWS_ACCESS_KEY", "AWS_SESSION")) for name in reading.env)
        return not hosted or variables or bool(self.entries)

    def _become(
        self, cloud: Cloud, name: str, at: Pointer, condition: str = TRUST
    ) -> Iterator[Fact]:
        self.named = True
        found = clouds.identity(cloud, name)
        if found is None:
            yield self._gap(f"whom the job becomes in {cloud} is not in the file", at)
            return
        kind, key = found
        evidence = self.job.workflow.doc.at(*at, excerpt=at[-1] != "run")
        yield Node(kind, key, evidence, name=name.rpartition("/")[2])
        for gate in self.job.gates:
            yield Edge(
                k.CAN_ASSUME,
                self.job.key,
                key,
                evidence,
                certainty=Certainty.CONDITIONAL,
                condition=condition,
                gate=gate,
            )

    def _gap(self, reason: str, at: Pointer) -> Gap:
        self.named = True
        return Gap(self.job.key, reason, self.job.workflow.evidence(*at), (State.CONTROL,))
