"""What tells two places of one input apart."""

from collections.abc import Sequence
from pathlib import PurePosixPath


def distinguishing(paths: Sequence[str]) -> list[str]:
    """For each path the shortest beginning of folders, or the whole, that no other one has."""
    parts = [PurePosixPath(path).parts or (path,) for path in paths]
    return [
        "/".join(mine[: _enough(mine, [*parts[:number], *parts[number + 1 :]])])
        for number, mine in enumerate(parts)
    ]


def _enough(mine: Sequence[str], others: Sequence[Sequence[str]]) -> int:
    """How many of the parts it takes."""
    lengths = range(1, len(mine))
    differ = (n for n in lengths if all(theirs[:n] != mine[:n] for theirs in others))
    return next(differ, len(mine))
