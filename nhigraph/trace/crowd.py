"""Who walks in a web: whoever holds the same there is one."""

from collections.abc import Collection, Iterable

from nhigraph.records import dataclass
from nhigraph.trace.lanes import bits


class Starts:
    """What walkers hold from the beginning, those that hold the same as one.

    Attributes:
        groups: States, ascending, and the walkers that hold them; groups go by their first.
        holding: State to the groups, by number, that hold it.
    """

    def __init__(self, starts: Iterable[Collection[int]]) -> None:
        """Group them.

        Args:
            starts: Per walker, states.
        """
        groups: dict[tuple[int, ...], list[int]] = {}
        for lane, states in enumerate(starts):
            groups.setdefault(tuple(sorted(states)), []).append(lane)
        self.groups = [(states, tuple(lanes)) for states, lanes in groups.items()]
        self.holding: dict[int, list[int]] = {}
        for number, (states, _) in enumerate(self.groups):
            for state in states:
                self.holding.setdefault(state, []).append(number)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Walkers that hold something in a web, those that hold the same there as one.

    Attributes:
        starts: Per group, the rows it holds from the beginning.
        lanes: Per group, its walkers; groups go by their first.
        ends: Rows of goals that some group holds.
    """

    starts: tuple[tuple[int, ...], ...]
    lanes: tuple[tuple[int, ...], ...]
    ends: tuple[int, ...]

    def walkers(self, groups: int) -> tuple[int, ...]:
        """The walkers of some groups, sorted."""
        return tuple(sorted(lane for group in bits(groups) for lane in self.lanes[group]))

    def without(self, groups: int) -> "Crowd":
        """The others."""
        left = [group for group in range(len(self.lanes)) if not groups >> group & 1]
        starts = tuple(self.starts[group] for group in left)
        held = {row for start in starts for row in start}
        ends = tuple(row for row in self.ends if row in held)
        return Crowd(starts, tuple(self.lanes[group] for group in left), ends)
