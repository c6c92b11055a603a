"""Paths as rows of paths.csv: every step with what it takes, its smallest evidence first."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

import numpy as np

from nhigraph.assurance.rows import Alternative, PathStep, needed
from nhigraph.facts.evidence import Evidence
from nhigraph.graph.columns import needs_of
from nhigraph.graph.store import Graph, Ints
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.paths import Paths, Step

#: Names of states by their numbers.
_NAMES = tuple(state.name for state in State)
#: Columns of an edge that its steps show.
_SAID = ("kind", "certainty", "condition", "action", "needs")
#: Steps that a line names at most.
_TOLD = 6
#: Steps that there is room for, for each path and at the least.
_STEPS_OF_ONE, _STEPS = 10, 100_000


@dataclass(slots=True)
class Room:
    """How much of paths may still be printed.

    Attributes:
        paths: Paths.
        steps: Their steps together, so that a file has its bounds however long a path is.
    """

    paths: int
    steps: int

    @classmethod
    def of(cls, paths: int) -> "Room":
        """The room for some paths."""
        return cls(paths, max(paths * _STEPS_OF_ONE, _STEPS))

    def take(self, steps: int, paths: int = 1) -> bool:
        """Take the room of a path; False, and nothing taken, where there is too little."""
        if paths > self.paths or steps > self.steps:
            return False
        self.paths -= paths
        self.steps -= steps
        return True


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of an edge, whoever walks it."""

    kind: str
    certainty: str
    condition: str
    action: str
    needs: tuple[tuple[str, str], ...]
    places: tuple[Evidence, ...]


def without(path: Sequence[PathStep], other: Alternative) -> str:
    """Which steps of a path another does not take: ``without step 2``; empty if it takes all."""
    taken = {_edge(step) for step in other}
    missing = [str(step.step) for step in path if _edge(step) not in taken]
    if not missing:
        return ""
    told = missing if len(missing) <= _TOLD else [*missing[:_TOLD], "…"]
    return f"without step{'s' if len(missing) > 1 else ''} {', '.join(told)}"


def _edge(step: PathStep) -> tuple[str, ...]:
    """What tells an edge of a path from another, whatever is held at its end."""
    said = (step.source, step.edge_kind, step.target, step.action, step.condition)
    return *said, step.gate, step.artifact, step.pointer


class Printed(Mapping[str, tuple[PathStep, ...]]):
    """Printed paths by id; the rows of one are made when they are read.

    Attributes:
        clauses: By path id, the clauses of the path.
    """

    def __init__(
        self, written: "PathRows", paths: Paths, clauses: Mapping[str, Sequence[int]]
    ) -> None:
        """Take the paths, whose rows ``written`` writes."""
        self._written, self._paths, self.clauses = written, paths, clauses

    def __len__(self) -> int:
        """How many are printed."""
        return len(self.clauses)

    def __iter__(self) -> Iterator[str]:
        """Their ids."""
        return iter(self.clauses)

    def __contains__(self, path_id: object) -> bool:
        """Whether a path is printed."""
        return path_id in self.clauses

    def __getitem__(self, path_id: str) -> tuple[PathStep, ...]:
        """The steps of one."""
        told = enumerate(self.sorts(path_id), 1)
        return tuple([one.of(path_id, number) for number, one in told])

    def sorts(self, path_id: str) -> list[PathStep]:
        """Its steps without id and numbers; what is alike on several paths is one object."""
        known = self._sorts
        return [known[clause] for clause in self.clauses[path_id] if clause in known]

    def passed(self) -> Collection[PathStep]:
        """Each sort of step that is on any of them, once."""
        return self._sorts.values()

    def laid(self) -> "LaidSteps":
        """Their steps, one path after another."""
        sorts, many = self._sorts, [*map(len, self.clauses.values())]
        clauses = np.fromiter(chain.from_iterable(self.clauses.values()), dtype=np.int64)
        place = np.full(self._paths.product.clauses, -1, dtype=np.int32)
        place[np.fromiter(sorts, dtype=np.int64)] = np.arange(len(sorts))
        places, of = place[clauses], np.repeat(np.arange(len(many)), many)
        kept = places >= 0
        return LaidSteps([*self], [*sorts.values()], of[kept], places[kept].astype(np.int64))

    @cached_property
    def _sorts(self) -> Mapping[int, PathStep]:
        """By clause that is an edge, its row on whichever path."""
        every = {clause for many in self.clauses.values() for clause in many}
        clauses = np.array(sorted(every), dtype=np.int64)
        moves = clauses[self._paths.product.edge[clauses] >= 0].tolist()
        return self._written.sorts(self._paths, moves)


