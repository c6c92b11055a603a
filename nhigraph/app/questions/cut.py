"""What a person asks to cut, as nodes and states."""

from collections.abc import Sequence

from nhigraph.app.judged import Judged
from nhigraph.app.questions import names
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.errors import UsageError
from nhigraph.schema.types import State
from nhigraph.trace.product import Closure

#: Words of the command line for the ways that count.
WAYS = {"may": Closure.MAY, "can": Closure.CAN, "open": Closure.OPEN}
#: A whole family of targets.
FAMILIES = {"soc1": "financial-reporting", "soc2": "trust-service"}


def asked(
    judged: Judged,
    targets: Sequence[str],
    identities: Sequence[str],
    states: Sequence[str],
    ways: str,
) -> Asked:
    """What nobody shall reach, as a person names it.

    Args:
        judged: The estate.
        targets: Nodes or targets by key, name or an unambiguous part of it; ``soc1`` or ``soc2``
            for every target of that family.
        identities: Who shall not reach them; by default the whole population.
        states: What they shall not hold there; by default all that harms.
        ways: One of ``WAYS``.

    Raises:
        UsageError: A name fits nothing, or several things; a target that nothing supports.
    """
    nodes: list[int] = []
    for text in targets:
        nodes += _family(judged, text) if text in FAMILIES else [_node(judged, text)]
    walkers = [names.find_walker(judged, text)[0] for text in identities]
    wanted = frozenset(State[word.upper()] for word in states)
    return Asked(sorted(set(nodes)), wanted, WAYS[ways], sorted(set(walkers)) or None)


def _family(judged: Judged, word: str) -> list[int]:
    graph = judged.estate.graph
    keys = [t.key for t in judged.estate.targets if t.family == FAMILIES[word]]
    found = [node for key in keys if (node := graph.node_id(key)) is not None]
    if not found:
        raise UsageError(f"the scope has no target of the family {FAMILIES[word]}")
    return found


def _node(judged: Judged, text: str) -> int:
    key, node = names.find_goal(judged, text)
    if node is None:
        raise UsageError(
            f"{key}: no node supports this target, so nothing leads to it that could be cut; "
            "`nhigraph scope check` says why"
        )
    return node
