"""What listings of every platform's API have: days of their records, and addresses."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from nhigraph.errors import SchemaError
from nhigraph.facts.facts import Note
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document

_HOST = re.compile(r"[A-Za-z0-9.-]+", re.ASCII)


def days(
    doc: Document,
    body: Mapping[str, object],
    at: tuple[str | int, ...],
    of: Mapping[str, str],
    what: str,
) -> Iterator[tuple[str, str] | Note]:
    """Days of a record by the property each becomes; a note for what is none.

    Args:
        doc: The document.
        body: The record.
        at: Its place.
        of: Property to the field that says it.
        what: What the record is, for people.
    """
    for prop, field in of.items():
        try:
            day = fields.day(body.get(field))
        except SchemaError as error:
            yield Note(f"{field} of {what}: {error}", doc.at(*at, field, excerpt=False))
            continue
        if day is not None:
            yield prop, day.isoformat()


def host_of(url: str) -> str:
    """Host of an address, without whatever stands before or after it; empty if it has none.

    The rest of an address is often a credential.
    """
    try:
        found = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return found if _HOST.fullmatch(found) else ""