@dataclass(frozen=True, slots=True)
class LaidSteps:
    """Steps of paths, one path after another.

    Attributes:
        ids: Ids of the paths.
        sorts: Steps as they are on any of them; their ids and numbers may be missing.
        of: Per step, the place of its path's id.
        places: Per step, its place among the sorts.
    """

    ids: Sequence[str]
    sorts: Sequence[PathStep]
    of: Ints
    places: Ints


def laid_steps(paths: Mapping[str, Sequence[PathStep]]) -> LaidSteps:
    """The steps of paths, which may be columns already."""
    if isinstance(paths, Printed):
        return paths.laid()
    sorts = [*chain.from_iterable(paths.values())]
    of = np.repeat(np.arange(len(paths)), [*map(len, paths.values())])
    return LaidSteps([*paths], sorts, of, np.arange(len(sorts)))


def steps_of(paths: Mapping[str, Sequence[PathStep]], path_id: str) -> Sequence[PathStep]:
    """Steps of a path, for whom id and numbers do not matter: they may be missing."""
    return paths.sorts(path_id) if isinstance(paths, Printed) else paths[path_id]


def passed(
    paths: Mapping[str, Sequence[PathStep]], alternatives: Mapping[str, Sequence[Alternative]]
) -> Iterator[PathStep]:
    """Every step of paths and alternatives; what is alike on several paths may come once."""
    if isinstance(paths, Printed):
        yield from paths.passed()
    else:
        yield from chain.from_iterable(paths.values())
    yield from chain.from_iterable(chain.from_iterable(alternatives.values()))


class PathRows:
    """Writes paths of one graph; paths share most of their edges, so each is looked up once."""

    def __init__(self, graph: Graph) -> None:
        """Take the columns of the edges."""
        self._graph, self._keys = graph, graph.key_list
        self._cells = {name: graph.edges[name].to_numpy() for name in graph.edges.columns}
        self._known: dict[int, _Told] = {}
        self._sorts: dict[Paths, dict[int, PathStep]] = {}

    def rows(
        self, path_id: str, steps: Sequence[Step], alternative: int = 0
    ) -> tuple[PathStep, ...]:
        """The rows of a path, or of an alternative of it, in the order of its steps."""
        row = self._row
        return tuple([row(path_id, alternative, at, step) for at, step in enumerate(steps, 1)])

    def alternatives(
        self, path_id: str, paths: Iterable[Sequence[Step]]
    ) -> tuple[Alternative, ...]:
        """The rows of alternatives, the best first."""
        return tuple(self.rows(path_id, steps, at) for at, steps in enumerate(paths, 1))

    def sorts(self, paths: Paths, clauses: Sequence[int]) -> dict[int, PathStep]:
        """By clause, each that of an edge, its row on whichever path."""
        known = self._sorts.setdefault(paths, {})
        fresh = [clause for clause in clauses if clause not in known]
        steps = paths.steps(fresh)
        self._tell({step.edge for step in steps})
        known.update(zip(fresh, (self._row("", 0, 0, step) for step in steps), strict=True))
        return {clause: known[clause] for clause in clauses}

    def _row(self, path_id: str, alternative: int, number: int, step: Step) -> PathStep:
        if step.edge not in self._known:
            self._tell((step.edge,))
        told = self._known[step.edge]
        keys = self._keys
        place = told.places[0]
        unsure = told.certainty == "certain" and not step.certain
        return PathStep(
            path_id,
            number,
            keys[step.source],
            told.kind,
            keys[step.target],
            _NAMES[step.state],
            "conditional" if unsure else told.certainty,
            told.condition,
            step.gate,
            place.artifact,
            place.pointer,
            place.sha256,
            place.line,
            told.action,
            told.needs,
            alternative,
            told.places,
        )

    def _tell(self, edges: Iterable[int]) -> None:
        """Look up edges that are not yet known."""
        fresh = np.array(sorted(edges), dtype=np.int64)
        fresh = fresh[[edge not in self._known for edge in fresh.tolist()]]
        said = (self._cells[name][fresh].tolist() for name in _SAID)
        places = self._graph.evidence_of_each("edge", fresh)
        for edge, kind, certainty, condition, action, cell, some in zip(
            fresh.tolist(), *said, places, strict=True
        ):
            needs = tuple([(state.name, at) for at, state in needs_of(cell)])
            why = "; ".join(part for part in (condition, needed(needs)) if part)
            self._known[edge] = _Told(kind, certainty, why, action, needs, tuple(some))
