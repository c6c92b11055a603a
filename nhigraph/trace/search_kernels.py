"""The loop that ``searches`` has compiled: plain Python over arrays."""

import numpy as np


def numbered(ptr, idx):  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    """As ``_numbered``, over arrays."""
    count = ptr.size - 1
    low = np.full(count, -1, np.int64)
    left = np.zeros(count, np.bool_)
    unfinished = np.empty(count, np.int32)
    waiting = np.empty(idx.size + 1, np.int32)
    index, number, several = 0, count - 1, 0
    for root in range(count):
        if low[root] != -1:
            continue
        waiting[0] = root
        top = 1
        while top > 0:
            node = waiting[top - 1]
            if low[node] == -1:
                low[node] = index
                index += 1
                for at in range(ptr[node], ptr[node + 1]):
                    if low[idx[at]] == -1:
                        waiting[top] = idx[at]
                        top += 1
                continue
            top -= 1
            if left[node]:
                continue
            left[node] = True
            lowest = low[node]
            for at in range(ptr[node], ptr[node + 1]):
                lowest = min(lowest, low[idx[at]])
            if lowest < low[node]:
                low[node] = lowest
                unfinished[several] = node
                several += 1
                continue
            index -= 1
            while several > 0 and low[node] <= low[unfinished[several - 1]]:
                several -= 1
                low[unfinished[several]] = number
                index -= 1
            low[node] = number
            number -= 1
    for node in range(count):
        low[node] = count - 1 - low[node]
    return low
