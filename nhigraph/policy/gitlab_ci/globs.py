"""Patterns of paths in ``include:local`` and in ``rules:exists``: two languages.

Easily guessed wrong: in ``include:local``, ``**`` is any text, slashes too, so that
``configs/**/*.yml`` are the files of subfolders of ``configs`` alone, and ``configs/**.yml`` those
of ``configs`` too
(https://docs.gitlab.com/ci/yaml/includes/#use-includelocal-with-wildcard-file-paths;
gitlab-ci-local 4.75.1 does so). In ``rules:exists``, which is Ruby's ``File.fnmatch?``, ``**/`` is
any number of folders, none among them (https://docs.gitlab.com/ci/yaml/#rulesexists; both read 28
November 2026).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|\{[^{}]*\}|.", re.DOTALL)
_LONGEST = 400


@lru_cache(maxsize=1 << 10)
def _included(glob: str) -> re.Pattern[str]:
    """A pattern of files that are taken in."""
    parts = re.split(r"(\*\*|\*)", glob[:_LONGEST])
    wild = {"**": r".*", "*": r"[^/]*"}
    return re.compile("".join(wild.get(one, re.escape(one)) for one in parts) + r"\Z", re.DOTALL)


def included(paths: Iterable[str], glob: str) -> Iterator[str]:
    """Paths that a pattern of ``include:local`` means, sorted."""
    match = _included(glob.lstrip("/")).match
    yield from (path for path in sorted(paths) if match(path))


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
    """Paths that a pattern of ``rules:exists`` means, sorted."""
    match = pattern(glob.lstrip("/")).match
    yield from (path for path in sorted(paths) if match(path))
