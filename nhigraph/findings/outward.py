"""Who can send something out: to a vendor that it belongs to, or to what lies outside.

What lies outside is data, a stream, a system: to act as somebody outside sends nothing there.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.reached import reached
from nhigraph.schema import kinds
from nhigraph.schema.types import State

#: What is written to a thing outside leaves; reading or stopping it carries nothing there.
_SENDING = (State.CONTROL, State.ALTER)
_OUT = ("outside", "carve_out")


def ways_out(estate: Estate, identities: Sequence[int]) -> Mapping[int, str]:
    """Identities that can, to words that say where to.

    Args:
        estate: The estate.
        identities: Living ones that are asked about.
    """
    graph = estate.graph
    found = {n: "to its vendor" for n in identities if graph.props(n).get("vendor")}
    actors = graph.of_kind([k.label for k in kinds.NODE_KINDS.values() if k.actor])
    out = np.isin(estate.boundary, _OUT) & estate.alive & ~actors
    beyond = np.flatnonzero(out).tolist()
    left = [node for node in identities if node not in found]
    if not beyond or not left:
        return found
    there = reached(estate, left, [(node, _SENDING) for node in beyond])
    for node, lanes in zip(beyond, there, strict=True):
        for walker in (left[lane] for lane in lanes.tolist()):
            if walker != node:
                found.setdefault(walker, f"to {graph.key_list[node]}")
    return found
