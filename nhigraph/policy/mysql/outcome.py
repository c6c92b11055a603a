"""What a statement comes to: whether it is let, and what it then does beside what it names."""

from collections.abc import Iterable
from dataclasses import replace

from nhigraph.policy.mysql.catalog import Name, Who
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a statement does.

    Attributes:
        privilege: SELECT, INSERT, UPDATE, DELETE or DROP; empty where the definer is lent.
        relation: On what.
        lent: Whose rights are lent where the code could not be read.
        condition: On which condition; empty for none.
    """

    privilege: str
    relation: Name | None = None
    lent: Who | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """Values of one relation that code writes to another one."""

    origin: Name
    target: Name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement comes to.

    Attributes:
        answer: Whether it is let; MAYBE where a condition decides.
        condition: That condition.
        effects: What it does beyond the relation it names, if it is let.
        flows: Whose values are then written where.
    """

    answer: Answer = Answer.YES
    condition: str = ""
    effects: tuple[Effect, ...] = ()
    flows: tuple[Flow, ...] = ()


def orphan(definer: Who) -> Outcome:
    """What comes of code whose definer is no account."""
    why = f"somebody makes the account {definer.name}, the definer, which is not there"
    return Outcome(Answer.MAYBE, why)


def under(outcome: Outcome, condition: str) -> Outcome:
    """Effects under a further condition."""
    if not condition:
        return outcome
    held = tuple(
        one if one.condition else replace(one, condition=condition) for one in outcome.effects
    )
    return replace(outcome, effects=held)


def provided(may: Answer, outcome: Outcome, why: str) -> Outcome:
    """An outcome, if somebody may what it takes."""
    if may is Answer.NO or outcome.answer is Answer.NO:
        return Outcome(Answer.NO)
    if may is Answer.YES:
        return outcome
    held = under(outcome, why)
    return replace(held, answer=Answer.MAYBE, condition=outcome.condition or why)


def every(found: Iterable[Outcome]) -> Outcome:
    """What comes of several that must all be let."""
    many = list(found)
    answer = min((one.answer for one in many), default=Answer.YES)
    if answer is Answer.NO:
        return Outcome(Answer.NO)
    condition = next((one.condition for one in many if one.condition), "")
    held = [under(one, condition) for one in many]
    effects = tuple(dict.fromkeys(effect for one in held for effect in one.effects))
    flows = tuple(dict.fromkeys(flow for one in held for flow in one.flows))
    return Outcome(answer, condition, effects, flows)


def any_of(chosen: Iterable[Outcome], rest: Outcome) -> Outcome:
    """What comes of several of which the caller chooses, beside what else may be meant."""
    possible = [one for one in chosen if one.answer is not Answer.NO]
    if not possible:
        return rest
    best = max(possible, key=lambda one: one.answer)
    many = [*(under(one, one.condition) for one in possible), rest]
    return Outcome(
        best.answer,
        best.condition,
        tuple(effect for one in many for effect in one.effects),
        tuple(flow for one in many for flow in one.flows),
    )


def one_of(found: Iterable[Outcome], why: str) -> Outcome:
    """What comes of several of which one is meant."""
    possible = [one for one in found if one.answer is not Answer.NO]
    if not possible:
        return Outcome(Answer.NO)
    effects = tuple(effect for one in possible for effect in under(one, why).effects)
    flows = tuple(flow for one in possible for flow in one.flows)
    return Outcome(Answer.MAYBE, why, effects, flows)
