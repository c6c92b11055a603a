"""Work that makes millions of rows, none of which is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Inside, nobody looks for circles among objects: there are millions, and hardly a circle.

    What is not in a circle is freed as ever. Looking took an eighth of a large assessment. The
    collector is left as it was found.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
