"""Answers that are no export: GitLab does not tell, to whoever asked.

``glab api`` prints the body of such an answer like any other: ``{"message": "403 Forbidden"}``,
``{"message": "404 Project Not Found"}``, ``{"error": "insufficient_scope", …}``
(https://docs.gitlab.com/api/rest/troubleshooting/, read 28 November 2026). Easily guessed wrong:
what somebody may not see, and what his plan does not have, is answered 404 as often as 403, so
that 404 does not say that there is nothing. At its address such an answer says of which export it
speaks, and coverage says that it was asked for; what it would have settled stays open.
"""

import re
from collections.abc import Iterator

from nhigraph.facts.facts import Fact, Node, Note
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.sources.gitlab import ladder
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import mapping, text

_FIELDS = frozenset({"message", "error", "error_description", "error_uri", "scope", "status"})
_STATUS = re.compile(r"\A(?P<status>[1-5]\d\d)(?:\b|$)")
_BY_WORD = {
    "insufficient_scope": "403",
    "invalid_token": "401",
    "insufficient_granular_scope": "403",
}


def is_answer(content: object) -> bool:
    """Whether a document is such an answer."""
    body = mapping(content)
    return (
        bool(body) and body.keys() <= _FIELDS and not body.keys().isdisjoint({"message", "error"})
    )


def facts(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Which export was asked for and not given."""
    body = mapping(doc.content)
    field = "message" if "message" in body else "error"
    said = text(body.get(field))
    found = _STATUS.match(text(body.get("status"))) or _STATUS.match(said)
    status = found["status"] if found else _BY_WORD.get(said, "with an error")
    place = doc.at(field, excerpt=False)
    yield Note(f"not permitted, or not there: GitLab answered {status}", place)
    what = "/".join(whose.rest) or "project"
    node = ladder.itself(whose, place)
    kind = k.REPOSITORY if whose.project is not None else k.CONTAINER
    yield Node(kind, node.key, place, name=node.name, props={"not_given": (f"{what}={status}",)})
