"""Answers of an estate as their readers see them."""

from collections.abc import Collection, Iterator, Mapping

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.diff.answers import ITSELF, Pair, Told
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED


def told(estate: Estate, identities: Collection[str] | None = None) -> Mapping[Pair, Told]:
    """Every answer of an estate.

    Args:
        estate: The estate.
        identities: Keys of those whose answers are wanted; by default all of the population.
    """
    return dict(_told(estate, identities))


def _told(estate: Estate, identities: Collection[str] | None) -> Iterator[tuple[Pair, Told]]:
    keys = estate.graph.key_list
    walkers = [
        node for node in estate.identities if identities is None or keys[node] in identities
    ]
    analysis = Analysis(estate, walkers, gated=False)
    for row in rows(analysis).verdicts:
        if row.told:
            said = (row.verdict, row.soc1, row.soc2, row.soc2_outside, row.exposure)
            more = (row.certainty, row.assertions, row.icfr_basis)
            yield (row.identity, row.target), Told(*said, *more)
    for node in analysis.walkers:
        if estate.in_boundary(node) and analysis.own_gives(node):
            yield (keys[node], ITSELF), _of_itself(estate)


def _of_itself(estate: Estate) -> Told:
    """What a weakness of an identity's own says of it, whatever it reaches."""
    if "S" in estate.commitments:
        return Told("soc2", "none", ("S",), (), "open")
    if "S" in estate.doubted:
        return Told(UNDETERMINED, "none", (UNDETERMINED,), (), UNDETERMINED)
    return Told(soc2_outside=("S",))
