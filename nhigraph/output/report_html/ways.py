"""Ways: a sentence, and the steps that prove it; what two ways share is printed once."""

from collections.abc import Sequence

from nhigraph.assurance.path_rows import without
from nhigraph.assurance.rows import Alternative, Assessment, PathStep
from nhigraph.output import to_path
from nhigraph.output.report_html.answer import Part
from nhigraph.output.report_html.because import because
from nhigraph.output.report_html.naming import Naming
from nhigraph.output.report_html.steps import Step, rests, step_said
from nhigraph.records import dataclass

#: A path longer than twice this loses its middle on the page; paths.csv has all of it.
_ENDS = 12


@dataclass(frozen=True, slots=True)
class Way:
    """A path.

    Attributes:
        says: The path as a sentence.
        steps: Its steps; of a long one, both ends; of an alternative, those of its own.
        more_steps: How many steps of the middle are left out.
        joins: Number of the step of the path above that comes next; 0 where nothing is shared.
        path_id: Its id in paths.csv; empty where there is no path.
        link: To the path in the drawing; empty for none.
        without: What of the path above it does without.
    """

    says: tuple[Part, ...] = ()
    steps: tuple[Step, ...] = ()
    more_steps: int = 0
    joins: int = 0
    path_id: str = ""
    link: str = ""
    without: str = ""


def way(
    assessment: Assessment,
    naming: Naming,
    path: Sequence[PathStep],
    certainty: str,
    graph_page: str,
) -> Way:
    """A path in words; the empty way for an empty one."""
    if not path:
        return Way()
    steps, more = shown(assessment, naming, path, _ENDS)
    said, name = because(assessment, naming, path, certainty), path[0].path_id
    return Way(said, steps, more, 0, name, to_path(graph_page, name))


def alternative_ways(
    assessment: Assessment,
    naming: Naming,
    path: Sequence[PathStep],
    beside: Sequence[Alternative],
    certainty: str,
) -> tuple[Way, ...]:
    """Alternatives of a path, each up to where it joins it."""
    made = []
    for one in beside:
        own, joins = apart(path, one)
        steps, more = shown(assessment, naming, own, _ENDS)
        said = because(assessment, naming, one, certainty)
        made.append(Way(said, steps, more, joins, without=without(path, one)))
    return tuple(made)


def apart(path: Sequence[PathStep], other: Sequence[PathStep]) -> tuple[Sequence[PathStep], int]:
    """The steps of another path before it joins a path for good, and the step it joins at.

    The number is that of the first shared step in ``path``; 0 where they share none but that the
    target rests on what they reach, which is no step.
    """
    shared = walked = 0
    for one, own in zip(reversed(path), reversed(other), strict=False):
        if _same(one) != _same(own):
            break
        shared += 1
        walked += not rests(one)
    if not walked:
        return other, 0
    return other[: len(other) - shared], path[len(path) - shared].step if shared else 0


def ends(path: Sequence[PathStep]) -> Sequence[PathStep]:
    """The steps of a card's path that are told."""
    return both_ends(path, _ENDS)


def both_ends(path: Sequence[PathStep], many: int) -> Sequence[PathStep]:
    """The first and the last steps of a path; all of them where they are not too many."""
    return path if len(path) <= 2 * many else (*path[:many], *path[-many:])


def shown(
    assessment: Assessment, naming: Naming, path: Sequence[PathStep], ends: int
) -> tuple[tuple[Step, ...], int]:
    """The steps of both ends of a path, and how many are left out between them."""
    kept = both_ends(path, ends)
    return tuple(step_said(assessment, naming, one) for one in kept), len(path) - len(kept)


def _same(step: PathStep) -> tuple[object, ...]:
    """All of a step that is printed, but its number."""
    ends = (step.source, step.edge_kind, step.target, step.state, step.action)
    return *ends, step.certainty, step.condition, step.gate, step.artifact, step.pointer
