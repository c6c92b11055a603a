"""What the rules say of random estates equals what brute force says, and cuts end it.

The walker of ``tests/oracle`` shares no code with the product; what each rule means is written
there once more, from the rules' own headings.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.findings import findings
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.found import FindingRow, Register
from nhigraph.trace import lanes
from nhigraph.trace.changes import Changes
from tests.estate_files import write_estate
from tests.oracle import findings as oracle
from tests.oracle.estates import estate
from tests.oracle.features import FEATURES

NAMES = [name for name, _, _ in FEATURES]
CHUNK = 20


def _estate(folder: Path, seed: int, only: str | None = None) -> tuple[Estate, oracle.Said]:
    facts, scope = estate(seed, only)
    folder.mkdir()
    write_estate(folder, facts, scope)
    dated = scope.get("as_of") or any(document.get("extracted") for document in facts)
    day = None if dated else "2026-11-23"
    expected = oracle.findings(facts, scope, day)
    return of_collection(collect([folder]), option=day).estate, expected


def _told(rows: tuple[FindingRow, ...]) -> set[tuple[str, str, str, str]]:
    return {(row.rule, row.subject, row.target, row.severity) for row in rows}


def _compare(seed: int, found: Register, expected: oracle.Said) -> None:
    """All of it; of change_bypass that what is on a way is there, and nothing else of that node.

    A node that somebody holds on the way to a gap alone counts as passed, too.
    """
    told = _told(found.rows)
    bypass = {one for one in told if one[0] == "change_bypass"}
    stated = {one for one in expected.found if one[0] == "change_bypass"}
    assert told - bypass == expected.found - stated, seed
    assert bypass >= expected.bypass | stated, seed
    unknown = {(one.rule, one.subject) for one in found.not_known}
    assert {one for one in unknown if one[0] != "change_bypass"} == expected.unknown, seed


def _each(tmp_path: Path, seeds: range, only: str | None = None) -> int:
    many = 0
    for seed in seeds:
        made, expected = _estate(tmp_path / str(seed), seed, only)
        found = findings(Analysis(made))
        _compare(seed, found, expected)
        many += len(found.rows)
    return many


@pytest.mark.parametrize("first", range(0, CHUNK, CHUNK))
def test_rules_say_what_brute_force_says(first: int, tmp_path: Path) -> None:
    assert _each(tmp_path, range(first, first + CHUNK))


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(CHUNK, 300, CHUNK))
def test_rules_say_what_brute_force_says_often(first: int, tmp_path: Path) -> None:
    assert _each(tmp_path, range(first, first + CHUNK))


@pytest.mark.nightly
@pytest.mark.parametrize("name", NAMES)
def test_rules_say_what_brute_force_says_of_each_feature(name: str, tmp_path: Path) -> None:
    _each(tmp_path, range(7_000, 7_010), name)


def test_the_compiled_engine_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernels that large graphs use, forced on small ones."""
    monkeypatch.setattr(lanes, "COMPILE_FROM", 0)
    assert _each(tmp_path, range(60_000, 60_005))


def _without(made: Estate, row: FindingRow) -> Estate:
    graph, changes = made.graph, Changes(made.graph)
    cells = {name: graph.edges[name].tolist() for name in ("src", "dst", "kind", "action")}
    keys = graph.key_list
    gone: list[int] = []
    for edge in range(len(graph.edges)):
        kind = " ".join(part for part in (cells["kind"][edge], cells["action"][edge]) if part)
        if f"{keys[cells['src'][edge]]} -{kind}-> {keys[cells['dst'][edge]]}" in row.cut_edge:
            gone += changes.whole(changes.of([edge]))
    return replace(made, dropped=frozenset(gone))


def _ends(tmp_path: Path, seeds: range) -> int:
    tried = 0
    for seed in seeds:
        made, _ = _estate(tmp_path / str(seed), seed)
        for row in findings(Analysis(made)).rows:
            if row.cut_edge:
                after = findings(Analysis(_without(made, row)))
                assert row.fingerprint not in {one.fingerprint for one in after.rows}, (seed, row)
                tried += 1
    return tried


def test_without_its_cut_a_finding_is_gone(tmp_path: Path) -> None:
    assert _ends(tmp_path, range(5_000, 5_010))


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(5_010, 5_110, 20))
def test_without_its_cut_a_finding_is_gone_often(first: int, tmp_path: Path) -> None:
    assert _ends(tmp_path, range(first, first + 20))
