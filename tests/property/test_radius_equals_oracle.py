"""How much falls with every identity is what the brute-force walker holds, node by node."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.questions.radius import radius
from nhigraph.assurance.radius_rows import RadiusRow
from nhigraph.errors import UsageError
from nhigraph.trace import dag_kernels, radius_kernels
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.walker import identities_of, prepared

STATES = ("control", "alter", "omit", "read", "halt")
#: Kinds by column, typed from the specification: whatever is named nowhere else is an identity.
FAMILIES = {
    "credentials": "ApiKey Token Secret Certificate SecretStore EncryptionKey",
    "change_paths": "Repository Branch Environment Workflow Image Artifact InfrastructureState",
    "data": "Dataset Stream Model Report AuditLog System Container",
    "grants": "Grant",
}
COLUMN = {kind: column for column, kinds in FAMILIES.items() for kind in kinds.split()}
COLUMNS = ("nodes", *STATES, "identities", *FAMILIES, "targets")


def _read(place: Path, seed: int) -> tuple[Judged, tuple[Any, ...]]:
    place.mkdir()
    facts, scope = estate(seed)
    write_estate(place, facts, scope)
    # A date where neither scope nor facts give one: the clock is no oracle.
    dated = scope.get("as_of") or any(document.get("extracted") for document in facts)
    day = None if dated else "2026-11-23"
    return of_collection(collect([place]), option=day), prepared(facts, scope, day)


def _numbers(row: RadiusRow) -> dict[str, int]:
    return {name: getattr(row, name) for name in COLUMNS if getattr(row, name)}


def _compare(place: Path, seed: int) -> Counter[str]:
    """Compare one estate, and say how often what was seen."""
    judged, (ctx, targets, moves) = _read(place, seed)
    made = {target.key for target in targets}
    walked = [one for one in identities_of(ctx, targets, moves) if one.walk.may.held]
    seen: Counter[str] = Counter()
    for ways in ("may", "can", "open"):
        told = radius(judged, ways)
        expected = {}
        for one in walked:
            held = getattr(one.walk, ways).held
            nodes = {key for key, _ in held if key in made or key in ctx.world.nodes}
            numbers = Counter({"nodes": len(nodes)})
            numbers.update(state.lower() for key, state in held if key in nodes)
            for key in nodes:
                kind = "" if key in made else ctx.world.nodes[key].kind
                numbers["targets" if key in made else COLUMN.get(kind, "identities")] += 1
            expected[one.key] = dict(numbers), "yes" if one.gaps else "no"
            seen["gap" if one.gaps else "no gap"] += 1
            seen.update(numbers.keys())
        assert {row.identity: (_numbers(row), row.at_least) for row in told} == expected, (
            seed,
            ways,
        )
        assert len(told) == len(expected)
        assert [row.nodes for row in told] == sorted((r.nodes for r in told), reverse=True)
        gaps = {one.key: tuple(one.gaps) for one in walked if len(one.gaps) <= 10}
        assert {row.identity: row.gaps for row in told if row.identity in gaps} == gaps, seed
        assert {row.error for row in told} <= {0.0}
    return seen


@pytest.mark.parametrize("compiled", [False, True])
def test_every_number_of_random_estates_is_what_the_walker_counts(
    compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if compiled:
        monkeypatch.setattr(dag_kernels, "COMPILE_FROM", 0)
        monkeypatch.setattr(radius_kernels, "COMPILE_FROM", 0)
    seen: Counter[str] = Counter()
    for seed in range(86_000, 86_020):
        seen += _compare(tmp_path / str(seed), seed)
    assert all(seen[name] for name in (*COLUMNS, "gap", "no gap")), seen


@pytest.mark.nightly
def test_a_thousand_estates_more_are_counted_as_the_walker_counts_them(tmp_path: Path) -> None:
    for seed in range(86_020, 87_020):
        _compare(tmp_path / str(seed), seed)


def test_an_estimate_is_as_near_as_it_says_and_knows_the_same_gaps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged, _ = _read(tmp_path / "estate", 86_000)
    exact = {row.identity: row for row in radius(judged)}
    monkeypatch.setattr("nhigraph.trace.radius.SKETCH_FROM", 0)
    told = radius(judged)
    assert {row.error for row in told} == {0.065}
    assert {row.error for row in radius(judged, exact=True)} == {0.0}
    for row in told:
        true = exact[row.identity]
        assert (row.at_least, row.gaps) == (true.at_least, true.gaps)
        for name in COLUMNS:
            number = getattr(true, name)
            assert abs(getattr(row, name) - number) <= 0.5 + 4 * row.error * number, name


def test_a_word_for_ways_that_is_none_is_told(tmp_path: Path) -> None:
    judged, _ = _read(tmp_path / "estate", 86_000)
    with pytest.raises(UsageError, match="expected one of may, can, open, not 'maybe'"):
        radius(judged, "maybe")
