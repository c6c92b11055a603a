"""Operators of conditions, on values that are there.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
(read 29 November 2026). ``ArnEquals`` behaves as ``ArnLike``; only operators of texts and ARNs
have policy variables and, where they are ``Like`` or of ARNs, wildcards.
"""

import base64
import binascii
import ipaddress
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from nhigraph.policy.aws import globs
from nhigraph.records import dataclass

#: Whether one value of the request fits one of the policy (a parsed pattern where it has those).
Fits = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator, without its set and ``IfExists`` forms.

    Attributes:
        fits: Whether one value fits one of the policy.
        negated: It holds where none fits.
        patterns: Its values are parsed as patterns.
        variables: Its values may hold variables.
    """

    fits: Fits
    negated: bool = False
    patterns: bool = False
    variables: bool = False


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


@lru_cache(maxsize=1 << 12)
def moment(text: str) -> float | None:
    """Seconds since 1970 of an ISO 8601 date or of such seconds; None for neither."""
    seconds = _number(text)
    if seconds is not None:
        return seconds
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _ordered(read: Callable[[str], float | None], holds: Callable[[float, float], bool]) -> Fits:
    def fits(asked: str, had: str) -> bool:
        one, other = read(asked), read(had)
        return one is not None and other is not None and holds(other, one)

    return fits


@lru_cache(maxsize=1 << 14)
def _within(asked: str, had: str) -> bool:
    try:
        return ipaddress.ip_address(had) in ipaddress.ip_network(asked, strict=False)
    except ValueError:
        return False


def _same_bytes(asked: str, had: str) -> bool:
    try:
        return base64.b64decode(asked, validate=True) == base64.b64decode(had, validate=True)
    except (binascii.Error, ValueError):
        return asked == had


def _same(asked: str, had: str) -> bool:
    return asked == had


def _same_folded(asked: str, had: str) -> bool:
    return asked.lower() == had.lower()


def _with_negation(name: str, operator: Operator) -> dict[str, Operator]:
    negated = replace(operator, negated=True)
    start = next(one for one in ("string", "numeric", "date", "arn") if name.startswith(one))
    return {name: operator, f"{start}not{name.removeprefix(start)}": negated}


def _ranges(start: str, read: Callable[[str], float | None]) -> dict[str, Operator]:
    return {
        **_with_negation(f"{start}equals", Operator(_ordered(read, lambda a, b: a == b))),
        f"{start}lessthan": Operator(_ordered(read, lambda a, b: a < b)),
        f"{start}lessthanequals": Operator(_ordered(read, lambda a, b: a <= b)),
        f"{start}greaterthan": Operator(_ordered(read, lambda a, b: a > b)),
        f"{start}greaterthanequals": Operator(_ordered(read, lambda a, b: a >= b)),
    }


#: By name, lower case; ``Null`` is about presence alone and is not among them.
OPERATORS: Final[dict[str, Operator]] = {
    **_with_negation("stringequals", Operator(_same, variables=True)),
    **_with_negation("stringequalsignorecase", Operator(_same_folded, variables=True)),
    **_with_negation("stringlike", Operator(globs.matches, patterns=True, variables=True)),
    **_with_negation("arnequals", Operator(globs.matches_arn, patterns=True, variables=True)),
    **_with_negation("arnlike", Operator(globs.matches_arn, patterns=True, variables=True)),
    **_ranges("numeric", _number),
    **_ranges("date", moment),
    "bool": Operator(_same_folded),
    "binaryequals": Operator(_same_bytes),
    "ipaddress": Operator(_within),
    "notipaddress": Operator(_within, negated=True),
}


@dataclass(frozen=True, slots=True)
class Form:
    """An operator as a policy writes it.

    Attributes:
        operator: What it does; None for ``Null`` and for what is not known.
        null: It is ``Null``.
        every: ``ForAllValues``.
        some: ``ForAnyValue``.
        if_exists: ``IfExists``.
    """

    operator: Operator | None
    null: bool = False
    every: bool = False
    some: bool = False
    if_exists: bool = False


@lru_cache(maxsize=1 << 10)
def form(name: str) -> Form:
    """An operator by its name in a policy."""
    low = name.lower()
    before, colon, rest = low.partition(":")
    every, some = before == "forallvalues" and bool(colon), before == "foranyvalue" and bool(colon)
    base = rest if every or some else low
    if_exists = base.endswith("ifexists")
    base = base.removesuffix("ifexists")
    return Form(OPERATORS.get(base), base == "null", every, some, if_exists)
