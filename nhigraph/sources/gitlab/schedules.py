"""Pipelines that start by the clock.

Shape (https://docs.gitlab.com/api/pipeline_schedules/, read 28 November 2026). A scheduled
pipeline runs with the rights of the schedule's owner, "whether or not" he is still about
(https://docs.gitlab.com/ci/pipelines/schedules/): where the account is blocked it does not run.
Variables of a schedule are in its own record alone; their values, and those of its inputs, are
never read.
"""

import re
from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Node, Note, Refused, Value
from nhigraph.facts.keys import gitlab
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, Transform
from nhigraph.sources.gitlab import people
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import Body, Pointer, mapping, number, records, sequence, text

_CRON = re.compile(r"[0-9A-Za-z*/,@ -]{1,80}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_]{1,255}", re.ASCII)
_BY_CLOCK = "the schedule starts the pipeline"


def schedules(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Schedules of a project; one with its variables."""
    for found in records(doc, "a schedule", "id", "cron", "ref"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        if whose.project is None or not number(body) or not _CRON.fullmatch(text(body["cron"])):
            reason = "expected a schedule of a project with id, cron and ref"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        yield from _schedule(doc, whose, whose.project, body, at)


def _schedule(
    doc: Document, whose: Whose, project: gitlab.Repository, body: Body, at: Pointer
) -> Iterator[Fact]:
    place = doc.at(*at, "cron")
    if body.get("active") is False:
        yield Note("a schedule that is switched off starts nothing", place)
        return
    props: dict[str, Value] = {"crons": (text(body["cron"]),)}
    yield Node(k.WORKFLOW, gitlab.Workflow(project).text, place, props=props)
    owner = mapping(body.get("owner"))
    for node in people.account(doc, whose, owner, (*at, "owner")):
        yield node
        yield from people.by_number(whose, owner, node)
    for index, item in enumerate(sequence(body.get("variables"))):
        name = text(mapping(item).get("key"))
        if not _NAME.fullmatch(name):
            where = doc.at(*at, "variables", index, excerpt=False)
            yield Refused("expected a variable with key", where)
            continue
        where = doc.at(*at, "variables", index, "key")
        secret = keys.Stored(whose.credential("schedule", number(body)), name).text
        seen = gitlab.RepositorySecret(project, name).text
        yield Node(k.SECRET, secret, where, name=name)
        yield Node(k.SECRET, seen, where, name=name)
        yield Edge(
            k.FEEDS,
            secret,
            seen,
            where,
            certainty=Certainty.CONDITIONAL,
            condition=_BY_CLOCK,
            transform=Transform.COPY,
        )
