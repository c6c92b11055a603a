"""The fewest credentials to rotate, so that no long-lived or exposed one does harm.

Which these are, and why the set is the smallest, stands in the package's docstring.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.planted import FirstSteps
from nhigraph.assurance.rotation.credentials import Credentials
from nhigraph.assurance.rotation.thieves import Stolen, Thieves, planted_thieves, thief
from nhigraph.assurance.rotation_rows import Fewest
from nhigraph.assurance.walk import Ground
from nhigraph.schema import kinds
from nhigraph.schema.types import State
from nhigraph.trace.lanes import bits
from nhigraph.trace.product import Closure, state_id

#: Whether a credential does harm on a side, and whether that is not known.
Harms = Callable[[Stolen], bool]
HARMS: Mapping[str, tuple[Harms, Harms]] = {
    "soc1": (
        lambda one: one.row.soc1 in {"direct", "indirect"},
        lambda one: one.row.soc1 == UNDETERMINED,
    ),
    "soc2": (
        lambda one: bool(one.row.soc2) and UNDETERMINED not in one.row.soc2,
        lambda one: UNDETERMINED in one.row.soc2,
    ),
}


def fewest(
    credentials: Credentials,
    stolen: Mapping[int, Stolen],
    order: Sequence[str],
    until: str = "soc1",
) -> Fewest:
    """The smallest set, searched again without it.

    Args:
        credentials: Those of an estate.
        stolen: What comes of each that somebody knows.
        order: Their keys, first to rotate first.
        until: What none shall do that is long-lived or exposed; one of ``HARMS``.
    """
    harms, unknown = HARMS[until]
    urgent = [node for node in credentials.nodes if credentials.urgent(node)]
    harming = [node for node in urgent if harms(stolen[node])]
    rotate = _originals(credentials, harming, harms)
    parted = _without_copies(credentials, rotate)
    if parted is not None:
        # Without copies the thieves of the others were searched as they are now.
        while left := _still(parted, credentials, set(urgent) - rotate, harms):
            rotate |= left
    unaged = [
        node
        for node in credentials.nodes
        if not credentials.urgent(node) and credentials.age(node) is None
    ]
    undecided = [node for node in (*urgent, *unaged) if unknown(stolen[node])]
    ageless = [node for node in unaged if harms(stolen[node])]
    keys = credentials.estate.graph.key_list

    def named(nodes: Collection[int]) -> tuple[str, ...]:
        found = {keys[node] for node in nodes}
        return tuple(key for key in order if key in found)

    copies = set(harming) - rotate
    return Fewest(until, named(rotate), named(copies), named(undecided), named(ageless))


def _originals(credentials: Credentials, harming: Sequence[int], harms: Harms) -> set[int]:
    """Of those that do harm, all but the mere copies of others.

    A mere copy does none where no value comes from any of the others, and holds nothing then but
    values: who could act as somebody could come by a new value, too.
    """
    parted = _without_copies(credentials, harming)
    if parted is None:
        return set(harming)
    found = Thieves(planted_thieves(parted, credentials, harming), harming).found
    idle = [node for node in harming if not harms(found[node])]
    return set(harming) - (set(idle) - _acting(parted, credentials, idle))


def _still(
    estate: Estate, credentials: Credentials, left: Collection[int], harms: Harms
) -> set[int]:
    """Of those that are left, the ones that do harm although the others were rotated."""
    nodes = sorted(left)
    found = Thieves(planted_thieves(estate, credentials, nodes), nodes).found if nodes else {}
    return {node for node, one in found.items() if harms(one)}


def _without_copies(credentials: Credentials, of: Collection[int]) -> Estate | None:
    """The estate in which no credential has the value of some; None where none has."""
    estate, edges = credentials.estate, credentials.estate.graph.edges
    copied = np.isin(edges["src"].to_numpy(), sorted(of)) & estate.in_force
    copied &= edges["kind"].to_numpy(dtype=object) == kinds.FEEDS.label
    copied &= np.isin(edges["dst"].to_numpy(), credentials.nodes)
    gone = frozenset(np.flatnonzero(copied).tolist())
    return replace(estate, dropped=estate.dropped | gone) if gone else None


def _acting(estate: Estate, credentials: Credentials, nodes: Sequence[int]) -> set[int]:
    """Credentials whose thief can act as anybody."""
    if not nodes:
        return set()
    first = FirstSteps(estate, [thief(credentials, node) for node in nodes])
    ground = Ground(estate, None, len(nodes))
    found: set[int] = set()
    for walk in ground.walks(range(len(nodes)), (Closure.MAY,), first.of):
        may, lanes = walk.reach[Closure.MAY], 0
        for node in range(ground.product.nodes):
            lanes |= may.lanes(state_id(node, State.CONTROL))
        found |= {nodes[walk.walkers[lane]] for lane in bits(lanes)}
    return found
