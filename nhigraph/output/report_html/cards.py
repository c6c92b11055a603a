"""One card per identity that has something to show, worst first, and the roster of all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nhigraph.assurance import certainty
from nhigraph.assurance.path_rows import without
from nhigraph.assurance.rows import Assessment, IdentityRow, PathStep, VerdictRow
from nhigraph.assurance.shown import worst_of_one
from nhigraph.assurance.verdict import EXPOSURES, VERDICTS
from nhigraph.output import card_id, clip, spaced, words
from nhigraph.output.report_html.controls import undecided
from nhigraph.output.report_html.naming import (
    Naming,
    place,
    short_key,
    word,
)

#: Target of a row that stands for every target without a row of its own.
ALL_OTHERS = "*"
_MOST_CARDS = 500
_MOST_ROWS = 40
_MOST_GAPS = 12
#: A path longer than twice this loses its middle on the page; paths.csv has all of it.
_ENDS = 20
_TEXT = 300
_WORD = 96
_UNKNOWN_STEPS = 1 << 30


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path, in words."""

    number: int
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
    certainty: str
    condition: str
    needs: tuple[str, ...]
    gate: str


@dataclass(frozen=True, slots=True)
class Way:
    """A path: the names that it passes, and its steps; of a long one, both ends."""

    chain: tuple[str, ...]
    steps: tuple[Step, ...]
    more_steps: int
    without: str = ""


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What an identity can do at one target."""

    target: str
    verdict: str
    soc1: str
    soc2: str
    exposure: str
    certainty: str
    states: str
    assertions: str
    rules: str
    steps: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the page says of one identity."""

    key: str
    shown_key: str
    anchor: str
    name: str
    kind: str
    owner: str
    verdict: str
    exposure: str
    boundary: str
    says: tuple[str, ...]
    worst: str
    way: Way
    alternatives: tuple[Way, ...]
    lines: tuple[TargetLine, ...]
    more_lines: int
    weaknesses: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    more_gaps: int


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One identity of the whole list."""

    name: str
    key: str
    anchor: str
    kind: str
    owner: str
    verdict: str
    soc1: str
    soc2: str
    exposure: str
    targets: int


def order(rows: Iterable[IdentityRow]) -> list[IdentityRow]:
    """Worst first: by exposure, then verdict, then soc1, then key."""
    return sorted(
        rows,
        key=lambda row: (
            row.verdict == "neither",
            EXPOSURES.index(row.exposure),
            VERDICTS.index(row.verdict),
            row.soc1 != "direct",
            row.identity,
        ),
    )


def by_identity(assessment: Assessment, wanted: Collection[str]) -> dict[str, list[VerdictRow]]:
    """Verdict rows of the wanted identities that say something."""
    found: dict[str, list[VerdictRow]] = defaultdict(list)
    for row in assessment.verdicts:
        if row.identity in wanted and (row.verdict != "neither" or row.soc2_outside):
            found[row.identity].append(row)
    return dict(found)


def cards(assessment: Assessment, naming: Naming) -> tuple[tuple[Card, ...], int]:
    """Cards of the worst identities, and how many with something to show have none."""
    telling = [row for row in assessment.identities if _tells(row)]
    chosen = order(telling)[:_MOST_CARDS]
    rows = by_identity(assessment, {row.identity for row in chosen})
    made = tuple(_card(assessment, naming, row, rows.get(row.identity, [])) for row in chosen)
    return made, len(telling) - len(made)


def _tells(row: IdentityRow) -> bool:
    return row.verdict != "neither" or bool(row.soc2_outside or row.gaps or row.weaknesses)


def roster(assessment: Assessment, anchors: Mapping[str, str]) -> tuple[RosterLine, ...]:
    """Every identity, in the order of identities.csv."""
    return tuple(
        RosterLine(
            name=clip(row.name or row.identity, 80),
            key=clip(row.identity, 120),
            anchor=anchors.get(row.identity, ""),
            kind=spaced(row.kind),
            owner=clip(row.owner, 60),
            verdict=row.verdict,
            soc1="" if row.soc1 == "none" else row.soc1,
            soc2=_letters(row.soc2, row.soc2_outside),
            exposure=row.exposure,
            targets=len(row.targets),
        )
        for row in assessment.identities
    )


def _card(
    assessment: Assessment, naming: Naming, row: IdentityRow, rows: Sequence[VerdictRow]
) -> Card:
    ranked = sorted(rows, key=lambda one: _rank(one, assessment.paths))
    path = next((assessment.paths[one.path_id] for one in ranked if _has(assessment, one)), ())
    beside = assessment.alternatives.get(path[0].path_id, ()) if path else ()
    says = (
        *_says(row, rows),
        *(undecided(assessment, path) if row.exposure == "undetermined" else ()),
    )
    worst = next((one.target for one in ranked if one.target != ALL_OTHERS), "")
    if path:
        worst = path[-1].target
    return Card(
        key=row.identity,
        shown_key=short_key(row.identity),
        anchor=card_id(row.identity),
        name=clip(row.name, 96) if row.name else naming.name(row.identity),
        kind=spaced(row.kind),
        owner=clip(row.owner, _TEXT),
        verdict=row.verdict,
        exposure=row.exposure,
        boundary=clip(row.boundary, _WORD),
        says=says,
        worst=naming.name(worst) if worst else "",
        way=_way(assessment, naming, path),
        alternatives=tuple(
            replace(_way(assessment, naming, one), without=without(path, one)) for one in beside
        ),
        lines=tuple(_line(naming, one) for one in ranked[:_MOST_ROWS]),
        more_lines=max(0, len(ranked) - _MOST_ROWS),
        weaknesses=tuple(clip(word("weakness", one), _WORD) for one in row.weaknesses),
        gaps=tuple(_gap(assessment, naming, key) for key in row.gaps[:_MOST_GAPS]),
        more_gaps=max(0, len(row.gaps) - _MOST_GAPS),
    )


def _way(assessment: Assessment, naming: Naming, path: Sequence[PathStep]) -> Way:
    shown = path if len(path) <= 2 * _ENDS else (*path[:_ENDS], *path[-_ENDS:])
    more = len(path) - len(shown)
    steps = tuple(step_said(assessment, naming, one) for one in shown)
    return Way(_chain(naming, shown, more), steps, more)


def _chain(naming: Naming, steps: Sequence[PathStep], more: int) -> tuple[str, ...]:
    if not steps:
        return ()
    names = [naming.name(steps[0].source), *(naming.name(step.target) for step in steps)]
    if more:
        names.insert(_ENDS + 1, f"… {more:,} more …")
    return tuple(names)


def _has(assessment: Assessment, row: VerdictRow) -> bool:
    return bool(assessment.paths.get(row.path_id))


def _rank(row: VerdictRow, paths: Mapping[str, Sequence[PathStep]]) -> tuple[object, ...]:
    return (
        row.target == ALL_OTHERS,
        *worst_of_one(row),
        not paths.get(row.path_id),
        _UNKNOWN_STEPS if row.steps is None else row.steps,
        row.target,
    )


def _says(row: IdentityRow, rows: Sequence[VerdictRow]) -> tuple[str, ...]:
    """What an identity can do, sentence by sentence."""
    says = []
    books, trust = certainty.on_books(row, rows), certainty.on_trust(row, rows)
    if row.soc1 == "direct":
        says.append(f"{_capital(books)} change the books directly.")
    elif row.soc1 == "indirect":
        resting = "what the books rest on: the tool of a control, or an audit trail"
        says.append(f"{_capital(books)} weaken {resting}.")
    elif row.soc1 == "undetermined":
        says.append("Whether it can change the books could not be decided.")
    promised = [word("category", letter) for letter in row.soc2 if letter != "undetermined"]
    if promised:
        says.append(f"{_capital(trust)} break a promise of {_and(promised)}.")
    elif row.soc2:
        says.append("Whether it can break a promise of trust could not be decided.")
    if row.soc2_outside:
        outside = _and([word("category", letter) for letter in row.soc2_outside])
        says.append(f"Also touches {outside}, which nobody was promised.")
    if row.verdict == "neither":
        says.append(
            "No path that changes the books or breaks a promise was found in the inputs listed "
            "under Coverage."
        )
    else:
        meaning = words()["exposure_meaning"].get(row.exposure, row.exposure)
        says.append(f"{_capital(word('exposure', row.exposure))}: {meaning}.")
    if row.soc1 != "none":
        says.append(f"{_capital(word('icfr_basis', row.icfr_basis))}.")
    return tuple(says)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _and(items: Sequence[str]) -> str:
    lower = [item.lower() for item in items]
    return lower[0] if len(lower) == 1 else f"{', '.join(lower[:-1])} and {lower[-1]}"


def step_said(assessment: Assessment, naming: Naming, step: PathStep) -> Step:
    """A step of a path, in words."""
    # Reading flows against a feed: what was read is then the step's end, not its start.
    backwards = words()["edge_backwards"] if step.state == "READ" else {}
    verb = backwards.get(step.edge_kind) or word("edge", step.edge_kind)
    note = assessment.gate_notes.get(step.gate, "")
    return Step(
        number=step.step,
        source=naming.name(step.source),
        source_kind=naming.kind(step.source),
        verb=clip(verb if verb != step.edge_kind else verb.replace("_", " ").lower(), _WORD),
        target=naming.name(step.target),
        target_kind=naming.kind(step.target),
        target_model=naming.model(step.target),
        action=clip(word("action", step.action), _WORD) if step.action else "",
        state=word("state", step.state),
        place=place(step),
        # A line says again what the place says.
        pointer="" if step.pointer == f"line {step.line}" else clip(step.pointer, _TEXT),
        certainty="" if step.certainty == "certain" else word("certainty", step.certainty),
        condition=clip(step.residual, _TEXT),
        needs=tuple(naming.name(key) for _, key in step.needs),
        gate=clip(note or step.gate, _TEXT),
    )


def _line(naming: Naming, row: VerdictRow) -> TargetLine:
    everything = row.target == ALL_OTHERS
    return TargetLine(
        target="every other target" if everything else naming.name(row.target),
        verdict=row.verdict,
        soc1="" if row.soc1 == "none" else row.soc1,
        soc2=_letters(row.soc2, row.soc2_outside),
        exposure=row.exposure,
        certainty=row.certainty,
        states=row.states.replace("+", " ").lower(),
        assertions=clip(", ".join(word("assertion", one) for one in row.assertions), _TEXT),
        rules=clip(" ".join(row.rules), _TEXT),
        steps="" if row.steps is None or everything else str(row.steps),
    )


def _letters(promised: Sequence[str], outside: Sequence[str]) -> str:
    text = " ".join("not decided" if one == "undetermined" else one for one in promised)
    return f"{text} ({' '.join(outside)} not promised)".strip() if outside else text


def _gap(assessment: Assessment, naming: Naming, key: str) -> tuple[str, str]:
    reasons = assessment.gap_reasons.get(key, ())
    return naming.name(key), clip("; ".join(reasons), _TEXT) or "reason not recorded"
