"""Paths as rows of paths.csv: every step with what it takes and its smallest evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from nhigraph.assurance.rows import PathStep, needed
from nhigraph.facts.evidence import Evidence
from nhigraph.graph.columns import needs_of
from nhigraph.graph.store import Graph
from nhigraph.trace.paths import Step


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of an edge, whoever walks it."""

    kind: str
    certainty: str
    condition: str
    action: str
    needs: tuple[tuple[str, str], ...]
    place: Evidence


class PathRows:
    """Writes paths of one graph; paths share most of their edges, so each is looked up once."""

    def __init__(self, graph: Graph) -> None:
        """Take the columns of the edges."""
        self._graph = graph
        self._cells = {name: graph.edges[name].to_numpy() for name in graph.edges.columns}
        self._known: dict[int, _Told] = {}

    def rows(self, path_id: str, steps: Sequence[Step]) -> tuple[PathStep, ...]:
        """The rows of a path, in the order of its steps."""
        return tuple(self._row(path_id, at, step) for at, step in enumerate(steps, 1))

    def _row(self, path_id: str, number: int, step: Step) -> PathStep:
        told, keys = self._told(step.edge), self._graph.key_list
        unsure = told.certainty == "certain" and not step.certain
        return PathStep(
            path_id,
            number,
            keys[step.source],
            told.kind,
            keys[step.target],
            step.state.name,
            "conditional" if unsure else told.certainty,
            told.condition,
            step.gate,
            told.place.artifact,
            told.place.pointer,
            told.place.sha256,
            told.place.line,
            told.action,
            told.needs,
        )

    def _told(self, edge: int) -> _Told:
        known = self._known.get(edge)
        if known is None:
            cells = self._cells
            needs = tuple((state.name, at) for at, state in needs_of(cells["needs"][edge]))
            said = (cells["condition"][edge], needed(needs))
            known = self._known[edge] = _Told(
                cells["kind"][edge],
                cells["certainty"][edge],
                "; ".join(part for part in said if part),
                cells["action"][edge],
                needs,
                self._graph.evidence_of("edge", edge)[0],
            )
        return known
