"""Cuts against exhaustive search by the brute-force walker, on random estates.

The walker removes records from the documents; it knows nothing of changes, ways or programs.
"""

import copy
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer
from nhigraph.assurance.cut_rows import ChokeRow, CutRow
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.choke import Passed, choke
from nhigraph.assurance.cuts.of_targets import cuts
from nhigraph.assurance.cuts.smallest import Found, cut
from nhigraph.assurance.estate import Estate
from nhigraph.trace.product import Closure
from tests.estate_files import write_estate
from tests.oracle import automaton
from tests.oracle.estates import estate
from tests.oracle.records import edge_refused
from tests.oracle.rows import effect_letters, soc1_of
from tests.oracle.scope import Target, apply_owners, boundaries, targets_of
from tests.oracle.vocabulary import ACTOR_KINDS, GATE_TESTS, STATES
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


def without(
    documents: Documents, places: Collection[Place]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Documents without some records: facts, and the scope."""
    left = copy.deepcopy(dict(documents))
    for name, pointer in sorted(places, key=lambda p: (p[0], -int(p[1].rsplit("/", 1)[1]))):
        section, number = pointer.removeprefix("/").split("/")
        del left[name][section][int(number)]
    scope = left.pop("scope.json")
    return [left[name] for name in sorted(left)], scope


@dataclass(frozen=True)
class Case:
    """One estate and one target of it."""

    documents: Documents
    target: Target
    targets: list[Target]

    def without(self, places: Collection[Place]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The documents without some records."""
        return without(self.documents, places)

    def reaching(
        self, closure: str, gone: Collection[Place] = (), past: str | None = None
    ) -> set[str]:
        """Identities that hold something harmful at the target, none of it by way of ``past``."""
        facts, scope = self.without(gone)
        world = build_world(facts, scope, DAY)
        apply_owners(world, scope)
        # A group that nobody can hold anything at has no members, either.
        world.edges = [edge for edge in world.edges if past not in {edge.source, edge.target}]
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

    def undecided(self, gone: Collection[Place]) -> set[str]:
        """Identities that reach it only past a control of which it is not known if it holds."""
        return self.reaching("maybe_open", gone) - self.reaching("open", gone)

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


def approved_by_groups(seed: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The estate of a seed with its controls decided by groups, some of which machines are in."""
    facts, scope = estate(seed)
    chance = random.Random(seed)
    machines = [
        node["key"]
        for one in facts
        for node in one.get("nodes", [])
        if node["kind"] not in {"User", "Group"} and node["kind"] in ACTOR_KINDS
    ]
    groups = [f"acme:group-{number}" for number in range(4)]
    gates = [gate for one in facts for gate in one.get("gates", [])]
    for gate in gates:
        gate["approvers"] = chance.sample(groups, chance.randint(1, 2))
        if chance.random() < 0.8:
            gate["kind"] = chance.choice(("approval", "review"))
            gate["tests"] = dict.fromkeys(GATE_TESTS, True)
    edges = [edge for one in facts for edge in one.get("edges", [])]
    for edge in edges if gates else ():
        if chance.random() < 0.5 and not edge_refused(edge):
            edge["gate"] = chance.choice(gates)["key"]
    nested = [pair for pair in combinations(groups, 2) if chance.random() < 0.3]
    members = [(chance.choice(machines), group) for group in groups if chance.random() < 0.7]
    facts[0].setdefault("nodes", []).extend({"kind": "Group", "key": one} for one in groups)
    facts[0].setdefault("edges", []).extend(
        {"kind": "MEMBER_OF", "from": one, "to": other} for one, other in [*nested, *members]
    )
    return facts, scope


@dataclass(frozen=True)
class Asks:
    """One target of an estate, and what the product says of it."""

    case: Case
    estate: Estate
    node: int

    def cut(self, closure: str) -> Found:
        """Its cut."""
        return cut(self.estate, Asked([self.node], closure=Closure(closure)))

    def points(self, closure: str) -> Passed:
        """Its choke points."""
        return choke(self.estate, Asked([self.node], closure=Closure(closure)))


def cases(seed: int, folder: Path, of: Callable[[int], Any] = estate) -> Iterator[Asks]:
    """The targets of an estate."""
    facts, scope = of(seed)
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
            yield Asks(Case(documents, target, targets), judged.estate, node)


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
    if closure == "open":
        assert case.undecided(()) | case.undecided(everything) <= set(found.unknown)
    assert found.cost == found.bound == len(of_change)
    if found.cost < 2:
        return True
    tried = combinations(case.rights(), found.cost - 1)
    for number, fewer in enumerate(tried):
        if number >= TRIED:
            return False
        assert case.reaching(closure, fewer) != set(found.beyond), f"{fewer} is a smaller cut"
    return True


def check_points(case: Case, passed: Passed, closure: str) -> None:
    """Taking out each node, and each record of a right, in turn finds the same points."""
    reaching = case.reaching(closure)
    assert set(passed.reaching) == reaching
    nodes = {
        key
        for document in case.documents.values()
        for node in document.get("nodes", [])
        if isinstance(key := node.get("key"), str) and {key} != reaching
    }
    expected = {key for key in nodes if reaching and not case.reaching(closure, past=key)}
    assert {row.source for row in passed.rows if row.point == "node"} == expected
    rights = {(row.artifact, row.pointer) for row in passed.rows if row.point == "right"}
    for place in case.rights() if reaching else ():
        stops = not case.reaching(closure, [place])
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
        for asks in cases(seed, folder):
            check(asks.case, asks.cut("may"), "may")
            check(asks.case, asks.cut("can"), "can")
            check(asks.case, asks.cut("open"), "open")
            check_points(asks.case, asks.points("may"), "may")


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ESTATES, CHUNK)
    ],
)
def test_a_machine_taken_out_of_a_group_that_approves_makes_the_control_hold(
    first: int, tmp_path: Path
) -> None:
    """Such a change is a change like any other: for cuts, for whom none stops, for points."""
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for asks in cases(seed, folder, approved_by_groups):
            check(asks.case, asks.cut("open"), "open")
            check_points(asks.case, asks.points("open"), "open")


def test_such_changes_are_found_among_these_estates(tmp_path: Path) -> None:
    """Without them the test above would show little."""
    cut_rows: list[CutRow] = []
    points: list[ChokeRow] = []
    for seed in range(FIRST, FIRST + 2 * CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for asks in cases(seed, folder, approved_by_groups):
            cut_rows += asks.cut("open").rows
            points += asks.points("open").rows
    memberships = sum(row.destination.startswith("acme:group-") for row in cut_rows)
    passed = sum(row.destination.startswith("acme:group-") for row in points)
    assert memberships > 2
    assert passed > 2


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
        analysis = Analysis(whole)
        found = cuts(analysis)
        assert found == cuts(analysis, answer(analysis).verdicts)
        rows: list[CutRow] = []
        for target, told in zip(whole.targets, found.told, strict=True):
            assert told.target == target.key
            assert bool(told.left_out) == target.dead
            node = whole.graph.node_id(target.key)
            if node is not None and not target.dead:
                one = cut(whole, Asked([node], walkers=inside))
                assert (told.changes, told.bound) == (one.cost, one.bound)
                assert (told.stopped, told.not_stopped) == (len(one.stopped), len(one.beyond))
                assert found.changed[target.key] == one.changed
                rows += one.rows
        assert found.rows == tuple(rows)


def test_cuts_of_several_changes_are_searched_whole(tmp_path: Path) -> None:
    """Without these the search above would show little."""
    whole = 0
    for seed in range(FIRST, FIRST + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        whole += sum(
            check(asks.case, found, "may")
            for asks in cases(seed, folder)
            if (found := asks.cut("may")).cost > 1
        )
    assert whole > 1
