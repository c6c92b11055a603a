"""Who reaches a node, what a node reaches, and what falls with it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from nhigraph.app.judged import Judged
from nhigraph.app.questions.rows import ANY, ReachRow, gap_reasons
from nhigraph.app.questions.verdicts import Verdicts
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED, exposure
from nhigraph.assurance.rows import VerdictRow
from nhigraph.assurance.walk import Ground, Walk, living, unsure
from nhigraph.graph.columns import states_cell
from nhigraph.schema.types import State


def who(judged: Judged, node: int) -> list[ReachRow]:
    """Identities that hold a state at a node, then those of which that is not known."""
    estate = judged.estate
    walkers = living(estate)
    ground = Ground(estate, [node], len(walkers))
    rows = []
    for walk in ground.walks(walkers):
        seen = _Seen(estate, walk)
        for lane, walker in enumerate(walk.walkers):
            row = seen.held(lane, node, walker) or seen.undecided(lane, node, walker)
            if row is not None:
                rows.append(row)
    return sorted(rows, key=lambda row: (not row.states, row.identity))


def reach_one(judged: Judged, start: int, goal: str) -> list[ReachRow]:
    """What one node holds at another, or at a target; one row, or none where that is nothing."""
    estate = judged.estate
    node = estate.graph.node_id(goal)
    ground = Ground(estate, () if node is None else [node], 1)
    seen = _Seen(estate, ground.walk([start]))
    held = None if node is None else seen.held(0, node, node)
    if goal not in {target.key for target in estate.targets}:
        row = held or (None if node is None else seen.undecided(0, node, node))
        return [row] if row else []
    spoken = Verdicts(judged, start).at(goal)
    row = held or (seen.unknown(0, goal) if spoken else None)
    return [_judged(row, spoken)] if row else []


def reach(judged: Judged, start: int) -> list[ReachRow]:
    """What one node reaches, nearest first; last, in one row, what is not known of all others."""
    estate = judged.estate
    walk = Ground(estate, None, 1).walk([start])
    rows = _rows(judged, walk, (node for node in walk.nodes(0) if node != start))
    return sorted(
        rows, key=lambda row: (row.node == ANY, not row.states, row.steps or 0, row.node)
    )


def blast(judged: Judged, node: int) -> list[ReachRow]:
    """Targets, identities and credentials that fall to whoever takes a node over.

    Targets come first; last, in one row, what is not known of all others.
    """
    estate = judged.estate
    graph = estate.graph
    ends = {target.key for target in estate.targets}
    wanted = set(np.flatnonzero(estate.nhi | estate.credential).tolist())
    wanted |= {end for key in ends if (end := graph.node_id(key)) is not None}
    walk = Ground(estate, wanted, 1).walk([node])
    rows = _rows(judged, walk, sorted(wanted.intersection(walk.nodes(0)) - {node}))
    return sorted(
        rows,
        key=lambda row: (row.node == ANY, row.node not in ends, row.steps or 0, row.node),
    )


def _rows(judged: Judged, walk: Walk, nodes: Iterable[int]) -> list[ReachRow]:
    """Rows of one walker at the nodes that it reaches, and what is not known of the others."""
    seen = _Seen(judged.estate, walk)
    verdicts = Verdicts(judged, walk.walkers[0])
    ends = {target.key for target in judged.estate.targets}
    steps = walk.steps(0)
    rows = []
    for node in nodes:
        row = seen.held(0, node, node, steps[node])
        if row is not None:
            rows.append(_judged(row, verdicts.at(row.node)) if row.node in ends else row)
    reached = {row.node for row in rows}
    for key in sorted(ends - reached):
        spoken = verdicts.at(key)
        if spoken is not None and spoken.target == key:
            rows.append(_judged(seen.unknown(0, key), spoken))
    if seen.unsure[0]:
        rows.append(_judged(seen.unknown(0, ANY), verdicts.star))
    return rows


def _judged(row: ReachRow, spoken: VerdictRow | None) -> ReachRow:
    """A row at a target says what the verdict there says."""
    if spoken is None:
        return row
    decided = spoken.verdict != "neither" or bool(row.states)
    beside = bool(row.states) and spoken.target == ANY
    return replace(
        row,
        certainty=spoken.certainty,
        exposure=spoken.exposure if decided else row.exposure,
        steps=row.steps if beside else spoken.steps,
        verdict=spoken.verdict,
    )


class _Seen:
    """Rows of a walk."""

    def __init__(self, estate: Estate, walk: Walk) -> None:
        """Look up the gaps that are reached."""
        self.graph, self.walk = estate.graph, walk
        keys = self.graph.key_list
        self.gaps = [tuple(keys[node] for node in nodes) for nodes in walk.gaps]
        lanes = zip(walk.walkers, walk.gaps, strict=True)
        self.unsure = [unsure(estate, walker, gaps) for walker, gaps in lanes]
        self.why: Mapping[str, str] = gap_reasons(estate, {k for gaps in self.gaps for k in gaps})
        self.name = self.graph.nodes["name"].to_numpy()

    def held(self, lane: int, node: int, about: int, steps: int | None = None) -> ReachRow | None:
        """What a lane holds at a node; kind and name are those of the node ``about``.

        Steps of its best path there are looked for where they are not given; -1 for no path.
        """
        held = self.walk.held(lane, node)
        if not held.may:
            return None
        if steps is None:
            way = self.walk.way(lane, node)
            steps = way.steps if way else -1
        return ReachRow(
            self._key(lane),
            self.graph.key_list[node],
            self.graph.kind_list[about],
            str(self.name[about]),
            states_cell(state for state in State if held.may >> state & 1),
            held.certainty(),
            exposure(passes=held.open > 0, may_pass=held.maybe_open > 0, gap=self.unsure[lane]),
            steps if steps >= 0 else None,
            gaps=self.gaps[lane],
            reasons=self._reasons(lane),
        )

    def undecided(self, lane: int, node: int, about: int) -> ReachRow | None:
        """That it is not known whether a lane reaches a node, if something may be hidden."""
        if not self.unsure[lane]:
            return None
        row = self.unknown(lane, self.graph.key_list[node])
        kind, name = self.graph.kind_list[about], str(self.name[about])
        return replace(row, kind=kind, name=name)

    def unknown(self, lane: int, place: str) -> ReachRow:
        """That it is not known whether a lane reaches a place."""
        node = self.graph.node_id(place)
        return ReachRow(
            self._key(lane),
            place,
            "" if node is None else self.graph.kind_list[node],
            "" if node is None else str(self.name[node]),
            "",
            "may",
            UNDETERMINED,
            None,
            gaps=self.gaps[lane],
            reasons=self._reasons(lane),
        )

    def _key(self, lane: int) -> str:
        return self.graph.key_list[self.walk.walkers[lane]]

    def _reasons(self, lane: int) -> tuple[str, ...]:
        return tuple(self.why[key] for key in self.gaps[lane])
