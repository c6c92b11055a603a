"""Which rows stand in which file and in which JSON answer; a test runs every command."""

from typing import Final

from nhigraph.app.coverage import DocumentRow
from nhigraph.app.gate import GateRow
from nhigraph.app.questions.explain import Said
from nhigraph.app.questions.rows import AnsweredStep, AnsweredVerdict, ReachRow
from nhigraph.app.scope_places import PlacedIssue
from nhigraph.app.sources import SourceRow
from nhigraph.assurance.cut_rows import Changed, ChokeRow, CutStep, PointRow
from nhigraph.assurance.diff.period import PeriodRow
from nhigraph.assurance.diff.rows import DiffRow
from nhigraph.assurance.found import FindingRow
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.radius_rows import RadiusRow
from nhigraph.assurance.rotation_rows import RotationRow
from nhigraph.assurance.rows import (
    ControlRow,
    IdentityRow,
    PathStep,
    PopulationRow,
    VerdictRow,
)
from nhigraph.assurance.which_rows import CoverRow, WhichRow

#: What a row of cuts.csv is: one right may be stated by several edges.
_CUTS: Final = (
    "an edge of the smallest cut of a target from the identities inside the boundary, at a place "
    "that states it; a right that several edges state, each under its own need, condition, "
    "control or dates, has a row for each, and all of them go"
)
_POINTS: Final = "what every way of every identity inside the boundary to a target passes"
#: Table of an output folder, what one of its rows is, and the type of that row.
FILES: Final[tuple[tuple[str, str, type], ...]] = (
    ("identities.csv", "a non-human identity", IdentityRow),
    ("verdicts.csv", "an identity and a target", VerdictRow),
    ("paths.csv", "a step of a path", PathStep),
    ("controls.csv", "a control", ControlRow),
    ("which.csv", "a system, repository, database, vendor or process", WhichRow),
    ("cuts.csv", _CUTS, CutStep),
    ("choke_points.csv", _POINTS, PointRow),
    ("findings.csv", "a finding", FindingRow),
    ("rotation.csv", "a credential, first to rotate first", RotationRow),
    ("questions.csv", "an open question, the one that settles most first", QuestionRow),
    ("population.csv", "an identity or credential", PopulationRow),
    ("people.csv", "a person or group, who is walked through and not judged", PopulationRow),
)

#: Command to the types of rows that its JSON may have; the first is the usual one.
ANSWERS: Final[dict[str, tuple[type, ...]]] = {
    "scope check": (PlacedIssue,),
    "sources": (SourceRow,),
    "coverage": (DocumentRow,),
    "population": (PopulationRow,),
    "ask": (QuestionRow,),
    "which": (WhichRow, CoverRow),
    "who": (AnsweredVerdict, ReachRow),
    "why": (AnsweredStep,),
    "reach": (ReachRow,),
    "blast": (ReachRow,),
    "radius": (RadiusRow,),
    "cut": (CutStep, ChokeRow),
    "rotate": (RotationRow,),
    "what-if": (Changed,),
    "diff": (DiffRow, PeriodRow),
    "check": (GateRow,),
    "findings": (FindingRow,),
    "explain": (Said, PathStep),
}
