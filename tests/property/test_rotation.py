"""What to rotate first, against one planted thief at a time, on random estates.

The brute-force walker judges somebody who is written into the documents beside everybody else and
has one edge to one credential; the order, the columns and the fewest to rotate are then found by
this module's own code, the last by trying every set.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance import analyse
from nhigraph.assurance.rotation.rank import Ranked, ranked
from tests.estate_files import assessed, write_estate
from tests.oracle.estates import estate
from tests.oracle.planted import Found, Held, Imagining
from tests.oracle.vocabulary import CREDENTIAL_KINDS, GATE_TESTS
from tests.oracle.weaknesses import node_weaknesses

FIRST, ESTATES, CHUNK, ALWAYS = 500_000, 300, 10, 10
DAY = "2026-11-23"
#: Share of the openings that a control stands before.
GATED = 0.3
#: Share of the credentials that open nothing by themselves.
COPIES = 0.3
SOC1 = ("direct", "indirect", "undetermined", "none")
EXPOSURES = ("open", "undetermined", "relies_on_subservice", "gated", "in-population")
URGENT = {"long_lived", "secret_exposed"}
RIGHTS = {"CAN_ASSUME", "MEMBER_OF", "RUNS_AS", "HOLDS", "CAN_ADMINISTER", "OWNS"}
RIGHTS |= {"CAN_WRITE", "CAN_DELETE", "CAN_READ", "CAN_STOP"}
Documents = list[dict[str, Any]]


def _approval(key: str, by: str) -> dict[str, Any]:
    """A control that holds for whoever has nothing of its approver's."""
    tests = dict.fromkeys(GATE_TESTS, True)
    return {"key": key, "kind": "approval", "approvers": [by], "tests": tests}


def _more_credentials(rng: Random, facts: Documents) -> None:
    """Keys of every age, copies of each other, in stores, used, needed, exposed, and unknown."""
    made = [f"acme:made-{number}" for number in range(rng.randint(2, 5))]
    nodes = [node for document in facts for node in document.get("nodes", [])]
    records: list[tuple[str, dict[str, Any]]] = [
        ("nodes", {"kind": "SecretStore", "key": "acme:store"}),
        ("nodes", {"kind": "User", "key": "acme:made-ann"}),
        ("gates", _approval("acme:made-gate", "acme:made-ann")),
    ]
    for key in made:
        records.append(("nodes", _credential(rng, key)))
        if rng.random() < 0.15:
            records.append(("gaps", {"at": key, "reason": "not exported", "states": ["READ"]}))
        records += [("edges", edge) for edge in _around(rng, key, made, nodes)]
    for section, record in records:
        rng.choice(facts).setdefault(section, []).append(record)


def _credential(rng: Random, key: str) -> dict[str, Any]:
    kinds = ("ApiKey", "Token", "Secret", "Secret", "Certificate", "EncryptionKey")
    props: dict[str, Any] = {"exposed": True} if rng.random() < 0.2 else {}
    days = rng.choice((None, 10, 365, 366, 366, 800))
    if days is not None:
        day = dt.date.fromisoformat(DAY) - dt.timedelta(days=days)
        props[rng.choice(("created", "rotated"))] = day.isoformat()
    if rng.random() < 0.2:
        props["used_by"] = rng.randint(0, 4)
    node: dict[str, Any] = {"kind": rng.choice(kinds), "key": key, "props": props}
    if rng.random() < 0.15:
        node["nhi"] = True
    if rng.random() < 0.1:
        node["state"] = rng.choice(("disabled", "active"))
    return node


