"""JSON with duplicate keys refused, and line numbers on demand.

A file may hold several documents one after another, as ``gh api --paginate`` writes its pages
(https://cli.github.com/manual/gh_api, read 28 November 2026).
"""

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from nhigraph.errors import InputError

_DECODER = json.JSONDecoder()
_SPACE = " \t\n\r"
_SPACES = re.compile(f"[{_SPACE}]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class _DuplicateKeyError(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKeyError(key)
            seen.add(key)
    return found


_UNIQUE = json.JSONDecoder(object_pairs_hook=_unique)


def _limit(value: object, artifact: str, depth: int) -> None:
    """Refuse nesting that would exhaust the stack of whoever walks the value later."""
    level: list[object] = [value]
    for _ in range(depth + 1):
        level = [
            child
            for item in level
            for child in (
                item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
            )
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise InputError(artifact, "", f"nested deeper than {depth} levels")


def parse(text: str, artifact: str, *, depth: int = 100) -> list[tuple[int, Any]]:
    """Parse the documents of one file.

    Args:
        text: The file.
        artifact: Its name, for errors.
        depth: Deepest nesting allowed.

    Returns:
        Each document, behind the offset it starts at; at least one.

    Raises:
        InputError: Broken or truncated JSON, a duplicate key, nesting too deep, a number or a
            character that nothing downstream could hold.
    """
    try:
        found = _documents(text)
        # Half a surrogate pair is valid JSON, but no text: no output could be written with it.
        if _SURROGATE.search(text):
            json.dumps([value for _, value in found], ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip())
        # The parser's own words may end so, as its places do.
        told = error.msg.lower().removesuffix(" at")
        raise InputError(
            artifact,
            f"line {error.lineno}",
            f"broken JSON: {told}{' where the file ends' if at_end else ''}",
            "the file looks truncated: export it again" if at_end else "export it again",
        ) from None
    except _DuplicateKeyError as error:
        raise InputError(
            artifact,
            "",
            f"the key {error.args[0]!r} stands twice in one object",
            "keep one of the two",
        ) from None
    except UnicodeEncodeError:
        raise InputError(artifact, "", "half of a \\u surrogate pair stands alone") from None
    except ValueError:
        raise InputError(artifact, "", "a number has more digits than can be read") from None
    except RecursionError:
        raise InputError(artifact, "", "nested too deep to read") from None
    for _, value in found:
        _limit(value, artifact, depth)
    return found


def _documents(text: str) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    at = _behind_space(text, 0)
    while at < len(text) or not found:
        if found and text[at] not in "{[":
            # A bare word or number behind a document is no page of anything.
            raise json.JSONDecodeError("Extra data", text, at)
        value, end = _UNIQUE.raw_decode(text, at)
        found.append((at, value))
        at = _behind_space(text, end)
    return found


def _behind_space(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return found.end() if found else at


class Positions:
    """Finds the line of a pointer by scanning only the containers on the way to it."""

    def __init__(self, text: str, documents: Sequence[int] = (0,)) -> None:
        """Index the line starts of ``text``, which must be valid JSON.

        Args:
            text: The file.
            documents: Offsets of its documents; of several, a pointer's first part says which.
        """
        self._text = text
        self._documents = documents
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)
        self._members: dict[int, dict[str | int, int]] = {}

    def line(self, pointer: tuple[str | int, ...]) -> int:
        """One-based line where the value of ``pointer`` starts."""
        if len(self._starts) == 1:
            return 1
        at = self._skip(self._documents[0])
        if len(self._documents) > 1 and pointer:
            at, pointer = self._documents[int(pointer[0])], pointer[1:]
        for part in pointer:
            at = self._inside(at)[part]
        return bisect_right(self._starts, at)

    def _skip(self, at: int) -> int:
        while self._text[at] in _SPACE:
            at += 1
        return at

    def _inside(self, at: int) -> dict[str | int, int]:
        """Offsets of the members of the object or array that starts at ``at``."""
        if at in self._members:
            return self._members[at]
        text = self._text
        offsets: dict[str | int, int] = {}
        is_object = text[at] == "{"
        here = self._skip(at + 1)
        count = 0
        while text[here] not in "}]":
            if is_object:
                key, here = json.decoder.scanstring(text, here + 1)  # type: ignore[attr-defined]
                here = self._skip(self._skip(here) + 1)
                offsets[key] = here
            else:
                offsets[count] = here
                count += 1
            _, here = _DECODER.raw_decode(text, here)
            here = self._skip(here)
            if text[here] == ",":
                here = self._skip(here + 1)
        self._members[at] = offsets
        return offsets
