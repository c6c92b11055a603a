"""diff.html: what differs between two snapshots, as one static page without a script.

Answers that changed come first, each under what explains it; then all else that differs; then
what both sides rest on.
"""

from nhigraph.assurance.diff.rows import Basis, DiffReport
from nhigraph.output import (
    clip,
    counted,
    day,
    lost,
    page_environment,
    page_file,
    security_policy,
    verbatim,
    words,
)
from nhigraph.output.diff_html.changes import (
    causes,
    more_causes,
    opened,
    others,
    unexplained,
)

__all__ = ["render"]


def render(report: DiffReport) -> str:
    """The whole page; the same comparison gives the same bytes."""
    style = page_file("theme.css") + page_file("report.css") + page_file("diff.css")
    differing = report.differing
    verdicts = [row for row in differing.rows if row.what == "verdict"]
    turns = {name: sum(row.turn == name for row in verdicts) for name in words()["turn"]}
    return (
        page_environment()
        .get_template("diff.html.j2")
        .render(
            policy=verbatim(security_policy(style, ())),
            style=verbatim(style),
            words=words(),
            organization=clip(report.organization, 120) or "No organization named",
            before=day(report.before.as_of),
            after=day(report.after.as_of),
            verdicts=len(verdicts),
            turns=turns,
            sentence=_sentence(report, len(verdicts)),
            before_said=_dated("Before", report.before, report.after),
            after_said=_dated("Now", report.after, report.before),
            opened=opened(report),
            causes=causes(report),
            more_causes=more_causes(report),
            unexplained=unexplained(report),
            others=others(report),
            unseen=_unseen(report),
            basis=_basis(report.before, report.after),
        )
    )


def _sentence(report: DiffReport, verdicts: int) -> str:
    """The answer of the page, in words."""
    differing = report.differing
    if not differing.rows:
        return "Nothing differs between these two."
    if not verdicts:
        return "Things differ, and no answer changed."
    explained = verdicts - differing.unexplained
    told = counted(len(differing.causes), "cause")
    does = "explains" if len(differing.causes) == 1 else "explain"
    all_ = "all of them" if explained == verdicts else f"{explained:,} of them"
    if verdicts == 1:
        all_ = "it" if explained else "none of it"
    return f"{counted(verdicts, 'answer')} changed; {told} {does} {all_}."


def _dated(word: str, one: Basis, other: Basis) -> str:
    """The head of a side: its day, where that tells it from the other."""
    return word if one.as_of == other.as_of else f"{word}, {day(one.as_of)}"


def _unseen(report: DiffReport) -> list[str]:
    """What of each side was not seen."""
    found = []
    for name, one in (("Before", report.before), ("Now", report.after)):
        parts = [lost(one.unread)] if one.unread else []
        if one.gaps:
            hold = "holds" if one.gaps == 1 else "hold"
            place = counted(one.gaps, "place")
            parts.append(f"{place} {hold} something not understood or missing")
        if one.errors:
            parts.append(f"the scope has {counted(one.errors, 'error')}")
        if parts:
            found.append(f"{name}: {'; '.join(parts)}.")
    return found


def _basis(before: Basis, after: Basis) -> list[tuple[str, str, str]]:
    """What both sides rest on, line by line."""
    sides = (before, after)
    source = words()["as_of_source"]
    lines = [
        ("As of", *(f"{day(one.as_of)}, {_known(source, one.as_of_source)}" for one in sides)),
        ("Documents read", *(f"{one.documents:,}" for one in sides)),
        ("Not read", *(lost(one.unread) or "nothing" for one in sides)),
        ("Places with something not understood or missing", *(f"{one.gaps:,}" for one in sides)),
        ("Errors in the scope", *(f"{one.errors:,}" for one in sides)),
    ]
    return [(name, one, other) for name, one, other in lines]


def _known(group: dict[str, str], code: str) -> str:
    return group.get(code) or clip(code, 60)
