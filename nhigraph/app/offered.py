"""Names of nodes that a shell offers for what somebody has begun to type."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from nhigraph.app.questions.short_names import ShortNames
from nhigraph.app.stored_answers import names
from nhigraph.graph.named import Named

#: Names that are offered at once.
_MOST: Final = 200
#: What needs no quotes in any of the shells.
_PLAIN: Final = re.compile(r"[\w.:/#@%+,=-]+")


def offered(folder: Path, typed: str) -> list[str]:
    """Keys that begin so, then tails of keys that mean one node; none without a graph.

    Args:
        folder: Of a graph, or what one lies in.
        typed: What somebody has typed of a name.
    """
    named = names(folder)
    found = _beginning(named, typed) if named is not None else ()
    return list(dict.fromkeys(islice(found, _MOST)))


def _beginning(named: Named, typed: str) -> Iterator[str]:
    plain = [key for key in named.key_list if _PLAIN.fullmatch(key)]
    yield from (key for key in plain if key.startswith(typed))
    short, part = ShortNames(named), re.compile(rf"(?:^|[/:.]){re.escape(typed)}")
    for key in plain if typed else ():
        if part.search(key) and (tail := short.of(key)).startswith(typed):
            yield tail
