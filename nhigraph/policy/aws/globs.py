"""Patterns of AWS policies: ``*`` any text, ``?`` one character, variables in ``${…}``.

A parsed pattern is a text in which two private characters stand for the wildcards, so that what a
variable puts in counts as written. How the parts of an ARN are told apart:

* In ``Resource`` a ``*`` at the end of a part goes on over the colons, elsewhere it stays within
  its part (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html,
  read 29 November 2026).
* ``ArnLike`` and ``ArnEquals`` compare the six parts one by one
  (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

#: Stand for ``*`` and ``?`` in parsed patterns.
ANY, ONE = "\ue000", "\ue001"
_PARTS: Final = 6
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_FIXED = re.compile(f"[^{ANY}{ONE}]*")
_RAW = str.maketrans({ANY: "\ufffd", ONE: "\ufffd"})
_SIGNS = str.maketrans({ANY: "\ufffd", ONE: "\ufffd", "*": ANY, "?": ONE})

#: What a variable stands for; None where that is not known.
Lookup = Callable[[str], str | None]


class UnresolvedError(Exception):
    """A variable has no value in this request: what it stands in cannot match."""


def parse(text: str, lookup: Lookup | None = None) -> str:
    """A pattern as the other functions take it.

    A variable that is not known stands for any text; ask ``has_unknown`` about those.

    Args:
        text: As the policy writes it.
        lookup: Values of variables; None where the policy's version has none.

    Raises:
        UnresolvedError: Raised by ``lookup`` for a variable that the request does not have.
    """
    if lookup is None or "${" not in text:
        return text.translate(_SIGNS)
    clean = text.translate(_RAW)
    out, end = [], 0
    for found in _VARIABLE.finditer(clean):
        out.append(clean[end : found.start()].replace("*", ANY).replace("?", ONE))
        value = lookup(found[1])
        out.append(ANY if value is None else value)
        end = found.end()
    out.append(clean[end:].replace("*", ANY).replace("?", ONE))
    return "".join(out)


def variables(text: str) -> list[str]:
    """Variables of a pattern, as written between the braces."""
    return [one for one in _VARIABLE.findall(text) if one not in {"*", "?", "$"}]


@lru_cache(maxsize=1 << 16)
def _compiled(pattern: str) -> Callable[[str], object]:
    signs = {ANY: ".*", ONE: "."}
    body = "".join(signs.get(sign) or re.escape(sign) for sign in pattern)
    return re.compile(body, re.DOTALL).fullmatch


@lru_cache(maxsize=1 << 16)
def _compiled_arn(pattern: str) -> Callable[[str], object]:
    """Of a ``Resource``: wildcards inside one of the first five parts stay in it."""
    parts = pattern.split(":", _PARTS - 1)
    out = []
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        body = []
        for place, sign in enumerate(part):
            free = last or place == len(part) - 1
            any_text, one = (".*", ".") if free else ("[^:]*", "[^:]")
            body.append(any_text if sign == ANY else one if sign == ONE else re.escape(sign))
        out.append("".join(body))
    return re.compile(":".join(out), re.DOTALL).fullmatch


def matches(pattern: str, text: str) -> bool:
    """Whether a parsed pattern has a text, compared with case."""
    if ANY not in pattern and ONE not in pattern:
        return pattern == text
    return pattern == ANY or _compiled(pattern)(text) is not None


def matches_resource(pattern: str, arn: str) -> bool:
    """Whether an element of ``Resource`` names an ARN, or ``*`` where an action has none."""
    if ANY not in pattern and ONE not in pattern:
        return pattern == arn
    return pattern == ANY or _compiled_arn(pattern)(arn) is not None


def matches_arn(pattern: str, arn: str) -> bool:
    """Whether ``ArnLike`` holds: all six parts, each by itself."""
    asked, had = pattern.split(":", _PARTS - 1), arn.split(":", _PARTS - 1)
    if len(had) != _PARTS:
        return False
    if len(asked) != _PARTS:
        return pattern == ANY
    return all(matches(one, other) for one, other in zip(asked, had, strict=True))


@lru_cache(maxsize=1 << 14)
def meet(one: str, other: str) -> str | None:
    """A text that both parsed patterns have; None where there is none.

    What only wildcards leave open is filled with letters that nobody's name is likely to have, so
    that a third pattern does not have the text by chance.
    """
    return meet_all((one, other))


def meet_all(patterns: tuple[str, ...]) -> str | None:
    """A text that all of some parsed patterns have, as ``meet`` makes it."""
    # Places in all patterns, breadth first: the shortest text comes out.
    start, goal = (0,) * len(patterns), tuple(map(len, patterns))
    came: dict[_Places, tuple[_Places, str] | None] = {start: None}
    queue = [start]
    for here in queue:
        if here == goal:
            return _written(came, goal)
        for there, sign in _steps(patterns, here):
            if there not in came:
                came[there] = (here, sign)
                queue.append(there)
    return None


#: Letters that nobody's name is likely to have.
FILL: Final = "zqx"
_FILLED: Final = re.compile(rf"(?:{FILL}|\*)*{FILL}(?:{FILL}|\*)*")
#: A place in each of some patterns.
_Places = tuple[int, ...]


def _steps(patterns: tuple[str, ...], at: _Places) -> Iterator[tuple[_Places, str]]:
    signs = [one[here : here + 1] for one, here in zip(patterns, at, strict=True)]
    if set(signs) == {ANY}:
        yield tuple(here + 1 for here in at), FILL
    for number, sign in enumerate(signs):
        if sign == ANY:
            yield (*at[:number], at[number] + 1, *at[number + 1 :]), ""
    fixed = {sign for sign in signs if sign != ANY}
    written = fixed - {ONE}
    if fixed and "" not in fixed and len(written) <= 1:
        there = (here + (sign != ANY) for sign, here in zip(signs, at, strict=True))
        yield tuple(there), written.pop() if written else "z"


def _written(came: dict[_Places, tuple[_Places, str] | None], goal: _Places) -> str:
    signs: list[str] = []
    step = came[goal]
    while step is not None:
        signs.append(step[1])
        step = came[step[0]]
    return "".join(reversed(signs))


def covers(wide: str, narrow: str) -> bool:
    """Whether the first pattern certainly has every text of the second; False if unsure."""
    if ANY not in narrow and ONE not in narrow:
        return matches(wide, narrow)
    if wide in {ANY, narrow}:
        return True
    if wide.endswith(ANY):
        head = wide[:-1]
        fixed = narrow[: min(narrow.find(sign) for sign in (ANY, ONE) if sign in narrow)]
        if ANY not in head and ONE not in head:
            return fixed.startswith(head)
        return any(matches(head, fixed[:end]) for end in range(len(fixed) + 1))
    return False


def head(pattern: str) -> str:
    """What a parsed pattern has before its first wildcard."""
    return _FIXED.match(pattern)[0]  # type: ignore[index]  # an empty text matches, too


def unfilled(text: str) -> str:
    """A text with names that were tried, as people write what these stand for."""
    return _FILLED.sub("*", text)


def shown(pattern: str) -> str:
    """A parsed pattern as people write it."""
    return pattern.replace(ANY, "*").replace(ONE, "?")
