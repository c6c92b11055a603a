"""Laws of what is lost: a word that nobody knows, a target of nothing, one more record.

None of them may turn a path, or an open question, into calm.
"""

import copy
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.estate_files import identities, verdicts
from tests.oracle import features
from tests.oracle.scope import Target, apply_owners, boundaries, commitments_of, targets_of
from tests.oracle.shapes import CODE_KINDS, CREDENTIALS, DATA_KINDS, IDENTITY_KINDS
from tests.oracle.world import World, build_world
from tests.property.lawful import (
    SEEDS,
    SPAN,
    Estate,
    Facts,
    at_least,
    changes_selection,
    drawn_estate,
    judge_in,
)

SOC1 = ("none", "undetermined", "indirect", "direct")
Record = dict[str, Any]
SPOIL: dict[str, Callable[[Random, Facts, Record], None]] = {
    "edges": features.refuse_edge,
    "gates": features.refuse_gate,
    "gaps": features.refuse_gap,
    "nodes": features.refuse_node,
}


def _read(found: Estate) -> tuple[World, dict[str, str], list[Target]]:
    facts, scope = found
    world = build_world(facts, scope)
    apply_owners(world, scope)
    boundary = boundaries(world, scope)
    return world, boundary, targets_of(world, scope, boundary)


def _supported(found: Estate) -> set[str]:
    return {target.key for target in _read(found)[2] if not target.dead}


def _touches(edge: Record, key: str) -> bool:
    needs = edge.get("needs")
    needed = [need.get("at") for need in needs if isinstance(need, dict)] if needs else []
    return key in (edge.get("from"), edge.get("to"), *needed)


def _refused_and_removed(found: Estate, section: str, rng: Random) -> tuple[Estate, Estate] | None:
    """The estate with one word of one record misspelt, and the one where the record is gone."""
    removed = copy.deepcopy(found)
    places = [
        (number, at)
        for number, document in enumerate(found[0])
        for at in range(len(document.get(section, [])))
    ]
    if not places:
        return None
    number, at = rng.choice(places)
    record = found[0][number][section][at]
    nodes = features.records_of(found[0], "nodes")
    if section == "nodes" and sum(node["key"] == record["key"] for node in nodes) > 1:
        return None  # of two records of a node one is left
    only = {"nodes": nodes, section: [record]}
    SPOIL[section](rng, [only], found[1])
    del removed[0][number][section][at]
    if section == "nodes":
        for records in (*(d.get("edges", []) for d in removed[0]), removed[1].get("links", [])):
            records[:] = [edge for edge in records if not _touches(edge, record["key"])]
    return found, removed


@pytest.mark.parametrize("section", SPOIL)
@pytest.mark.parametrize("first", SEEDS)
def test_a_misspelt_word_never_says_less_than_no_record(
    first: int, section: str, tmp_path: Path
) -> None:
    """A refused record leaves a gap: at least what is said where nobody wrote the record."""
    for seed in range(first, first + SPAN):
        found = drawn_estate(seed)
        pair = _refused_and_removed(found, section, Random(f"{seed} {section}"))
        if pair is None or changes_selection(found[1]):
            continue
        refused, removed = pair
        if _supported(refused) != _supported(removed):
            continue
        more = judge_in(tmp_path / f"{seed}-refused", refused)
        fewer = judge_in(tmp_path / f"{seed}-removed", removed)
        at_least(identities(more), identities(fewer))


def _open_by_nature(target: Target, committed: frozenset[str]) -> bool:
    financial = target.unread or (target.financial and target.role != "none")
    return financial or bool(target.by_effect & committed)


@pytest.mark.parametrize("spoil", [features.kill_target, features.refuse_target])
@pytest.mark.parametrize("first", SEEDS)
def test_a_target_of_nothing_leaves_no_identity_of_ours_calm(
    first: int, spoil: features.Feature, tmp_path: Path
) -> None:
    """Misspelt, it stands for nothing: everybody living inside the boundary has it open."""
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        spoil(Random(f"{seed} spoil"), facts, scope)
        world, boundary, targets = _read((facts, scope))
        committed = commitments_of(scope)
        dead = {t.key for t in targets if t.dead and _open_by_nature(t, committed)}
        rows = identities(judge_in(tmp_path / f"{seed}-spoilt", (facts, scope)))
        for row in rows:
            ours = boundary[row["identity"]] in ("in", "inclusive")
            if dead and ours and world.active(row["identity"]):
                assert row["verdict"] != "neither", (seed, row)
                assert dead <= set(row["targets"].split(";")), (seed, row, dead)


def _only_adding(facts: Facts) -> Facts:
    """The records of a document that say nothing about who is gone, or is no machine."""
    kept = copy.deepcopy(facts)
    for node in features.records_of(kept, "nodes"):
        for name in ("state", "expires", "nhi"):
            node.pop(name, None)
    return kept


@pytest.mark.parametrize("first", SEEDS)
def test_one_more_document_takes_no_certain_path_away(first: int, tmp_path: Path) -> None:
    """What was proven of a pair stays proven: its soc1, and the states at the target."""
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        other, _ = drawn_estate(seed + 40_000)
        before = judge_in(tmp_path / f"{seed}-one", (facts, scope))
        after = judge_in(tmp_path / f"{seed}-two", ([*facts, *_only_adding(other)], scope))
        rows = {(row["identity"], row["target"]): row for row in verdicts(after)}
        for row in verdicts(before):
            if row["certainty"] == "can" and row["target"] != "*":
                now = rows[row["identity"], row["target"]]
                assert set(row["states"].split("+")) <= set(now["states"].split("+")), (seed, row)
                assert SOC1.index(row["soc1"]) <= SOC1.index(now["soc1"]), (seed, row, now)


_ADDING: dict[str, tuple[Any, ...]] = {
    "environment": ("prod", "sandbox"),
    "owner_status": ("active", "left", "none"),
    "trust_subject": ("exact", "wildcard", "missing"),
    "vendor": ("Otherly",),
    "exposed": (True, False),
    "used_by": (0, 1, 3),
    "required_reviews": (0, 2),
    "rights_granted": (10, 100),
    "tags": (["ledger"],),
    "login": (True, False),
}


@pytest.mark.parametrize("first", SEEDS)
def test_a_second_record_of_a_node_only_adds(first: int, tmp_path: Path) -> None:
    """Of any kind, with any property that says more when it says anything."""
    kinds = (*IDENTITY_KINDS, *DATA_KINDS, *CODE_KINDS, *CREDENTIALS, "Grant", "System")
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        rng = Random(f"{seed} second")
        for edge in features.records_of(facts, "edges"):
            edge["action"] = edge.get("action") or "update"  # the action hangs on the kind
        more = copy.deepcopy(facts)
        node = rng.choice(features.records_of(facts, "nodes"))
        props = {name: rng.choice(_ADDING[name]) for name in rng.sample(sorted(_ADDING), 4)}
        again = {"kind": rng.choice((node["kind"], *kinds)), "key": node["key"], "props": props}
        rng.choice(more).setdefault("nodes", []).append(again)
        if _supported((facts, scope)) != _supported((more, scope)):
            continue
        before = judge_in(tmp_path / f"{seed}-one", (facts, scope))
        after = judge_in(tmp_path / f"{seed}-two", (more, scope))
        at_least(identities(after), identities(before))
