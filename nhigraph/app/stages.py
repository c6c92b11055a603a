"""How far an assessment has come, over all that it does, so that the time left can be told.

What comes after reading does not know how long it takes, but grows with the estate as reading
does: each stage has a share of the whole, as ``benchmarks/whole.py`` measured it at 100,000 nodes.
"""

from collections.abc import Callable
from typing import Final

#: Told what is going on: a phrase, how much is done, of how much.
Say = Callable[[str, int, int], None]
#: Stages in order: how their phrases begin, and their parts of a hundred.
STAGES: Final = {
    "reading": 18,
    "resolving the scope": 8,
    "tracing identities": 20,
    "asking the rules": 6,
    "asking what would settle most": 2,
    "asking which report every system needs": 13,
    "looking for the smallest cuts": 1,
    "ranking credentials": 16,
    "writing": 16,
}
#: Of which a whole is told.
_WHOLE: Final = 10_000


def over_all(say: Say) -> Say:
    """Take what a stage says of itself, and hand on how much of the whole is done.

    Args:
        say: Told of the whole.

    Returns:
        What the stages tell. A phrase of none of them is handed on as it is.
    """
    ends = 0
    before: dict[str, int] = {}
    for name, share in STAGES.items():
        before[name] = ends
        ends += share

    def told(phrase: str, done: int, total: int) -> None:
        name = next((name for name in STAGES if phrase.startswith(name)), None)
        if name is None:
            say(phrase, done, total)
            return
        part = min(done / total, 1.0) if total else 0.0
        say(phrase, int(_WHOLE * (before[name] + part * STAGES[name]) / ends), _WHOLE)

    return told