def _around(rng: Random, key: str, made: list[str], nodes: Documents) -> Iterator[dict[str, Any]]:
    """Edges at a credential: mostly to what it opens, and from what it is a copy of."""
    machines = {"ServiceAccount", "DatabaseRole", "CloudRole", "CiJob", "Workload"}
    everything = [node["key"] for node in nodes]
    ids = [node["key"] for node in nodes if node.get("kind") in machines] or everything
    shapes = [
        ("AUTHENTICATES_AS", key, rng.choice(ids)),
        ("AUTHENTICATES_AS", key, rng.choice(everything)),
        ("FEEDS", rng.choice(made), key),
        ("FEEDS", key, rng.choice(made)),
        ("CONTAINS", "acme:store", key),
        ("CONTAINS", rng.choice(made), key),
        ("CAN_READ", rng.choice(ids), rng.choice((key, "acme:store"))),
        ("DEPENDS_ON", key, rng.choice(everything)),
        ("CAN_WRITE", key, rng.choice(everything)),
    ]
    mere_copy = rng.random() < COPIES
    weights = (0, 0, 1, 0, 1, 0, 1, 1, 0) if mere_copy else (6, 1, 2, 2, 2, 1, 3, 2, 1)
    for kind, source, target in rng.choices(shapes, weights, k=rng.randint(1, 3)):
        edge: dict[str, Any] = {"kind": kind, "from": source, "to": target}
        if kind == "FEEDS":
            edge["transform"] = rng.choice(("copy", "copy", "other", "masked"))
        if kind == "CAN_READ" and rng.random() < 0.5:
            edge["action"] = "use_secret"
        if kind in {"AUTHENTICATES_AS", "CAN_WRITE"} and rng.random() < GATED:
            edge["gate"] = "acme:made-gate"
        edge["certainty"] = rng.choice(("certain", "certain", "conditional"))
        yield edge


class Case:
    """An estate, and what this module finds of its credentials."""

    def __init__(self, seed: int) -> None:
        self.facts, self.scope = estate(seed)
        _more_credentials(Random(seed), self.facts)
        dated = self.scope.get("as_of") or any(d.get("extracted") for d in self.facts)
        self.option = None if dated else DAY
        self.imagining = Imagining(self.facts, self.scope, self.option)
        world = self.imagining.world
        self.keys = [
            key
            for key in self.imagining.credentials()
            if world.active(key) and world.nodes[key].kinds & (CREDENTIAL_KINDS - {"SecretStore"})
        ]
        self.weak = {
            key: node_weaknesses(world, self.imagining.ctx.thresholds, key) for key in self.keys
        }
        self.thieves = {key: self.thief(key) for key in self.keys}

    def thief(self, key: str, no_value_of: Collection[str] = ()) -> Found:
        """Who knows the value, and acts as it where it is somebody or has rights."""
        world = self.imagining.world
        held: list[Held] = [("CAN_READ", key, "use_secret")]
        rights = any(e.source == key and e.kind in RIGHTS for e in self.imagining.edges())
        if world.nodes[key].is_nhi or rights:
            held.append(("CAN_ASSUME", key, None))
        return self.imagining.judged(*held, no_value_of=no_value_of)

    def age(self, key: str) -> int | None:
        props = self.imagining.world.nodes[key].props
        said = props.get("rotated") or props.get("created")
        if said is None:
            return None
        today = dt.date.fromisoformat(self.imagining.world.as_of)
        days = (today - dt.date.fromisoformat(str(said)[:10])).days
        return days if days >= 0 else None

    def order(self) -> list[str]:
        """FORMATS: soc1, open before gated, letters, exposed or long-lived, age, key."""

        def place(key: str) -> tuple[object, ...]:
            row, age = self.thieves[key].row, self.age(key)
            letters = [letter for letter in row["soc2"].split(";") if letter]
            many = 0.5 if letters == ["undetermined"] else len(letters)
            return (
                SOC1.index(row["soc1"]),
                EXPOSURES.index(row["exposure"]),
                -many,
                not self.weak[key] & URGENT,
                (1, 0) if age is None else (0, -age),
                key,
            )

        return sorted(self.keys, key=place)

    def columns(self, key: str) -> Mapping[str, object]:
        """The columns that documents and the thief give."""
        found, edges = self.thieves[key], self.imagining.edges()
        row, values = found.row, set(self.imagining.credentials())
        told = [one for one in found.verdicts if one["verdict"] != "neither"]
        done = {state.lower() for one in told for state in one["states"].split("+") if state}
        secret = any(
            "READ" in one["states"]
            and {"C", "P"} & set(f"{one['soc2']};{one['soc2_outside']}".split(";"))
            for one in told
        )
        words = [w for w in ("control", "alter", "omit", "halt") if w in done]
        known = {key}
        while True:
            copied = {
                e.source
                for e in edges
                if e.kind == "FEEDS" and e.transform != "masked" and e.target in known
            }
            more = copied | {e.target for e in edges if e.kind == "CONTAINS" and e.source in known}
            if more & values <= known:
                break
            known |= more & values
        users = {
            e.source
            for e in edges
            if e.kind == "CAN_READ" and e.target == key and e.action == "use_secret"
        }
        users |= {e.target for e in edges if e.kind == "DEPENDS_ON" and e.source == key}
        counted = self.imagining.world.nodes[key].props.get("used_by") or 0
        stopped = self.imagining.judged(("CAN_STOP", key, None)).walk.may.held
        return {
            "soc1": row["soc1"],
            "soc2": row["soc2"],
            "exposure": row["exposure"],
            "targets": row["targets"],
            "gaps": row["gaps"],
            "effects": ";".join([*words, *(["disclose"] if secret else [])]),
            "age_days": self.age(key),
            "holder": ";".join(
                sorted({e.source for e in edges if e.kind == "CONTAINS" and e.target == key})
            ),
            "opens": ";".join(
                sorted(
                    {e.target for e in edges if e.kind == "AUTHENTICATES_AS" and e.source in known}
                )
            ),
            "used_by": max(len(users - {key}), counted),
            "breaks": ";".join(sorted({at for at, state in stopped if state == "HALT"} - {key})),
        }

    # -- the fewest -----------------------------------------------------------------------------

    def urgent(self) -> list[str]:
        return [key for key in self.keys if self.weak[key] & URGENT]

    def enough(self, rotated: Collection[str]) -> bool:
        """Whether no urgent credential outside a set reaches the books once it was rotated."""
        return all(
            self._quiet(key, rotated)
            for key in self.urgent()
            if key not in rotated and harms(self.thieves[key])
        )

    def _quiet(self, key: str, rotated: Collection[str]) -> bool:
        """Nothing is reached, and whoever knows the old value can act as nobody anew."""
        found = self.thief(key, rotated)
        acts = {at for at, state in found.walk.may.held if state == "CONTROL"}
        return not harms(found) and acts <= {"imagined:who"}


