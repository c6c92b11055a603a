"""One identity at a time: a plain search over clauses, compiled, with needs counted down.

Shares nothing with the package but the clauses: no arc is condensed, no state is trimmed, no two
identities share anything. A second reading of what a clause says, for closures to be held against.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

Ints = npt.NDArray[np.int64]


@njit(cache=True, nogil=True)
def _search(start, leads, use, sizes, left, seen, waiting, touched) -> tuple[int, int]:  # type: ignore[no-untyped-def] # noqa: ANN001, PLR0917 - numba infers types, and takes no records
    """Fill ``waiting`` with every state that is held, and say how many they are.

    ``seen`` marks them and ``left`` counts inputs down; whoever calls clears both.
    """
    first, ends = leads
    use_first, use_clause, clause_end = use
    seen[start] = True
    waiting[0] = start
    head, tail, changed = 0, 1, 0
    while head < tail:
        state = waiting[head]
        head += 1
        for at in range(first[state], first[state + 1]):
            end = ends[at]
            if not seen[end]:
                seen[end] = True
                waiting[tail] = end
                tail += 1
        for at in range(use_first[state], use_first[state + 1]):
            clause = use_clause[at]
            if left[clause] == sizes[clause]:
                touched[changed] = clause
                changed += 1
            left[clause] -= 1
            if left[clause] == 0 and not seen[clause_end[clause]]:
                seen[clause_end[clause]] = True
                waiting[tail] = clause_end[clause]
                tail += 1
    return tail, changed


@njit(cache=True, nogil=True)
def _tally(held, states, family, mark, into) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - as above
    """Count nodes by family and state; the last column is any state."""
    nodes = family.size
    for at in range(held.size):
        node = held[at] // states
        if node >= nodes:
            continue
        into[family[node], held[at] % states] += 1
        if not mark[node]:
            mark[node] = True
            into[family[node], states] += 1


@dataclass(slots=True)
class Walk:
    """Clauses laid out to be walked.

    Attributes:
        leads: Offsets by state, and ends: clauses of one input.
        use: Offsets by state, the clauses with more inputs that it is one of, and their ends.
        sizes: Of each of these, how many distinct inputs it has.
    """

    leads: tuple[Ints, npt.NDArray[np.int32]]
    use: tuple[Ints, npt.NDArray[np.int32], npt.NDArray[np.int32]]
    sizes: npt.NDArray[np.int32]
    _left: npt.NDArray[np.int32]
    _seen: npt.NDArray[np.bool_]
    _waiting: npt.NDArray[np.int64]
    _touched: npt.NDArray[np.int64]

    @classmethod
    def of(cls, size: int, src: Ints, dst: Ints, need_ptr: Ints, need_idx: Ints) -> "Walk":
        """Lay out clauses: who holds ``src`` and all needs holds ``dst``."""
        counts = np.diff(need_ptr)
        several = np.flatnonzero(counts > 0)
        owner = np.repeat(np.arange(len(several)), counts[several])
        pairs = np.concatenate([
            np.stack([np.arange(len(several)), src[several]]),
            np.stack([owner, need_idx]),
        ], axis=1)  # fmt: skip
        clause, state = np.unique(pairs, axis=1)  # a source may be named as a need, too
        sizes = np.bincount(clause, minlength=len(several)).astype(np.int32)
        plain = counts == 0
        one = _by(size, src[plain], dst[plain])
        first, used = _by(size, state, clause)
        return cls(
            one,
            (first, used, dst[several].astype(np.int32)),
            sizes,
            sizes.copy(),
            np.zeros(size, dtype=np.bool_),
            np.empty(size, dtype=np.int64),
            np.empty(len(several), dtype=np.int64),
        )

    def held(self, start: int) -> Ints:
        """States that are held from one on, in the order in which they are found."""
        many, changed = _search(start, self.leads, self.use, self.sizes, self._left, self._seen,
                                self._waiting, self._touched)  # fmt: skip
        found = self._waiting[:many].copy()
        self._seen[found] = False
        some = self._touched[:changed]
        self._left[some] = self.sizes[some]
        return found


def _by(size: int, key: Ints, value: Ints) -> tuple[Ints, npt.NDArray[np.int32]]:
    order = np.argsort(key, kind="stable")
    first = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(key, minlength=size), out=first[1:])
    return first, value[order].astype(np.int32)


def tally(held: Ints, states: int, family: Ints, families: int) -> Ints:
    """Nodes at which something is held: families x states, and last any state."""
    into = np.zeros((families, states + 1), dtype=np.int64)
    _tally(held, states, family, np.zeros(len(family), dtype=np.bool_), into)
    return into
