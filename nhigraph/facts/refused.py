"""What a record that cannot be read leaves behind: never "no path" beside it.

Of facts/1 in every form, and of the links of a scope (FORMATS, *facts/1*: a record refused).
"""

from collections.abc import Iterator
from datetime import date

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gap
from nhigraph.schema.kinds import BACKWARD, TRANSITIONS
from nhigraph.schema.types import EdgeKind, State

_ANY = tuple(State)


def starting_states(kind: EdgeKind) -> tuple[State, ...]:
    """States from which an edge of a kind can be walked, at its source."""
    return tuple(sorted({source for source, _ in TRANSITIONS[kind.effect]}))


def hidden_states(kind: EdgeKind | None) -> tuple[tuple[State, ...], tuple[State, ...]]:
    """States that an unread edge could have carried, at its source and at its destination.

    Forwards and backwards; any at both where its kind is not known.
    """
    if kind is None:
        return _ANY, _ANY
    forward, back = TRANSITIONS[kind.effect], BACKWARD.get(kind.effect, ())
    source = {before for before, _ in forward} | {after for _, after in back}
    target = {after for _, after in forward} | {before for before, _ in back}
    return tuple(sorted(source)), tuple(sorted(target))


def of_edge(
    kind: EdgeKind | None,
    source: str | None,
    target: str | None,
    reason: str,
    evidence: Evidence,
    days: tuple[date | None, date | None] = (None, None),
) -> Iterator[Gap]:
    """Gaps of an edge that was refused, at the ends that can be read.

    At an end that no input describes the graph lays none. ``days`` are the first and the last on
    which it would have held, as far as these can be read: they bound the gaps. Of days that end
    before they begin one is wrong, and nobody knows which: they bound nothing.
    """
    first, last = days
    if first and last and last < first:
        days = (None, None)
    at_source, at_target = hidden_states(kind)
    label = "an edge" if kind is None else f"a {kind.label}"
    for key, states, way in ((source, at_source, "from"), (target, at_target, "to")):
        if key and states:
            what = f"{label} {way} here could not be read: {reason}"
            yield Gap(key, what, evidence, states, *days)


def of_node(key: str, reason: str, evidence: Evidence) -> Gap:
    """The gap on a node that stays although its record was refused."""
    return Gap(key, f"its record could not be read: {reason}", evidence)