def harms(found: Found) -> bool:
    return found.row["soc1"] in {"direct", "indirect"}


def _product(case: Case, folder: Path, *, together: bool) -> Ranked:
    write_estate(folder, case.facts, case.scope)
    if together:
        found = assessed(folder, case.option)
        return Ranked(found.rotation, dict(found.rotation_paths))
    return ranked(of_collection(collect([folder]), option=case.option).estate)


def _cases(
    tmp_path: Path, seeds: range, *, together: bool = False
) -> Iterator[tuple[int, Case, Ranked]]:
    for seed in seeds:
        folder = tmp_path / str(seed)
        folder.mkdir()
        case = Case(seed)
        yield seed, case, _product(case, folder, together=together)


def _compare(tmp_path: Path, seeds: range, *, together: bool = False) -> None:
    for seed, case, found in _cases(tmp_path, seeds, together=together):
        rows = found.rotation.rows
        assert [row.credential for row in rows] == case.order(), seed
        assert [row.rank for row in rows] == list(range(1, len(rows) + 1)), seed
        for row in rows:
            for name, expected in case.columns(row.credential).items():
                said = getattr(row, name)
                told = ";".join(said) if isinstance(said, tuple) else said
                assert told == expected, (seed, row.credential, name)
            if row.path_id:
                steps = found.paths[row.path_id]
                assert steps[0].source == row.credential, seed
                assert steps[-1].target in row.targets, seed


