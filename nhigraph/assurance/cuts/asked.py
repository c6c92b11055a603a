"""What a cut is asked to stop, made walkable."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from nhigraph.assurance.analyse import facts_of
from nhigraph.assurance.cuts.past_controls import Ways, ways_past_controls
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.verdict import harming
from nhigraph.assurance.walk import Ground, Walk, start_states
from nhigraph.graph.columns import states_cell
from nhigraph.graph.distinct import distinct
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.product import STATES, Closure, Product, state_id


@dataclass(frozen=True, slots=True)
class Asked:
    """What nobody shall reach.

    Attributes:
        nodes: Node ids.
        states: States that count there; none for all that harm a target, or all of a node.
        closure: Which ways count: all, the certain ones, or those past every control that holds.
        walkers: Node ids of those who shall not; by default the living population.
        unsupported: Keys of targets that are meant, too, and that nothing supports.
    """

    nodes: Sequence[int]
    states: frozenset[State] = frozenset()
    closure: Closure = Closure.MAY
    walkers: Sequence[int] | None = None
    unsupported: tuple[str, ...] = ()


class Asking:
    """The ways that somebody asks about.

    Attributes:
        estate: What is judged.
        asked: What nobody shall reach.
        walkers: Node ids of those who walk, alive.
        goals: States that nobody shall hold.
        changes: What can be taken away.
    """

    def __init__(
        self,
        estate: Estate,
        asked: Asked,
        ways: Product | None = None,
        *,
        keeping: bool = True,
    ) -> None:
        """Nothing is compiled before it is asked for.

        Args:
            estate: What is judged.
            asked: What nobody shall reach.
            ways: The clauses that lead to it, as the closure reads them, where they are known.
            keeping: What the scope keeps is not taken away.
        """
        self.estate, self.asked = estate, asked
        many = estate.identities if asked.walkers is None else asked.walkers
        self.walkers = [walker for walker in many if estate.alive[walker]]
        self.goals = goals_of(estate, asked)
        self._given = ways
        self.changes, self._keeping = estate.changes, keeping

    @cached_property
    def _ways(self) -> Ways:
        return self._read() if self._given is None else Ways(self._given)

    @property
    def reading(self) -> Product:
        """The clauses that count."""
        return self._ways.reading

    @cached_property
    def starts(self) -> list[list[int]]:
        """Per walker, the states it holds from the beginning, goals left out."""
        return [
            [s for s in start_states(self.estate, walker) if s not in self.goals]
            + [*self._ways.always]
            for walker in self.walkers
        ]

    def _read(self) -> Ways:
        if self.asked.closure is Closure.OPEN:
            return ways_past_controls(self._ground)
        return Ways(self._ground.readings[self.asked.closure])

    @cached_property
    def _ground(self) -> Ground:
        return Ground(self.estate, self.asked.nodes, len(self.walkers))

    @cached_property
    def change(self) -> dict[int, int]:
        """Edge on the ways to the change that takes it away."""
        edges = self.reading.edge
        found = distinct(edges[edges >= 0]).tolist()
        return self.changes.of(found, keeping=self._keeping)

    @property
    def at(self) -> Mapping[int, int]:
        """States beside those of nodes that lie at a node, with it."""
        return self._ways.at

    @property
    def targets(self) -> str:
        """Keys of what nobody shall reach."""
        return ";".join(sorted(self.estate.graph.key_list[node] for node in self.asked.nodes))

    @property
    def effect(self) -> str:
        """States that nobody shall hold there."""
        held = {goal % STATES for goal in self.goals}
        return states_cell(state for state in State if state in held)

    def names(self, lanes: Sequence[int]) -> tuple[str, ...]:
        """Keys of walkers, sorted."""
        keys = self.estate.graph.key_list
        return tuple(sorted(keys[self.walkers[lane]] for lane in lanes))

    def unsure(self) -> tuple[str, ...]:
        """Walkers who may have ways that are not known.

        They reach a gap; a control of which it is not known whether it holds stands before them
        alone; or nothing supports a target that is meant.
        """
        keys = self.estate.graph.key_list
        closures = [Closure.MAY]
        if self.asked.closure is Closure.OPEN:
            closures += [Closure.OPEN, Closure.MAYBE_OPEN]
        return tuple(
            sorted(
                keys[walker]
                for walk in self._ground.walks(self.walkers, closures)
                for lane, walker in enumerate(walk.walkers)
                if walk.gaps[lane] or self._unclear(walk, lane) or self._undecided(walker)
            )
        )

    def _unclear(self, walk: Walk, lane: int) -> bool:
        """Whether it reaches a goal only if a control does not hold of which that is not known."""
        if self.asked.closure is not Closure.OPEN:
            return False
        maybe, surely = walk.reach[Closure.MAYBE_OPEN], walk.reach[Closure.OPEN]
        return any(maybe.holds(goal, lane) for goal in self.goals) and not any(
            surely.holds(goal, lane) for goal in self.goals
        )

    def _undecided(self, walker: int) -> bool:
        return bool(self.asked.unsupported) and self.estate.in_boundary(walker)


def goals_of(estate: Estate, asked: Asked) -> frozenset[int]:
    """States that nobody shall hold."""
    keys = estate.graph.key_list
    targets = {target.key: target for target in estate.targets}
    found = set()
    for node in asked.nodes:
        target = targets.get(keys[node])
        harm = harming(facts_of(target)) if target else frozenset(State)
        found |= {state_id(node, state) for state in asked.states or harm}
    return frozenset(found)
