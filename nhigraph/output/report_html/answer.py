"""The answer in plain words, with counts that add up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from nhigraph.assurance import asked, certainty
from nhigraph.assurance.certainty import CAN, MAY, NONE, SETTLED, UNDETERMINED
from nhigraph.assurance.lacking import lack
from nhigraph.assurance.rows import (
    Assessment,
    IdentityRow,
    ScopeIssue,
    Target,
    Unread,
    VerdictRow,
)
from nhigraph.assurance.verdict import EXPOSURES
from nhigraph.output import clip, counted
from nhigraph.output import lost as lost_inputs
from nhigraph.records import dataclass

NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; figures are strong."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One answer's part of all identities, with its place in a strip of 1000 units."""

    answer: str
    count: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Side:
    """How many identities have which answer on one side: the books, or the promises.

    Attributes:
        counts: Answer of ``assurance.certainty`` to a count; they add up to all identities.
        asked: The scope names something on this side, or some row says something of it.
        dead: A dead target stands on this side, or something else of the scope is lost that may.
        unread: Something that was given could not be read: it may have shown a path.
        unjudged: Promises of which nothing was judged, ``asked.ALL`` for the whole side.
        why: Why these were not judged.
    """

    counts: Mapping[str, int]
    asked: bool
    dead: bool
    unread: bool
    unjudged: tuple[str, ...]
    why: str

    @property
    def shown(self) -> int:
        """Identities of which a path or a weakness is shown."""
        return self.counts[CAN] + self.counts[MAY]

    @property
    def shares(self) -> tuple[Share, ...]:
        """The counts as parts of a strip, most settled first."""
        total, x, found = sum(self.counts.values()), 0.0, []
        for name in SETTLED:
            width = 1000 * self.counts[name] / total if total else 0.0
            found.append(Share(name, self.counts[name], f"{x:.2f}", f"{width:.2f}"))
            x += width
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Lost:
    """A target that the scope names and nothing stands for.

    Attributes:
        id: Its id.
        lack: What became of it; see ``lacking``.
        hint: What was meant, or what is wrong; may be empty.
    """

    id: str
    lack: str
    hint: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many identities have which answer and exposure.

    Attributes:
        total: All identities of the population.
        books: Answers as to the books.
        trust: Answers as to the promises.
        both: Identities of which something is shown on both sides.
        relevant: Identities of which something is shown on either.
        neither: Identities with verdict neither.
        worded: Those of them of whom that rests on answers of the scope.
        inputs: How many inputs were read, where coverage says.
        exposures: Exposure and count among the relevant.
        own: Some of them bear on the organisation's own books only.
        targets: How many targets the scope names.
        lost: Those of them that are dead.
        errors: Errors of the scope about anything else.
        unread: What was given and could not be read.
    """

    total: int
    books: Side
    trust: Side
    both: int
    relevant: int
    neither: int
    worded: int
    inputs: int
    exposures: tuple[tuple[str, int], ...]
    own: bool
    targets: int
    lost: tuple[Lost, ...]
    errors: tuple[ScopeIssue, ...]
    unread: Unread

    @property
    def unread_said(self) -> str:
        """What could not be read, in words; empty where nothing was lost."""
        return lost_inputs(self.unread)


def tally(assessment: Assessment) -> Tally:
    """Count the identities of an assessment."""
    rows = certainty.said_by_identity(assessment.verdicts)
    answers = [_answers(one, rows.get(one.identity, ())) for one in assessment.identities]
    shown = [{CAN, MAY}.intersection(pair) for pair in answers]
    relevant = [
        row for row, any_side in zip(assessment.identities, shown, strict=True) if any_side
    ]
    exposures = Counter(row.exposure for row in relevant)
    artifacts = assessment.coverage.get("artifacts")
    lost = _lost(assessment)
    names = {target.id for target in assessment.targets}
    word = {key for one in assessment.answers for key in one.identities}
    gone = {one.id for one in lost}
    errors = tuple(i for i in assessment.issues if i.level == "error" and i.target not in gone)
    return Tally(
        total=len(answers),
        books=_books(assessment, [pair[0] for pair in answers], errors),
        trust=_trust(assessment, [pair[1] for pair in answers], errors),
        both=sum({CAN, MAY}.issuperset(pair) for pair in answers),
        relevant=len(relevant),
        neither=sum(row.verdict == NEITHER for row in assessment.identities),
        worded=sum(
            row.verdict == NEITHER and row.identity in word for row in assessment.identities
        ),
        inputs=_read(artifacts) if isinstance(artifacts, list | tuple) else 0,
        exposures=tuple((name, exposures[name]) for name in EXPOSURES if exposures[name]),
        own=any(row.icfr_basis == "own" and row.soc1 != "none" for row in relevant),
        targets=len(names),
        lost=lost,
        errors=errors,
        unread=assessment.unread,
    )


def _answers(identity: IdentityRow, rows: Sequence[VerdictRow]) -> tuple[str, str]:
    return certainty.on_books(identity, rows), certainty.on_trust(identity, rows)


def _books(assessment: Assessment, answers: Sequence[str], errors: Sequence[ScopeIssue]) -> Side:
    why = asked.why_no_books(assessment.targets)
    missing = (asked.ALL, why) if why else ((), "")
    return _side(assessment, answers, asked.books(assessment.targets), errors, missing)


def _trust(assessment: Assessment, answers: Sequence[str], errors: Sequence[ScopeIssue]) -> Side:
    """Promises can be broken at a trust target; at a financial one by its data, or by S."""
    promised = assessment.commitments, assessment.doubted
    missing = asked.unjudged(assessment.targets, *promised)
    return _side(assessment, answers, assessment.targets, errors, missing)


def _side(
    assessment: Assessment,
    answers: Sequence[str],
    targets: Iterable[Target],
    errors: Sequence[ScopeIssue],
    missing: tuple[tuple[str, ...], str],
) -> Side:
    counts = Counter(answers)
    unjudged, why = missing
    return Side(
        counts={name: counts[name] for name in SETTLED},
        asked=unjudged != asked.ALL or counts[NONE] < len(answers),
        dead=bool(errors) or any(target.dead for target in targets),
        unread=bool(assessment.unread),
        unjudged=unjudged,
        why=why,
    )


def _lost(assessment: Assessment) -> tuple[Lost, ...]:
    hints = {i.target: i.advice for i in reversed(assessment.issues) if i.level == "error"}
    found = {}
    for target in assessment.targets:
        if target.dead:
            hint = hints.get(target.id, "")
            meant = hint if hint.startswith("did you mean") else ""
            found[target.id] = Lost(target.id, lack(target), target.refused or meant)
    return tuple(found[name] for name in sorted(found))


def _read(artifacts: Iterable[object]) -> int:
    """Documents that were read; what no source recognised supports no answer."""
    statuses = (a.get("status", "read") for a in artifacts if isinstance(a, Mapping))
    return sum(1 for status in statuses if status in ("read", "partial"))


# --- the sentence ------------------------------------------------------------------------------

_BOOKS, _TRUST = "change the books (SOC 1)", "break a promise of trust (SOC 2)"
#: Dead targets that the sentence names.
_NAMED = 3


def sentence(tally: Tally) -> tuple[Part, ...]:
    """The answer: who can change the books, break a promise of trust, both, or neither.

    Every figure counts rows of identities.csv, by these columns and no others:

    * ``can change the books``: soc1 direct or indirect, and a row of verdicts.csv of this identity
      with that soc1 has certainty can; ``may``: no such row has.
    * ``can break a promise``: soc2 has a letter, and a row of verdicts.csv with a letter has
      certainty can, or a letter stands in no row at all (S by the identity's own weakness);
      ``may``: neither.
    * ``could not be decided``: soc1, or soc2, is undetermined; it stands first on its side where
      it is more than can and may together.
    * ``both``: can or may on both sides. ``no such path was found``: verdict neither; ``on answers
      taken on your word``: those of them that ``answers`` of coverage.json lists.

    Before them stand the targets that nothing stands for, what else of the scope was lost, and
    what could not be read. Over these nobody is said to have no path, and no side is said to be
    "none". Nor is it of books or promises that the scope has no target for: these were not judged.
    """
    parts = [*_scope_parts(tally), *_unread_parts(tally)]
    if not tally.total:
        where = "what could be read" if tally.unread else "the inputs"
        return (*parts, Part(f"No non-human identity was found in {where}."))
    parts += [Part("Of "), _figure(tally.total)]
    parts.append(Part(f" non-human {'identity' if tally.total == 1 else 'identities'}, "))
    sides = [(tally.books, _BOOKS), (tally.trust, _TRUST)]
    if not any(side.asked for side, _ in sides):
        return (*parts, Part("none was judged: the scope names no books and no promises."))
    for at, (side, what) in enumerate(sides):
        parts += [Part("; ")] if at else []
        parts += _side_parts(side, what)
    if tally.both:
        parts += [Part(". "), _figure(tally.both), Part(" can or may do both")]
    return (*parts, *_rest(tally), Part("."))


def _scope_parts(tally: Tally) -> Iterable[Part]:
    for said in sorted({one.lack for one in tally.lost}):
        lost = [one for one in tally.lost if one.lack == said]
        verb = "was" if len(lost) == 1 else "were"
        named = ", ".join(_named(one) for one in lost[:_NAMED])
        more = f" and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else ""
        yield Part(f"{len(lost):,} of {counted(tally.targets, 'target')}", strong=True)
        yield Part(f" {verb} {said}: {named}{more}. ")
    if tally.errors:
        one = tally.errors[0]
        place = f"{one.artifact} {one.pointer}: ".lstrip()
        yield Part(counted(len(tally.errors), "error"), strong=True)
        yield Part(f" in the scope left something out: {clip(place + one.problem, 200)}. ")


def _unread_parts(tally: Tally) -> Iterable[Part]:
    if tally.unread:
        yield Part(tally.unread_said, strong=True)
        yield Part(": what stands there may open more than is told here. ")


def _named(lost: Lost) -> str:
    name = clip(lost.id, 60)
    return f"{name} ({clip(lost.hint, 160)})" if lost.hint else name


def _side_parts(side: Side, what: str) -> list[Part]:
    """One side, and what of it was not judged."""
    if not side.asked:
        return [Part(f"whether any can {what} was not judged: {side.why}")]
    parts = _counts(side, what)
    if side.unjudged == asked.ALL:
        parts.append(Part(f"; nothing else was judged there: {side.why}"))
    elif side.unjudged:
        letters = ", ".join(side.unjudged)
        parts.append(Part(f"; as to {letters} nobody was judged: {side.why}"))
    return parts


def _counts(side: Side, what: str) -> list[Part]:
    """Can and may apart, the undecided in the same breath, first where they are most."""
    can, may, unsure = (side.counts[name] for name in (CAN, MAY, UNDETERMINED))
    if unsure > side.shown:
        who = "it" if unsure == 1 else "they"
        parts = [Part("for "), _figure(unsure)]
        parts.append(Part(f" it could not be decided whether {who} can {what}"))
        for count, word in ((can, CAN), (may, MAY)):
            parts += [Part(", "), _figure(count), Part(f" {word}")] if count else []
        return parts
    if not side.shown:
        if side.dead:
            return [Part(f"whether any can {what} was not decided")]
        if side.unread:
            return [Part(f"what could be read shows none that can {what}")]
        return [Part("none", strong=True), Part(f" can {what}")]
    first, second = ((can, CAN), (may, MAY)) if can else ((may, MAY), (0, ""))
    parts = [_figure(first[0]), Part(f" {first[1]} {what}")]
    if second[0]:
        parts += [Part(", "), _figure(second[0]), Part(f" {second[1]}")]
    if unsure:
        parts += [Part(", and for "), _figure(unsure), Part(" it could not be decided")]
    return parts


def _rest(tally: Tally) -> list[Part]:
    """Those with verdict neither, and what that is worth."""
    if not tally.neither:
        return []
    if tally.lost or tally.errors:
        said = (
            f" {'was' if tally.neither == 1 else 'were'} judged by what was found of the targets"
        )
        return [
            Part(". The other "),
            _figure(tally.neither),
            Part(f"{said} only"),
            *_on_word(tally),
        ]
    where = f"the {tally.inputs:,} inputs read" if tally.inputs > 1 else "what was read"
    where = "what could be read" if tally.unread else where
    of = ""
    if asked.ALL in (tally.books.unjudged, tally.trust.unjudged):
        of = " to a promise" if tally.books.unjudged else " to the books"
    said = f" no such path{of} was found in {where}"
    return [Part(". For "), _figure(tally.neither), Part(said), *_on_word(tally)]


def _on_word(tally: Tally) -> list[Part]:
    """How many of those with verdict neither would not be known to be without answers."""
    if not tally.worded:
        return []
    said = "on answers taken on your word"
    if tally.worded == tally.neither:
        return [Part(f", {'' if tally.neither == 1 else 'all of them '}{said}")]
    return [Part(", "), _figure(tally.worded), Part(f" of them {said}")]


def _figure(count: int) -> Part:
    return Part(f"{count:,}", strong=True)
