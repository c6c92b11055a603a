"""What a person asks to cut, as nodes and states."""

from collections.abc import Sequence

from nhigraph.app.judged import Judged
from nhigraph.app.questions import names
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.lacking import lack
from nhigraph.assurance.rows import Target
from nhigraph.errors import UsageError
from nhigraph.schema import kinds
from nhigraph.schema.types import Family
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
        UsageError: A name fits nothing, or several things; a target that nothing supports; a word
            that is none of these.
    """
    if not targets:
        raise UsageError("name what nobody shall reach: a target, a node, soc1 or soc2")
    if ways not in WAYS:
        raise UsageError(f"ways: expected one of {', '.join(WAYS)}, not {ways!r}")
    nodes: list[int] = []
    for text in targets:
        nodes += _family(judged, text) if text in FAMILIES else [_node(judged, text)]
    walkers = [_walker(judged, text) for text in identities]
    wanted = frozenset(names.state_of(word) for word in states)
    who = sorted(set(walkers)) or None
    return Asked(sorted(set(nodes)), wanted, WAYS[ways], who, _unsupported(judged, targets))


def _walker(judged: Judged, text: str) -> int:
    """Whoever acts, or knows a credential: what cannot hold anything reaches nothing."""
    graph = judged.estate.graph
    node, _ = names.find_walker(judged, text)
    kinds_of = [kinds.NODE_KINDS[label] for label in graph.kinds(node)]
    if judged.estate.nhi[node] or any(
        kind.actor or kind.family is Family.CREDENTIAL for kind in kinds_of
    ):
        return node
    key = graph.key_list[node]
    near = names.near_identities(judged, text)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `nhigraph population` lists them"
    raise UsageError(
        f"--identity {text!r}: {key} is a {graph.kind_list[node]}, and no identity{hint}"
    )


def _unsupported(judged: Judged, targets: Sequence[str]) -> tuple[str, ...]:
    """Targets of the families asked for that nothing supports."""
    asked_for = {FAMILIES[text] for text in targets if text in FAMILIES}
    return tuple(t.key for t in judged.estate.targets if t.dead and t.family in asked_for)


def _family(judged: Judged, word: str) -> list[int]:
    graph = judged.estate.graph
    ours = [t for t in judged.estate.targets if t.family == FAMILIES[word]]
    nodes = (graph.node_id(t.key) for t in ours if not t.dead)
    found = [node for node in nodes if node is not None]
    if ours and not found:
        raise UsageError("; ".join(_dead(t) for t in ours))
    if not found:
        raise UsageError(f"the scope has no target of the family {FAMILIES[word]}")
    return found


def _node(judged: Judged, text: str) -> int:
    key, node = names.find_goal(judged, text)
    dead = [t for t in judged.estate.targets if t.key == key and t.dead]
    if dead:
        raise UsageError(_dead(dead[0]))
    if node is None:
        raise UsageError(f"{key}: no input describes it, so nothing leads to it")
    return node


def _dead(target: Target) -> str:
    """Why there is nothing to cut at a target."""
    lost = f"{target.key} was {lack(target)}, so nothing leads to it that could be cut"
    return f"{lost}: {target.refused}" if target.refused else lost
