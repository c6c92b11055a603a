"""The controls of an estate beside their tests."""

from collections.abc import Mapping, Sequence

from nhigraph.assurance.controls import unanswered
from nhigraph.assurance.rows import Assessment, ControlRow, PathStep
from nhigraph.output import clip, words
from nhigraph.output.report_html.naming import Naming, short_key
from nhigraph.records import dataclass

_MOST_CONTROLS = 100
#: Identities that a control names.
_MOST_RESTING = 30
_TEXT = 300


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its answers stand in the order of ``Controls.asked``.

    Attributes:
        settled_by: Command that makes the export which would tell more; empty if none is known.
        identities: How many rest on it.
        resting: Names of the first of them, with the ids of their cards.
    """

    name: str
    key: str
    about: str
    settled_by: str
    answers: tuple[str, ...]
    identities: int
    resting: tuple[tuple[str, str], ...]
    place: str


@dataclass(frozen=True, slots=True)
class Controls:
    """The table.

    Attributes:
        asked: Tests that some control of the table is asked, in words.
        rows: Controls, those with most identities behind them first, up to a bound.
        more: How many more there are.
    """

    asked: tuple[str, ...]
    rows: tuple[Control, ...]
    more: int


def controls(assessment: Assessment, naming: Naming, anchors: Mapping[str, str]) -> Controls:
    """Every control that something rests on, or that an input declares.

    Args:
        assessment: What was answered.
        naming: Names of the page.
        anchors: Identity to the id of its card.
    """
    ranked = sorted(assessment.controls, key=lambda row: (-row.identities, row.gate))
    shown = ranked[:_MOST_CONTROLS]
    asked = [name for name in words()["gate_test"] if any(getattr(row, name, "") for row in shown)]
    return Controls(
        tuple(words()["gate_test"][name] for name in asked),
        tuple(_control(assessment, naming, anchors, row, asked) for row in shown),
        len(ranked) - len(shown),
    )


def undecided(assessment: Assessment, path: Sequence[PathStep]) -> tuple[str, ...]:
    """What is not told of the controls on a path, one sentence for each of them."""
    known = {row.gate: row for row in assessment.controls}
    passed = dict.fromkeys(step.gate for step in path if step.gate)
    open_ended = [known[gate] for gate in passed if gate in known and not known[gate].said("no")]
    return tuple(
        f"Not told of {clip(row.name, _TEXT)}: {'; '.join(missing)}."
        for row in open_ended
        if (missing := unanswered(row))
    )


def _settled_by(assessment: Assessment, gate: str) -> str:
    """What makes the exports that nobody supplied and that would tell of a control."""
    absent = assessment.coverage.get("absent")
    entries = absent if isinstance(absent, list | tuple) else ()
    about = (one for one in entries if isinstance(one, Mapping) and one.get("gate") == gate)
    return "; ".join(str(one["command"]) for one in about if one.get("command"))


def _control(
    assessment: Assessment,
    naming: Naming,
    anchors: Mapping[str, str],
    row: ControlRow,
    asked: list[str],
) -> Control:
    return Control(
        name=clip(row.name, _TEXT),
        key="" if row.name == row.gate else short_key(row.gate),
        about=clip(_about(assessment.gate_notes.get(row.gate, "")), _TEXT),
        settled_by=clip(_settled_by(assessment, row.gate), _TEXT),
        answers=tuple(getattr(row, name) for name in asked),
        identities=row.identities,
        resting=tuple(
            (naming.name(key), anchors.get(key, "")) for key in row.resting[:_MOST_RESTING]
        ),
        place=clip(f"{row.artifact} {row.pointer}".strip(), _TEXT),
    )


def _about(note: str) -> str:
    """A control in one line, without what its tests say: these stand beside it."""
    parts = [part for part in note.split("; ") if not part.startswith(("fails: ", "not told: "))]
    return "; ".join(parts)
