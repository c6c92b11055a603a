"""What workload identity federation of Google Cloud asks of tokens.

A provider of a pool takes tokens of one issuer and audience, maps claims to attributes, and may
have a condition on them. An IAM binding lets in members of the pool: one subject, all that have
an attribute, or all
(https://cloud.google.com/iam/docs/workload-identity-federation,
https://cloud.google.com/iam/docs/principal-identifiers, read 29 November 2026). So a token comes
in that one provider of the pool takes and a member stands for.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nhigraph.facts.ends import Condition
from nhigraph.policy.federated import Opening, opening
from nhigraph.policy.gcp.expressions import conditions, mapped

_POOL: Final = r"projects/[^/]+/locations/[^/]+/workloadIdentityPools/[^/]+"
_PROVIDER: Final = re.compile(rf"(?P<pool>{_POOL})/providers/[^/]+\Z")
_MEMBER: Final = re.compile(
    rf"principal(?P<set>Set)?://iam\.googleapis\.com/(?P<pool>{_POOL})/(?P<rest>.+)\Z", re.DOTALL
)
_HOST: Final = "//iam.googleapis.com/"
_SUBJECT: Final = "google.subject"


def openings(provider: Mapping[str, object], member: str) -> Iterator[Opening]:
    """What tokens come in by a provider and a member of its pool; none where they do not.

    Args:
        provider: As ``gcloud iam workload-identity-pools providers list --format=json`` prints it.
        member: As a binding names it, such as ``principalSet://…/attribute.repository/acme/erp``.
    """
    of, named = _PROVIDER.match(str(provider.get("name", ""))), _MEMBER.match(member)
    oidc = provider.get("oidc")
    active = provider.get("disabled") is not True and provider.get("state", "ACTIVE") == "ACTIVE"
    if of is None or named is None or named["pool"] != of["pool"] or not active:
        return
    issuer = oidc.get("issuerUri") if isinstance(oidc, Mapping) else None
    if not isinstance(issuer, str) or not isinstance(oidc, Mapping):
        return
    told = provider.get("attributeMapping")
    pairs = told.items() if isinstance(told, Mapping) else ()
    mapping = {str(name): str(said) for name, said in pairs}
    asked: list[Condition | str] = [Condition("aud", _audiences(of[0], oidc))]
    condition = provider.get("attributeCondition")
    asked += conditions(condition, mapping) if isinstance(condition, str) and condition else []
    whom = [*_named(named["rest"], mapping, several=bool(named["set"]))]
    if whom != [None]:
        yield opening(issuer, [*asked, *(one for one in whom if one is not None)])


def _audiences(provider: str, oidc: Mapping[str, object]) -> tuple[str, ...]:
    """Audiences that a provider takes: those it lists, else its own name."""
    listed = oidc.get("allowedAudiences")
    found = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    return tuple(found) or (f"https:{_HOST}{provider}", f"{_HOST}{provider}")


def _named(
    rest: str, mapping: Mapping[str, str], *, several: bool
) -> Iterator[Condition | str | None]:
    """What a member asks of a token; None where it stands for nobody."""
    kind, _, value = rest.partition("/")
    if several and rest == "*":
        return
    if not several and kind == "subject":
        yield _equal(_SUBJECT, value, mapping)
    elif several and kind.startswith("attribute."):
        yield _equal(kind, value, mapping) if kind in mapping else None
    elif several and kind == "group":
        yield f"google.groups has {value}" if "google.groups" in mapping else None
    else:
        yield f"it is {rest}"


def _equal(name: str, value: str, mapping: Mapping[str, str]) -> Condition | str | None:
    of = mapped(name, mapping)
    if of is None:
        return f"{name} ({mapping.get(name, 'not mapped')}) is {value}"
    found = of.asked(value)
    return Condition(of.claim, found) if found else None
