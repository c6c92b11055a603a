"""Everybody who is imagined for an assessment, traced together: most of that costs once."""

from dataclasses import dataclass

from nhigraph.app.judged import Judged
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.rotation.credentials import Credentials
from nhigraph.assurance.rotation.thieves import thief
from nhigraph.assurance.which.planting import imagined
from nhigraph.assurance.which.subjects import Subject, subjects


@dataclass(frozen=True, slots=True)
class Takers:
    """Whoever has taken over each subject that lives.

    Attributes:
        subjects: Every subject.
        planted: They, in the order of their subjects.
    """

    subjects: list[Subject]
    planted: Planted


@dataclass(frozen=True, slots=True)
class Knowers:
    """Whoever knows the value of each credential.

    Attributes:
        credentials: Every credential.
        planted: They, in the order of the credentials.
    """

    credentials: Credentials
    planted: Planted


def takers_and_knowers(judged: Judged, analysis: Analysis) -> tuple[Takers, Knowers]:
    """Imagine and trace them all.

    Args:
        judged: The estate.
        analysis: That of the estate.
    """
    found = subjects(judged.estate, judged.resolved.bounded)
    credentials = Credentials(judged.estate)
    held = [*imagined(judged.estate, found).values()]
    known = [thief(credentials, node) for node in credentials.nodes]
    planted, many = Planted(analysis, [*held, *known]), len(held)
    return (
        Takers(found, planted.part(0, many)),
        Knowers(credentials, planted.part(many, many + len(known))),
    )
