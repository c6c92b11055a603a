"""An estate that something was taken from says one and the same by every way of asking.

What is taken may be a node, an edge or a record, of a document or of the scope, which gives edges
by links and answers. What is left is assessed, compared with what was there, saved and loaded, and
taken from once more.
"""

import random
from pathlib import Path
from typing import Any

import pytest

import nhigraph
from nhigraph.errors import UsageError
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.features import records_of

FIRST, ALWAYS, AT_NIGHT = 840_000, 8, 400
SEEDS = [
    pytest.param(FIRST + n, marks=() if n < ALWAYS else pytest.mark.nightly)
    for n in range(AT_NIGHT)
]
TOLD = ("verdict", "soc1", "soc2", "soc2_outside", "exposure", "certainty")
Rows = dict[tuple[str, str], dict[str, Any]]


def rows(found: nhigraph.Estate) -> Rows:
    told = found.assess().verdicts.to_dict("records")
    return {(row["identity"], row["target"]): {name: row[name] for name in TOLD} for row in told}


def opened(rng: random.Random, facts: list[Any], scope: dict[str, Any]) -> None:
    """Give the scope a link and an answer that open something."""
    names = [node["key"] for node in records_of(facts, "nodes")]
    kind = rng.choice(("CAN_ASSUME", "CAN_WRITE", "FEEDS"))
    ends = dict(zip(("from", "to"), rng.choices(names, k=2), strict=True))
    scope["links"] = [*(scope.get("links") or []), {"kind": kind, **ends, "confirmed_by": "ada"}]
    at = rng.choice(names)
    facts[0].setdefault("gaps", []).append({"at": at, "reason": "whom it becomes is not told"})
    scope["answers"] = [{"gap": {"at": at}, "becomes": rng.choice(names), "confirmed_by": "ada"}]


def taken(rng: random.Random, found: nhigraph.Estate) -> dict[str, Any]:
    """Something to take away: arguments of ``without``."""
    edges = found.edges[found.edges["kind"] != "SUPPORTS"]
    of_scope = edges[edges["artifact"] == "scope.json"]
    some = of_scope if len(of_scope) and rng.random() < 0.6 else edges
    edge = some.iloc[rng.randrange(len(some))]
    return rng.choice(
        (
            {"edges": [(edge["kind"], edge["from"], edge["to"])]},
            {"places": [(edge["artifact"], edge["pointer"])]},
            {"nodes": [edge["to"]]},
        )
    )


def without(found: nhigraph.Estate, *many: dict[str, Any]) -> nhigraph.Estate:
    told: dict[str, list[Any]] = {"nodes": [], "edges": [], "places": []}
    for one in many:
        for name, items in one.items():
            told[name] += items
    return found.without(*told["nodes"], edges=told["edges"], places=told["places"])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_left_is_the_same_however_it_is_asked(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    facts, scope = estate(seed)
    opened(rng, facts, scope)
    write_estate(tmp_path, facts, scope)
    before = nhigraph.read(tmp_path)
    if before.edges.empty or not scope.get("targets"):
        return
    first, second = taken(rng, before), taken(rng, before)
    try:
        left = without(before, first)
    except UsageError:  # what runs something is no right that could go
        return
    was, now = rows(before), rows(left)
    left.save(tmp_path / "left")
    assert rows(nhigraph.load(tmp_path / "left")) == now
    compared = before.diff(left).rows
    named = compared[(compared["what"] == "verdict") & (compared["target"] != "")]
    told = set(zip(named["subject"], named["target"], strict=True))
    changed = {pair for pair in was.keys() | now.keys() if was.get(pair) != now.get(pair)}
    assert told >= changed
    assert all(named["cause"].map(len))
    try:
        one_by_one, at_once = without(left, second), without(before, first, second)
    except UsageError:  # the second is no such right, or went with the first
        return
    assert rows(one_by_one) == rows(at_once)
