"""Identities that have the same to be said of them, but for their names and first steps."""

from collections.abc import Sequence

from nhigraph.assurance.rows import Assessment, IdentityRow, PathStep, VerdictRow
from nhigraph.output import card_id, clip, to_node
from nhigraph.output.report_html.matrix import ALIKE
from nhigraph.output.report_html.naming import Naming, short_key
from nhigraph.output.report_html.steps import Step
from nhigraph.output.report_html.telling import Telling
from nhigraph.output.report_html.ways import apart, shown
from nhigraph.records import dataclass

#: Own steps of a member that are printed, twice this.
_ENDS = 3


@dataclass(frozen=True, slots=True)
class Member:
    """An identity that shares the card of another.

    Attributes:
        anchor: Id of its line.
        link: To its node in the drawing; empty for none.
        steps: Its steps before it goes on as the first one.
        more_steps: How many of these are left out.
        joins: Number of the first one's step that comes next; 0 where nothing is shared.
        path_id: Id of its path in paths.csv; empty where none is printed.
    """

    name: str
    key: str
    anchor: str
    owner: str
    link: str
    steps: tuple[Step, ...]
    more_steps: int
    joins: int
    path_id: str


def groups(
    assessment: Assessment,
    telling: Sequence[IdentityRow],
    rows: Telling,
) -> list[list[IdentityRow]]:
    """Identities that share a card, in the order of the first of each.

    Args:
        assessment: What was answered.
        telling: Identities with something to show, worst first.
        rows: Rows that say something, by identity.
    """
    alike: dict[object, list[IdentityRow]] = {}
    for row in telling:
        alike.setdefault(_same(assessment, row, rows), []).append(row)
    at = {row.identity: number for number, row in enumerate(telling)}
    found = [
        many
        for group in alike.values()
        for many in ([group] if len(group) >= ALIKE else [[one] for one in group])
    ]
    return sorted(found, key=lambda many: at[many[0].identity])


def member(
    assessment: Assessment,
    naming: Naming,
    row: IdentityRow,
    path: Sequence[PathStep],
    own: Sequence[PathStep],
    graph_page: str,
) -> Member:
    """One line of a card.

    Args:
        assessment: What was answered.
        naming: Names of the page.
        row: Whose line it is.
        path: The path that the card shows.
        own: That of this identity.
        graph_page: Name of the drawing; empty for none.
    """
    before, joins = apart(path, own)
    steps, more = shown(assessment, naming, before, _ENDS)
    return Member(
        naming.name(row.identity),
        short_key(row.identity),
        card_id(row.identity),
        clip(row.owner, 60),
        to_node(graph_page, row.identity),
        steps,
        more,
        joins,
        own[0].path_id if own else "",
    )


def _same(assessment: Assessment, row: IdentityRow, rows: Telling) -> object:
    """Whatever the card says but for names, first steps and how many steps there are."""
    gaps = tuple(
        ("" if key == row.identity else key, assessment.gap_reasons.get(key, ()))
        for key in row.gaps
    )
    said = rows.said(row.identity)
    of_row = (row.kind, row.verdict, row.exposure, row.boundary, row.icfr_basis, row.weaknesses)
    open_ = row.exposure == "undetermined"
    waiting = _gates(assessment, rows.get(row.identity, ())) if open_ else ()
    return of_row, row.soc1, row.soc2, row.soc2_outside, gaps, said, waiting


def _gates(assessment: Assessment, rows: Sequence[VerdictRow]) -> tuple[str, ...]:
    """Controls on the path that the card shows: what is not told of them is said there."""
    paths = assessment.paths
    path = next((paths[r.path_id] for r in rows if r.path_id and r.path_id in paths), ())
    return tuple(dict.fromkeys(step.gate for step in path if step.gate))
