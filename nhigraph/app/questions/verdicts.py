"""What verdicts.csv says of one target, and of one node as if it were an identity."""

from collections.abc import Sequence

from nhigraph.app.judged import Judged
from nhigraph.app.questions.rows import (
    ANY,
    AnsweredVerdict,
    gap_reasons,
    speaking,
    with_reasons,
)
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Options, answer
from nhigraph.assurance.rows import Alternative, PathStep, VerdictRow

#: Every path that there is: a question is asked of a few rows.
_EVERY_PATH = 10**9


def at_target(judged: Judged, target: str) -> list[AnsweredVerdict]:
    """Rows of verdicts.csv for one target, those first that have a row of their own for it.

    The others are rows ``*`` of identities that reach a gap: the row speaks for every target
    without a row of its own, and says by its target that it does.
    """
    options = Options(paths=0, paths_of=target)
    rows = speaking(answer(Analysis(judged.estate), options).verdicts, target)
    reasons = gap_reasons(judged.estate, {key for row in rows for key in row.gaps})
    return [with_reasons(row, reasons) for row in rows]


class Verdicts:
    """Verdicts on one walker at every target.

    A node outside the population is judged as an identity that has taken it over.

    Attributes:
        star: The row for all targets without a row of their own, if a gap is reached.
    """

    def __init__(
        self, judged: Judged, walker: int, alternatives: int = 0, target: str = ""
    ) -> None:
        """Judge the walker.

        Args:
            judged: The estate.
            walker: Node id of who is judged.
            alternatives: Most alternatives of a path.
            target: Target whose path gets them.
        """
        options = Options(
            all_reached=True,
            paths=_EVERY_PATH,
            alternatives=alternatives,
            alternatives_of=target,
        )
        found = answer(Analysis(judged.estate, [walker]), options)
        key = judged.estate.graph.key_list[walker]
        rows = {row.target: row for row in found.verdicts if row.identity == key}
        self.star = rows.pop(ANY, None)
        self._rows, self._found = rows, found

    def at(self, target: str) -> VerdictRow | None:
        """The row that speaks for a target: its own, where verdicts.csv has it, else ``*``."""
        own = self._rows.get(target)
        if own is not None and own.told:
            return own
        if self.star is not None and self.star.verdict != "neither":
            return self.star
        return own

    def path(self, target: str) -> Sequence[PathStep]:
        """The path of the row of a target; empty where none is known."""
        own = self._rows.get(target)
        return self._found.paths.get(own.path_id, ()) if own is not None else ()

    def alternatives(self, target: str) -> tuple[Sequence[Alternative], bool]:
        """Alternatives of that path, and whether there are no more, or as many as were wanted."""
        own = self._rows.get(target)
        many = self._found.alternatives.get(own.path_id, ()) if own is not None else ()
        return many, not self._found.alternatives_left_out
