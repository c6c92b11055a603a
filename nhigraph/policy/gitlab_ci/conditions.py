"""Expressions of ``rules:if`` and ``only:variables``, in three values.

The language is small (https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions, read
28 November 2026): variables, texts in quotes, patterns between slashes, ``null``, the comparisons
``==``, ``!=``, ``=~``, ``!~``, then ``&&``, then ``||``, and parentheses. A variable alone asks
whether it is set and not empty; one that is not set equals ``null``, and ``=~`` of it is false. A
variable behind ``=~`` is a pattern only if its value is written as one.

What cannot be told is None: a variable that the files do not decide, a pattern whose search may
take long. A text that is no expression is None too: GitLab refuses such a file.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Some:
    """A text that nobody knows, which is not empty and no other one's."""

    name: str


#: Some text, or none.
ANY = Some("any")
#: A value that a variable may have; None where it is not set.
One = str | Some | None
Values = frozenset[One]
UNKNOWN: Values = frozenset({ANY, None, ""})
Bindings = Callable[[str], Values]

_TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\w+|\$\{\w+\})|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<pattern>/(?:[^/\\]|\\.)*/[ismU]*)"
    r"|(?P<word>null\b|==|!=|=~|!~|&&|\|\||[()])|(?P<end>\Z))"
)
#: A group that repeats and has repeats or alternatives inside may be searched for very long.
_SLOW = re.compile(r"\)[*+?{]|\\[1-9]")
_LONGEST = 256
#: A search that goes back may take the text's length to the power of the pattern's repeats.
_MOST_STEPS = 1_000_000
_DEEPEST = 40
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern as it stands between its slashes, with its flags."""

    body: str
    flags: str


_Operand = Values | _Pattern


class _BrokenError(Exception):
    """The text is no expression."""


def holds(text: str, bindings: Bindings) -> bool | None:
    """Whether an expression holds; None where the files do not decide it.

    Args:
        text: The expression.
        bindings: The values that a variable may have.
    """
    try:
        tokens = _tokens(text)
        found, rest = _either(tokens, 0, bindings, 0)
    except _BrokenError:
        return None
    return found if rest == len(tokens) else None


def names(text: str) -> tuple[str, ...]:
    """Variables that an expression names."""
    try:
        tokens = _tokens(text)
    except _BrokenError:
        return ()
    return tuple(dict.fromkeys(said.strip("${}") for sort, said in tokens if sort == "name"))


@lru_cache(maxsize=1 << 12)
def _tokens(text: str) -> "Tokens":
    return (*_found(text),)


def _found(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _BrokenError
        at = found.end()
        if found.lastgroup not in ("end", None):
            yield str(found.lastgroup), found[str(found.lastgroup)]


Tokens = tuple[tuple[str, str], ...]


def _either(tokens: Tokens, at: int, bindings: Bindings, depth: int) -> tuple[bool | None, int]:
    found, at = _both(tokens, at, bindings, depth)
    while at < len(tokens) and tokens[at] == ("word", "||"):
        other, at = _both(tokens, at + 1, bindings, depth)
        found = True if True in (found, other) else None if None in (found, other) else False
    return found, at


def _both(tokens: Tokens, at: int, bindings: Bindings, depth: int) -> tuple[bool | None, int]:
    found, at = _compared(tokens, at, bindings, depth)
    while at < len(tokens) and tokens[at] == ("word", "&&"):
        other, at = _compared(tokens, at + 1, bindings, depth)
        found = False if False in (found, other) else None if None in (found, other) else True
    return found, at


def _compared(tokens: Tokens, at: int, bindings: Bindings, depth: int) -> tuple[bool | None, int]:
    if at < len(tokens) and tokens[at] == ("word", "("):
        if depth > _DEEPEST:
            raise _BrokenError
        found, at = _either(tokens, at + 1, bindings, depth + 1)
        if at >= len(tokens) or tokens[at] != ("word", ")"):
            raise _BrokenError
        return found, at + 1
    one, at = _operand(tokens, at, bindings)
    mark = tokens[at][1] if at < len(tokens) and tokens[at][0] == "word" else ""
    if mark not in ("==", "!=", "=~", "!~"):
        return _is_set(one), at
    other, at = _operand(tokens, at + 1, bindings)
    found = _equal(one, other) if mark in ("==", "!=") else _matches(one, other)
    return (None if found is None else found ^ mark.startswith("!")), at


def _operand(tokens: Tokens, at: int, bindings: Bindings) -> tuple[_Operand, int]:
    if at >= len(tokens):
        raise _BrokenError
    sort, said = tokens[at]
    match sort:
        case "name":
            return bindings(said.strip("${}")), at + 1
        case "text":
            return frozenset({said[1:-1]}), at + 1
        case "pattern":
            return _pattern(said), at + 1
        case "word" if said == "null":
            return frozenset({None}), at + 1
    raise _BrokenError


def _pattern(said: str) -> _Pattern:
    body, _, flags = said[1:].rpartition("/")
    return _Pattern(body, flags)


def _verdict(found: set[bool | None]) -> bool | None:
    return found.pop() if len(found) == 1 else None


def _is_set(one: _Operand) -> bool | None:
    if isinstance(one, _Pattern):
        return True
    return _verdict(
        {bool(value) if isinstance(value, str) else value is not None for value in one}
    )


def _equal(one: _Operand, other: _Operand) -> bool | None:
    if isinstance(one, _Pattern) or isinstance(other, _Pattern):
        return one == other if isinstance(one, _Pattern) and isinstance(other, _Pattern) else False
    return _verdict({_same(a, b) for a in one for b in other})


def _same(one: One, other: One) -> bool | None:
    some = isinstance(one, Some) or isinstance(other, Some)
    if not some:
        return one == other
    if isinstance(one, Some) and isinstance(other, Some):
        return None if ANY in (one, other) else one == other
    # What nobody knows is set, and is not empty.
    return False if None in (one, other) or "" in (one, other) else None


def _matches(one: _Operand, other: _Operand) -> bool | None:
    if isinstance(one, _Pattern):
        return None
    patterns = {other} if isinstance(other, _Pattern) else {_of_value(value) for value in other}
    return _verdict({_search(value, pattern) for value in one for pattern in patterns})


def _of_value(value: One) -> _Pattern | None:
    """The pattern that a variable's value is; None where it is unknown."""
    if isinstance(value, Some):
        return None
    if value and re.fullmatch(r"/.*/[ismU]*", value, re.DOTALL):
        return _pattern(value)
    # Any other text is looked for as it is (https://docs.gitlab.com/ci/jobs/job_rules/).
    return _Pattern(re.escape(value or ""), "")


def _search(value: One, pattern: _Pattern | None) -> bool | None:
    if value is None:
        return False
    if pattern is None or isinstance(value, Some) or len(value) > _LONGEST:
        return None
    repeats = sum(map(pattern.body.count, "*+?{"))
    if _SLOW.search(pattern.body) or max(len(value), 2) ** repeats > _MOST_STEPS:
        return None
    if len(pattern.body) > _LONGEST or "U" in pattern.flags:
        return None
    flags = re.RegexFlag(0)
    for letter in pattern.flags:
        flags |= _FLAGS[letter]
    try:
        return re.search(pattern.body.replace(r"\/", "/"), value, flags) is not None
    except (re.error, OverflowError):
        return None
