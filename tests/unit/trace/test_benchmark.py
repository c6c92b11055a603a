"""The benchmark runs, and its loop counts what it should on a graph without conditions."""

from benchmarks.engine import measure


def test_the_benchmark_runs_and_the_loop_finds_no_less_than_the_engine() -> None:
    """The loop ignores needs, so it may find more pairs, never fewer."""
    found = measure(300, 10)
    assert found.pairs > 0
    assert found.loop_pairs >= found.pairs
    assert set(found.seconds) >= {"scipy loop", "closures and flags", "whole answer"}
