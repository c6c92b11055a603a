"""Names of ways: of each step a digest of what is said of its edge, and of the steps behind it."""

import hashlib
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nhigraph.graph.columns import canonical, quoted
from nhigraph.graph.store import Cells, Graph
from nhigraph.trace.product import STATES, Bools, Int32s, Product

Digests = npt.NDArray[np.uint64]
#: What names say of clauses, remembered for so many.
_WORDS = 500_000


class Naming:
    """Names the ways of one product."""

    def __init__(self, graph: Graph, product: Product) -> None:
        """Nothing is looked up before it is asked for."""
        self._graph, self._product = graph, product
        self._words: dict[int, bytes] = {}
        #: What names say of edges besides their ends: alike for most.
        self._rests: dict[tuple[object, ...], bytes] = {}

    def digests(self, clauses: Int32s, onto: Int32s) -> tuple[Digests, Bools]:
        """Digest of the way from each step on, and whether it has a name.

        A way on which no edge is has none.

        Args:
            clauses: Of each step, the clause to take; -1 where the way has come to a goal.
            onto: The step that it goes on to, which stands before it; -1 at a goal.
        """
        words, said, made = self._words, self._said, hashlib.blake2b
        names: list[bytes] = []
        add = names.append
        for clause, after in zip(clauses.tolist(), onto.tolist(), strict=True):
            if clause < 0:
                add(b"")
                continue
            word = words.get(clause)
            if word is None:
                word = said(clause)
            add(made(word + names[after], digest_size=8).digest() if word else names[after])
        named = np.array([name != b"" for name in names], dtype=bool)
        found = np.frombuffer(b"".join(name or bytes(8) for name in names), dtype="<u8")
        return found.astype(np.uint64), named

    def _said(self, clause: int) -> bytes:
        """What a name says of a clause; nothing of a move inside a node."""
        edge = self._ends[0][clause]
        if edge < 0:
            said = b""
        else:
            src, dst, cells = self._columns
            ends = self._key(src[edge]), self._key(dst[edge])
            rest = self._rest(tuple([column[edge] for column in cells]))
            state = bytes((self._ends[1][clause] % STATES,))
            said = b"[" + b",".join((*ends, rest)) + state
        if len(self._words) >= _WORDS:
            self._words.clear()
        self._words[clause] = said
        return said

    def _key(self, node: int) -> bytes:
        return quoted(self._graph.key_list[node]).encode(errors="backslashreplace")

    def _rest(self, more: tuple[object, ...]) -> bytes:
        """What is said of an edge behind its ends."""
        rest = self._rests.get(more)
        if rest is None:
            if len(self._rests) >= _WORDS:
                self._rests.clear()
            text = canonical([str(cell) for cell in more])[1:]
            rest = self._rests[more] = text.encode(errors="backslashreplace")
        return rest

    @cached_property
    def _ends(self) -> tuple[memoryview, memoryview]:
        """Edge and end of every clause: a view gives whole numbers twice as fast as an array."""
        return self._product.edge.data, self._product.dst.data

    @cached_property
    def _columns(self) -> tuple[memoryview, memoryview, list[Cells]]:
        """Columns of the edges: both ends, and the cells that tell one edge from another."""
        edges = self._graph.edges
        told = [edges[name].to_numpy() for name in edges.columns if name not in {"src", "dst"}]
        return edges["src"].to_numpy().data, edges["dst"].to_numpy().data, told


def texts(digests: Digests) -> list[str]:
    """Digests as they are written: 16 hexadecimal digits."""
    written = digests.astype("<u8").tobytes().hex()
    return [written[at : at + 16] for at in range(0, len(written), 16)]


def digest_of(text: str) -> int:
    """The digest that is written so; 0 of no name."""
    return int.from_bytes(bytes.fromhex(text), "little")
