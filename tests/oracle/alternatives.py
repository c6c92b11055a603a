"""Alternatives of a path by trying everything: all walks, all single removals, all choices.

FORMATS, `paths.csv`: an alternative is the best path that still stands when, of every one before
it, one removable edge without which that one does not stand is taken away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from .automaton import Closure, Held, Move, move_cost, start_states
from .rows import Context, Identity, shown_goals
from .scope import Target
from .vocabulary import ACTOR_KINDS, STATES
from .world import Edge, World

Path = tuple[Move, ...]
#: "Grants, memberships, trusts, credentials, tokens' rights can be cut; lineage and containment
#: cannot", but for what a job computes by its own right.
_CUT = ("become", "administer", "alter", "delete", "read", "halt", "reveal")


def removable(world: World, edge: Edge) -> bool:
    """Whether somebody could take the edge away."""
    by_actor = bool(world.nodes[edge.source].kinds & ACTOR_KINDS)
    return edge.effect in _CUT or (edge.effect == "compute" and by_actor)


class Everything:
    """All walks of one identity to what its row at one target is about.

    `walks` is None where there are more than `most`.
    """

    def __init__(
        self, ctx: Context, identity: Identity, target: Target, moves: list[Move], most: int
    ) -> None:
        self.world, self.moves = ctx.world, moves
        self.start = start_states(ctx.world, identity.key)
        self.goals = {(target.key, state) for state in shown_goals(ctx, identity, target)}
        self.fired = identity.walk.may.fired
        self.most = most
        self._held: dict[frozenset[Edge], set[Held]] = {}
        self._stops: dict[Path, list[Edge]] = {}

    @cached_property
    def walks(self) -> list[Path] | None:
        """Every walk that holds no state twice and ends at the first goal."""
        leading = self._leading()
        out: dict[Held, list[Move]] = {}
        for move in self.fired:
            if move.target in leading:
                out.setdefault(move.source, []).append(move)
        found: list[Path] = []
        waiting: list[tuple[Held, Path]] = [(held, ()) for held in self.start]
        while waiting:
            here, walk = waiting.pop()
            if here in self.goals:
                found.append(walk)
            else:
                been = {here, *(move.source for move in walk)}
                more = [move for move in out.get(here, ()) if move.target not in been]
                waiting += [(move.target, (*walk, move)) for move in more]
            if len(found) + len(waiting) > self.most:
                return None
        return found

    def _leading(self) -> set[Held]:
        leading = set(self.goals)
        while more := {m.source for m in self.fired if m.target in leading} - leading:
            leading |= more
        return leading

    @cached_property
    def edges(self) -> list[Edge]:
        """What somebody could take away, of what the identity passes at all."""
        edges = dict.fromkeys(move.edge for move in self.fired if move.edge is not None)
        return [edge for edge in edges if removable(self.world, edge)]

    def stands(self, walk: Path, gone: Collection[Edge]) -> bool:
        """Whether the identity can still walk it."""
        if any(move.edge in gone for move in walk):
            return False
        held = self._without(frozenset(gone))
        return all(need in held for move in walk for need in move.needs)

    def _without(self, gone: frozenset[Edge]) -> set[Held]:
        if gone not in self._held:
            left = [move for move in self.fired if move.edge not in gone]
            self._held[gone] = Closure(self.world, left, self.start, lambda *_: True).held
        return self._held[gone]

    def stops(self, walk: Path) -> list[Edge]:
        """Edges each of which takes the walk with it."""
        if walk not in self._stops:
            self._stops[walk] = [e for e in self.edges if not self.stands(walk, {e})]
        return self._stops[walk]

    def beside(self, earlier: Sequence[Path]) -> list[Path]:
        """The best of the walks that stand beside earlier ones.

        Several where they part at edges between the same states: FORMATS has no order of those.
        """
        left = [walk for walk in self.walks or () if self._beside(walk, earlier, frozenset())]
        best = min(map(self.cost, left), default=None)
        left = [walk for walk in left if self.cost(walk) == best]
        return [walk for walk in left if not any(comes_before(one, walk) for one in left)]

    def _beside(self, walk: Path, earlier: Sequence[Path], gone: frozenset[Edge]) -> bool:
        if not self.stands(walk, gone):
            return False
        if not earlier:
            return True
        return any(self._beside(walk, earlier[1:], gone | {e}) for e in self.stops(earlier[0]))

    @staticmethod
    def cost(walk: Path) -> tuple[int, int, int]:
        """ "Fewest conditions, then gated edges, then steps"."""
        costs = [move_cost(move) for move in walk]
        return sum(c[0] for c in costs), sum(c[1] for c in costs), sum(c[2] for c in costs)


def comes_before(one: Path, other: Path) -> bool:
    """ "Then key order", of walks that cost alike: where they part, by what is held next."""
    if one and other and one[0].source != other[0].source:
        return _order(one[0].source) < _order(other[0].source)
    for mine, its in zip(one, other, strict=False):
        if mine.target != its.target:
            return _order(mine.target) < _order(its.target)
        if mine != its:
            return False
    return False


def _order(held: Held) -> tuple[str, int]:
    return held[0], STATES.index(held[1])


def told(walk: Iterable[Move]) -> list[tuple[str, str, str]]:
    """A walk as `paths.csv` has it: from, to and state; moves inside a node are no steps."""
    return [
        (move.source[0], *move.target)
        for move in walk
        if move.edge is not None or move.source[0] != move.target[0]
    ]
