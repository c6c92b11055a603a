"""One record of facts/1 at a time: is it refused, and what of it can still be read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .vocabulary import (
    ACTIONS,
    BACKWARD,
    CERTAINTIES,
    EFFECT_OF_KIND,
    FORWARD,
    GATE_KINDS,
    NODE_KINDS,
    NODE_STATES,
    STATES,
    TRANSFORMS,
    UNKNOWN_KIND,
)

Facts = dict[str, Any]
ANY_STATE = frozenset(STATES)
#: A value that cannot be read: it may have said what hides least.
UNREAD = "?"


def day(value: object) -> str | None:
    """A date, a UTC day: ISO text whatever the loader made of it."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return (value.astimezone(dt.UTC) if value.tzinfo else value).date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    if len(text) > 10:
        return day(dt.datetime.fromisoformat(text))
    return dt.date.fromisoformat(text).isoformat()


def readable_day(value: object) -> str | None:
    """A date that can be read, else nothing."""
    try:
        return day(value)
    except ValueError:
        return None


def is_day(value: object) -> bool:
    """Absent, or a date."""
    return value is None or value == "" or readable_day(value) is not None


def is_text(value: object) -> bool:
    """A text that says something."""
    return isinstance(value, str) and value != ""


def is_word(value: object, words: frozenset[str]) -> bool:
    """Absent, or one of the words."""
    return value is None or (isinstance(value, str) and value in words)


def is_nothing_or_text(value: object) -> bool:
    """Absent, or a text."""
    return value is None or isinstance(value, str)


# --- nodes -----------------------------------------------------------------------------------


def read_node(record: Facts) -> tuple[Facts, bool]:
    """What can be read of a node, and whether its record is refused.

    FORMATS: "a node stays as a node with a gap (any state); of unknown kind it is in the
    population, undetermined".
    """
    read = dict(record)
    refused = False
    if record.get("kind") not in NODE_KINDS:
        read["kind"], refused = UNKNOWN_KIND, True
    for name, sound in (
        ("state", is_word(record.get("state"), NODE_STATES)),
        ("expires", is_day(record.get("expires"))),
        ("nhi", record.get("nhi") in (None, True, False)),
        ("owner", is_nothing_or_text(record.get("owner"))),
        ("props", isinstance(record.get("props") or {}, dict)),
    ):
        if not sound:
            del read[name]
            refused = True
            if name in ("expires", "nhi"):
                read[name] = UNREAD
            elif name == "state":
                read[name] = "active"
    return read, refused


# --- edges -----------------------------------------------------------------------------------


def is_need(need: object) -> bool:
    """`{at: KEY, state: STATE}`."""
    return isinstance(need, dict) and is_text(need.get("at")) and need.get("state") in STATES


def ends_before_it_starts(record: Facts) -> bool:
    """Two dates of which one must be wrong."""
    start, end = (readable_day(record.get(name)) for name in ("valid_from", "valid_until"))
    return start is not None and end is not None and end < start


def edge_refused(record: Facts) -> bool:
    """An edge refused "for any other reason" than an end that no file has."""
    needs = record.get("needs") or []
    kind = record.get("kind")
    sound = (
        isinstance(kind, str)
        and kind in EFFECT_OF_KIND
        and kind != "SUPPORTS"  # "made by the scope"
        and is_text(record.get("from"))
        and is_text(record.get("to"))
        and is_word(record.get("action"), ACTIONS)
        and is_word(record.get("certainty"), CERTAINTIES)
        and (kind != "FEEDS" or is_word(record.get("transform"), TRANSFORMS))
        and is_day(record.get("valid_from"))
        and is_day(record.get("valid_until"))
        and not ends_before_it_starts(record)
        and is_nothing_or_text(record.get("gate"))
        and is_nothing_or_text(record.get("condition"))
        and isinstance(needs, list)
        and all(is_need(need) for need in needs)
    )
    return not sound


def hidden_by(record: Facts) -> list[tuple[str, frozenset[str]]]:
    """The ends of a refused edge, each with the states that its kind could have carried there."""
    effect = EFFECT_OF_KIND.get(str(record.get("kind")))
    before, after = ANY_STATE, ANY_STATE
    if effect is not None:
        against = BACKWARD.get(effect, ())
        before = frozenset(s for s, _ in FORWARD[effect]) | frozenset(t for _, t in against)
        after = frozenset(t for _, t in FORWARD[effect]) | frozenset(s for s, _ in against)
    ends = (("from", before), ("to", after))
    return [(str(record[end]), states) for end, states in ends if is_text(record.get(end))]


# --- gates and gaps --------------------------------------------------------------------------


def gate_refused(record: Facts) -> bool:
    """A gate without a known kind, or whose approvers are no list of texts."""
    approvers = record.get("approvers")
    texts = isinstance(approvers, list) and all(isinstance(item, str) for item in approvers)
    ends = (record.get("at"), record.get("log"))
    return (
        record.get("kind") not in GATE_KINDS
        or not (approvers is None or texts)
        or not all(is_nothing_or_text(end) for end in ends)
    )


def gap_refused(record: Facts) -> bool:
    """A gap at no node; one with a word that is no state stands, and hides any."""
    return not is_text(record.get("at"))


def hidden_at(record: Facts) -> frozenset[str]:
    """What a gap hides: the states it names; any, where it names none or one that is no state."""
    named = record.get("states")
    states = named if isinstance(named, list) else []
    return frozenset(states) if states and all(s in STATES for s in states) else ANY_STATE
