"""Whether what an answer rests on is complete."""

from nhigraph.app.judged import Judged
from nhigraph.assurance.walk import population_reaches_a_gap


def complete(judged: Judged, *, reached: bool = False) -> bool:
    """Whether nothing is open that an answer could turn on (FORMATS, *complete*).

    Args:
        judged: What is asked about.
        reached: Whoever is asked about reaches a gap.

    Returns:
        False for an unread document, a refused record, a scope error, a target that nothing
        stands for, or a gap that is reached, by an identity of the population or by whoever is
        asked about. An optional export that is absent leaves the answer complete.
    """
    return judged.complete and not reached and not population_reaches_a_gap(judged.estate)
