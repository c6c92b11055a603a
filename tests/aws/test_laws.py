"""Laws of the evaluator, on random policies (``asked``)."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhigraph.policy.aws import Authority, Policy, decide
from nhigraph.policy.aws.authority import Unread
from nhigraph.policy.aws.statements import Clause, Statement
from nhigraph.policy.trusts import Answer
from tests.aws.asked import Maker, Question

SEEDS = st.integers(min_value=0, max_value=10**9)
FEW = settings(max_examples=60, deadline=None)


def made(seed: int) -> tuple[Question, Authority, Statement, Statement]:
    """A question, who decides, and an allow and a deny that have to do with it."""
    maker = Maker(seed)
    asked = maker.question()
    extra = Policy("extra", ())
    while not extra.statements:
        both = [
            maker.statement(asked.action, asked.resource, allow, principal=False)
            for allow in (True, False)
        ]
        document: dict[str, object] = {"Version": "2012-10-17", "Statement": both}
        extra = replace(asked, identity=[document]).authority().identity[0]
    allow, deny = extra.statements
    return asked, asked.authority(), allow, deny


def with_statement(authority: Authority, layer: str, statement: Statement) -> Authority:
    """The authority with one more statement in a layer."""
    added = Policy("added", (statement,))
    if layer == "identity":
        return replace(authority, identity=(*authority.identity, added))
    if layer == "scp" and not isinstance(authority.scps, Unread):
        return replace(authority, scps=tuple((*level, added) for level in authority.scps))
    if layer == "boundary" and isinstance(authority.boundary, Policy):
        one = authority.boundary
        return replace(authority, boundary=Policy(one.name, (*one.statements, statement)))
    return authority


@given(SEEDS, st.sampled_from(["identity", "scp", "boundary"]))
@FEW
def test_an_added_deny_never_widens(seed: int, layer: str) -> None:
    asked, authority, _, deny = made(seed)
    more = decide(asked.request(), with_statement(authority, layer, deny))
    assert more.answer <= decide(asked.request(), authority).answer


@given(SEEDS, st.sampled_from(["identity", "scp", "boundary"]))
@FEW
def test_an_added_allow_never_narrows(seed: int, layer: str) -> None:
    asked, authority, allow, _ = made(seed)
    more = decide(asked.request(), with_statement(authority, layer, allow))
    assert more.answer >= decide(asked.request(), authority).answer


@given(SEEDS)
@FEW
def test_neither_the_order_of_statements_nor_their_splitting_matters(seed: int) -> None:
    asked, authority, _, _ = made(seed)
    random = Random(seed)
    pieces = [Policy(one.name, (x,)) for one in authority.identity for x in one.statements]
    random.shuffle(pieces)

    def shuffled(one: Policy | Unread | None) -> Policy | Unread | None:
        if not isinstance(one, Policy):
            return one
        return Policy(one.name, tuple(random.sample(one.statements, len(one.statements))))

    other = replace(
        authority,
        identity=tuple(pieces),
        boundary=shuffled(authority.boundary),
        resource=shuffled(authority.resource),
    )
    found, again = decide(asked.request(), authority), decide(asked.request(), other)
    assert found.answer is again.answer


UNKNOWN = Clause("StringEquals", "nobody:knows", ("x",))


@given(SEEDS)
@FEW
def test_an_unknown_condition_makes_a_yes_possible_and_never_a_no(seed: int) -> None:
    asked, authority, _, _ = made(seed)

    def doubted(one: Policy) -> Policy:
        return Policy(
            one.name, tuple(replace(x, tests=(*x.tests, UNKNOWN)) for x in one.statements)
        )

    before = decide(asked.request(), authority)
    after = decide(
        asked.request(),
        replace(
            authority,
            identity=tuple(doubted(one) for one in authority.identity),
            resource=doubted(authority.resource)
            if isinstance(authority.resource, Policy)
            else authority.resource,
        ),
    )
    if before.answer is Answer.YES:
        assert after.answer is Answer.POSSIBLE
        assert "nobody:knows" in after.condition


MISSING: dict[str, Callable[[Authority], Authority]] = {
    "scps": lambda one: replace(one, scps=Unread("the organisation allows it")),
    "rcps": lambda one: replace(one, rcps=Unread("the organisation allows it")),
    "boundary": lambda one: replace(one, boundary=Unread("its boundary allows it")),
    "resource": lambda one: replace(
        one, resource=Unread("its policy allows it", grants="its policy grants it")
    ),
}


@pytest.mark.parametrize("layer", MISSING)
@given(seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_a_layer_that_was_not_supplied_never_makes_a_no(layer: str, seed: int) -> None:
    asked, authority, _, _ = made(seed)
    if decide(asked.request(), authority).answer is not Answer.NO:
        without = decide(asked.request(), MISSING[layer](authority))
        assert without.answer is not Answer.NO, without
