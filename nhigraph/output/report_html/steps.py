"""A step of a path, in words."""

from nhigraph.assurance.proofs import beside
from nhigraph.assurance.rows import Assessment, PathStep
from nhigraph.output import clip
from nhigraph.output.report_html.naming import Naming, place, verb_of, word
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect

_TEXT = 300
_WORD = 96


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path, in words; that a target rests on something is said, and no step.

    Attributes:
        beside: Places of further documents that state it.
    """

    number: str
    source: str
    source_kind: str
    verb: str
    target: str
    target_kind: str
    target_model: str
    action: str
    state: str
    place: str
    pointer: str
    beside: tuple[str, ...]
    certainty: str
    condition: str
    needs: tuple[str, ...]
    gate: str


def step_said(assessment: Assessment, naming: Naming, step: PathStep) -> Step:
    """A step of a path, in words."""
    note = assessment.gate_notes.get(step.gate, "")
    return Step(
        number="◎" if rests(step) else str(step.step),
        source=naming.name(step.source),
        source_kind=naming.kind(step.source),
        verb=clip(verb_of(step), _WORD),
        target=naming.name(step.target),
        target_kind=naming.kind(step.target),
        target_model=naming.model(step.target),
        action=clip(word("action", step.action), _WORD) if step.action else "",
        state=word("state", step.state),
        place=place(step),
        pointer=clip(step.inside, _TEXT),
        beside=_beside(step),
        certainty="" if step.certainty == "certain" else word("certainty", step.certainty),
        condition=clip(step.residual, _TEXT),
        needs=tuple(naming.name(key) for _, key in step.needs),
        gate=clip(note or step.gate, _TEXT),
    )


def _beside(step: PathStep) -> tuple[str, ...]:
    """Of an alternative there are none: ``why --alternatives --evidence`` has them."""
    many = () if step.alternative else beside(step)
    return tuple(clip(one.full_place, _TEXT) for one in many)


def rests(step: PathStep) -> bool:
    """Whether it only says what a target rests on: ``steps`` of verdicts.csv leaves it out."""
    kind = kinds.EDGE_KINDS.get(step.edge_kind)
    return kind is not None and kind.effect is Effect.SUPPORT
