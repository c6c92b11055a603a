"""Memory that is free and not given back."""

import ctypes
import sys


def give_back() -> None:
    """Give to the system what Arrow and the C library keep for more of the same.

    Reading makes large tables and lets them go; what comes after needs the room for other things.
    Where the library has no such call, nothing is done: the memory is used again later.
    """
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, TypeError, AttributeError):  # Windows; any C library but GNU's
        return
    trim(0)
