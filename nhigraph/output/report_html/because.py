"""A path as one sentence: who becomes whom, by which right, what that changes, what rests on it.

``nightly build can change revenue because it may read DBT_PASSWORD, which authenticates as
dbt_runner, which may write to marts.revenue, on which revenue rests.``
"""

from collections.abc import Iterable, Sequence

from nhigraph.assurance.rows import Assessment, PathStep
from nhigraph.output import clip, counted, words
from nhigraph.output.report_html.answer import Part
from nhigraph.output.report_html.naming import Naming, verb_of
from nhigraph.output.report_html.steps import rests
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect

#: Steps of one kind in a row of which the middle is counted; steps of which the middle is.
_RUN, _STEPS = 3, 14
_TEXT = 160
#: What stands between a right and the target where the right is one on the target itself.
_SAME = {Effect.SUPPORT, Effect.CONTAIN}


def because(
    assessment: Assessment, naming: Naming, path: Sequence[PathStep], certainty: str
) -> tuple[Part, ...]:
    """A path in words; a long one is told by its ends.

    Args:
        assessment: What was answered.
        naming: Names of the page.
        path: The steps; at least one.
        certainty: ``can`` or ``may``.
    """
    first, last = path[0], path[-1]
    parts = [_name(naming, first.source), Part(f" {certainty} {_does(path)} ")]
    parts.append(_name(naming, last.target))
    supported = rests(last)
    walked = path[:-1] if supported else path
    if not walked:
        return (*parts, Part(": it is what that rests on."))
    parts.append(Part(" because it "))
    parts += _clauses(naming, walked)
    if supported:
        parts += [Part(", on which "), _name(naming, last.target), Part(" rests")]
    return (*parts, Part("."), *_conditions(path), *_controls(assessment, path))


def _clauses(naming: Naming, path: Sequence[PathStep]) -> Iterable[Part]:
    said = 0
    for many in _runs(path):
        told = [many[0], *many[-1:]] if len(many) > _RUN else many
        for at, step in enumerate(told):
            hidden = len(many) - len(told) if at else 0
            if hidden:
                yield Part(f", and so on over {hidden:,} more to ")
            else:
                verb = verb_of(step)
                yield Part(f"{', which ' if said else ''}{clip(verb, 60)} ")
            yield _name(naming, step.target)
            said += 1


def _runs(path: Sequence[PathStep]) -> Iterable[list[PathStep]]:
    """Steps of one kind in a row; the middle of a very long way is one run, too."""
    runs: list[list[PathStep]] = []
    for step in path:
        if runs and runs[-1][-1].edge_kind == step.edge_kind:
            runs[-1].append(step)
        else:
            runs.append([step])
    if len(runs) <= _STEPS:
        return runs
    half = _STEPS // 2
    middle = [step for run in runs[half:-half] for step in run]
    return [*runs[:half], middle, *runs[-half:]]


def _does(path: Sequence[PathStep]) -> str:
    """What is done to the target: by its right's own word where that is one on the target."""
    by_action, by_state = words()["does_by_action"], words()["does"]
    state = path[-1].state
    for step in reversed(path):
        if _effect(step) not in _SAME:
            if state in {"ALTER", "OMIT"} and step.action in by_action:
                return by_action[step.action]
            break
    return by_state.get(state, "reach")


def _effect(step: PathStep) -> Effect | None:
    kind = kinds.EDGE_KINDS.get(step.edge_kind)
    return kind.effect if kind else None


def _conditions(path: Sequence[PathStep]) -> list[Part]:
    unsure = [step for step in path if step.certainty != "certain"]
    if not unsure:
        return []
    said = next((step.residual for step in unsure if step.residual), "")
    numbers = f"{counted(len(unsure), 'step')} of this way"
    verb = "is" if len(unsure) == 1 else "are"
    how = "conditional or assumed"
    return [Part(f" {numbers} {verb} {how}{f': {clip(said, _TEXT)}' if said else ''}.")]


def _controls(assessment: Assessment, path: Sequence[PathStep]) -> list[Part]:
    gates = list(dict.fromkeys(step.gate for step in path if step.gate))
    if not gates:
        return [Part(" No control is named on this way.")]
    known = {row.gate: row.name for row in assessment.controls}
    named = ", ".join(clip(known.get(gate) or gate, _TEXT) for gate in gates[:3])
    more = f" and {len(gates) - 3} more" if len(gates) > 3 else ""  # noqa: PLR2004 - as above
    return [Part(f" On this way stands ◆ {named}{more}.")]


def _name(naming: Naming, key: str) -> Part:
    return Part(naming.name(key), strong=True)
