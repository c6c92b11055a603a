"""Rows of rotation.csv: every credential, first to rotate first."""

from collections.abc import Iterable, Mapping

import numpy as np

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.certainty import of_identity
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.path_rows import Room
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.rotation.credentials import Credentials
from nhigraph.assurance.rotation.fewest import fewest
from nhigraph.assurance.rotation.reasons import Beside, Reasons
from nhigraph.assurance.rotation.thieves import Stolen, Thieves, planted_thieves
from nhigraph.assurance.rotation_rows import Fewest, Rotation, RotationRow
from nhigraph.assurance.rows import PathStep, VerdictRow
from nhigraph.assurance.which_rows import told_of
from nhigraph.graph.columns import last_day
from nhigraph.records import dataclass

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
    paths: Mapping[str, tuple[PathStep, ...]]


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
    writer = _Rows(credentials, thieves.found, breaking)
    order = sorted(credentials.nodes, key=writer.place)
    ways, room = thieves.ways, Room.of(paths)
    named: dict[str, list[int]] = {}
    listed = []
    for rank, node in enumerate(order, 1):
        name = ways.name(node)
        if name and name not in named and room.take(len(clauses := ways.clauses(node))):
            named[name] = clauses
        listed.append(writer.row(node, rank, name if name in named else ""))
    found = fewest(credentials, thieves.found, [row.credential for row in listed], until)
    return Ranked(Rotation(tuple(listed), found), ways.told(named))


class _Rows:
    """Writes rows."""

    def __init__(
        self, credentials: Credentials, found: Mapping[int, Stolen], most: int | None
    ) -> None:
        self._credentials, self._found, self._most = credentials, found, most
        graph = credentials.estate.graph
        self._cells = {name: graph.nodes[name].tolist() for name in ("kind", "name", "expires")}
        places = graph.stated_places("node", np.array(credentials.nodes, dtype=np.int64))
        self._places = {
            node: told[0] for node, told in zip(credentials.nodes, places, strict=True)
        }
        self._reasons = Reasons(credentials.estate)
        self._effects: dict[int, tuple[str, ...]] = {}

    def place(self, node: int) -> tuple[object, ...]:
        """FORMATS: soc1, open before gated, letters, exposed or long-lived, age, key."""
        row, told = self._found[node].row, self._credentials
        letters = 2 * len(row.soc2) if row.soc2 != (UNDETERMINED,) else 1
        age = told.age(node)
        return (
            -rule.SOC1_ORDER.index(row.soc1),
            _EXPOSED.index(row.exposure),
            -letters,
            not told.urgent(node),
            age is None,
            -(age or 0),
            told.estate.graph.key_list[node],
        )

    def row(self, node: int, rank: int, path_id: str) -> RotationRow:
        """The row of a credential in its place, with its path."""
        stolen, told = self._found[node], self._credentials
        artifact, pointer = self._places[node]
        breaks = told.breaks(node)
        row = RotationRow(
            rank,
            told.estate.graph.key_list[node],
            self._cells["kind"][node],
            self._cells["name"][node],
            told.holders(node),
            told.opens(node),
            stolen.row.soc1,
            stolen.row.soc2,
            self._effects_of(stolen),
            stolen.row.targets,
            told.age(node),
            told.said(node, "last_used"),
            last_day(self._cells["expires"][node]),
            told.used_by(node),
            told_of(sorted(breaks)[: self._most], len(breaks)),
            artifact,
            pointer,
            path_id,
            stolen.row.exposure,
            of_identity(stolen.row, stolen.sorts),
            tuple(sorted(told.weaknesses(node))),
            stolen.row.gaps,
            len(breaks),
            breaks[:_NEAREST],
        )
        beside = Beside(told.idle(node), told.dated(node), told.unnamed(node, breaks))
        return row.because(self._reasons.of(row, beside))

    def _effects_of(self, stolen: Stolen) -> tuple[str, ...]:
        """What is done at the targets: of sorts that are one object, once."""
        known = self._effects.get(id(stolen.sorts))
        if known is None:
            known = self._effects[id(stolen.sorts)] = effects(stolen.sorts)
        return known


def effects(verdicts: Iterable[VerdictRow]) -> tuple[str, ...]:
    """What is done at the targets of some rows, in words, in their order."""
    found: set[str] = set()
    for one in verdicts:
        if one.verdict == "neither":
            continue
        found |= {state.lower() for state in one.states.split("+")} & set(_EFFECTS)
        if "READ" in one.states and {"C", "P"} & {*one.soc2, *one.soc2_outside}:
            found.add("disclose")
    return tuple(name for name in (*_EFFECTS, "disclose") if name in found)
