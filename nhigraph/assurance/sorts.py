"""Rows of verdicts.csv while they are found: what they say, each once, and who has which.

See ``verdict_rows.VerdictRows``, which is made of them.
"""

from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache

import numpy as np

from nhigraph.assurance.analyse import Meeting
from nhigraph.assurance.rows import Target, VerdictRow
from nhigraph.assurance.verdict import Judgement
from nhigraph.graph.columns import states_cell
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema.types import State

Gaps = tuple[str, ...]


@dataclass(slots=True)
class Collected:
    """Rows of some identities, in columns.

    Attributes:
        walker: Node id of the identity of each row.
        sort: Number of its sort.
        target: Index of the target that a path leads to; -1 where nothing arrives.
        goal: Bits of the states in which that path may end.
    """

    walker: list[Ints] = field(default_factory=list)
    sort: list[Ints] = field(default_factory=list)
    target: list[Ints] = field(default_factory=list)
    goal: list[Ints] = field(default_factory=list)

    def add(self, walker: Ints, sort: Ints, target: Ints, goal: Ints) -> None:
        """Take some more."""
        self.walker.append(walker)
        self.sort.append(sort)
        self.target.append(target)
        self.goal.append(goal)

    def columns(self) -> list[Ints]:
        """All of them, in the order of the attributes."""
        none, every = np.zeros(0, dtype=np.int64), (self.walker, self.sort, self.target, self.goal)
        return [np.concatenate([none, *column]) for column in every]


class Sorts:
    """What rows say but for identity, steps and path; what is alike has one number.

    Attributes:
        rows: By number, a row of that sort.
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        """There is none yet."""
        self.rows: list[VerdictRow] = []
        self._targets = targets
        self._number: dict[tuple[object, ...], int] = {}

    def of_pairs(
        self,
        meetings: Sequence[Meeting],
        judged: Sequence[Judgement],
        which: Ints,
        gaps: Sequence[Gaps],
        lanes: Ints,
    ) -> Ints:
        """Number of the sort of each pair of an identity and a target that it reaches.

        Args:
            meetings: What arrives.
            judged: What each of these is.
            which: Per pair, its meeting.
            gaps: Per lane, the keys of the nodes whose gaps it reaches.
            lanes: Per pair, its lane.
        """
        number: dict[Gaps, int] = {}
        of = np.array([number.setdefault(some, len(number)) for some in gaps], dtype=np.int64)
        distinct, many = [*number], max(len(number), 1)
        codes, inverse = np.unique(which * many + of[lanes], return_inverse=True)
        pairs = ((*divmod(code, many),) for code in codes.tolist())
        found = [self._at(meetings[met], judged[met], distinct[some]) for met, some in pairs]
        numbers: Ints = np.array(found, dtype=np.int64)[inverse]
        return numbers

    def _at(self, met: Meeting, judged: Judgement, gaps: Gaps) -> int:
        target = self._targets[met.target]
        return self.of(target.key, target.icfr_basis, judged, _states(met.arrival.may), gaps)

    def of(self, target: str, basis: str, judged: Judgement, states: str, gaps: Gaps) -> int:
        """Number of a sort; without states it is of what was not seen."""
        # What is judged is kept by the judging, or by the rules themselves.
        known = target, id(judged), states, gaps
        number = self._number.get(known)
        if number is None:
            number = self._number[known] = len(self.rows)
            self.rows.append(written(target, basis, judged, states, gaps))
        return number


def written(
    target: str, basis: str, judged: Judgement, states: str, gaps: Gaps, steps: int | None = None
) -> VerdictRow:
    """What a row says but for identity and path; without states it is of what was not seen."""
    return VerdictRow(
        "",
        target,
        judged.verdict,
        judged.soc1,
        judged.soc2,
        judged.soc2_outside if states else (),
        judged.exposure,
        judged.certainty,
        states,
        judged.assertions if states else (),
        basis,
        judged.rules,
        steps,
        "",
        gaps,
    )


@lru_cache
def _states(bits: int) -> str:
    return states_cell(state for state in State if bits >> state & 1)
