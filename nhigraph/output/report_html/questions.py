"""What to settle first, and what was taken on somebody's word."""

from nhigraph.assurance.question_rows import AnswerRow
from nhigraph.assurance.rows import Assessment
from nhigraph.output import clip, instead, lines, settles
from nhigraph.records import dataclass

#: Questions and answers that the page shows; the rest stand in files.
_SHOWN, _ANSWERS = 8, 40
#: Lines of one question.
_LINES = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """One question.

    Attributes:
        rank: Its rank.
        text: The question.
        settles: What it settles, in words.
        lines: What may be pasted under ``answers``.
        more: Lines that are left out.
        command: What makes the export that tells.
        instead: What the first line may say in another place, with a key; empty for nothing.
    """

    rank: int
    text: str
    settles: str
    lines: tuple[str, ...]
    more: int
    command: str
    instead: str


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that counts, and how many identities rest on it."""

    subject: str
    says: str
    because: str
    by: str
    until: str
    identities: int
    place: str


@dataclass(frozen=True, slots=True)
class Questions:
    """What to settle first.

    Attributes:
        shown: The first questions.
        more: How many further ones are ranked.
        next: What was given, and what to give next, in a sentence.
        told: Answers that count.
        more_told: How many further ones do.
    """

    shown: tuple[Shown, ...]
    more: int
    next: str
    told: tuple[Told, ...]
    more_told: int


def questions(assessment: Assessment) -> Questions:
    """What the page says of them."""
    rows, answers = assessment.questions, assessment.answers
    shown = []
    for row in rows[:_SHOWN]:
        every = lines(row)
        kept = tuple(clip(one, 400) for one in every[:_LINES])
        more = len(every) - len(kept)
        text, command = clip(row.question, 500), clip(row.command, 500)
        key = clip(instead(row), 200)
        shown.append(Shown(row.rank, text, settles(row), kept, more, command, key))
    return Questions(
        tuple(shown),
        len(rows) - len(shown),
        clip(str(assessment.coverage.get("next") or ""), 500),
        tuple(map(_told, answers[:_ANSWERS])),
        max(0, len(answers) - _ANSWERS),
    )


def _told(one: AnswerRow) -> Told:
    return Told(
        clip(one.subject, 300),
        clip(one.says, 300),
        clip(one.because, 300),
        clip(one.confirmed_by, 120),
        one.until,
        len(one.identities),
        clip(f"{one.artifact} {one.pointer}", 160),
    )
