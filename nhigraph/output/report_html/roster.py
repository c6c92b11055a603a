"""Every identity, the worst first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nhigraph.assurance.rows import Assessment, IdentityRow
from nhigraph.assurance.verdict import EXPOSURES, VERDICTS
from nhigraph.output import card_id, clip, spaced
from nhigraph.output.report_html.lines import said_at

#: Lines that are printed on paper.
_PRINTED = 400


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One identity of the whole list.

    Attributes:
        link: Id of its card; empty where it has none.
        anchor: Id of the line itself, where no card names the identity.
        late: It stands on the screen only.
    """

    name: str
    key: str
    link: str
    anchor: str
    kind: str
    owner: str
    verdict: str
    answer: str
    exposure: str
    targets: int
    late: bool


def order(rows: Iterable[IdentityRow]) -> list[IdentityRow]:
    """Worst first: by exposure, then verdict, then soc1, then key."""
    return sorted(
        rows,
        key=lambda row: (
            row.verdict == "neither",
            EXPOSURES.index(row.exposure),
            VERDICTS.index(row.verdict),
            row.soc1 != "direct",
            row.identity,
        ),
    )


def roster(assessment: Assessment, anchors: Mapping[str, str]) -> tuple[RosterLine, ...]:
    """Every identity.

    Args:
        assessment: What was answered.
        anchors: Identity to the id of its card.
    """
    return tuple(
        RosterLine(
            name=clip(row.name or row.identity, 80),
            key=clip(row.identity, 120),
            link=anchors.get(row.identity, ""),
            anchor="" if anchors.get(row.identity) == own else own,
            kind=spaced(row.kind),
            owner=clip(row.owner, 60),
            verdict=row.verdict,
            answer=said_at(row.soc1, row.soc2, row.soc2_outside),
            exposure=row.exposure,
            targets=len(row.targets),
            late=at >= _PRINTED,
        )
        for at, row in enumerate(order(assessment.identities))
        for own in [card_id(row.identity)]
    )
