"""Cuts against exhaustive search by the brute-force walker, on random estates.

The walker removes records from the documents; it knows nothing of changes, ways or programs.
"""

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.cut_rows import ChokeRow, CutRow
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.choke import Passed, choke
from nhigraph.assurance.cuts.of_targets import cuts
from nhigraph.assurance.cuts.smallest import Found, cut
from nhigraph.trace.product import Closure
from tests.estate_files import write_estate
from tests.oracle import automaton
from tests.oracle.estates import estate
from tests.oracle.records import edge_refused
from tests.oracle.rows import effect_letters, soc1_of
from tests.oracle.scope import Target, apply_owners, boundaries, targets_of
from tests.oracle.vocabulary import ACTOR_KINDS, STATES
from tests.oracle.world import build_world

FIRST, ESTATES, CHUNK = 300_000, 500, 5
#: Estates on every change; all of them at night.
ALWAYS = 10
#: Sets of records that are tried for one cut at most: what is larger is not searched whole.
TRIED = 400
DAY = "2026-11-23"
#: Documents of one estate, the scope among them, by the name of their file.
Documents = Mapping[str, dict[str, Any]]
Place = tuple[str, str]
_RIGHTS = frozenset(
    {"CAN_ASSUME", "MEMBER_OF", "RUNS_AS", "HOLDS", "CAN_ADMINISTER", "OWNS", "CAN_WRITE"}
    | {"CAN_DELETE", "CAN_READ", "CAN_STOP", "AUTHENTICATES_AS"}
)


