"""Typed looks at parsed input of any shape, and at the checkout it lies in."""

from collections.abc import Mapping

from nhigraph.facts import keys
from nhigraph.ingest.document import Checkout


def mapping(value: object) -> dict[str, object]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    """The value if it is a list, a scalar as a list of one, else an empty one."""
    if isinstance(value, list):
        return value
    return [] if value is None or isinstance(value, dict) else [value]


def text(value: object) -> str:
    """A scalar as GitHub spells it, else an empty text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def texts(value: object) -> tuple[str, ...]:
    """Scalars of a list or of one scalar, as texts."""
    return tuple(found for item in sequence(value) if (found := text(item)))


def whole(value: object) -> int | None:
    """A whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def on_github(place: Checkout) -> str:
    """``owner/name`` of a checkout; a local one where its remote is another forge's."""
    own = keys.repository_named(place.repository)
    if isinstance(own, keys.Repository):
        return place.repository
    at = f"[{own.qualifier}]" if own.qualifier else ""
    return f"{at}local/{own.name}"


def shown_name(body: Mapping[str, object]) -> str:
    """The `name:` of a workflow or a job; empty without one, or where a run decides it."""
    shown = text(body.get("name"))
    return "" if "${{" in shown else shown
