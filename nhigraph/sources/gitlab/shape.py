"""Typed looks at parsed input of any shape."""

from collections.abc import Iterator

from nhigraph.facts.facts import Refused
from nhigraph.ingest.document import Document

#: A place in a document.
Pointer = tuple[str | int, ...]
#: A record of the API.
Body = dict[str, object]
#: Fields that tell things apart by a text.
_TEXTS = frozenset(
    {"key", "name", "username", "path_with_namespace", "full_path", "web_url", "cron", "ref"}
)


def mapping(value: object) -> Body:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The value if it is text, else an empty one."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """A whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(body: Body, name: str = "id") -> str:
    """A number that tells a thing from others, as text; empty where there is none."""
    found = whole(body.get(name))
    return "" if found is None else str(found)


def records(doc: Document, what: str, *needed: str) -> Iterator[tuple[Body, Pointer] | Refused]:
    """The records of a listing, or the only one that there is.

    Args:
        doc: The document.
        what: What one is called, for people.
        *needed: Fields without which it is none.
    """
    single = isinstance(doc.content, dict)
    for index, item in enumerate([doc.content] if single else sequence(doc.content)):
        at: Pointer = () if single else (index,)
        body = mapping(item)
        if any(_lacks(body, name) for name in needed):
            reason = f"expected {what} with {', '.join(needed)}"
            yield Refused(reason, doc.at(*at, excerpt=False))
        else:
            yield body, at


def _lacks(body: Body, name: str) -> bool:
    if name == "id":
        return whole(body.get(name)) is None
    return body.get(name) is None or (name in _TEXTS and not text(body[name]))
