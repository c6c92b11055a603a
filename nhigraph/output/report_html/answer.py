"""The answer in plain words, with counts that add up."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nhigraph.assurance import certainty
from nhigraph.assurance.certainty import CAN, MAY, NONE, SETTLED, UNDETERMINED
from nhigraph.assurance.rows import Assessment, IdentityRow, ScopeIssue, Target, VerdictRow
from nhigraph.output import clip, counted

#: Verdicts, worst first; the page lists and stacks them in this order.
VERDICTS = ("both", "soc1", "soc2", "undetermined", "neither")
#: Exposures, worst first.
EXPOSURES = ("open", "undetermined", "relies_on_subservice", "gated", "in-population")


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
    """

    counts: Mapping[str, int]
    asked: bool
    dead: bool

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
        refused: Its record was not understood; else nothing in the inputs supports it.
        hint: What was meant, or what is wrong; may be empty.
    """

    id: str
    refused: bool
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
        inputs: How many inputs were read, where coverage says.
        exposures: Exposure and count among the relevant.
        own: Some of them bear on the organisation's own books only.
        targets: How many targets the scope names.
        lost: Those of them that are dead.
        errors: Errors of the scope about anything else.
    """

    total: int
    books: Side
    trust: Side
    both: int
    relevant: int
    neither: int
    inputs: int
    exposures: tuple[tuple[str, int], ...]
    own: bool
    targets: int
    lost: tuple[Lost, ...]
    errors: tuple[ScopeIssue, ...]


def tally(assessment: Assessment) -> Tally:
    """Count the identities of an assessment."""
    rows = certainty.rows_by_identity(assessment.verdicts)
    answers = [_answers(one, rows.get(one.identity, ())) for one in assessment.identities]
    shown = [{CAN, MAY}.intersection(pair) for pair in answers]
    relevant = [
        row for row, any_side in zip(assessment.identities, shown, strict=True) if any_side
    ]
    exposures = Counter(row.exposure for row in relevant)
    artifacts = assessment.coverage.get("artifacts")
    lost = _lost(assessment)
    names = {target.id for target in assessment.targets}
    gone = {one.id for one in lost}
    errors = tuple(i for i in assessment.issues if i.level == "error" and i.target not in gone)
    return Tally(
        total=len(answers),
        books=_side(assessment, [pair[0] for pair in answers], _of_books, errors),
        trust=_side(assessment, [pair[1] for pair in answers], _of_trust, errors),
        both=sum({CAN, MAY}.issuperset(pair) for pair in answers),
        relevant=len(relevant),
        neither=sum(row.verdict == "neither" for row in assessment.identities),
        inputs=_read(artifacts) if isinstance(artifacts, list | tuple) else 0,
        exposures=tuple((name, exposures[name]) for name in EXPOSURES if exposures[name]),
        own=any(row.icfr_basis == "own" and row.soc1 != "none" for row in relevant),
        targets=len(names),
        lost=lost,
        errors=errors,
    )


def _answers(identity: IdentityRow, rows: Sequence[VerdictRow]) -> tuple[str, str]:
    return certainty.on_books(identity, rows), certainty.on_trust(identity, rows)


def _of_books(assessment: Assessment) -> list[Target]:
    return [t for t in assessment.targets if t.fs_role != "none" and not t.category]


def _of_trust(assessment: Assessment) -> list[Target]:
    """Targets at which a promise can be broken; a financial one by its data, or by S."""
    return list(assessment.targets) if assessment.commitments or assessment.doubted else []


def _side(
    assessment: Assessment,
    answers: Sequence[str],
    of: Callable[[Assessment], list[Target]],
    errors: Sequence[ScopeIssue],
) -> Side:
    counts = Counter(answers)
    targets = of(assessment)
    return Side(
        counts={name: counts[name] for name in SETTLED},
        asked=bool(targets) or counts[NONE] < len(answers),
        dead=bool(errors) or any(target.dead for target in targets),
    )


def _lost(assessment: Assessment) -> tuple[Lost, ...]:
    hints = {i.target: i.advice for i in reversed(assessment.issues) if i.level == "error"}
    found = {}
    for target in assessment.targets:
        if target.dead:
            hint = hints.get(target.id, "")
            meant = hint if hint.startswith("did you mean") else ""
            found[target.id] = Lost(target.id, bool(target.refused), target.refused or meant)
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
    * ``both``: can or may on both sides. ``no such path was found``: verdict neither.

    Before them stand the targets that nothing stands for, and what else of the scope was lost.
    Over these nobody is said to have no path, and no side is said to be "none".
    """
    parts = list(_scope_parts(tally))
    if not tally.total:
        return (*parts, Part("No non-human identity was found in the inputs."))
    parts += [Part("Of "), _figure(tally.total)]
    parts.append(Part(f" non-human {'identity' if tally.total == 1 else 'identities'}, "))
    sides = [(tally.books, _BOOKS), (tally.trust, _TRUST)]
    asked = [_side_parts(side, what, tally.total) for side, what in sides if side.asked]
    if not asked:
        return (*parts, Part("none was judged: the scope names no books and no promises."))
    for at, clause in enumerate(asked):
        parts += [Part("; ")] if at else []
        parts += clause
    if tally.both:
        parts += [Part(". "), _figure(tally.both), Part(" can or may do both")]
    return (*parts, *_rest(tally), Part("."))


def _scope_parts(tally: Tally) -> Iterable[Part]:
    for refused, said in (
        (False, "not found in the inputs"),
        (True, "not understood in the scope"),
    ):
        lost = [one for one in tally.lost if one.refused == refused]
        if not lost:
            continue
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


def _named(lost: Lost) -> str:
    name = clip(lost.id, 60)
    return f"{name} ({clip(lost.hint, 160)})" if lost.hint else name


def _side_parts(side: Side, what: str, total: int) -> list[Part]:
    """One side: can and may apart, the undecided in the same breath, first where they are most."""
    can, may, unsure = (side.counts[name] for name in (CAN, MAY, UNDETERMINED))
    if unsure > side.shown:
        who = "it" if total == 1 else "they"
        parts = [Part("for "), _figure(unsure)]
        parts.append(Part(f" it could not be decided whether {who} can {what}"))
        for count, word in ((can, CAN), (may, MAY)):
            parts += [Part(", "), _figure(count), Part(f" {word}")] if count else []
        return parts
    if not side.shown:
        if side.dead:
            return [Part(f"whether any can {what} was not decided")]
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
        return [Part(". The other "), _figure(tally.neither), Part(f"{said} only")]
    where = f" in the {tally.inputs:,} inputs read" if tally.inputs > 1 else " in what was read"
    return [Part(". For "), _figure(tally.neither), Part(f" no such path was found{where}")]


def _figure(count: int) -> Part:
    return Part(f"{count:,}", strong=True)
