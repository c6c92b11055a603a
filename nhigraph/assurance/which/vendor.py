"""The buyers' view: what a vendor's report must cover for us, and what it leaves to us.

A report of somebody else answers for the assertions and categories that their service bears on
here, and assumes controls of ours (complementary user-entity controls, AT-C 320 and DC 200). Which
these are, the graph shows: the rights that we gave them, the credentials of theirs that we keep,
what they deliver into our records, what of ours they may stop or read.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rows import VerdictRow
from nhigraph.assurance.which import evidence
from nhigraph.assurance.which.answer import reached
from nhigraph.assurance.which.judge import Judged
from nhigraph.assurance.which_rows import CoverRow, WhichRow
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.controls import CATEGORIES
from nhigraph.schema.types import Effect

_PROVEN = {"direct", "indirect"}
#: Effects by which somebody was given something.
_GIVEN = frozenset(kinds.REMOVABLE) - {Effect.REVEAL}
#: Letters to the control of ours that a vendor's report assumes.
_OF_LETTER = {
    "S": "actions_we_watch",
    "A": "outage_we_survive",
    "PI": "deliveries_we_reconcile",
    "C": "data_we_hand_over",
    "P": "data_we_hand_over",
}


@dataclass(frozen=True, slots=True)
class Left:
    """A control of ours that a vendor's report assumes.

    Attributes:
        control: A word of ``evidence``.
        about: Keys of what it is about, in reading order; an edge kind between two of them.
        artifact: Where that is said; empty where a verdict says it.
        pointer: Place in it.
        line: Line there; 0 where it has none.
    """

    control: str
    about: tuple[str, ...]
    artifact: str = ""
    pointer: str = ""
    line: int = 0


def cover(estate: Estate, one: Judged) -> list[CoverRow]:
    """What a vendor's reports must cover, the books first, each of our targets by itself.

    Where it could not be decided a row says so: of a target, or of all others (``*``).
    """
    process = {target.key: target.process for target in estate.targets}
    rows: list[CoverRow] = []
    for row in (row for row in one.verdicts if row.verdict != "neither"):
        path = one.paths.get(row.target, ())
        for report, covers, words in _asked(row):
            rows.append(
                CoverRow(
                    one.subject.key,
                    report,
                    covers,
                    row.target,
                    process.get(row.target, ""),
                    row.soc1,
                    row.exposure,
                    row.certainty,
                    words,
                    evidence.identifiers(
                        words, (), books=report == "SOC 1", trust=report == "SOC 2"
                    ),
                    path[0].path_id if path else "",
                )
            )
    reports = ("SOC 1", "SOC 2", "not known")
    order = [*evidence.OF_ASSERTION, "general_it_controls", *CATEGORIES, ""]
    return sorted(rows, key=lambda r: (reports.index(r.report), order.index(r.covers), r.target))


def _asked(row: VerdictRow) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Report, what it must cover, and what to ask for, of one target."""
    theirs = ("complementary_user_entity_controls", "bridge_letter")
    if row.soc1 in _PROVEN:
        # A key report is ours (R5): whether it is complete is no matter of theirs.
        more = [evidence.OF_RULE[r] for r in row.rules if r in evidence.OF_RULE and r != "R5"]
        for name in row.assertions:
            words = evidence.in_order([evidence.OF_ASSERTION[name], "soc1_type2_report", *theirs])
            yield "SOC 1", name, words
        general = ["access_to_programs_and_data", *more, "soc1_type2_report", *theirs]
        yield "SOC 1", "general_it_controls", evidence.in_order(general)
    for letter in row.soc2:
        if letter in evidence.OF_CATEGORY:
            words = evidence.in_order([evidence.OF_CATEGORY[letter], "soc2_type2_report", *theirs])
            yield "SOC 2", letter, words
    if UNDETERMINED in {row.soc1, *row.soc2}:
        yield "not known", "", ("missing_input",)


