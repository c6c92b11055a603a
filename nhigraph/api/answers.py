"""Answers with more to them than rows: an assessment, a path, a cut, a difference."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from nhigraph.api import frames
from nhigraph.api.pages import Page
from nhigraph.app.judged import Judged
from nhigraph.app.questions.diff import Compared
from nhigraph.app.questions.explain import Explained
from nhigraph.app.questions.why import Why
from nhigraph.assurance.cut_rows import Changed, CutStep
from nhigraph.assurance.cuts.smallest import Found
from nhigraph.assurance.diff.rows import CauseRow, DiffRow
from nhigraph.assurance.found import FindingRow
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.rotation_rows import RotationRow
from nhigraph.assurance.rows import (
    Alternative,
    ControlRow,
    IdentityRow,
    PathStep,
    PopulationRow,
    VerdictRow,
)
from nhigraph.assurance.rows import Assessment as Rows
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.output import counted, printable
from nhigraph.records import dataclass

if TYPE_CHECKING:
    import networkx as nx

#: Rows of a frame that a notebook shows by itself.
_MOST_ROWS = 20


@dataclass(frozen=True)
class Assessment:
    """Every answer on an estate; frames have the columns of the CSV files of their names.

    Attributes:
        rows: The rows behind the frames.
    """

    rows: Rows
    _judged: Judged = field(repr=False, compare=False)

    @property
    def sentence(self) -> str:
        """The answer in a sentence or two, as the report and the command line print it."""
        from nhigraph.output.report_html import answer  # noqa: PLC0415 - templates: only where asked

        return answer(self.rows)

    @property
    def complete(self) -> bool:
        """Whether all that was given was read, and no identity reached a gap."""
        return bool(self.rows.coverage["complete"])

    @cached_property
    def identities(self) -> pd.DataFrame:
        """A row per non-human identity."""
        return frames.frame(IdentityRow, self.rows.identities)

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """A row per identity and target with something to say."""
        return frames.frame(VerdictRow, self.rows.verdicts)

    @cached_property
    def paths(self) -> pd.DataFrame:
        """A row per step of every printed path."""
        named = sorted(self.rows.paths.items())
        return frames.frame(PathStep, (step for _, steps in named for step in steps))

    @cached_property
    def controls(self) -> pd.DataFrame:
        """A row per control on a way to a target."""
        return frames.frame(ControlRow, self.rows.controls)

    @cached_property
    def population(self) -> pd.DataFrame:
        """A row per identity and credential that was seen."""
        return frames.frame(PopulationRow, self.rows.population)

    @cached_property
    def questions(self) -> pd.DataFrame:
        """What is not known, the facts that settle most first."""
        return frames.frame(QuestionRow, self.rows.questions)

    @cached_property
    def which(self) -> pd.DataFrame:
        """SOC 1, SOC 2, both or neither, for each system."""
        return frames.frame(WhichRow, self.rows.which)

    @cached_property
    def rotation(self) -> pd.DataFrame:
        """Credentials, first to rotate first."""
        return frames.frame(RotationRow, self.rows.rotation.rows)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the rules find."""
        return frames.frame(FindingRow, self.rows.findings.rows)

    def report(self) -> Page:
        """The report, as ``report.html``."""
        from nhigraph.output import report_html  # noqa: PLC0415 - templates: only where asked

        return Page("The report", report_html.render(self.rows, ""))

    def picture(self) -> Page:
        """The printed paths to explore, as ``graph.html``."""
        from nhigraph.app.drawn import beside  # noqa: PLC0415 - as the report
        from nhigraph.output import graph_html  # noqa: PLC0415 - as the report

        told = beside(self.rows, self._judged)
        page = graph_html.render(self.rows, *told, self.sentence, report="")
        return Page("The picture", page)

    def path(self, path_id: str) -> "Path":
        """A printed path by its id.

        Raises:
            KeyError: There is none.
        """
        row = next((row for row in self.rows.verdicts if row.path_id == path_id), None)
        steps = self.rows.paths[path_id]
        return Path(
            steps[0].source,
            steps[-1].target,
            steps,
            row,
            row.exposure if row else "",
            {},
            self.rows.alternatives.get(path_id, ()),
        )

    def __repr__(self) -> str:
        """The answer, in words."""
        return (
            f"<Assessment of {self.rows.organization or 'no named organisation'}: {self.sentence}>"
        )

    def _repr_html_(self) -> str:
        counts = self.identities.groupby(["verdict", "exposure"]).size()
        table = counts.rename("identities").reset_index().to_html(index=False, border=0)
        said = "everything given was read" if self.complete else "not everything is known"
        day = f"As of {self.rows.as_of}; {said}."
        return f"<p><b>{_text(self.sentence)}</b></p><p>{_text(day)}</p>{table}"


