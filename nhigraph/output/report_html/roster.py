"""Identities line by line, the worst first."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from nhigraph.assurance.listed import listed
from nhigraph.assurance.rows import Assessment
from nhigraph.output import card_id, clip, page_environment, spaced, words
from nhigraph.output.report_html.lines import said_at
from nhigraph.records import dataclass

if TYPE_CHECKING:
    from markupsafe import Markup

#: Lines that are printed on paper.
_PRINTED = 400


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One identity of the list.

    Attributes:
        link: Id of its card; empty where it has none.
        anchor: Id of the line itself, where no card names the identity.
        told: Cells of its verdict and exposure; many have the same.
        late: It stands on the screen only.
    """

    name: str
    key: str
    link: str
    anchor: str
    kind: str
    owner: str
    told: "Markup"
    targets: int
    late: bool


def roster(assessment: Assessment, anchors: Mapping[str, str]) -> tuple[RosterLine, ...]:
    """Every identity, or the worst where there are too many for a page.

    Args:
        assessment: What was answered.
        anchors: Identity to the id of its card.
    """
    cells = vars(page_environment().get_template("report_parts.html.j2").module)["told"]
    told = cache(lambda verdict, answer, exposure: cells(words(), verdict, answer, exposure))
    return tuple(
        RosterLine(
            name=clip(row.name or row.identity, 80),
            key=clip(row.identity, 120),
            link=anchors.get(row.identity, ""),
            anchor="" if anchors.get(row.identity) == own else own,
            kind=spaced(row.kind),
            owner=clip(row.owner, 60),
            told=told(row.verdict, said_at(row.soc1, row.soc2, row.soc2_outside), row.exposure),
            targets=len(row.targets),
            late=at >= _PRINTED,
        )
        for at, row in enumerate(listed(assessment.identities))
        for own in [card_id(row.identity)]
    )