def left_to_us(estate: Estate, one: Judged) -> list[Left]:
    """Controls that a vendor's report assumes of us, as far as the graph shows them."""
    found = [*_rights(estate, one.subject.nodes), *_deliveries(estate, one)]
    letters = {letter for row in reached(one) for letter in row.soc2 if letter in _OF_LETTER}
    for control in dict.fromkeys(_OF_LETTER[c] for c in CATEGORIES if c in letters):
        targets = {
            row.target
            for row in reached(one)
            if any(_OF_LETTER.get(letter) == control for letter in row.soc2)
        }
        found.append(Left(control, tuple(sorted(targets))))
    order = list(evidence.WORDS)
    return sorted(dict.fromkeys(found), key=lambda left: (order.index(left.control), left.about))


def _rights(estate: Estate, nodes: Sequence[int]) -> Iterator[Left]:
    """What we gave them, and what of theirs lies with us."""
    graph, ours = estate.graph, set(nodes)
    effect = {kind.label: kind.effect for kind in kinds.EDGE_KINDS.values()}
    ends = [graph.edges[end].to_numpy() for end in ("src", "dst")]
    theirs = np.zeros(len(graph.nodes), dtype=bool)
    theirs[list(ours)] = True
    for row in np.flatnonzero((theirs[ends[0]] != theirs[ends[1]]) & estate.in_force).tolist():
        source, target = int(ends[0][row]), int(ends[1][row])
        kind = str(graph.edges["kind"].iat[row])
        given = source in ours and effect[kind] in _GIVEN
        kept = target in ours and effect[kind] is Effect.REVEAL
        if given or kept:
            place = graph.evidence_of("edge", row)[0]
            yield Left(
                "access_we_grant" if given else "credentials_we_keep",
                (graph.key_list[source], kind, graph.key_list[target]),
                place.artifact,
                place.pointer,
                place.line,
            )


def _deliveries(estate: Estate, one: Judged) -> Iterator[Left]:
    """Where what they deliver enters our records: the first node of ours on a way to the books."""
    theirs = {estate.graph.key_list[node] for node in one.subject.nodes}
    for row in reached(one):
        if row.soc1 not in _PROVEN:
            continue
        steps = [s for s in one.paths.get(row.target, ()) if s.target not in theirs]
        if steps and steps[0].state in {"ALTER", "OMIT", "CONTROL"}:
            yield Left("deliveries_we_reconcile", (steps[0].target,))


def questions_to_put(
    row: WhichRow, covered: Iterable[CoverRow], titles: dict[str, str]
) -> list[str]:
    """What to ask a vendor, in sentences.

    Args:
        row: The vendor's row.
        covered: What their reports must cover.
        titles: Words for assertions and categories.
    """
    rows = list(covered)
    asked: list[str] = []
    for report in ("SOC 1", "SOC 2"):
        named = dict.fromkeys(r.covers for r in rows if r.report == report)
        if named:
            what = ", ".join(titles.get(name, name) for name in named)
            asked.append(
                f"Is there a {report} Type 2 report whose period reaches ours, and does it cover "
                f"{what} for the service that we use?"
            )
    if asked:
        asked += [
            "Which controls does it assume of us (complementary user-entity controls)?",
            "Whom does it carve out in turn, and whose report covers them?",
            "Which exceptions did the auditor note, and is the opinion qualified?",
            "What changed since the end of its period (bridge letter)?",
        ]
    if asked and "inclusive" in row.boundary:
        # AT-C 320 and 205: where our report includes their controls, they assert to them, too.
        asked.append(
            "Do they give the written assertion and the access to evidence that a report of ours "
            "needs which includes their controls?"
        )
    if "third_party_unassessed" in row.weaknesses:
        asked.append("When were they last assessed by us? No assessment in time was read.")
    if row.gaps:
        asked.append("What do they reach behind the places that are named as not seen?")
    return asked
