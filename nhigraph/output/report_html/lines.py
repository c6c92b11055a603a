"""What an identity can do at its targets: equal answers are one line."""

from collections.abc import Mapping, Sequence

from nhigraph.assurance.rows import Assessment, VerdictRow
from nhigraph.output import clip, to_path
from nhigraph.output.report_html.naming import Naming, word
from nhigraph.records import dataclass

#: Target of a row that stands for every target without a row of its own.
ALL_OTHERS = "*"
#: Rows of verdicts.csv that a card takes in.
_MOST_ROWS = 40
_TEXT = 300


@dataclass(frozen=True, slots=True)
class At:
    """A target of a line.

    Attributes:
        name: What it is called.
        steps: Steps of the best path; empty where there is none.
        link: To that path in the drawing; empty for none.
    """

    name: str
    steps: str
    link: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What an identity can do at some targets, at each of them the same."""

    targets: tuple[At, ...]
    verdict: str
    answer: str
    exposure: str
    certainty: str
    states: str
    assertions: str
    rules: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one identity.

    Attributes:
        shown: The lines, the worst first.
        more: Rows of verdicts.csv that are left out.
        of: Target to the number of its line, from 1.
    """

    shown: tuple[TargetLine, ...]
    more: int
    of: Mapping[str, int]


def lines(
    assessment: Assessment, naming: Naming, ranked: Sequence[VerdictRow], graph_page: str
) -> Lines:
    """The lines of one identity's rows, which stand worst first."""
    shown = ranked[:_MOST_ROWS]
    together: dict[TargetLine, list[VerdictRow]] = {}
    for row in shown:
        together.setdefault(_line(row), []).append(row)
    made = tuple(
        TargetLine(
            tuple(_at(assessment, naming, row, graph_page) for row in rows),
            *(getattr(line, name) for name in TargetLine.__slots__[1:]),
        )
        for line, rows in together.items()
    )
    numbers = {
        row.target: number for number, rows in enumerate(together.values(), 1) for row in rows
    }
    return Lines(made, max(0, len(ranked) - len(shown)), numbers)


def said_at(soc1: str, soc2: Sequence[str], outside: Sequence[str]) -> str:
    """Both sides of an answer in a few words: ``direct; S A``."""
    parts = [] if soc1 == "none" else [word("side", soc1)]
    letters = " ".join(word("side", one) for one in soc2)
    parts += [letters] if letters and letters not in parts else []
    parts += [f"{' '.join(outside)} not promised"] if outside else []
    return "; ".join(parts)


def _at(assessment: Assessment, naming: Naming, row: VerdictRow, graph_page: str) -> At:
    if row.target == ALL_OTHERS:
        return At("every other target", "", "")
    path = row.path_id if row.path_id in assessment.paths else ""
    steps = "" if row.steps is None or not row.path_id else str(row.steps)
    return At(naming.name(row.target), steps, to_path(graph_page, path))


def _line(row: VerdictRow) -> TargetLine:
    return TargetLine(
        targets=(),
        verdict=row.verdict,
        answer=said_at(row.soc1, row.soc2, row.soc2_outside),
        exposure=row.exposure,
        certainty=row.certainty,
        states=row.states.replace("+", ", ").lower(),
        assertions=clip(", ".join(word("assertion", one) for one in row.assertions), _TEXT),
        rules=clip(" ".join(row.rules), _TEXT),
    )