@dataclass(frozen=True)
class Path:
    """The way from one node to another, or that there is none; false where none was found.

    Attributes:
        start: Key it begins at.
        goal: Key it ends at.
        rows: Its steps.
        verdict: What verdicts.csv says of the pair, at a target; else None.
        exposure: open, gated or undetermined; empty where nothing is reached and nothing hidden.
        gaps: Nodes whose gaps the start reaches, and why they are gaps: where there are some, or
            the exposure is undetermined, "no path" is not known.
        others: What is left beside it once something of it is taken away.
    """

    start: str
    goal: str
    rows: Sequence[PathStep]
    verdict: VerdictRow | None
    exposure: str
    gaps: Mapping[str, str]
    others: Sequence[Alternative] = ()

    @classmethod
    def of(cls, found: Why) -> "Path":
        """From what the question answers."""
        return cls(
            found.start,
            found.goal,
            found.steps,
            found.verdict,
            found.exposure,
            found.gaps,
            found.alternatives,
        )

    @cached_property
    def steps(self) -> pd.DataFrame:
        """A row per step, as in paths.csv."""
        return frames.frame(PathStep, self.rows)

    @property
    def alternatives(self) -> list["Path"]:
        """The alternatives as paths, the best first."""
        verdict, exposure = self.verdict, self.exposure
        return [
            Path(self.start, self.goal, steps, verdict, exposure, self.gaps)
            for steps in self.others
        ]

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """The path as a graph: nodes by key, edges with what the step says."""
        from nhigraph.graph.networkx_form import of_steps  # noqa: PLC0415 - networkx: where asked

        said = ("edge_kind", "state", "certainty", "condition", "gate", "artifact", "pointer")
        return of_steps(
            (step.source, step.target, {name: getattr(step, name) for name in said})
            for step in self.rows
        )

    def __len__(self) -> int:
        """How many steps."""
        return len(self.rows)

    def __repr__(self) -> str:
        """From, to, and how."""
        way = " → ".join([self.start, *(step.target for step in self.rows)])
        return f"<Path {way if self.rows else f'from {self.start} to {self.goal}: {self._none}'}>"

    @property
    def _none(self) -> str:
        return "not known" if self.gaps or self.exposure else "none in what was read"

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{_text(f'{self.start} to {self.goal}: {self._none}')}</p>"
        items = "".join(
            f"<li><code>{_text(step.source)}</code> {_text(step.edge_kind)} "
            f"<code>{_text(step.target)}</code> ({_text(step.state)}) "
            f"<small>{_text(step.artifact)} {_text(step.pointer)}</small></li>"
            for step in self.rows
        )
        row = self.verdict
        head = f"<p>{_text(f'{row.verdict}, {row.exposure}')}</p>" if row else ""
        return f"{head}<ol>{items}</ol>"


@dataclass(frozen=True)
class Cut:
    """The fewest changes after which nobody reaches something.

    Attributes:
        found: What was found: ``changes``, ``cost``, ``bound`` (no cut costs less), ``stopped``,
            ``beyond`` (identities that no change stops) and ``unknown``.
    """

    found: Found

    @cached_property
    def changes(self) -> pd.DataFrame:
        """A row per edge that goes, at each place that states it, as in cuts.csv."""
        return frames.frame(CutStep, self.found.rows)

    @cached_property
    def changed(self) -> pd.DataFrame:
        """Other answers that change with it."""
        return frames.frame(Changed, self.found.changed)

    @property
    def smallest(self) -> bool:
        """Whether it is proven that no cut costs less."""
        return self.found.cost == self.found.bound

    def __len__(self) -> int:
        """How many changes."""
        return self.found.changes

    def __repr__(self) -> str:
        """How many changes, and whether fewer could do."""
        least = "" if self.smallest else f", no fewer than {self.found.bound} by cost"
        return f"<Cut of {counted(len(self), 'change')}{least}>"

    def _repr_html_(self) -> str:
        return _shown(repr(self), self.changes)


@dataclass(frozen=True)
class Difference:
    """What differs between two estates."""

    found: Compared

    @cached_property
    def rows(self) -> pd.DataFrame:
        """A row per thing that was added, removed or changed; answers have their cause."""
        return frames.frame(DiffRow, self.found.told.rows)

    @cached_property
    def causes(self) -> pd.DataFrame:
        """A row per record of a cause: the smallest set of changes that explains an answer."""
        return frames.frame(CauseRow, self.found.told.causes)

    def page(self) -> Page:
        """It as a page, as ``diff --html`` writes it."""
        from nhigraph.app.questions.diff import report  # noqa: PLC0415 - templates: where asked
        from nhigraph.output import diff_html  # noqa: PLC0415 - as above

        return Page("What differs", diff_html.render(report(self.found)))

    def __repr__(self) -> str:
        """How much differs."""
        answers = int((self.rows["what"] == "verdict").sum())
        return (
            f"<Difference: {counted(len(self.rows), 'row')}, {counted(answers, 'answer')} changed>"
        )

    def _repr_html_(self) -> str:
        return _shown(repr(self), self.rows[self.rows["what"] == "verdict"])


@dataclass(frozen=True)
class Explanation:
    """What the inputs say of one thing.

    Attributes:
        title: One line.
        facts: Field and value.
        evidence: Places that say so.
    """

    title: str
    facts: pd.DataFrame
    evidence: pd.DataFrame

    @classmethod
    def of(cls, found: Explained) -> "Explanation":
        """From what the question answers."""
        facts = pd.DataFrame(
            [(fact.field, fact.value) for fact in found.facts], columns=["field", "value"]
        )
        names = ["artifact", "pointer", "line", "sha256", "excerpt", "basis"]
        places: list[list[Any]] = [
            [getattr(one, name) for name in names] for one in found.evidence
        ]
        return cls(found.title, facts, pd.DataFrame(places, columns=names, dtype=object))

    def _repr_html_(self) -> str:
        return _shown(self.title, self.facts)


def _shown(title: str, table: pd.DataFrame) -> str:
    """A frame under its title; names in it come from inputs, and pandas escapes them."""
    shown = table.to_html(index=False, border=0, max_rows=_MOST_ROWS)
    return f"<p><b>{_text(title.strip('<>'))}</b></p>{shown}"


def _text(value: object) -> str:
    return escape(printable(str(value)))
