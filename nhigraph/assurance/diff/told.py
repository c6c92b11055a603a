"""Answers of an estate as their readers see them."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.diff.answers import ITSELF, Pair, Told
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rows import VerdictRow
from nhigraph.assurance.verdict_rows import VerdictRows


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
    yield from of_rows(rows(analysis).verdicts)
    yield from of_itself(analysis, analysis.walkers)


def of_rows(verdicts: Iterable[VerdictRow]) -> Iterator[tuple[Pair, Told]]:
    """Answers that rows give; rows that say the same share one."""
    rows = VerdictRows.of(verdicts)
    sorts = [(row.target, _said(row)) if row.told else None for row in rows.sorts]
    for who, sort in zip(rows.who.tolist(), rows.sort.tolist(), strict=True):
        said = sorts[sort]
        if said is not None:
            yield (rows.keys[who], said[0]), said[1]


def _said(row: VerdictRow) -> Told:
    said = (row.verdict, row.soc1, row.soc2, row.soc2_outside, row.exposure)
    return Told(*said, row.certainty, row.assertions, row.icfr_basis)


def of_itself(analysis: Analysis, nodes: Iterable[int]) -> Iterator[tuple[Pair, Told]]:
    """What weaknesses of their own say of some identities, whatever they reach."""
    estate = analysis.estate
    for node in nodes:
        if estate.in_boundary(node) and analysis.own_gives(node):
            yield (estate.graph.key_list[node], ITSELF), _of_itself(estate)


def _of_itself(estate: Estate) -> Told:
    if "S" in estate.commitments:
        return Told("soc2", "none", ("S",), (), "open")
    if "S" in estate.doubted:
        return Told(UNDETERMINED, "none", (UNDETERMINED,), (), UNDETERMINED)
    return Told(soc2_outside=("S",))
