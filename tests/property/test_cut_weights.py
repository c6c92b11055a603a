"""Weights of a scope: no set of records that is cheaper is a cut, and none of it is kept.

Which records a line of the scope means is read here anew: by the words of the records themselves.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.smallest import Found, cut
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.scope import apply_owners, boundaries, targets_of
from tests.oracle.world import build_world
from tests.property.test_cuts import CHUNK, DAY, TRIED, Case, Place, places

FIRST, ESTATES, ALWAYS = 320_000, 300, 5
Line = dict[str, Any]


def drawn(rng: Random, records: Sequence[Mapping[str, Any]]) -> dict[str, list[Line]]:
    """Some lines for the section ``cuts``, each about records that there are."""

    def match() -> Line:
        one = rng.choice(records)
        words = rng.sample(("edge", "from", "to"), rng.randint(1, 3))
        found = {w: one["kind"] if w == "edge" else {"key": one[w]} for w in words}
        # A word that means many.
        if "from" in found and rng.random() < 0.2:
            found["from"] = {"key": "*"}
        return found

    weights = [{"match": match(), "weight": rng.randint(1, 4)} for _ in range(rng.randint(1, 5))]
    return {"weights": weights, "keep": [{"match": match()} for _ in range(rng.randint(0, 2))]}


def meant(line: Line, record: Mapping[str, Any]) -> bool:
    """Whether a line is about a record."""
    match = line["match"]
    ends = all(match[end]["key"] in {"*", record[end]} for end in ("from", "to") if end in match)
    return ends and match.get("edge", record["kind"]) == record["kind"]


class Prices:
    """What the records of rights cost; None for what is kept."""

    def __init__(self, case: Case) -> None:
        said = case.documents["scope.json"].get("cuts", {})
        self.cost: dict[Place, int] = {}
        for place in case.rights():
            record = case.record(place)
            if not any(meant(line, record) for line in said["keep"]):
                stated = [line["weight"] for line in said["weights"] if meant(line, record)]
                self.cost[place] = max(stated, default=1)


def check(case: Case, found: Found) -> bool:
    """It is a cut of what may go, costs what it says, and nothing cheaper is one."""
    prices = Prices(case)
    of_change = places(found)
    made = [place for many in of_change.values() for place in many]
    assert set(made) <= set(prices.cost)
    before, beyond = case.reaching("may"), case.reaching("may", prices.cost)
    assert set(found.beyond) == beyond
    assert set(found.stopped) == before - beyond
    assert case.reaching("may", made) == beyond
    assert found.changes == len(of_change)
    assert found.cost == found.bound
    assert found.cost == sum(max(prices.cost[one] for one in many) for many in of_change.values())
    tried = 0
    for size in range(1, found.cost):
        for fewer in combinations(sorted(prices.cost), size):
            if sum(prices.cost[place] for place in fewer) < found.cost:
                tried += 1
                if tried > TRIED:
                    return False
                assert case.reaching("may", fewer) != beyond, f"{fewer} is cheaper"
    return True


def cases(seed: int, folder: Path) -> list[tuple[Case, Found]]:
    """The targets of an estate whose scope has weights, and their cuts."""
    facts, scope = estate(seed)
    documents = {f"part-{n}.facts.json": one for n, one in enumerate(facts)}
    plain = Case({**documents, "scope.json": scope}, None, [])  # type: ignore[arg-type] # no target yet
    records = [plain.record(place) for place in plain.rights()]
    plainly = [r for r in records if not set("*?%[A") & set(f"{r['from']}{r['to']}")]
    if not plainly:
        return []
    scope["cuts"] = drawn(Random(seed), plainly)
    write_estate(folder, facts, scope)
    judged = of_collection(collect([folder]), option=DAY)
    world = build_world(facts, scope, DAY)
    apply_owners(world, scope)
    targets = targets_of(world, scope, boundaries(world, scope))
    found = []
    for target in targets:
        node = judged.estate.graph.node_id(target.key)
        if node is not None and not target.dead:
            case = Case({**documents, "scope.json": scope}, target, targets)
            found.append((case, cut(judged.estate, Asked([node]))))
    return found


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ESTATES, CHUNK)
    ],
)
def test_the_cheapest_cut_of_a_scope_with_weights(first: int, tmp_path: Path) -> None:
    whole = 0
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        whole += sum(check(case, found) for case, found in cases(seed, folder))
    assert whole


def judged_of(folder: Path, cuts: object) -> Judged:
    """A small estate with two ways of two changes each."""
    facts = {
        "nhigraph": "facts/1",
        "nodes": [
            {"kind": "ServiceAccount", "key": "a:x"},
            {"kind": "Group", "key": "g:one"},
            {"kind": "Dataset", "key": "dataset:x:gl"},
        ],
        "edges": [
            {"kind": "MEMBER_OF", "from": "a:x", "to": "g:one"},
            {"kind": "CAN_WRITE", "from": "g:one", "to": "dataset:x:gl"},
        ],
    }
    gl = {"id": "gl", "family": "financial-reporting", "fs_role": "record", "icfr_basis": "own"}
    scope = {
        "nhigraph": "scope/1",
        "organization": "Acme",
        "commitments": ["S"],
        "targets": [{**gl, "select": [{"key": "dataset:x:gl"}]}],
        "cuts": cuts,
    }
    write_estate(folder, [facts], scope)
    return of_collection(collect([folder]), option=DAY)


MEMBER, WRITE = "/edges/0", "/edges/1"
NAMED: list[tuple[str, object, list[str], int]] = [
    ("nothing said: the one nearest to the target", None, [WRITE], 1),
    ("a dear one", {"weights": [{"match": {"edge": "CAN_WRITE"}, "weight": 2}]}, [MEMBER], 1),
    (
        "of several words the dearest",
        {
            "weights": [
                {"match": {"edge": "CAN_WRITE"}, "weight": 9},
                {"match": {"from": {"key": "g:*"}}, "weight": 1},
                {"match": {"from": {"kind": "ServiceAccount"}}, "weight": 9},
                {"match": {"to": {"key": "g:one"}}, "weight": 10},
            ]
        },
        [WRITE],
        9,
    ),
    ("one is kept", {"keep": [{"match": {"to": {"key": "dataset:*"}}}]}, [MEMBER], 1),
    ("all are kept", {"keep": [{"match": {"from": {"key": "*"}}}]}, [], 0),
]


@pytest.mark.parametrize(
    ("cuts", "pointers", "cost"), [n[1:] for n in NAMED], ids=[n[0] for n in NAMED]
)
def test_named_weights(cuts: object, pointers: list[str], cost: int, tmp_path: Path) -> None:
    judged = judged_of(tmp_path, cuts)
    assert not judged.issues
    node = judged.estate.graph.node_id("fin:gl")
    assert node is not None
    found = cut(judged.estate, Asked([node]))
    assert ([row.pointer for row in found.rows], found.cost) == (pointers, cost)
    assert found.beyond == (() if pointers else ("a:x",))


WRONG: list[tuple[str, object, str, str]] = [
    ("no mapping", [1], "/cuts", "cuts: expected a mapping with the lists weights, keep"),
    ("no such list", {"wieghts": []}, "/cuts/wieghts", "did you mean 'weights'"),
    ("no list", {"keep": 3}, "/cuts/keep", "expected a list of records"),
    ("no record", {"keep": ["x"]}, "/cuts/keep/0", "expected a record with named fields"),
    ("no match", {"keep": [{}]}, "/cuts/keep/0", "expected which edges"),
    (
        "an empty match",
        {"keep": [{"match": {}}]},
        "/cuts/keep/0",
        "expected which edges are meant",
    ),
    ("no such word", {"keep": [{"match": {"form": {"key": "a"}}}]}, "/cuts/keep/0", "'from'"),
    ("no such kind", {"keep": [{"match": {"edge": "WRITES"}}]}, "/cuts/keep/0", "edge kind"),
    (
        "no such condition",
        {"keep": [{"match": {"to": {"keys": "a"}}}]},
        "/cuts/keep/0",
        "'key'",
    ),
    ("an empty item", {"keep": [{"match": {"to": {}}}]}, "/cuts/keep/0", "empty item"),
    *(
        (
            f"weight {weight!r}",
            {"weights": [{"match": {"edge": "OWNS"}, "weight": weight}]},
            "/cuts/weights/0",
            "weight: expected",
        )
        for weight in (0, -1, 1001, 1.5, "3", True, None, [1], 10**30)
    ),
]


@pytest.mark.parametrize(
    ("cuts", "pointer", "said"), [n[1:] for n in WRONG], ids=[n[0] for n in WRONG]
)
def test_what_cannot_be_read_is_an_error_with_its_place(
    cuts: object, pointer: str, said: str, tmp_path: Path
) -> None:
    (issue,) = judged_of(tmp_path, cuts).scope_errors
    assert (issue.artifact, issue.pointer) == ("scope.json", pointer)
    assert said in issue.problem


def test_a_word_on_cuts_that_means_no_right_is_a_warning(tmp_path: Path) -> None:
    cuts = {"keep": [{"match": {"from": {"key": "a:nobody"}}}]}
    (issue,) = judged_of(tmp_path, cuts).issues
    assert (issue.level, issue.pointer) == ("warning", "/cuts/keep/0")
    assert "means no edge that could be taken away" in issue.problem
