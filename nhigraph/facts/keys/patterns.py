"""What a pattern of keys matches.

``*`` stands for any run of characters, ``?`` for one. A letter matches the other case exactly
where the key's platform compares without case, and a pattern that names no qualifier matches
whatever the key's is. To say so without taking the pattern apart, letters of a key are marked
where case does not count: a letter of the pattern matches itself, and its mark.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from nhigraph.facts.keys.parts import canonical, folds, pieces, unqualified

#: Added to a letter to mark it; no name is made of these characters.
_MARK = 0xF0000


def _marked(letter: str) -> str:
    """The mark of a letter; itself where it is no letter that has one other case."""
    lower = letter.lower()
    return chr(_MARK + ord(lower)) if len(lower) == 1 and lower.isalpha() else letter


@lru_cache(maxsize=1 << 17)
def marked(text: str) -> str:
    """A key's text with the letters marked that are compared without case."""
    if not folds(text):
        return text
    return "".join(
        "".join(map(_marked, piece)) if case_free else piece for piece, case_free in pieces(text)
    )


@lru_cache(maxsize=4096)
def pattern(glob: str) -> re.Pattern[str]:
    """A pattern of keys for ``marked`` texts."""
    wild = {"*": ".*", "?": "."}
    parts = (wild.get(c) or f"(?:{re.escape(c)}|{re.escape(_marked(c))})" for c in glob)
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


class Listed:
    """Keys in a list, found by what a pattern means."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Nothing is marked before it is asked for."""
        self._texts = texts

    def matching(self, glob: str) -> set[int]:
        """Numbers of the keys that a pattern means."""
        if "*" not in glob and "?" not in glob:
            return set(self._spelt.get(canonical(glob), ()))
        match = pattern(glob).match
        return {number for number, text in self._marked if match(text)}

    @cached_property
    def _spelt(self) -> dict[str, tuple[int, ...]]:
        texts = self._texts
        found: dict[str, tuple[int, ...]] = dict(zip(texts, zip(range(len(texts))), strict=True))
        # Most keys stand there once, and one way: only of the others is it asked one by one.
        once = len(found) == len(texts)
        for number, text in self._ways if not once else self._shortened:
            found[text] = (*found.get(text, ()), number)
        return found

    @cached_property
    def _marked(self) -> list[tuple[int, str]]:
        return [(number, marked(text)) for number, text in self._ways]

    @property
    def _ways(self) -> Iterator[tuple[int, str]]:
        """Keys as they are, and without their qualifier where they have one."""
        for number, text in enumerate(self._texts):
            yield number, text
            if "[" in text:
                yield number, unqualified(text)

    @property
    def _shortened(self) -> Iterator[tuple[int, str]]:
        """Those that have a qualifier, without it."""
        for number, text in enumerate(self._texts):
            if "[" in text:
                yield number, unqualified(text)
