"""Imagined identities: what would somebody reach who held this?

Nothing leads to them, no selector of the scope sees them, and no record speaks of them: they are
in the boundary, alive, and without a weakness of their own. All other answers stay as they are.
So they are no nodes: each is a lane on the ground of an analysis as it stands, and begins with
what it holds. The step to that is one as all others, and begins the flags that such an edge would.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.flags import Flag, Labels, Steps
from nhigraph.graph.actions import action_at
from nhigraph.graph.coded import Coded
from nhigraph.graph.store import Ints, objects
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.types import EdgeKind, State
from nhigraph.trace.lanes import Begun
from nhigraph.trace.product import STATES, Bools


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that an imagined identity has.

    Attributes:
        kind: Kind of the edge to it.
        node: Node id; what is not alive is not held.
        action: What it does there; None for what such an edge does by itself, which may be an
            *enabling* action, and then gives S by itself.
    """

    kind: EdgeKind
    node: int
    action: str | None = None


#: An imagined identity: what it holds.
Imagined = Sequence[Held]


class FirstSteps:
    """What imagined identities begin with, pair by pair of one of them and a state.

    Attributes:
        who: Per pair, the number of the identity; ascending.
        state: Per pair, a state of the product.
        steps: The steps to these, as flags look at them.
    """

    def __init__(self, estate: Estate, imagined: Sequence[Imagined]) -> None:
        """Take every step that things held make of control: whoever holds them has that of itself.

        Args:
            estate: The estate.
            imagined: What each of them holds.
        """
        self._many = len(imagined)
        who: list[int] = []
        held: list[Held] = []
        for number, things in enumerate(imagined):
            living = [one for one in things if estate.alive[one.node]]
            who += [number] * len(living)
            held += living
        given = [
            [after for before, after in kinds.TRANSITIONS[one.kind.effect] if before == _OWN]
            for one in held
        ]
        of = np.repeat(np.arange(len(held)), [len(states) for states in given])
        actions = [
            action_at(estate.graph, one.kind, one.node) if one.action is None else one.action
            for one in held
        ]
        end = np.array([one.node for one in held], dtype=np.int64)[of]
        state = np.array([state for states in given for state in states], dtype=np.int64)
        self.who: Ints = np.array(who, dtype=np.int64)[of]
        self.state: Ints = end * STATES + state
        self.steps = Steps.of(
            np.ones(len(of), dtype=bool),
            state,
            end,
            Coded.of(objects(actions)[of]),
            Coded.of(objects([one.kind.label for one in held])[of]),
        )

    def __len__(self) -> int:
        """How many are imagined."""
        return self._many

    def of(self, number: int) -> list[int]:
        """States that one of them begins with."""
        first, last = np.searchsorted(self.who, [number, number + 1]).tolist()
        found: list[int] = self.state[first:last].tolist()
        return found

    def among(self, first: int, last: int, chosen: Bools | None = None, lane: int = 0) -> Begun:
        """Pairs of some of them, who are lanes one after another; all, or those of some steps."""
        pairs = slice(*np.searchsorted(self.who, [first, last]).tolist())
        wanted = slice(None) if chosen is None else chosen[pairs]
        return Begun(self.state[pairs][wanted], self.who[pairs][wanted] - first + lane)


class Beside:
    """Imagined identities with the flags that they begin: what tracing them asks for.

    Attributes:
        first: What they begin with.
        flags: Every flag that they or those who walk may carry; those of the walkers first.
    """

    def __init__(self, first: FirstSteps, labels: Labels) -> None:
        """Find the flags that their first steps begin."""
        begun = labels.begun(first.steps)
        self.first = first
        self.flags: Mapping[str, Flag] = labels.flags | {n: flag for n, (flag, _) in begun.items()}
        self._chosen: Mapping[str, Bools] = {name: chosen for name, (_, chosen) in begun.items()}

    def __len__(self) -> int:
        """How many are imagined."""
        return len(self.first)

    def begun(self, first: int, last: int, lane: int = 0) -> dict[str, Begun]:
        """By flag, who of some of them carries it from the beginning, and where.

        Args:
            first: The first of them.
            last: The one after the last.
            lane: Lane of the first.
        """
        return {
            name: self.first.among(first, last, chosen, lane)
            for name, chosen in self._chosen.items()
        }


_OWN = State.CONTROL
