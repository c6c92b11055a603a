"""The worst paths in words, for a page without scripts and for print."""

from nhigraph.output.graph_html.drawing import Drawing
from nhigraph.output.graph_html.picture import steps
from nhigraph.records import dataclass

#: Paths of the table; the others are in paths.csv.
LISTED = 120
#: Names of a path that are told; of a longer one its two ends are.
_NAMES = 14


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the table: what its row in verdicts.csv says, and the way."""

    id: str
    verdict: str
    exposure: str
    steps: str
    way: str


def listed(drawn: Drawing) -> list[Listed]:
    """The worst paths."""
    best = [path for path in drawn.paths if path.of < 0]
    found = []
    for path in best[:LISTED]:
        walked = steps(drawn, path.tail)
        names = [drawn.cards[at].name for at in (walked[0][1], *(step[2] for step in walked))]
        if len(names) > _NAMES:
            half = _NAMES // 2
            names = [*names[:half], f"… {len(names) - _NAMES:,} more …", *names[-half:]]
        verdict, exposure, *_, count = path.row
        found.append(Listed(path.id, verdict, exposure, count, " → ".join(names)))
    return found
