"""An answer is worth what facts that say the same are worth, on random estates.

A gap that is empty is no gap; what becomes somebody may assume it; a condition that is false takes
its edges away, and one that is true goes; a test of a gate is a test of it. Which answer counts is
decided here again, by the words of FORMATS: the most specific one, and neither of two that differ.
"""

import copy
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nhigraph.assurance.rows import Assessment
from tests.estate_files import judged, write_estate

Facts = dict[str, Any]

FIRST, CHUNK = 660_000, 40
ALL_NIGHT = 400
TESTS = ("human", "enforced_by_target", "out_of_reach", "content_bound", "no_auto_threshold")
TODAY = "2026-11-23"


def _estate(rng: random.Random) -> Facts:
    """A few identities, data and gates, with gaps and conditions among them."""
    who = [f"a:i{n}" for n in range(rng.randint(3, 6))]
    edges = []
    for one in who:
        for _ in range(rng.randint(0, 3)):
            edge = {"kind": rng.choice(("CAN_ASSUME", "CAN_READ", "CAN_WRITE")), "from": one}
            edge["to"] = rng.choice(who if edge["kind"] == "CAN_ASSUME" else ("a:d0", "a:d1"))
            if rng.random() < 0.4:
                edge["condition"] = rng.choice(("c1", "c2"))
            if rng.random() < 0.4:
                edge["gate"] = rng.choice(("g:1", "g:undeclared"))
            edges.append(edge)
    tests = {name: True for name in (*TESTS, "log_out_of_reach") if rng.random() < 0.7}
    nodes = [{"kind": "ServiceAccount", "key": key} for key in who]
    nodes += [{"kind": "Dataset", "key": key} for key in ("a:d0", "a:d1")]
    return {
        "nhigraph": "facts/1",
        "nodes": [*nodes, {"kind": "User", "key": "a:u"}],
        "edges": edges,
        "gates": [{"key": "g:1", "kind": "approval", "approvers": ["a:u"], "tests": tests}],
        "gaps": [{"at": rng.choice(who), "reason": f"r{n}"} for n in range(rng.randint(1, 4))],
    }


def _answers(rng: random.Random, facts: Facts) -> list[Facts]:
    found: list[Facts] = []
    for _ in range(rng.randint(1, 4)):
        sort = rng.random()
        if sort < 0.5:
            at = rng.choice(facts["gaps"])["at"]
            at = at if rng.random() < 0.6 else rng.choice(("*", "a:*", "a:i*", f"a:?{at[3:]}"))
            to = {"becomes": rng.choice(facts["nodes"][:3])["key"]}
            one: Facts = {"gap": {"at": at}, **({"is": "empty"} if rng.random() < 0.6 else to)}
        elif sort < 0.75:
            one = {"condition": rng.choice(("c1", "c2")), "is": rng.random() < 0.5}
        else:
            gate = rng.choice(("g:1", "g:undeclared"))
            one = {"gate": gate, "test": rng.choice(TESTS), "is": rng.random() < 0.5}
        if rng.random() < 0.25:
            one["until"] = rng.choice(("2026-11-22", TODAY, "2027-01-01"))
        if rng.random() < 0.4:
            one["confirmed_by"] = "ticket 7"
        if one not in found:
            found.append(one)
    return found


def _things(facts: Facts, one: Facts) -> Iterator[tuple[tuple[str, ...], tuple[int, int], Any]]:
    """What an answer speaks of, how exactly, and what it says; ``against`` a document."""
    if "gap" in one:
        glob = one["gap"]["at"]
        parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in glob)
        meant = re.compile("".join(parts))
        loose = sum(c in "*?" for c in glob)
        for gap in facts["gaps"]:
            if meant.fullmatch(gap["at"]):
                rank = (int(not loose), len(glob) - loose)
                yield ("gap", gap["at"], gap["reason"]), rank, one.get("becomes", "empty")
    elif "condition" in one:
        if any(edge.get("condition") == one["condition"] for edge in facts["edges"]):
            yield ("condition", one["condition"]), (1, 0), one["is"]
    elif one["gate"] == "g:1" and one["test"] in facts["gates"][0]["tests"]:
        if not one["is"]:
            yield ("against", json.dumps(one)), (1, 0), None
    elif any(edge.get("gate") == one["gate"] for edge in facts["edges"]) or one["gate"] == "g:1":
        yield ("gate", one["gate"], one["test"]), (1, 0), one["is"]


