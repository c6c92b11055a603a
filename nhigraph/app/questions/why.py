"""The path from one node to another, and what it leads to."""

from collections.abc import Sequence
from dataclasses import fields, replace

from nhigraph.app.judged import Judged
from nhigraph.app.questions.rows import AnsweredStep, gap_reasons
from nhigraph.app.questions.verdicts import Verdicts
from nhigraph.assurance.held import UNDETERMINED, exposure
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.rows import Alternative, PathStep, VerdictRow
from nhigraph.assurance.walk import Ground, unsure
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Why:
    """What is known of the way from one node to another.

    Attributes:
        start: Where it begins.
        goal: Where it ends: a node or a target.
        steps: The best path; at a target the one that the verdict shows. Empty without one.
        verdict: The verdict, at a target; None elsewhere, and where nothing is reached.
        exposure: Of the verdict, or of what is held; empty where nothing is reached and nothing
            hidden.
        gaps: Nodes whose gaps the start reaches, and the reasons.
        unread: A part of the scope could not be read that may have opened a way.
        alternatives: What is left beside the best path, the best first; see
            ``trace.alternatives``.
        whole: There are no other alternatives, or as many as were wanted.
    """

    start: str
    goal: str
    steps: Sequence[PathStep]
    verdict: VerdictRow | None
    exposure: str
    gaps: dict[str, str]
    unread: bool = False
    alternatives: Sequence[Alternative] = ()
    whole: bool = True

    def rows(self) -> list[AnsweredStep]:
        """The steps, each with what they lead to; one row without a step where that is open."""
        steps = [step for path in (self.steps, *self.alternatives) for step in path]
        if not steps and self.exposure and self.start != self.goal:
            steps = [PathStep("", 0, self.start, "", self.goal, "", "may", "", "", "", "", "")]
        return [self._answered(step) for step in steps]

    def _answered(self, step: PathStep) -> AnsweredStep:
        found = self.verdict
        return AnsweredStep(
            **{field.name: getattr(step, field.name) for field in fields(PathStep)},
            verdict=found.verdict if found else "",
            soc1=found.soc1 if found else "",
            soc2=found.soc2 if found else (),
            exposure=self.exposure,
            gaps=tuple(self.gaps),
            reasons=tuple(self.gaps.values()),
        )


def why(judged: Judged, start: int, goal: str, alternatives: int = 0) -> Why:
    """The best path from a node to a node or a target.

    Args:
        judged: The estate.
        start: Node it begins at.
        goal: Key of a node, or of a target, whether a node stands for it or not.
        alternatives: Most alternatives of it.
    """
    estate = judged.estate
    graph = estate.graph
    node = graph.node_id(goal)
    walk = Ground(estate, () if node is None else [node], 1).walk([start])
    reasons = gap_reasons(estate, [graph.key_list[at] for at in walk.gaps[0]])
    gaps = {graph.key_list[at]: reasons[graph.key_list[at]] for at in walk.gaps[0]}
    hidden = unsure(estate, start, walk.gaps[0])
    told = Why(
        graph.key_list[start],
        goal,
        (),
        None,
        UNDETERMINED if hidden else "",
        gaps,
        estate.unread and hidden,
    )
    if goal in {target.key for target in estate.targets}:
        verdicts = Verdicts(judged, start, alternatives, goal)
        found, steps = verdicts.at(goal), verdicts.path(goal)
        if found and (found.verdict != "neither" or steps):
            many, whole = verdicts.alternatives(goal)
            told = replace(told, alternatives=many, whole=whole)
            return replace(told, steps=steps, verdict=found, exposure=found.exposure)
        return replace(told, verdict=found)
    way = None if node is None else walk.way(0, node)
    if way is None or node is None:
        return told
    held = walk.held(0, node)
    open_to = exposure(passes=held.open > 0, may_pass=held.maybe_open > 0, gap=hidden)
    written = PathRows(graph)
    steps = written.rows(way.name, walk.ground.paths.walk(way))
    told = replace(told, steps=steps, exposure=open_to)
    if not alternatives:
        return told
    left = walk.beside(0, way, alternatives)
    many = written.alternatives(way.name, left.paths)
    return replace(told, alternatives=many, whole=left.whole)
