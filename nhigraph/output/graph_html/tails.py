"""Paths as a tree of their ends: two that share how they go on share what is stored of it.

The paths of a chain of 500 identities are 125,000 steps and 501 ends.
"""

from collections.abc import Sequence
from dataclasses import field

from nhigraph.assurance.rows import PathStep
from nhigraph.records import dataclass

Steps = Sequence[PathStep]
_Key = tuple[object, ...]

#: Follows the last step of a path.
END = -1


@dataclass(slots=True)
class Tails:
    """Steps, each with the one that follows it.

    Attributes:
        steps: A step of a path, and the number of the next one or ``END``.
    """

    steps: list[tuple[PathStep, int]] = field(default_factory=list)
    _known: dict[tuple[int, int], int] = field(default_factory=dict)
    _sorts: dict[_Key, int] = field(default_factory=dict)
    #: By the identity of a step, itself, so that it stays, and its sort.
    _sort: dict[int, tuple[PathStep, int]] = field(default_factory=dict)

    def missing(self, path: Steps) -> int:
        """How many steps would be stored for a path."""
        at = END
        for done, step in enumerate(reversed(path)):
            known = self._known.get((self._of(step), at))
            if known is None:
                return len(path) - done
            at = known
        return 0

    def add(self, path: Steps) -> int:
        """Store a path; returns the number of its first step."""
        at = END
        for step in reversed(path):
            key = self._of(step), at
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = len(self.steps)
                self.steps.append((step, at))
            at = known
        return at

    def _of(self, step: PathStep) -> int:
        """Number of what a step says, whoever walks it."""
        known = self._sort.get(id(step))
        if known is None:
            sort = self._sorts.setdefault(_walked(step), len(self._sorts))
            known = self._sort[id(step)] = step, sort
        return known[1]


def _walked(step: PathStep) -> _Key:
    """What a step says, whoever walks it."""
    said = (step.source, step.edge_kind, step.target, step.state, step.certainty)
    stated = (step.condition, step.gate, step.artifact, step.pointer, step.action)
    return (*said, *stated)
