"""Rows of rotation.csv: every credential, first to rotate first."""

from collections.abc import Iterable
from dataclasses import dataclass

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.certainty import of_identity
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.path_rows import Room
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.rotation.credentials import URGENT, Credentials
from nhigraph.assurance.rotation.fewest import fewest
from nhigraph.assurance.rotation.reasons import Beside, Reasons
from nhigraph.assurance.rotation.thieves import Stolen, Thieves, planted_thieves
from nhigraph.assurance.rotation_rows import Fewest, Rotation, RotationRow
from nhigraph.assurance.rows import PathStep, VerdictRow
from nhigraph.assurance.which_rows import told_of
from nhigraph.graph.columns import last_day

#: What is done at a target by each state there; READ discloses where a promise forbids it.
_EFFECTS = ("control", "alter", "omit", "halt")
#: Things that stop with a credential, of which people are told first.
_NEAREST = 3
#: Exposures, the one that is to be rotated first in front.
_EXPOSED = ("open", UNDETERMINED, "relies_on_subservice", "gated", "in-population")


@dataclass(frozen=True, slots=True)
class Ranked:
    """Credentials, ranked.

    Attributes:
        rotation: The rows, and the fewest to rotate.
        paths: Paths that the rows name.
    """

    rotation: Rotation
    paths: dict[str, tuple[PathStep, ...]]


def ranked(
    estate: Estate,
    paths: int = 10_000,
    until: str = "soc1",
    breaking: int | None = None,
    known: tuple[Credentials, Planted] | None = None,
) -> Ranked:
    """Rank the credentials of an estate.

    Args:
        estate: The estate.
        paths: Most paths to name, first to rotate first.
        until: What the fewest keep the long-lived and exposed from; one of ``fewest.HARMS``.
        breaking: Most things that stop with a credential to name; None for all.
        known: Its credentials and whoever knows each of them, where these are traced.
    """
    credentials = known[0] if known else Credentials(estate)
    if not credentials.nodes:
        return Ranked(Rotation((), Fewest(until)), {})
    planted = known[1] if known else planted_thieves(estate, credentials, credentials.nodes)
    thieves = Thieves(planted, credentials.nodes)
    writer = _Rows(credentials, breaking)
    rows = sorted((writer.row(thieves.found[node]) for node in credentials.nodes), key=_first)
    named: dict[str, tuple[PathStep, ...]] = {}
    ways = {estate.graph.key_list[node]: one.way for node, one in thieves.found.items()}
    room = Room.of(paths)
    listed = []
    for rank, row in enumerate(rows, 1):
        way = ways[row.credential]
        if way is not None and way.name not in named and room.take(len(way.clauses)):
            named[way.name] = thieves.path(way)
        shown = way.name if way is not None and way.name in named else ""
        listed.append(row.ranked(rank, shown))
    order = [row.credential for row in listed]
    found = fewest(credentials, thieves.found, order, until)
    return Ranked(Rotation(tuple(listed), found), named)


def _first(row: RotationRow) -> tuple[object, ...]:
    """FORMATS: soc1, open before gated, letters, exposed or long-lived, age, key."""
    letters = 2 * len(row.soc2) if row.soc2 != (UNDETERMINED,) else 1
    return (
        -rule.SOC1_ORDER.index(row.soc1),
        _EXPOSED.index(row.exposure),
        -letters,
        URGENT.isdisjoint(row.weaknesses),
        row.age_days is None,
        -(row.age_days or 0),
        row.credential,
    )


class _Rows:
    """Writes rows, all but what the order and the paths give."""

    def __init__(self, credentials: Credentials, most: int | None) -> None:
        self._credentials, self._most = credentials, most
        graph = credentials.estate.graph
        self._cells = {name: graph.nodes[name].tolist() for name in ("kind", "name", "expires")}
        self._reasons = Reasons(credentials.estate)

    def row(self, stolen: Stolen) -> RotationRow:
        """The row of a credential."""
        node, told = stolen.credential, self._credentials
        graph = told.estate.graph
        place = graph.evidence_of("node", node)[0]
        breaks = told.breaks(node)
        row = RotationRow(
            0,
            graph.key_list[node],
            self._cells["kind"][node],
            self._cells["name"][node],
            told.holders(node),
            told.opens(node),
            stolen.row.soc1,
            stolen.row.soc2,
            effects(stolen.verdicts),
            stolen.row.targets,
            told.age(node),
            told.said(node, "last_used"),
            last_day(self._cells["expires"][node]),
            told.used_by(node),
            told_of(sorted(breaks)[: self._most], len(breaks)),
            place.artifact,
            place.pointer,
            "",
            stolen.row.exposure,
            of_identity(stolen.row, stolen.verdicts),
            tuple(sorted(told.weaknesses(node))),
            stolen.row.gaps,
            len(breaks),
            breaks[:_NEAREST],
        )
        beside = Beside(told.idle(node), told.dated(node), told.unnamed(node, breaks))
        return row.because(self._reasons.of(row, beside))


def effects(verdicts: Iterable[VerdictRow]) -> tuple[str, ...]:
    """What is done at the targets, in words, in their order."""
    found: set[str] = set()
    for one in verdicts:
        found |= {state.lower() for state in one.states.split("+")} & set(_EFFECTS)
        if "READ" in one.states and {"C", "P"} & {*one.soc2, *one.soc2_outside}:
            found.add("disclose")
    return tuple(name for name in (*_EFFECTS, "disclose") if name in found)
