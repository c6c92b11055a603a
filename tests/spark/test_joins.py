"""The closures and flags of the joins are those of this process, on small products."""

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nhigraph.trace.engine import Carried, InMemory
from nhigraph.trace.order import settle
from nhigraph.trace.product import Closure
from nhigraph.trace.spark.joins import Joined
from tests.unit.trace.walked import Walked, walked

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]
KINDS = ("CAN_ASSUME", "CAN_WRITE", "CAN_READ", "CAN_ADMINISTER", "FEEDS", "AUTHENTICATES_AS")


def _random(seed: int) -> Walked:
    """A tangle with needs, gates, conditions and seventy walkers in two words."""
    rng = random.Random(seed)
    names = [f"{sort}:{at}" for sort in ("bot", "data", "key", "user") for at in range(5)]
    lines = []
    for _ in range(45):
        source, target = rng.sample(names, 2)
        line = f"{source} {rng.choice(KINDS)} {target}"
        if rng.random() < 0.3:
            state = rng.choice(["READ", "CONTROL"])
            line += f" needs={state}@{rng.choice(names)}+READ@{rng.choice(names)}"
        if rng.random() < 0.3:
            line += f" gate={rng.choice('gh')}"
        if rng.random() < 0.2:
            line += " conditional"
        lines.append(line)
    walkers = [f"bot:w{at:02}" for at in range(70)]
    lines += [f"{walker} CAN_ASSUME bot:{rng.randrange(5)}" for walker in walkers]
    gates = {"g": "holds CONTROL@user:0", "h": "unknown CONTROL@user:1"}
    named = {mark for line in lines for mark in line.split() if mark.startswith("gate=")}
    return walked(lines, *walkers, gates={k: v for k, v in gates.items() if f"gate={k}" in named})


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(s, marks=pytest.mark.nightly) for s in range(1, 40))]
)
def test_closures_and_flags_are_the_same(spark: "SparkSession", seed: int) -> None:
    found = _random(seed)
    product = found.product
    readings = {closure: product.in_closure(closure) for closure in Closure}
    here = InMemory(product, settle(product), len(found.walkers))
    there = Joined(spark, len(found.walkers))
    own, far = here.reaches(readings, found.start), there.reaches(readings, found.start)
    states = range(product.size)
    for closure in Closure:
        expected = own[closure].words(states)
        assert (far[closure].words(states) == expected).all(), closure
        some = [*states][::7]
        assert [far[closure].lanes(s) for s in some] == [own[closure].lanes(s) for s in some]
    rng = np.random.default_rng(seed)
    carriers = rng.random(product.clauses) < 0.7
    asked = [
        (
            Closure.MAY if number % 2 else Closure.OPEN,
            rng.integers(0, product.size, number).tolist(),
            rng.random(product.clauses) < 0.1 * (number % 3),
            carriers if number % 3 == 1 else None,
        )
        for number in range(6)
    ]
    mine, theirs = (
        engine.flags([Carried(readings[c], reach[c], *rest) for c, *rest in asked], states)
        for engine, reach in ((here, own), (there, far))
    )
    for one, other in zip(mine, theirs, strict=True):
        assert (one.words(states) == other.words(states)).all()
