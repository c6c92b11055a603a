"""Many small sets of numbers at once: which of them are the same set."""

import numpy as np
import numpy.typing as npt

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass

Int32s = npt.NDArray[np.int32]
AnyInts = Ints | Int32s


@dataclass(frozen=True, slots=True)
class Sets:
    """Distinct sets.

    Attributes:
        which: Per owner, the number of its set.
        ptr: Offsets into ``idx`` by set, one more than sets.
        idx: Members, ascending within a set.
    """

    which: Ints
    ptr: Ints
    idx: Int32s

    def __len__(self) -> int:
        """Number of distinct sets."""
        return len(self.ptr) - 1

    @property
    def sizes(self) -> Ints:
        """Members of each."""
        return np.diff(self.ptr)


def distinct_sets(count: int, owner: Ints, member: AnyInts) -> Sets:
    """Number the sets that owners have, each distinct set once.

    Args:
        count: Owners; one without a member has the empty set.
        owner: Per pair, its owner.
        member: Per pair, the member, from 0 on; a pair may be told twice.
    """
    span = int(member.max(initial=0)) + 1
    pairs = distinct(owner.astype(np.int64) * span + member)
    owner, member = pairs // span, pairs % span
    sizes = np.bincount(owner, minlength=count)
    first = np.concatenate([[0], np.cumsum(sizes)])
    # A set is the number of its beginning and one member more, so that equal numbers after the
    # last member are equal sets; what has no more members keeps its number, which is no other's.
    which = np.zeros(count, dtype=np.int64)
    used = 1
    for place in range(int(sizes.max(initial=0))):
        more = np.flatnonzero(sizes > place)
        keys = which[more] * span + member[first[more] + place]
        found, number = np.unique(keys, return_inverse=True)
        which[more] = used + number
        used += len(found)
    _, example, which = np.unique(which, return_index=True, return_inverse=True)
    picked = sizes[example]
    ptr = np.concatenate([[0], np.cumsum(picked)]).astype(np.int64)
    at = np.arange(ptr[-1]) + np.repeat(first[example] - ptr[:-1], picked)
    return Sets(which.astype(np.int64), ptr, member[at].astype(np.int32))
