"""Answers that are no export: GitHub does not tell, to whoever asked.

``gh api`` prints the body of such an answer like any other: a mapping with ``message``, an address
of the documentation, and since 2024 ``status``, the number as text. Read 28 November 2026:
https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api .

Easily guessed wrong: what somebody may not see is answered 404 as often as 403, so that 404 does
not say that there is nothing. At its address (module ``address``) such an answer says of which
export it speaks, and coverage says that it was asked for; what it would have settled stays open.

One of them does settle something. "Upgrade to GitHub Pro or make this repository public to enable
this feature", which is 403 to an owner too, says that the plan has no rules for branches of this
repository, those that were made while it was public included: nobody reviews by them
(https://github.com/openshift/release/pull/58320, 30 October 2024, has the answer in full;
https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches
the plans).
"""

import re
from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node, Note
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import address
from nhigraph.sources.github_actions.shape import mapping, text

_NO_PLAN = re.compile(r"Upgrade to GitHub .{1,40} to enable this feature\.?")
_STATUS = re.compile(r"[1-5]\d\d")
_STATUSES = {"Not Found": "404", "Forbidden": "403", "Bad credentials": "401"}
_WORDS = 80


def is_answer(body: dict[str, object]) -> bool:
    """Whether a mapping is such an answer."""
    return "message" in body and "docs.github.com" in text(body.get("documentation_url"))


def has_no_rules(body: dict[str, object]) -> bool:
    """Whether it says that the plan has no rules for branches here."""
    return _NO_PLAN.fullmatch(text(body.get("message"))) is not None


def facts(doc: Document) -> Iterator[Fact]:
    """Which export was asked for and not given.

    Raises:
        InputError: Nothing says which.
    """
    body, found = mapping(doc.content), address.of(doc)
    said = text(body.get("message"))
    if found is None:
        problem = f"GitHub answered with an error: {said[:_WORDS]!r}"
        advice = "nothing was exported: ask again as somebody who may see it"
        raise InputError(doc.artifact, "/message", problem, advice)
    status = text(body.get("status"))
    status = status if _STATUS.fullmatch(status) else _STATUSES.get(said, "with an error")
    evidence = doc.at("message", excerpt=False)
    what = "/".join(found.rest)
    yield Note(f"not permitted, or not there: GitHub answered {status}", evidence)
    answered = (f"{what}={status}",)
    if found.repository:
        key = keys.repository(found.repository)
        props = {"not_given": answered}
        yield Node(k.REPOSITORY, key.text, evidence, name=key.name, props=props)
    else:
        owner = keys.Owner(found.owner)
        props = {"not_given": answered}
        yield Node(k.CONTAINER, owner.text, evidence, name=found.owner, props=props)