def _compare_fewest(tmp_path: Path, seeds: range) -> None:
    for seed, case, found in _cases(tmp_path, seeds):
        rotate = found.rotation.fewest.rotate
        assert case.enough(rotate), seed
        harming = [key for key in case.urgent() if harms(case.thieves[key])]
        for size in range(len(rotate)):
            for smaller in combinations(harming, size):
                assert not case.enough(smaller), (seed, smaller)
        assert {*rotate, *found.rotation.fewest.copies} == set(harming), seed
        assert rotate == tuple(key for key in case.order() if key in rotate), seed


@pytest.mark.parametrize("first", range(FIRST, FIRST + ALWAYS, CHUNK))
def test_the_ranking_equals_planting_a_thief_of_each_credential(
    first: int, tmp_path: Path
) -> None:
    """Order, and every column that the documents and the thief give."""
    _compare(tmp_path, range(first, first + CHUNK))


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """What large graphs do, forced on small ones: everybody at once, from the targets on."""
    for name, value in (("TURN_FROM", 0), ("BLOCK", 0), ("FEWER", 1 << 30)):
        monkeypatch.setattr(analyse, name, value)


@pytest.mark.usefixtures("turned")
def test_the_ranking_by_the_turned_question_does(tmp_path: Path) -> None:
    """As above, thieves asked about from the targets on."""
    _compare(tmp_path, range(FIRST, FIRST + CHUNK))


@pytest.mark.usefixtures("turned")
def test_the_ranking_by_thieves_traced_together_with_everybody_does(tmp_path: Path) -> None:
    """As ``assess`` traces them: beside all who walk and the takers of systems."""
    _compare(tmp_path, range(FIRST, FIRST + CHUNK), together=True)


@pytest.mark.nightly
@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("first", range(FIRST + ALWAYS, FIRST + ESTATES // 3, CHUNK))
def test_the_ranking_by_thieves_traced_together_does_at_night(first: int, tmp_path: Path) -> None:
    """As above, on a hundred."""
    _compare(tmp_path, range(first, first + CHUNK), together=True)


@pytest.mark.nightly
@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("first", range(FIRST + ALWAYS, FIRST + ESTATES, CHUNK))
def test_the_ranking_by_the_turned_question_does_at_night(first: int, tmp_path: Path) -> None:
    """As above, on three hundred."""
    _compare(tmp_path, range(first, first + CHUNK))


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(FIRST + ALWAYS, FIRST + ESTATES, CHUNK))
def test_the_ranking_equals_planting_thieves_at_night(first: int, tmp_path: Path) -> None:
    """As above, on three hundred."""
    _compare(tmp_path, range(first, first + CHUNK))


@pytest.mark.parametrize("first", range(FIRST, FIRST + ALWAYS, CHUNK))
def test_no_smaller_set_keeps_the_old_and_the_exposed_from_the_books(
    first: int, tmp_path: Path
) -> None:
    """Every smaller set is tried, and after this one every thief outside it is searched again."""
    _compare_fewest(tmp_path, range(first, first + CHUNK))


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(FIRST + ALWAYS, FIRST + ESTATES, CHUNK))
def test_no_smaller_set_does_at_night(first: int, tmp_path: Path) -> None:
    """As above, on three hundred."""
    _compare_fewest(tmp_path, range(first, first + CHUNK))


def test_the_estates_have_what_is_to_be_told_apart() -> None:
    """Copies, ties, gaps, controls, credentials that read each other: none of it is missing."""
    soc1, exposures, copies, several = set(), set(), 0, 0
    for seed in range(FIRST, FIRST + 80):
        case = Case(seed)
        for thief in case.thieves.values():
            soc1.add(thief.row["soc1"])
            exposures.add(thief.row["exposure"])
        harming = [key for key in case.urgent() if harms(case.thieves[key])]
        several += len(harming) > 1
        fewer = combinations(harming, len(harming) - 1) if harming else ()
        copies += any(case.enough(some) for some in fewer)
    assert soc1 >= {"direct", "undetermined", "none"}
    assert exposures >= {"open", "undetermined", "gated", "in-population"}
    assert copies > 2
    assert several > 5
