"""What a pattern of keys matches.

``*`` stands for any run of characters, ``?`` for one. A letter matches the other case exactly
where the key's platform compares without case, and a pattern that names no qualifier matches
whatever the key's is. To say so without taking the pattern apart, letters of a key are marked
where case does not count: a letter of the pattern matches itself, and its mark.
"""

import re
from collections.abc import Callable
from functools import lru_cache

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


def matcher(glob: str) -> Callable[[str], bool]:
    """Whether a key's text is one that a pattern means."""
    if "*" in glob or "?" in glob:
        match = pattern(glob).match
        return lambda text: (
            match(marked(text)) is not None
            or ("[" in text and match(marked(unqualified(text))) is not None)
        )
    wanted = canonical(glob)
    return lambda text: text == wanted or ("[" in text and unqualified(text) == wanted)
