"""Which report each system, repository, database, vendor and process asks for."""

from collections.abc import Mapping, Sequence

from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rows import Assessment
from nhigraph.assurance.which.evidence import WORDS
from nhigraph.assurance.which_rows import WhichRow, badness
from nhigraph.output import card_id, clip, spaced, words
from nhigraph.output.report_html.naming import Naming, short_key, target_name
from nhigraph.output.report_html.steps import Step, step_said
from nhigraph.records import dataclass

_MOST_SHOWN, _MOST_NAMED = 60, 40
_MOST_IDENTITIES, _MOST_STEPS = 8, 40
_TEXT = 300
_OPEN = "not decided"


@dataclass(frozen=True, slots=True)
class System:
    """One subject.

    Attributes:
        row: Its row, with the answer.
        anchor: Id on the page.
        name: What people call it.
        kind: In words.
        key: Short enough to read.
        owner: Who answers for it.
        boundary: Empty where it lies inside.
        asked: What the summary says of either side.
        question: What its answer turns on.
        evidence: Side, and what is asked for, in a few words each.
        relied: Names of the targets that rest on it.
        altering: Names of identities that alter it, with the anchors of their cards.
        more_altering: How many more do.
        gaps: Names and reasons.
        steps: Its worst path.
        path: What that leads to.
    """

    row: WhichRow
    anchor: str
    name: str
    kind: str
    key: str
    owner: str
    boundary: str
    asked: str
    question: str
    evidence: tuple[tuple[str, str], ...]
    relied: tuple[str, ...]
    altering: tuple[tuple[str, str], ...]
    more_altering: int
    gaps: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Systems:
    """The section.

    Attributes:
        shown: Subjects with an answer other than neither, the worst first.
        more: How many more there are.
        neither: Names of those of which nothing was found.
        more_neither: How many more of these.
        count: How many subjects there are.
    """

    shown: tuple[System, ...]
    more: int
    neither: tuple[str, ...]
    more_neither: int
    count: int


def systems(assessment: Assessment, naming: Naming, cards: Mapping[str, str]) -> Systems:
    """Every subject, those with something to show as cards.

    Args:
        assessment: What was answered.
        naming: Names of the page.
        cards: Anchors of the cards of identities.
    """
    ranked = sorted(assessment.which, key=badness)
    told = [row for row in ranked if row.answer != "neither"]
    clear = [clip(f"{row.name} ({row.kind})", _TEXT) for row in ranked if row.answer == "neither"]
    shown = told[:_MOST_SHOWN]
    return Systems(
        tuple(_system(assessment, naming, cards, row) for row in shown),
        len(told) - len(shown),
        tuple(clear[:_MOST_NAMED]),
        max(len(clear) - _MOST_NAMED, 0),
        len(ranked),
    )


def _system(
    assessment: Assessment, naming: Naming, cards: Mapping[str, str], row: WhichRow
) -> System:
    path = assessment.which_paths.get(row.path_id, ())
    named = row.altered_by[: min(_MOST_IDENTITIES, row.altering)]
    return System(
        row=row,
        anchor=card_id(f"{row.kind} {row.subject}"),
        name=clip(row.name, 96),
        kind=spaced(row.kind).capitalize() if row.kind.islower() else spaced(row.kind),
        key=short_key(row.subject),
        owner=clip(row.owner, _TEXT),
        boundary="" if row.boundary == ("in",) else ", ".join(row.boundary).replace("_", " "),
        asked=_asked(row),
        question=row.question,
        evidence=_evidence(row),
        relied=tuple(naming.name(key) for key in row.relied_on_by),
        altering=tuple((naming.name(key), cards.get(key, "")) for key in named),
        more_altering=row.altering - len(named),
        gaps=tuple(
            (naming.name(key), clip("; ".join(assessment.gap_reasons.get(key, ())), _TEXT))
            for key in row.gaps[:_MOST_IDENTITIES]
        ),
        steps=tuple(step_said(assessment, naming, step) for step in path[:_MOST_STEPS]),
        path=_goal(assessment, path[-1].target) if path else "",
    )


def _asked(row: WhichRow) -> str:
    """Either side in a few words; one that is not decided, too, where the other is shown."""
    letters = [letter for letter in row.soc2 if letter in words()["category"]]
    sides = (("SOC 1", row.soc1), ("SOC 2", " ".join(letters or row.soc2)))
    told = [(side, said) for side, said in sides if said not in {"", "none"}]
    if all(said == UNDETERMINED for _, said in told):
        return _OPEN
    return "; ".join(f"{side}: {_OPEN if said == UNDETERMINED else said}" for side, said in told)


def _evidence(row: WhichRow) -> tuple[tuple[str, str], ...]:
    sides: dict[str, list[str]] = {}
    for word in row.evidence:
        sides.setdefault(WORDS[word].side, []).append(WORDS[word].title)
    said = {"vendor": "Ask them for", "open": "Open"}
    return tuple(
        (said.get(side, f"{side} asks for"), ", ".join(titles)) for side, titles in sides.items()
    )


def _goal(assessment: Assessment, key: str) -> str:
    found: Sequence[str] = [target_name(t) for t in assessment.targets if t.key == key]
    return clip(found[0], 96) if found else short_key(key)
