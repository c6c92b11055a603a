"""Answers in three values, with what they depend on and where they come from."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from nhigraph.policy.aws.statements import AS_WELL, Place
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

#: Ways of one condition that are written out.
_WAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer.

    Attributes:
        answer: YES, POSSIBLE or NO.
        condition: What a POSSIBLE depends on.
        reason: What blocks, of a NO.
        places: Statements that it rests on.
    """

    answer: Answer
    condition: str = ""
    reason: str = ""
    places: tuple[Place, ...] = ()


YES: Final = Finding(Answer.YES)


def possible(condition: str, *places: Place) -> Finding:
    """Something that depends on a condition."""
    return Finding(Answer.POSSIBLE, condition, places=places)


def no(reason: str, *places: Place) -> Finding:
    """Something that is not so, and why."""
    return Finding(Answer.NO, reason=reason, places=places)


def every(findings: Iterable[Finding]) -> Finding:
    """Whether all hold: the first that does not says why."""
    found = [*findings]
    answer = min((one.answer for one in found), default=Answer.YES)
    if answer is Answer.NO:
        return next(one for one in found if one.answer is Answer.NO)
    places = tuple(dict.fromkeys(place for one in found for place in one.places))
    open_ones = dict.fromkeys(one.condition for one in found if one.answer is Answer.POSSIBLE)
    several = len(open_ones) > 1
    texts = [f"({one})" if several and ", or " in one else one for one in open_ones]
    return Finding(answer, " and ".join(texts), places=places)


def some(findings: Iterable[Finding], reason: str) -> Finding:
    """Whether one holds; if none does, for this reason."""
    found = [*findings]
    answer = max((one.answer for one in found), default=Answer.NO)
    if answer is Answer.NO:
        return no(reason, *(place for one in found for place in one.places))
    best = [one for one in found if one.answer is answer]
    if answer is Answer.YES:
        return best[0]
    texts = [*dict.fromkeys(one.condition for one in best)]
    if len(texts) > 1:
        # Whoever answers one condition of several must not settle an alternative to them: only
        # what stands between " and " is a condition of its own (``assurance.answers.edges``).
        texts = [one.replace(" and ", AS_WELL) for one in texts]
    said = ", or ".join(texts[:_WAYS]) + (", or others" if len(texts) > _WAYS else "")
    places = tuple(dict.fromkeys(place for one in best for place in one.places))
    return Finding(answer, said, places=places)


def because(finding: Finding, reason: str) -> Finding:
    """The same with another reason, if it is a NO."""
    return replace(finding, reason=reason) if finding.answer is Answer.NO else finding
