"""Cloud logins of a job: whom it asks to become, by which action or command.

What the cloud answers is in the trust policy, never in the workflow: every edge is conditional.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.policy.github_actions.permissions import Permissions
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, NodeKind, State
from nhigraph.sources.github_actions.model import Job, Pointer
from nhigraph.sources.github_actions.steps import StepReading
from nhigraph.sources.github_actions.values import Reader, encode

_ARN = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+\Z")
_EMAIL = re.compile(r"[\w.-]+@[\w.-]+\Z")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")

_TRUST = "the trust policy that lets this job in is not in the workflow file"
_ROLE = re.compile(r"\bassume-role(?:-with-web-identity)?\b")


@dataclass(frozen=True, slots=True)
class _Action:
    """Inputs of a login action.

    Attributes:
        cloud: First word of the entry in ``logins``.
        identity: Input that names whom to become.
        secrets: Inputs that hold a long-lived key instead.
        others: Further inputs worth keeping.
    """

    cloud: str
    identity: str
    secrets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


#: The inputs are those of each action's own README.
_ACTIONS = {
    "aws-actions/configure-aws-credentials": _Action(
        "aws", "role-to-assume", ("aws-access-key-id", "aws-secret-access-key"), ("audience",)
    ),
    "google-github-actions/auth": _Action(
        "gcp", "service_account", ("credentials_json",), ("workload_identity_provider",)
    ),
    "azure/login": _Action("azure", "client-id", ("creds",), ("tenant-id", "subscription-id")),
    "hashicorp/vault-action": _Action("vault", "role", ("token", "secretid"), ("method", "path")),
}


def _identity(cloud: str, name: str) -> tuple[NodeKind, str] | None:
    if cloud == "aws" and _ARN.match(name):
        return k.CLOUD_ROLE, keys.aws_principal(name)
    if cloud == "gcp" and _EMAIL.match(name):
        return k.SERVICE_ACCOUNT, keys.gcp_service_account(name)
    if cloud == "azure" and _GUID.match(name):
        return k.OAUTH_APP, keys.entra_application(name)
    return None


@dataclass(slots=True)
class Logins:
    """Collects the logins of one job.

    Attributes:
        job: The job.
        reader: Reads its values.
        permissions: What its token may do; without ``id-token: write`` no cloud will know it.
        entries: Lines of the property ``logins``.
    """

    job: Job
    reader: Reader
    permissions: Permissions
    entries: list[str]

    def facts(self, reading: StepReading) -> Iterator[Fact]:
        """Facts of the logins of one step."""
        step = reading.step
        action = _ACTIONS.get(step.uses.partition("@")[0].lower())
        if action:
            yield from self._action(reading, action)
        for command in reading.commands:
            yield from self._command(reading, command.words)

    def _entry(self, reading: StepReading, action: _Action) -> None:
        fields = [action.cloud]
        for name in (action.identity, *action.others, *action.secrets):
            value = reading.step.input(name)
            if value:
                at = (*reading.step.at, "with", self._spelt(reading, name))
                refs = self.reader.refs(
                    value, reading.env, name if name in action.secrets else "", at
                )
                shown = refs if refs != ("literal",) or name in action.secrets else None
                kept = "|".join(shown) if shown else f"literal:{encode(value)}"
                fields.append(f"{name}={kept.replace(';', '%3B')}")
        self.entries.append(";".join((*fields, f"step={reading.step.index}")))

    def _action(self, reading: StepReading, action: _Action) -> Iterator[Fact]:
        step = reading.step
        self._entry(reading, action)
        at = (*step.at, "with", self._spelt(reading, action.identity))
        name = step.input(action.identity)
        has_key = any(step.input(secret) for secret in action.secrets)
        if not name:
            if not has_key:
                yield self._gap("the login names nobody", (*step.at, "uses"))
            return
        # A called workflow without a block of its own has what the caller's token has.
        knows = action.cloud != "vault" and self.permissions.origin != "caller"
        if knows and not self.permissions.writes("id-token") and not has_key:
            reason = "the login fails: the job has no 'id-token: write' and no key"
            yield Note(reason, self.job.workflow.doc.at(*at))
            return
        yield from self._become(action.cloud, name, at)

    def _spelt(self, reading: StepReading, name: str) -> str:
        return next((key for key in reading.step.inputs if key.lower() == name), name)

    def _become(self, cloud: str, name: str, at: Pointer) -> Iterator[Fact]:
        found = _identity(cloud, name)
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
                condition=_TRUST,
                gate=gate,
            )

    def _gap(self, reason: str, at: Pointer) -> Gap:
        return Gap(self.job.key, reason, self.job.workflow.evidence(*at), (State.CONTROL,))

    def _command(self, reading: StepReading, words: tuple[str, ...]) -> Iterator[Fact]:
        if words[:2] != ("aws", "sts") or not any(_ROLE.match(word) for word in words[2:3]):
            return
        at = (*reading.step.at, "run")
        arn = next((b for a, b in pairwise(words) if a == "--role-arn"), "")
        shown = arn if _ARN.match(arn) else ""
        value = f"literal:{encode(shown)}" if shown else "expression"
        self.entries.append(f"aws;role-to-assume={value};step={reading.step.index}")
        yield from self._become("aws", shown, at)
