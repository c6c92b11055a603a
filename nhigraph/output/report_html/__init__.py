"""report.html: the answer of an assessment as one static page.

The page asks nobody for anything, reads without scripts, prints, and says beside every "no path
found" what it was found in.
"""

from dataclasses import replace

from nhigraph.assurance.rows import Assessment, ScopeIssue
from nhigraph.output import (
    clip,
    day,
    made,
    page_environment,
    page_file,
    security_policy,
    verbatim,
    words,
)
from nhigraph.output.report_html import answer as answering
from nhigraph.output.report_html.answer import tally
from nhigraph.output.report_html.cards import cards
from nhigraph.output.report_html.controls import controls
from nhigraph.output.report_html.coverage import coverage, totals
from nhigraph.output.report_html.cutting import cutting
from nhigraph.output.report_html.findings import findings
from nhigraph.output.report_html.matrix import matrix
from nhigraph.output.report_html.naming import Naming
from nhigraph.output.report_html.questions import questions
from nhigraph.output.report_html.roster import roster
from nhigraph.output.report_html.rotation import rotation
from nhigraph.output.report_html.systems import systems

__all__ = ["answer", "render", "tally"]


def answer(assessment: Assessment, counts: answering.Tally | None = None) -> str:
    """The answer in one or two plain sentences, for a terminal too.

    Args:
        assessment: What was answered.
        counts: What it comes to, where that is counted.
    """
    told = answering.sentence(counts or answering.tally(assessment))
    return "".join(part.text for part in told)


def render(
    assessment: Assessment, graph_page: str = "", counts: answering.Tally | None = None
) -> str:
    """The whole page; the same assessment gives the same bytes.

    Args:
        assessment: What was answered.
        graph_page: Name of the drawing that lies beside the page, where there is one.
        counts: What it comes to, where that is counted.
    """
    style = page_file("theme.css") + page_file("report.css") + page_file("evidence.css")
    naming = Naming(assessment)
    counts = counts or answering.tally(assessment)
    found = cards(assessment, naming, graph_page)
    anchors = found.anchors
    return (
        page_environment()
        .get_template("report.html.j2")
        .render(
            policy=verbatim(security_policy(style, ())),
            style=verbatim(style),
            words=words(),
            organization=clip(assessment.organization, 120) or "No organization named",
            as_of=day(assessment.as_of),
            as_of_source=clip(assessment.as_of_source, 60),
            commitments=assessment.commitments,
            graph_page=graph_page,
            tally=counts,
            sentence=answering.sentence(counts),
            issues=[_clipped(issue) for issue in assessment.issues],
            complete=bool(assessment.coverage.get("complete")),
            matrix=matrix(assessment, naming, found.rows, found.places),
            cards=found,
            paths_left_out=assessment.paths_left_out,
            controls=controls(assessment, naming, anchors),
            cutting=cutting(assessment, naming),
            coverage=coverage(assessment, naming),
            population=totals(assessment.population),
            people=totals(assessment.people),
            roster=roster(assessment, anchors),
            everyone=len(assessment.identities),
            questions=questions(assessment),
            systems=systems(assessment, naming, anchors),
            rotation=rotation(assessment, naming),
            findings=findings(assessment, naming),
            provenance=made(assessment),
        )
    )


def _clipped(issue: ScopeIssue) -> ScopeIssue:
    texts = {name: clip(getattr(issue, name), 300) for name in ("target", "problem", "advice")}
    return replace(issue, artifact=clip(issue.artifact, 120), **texts)
