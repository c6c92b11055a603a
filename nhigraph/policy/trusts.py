"""Which tokens a trust accepts, in three values.

A role trusts an issuer and asks of claims that they are, or are like, one of some texts; ``*``
stands for any text and ``?`` for one character, as in the condition operators of most platforms
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
read 28 November 2026: ``StringLike``, compared with case). What an actor can obtain is a pattern
too. It obtains one that is accepted where the two have a text in common.

In such a pattern ``*`` is any text, but in two places, where it is what can stand there: between
``@`` and ``/``, ``:`` or the end a number, as owners' and repositories' are
(https://docs.github.com/en/actions/reference/security/oidc, read 29 November 2026), and at the end
of a ref or an environment a name. A ref's has no colon and no sign that a pattern could have
(https://git-scm.com/docs/git-check-ref-format); the colon of an environment is ``%3A``.
"""

import re
from collections.abc import Container, Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final

from nhigraph.facts.ends import Condition, Token, Trust
from nhigraph.policy.claimed import claims
from nhigraph.records import dataclass

#: Why an edge to a named role is conditional as long as nobody has read whom that trusts.
UNREAD: Final = "the trust policy of that identity, which no input shows, lets this job in"
_SUBJECT, _AUDIENCE = "sub", "aud"


class Answer(IntEnum):
    """Whether a trust accepts a token."""

    NO = 0
    POSSIBLE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer, and on which condition; that of a YES is empty."""

    answer: Answer
    condition: str = ""


_NO: Final = Accepted(Answer.NO)
#: Stand for a number, for the name of an environment and for that of a ref in what can be had, and
#: where they are recognised.
_NUMBER, _NAME, _REF = "\ue000", "\ue001", "\ue002"
_NUMBERED: Final = re.compile(r"@\*(?=[/:]|\Z)")
_NAMED: Final = re.compile(r"((?:\A|:)environment:[^:*]*)\*(?=\Z|:)")
_REFERRED: Final = re.compile(r"((?:\A|:)ref:[^:*]*)\*(?=\Z|:)")


@dataclass(frozen=True, slots=True)
class _Run:
    """Signs of which any number may stand in a place.

    Attributes:
        digits: They are digits.
        but: Signs that none of them is.
        empty: None of them will do.
    """

    digits: bool = False
    but: str = ""
    empty: bool = True

    def __contains__(self, sign: object) -> bool:
        """Whether a sign is one of them."""
        return str(sign).isdigit() if self.digits else str(sign) not in self.but


_RUNS: Final = {
    _NUMBER: _Run(digits=True, empty=False),
    _NAME: _Run(but=":"),
    _REF: _Run(but=": ~^?*[\\"),
}


def accepts(trust: Trust, token: Token) -> Accepted:
    """Whether an actor with that token is let in."""
    return _accepts(trust, token, token.subjects)


def accepts_beyond(trust: Trust, token: Token) -> Accepted:
    """Whether it is let in once other code runs in its place."""
    found = _accepts(trust, token, token.beyond)
    if found.answer is Answer.NO:
        return _NO
    asked = [_said(one) for one in trust.conditions if one.claim == _SUBJECT]
    return Accepted(Answer.POSSIBLE, f"it is run so that its token has {' and '.join(asked)}")


def any_of(answers: Iterable[Accepted]) -> Accepted:
    """The answer of several trusts, of which one is enough."""
    return max(answers, key=lambda one: (one.answer, one.condition), default=_NO)


def issuer(text: str) -> str:
    """An issuer as two documents compare it: without scheme, in one case."""
    return text.removeprefix("https://").rstrip("/").lower()


def _other_issuer(trust: Trust, token: Token) -> bool:
    """Whether a trust is in tokens of somebody else, whoever the actor belongs to.

    An enterprise may have an issuer of its own below its forge's
    (https://docs.github.com/en/rest/actions/oidc and "Customizing the issuer value for an
    enterprise" of https://docs.github.com/en/actions/reference/security/oidc, read 30 November
    2026); who belongs to one no file says.
    """
    trusted, own = issuer(trust.issuer), issuer(token.issuer)
    return trusted != own and not trusted.startswith(f"{own}/")


def _accepts(trust: Trust, token: Token, subjects: Sequence[str]) -> Accepted:
    if _other_issuer(trust, token):
        return _NO
    # All that is asked has to hold of one token: of each subject that can be had, by itself.
    return any_of(_accepts_one(trust, token, one) for one in subjects or ("",))


def _accepts_one(trust: Trust, token: Token, subject: str) -> Accepted:
    doubts = [trust.unknown] if trust.unknown else []
    if issuer(trust.issuer) != issuer(token.issuer):
        doubts.append(f"its tokens are issued by {issuer(trust.issuer)}")
    had: dict[str, Sequence[str]] = {_SUBJECT: [subject][: bool(subject)]}
    had |= {name: [value] for name, value in claims(issuer(token.issuer), subject).items()}
    had[_AUDIENCE] = token.audiences
    for one in trust.conditions:
        if one.claim not in had:
            doubts.append(f"its token has {_said(one)}")
            continue
        answer = max((_meet(text, one) for text in had[one.claim]), default=Answer.NO)
        if answer is Answer.NO:
            return _NO
        several = sum(other.claim == one.claim for other in trust.conditions) > 1
        if answer is Answer.POSSIBLE or several:
            doubts.append(f"its token has {_said(one)}")
        if one.claim == _SUBJECT and token.doubt:
            doubts.append(f"its token has {_said(one)} ({token.doubt})")
    if not doubts:
        return Accepted(Answer.YES)
    return Accepted(Answer.POSSIBLE, " and ".join(dict.fromkeys(doubts)))


def _said(one: Condition) -> str:
    return f"{one.claim} {'like' if one.glob else 'equal to'} {' or '.join(one.values)}"


def _meet(pattern: str, asked: Condition) -> Answer:
    """Whether a pattern of what can be had and one of the values asked for have a text."""
    if any(common(pattern, value, glob=asked.glob) for value in asked.values):
        return Answer.YES
    # How a name is written, an address that people type does not say.
    folded = (common(pattern.lower(), one.lower(), glob=asked.glob) for one in asked.values)
    return Answer.POSSIBLE if any(folded) else Answer.NO


@lru_cache(maxsize=1 << 14)
def common(pattern: str, value: str, *, glob: bool) -> bool:
    """Whether a pattern (``*`` is any text) and a value have a text in common.

    Args:
        pattern: What can be had; see above.
        value: What is asked for.
        glob: In the value, ``*`` is any text and ``?`` any character.
    """
    # States: how much of the value was used; a `*` may be left and stayed at.
    ends = _left(value, {0}, glob=glob)
    named = _REFERRED.sub(rf"\1{_REF}", _NAMED.sub(rf"\1{_NAME}", pattern))
    for sign in _NUMBERED.sub(f"@{_NUMBER}", named):
        if sign == "*":
            ends = _after(value, ends)
        elif sign in _RUNS:
            ends = _run(value, ends, _RUNS[sign], glob=glob)
        else:
            ends = _left(value, _step(value, ends, {sign}, glob=glob), glob=glob)
    return len(value) in ends


def _step(value: str, ends: set[int], signs: Container[str], *, glob: bool) -> set[int]:
    """Places after one more sign that is one of some."""
    return {
        at if glob and value[at] == "*" else at + 1
        for at in ends
        if at < len(value) and (value[at] in signs or (glob and value[at] in "*?"))
    }


def _run(value: str, ends: set[int], run: "_Run", *, glob: bool) -> set[int]:
    """Places after any number of signs of a sort."""
    found = set(ends) if run.empty else set()
    here = ends
    while True:
        here = _left(value, _step(value, here, run, glob=glob), glob=glob)
        if here <= found:
            return found
        found |= here


def _left(value: str, ends: set[int], *, glob: bool) -> set[int]:
    """Places, and those that are reached by letting a ``*`` stand for nothing."""
    found = set(ends)
    for at in ends:
        here = at
        while glob and here < len(value) and value[here] == "*":
            here += 1
            found.add(here)
    return found


def _after(value: str, ends: set[int]) -> set[int]:
    """Places from the first one on: any text was put before them."""
    return set(range(min(ends), len(value) + 1)) if ends else set()
