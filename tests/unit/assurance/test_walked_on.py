"""When the loops are compiled for an estate that is walked over and over."""

import sys
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.anew import Walked
from nhigraph.assurance.questions.trials import stands
from nhigraph.trace import kernels, lanes

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:bot"}
  - {kind: Dataset, key: "acme:gl"}
edges:
  - {kind: CAN_WRITE, from: "acme:bot", to: "acme:gl", gate: "acme:gate"}
gates:
  - {key: "acme:gate", kind: approval, tests: {human: true}}
"""
SCOPE = """
nhigraph: scope/1
commitments: [S]
as_of: 2026-11-23
targets:
  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
     select: [{key: "acme:gl"}]}
"""


@pytest.fixture
def walked(tmp_path: Path) -> Walked:
    """An estate of one identity behind one gate."""
    (tmp_path / "acme.facts.yaml").write_text(FACTS)
    (tmp_path / "scope.yaml").write_text(SCOPE)
    return Walked.of(Analysis(of_collection(collect([tmp_path])).estate, gated=False))


def test_a_small_estate_is_walked_by_lists(walked: Walked) -> None:
    assert not walked.engine.compiled
    assert walked.sped() is walked


def test_every_walk_counts_and_one_that_finds_nothing_does_not(walked: Walked) -> None:
    before = walked.engine.walked
    assert before >= walked.engine.size
    found = walked.under((), ("acme:gate",))
    assert found is not None
    once = walked.engine.walked
    assert once > before
    # The gate is down already: nobody comes by it who did not.
    assert found[0].under((), ("acme:gate",)) is not None
    assert walked.engine.walked == once


def test_many_small_walks_are_compiled_as_a_large_one_is(
    walked: Walked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "COMPILE_AFTER", walked.engine.walked + 1)
    assert walked.sped() is walked
    assert walked.under((), ("acme:gate",)) is not None
    sped = walked.sped()
    assert sped.engine.compiled
    assert sped.sped() is sped
    lists, loops = (one.under((0,), ()) for one in (walked, sped))
    assert lists is not None
    assert loops is not None
    assert stands(*lists) == stands(*loops)


def test_without_numba_the_lists_go_on(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "COMPILE_AFTER", 0)
    monkeypatch.setitem(sys.modules, "numba", None)
    kernels.available.cache_clear()
    try:
        assert walked.sped() is walked
    finally:
        kernels.available.cache_clear()
