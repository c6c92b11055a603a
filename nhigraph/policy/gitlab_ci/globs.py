"""Patterns of paths in ``include:local`` and ``rules:exists``.

``*`` stands for a name and ``**`` for any folders, or, at the end of a name, for any files below
it (https://docs.gitlab.com/ci/yaml/#includelocal, read 28 November 2026).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|\{[^{}]*\}|.", re.DOTALL)
_LONGEST = 400


@lru_cache(maxsize=1 << 10)
def pattern(glob: str) -> re.Pattern[str]:
    """A pattern of paths from the project's root."""
    return re.compile("".join(map(_piece, _PIECE.findall(glob[:_LONGEST]))) + r"\Z", re.DOTALL)


def _piece(piece: str) -> str:
    match piece:
        case "**/":
            return r"(?:[^/]+/)*"
        case "**":
            return r".*"
        case "*":
            return r"[^/]*"
        case "?":
            return r"[^/]"
    if piece.startswith("{") and len(piece) > 1:
        return f"(?:{'|'.join(map(re.escape, piece[1:-1].split(',')))})"
    return re.escape(piece)


def is_pattern(path: str) -> bool:
    """Whether a path means several files."""
    return "*" in path


def matching(paths: Iterable[str], glob: str) -> Iterator[str]:
    """Paths that a pattern means, sorted."""
    match = pattern(glob.lstrip("/")).match
    yield from (path for path in sorted(paths) if match(path))
