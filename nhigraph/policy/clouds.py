"""Which actions and commands log in to a cloud, and as whom.

The inputs are those of each action's own README: aws-actions/configure-aws-credentials v4 and v5,
google-github-actions/auth v2 and v3, azure/login v2, hashicorp/vault-action v3; the commands those
of https://docs.aws.amazon.com/cli/latest/reference/sts/ , https://cloud.google.com/sdk/gcloud/
reference/auth and https://learn.microsoft.com/en-us/cli/azure/reference-index#az-login (read
28 November 2026).
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from nhigraph.facts import keys
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeKind

_ARN = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+\Z")
_EMAIL = re.compile(r"[\w.-]+@[\w.-]+\Z")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_ROLE = re.compile(r"assume-role(?:-with-(?:web-identity|saml))?\Z")


class Cloud(StrEnum):
    """Where an identity lives."""

    AWS = "aws"
    GCP = "gcp"
    AZURE = "azure"
    VAULT = "vault"


@dataclass(frozen=True, slots=True)
class LoginAction:
    """Inputs of a login action.

    Attributes:
        cloud: Where it logs in.
        identity: Input that names whom to become.
        secrets: Inputs that hold a long-lived key instead.
        others: Further inputs worth keeping.
    """

    cloud: Cloud
    identity: str
    secrets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


ACTIONS = {
    "aws-actions/configure-aws-credentials": LoginAction(
        Cloud.AWS,
        "role-to-assume",
        ("aws-access-key-id", "aws-secret-access-key"),
        ("audience",),
    ),
    "google-github-actions/auth": LoginAction(
        Cloud.GCP, "service_account", ("credentials_json",), ("workload_identity_provider",)
    ),
    "azure/login": LoginAction(
        Cloud.AZURE, "client-id", ("creds",), ("tenant-id", "subscription-id")
    ),
    "hashicorp/vault-action": LoginAction(
        Cloud.VAULT, "role", ("token", "secretid"), ("method", "path")
    ),
}
#: Input under which whom a command becomes is kept.
IDENTITY = {action.cloud: action.identity for action in ACTIONS.values()}


#: Kind of an identity of a cloud, its key, and how its name is written in full.
_IDENTITIES: dict[Cloud, tuple[NodeKind, Callable[[str], keys.Key], re.Pattern[str]]] = {
    Cloud.AWS: (k.CLOUD_ROLE, keys.AwsPrincipal, _ARN),
    Cloud.GCP: (k.SERVICE_ACCOUNT, keys.GcpServiceAccount, _EMAIL),
    Cloud.AZURE: (k.OAUTH_APP, keys.EntraApplication, _GUID),
}


def identity(cloud: Cloud, name: str) -> tuple[NodeKind, str] | None:
    """Kind and key of whom a text names; None where it names nobody in full."""
    if cloud not in _IDENTITIES:
        return None
    kind, key, pattern = _IDENTITIES[cloud]
    return (kind, key(name).text) if pattern.match(name) else None


def is_cloud(platform: str) -> bool:
    """Whether a login to a platform is one by trust, not by an account's password."""
    return platform in {str(cloud) for cloud in Cloud}


def cloud_of(kind: str) -> Cloud | None:
    """The cloud whose identities are of a kind, by its label."""
    found = (cloud for cloud, (own, _, _) in _IDENTITIES.items() if own.label == kind)
    return next(found, None)


def by_command(words: tuple[str, ...]) -> Iterator[tuple[Cloud, str]]:
    """Logins of one command: the cloud, and whom it names; an empty text where it names nobody."""
    tool = words[0].rpartition("/")[2] if words else ""
    rest = words[1:]
    if tool == "aws" and rest[:1] == ("sts",) and any(_ROLE.match(word) for word in rest[1:2]):
        yield Cloud.AWS, _option(rest, "--role-arn")
    elif tool == "az" and rest[:1] == ("login",):
        yield Cloud.AZURE, _option(rest, "-u", "--username", "--client-id")
    elif tool in ("gcloud", "bq", "gsutil"):
        yield from _google(tool, rest)
    elif tool in ("vault", "bao") and _vault(rest):
        yield Cloud.VAULT, ""


def _google(tool: str, rest: tuple[str, ...]) -> Iterator[tuple[Cloud, str]]:
    loose = [word for word in rest if not word.startswith("-")]
    as_other = _option(rest, "--impersonate-service-account")
    if tool == "gsutil" and rest[:1] == ("-i",):
        as_other = _option(rest, "-i")
    if loose[:3] == ["config", "set", "auth/impersonate_service_account"]:
        as_other = "".join(loose[3:4])
    if as_other:
        yield Cloud.GCP, as_other
    if tool != "gcloud" or loose[:1] != ["auth"]:
        return
    if "login" in loose[1:3] or "activate-service-account" in loose[1:2]:
        yield Cloud.GCP, next((word for word in loose[2:] if _EMAIL.match(word)), "")


def _vault(rest: tuple[str, ...]) -> bool:
    if rest[:1] == ("login",):
        return True
    return rest[:1] == ("write",) and any(re.match(r"auth/.*login\Z", word) for word in rest)


def _option(words: tuple[str, ...], *names: str) -> str:
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in names:
            return value if equals else "".join(words[at + 1 : at + 2])
    return ""
