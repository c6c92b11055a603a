"""The shortest unique tail of a key: what a person may type in its place."""

import re
from functools import cached_property

from nhigraph.app.questions.names import find_node
from nhigraph.errors import UsageError
from nhigraph.graph.named import Names

#: Where a tail may begin: behind what separates the parts of a key. A job is named with its file,
#: a file with its ending, and behind a slash a dot is part of a name, as in jane.doe.
_PART = re.compile(r"(?<=[/:])|(?<=\.)(?![^#]*#|ya?ml\b)")
#: Stands between keys, in none of them.
_BETWEEN = "\0"


class ShortNames:
    """Short names for the nodes of one graph; ``names.find_node`` takes them."""

    def __init__(self, graph: Names) -> None:
        """Remember the graph; nothing is looked at before it is asked for."""
        self._graph = graph
        self._known: dict[str, str] = {}

    @cached_property
    def _keys(self) -> str:
        return _BETWEEN.join(key.casefold() for key in self._graph.key_list)

    def of(self, key: str) -> str:
        """The shortest tail of whole parts that means this node alone; else the key."""
        if key not in self._known:
            self._known[key] = self._tail(key)
        return self._known[key]

    def _tail(self, key: str) -> str:
        if self._graph.node_id(key) is None:
            return key
        begins = [match.start() for match in _PART.finditer(key)]
        starts = [at for at in begins if key[at - 1] != "." or "/" not in key[:at]]
        for start in reversed(starts):
            tail = key[start:]
            # What stands in several keys is no name, unless a node is called so: rarely worth it.
            if tail and self._keys.count(tail.casefold()) == 1 and self._means(tail, key):
                return tail
        return key

    def _means(self, tail: str, key: str) -> bool:
        try:
            return self._graph.key_list[find_node(self._graph, tail)] == key
        except UsageError:
            return False
