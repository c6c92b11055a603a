"""What a memo on one subject, and the buyers' view of a vendor, are made from."""

from collections.abc import Sequence

from nhigraph.app.judged import Judged
from nhigraph.app.questions.rows import gap_reasons
from nhigraph.assurance import asked, certainty
from nhigraph.assurance.controls import control_rows, sentence
from nhigraph.assurance.reached import population_reaches_a_gap
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import ControlRow, Target
from nhigraph.assurance.which import judge
from nhigraph.assurance.which.answer import reached
from nhigraph.assurance.which.vendor import Left, cover, left_to_us, questions_to_put
from nhigraph.assurance.which_rows import CoverRow, WhichRow
from nhigraph.output import counted, lost, words
from nhigraph.output.memo import Side, Told
from nhigraph.version import __version__

#: Lines about the scope that a memo has room for.
_LINES = 5


def told(judged: Judged, row: WhichRow, one: judge.Judged) -> Told:
    """Everything that a memo says of a subject.

    Args:
        judged: The estate.
        row: The subject's row.
        one: What was found of it, every path with it.
    """
    estate = judged.estate
    rows = sorted(reached(one), key=worst_first)
    controls = _controls(judged, one)
    covered, left, questions = buyers_view(judged, row, one)
    books, promises = asked.why_no_books(estate.targets), asked.why_no_promise(*_promised(judged))
    return Told(
        organization=estate.organization,
        as_of=judged.date.day,
        row=row,
        verdicts=rows,
        paths=one.paths,
        targets={target.key: target for target in estate.targets},
        names=_names(judged, one, left),
        books=Side(certainty.on_books(one.row, one.verdicts), books) if one.row else Side(),
        trust=Side(certainty.on_trust(one.row, one.verdicts), promises) if one.row else Side(),
        basis=one.row.icfr_basis if one.row else "",
        reasons=gap_reasons(estate, row.gaps),
        controls=controls,
        notes={each.gate: sentence(estate, each) for each in controls},
        covered=covered,
        left=left,
        asked=questions,
        unseen=_unseen(judged),
        unjudged=asked.not_judged(*_promised(judged)),
        foot=(_made(judged),),
    )


def _promised(judged: Judged) -> tuple[Sequence[Target], Sequence[str], Sequence[str]]:
    estate = judged.estate
    return estate.targets, estate.commitments, estate.doubted


def _made(judged: Judged) -> str:
    """What a memo was made by, of which day and of which graph."""
    of = f"as of {judged.date.day} ({judged.date.source})"
    return f"nhigraph {__version__}; {of}; graph {judged.digest or 'not stored'}."


def buyers_view(
    judged: Judged, row: WhichRow, one: judge.Judged
) -> tuple[list[CoverRow], list[Left], list[str]]:
    """What a vendor's reports must cover, what these leave to us, and what to ask.

    All empty for a subject that is no vendor and lies in no carve-out.
    """
    if row.kind != "vendor" and not {"carve_out", "inclusive"} & set(row.boundary):
        return [], [], []
    covered = cover(judged.estate, one)
    titles = dict(words()["assertion"])
    titles |= {code: text.lower() for code, text in words()["category"].items()}
    titles["general_it_controls"] = "general IT controls"
    return covered, left_to_us(judged.estate, one), questions_to_put(row, covered, titles)


def _controls(judged: Judged, one: judge.Judged) -> list[ControlRow]:
    """Controls on its paths."""
    gates = {step.gate for steps in one.paths.values() for step in steps if step.gate}
    if not gates:
        return []
    return [row for row in control_rows(judged.estate, gates, {}) if row.gate in gates]


def _names(judged: Judged, one: judge.Judged, left: Sequence[Left]) -> dict[str, str]:
    graph = judged.estate.graph
    keys = {
        key
        for steps in one.paths.values()
        for step in steps
        for key in (step.source, step.target, *(at for _, at in step.needs))
    }
    keys |= {key for each in left for key in each.about}
    keys |= set(one.row.gaps) if one.row else set()
    found = {key: node for key in keys if (node := graph.node_id(key)) is not None}
    return {key: str(graph.nodes["name"].iat[node] or key) for key, node in found.items()}


def _unseen(judged: Judged) -> list[str]:
    """What was lost, and what of the scope stands for nothing."""
    lines = [f"{lost(judged.unread)}."] if judged.unread else []
    lines += [issue.sentence for issue in judged.scope_errors[:_LINES]]
    more = len(judged.scope_errors) - _LINES
    told = counted(more, "more error", "more errors")
    lines += [f"and {told} of the scope"] if more > 0 else []
    if population_reaches_a_gap(judged.estate):
        lines.append("Some identities reach a gap: whether they alter it, too, is not known.")
    if judged.estate.doubted:
        doubted = ", ".join(judged.estate.doubted)
        lines.append(f"Whether {doubted} was promised could not be read from the scope.")
    return lines
