"""Cloud logins of a job: whom it asks to become, by which action or command.

What the cloud answers is in the trust policy, never in the workflow: every edge is conditional.
Whoever is named becomes a node, of which a join says that nothing describes it; where nobody is
named, or somebody by a secret, a variable or an expression, the job has a gap.
"""

from collections.abc import Iterator

from nhigraph.facts.asks import Becomes
from nhigraph.facts.ends import Endpoint, Login
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.facts.values import UNKNOWN, Literal, Value, secrets
from nhigraph.policy import clouds
from nhigraph.policy.clouds import Cloud, LoginAction
from nhigraph.policy.github_actions.actions import Hosting, hosting
from nhigraph.policy.github_actions.permissions import Permissions
from nhigraph.policy.scripts.wrappers import unwrapped
from nhigraph.policy.trusts import UNREAD
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State
from nhigraph.sources.github_actions.model import Job, Pointer, texts_of
from nhigraph.sources.github_actions.shape import mapping, text, texts
from nhigraph.sources.github_actions.steps import StepReading
from nhigraph.sources.github_actions.values import Reader

_ELSE = "the job has credentials from elsewhere, as it has no right to a token, and the role"
#: With both, every SDK of AWS becomes the role
#: (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
_ROLE_VARIABLE, _TOKEN_VARIABLE = "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"


def said(reader: Reader, reading: StepReading, key: str, place: Evidence) -> Iterator[Login]:
    """Logins of one step, of the job or action with that key: an action's, then commands'."""
    action = _action(reading)
    if action:
        user = _given(reader, reading, action.identity, secret=False)
        password = tuple(
            ref for name in action.secrets for ref in _given(reader, reading, name, secret=True)
        )
        others = {
            name: _given(reader, reading, name, secret=False)
            for name in action.others
            if reading.step.input(name)
        }
        where = Endpoint(action.cloud)
        yield Login(key, place, endpoint=where, user=user, password=password, options=others)
    for cloud, name in _by_commands(reading):
        named = clouds.identity(cloud, name) is not None
        whom = (Literal(name),) if named else UNKNOWN
        yield Login(key, place, endpoint=Endpoint(cloud), user=whom)


def _given(reader: Reader, reading: StepReading, name: str, *, secret: bool) -> Value:
    """What an input of a login action is given; an address or a name is kept as it stands."""
    value = reading.step.input(name)
    if not value:
        return ()
    at = (*reading.step.at, "with", _spelt(reading, name))
    refs = reader.refs(value, reading.env, name if secret else "", at)
    return (Literal(value),) if refs == (Literal(),) and not secret else refs


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
        found: Logins of the job so far.
        named: Somebody is named, by whom the gap of an unknown cloud is told.
    """

    job: Job
    reader: Reader
    permissions: Permissions
    found: list[Login]
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
        place = self.job.workflow.doc.at(*self.job.at)
        self.found += said(self.reader, reading, self.job.key, place)

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
            elif not secrets(tuple(refs)):
                reason = f"the key that the job logs in to {action.cloud} with is not in the file"
                yield self._gap(reason, (*step.at, "uses"))
            return
        # A called workflow without a block of its own has what the caller's token has.
        knows = action.cloud is not Cloud.VAULT and self.permissions.origin != "caller"
        condition = UNREAD
        if knows and not self.permissions.writes("id-token") and not given:
            condition = f"{_ELSE} ({UNREAD})" if self._has_others(reading, action) else ""
        if condition:
            for one in self._texts(reading, name, at):
                yield from self._become(action.cloud, one, at, condition)
        else:
            reason = "the login fails: the job has no 'id-token: write' and no key"
            yield Note(reason, self.job.workflow.doc.at(*at))

    def _texts(self, reading: StepReading, name: str, at: Pointer) -> list[str]:
        """All that a name may come to; itself where that is not known."""
        found = texts_of(self.reader.refs(name, reading.env, "", at)) if "${{" in name else None
        return sorted(text for text in map(str, found) if text) if found else [name]

    def _refs(self, reading: StepReading, name: str) -> Value:
        at = (*reading.step.at, "with", _spelt(reading, name))
        return self.reader.refs(reading.step.input(name), reading.env, name, at)

    def _has_others(self, reading: StepReading, action: LoginAction) -> bool:
        """Whether credentials may come from the machine, from variables or an earlier login."""
        if action.cloud is Cloud.GCP and reading.step.input("workload_identity_provider"):
            return False  # It asks GitHub for the token itself.
        labels = self.job.body.get("runs-on")
        hosted = hosting(texts(labels), None) is Hosting.GITHUB and not isinstance(labels, dict)
        variables = any(name.startswith(("AWS_ACCESS_KEY", "AWS_SESSION")) for name in reading.env)
        return not hosted or variables or bool(self.found)

    def _become(
        self, cloud: Cloud, name: str, at: Pointer, condition: str = UNREAD
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
        place = self.job.workflow.evidence(*at)
        return Gap(self.job.key, reason, place, (State.CONTROL,), asks=Becomes())
