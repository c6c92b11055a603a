"""Changes and the answers they explain, as lines of a page."""

from collections.abc import Sequence

from nhigraph.assurance.diff.answers import NOTHING, Told
from nhigraph.assurance.diff.rows import CauseRow, DiffReport, DiffRow
from nhigraph.output import NAME, clip, counted, spaced, words
from nhigraph.records import dataclass

#: What the page lists of one sort; the CSV and JSON forms have all.
_LISTED = 200
_TEXT = 300
_WITHIN = 12
#: Causes that the page has; answers that it lists under each after the first few.
_CAUSES, _FIRST, _LATER = 120, 5, 20
_PROVEN = {"soc1", "soc2", "both"}
#: What has no key, and no name but what it is about.
_OF_SCOPE = ("answer", "scope", "day")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        sign: added, removed, changed or moved.
        subject: What it is about, by name.
        key: The same by key, where that says more.
        kind: What that is, in words.
        verb: Of an edge, what it allows.
        target: Where it leads, by name.
        field: What of it differs.
        before: What was said.
        after: What is said now.
        place: File and line.
        pointer: Place in the file, where the line does not say it.
    """

    sign: str
    subject: str
    key: str
    kind: str
    verb: str
    target: str
    field: str
    before: str
    after: str
    place: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that changed.

    Attributes:
        identity: Whose, by name.
        key: The same by key, where that says more.
        kind: What it is, in words.
        target: At which target, in words.
        turn: worse, better or other.
        before: The answer before.
        after: The answer now.
        details: What else of it differs.
        opened: ``opened`` or ``closed`` where a path is shown on one side alone.
    """

    identity: str
    key: str
    kind: str
    target: str
    turn: str
    before: Told
    after: Told
    details: str
    opened: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What explains some answers.

    Attributes:
        number: Its number, as the other forms have it.
        changes: Its changes, the first of them.
        more_changes: How many more there are.
        answers: The answers, the first of them.
        more_answers: How many more there are.
        says: How sure it is that nothing less explains them; empty where it is certain.
        tally: How many answers got worse, better or other, in words.
    """

    number: int
    changes: list[Change]
    more_changes: int
    answers: list[Answer]
    more_answers: int
    says: str
    tally: str

    @property
    def anchor(self) -> str:
        """An id of the page."""
        return f"cause-{self.number}"


@dataclass(frozen=True, slots=True)
class Sort:
    """Everything of one sort that differs and explains no answer.

    Attributes:
        title: What these are.
        changes: The first of them.
        count: How many there are.
        more: How many are not listed.
    """

    title: str
    changes: list[Change]
    count: int
    more: int


def causes(report: DiffReport) -> list[Cause]:
    """Causes with what they explain."""
    shown = report.differing.causes[:_CAUSES]
    return [
        _cause(report, one, _LISTED if at < _FIRST else _LATER) for at, one in enumerate(shown)
    ]


def more_causes(report: DiffReport) -> int:
    """How many causes the page has not."""
    return max(0, len(report.differing.causes) - _CAUSES)


def opened(report: DiffReport) -> list[tuple[str, int]]:
    """How many answers show a path on one side alone; those that do not occur are left out."""
    said = [_opened(row) for row in report.differing.rows if row.what == "verdict"]
    return [(name, said.count(name)) for name in words()["opened"] if name in said]


def _opened(row: DiffRow) -> str:
    """Whether a path is shown now and none was, or the other way round."""
    was, now = (one.verdict in _PROVEN for one in (row.was, row.now))
    quiet = {NOTHING.verdict}
    if now and row.was.verdict in quiet:
        return "opened"
    return "closed" if was and row.now.verdict in quiet else ""


def unexplained(report: DiffReport) -> list[Answer]:
    """Answers for which no cause was found."""
    rows = [r for r in report.differing.rows if r.what == "verdict" and not r.cause]
    return [_answer(report, row) for row in rows[:_LISTED]]


def others(report: DiffReport) -> list[Sort]:
    """What differs and explains no answer, sort by sort."""
    found: dict[str, list[DiffRow]] = {}
    for row in report.differing.rows:
        if row.what != "verdict" and not row.cause:
            found.setdefault(row.what, []).append(row)
    return [
        Sort(
            title,
            [_change(report, row) for row in found[sort][:_LISTED]],
            len(found[sort]),
            max(0, len(found[sort]) - _LISTED),
        )
        for sort, title in words()["differing"].items()
        if sort in found
    ]


def _cause(report: DiffReport, one: CauseRow, listed: int) -> Cause:
    number = str(one.cause)
    rows = [row for row in report.differing.rows if number in row.cause]
    changes = [row for row in rows if row.what != "verdict"]
    answers = [row for row in rows if row.what == "verdict"]
    said = words()["turn_said"]
    turns = [(name, sum(row.turn == name for row in answers)) for name in said]
    tally = ", ".join(f"{count:,} {said[name]}" for name, count in turns if count)
    return Cause(
        one.cause,
        [_change(report, row) for row in changes[:_WITHIN]],
        max(0, len(changes) - _WITHIN),
        [_answer(report, row) for row in answers[:listed]],
        max(0, len(answers) - listed),
        _says(one, changes),
        tally,
    )


def _says(one: CauseRow, rows: Sequence[DiffRow]) -> str:
    parts = []
    if one.changes > 1:
        parts.append(f"These {one.changes} changes explain it together, none of them alone.")
    if one.bound < one.changes:
        parts.append(f"It is not proven that no fewer do; {one.bound} are needed at least.")
    if one.others:
        also = counted(one.others, "other change would", "other changes would each")
        parts.append(f"For one of these at least, {also} have done alone.")
    brought = sum(str(one.cause) in row.brought for row in rows)
    if (beside := len(rows) - brought - len({r.part for r in rows} - _brought(one, rows))) > 0:
        parts.append(f"All that stands at one place is one change: {beside} more lines here.")
    if brought:
        parts.append(f"{counted(brought, 'node comes', 'nodes come')} with what is changed.")
    return " ".join(parts)


def _brought(one: CauseRow, rows: Sequence[DiffRow]) -> set[int]:
    return {row.part for row in rows if str(one.cause) in row.brought}


def _answer(report: DiffReport, row: DiffRow) -> Answer:
    name = _name(report, row.subject)
    details = "" if row.change != "changed" else ", ".join(_details(row))
    return Answer(
        name,
        _key(row.subject, name),
        spaced(report.kinds.get(row.subject, "")),
        _target(report, row.target),
        row.turn,
        row.was,
        row.now,
        details,
        _opened(row),
    )


def _details(row: DiffRow) -> list[str]:
    """What of an answer differs that its verdict and exposure do not show."""
    said = words()["told"]
    values = ((name, getattr(row.was, name), getattr(row.now, name)) for name in said)
    return [
        f"{said[name]} {_value(old)} → {_value(new)}" for name, old, new in values if old != new
    ]


def _value(value: str | Sequence[str]) -> str:
    text = value if isinstance(value, str) else " ".join(_word("assertion", one) for one in value)
    return text or "none"


def _change(report: DiffReport, row: DiffRow) -> Change:
    name = _name(report, row.subject)
    if row.what in _OF_SCOPE:
        name = f"{name[:1].upper()}{name[1:]}"
    place = f"{row.artifact}:{row.line}" if row.line else row.artifact
    edge = row.what == "edge"
    return Change(
        row.change,
        name,
        "" if row.what in _OF_SCOPE else _key(row.subject, name),
        _kind(report, row),
        _word("edge", row.kind) if edge else "",
        _name(report, row.target) if row.target else "",
        _field(row.field),
        *_values(row),
        clip(place, _TEXT),
        clip(row.pointer, _TEXT),
    )


def _values(row: DiffRow) -> tuple[str, str]:
    """What was said and what is said now; two values that are not shown look alike."""
    if row.change != "changed":
        return clip(row.before, _TEXT), clip(row.after, _TEXT)
    if row.before == row.after:
        return "", "another one, which is not shown"
    return clip(row.before, _TEXT) or "nothing", clip(row.after, _TEXT) or "nothing"


def _kind(report: DiffReport, row: DiffRow) -> str:
    if row.what == "edge":
        return spaced(report.kinds.get(row.subject, ""))
    if row.what == "control":
        # A control's name begins with its kind, where it has one.
        return "" if row.subject in report.names else row.kind
    return spaced(row.kind)


def _field(name: str) -> str:
    """What of a thing differs, in words."""
    sort, dot, rest = name.partition(".")
    if sort == "tests" and dot:
        return _word("gate_test", rest)
    return ", ".join(part.replace("_", " ") for part in (rest if dot else name).split(";") if part)


def _name(report: DiffReport, key: str) -> str:
    return clip(report.names.get(key) or key, NAME)


def _key(key: str, name: str) -> str:
    return "" if key == name else clip(key, _TEXT)


def _target(report: DiffReport, key: str) -> str:
    if key == "*":
        return "any target without an answer of its own"
    if not key:
        return "by its own weaknesses"
    family, _, rest = key.partition(":")
    category, slash, name = rest.partition("/")
    if family == "trust" and slash:
        return clip(f"{name}: {_word('category', category)}", NAME)
    return clip(rest if family == "fin" else report.names.get(key) or key, NAME)


def _word(group: str, code: str) -> str:
    return words()[group].get(code, code)