@dataclass(frozen=True)
class Case:
    """One estate and one target of it."""

    documents: Documents
    target: Target
    targets: list[Target]

    def without(self, places: Collection[Place]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The documents without some records."""
        left = copy.deepcopy(dict(self.documents))
        for name, pointer in sorted(places, key=lambda p: (p[0], -int(p[1].rsplit("/", 1)[1]))):
            section, number = pointer.removeprefix("/").split("/")
            del left[name][section][int(number)]
        scope = left.pop("scope.json")
        return [left[name] for name in sorted(left)], scope

    def reaching(
        self, closure: str, gone: Collection[Place] = (), past: str | None = None
    ) -> set[str]:
        """Identities that hold something harmful at the target, none of it by way of ``past``."""
        facts, scope = self.without(gone)
        world = build_world(facts, scope, DAY)
        apply_owners(world, scope)
        # What the targets stand for is settled before: lineage that goes selects less.
        targets = self.targets
        world.gates |= automaton.recovery_gates(targets)
        moves = [
            move
            for move in automaton.moves_of(world, targets)
            if past not in {move.source[0], move.target[0], *(at for at, _ in move.needs)}
        ]
        found = set()
        for key, node in world.nodes.items():
            if node.is_nhi and key != past:
                held = getattr(automaton.walk(world, moves, key), closure).states_at(
                    self.target.key
                )
                if any(harms(self.target, state) for state in held):
                    found.add(key)
        return found

    def reaching_past(self, key: str) -> set[str]:
        """The same where nobody can hold anything at a node."""
        return self.reaching("may", past=key)

    def several(self, place: Place) -> bool:
        """Whether another record states the same edge."""
        edges = {where: self.record(where) for where in self.rights()}
        ends = [(one.get("kind"), one.get("from"), one.get("to")) for one in edges.values()]
        own = self.record(place)
        return ends.count((own.get("kind"), own.get("from"), own.get("to"))) > 1

    def record(self, place: Place) -> dict[str, Any]:
        """The record at a place."""
        section, number = place[1].removeprefix("/").split("/")
        found: dict[str, Any] = self.documents[place[0]][section][int(number)]
        return found

    def rights(self) -> list[Place]:
        """Records of rights: what may be taken away."""
        kinds = {
            (node["key"], node.get("kind"))
            for document in self.documents.values()
            for node in document.get("nodes", [])
            if isinstance(node.get("key"), str)
        }

        def is_right(edge: dict[str, Any]) -> bool:
            actor = any((edge.get("from"), kind) in kinds for kind in ACTOR_KINDS)
            return edge.get("kind") in _RIGHTS or (edge.get("kind") == "COMPUTES" and actor)

        return [
            (name, f"/{section}/{number}")
            for name, document in self.documents.items()
            for section in ("edges", "links")
            for number, edge in enumerate(document.get(section) or [])
            if not edge_refused(edge) and is_right(edge)
        ]


def harms(target: Target, state: str) -> bool:
    """Whether a state at the target may give a verdict; any does where nothing is known of it."""
    states = frozenset({state})
    some = [s for s in STATES if _gives(target, frozenset({s}))]
    return _gives(target, states) if some else True


def _gives(target: Target, states: frozenset[str]) -> bool:
    return soc1_of(target, states) != "none" or bool(effect_letters(target, states))


def cases(seed: int, folder: Path) -> Iterator[tuple[Case, Found, Found, Passed]]:
    """The targets of an estate, with their cuts in may and in can, and their choke points."""
    facts, scope = estate(seed)
    write_estate(folder, facts, scope)
    judged = of_collection(collect([folder]), option=DAY)
    world = build_world(facts, scope, DAY)
    apply_owners(world, scope)
    documents = {f"part-{n}.facts.json": one for n, one in enumerate(facts)} | {
        "scope.json": scope
    }
    targets = targets_of(world, scope, boundaries(world, scope))
    for target in targets:
        node = judged.estate.graph.node_id(target.key)
        if node is not None and not target.dead:
            may, can = (
                cut(judged.estate, Asked([node], closure=one))
                for one in (Closure.MAY, Closure.CAN)
            )
            passed = choke(judged.estate, Asked([node]))
            yield Case(documents, target, targets), may, can, passed


def check(case: Case, found: Found, closure: str) -> bool:
    """It stops all whom anything stops, each change is needed, and no fewer records do."""
    before = case.reaching(closure)
    of_change = places(found)
    everything = [place for many in of_change.values() for place in many]
    assert set(found.stopped) | set(found.beyond) == before
    assert case.reaching(closure, case.rights()) == set(found.beyond)
    assert case.reaching(closure, everything) == set(found.beyond)
    for change in of_change:
        rest = [place for one, many in of_change.items() if one != change for place in many]
        assert case.reaching(closure, rest) > set(found.beyond), f"change {change} is not needed"
    assert found.cost == found.bound == len(of_change)
    if found.cost < 2:
        return True
    tried = combinations(case.rights(), found.cost - 1)
    for number, fewer in enumerate(tried):
        if number >= TRIED:
            return False
        assert case.reaching(closure, fewer) != set(found.beyond), f"{fewer} is a smaller cut"
    return True


def check_points(case: Case, passed: Passed) -> None:
    """Taking out each node, and each record of a right, in turn finds the same points."""
    reaching = case.reaching("may")
    assert set(passed.reaching) == reaching
    nodes = {
        key
        for document in case.documents.values()
        for node in document.get("nodes", [])
        if isinstance(key := node.get("key"), str) and {key} != reaching
    }
    expected = {key for key in nodes if reaching and not case.reaching_past(key)}
    assert {row.source for row in passed.rows if row.point == "node"} == expected
    rights = {(row.artifact, row.pointer) for row in passed.rows if row.point == "right"}
    for place in case.rights() if reaching else ():
        stops = not case.reaching("may", [place])
        # A right that several records state goes with all of them only.
        assert not stops or place in rights
        rights.discard(place) if stops else None
    assert all(case.several(place) for place in rights)
    for row in passed.rows:
        if row.point == "right" and not case.several((row.artifact, row.pointer)):
            _check_opens(case, row)


def _check_opens(case: Case, row: ChokeRow) -> None:
    """What is told to hang on a right is what reaches a target with it, and not without."""
    said: dict[str, set[str]] = {}
    for one in row.opens:
        if one.before == "neither" and one.after.split()[0] in {"soc1", "both"}:
            said.setdefault(one.target, set()).add(one.identity)
    for target in case.targets:
        if target.dead:
            continue
        there = Case(case.documents, target, case.targets)
        place = (row.artifact, row.pointer)
        hanging = there.reaching("may") - there.reaching("may", [place])
        assert said.get(target.key, set()) <= hanging
        if target.financial and not target.data_class and target.role in {"record", "logic"}:
            assert hanging <= {one.identity for one in row.opens if one.target == target.key}


def places(found: Found) -> dict[int, list[Place]]:
    """The records that each change takes away, by its rank."""
    many: dict[int, list[Place]] = {}
    for row in found.rows:
        many.setdefault(row.rank, []).append((row.artifact, row.pointer))
    return many


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ESTATES, CHUNK)
    ],
)
def test_cuts_are_cuts_and_none_is_smaller(first: int, tmp_path: Path) -> None:
    """For every target of every estate, by removal and by exhaustive search."""
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for case, may, can, passed in cases(seed, folder):
            check(case, may, "may")
            check(case, can, "can")
            check_points(case, passed)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first == FIRST else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ESTATES, 10 * CHUNK)
    ],
)
def test_cuts_of_an_assessment_are_those_that_are_asked_for(first: int, tmp_path: Path) -> None:
    """Target by target, from those inside the boundary; dead ones say that they have none."""
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        write_estate(folder, *estate(seed))
        whole = of_collection(collect([folder]), option=DAY).estate
        inside = [one for one in whole.identities if whole.in_boundary(one)]
        found = cuts(Analysis(whole))
        rows: list[CutRow] = []
        for target, told in zip(whole.targets, found.told, strict=True):
            assert told.target == target.key
            assert bool(told.left_out) == target.dead
            node = whole.graph.node_id(target.key)
            if node is not None and not target.dead:
                one = cut(whole, Asked([node], walkers=inside))
                assert (told.changes, told.bound) == (one.cost, one.bound)
                assert (told.stopped, told.not_stopped) == (len(one.stopped), len(one.beyond))
                rows += one.rows
        assert found.rows == tuple(rows)


def test_cuts_of_several_changes_are_searched_whole(tmp_path: Path) -> None:
    """Without these the search above would show little."""
    whole = 0
    for seed in range(FIRST, FIRST + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        whole += sum(
            check(one, may, "may") for one, may, _, _ in cases(seed, folder) if may.cost > 1
        )
    assert whole > 1
