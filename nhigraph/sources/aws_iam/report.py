"""The credential report: access keys with their age and last use, and who is a person.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html (read 29
November 2026). It names no key: a user has two places for one. ``N/A`` and ``no_information`` say
nothing. It may be four hours old. A user who has a password and no active key is a person; the
account's root user is bound by nothing but the organization's policies.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from nhigraph.facts.facts import Edge, Fact, Node, Refused, Value
from nhigraph.ingest.document import Document
from nhigraph.policy.aws.authority import Unread
from nhigraph.policy.aws.details import day
from nhigraph.policy.aws.findings import YES, possible
from nhigraph.policy.aws.organization import forbids
from nhigraph.policy.aws.request import account as account_of
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, NodeState
from nhigraph.sources.aws_iam.told import Told, whole

_BEGIN: Final = "user,arn,user_creation_time,"
_PLACES: Final = (1, 2)


def is_report(doc: Document) -> bool:
    """Whether a document is a credential report."""
    return doc.artifact.lower().endswith(".csv") and doc.text.startswith(_BEGIN)


def read(doc: Document, told: Told) -> Iterator[Fact]:
    """Yield the keys of a report, and what their users are."""
    for number, row in enumerate(doc.records, 1):
        at = doc.rows().unfold(number)
        arn = row.get("arn", "")
        if not account_of(arn):
            yield Refused("expected the ARN of a user", at)
            continue
        active = [place for place in _PLACES if row.get(f"access_key_{place}_active") == "true"]
        root = arn.endswith(":root")
        person = row.get("password_enabled") in {"true", "not_supported"} and not active
        name = "root user" if root else arn.rpartition("/")[2]
        yield Node(k.CLOUD_USER, arn, at, name=name, nhi=False if person else None)
        if root:
            yield _all(told, arn, doc, number)
        for place in _PLACES:
            yield from _key(doc, number, row, place, active=place in active)


def _all(told: Told, arn: str, doc: Document, number: int) -> Edge:
    """The root user has the account, as far as the organization lets it."""
    account = account_of(arn)
    free = not told.estate.scps(account) and not isinstance(told.estate.scps(account), Unread)
    found = YES if free else possible(forbids(account))
    return Edge(
        k.CAN_ADMINISTER,
        arn,
        whole(account),
        doc.rows().unfold(number),
        certainty=Certainty.CERTAIN if free else Certainty.CONDITIONAL,
        condition=found.condition or None,
    )


def _key(
    doc: Document, number: int, row: Mapping[str, str], place: int, *, active: bool
) -> Iterator[Fact]:
    """One of the two places for a key; what was never there is nothing."""
    rotated = day(row.get(f"access_key_{place}_last_rotated"))
    if not active and not rotated:
        return
    at = doc.rows().unfold(number)
    key = f"{row['arn']}/access-key/{place}"
    props: dict[str, Value] = {"rotated": rotated} if rotated else {}
    used = day(row.get(f"access_key_{place}_last_used_date"))
    props |= {"last_used": used} if used else {}
    state = NodeState.ACTIVE if active else NodeState.DISABLED
    name = f"access key {place} of {row['arn'].rpartition('/')[2].rpartition(':')[2]}"
    yield Node(k.API_KEY, key, at, name=name, state=state, props=props)
    yield Edge(k.AUTHENTICATES_AS, key, row["arn"], at)