def _edited(facts: Facts, answers: list[Facts]) -> tuple[Facts, int]:
    """The facts with what counts written into them, and how many answers are errors."""
    said: dict[tuple[str, ...], list[tuple[tuple[int, int], Any, int]]] = {}
    for number, one in enumerate(answers):
        if one.get("until", TODAY) >= TODAY:
            for thing, rank, what in _things(facts, one):
                said.setdefault(thing, []).append((rank, what, number))
    wrong: set[int] = set()
    counts = []
    for thing, many in said.items():
        best = [one for one in many if one[0] == max(rank for rank, _, _ in many)]
        numbers = {number for _, _, number in best}
        if thing[0] == "against" or len({what for _, what, _ in best}) > 1:
            wrong |= numbers
        else:
            counts.append((thing, best[0][1], numbers))
    found = copy.deepcopy(facts)
    for thing, what, numbers in counts:
        if not numbers & wrong:
            sure = any("confirmed_by" in answers[number] for number in numbers)
            _write(found, thing, what, "certain" if sure else "assumed")
    return found, len(wrong)


def _write(facts: Facts, thing: tuple[str, ...], what: Any, certainty: str) -> None:  # noqa: ANN401
    if thing[0] == "gap":
        facts["gaps"] = [g for g in facts["gaps"] if (g["at"], g["reason"]) != thing[1:]]
        if what not in ("empty", thing[1]):
            made = {"kind": "CAN_ASSUME", "from": thing[1], "to": what, "certainty": certainty}
            facts["edges"].append(made)
    elif thing[0] == "condition":
        on_it = [edge for edge in facts["edges"] if edge.get("condition") == thing[1]]
        for edge in on_it:
            if what:
                del edge["condition"]
                edge["certainty"] = certainty
            else:
                facts["edges"].remove(edge)
    else:
        gate = next((one for one in facts["gates"] if one["key"] == thing[1]), None)
        if gate is None:
            gate = {"key": thing[1], "kind": "approval", "tests": {}}
            facts["gates"].append(gate)
        gate["tests"][thing[2]] = what


def _assessed(folder: Path, facts: Facts, scope: Facts) -> Assessment:
    folder.mkdir(parents=True)
    write_estate(folder, [facts], scope)
    return judged(folder)


def _rows(found: Assessment) -> list[tuple[object, ...]]:
    listed = [
        (row.identity, row.verdict, row.soc1, row.soc2, row.gaps) for row in found.identities
    ]
    told = ("verdict", "soc1", "soc2", "soc2_outside", "exposure", "certainty", "states", "steps")
    many = (
        (row.identity, row.target, *(getattr(row, name) for name in (*told, "rules", "gaps")))
        for row in found.verdicts
    )
    return [*listed, *many]


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first == FIRST else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ALL_NIGHT, CHUNK)
    ],
)
def test_an_answer_is_worth_facts_that_say_the_same(first: int, tmp_path: Path) -> None:
    changed = errors = 0
    for seed in range(first, first + CHUNK):
        rng = random.Random(seed)
        facts = _estate(rng)
        answers = _answers(rng, facts)
        target = {"id": "t", "family": "financial-reporting", "fs_role": "record"}
        scope = {
            "nhigraph": "scope/1",
            "commitments": ["S"],
            "as_of": TODAY,
            "targets": [{**target, "icfr_basis": "own", "select": [{"key": "a:d0"}]}],
        }
        edited, wrong = _edited(facts, answers)
        answered = _assessed(tmp_path / f"{seed}a", facts, {**scope, "answers": answers})
        assert _rows(answered) == _rows(_assessed(tmp_path / f"{seed}b", edited, scope)), seed
        lines = answered.coverage["scope"]
        assert isinstance(lines, dict)
        assert lines["errors"] == wrong, seed
        changed, errors = changed + (edited != facts), errors + wrong
    assert changed > CHUNK // 2
    assert errors
