"""Tokens that a job has to be let in elsewhere, and secrets that it takes from stores.

* ``id_tokens``: one token each, with the audiences that it names; its subject is
  ``project_path:{path}:ref_type:{branch or tag}:ref:{name}``, of the project and never of its
  environment, unless a setting of the project takes other parts, which its record tells
  (https://docs.gitlab.com/ci/secrets/id_token_authentication/).
* ``secrets``: from Vault, and from the stores of Google, Azure and Amazon
  (https://docs.gitlab.com/ci/yaml/#secrets).

Read 28 November 2026.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from nhigraph.facts import keys
from nhigraph.facts.asks import Trusted
from nhigraph.facts.ends import Token
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.values import Literal, Secret, Value
from nhigraph.policy.forges.gitlab import IDENTITY_TOKENS
from nhigraph.policy.gitlab_ci.runs import ON_TAG
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State
from nhigraph.sources.gitlab_ci import configured
from nhigraph.sources.gitlab_ci.model import Job
from nhigraph.sources.gitlab_ci.tree import Part
from nhigraph.sources.gitlab_ci.variables import Reader

_DOUBT = "the project has not chosen other parts for the subject of its tokens"
#: Claims that a subject is made of where nothing else is set.
_USUAL = ("project_path", "ref_type", "ref")
_TRUSTED = "which cloud identities trust the tokens of this project is in no input"
_STORES: Mapping[str, str] = {
    "gcp_secret_manager": "gcp-secret-manager",
    "azure_key_vault": "azure-key-vault",
    "aws_secrets_manager": "aws-secrets-manager",
    "gitlab_secrets_manager": "gitlab-secrets-manager",
    "akeyless": "akeyless",
}
_VAULT = re.compile(r"(?P<path>.+)/(?P<field>[^/@]+)(?:@(?P<engine>.+))?\Z")
_NOT_UNDERSTOOD = "which secret the job takes from a store is not understood"


def _tokens(job: Job) -> Part:
    """Identity tokens; a job that starts a pipeline runs nothing, and a default's pass it by.

    https://docs.gitlab.com/ci/yaml/#trigger has the keywords that such a job may have.
    """
    own = "trigger" in job.part.names
    return job.part.get("id_tokens") if own else job.get("id_tokens")


def handed(job: Job) -> dict[str, Value]:
    """Variables that hold such a token or secret."""
    found: dict[str, Value] = dict.fromkeys(_tokens(job).names, (Literal(),))
    for name, part in job.part.get("secrets").names.items():
        key = _stored(part)
        if key is not None:
            found[name] = (Secret(key),)
    return found


def said(job: Job, reader: Reader, gates: Sequence[str | None]) -> Iterator[Token]:
    """Identity tokens, past each rule that a run may have to pass."""
    own = job.pipeline.repository
    path = "*" if own.is_local else own.project
    host = "gitlab.com" if own.is_local else own.host
    tags = {kind.on == ON_TAG for kind, _ in job.runs} or {False, True}
    parts = configured.subject(job.pipeline.doc)
    subjects = dict.fromkeys(_subject(path, parts or _USUAL, tag=tag) for tag in sorted(tags))
    for part in _tokens(job).names.values():
        known = [reader.texts(item.text) for item in part.get("aud").items]
        audiences = {one for texts in known for one in texts or ("*",)}
        for gate in gates:
            yield Token(
                job.key,
                part.place.evidence(),
                issuer=f"https://{host}",
                subjects=tuple(subjects),
                audiences=tuple(sorted(audiences)) or ("*",),
                beyond=(f"project_path:{path}:*",),
                doubt="" if parts else _DOUBT,
                gate=gate or "",
            )


def _subject(path: str, parts: tuple[str, ...], *, tag: bool) -> str:
    """A pattern of subjects that are made of some claims; any value of one that is not known."""
    known = {"project_path": path, "ref_type": "tag" if tag else "branch"}
    return ":".join(f"{one}:{known.get(one, '*')}" for one in parts)


def grants(job: Job, gates: Sequence[str | None]) -> Iterator[Fact]:
    """The right to such tokens."""
    part = _tokens(job)
    if not part.names:
        return
    evidence = part.place.evidence()
    grant = job.pipeline.repository.permission(IDENTITY_TOKENS).text
    name = f"identity tokens in {job.pipeline.repository.path}"
    yield Node(k.GRANT, grant, evidence, name=name)
    for gate in gates:
        yield Edge(k.HOLDS, job.key, grant, evidence, gate=gate)
    yield Gap(grant, _TRUSTED, evidence, (State.CONTROL,), asks=Trusted())


# -- stores -------------------------------------------------------------------------------------


def stored(job: Job, gates: Sequence[str | None]) -> Iterator[Fact]:
    """Secrets of stores that a job has."""
    for name, part in job.part.get("secrets").names.items():
        key, evidence = _stored(part), part.place.evidence()
        if key is None:
            yield Gap(job.key, _NOT_UNDERSTOOD, evidence, (State.CONTROL,))
            continue
        yield Node(k.SECRET, key, evidence, name=name)
        for gate in gates:
            yield Edge(k.CAN_READ, job.key, key, evidence, action="use_secret", gate=gate)
        yield Edge(k.DEPENDS_ON, key, job.key, evidence)


def _stored(part: Part) -> str | None:
    vault = part.names.get("vault")
    if vault is not None:
        return _of_vault(vault)
    for word, holder in _STORES.items():
        store = part.names.get(word)
        if store is None:
            continue
        said = [store.text, *(store.get(one).text for one in ("name", "secret_id"))]
        name = next((one for one in said if one), "")
        field = store.get("field").text
        plain = name and "$" not in name
        return keys.Stored(holder, f"{name}#{field}" if field else name).text if plain else None
    return None


def _of_vault(vault: Part) -> str | None:
    if isinstance(vault.value, Mapping):
        engine, path = vault.get("engine", "path").text, vault.get("path").text
        name = vault.get("field").text
    else:
        found = _VAULT.match(vault.text)
        engine, path, name = (
            (found["engine"] or "kv-v2", found["path"], found["field"]) if found else ("", "", "")
        )
    if not (engine and path and name) or "$" in f"{engine}{path}{name}":
        return None
    return keys.Stored(f"vault:{engine}/{path}", name).text
