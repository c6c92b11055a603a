"""Several estates as a period: who existed, who could do what to which target, and for how long.

Each estate speaks of its day alone. A spell is what consecutive ones say alike, from the first of
these days to the last; what came or went between two days may have done so on any of them.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence

from nhigraph.assurance.diff.told import told
from nhigraph.assurance.estate import Estate
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A spell.

    Attributes:
        what: identity, that somebody existed; or verdict, what was the answer at a target.
        subject: Key of the identity.
        kind: Its kind.
        target: Target of a verdict; ``*`` for all others, empty for the identity itself.
        said: State of the identity, or the verdict.
        first_seen: Day of the first estate that says so.
        last_seen: Day of the last one in a row that does.
        seen: How many estates that are.
        not_yet: Day of the estate before, which did not say so; empty where there is none.
        no_longer: Day of the next estate, which says so no longer; empty where there is none.
    """

    what: str
    subject: str
    kind: str
    target: str
    said: str
    first_seen: str
    last_seen: str
    seen: int
    not_yet: str
    no_longer: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one estate says."""

    day: str
    kinds: Mapping[str, str]
    states: Mapping[tuple[str, str], str]
    verdicts: Mapping[tuple[str, str], str]


def period(estates: Sequence[Estate]) -> list[PeriodRow]:
    """Spells of identities, then of verdicts, each in the order of keys and days.

    Args:
        estates: In the order of their days.
    """
    seen = [_seen(estate) for estate in estates]
    rows = []
    for what in ("identity", "verdict"):
        found = [one.states if what == "identity" else one.verdicts for one in seen]
        for pair in sorted({pair for one in found for pair in one}):
            said = [one.get(pair) for one in found]
            for first, last in _spells(said):
                kind = seen[first].kinds.get(pair[0], "")
                days = (seen[first].day, seen[last].day, last - first + 1)
                before = seen[first - 1].day if first else ""
                after = seen[last + 1].day if last + 1 < len(seen) else ""
                told_ = (what, pair[0], kind, pair[1], str(said[first]))
                rows.append(PeriodRow(*told_, *days, before, after))
    return rows


def _seen(estate: Estate) -> _Seen:
    graph = estate.graph
    state = graph.nodes["state"].tolist()
    states = {}
    for node in estate.identities:
        ended = state[node] if state[node] in {"disabled", "deleted"} else "expired"
        states[graph.key_list[node], ""] = "active" if estate.alive[node] else ended
    verdicts = {pair: one.text for pair, one in told(estate).items() if one.verdict != "neither"}
    kinds = {graph.key_list[node]: graph.kind_list[node] for node in estate.identities}
    return _Seen(estate.day.as_of, kinds, states, verdicts)


def _spells(said: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of one value; None is no value."""
    first = 0
    for place, value in enumerate(said):
        if value != said[first]:
            first = place
        if value is not None and (place + 1 == len(said) or said[place + 1] != value):
            yield first, place
