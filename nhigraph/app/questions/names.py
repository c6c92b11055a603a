"""Which node a person means."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from nhigraph.errors import UsageError
from nhigraph.facts import keys
from nhigraph.graph.named import Names
from nhigraph.schema.types import State

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged

#: How alike two names must be for one to be offered in place of the other: a letter too many or
#: too few, two changed places; not two words with a few letters in common.
_ALIKE = 0.75
_LISTED = 8


def find_walker(judged: "Judged", text: str) -> tuple[int, bool]:
    """A node to start from, and whether it was taken from several as the only identity.

    Raises:
        UsageError: None or several match; says which come close.
    """
    graph = judged.estate.graph
    population = frozenset(judged.estate.identities)
    hits = _hits(graph, text)
    chosen = [node for node in hits if node in population]
    if len(hits) > 1 and len(chosen) == 1:
        return chosen[0], True
    return find_node(graph, text, population), False


def near_identities(judged: "Judged", text: str) -> list[str]:
    """Keys of identities that a text may mean: parts of them it is, or they are written alike."""
    graph = judged.estate.graph
    population = {graph.key_list[node] for node in judged.estate.identities}
    tail = text.rsplit("/", 1)[-1].rsplit(":", 1)[-1].rsplit(".", 1)[-1].casefold()
    inside = [key for key in sorted(population) if tail and tail in key.casefold()]
    near = [*inside, *_near(graph, text.casefold()), *_near(graph, tail)]
    return [key for key in dict.fromkeys(near) if key in population][:_LISTED]


def find_goal(judged: "Judged", text: str) -> tuple[str, int | None]:
    """The key of a node or of a target, and the node; None for a target that has none.

    Raises:
        UsageError: None or several match; says which come close.
    """
    graph = judged.estate.graph
    if graph.node_id(text) is None and any(t.key == text for t in judged.estate.targets):
        return text, None
    node = find_node(graph, text)
    return graph.key_list[node], node


def find_node(graph: Names, text: str, first: Collection[int] = ()) -> int:
    """A node by key, by name, by an unambiguous part of its key, or by a number among several.

    Args:
        graph: Whose nodes.
        text: What a person wrote; ``orders~2`` is the second of those that ``orders`` could be.
        first: Nodes that are numbered before others.

    Raises:
        UsageError: None or several match; says which come close.
    """
    if not text.strip():
        raise UsageError("a name is empty: is a variable not set?")
    hits = _hits(graph, text)
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise UsageError(_several(graph, text, _ranked(hits, first)))
    asked, _, number = text.rpartition("~")
    several = _ranked(_hits(graph, asked), first) if asked and number.isdecimal() else []
    if several:
        if 0 < int(number) <= len(several):
            return several[int(number) - 1]
        raise UsageError(_several(graph, asked, several))
    near = _near(graph, text.casefold())
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise UsageError(f"no node {text!r} in this graph{hint}")


def state_of(word: str) -> State:
    """A state by its name, in any case.

    Raises:
        UsageError: It is none.
    """
    found = State.__members__.get(word.upper())
    if found is None:
        known = ", ".join(name.lower() for name in State.__members__)
        raise UsageError(f"effect: expected one of {known}, not {word!r}")
    return found


def _ranked(hits: Sequence[int], first: Collection[int]) -> list[int]:
    return sorted(hits, key=lambda node: (node not in first, node))


def _several(graph: Names, text: str, hits: Sequence[int]) -> str:
    """That a text could mean several nodes, by number, and how to say which."""
    listed = ", ".join(f"{n}) {graph.key_list[i]}" for n, i in enumerate(hits[:_LISTED], start=1))
    more = f" and {len(hits) - _LISTED} more" if len(hits) > _LISTED else ""
    which = f"; say which, such as '{text}~1'"
    return f"{text!r} could be any of: {listed}{more}{which}"


def _hits(graph: Names, text: str) -> list[int]:
    """The node of that key; else those of it with a qualifier, of that name, or that have it."""
    wanted = keys.canonical(text)
    exact = graph.node_id(wanted)
    if exact is not None:
        return [exact]
    spelt = ((i, key) for i, key in enumerate(graph.key_list) if "[" in key)
    qualified = [i for i, key in spelt if keys.unqualified(key) == wanted]
    if qualified:
        return qualified
    folded = text.casefold()
    named = [i for i, name in enumerate(graph.name_list) if name.casefold() == folded]
    named += [
        node
        for key, others in graph.known_as.items()
        if folded in map(str.casefold, others) and (node := graph.node_id(key)) is not None
    ]
    named = sorted(set(named))
    return named or [i for i, key in enumerate(graph.key_list) if folded in key.casefold()]


def _near(graph: Names, folded: str) -> list[str]:
    """Keys that are written much like the text, as a whole, by their end or by their name."""
    spelt: list[dict[str, str]] = [{}, {}, {}]
    for key, name in zip(graph.key_list, graph.name_list, strict=True):
        tail = key.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        for known, form in zip(spelt, (key, tail, name), strict=True):
            known.setdefault(form.casefold(), key)
    near: dict[str, None] = {}
    for known in spelt:
        for form in get_close_matches(folded, list(known), n=3, cutoff=_ALIKE):
            near[known[form]] = None
    return list(near)
