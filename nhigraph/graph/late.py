"""pandas, imported where something of it is first used.

To import it takes 0.2 s, half of what many a question to stored answers takes, and only those who
make or read a graph's tables need it. Modules that take it from here put off their annotations
(``from __future__ import annotations``), which would use it at once.
"""

from typing import TYPE_CHECKING

__all__ = ["pd"]

if TYPE_CHECKING:
    import pandas as pd
else:

    class _Late:
        def __getattr__(self, name: str) -> object:
            import pandas  # noqa: ICN001, PLC0415 - this is what it is about

            found = getattr(pandas, name)
            setattr(self, name, found)
            return found

    pd = _Late()
