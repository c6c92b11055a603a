"""The benchmark of radii counts what plain walks count, and notices a node that is amiss."""

import numpy as np
import pytest

from benchmarks.closure import Plain
from benchmarks.closure_graph import generate
from benchmarks.radius import counted, errors, walk_of, wrong
from nhigraph.trace.horn import taken_apart
from nhigraph.trace.product import STATES, Closure


@pytest.mark.parametrize("shape", ["tidy", "tangled"])
def test_a_small_benchmark_counts_what_plain_walks_count(shape: str) -> None:
    company = generate(4_000, 200, shape)
    horn = taken_apart(company.product.in_closure(Closure.MAY))
    assert horn.rules > 0
    exact, _ = counted(company, horn, exact=True)
    assert wrong(company, exact, 300)[:2] == (0, 300)
    assert exact.whole().max() > 100
    sketched, _ = counted(company, horn, exact=False)
    off = errors(exact, sketched)
    # All identities of a tangled company hold nearly the same nodes: one draw, not many.
    assert off["any state"][0] < 4 * sketched.error
    exact.counts[exact.which[0], 0, 0] += 1
    several = int((exact.which == exact.which[0]).sum())
    assert wrong(company, exact, len(company.identities))[0] == several


@pytest.mark.parametrize("shape", ["tidy", "tangled"])
def test_two_plain_walks_that_share_nothing_hold_the_same(shape: str) -> None:
    """One of scipy's searches and rounds of rules, and a loop that counts needs down."""
    company = generate(4_000, 200, shape)
    reading = company.product.in_closure(Closure.MAY)
    searched, looped = Plain(reading), walk_of(company)
    assert len(looped.sizes), "clauses with needs"
    for identity in company.identities[:200].tolist():
        held = np.flatnonzero(searched.held(identity * STATES))
        assert np.sort(looped.held(identity * STATES)).tolist() == held.tolist()
