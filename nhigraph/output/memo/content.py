"""What a memo says: question, answer, why, who, what is asked for, what was not seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from nhigraph.assurance.rows import ControlRow, PathStep, Target, VerdictRow
from nhigraph.assurance.which.evidence import VENDOR, WORDS
from nhigraph.assurance.which.vendor import Left
from nhigraph.assurance.which_rows import CoverRow, WhichRow
from nhigraph.output import clip, counted, words
from nhigraph.output.memo.answer import NOTHING, Side, answer
from nhigraph.output.memo.document import Block, Facts, Grid, Items, Memo, Paragraph, Part
from nhigraph.records import dataclass
from nhigraph.schema.claims import TRUST

_NAME, _TEXT = 96, 300
#: One page: more is in the files.
_TARGETS, _IDENTITIES, _STEPS, _GAPS, _LEFT = 12, 12, 12, 8, 12
_PROVEN = {"direct", "indirect"}
_SIDES = ("SOC 1", "SOC 2")
#: Assertions in a word.
_SHORT = {
    "existence_occurrence": "occurrence",
    "valuation_allocation": "accuracy",
    "rights_obligations": "rights",
    "presentation_disclosure": "presentation",
    "cut_off": "cut-off",
}
_SIGN = ("Prepared by", "Reviewed by", "Owner of the subject")


@dataclass(frozen=True, slots=True)
class Told:
    """What a memo is made from.

    Attributes:
        organization: As the scope says.
        as_of: Day of the answer.
        row: The subject's row.
        verdicts: Its rows at targets that it reaches, worst first.
        paths: Target to path.
        targets: The scope's targets by key.
        names: Keys to names.
        books: How its answer stands on the books.
        trust: How it stands on promises.
        basis: Whose books: own, user_entity, both, unknown; empty where none are at stake.
        reasons: Keys of gaps to why there is one.
        controls: Controls on these paths.
        notes: Gate key to what it is.
        covered: What a vendor's reports must cover; empty for what is no vendor.
        left: What these leave to us.
        asked: What to ask the vendor.
        unseen: What else was not seen, in sentences.
        unjudged: What the scope lets nobody be judged of, in sentences.
        foot: Version of the tool, and digest of the graph.
    """

    organization: str
    as_of: str
    row: WhichRow
    verdicts: Sequence[VerdictRow]
    paths: Mapping[str, Sequence[PathStep]]
    targets: Mapping[str, Target]
    names: Mapping[str, str]
    books: Side = NOTHING
    trust: Side = NOTHING
    basis: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    controls: Sequence[ControlRow] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    covered: Sequence[CoverRow] = ()
    left: Sequence[Left] = ()
    asked: Sequence[str] = ()
    unseen: Sequence[str] = ()
    unjudged: Sequence[str] = ()
    foot: Sequence[str] = ()


def memo(told: Told) -> Memo:
    """The memo of one subject."""
    row = told.row
    name = clip(row.name, _NAME)
    parts = (
        Part("Why", tuple(_why(told))),
        Part("Who can alter it", tuple(_altering(told))),
        Part("Who relies on it", tuple(_relying(told))),
        Part("What is asked for", tuple(_evidence(told))),
        Part("Controls before it", tuple(_controls(told))),
        Part("Owners", tuple(_owners(told))),
        Part("The vendor's report", tuple(_vendor(told))),
        Part("What was not seen", tuple(_unseen(told))),
    )
    return Memo(
        f"Which report does {name} ask for?",
        Facts(
            (
                ("Organisation", clip(told.organization, _NAME) or "not named"),
                ("As of", told.as_of),
                ("Subject", f"{row.kind} {clip(row.subject, _TEXT)}"),
                ("Owner", clip(row.owner, _TEXT) or "none named"),
                ("Boundary", ", ".join(row.boundary).replace("_", " ") or "not known"),
                ("The question is", _question(told)),
            )
        ),
        answer(row, name, told.books, told.trust),
        tuple(part for part in parts if part.blocks),
        _SIGN,
        (*told.foot, _FOOT),
    )


_QUESTION = {
    "correctness": "correctness: whether the books stay right",
    "trust": "trust: whether a promise is kept",
    "both": "both: whether the books stay right, and whether a promise is kept",
    "none": "none: nothing read shows that it bears on either",
    "not known": "not known: something needed to decide was not seen",
}
_SPLIT = (
    "One automated way decides matters of the books and of a promise under owners that differ; "
    "agree who answers for it:"
)
_ALL_READ = (
    "Everything given was read, and no gap is reached from here. What no input mentions was not "
    "looked at."
)
_FOOT = (
    "This memo says what can be proven from the inputs that were read, on the day given. It is no "
    "opinion on any control, report or organisation."
)


def _question(told: Told) -> str:
    more = "; whether a promise hangs on it, too, could not be decided" if told.trust.open else ""
    return _QUESTION[told.row.question] + (more if told.row.question == "correctness" else "")


def _why(told: Told) -> Iterable[Block]:
    """The worst path to the books, and the worst to a promise."""
    if told.basis and told.row.soc1 in _PROVEN:
        yield Paragraph(f"{_sentence(words()['icfr_basis'].get(told.basis, told.basis))}.")
    shown = [row for row in told.verdicts if told.paths.get(row.target)]
    books = [row for row in shown if row.soc1 in _PROVEN]
    promises = [row for row in shown if _letters(row) and row not in books[:1]]
    # A promise's own target says more of it than a record that carries a letter.
    promises.sort(key=lambda row: not _of_trust(told, row))
    for row in [*books[:1], *promises[:1]] or shown[:1]:
        path = told.paths[row.target]
        yield Paragraph(f"To {_target(told, row.target)} (path {path[0].path_id}):")
        yield Items(tuple(_steps(told, path)), numbered=True)
    if told.row.weaknesses:
        said = words()["weakness"]
        found = "; ".join(said.get(name, name) for name in told.row.weaknesses)
        yield Paragraph(f"Weaknesses on the way: {found}.")


def _letters(row: VerdictRow | WhichRow) -> list[str]:
    return [letter for letter in row.soc2 if letter in words()["category"]]


def _of_trust(told: Told, row: VerdictRow) -> bool:
    target = told.targets.get(row.target)
    return target is not None and target.family == TRUST


def _steps(told: Told, path: Sequence[PathStep]) -> Iterable[str]:
    shown = path if len(path) <= _STEPS else [*path[: _STEPS // 2], *path[-_STEPS // 2 :]]
    for step in shown:
        back = words()["edge_backwards"] if step.state == "READ" else {}
        verb = back.get(step.edge_kind) or words()["edge"].get(step.edge_kind, step.edge_kind)
        marks = [words()["action"].get(step.action, step.action)] if step.action else []
        marks += [f"past the control {told.notes.get(step.gate, step.gate)}"] if step.gate else []
        beside = [_name(told, key) for _, key in step.needs]
        marks += [f"together with {', '.join(beside)}, which it holds"] if beside else []
        marks += [_condition(step.residual)] if step.residual else []
        doubt = words()["certainty"].get(step.certainty, step.certainty)
        marks += [doubt] if step.certainty != "certain" and not step.residual else []
        place = f"{step.artifact}:{step.line}" if step.line else f"{step.artifact} {step.pointer}"
        more = f" ({clip('; '.join(marks), _TEXT)})" if marks else ""
        ends = (_name(told, step.source), _name(told, step.target))
        yield f"{ends[0]} {verb} {ends[1]}{more} [{clip(place.strip(), _TEXT)}]"
    if len(shown) < len(path):
        yield f"and {len(path) - len(shown)} more steps, between these, in paths.csv"


def _condition(text: str) -> str:
    return text if text.lower().startswith("if ") else f"if {text}"


def _altering(told: Told) -> Iterable[Block]:
    found = told.row.altered_by
    if not found:
        yield Paragraph("No identity of the population, as far as what was read shows.")
        return
    shown = ", ".join(clip(key, _NAME) for key in found[:_IDENTITIES])
    more = len(found) - _IDENTITIES
    # Of many systems the file counts whom it does not name; the command names everybody.
    rest = f" and {more} more; nhigraph which, asked for this one, names them all"
    rest = rest if more > 0 else ""
    yield Paragraph(f"{counted(len(found), 'identity', 'identities')}: {shown}{rest}.")


def _relying(told: Told) -> Iterable[Block]:
    rows = [
        (
            _target(told, row.target),
            row.soc1,
            ", ".join(row.soc2) or "none",
            ", ".join(_SHORT.get(name, name) for name in row.assertions) or "none",
            words()["exposure"].get(row.exposure, row.exposure),
            row.certainty,
        )
        for row in told.verdicts
    ]
    if not rows:
        but = "; whether one does is not known" if told.row.answer == "undetermined" else ""
        yield Paragraph(f"No target of the scope, as far as what was read shows{but}.")
        return
    headers = ("Target", "SOC 1", "SOC 2", "Assertions at risk", "Exposure", "Certainty")
    yield Grid(headers, tuple(rows[:_TARGETS]))
    if len(rows) > _TARGETS:
        yield Paragraph(f"and {len(rows) - _TARGETS} more.")


def _evidence(told: Told) -> Iterable[Block]:
    found = [WORDS[word] for word in told.row.evidence if WORDS[word].side != VENDOR]
    for side in dict.fromkeys(word.side for word in found):
        rows = tuple(
            (word.title, word.asks, ", ".join(word.maps.ids) or "none")
            for word in found
            if word.side == side
        )
        head = f"For {side}" if side in _SIDES else "Open"
        yield Grid((head, "What to see", "Identifiers"), rows)


def _controls(told: Told) -> Iterable[Block]:
    if told.controls:
        headers = ("Control", "What it is", "Tests that fail", "Tests not told")
        yield Grid(
            headers,
            tuple(
                (
                    clip(row.name, _NAME),
                    clip(told.notes.get(row.gate, ""), _TEXT),
                    _tests(row, "no"),
                    _tests(row, "not told"),
                )
                for row in told.controls
            ),
        )
    elif told.row.answer not in {"neither", "undetermined"}:
        yield Paragraph("None was read on the ways shown.")


def _tests(row: ControlRow, answer: str) -> str:
    asked = words()["gate_test"]
    return ", ".join(asked.get(name, name).lower() for name in row.said(answer)) or "none"


def _owners(told: Told) -> Iterable[Block]:
    if told.row.split_owners:
        sides = clip("; ".join(told.row.split_owners), _TEXT)
        yield Paragraph(f"{_SPLIT} {sides}.")


def _vendor(told: Told) -> Iterable[Block]:
    for report in _SIDES:
        rows = [row for row in told.covered if row.report == report]
        if rows:
            what = ", ".join(dict.fromkeys(_covers(row.covers) for row in rows))
            where = "; ".join(dict.fromkeys(_target(told, row.target) for row in rows))
            yield Paragraph(f"Their {report} Type 2 must cover: {what}; for {clip(where, _TEXT)}.")
    if any(row.report == "not known" for row in told.covered):
        yield Paragraph("Whether their reports must cover more could not be decided.")
    if told.left:
        yield Paragraph("It leaves to us:")
        lines = [_left(told, one) for one in told.left[:_LEFT]]
        more = len(told.left) - _LEFT
        yield Items((*lines, *([f"and {more} more"] if more > 0 else [])))
    if told.asked:
        yield Paragraph("To ask them:")
        yield Items(tuple(told.asked), numbered=True)


def _covers(code: str) -> str:
    """An assertion, a category or the general IT controls, in words."""
    said = words()["assertion"].get(code) or words()["category"].get(code, "").lower()
    return said or "general IT controls"


def _left(told: Told, one: Left) -> str:
    names = [words()["edge"].get(key) or _name(told, key) for key in one.about]
    place = f"{one.artifact}:{one.line}" if one.line else f"{one.artifact} {one.pointer}".strip()
    # Of a right, both ends with the verb between them; else targets or data.
    about = clip((" " if one.artifact else "; ").join(names), _TEXT)
    said = f"{WORDS[one.control].title}: {about}"
    return f"{said} [{clip(place, _TEXT)}]" if place else said


def _unseen(told: Told) -> Iterable[Block]:
    lines = [
        f"{_name(told, key)}: {clip(told.reasons.get(key, ''), _TEXT) or 'reason not recorded'}"
        for key in told.row.gaps[:_GAPS]
    ]
    more = len(told.row.gaps) - _GAPS
    lines += [f"and {more} more places"] if more > 0 else []
    lines += [clip(one, _TEXT) for one in told.unseen]
    if not lines:
        lines = [_ALL_READ]
    yield Items((*lines, *(f"{_sentence(one)}." for one in told.unjudged)))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _target(told: Told, key: str) -> str:
    target = told.targets.get(key)
    if target is None:
        return clip(key, _NAME)
    role = words()["role"].get(target.fs_role, "") if target.fs_role else ""
    about = role or words()["category"].get(target.category, "").lower()
    process = f", {target.process}" if target.process else ""
    return clip(f"{target.id} ({about}{process})" if about else target.id, _NAME)


def _name(told: Told, key: str) -> str:
    return _target(told, key) if key in told.targets else clip(told.names.get(key) or key, _NAME)
