"""Everybody who is imagined for an assessment, traced together: most of that costs once."""

from collections.abc import Sequence

from nhigraph.app.judged import Judged
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.planted import Imagined
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.rotation.credentials import Credentials
from nhigraph.assurance.rotation.thieves import thief
from nhigraph.assurance.which.planting import imagined
from nhigraph.assurance.which.subjects import Subject, subjects
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Everybody:
    """Whom an assessment imagines: takers of subjects, then knowers of credentials.

    Attributes:
        subjects: Every subject.
        held: Numbers of the subjects that somebody holds.
        credentials: Every credential.
        imagined: What each holds: a taker for each of ``held``, then a knower per credential.
    """

    subjects: list[Subject]
    held: Sequence[int]
    credentials: Credentials
    imagined: Sequence[Imagined]


@dataclass(frozen=True, slots=True)
class Takers:
    """Whoever has taken over each subject that lives.

    Attributes:
        subjects: Every subject.
        held: Numbers of those that somebody holds.
        planted: Whoever does, in that order.
    """

    subjects: list[Subject]
    held: Sequence[int]
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


def everybody(judged: Judged) -> Everybody:
    """Imagine them all, for an analysis of the estate to have beside its walkers."""
    found = subjects(judged.estate, judged.resolved.bounded)
    held = imagined(judged.estate, found)
    credentials = Credentials(judged.estate)
    known = (thief(credentials, node) for node in credentials.nodes)
    return Everybody(found, [*held], credentials, [*held.values(), *known])


def takers_and_knowers(who: Everybody, analysis: Analysis) -> tuple[Takers, Knowers]:
    """What comes of them.

    Args:
        who: They.
        analysis: That of their estate, which has them beside its walkers.
    """
    planted, many = Planted(analysis), len(who.held)
    return (
        Takers(who.subjects, who.held, planted.part(0, many)),
        Knowers(who.credentials, planted.part(many, len(who.imagined))),
    )
