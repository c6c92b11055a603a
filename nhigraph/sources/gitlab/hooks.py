"""Where events of projects and groups go.

Shape (https://docs.gitlab.com/api/project_webhooks/, .../group_webhooks/, read 28 November 2026):
``url``, ``*_events``, ``enable_ssl_verification``, ``alert_status``, names of ``custom_headers``
and ``url_variables``. The secret by which a receiver knows that GitLab speaks is told to nobody,
not even whether there is one. Of the address only the host is kept: the rest is often a
credential.
"""

import re
from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Node, Note, Refused, Value
from nhigraph.ingest.document import Document
from nhigraph.ingest.listed import host_of
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeState
from nhigraph.sources.gitlab import ladder
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import Body, Pointer, mapping, number, records, sequence, text

_EVENTS = "_events"
_HEADER = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


def hooks(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Webhooks of a project or group."""
    for found in records(doc, "a webhook", "id", "url"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        if not number(body):
            yield Refused("expected a webhook with id and url", doc.at(*at, excerpt=False))
            continue
        yield from _hook(doc, whose, body, at)


def _hook(doc: Document, whose: Whose, body: Body, at: Pointer) -> Iterator[Fact]:
    key, place = whose.credential("hook", number(body)), doc.at(*at, "id")
    sent = (name for name, on in body.items() if name.endswith(_EVENTS) and on is True)
    props: dict[str, Value] = {"events": tuple(sorted(one.removesuffix(_EVENTS) for one in sent))}
    host = host_of(text(body.get("url")))
    if host:
        props["receiver"] = host
    off = text(body.get("alert_status")) == "disabled"
    name = f"webhook to {host or 'an address that is not shown'}"
    state = NodeState.DISABLED if off else None
    yield Node(k.SYSTEM, key, place, name=name, state=state, props=props)
    yield ladder.itself(whose, place)
    if whose.project is not None:
        yield Edge(k.FEEDS, whose.project.text, key, place)
    for field in ("custom_headers", "url_variables"):
        for item in sequence(body.get(field)):
            held = text(mapping(item).get("key"))
            if _HEADER.fullmatch(held):
                secret = keys.Stored(key, held).text
                yield Node(k.SECRET, secret, place, name=f"{held} of the {name}")
                yield Edge(k.DEPENDS_ON, secret, key, place)
    if body.get("enable_ssl_verification") is False:
        reason = "what this webhook sends goes to whoever answers: it checks no certificate"
        yield Note(reason, doc.at(*at, "enable_ssl_verification", excerpt=False))
