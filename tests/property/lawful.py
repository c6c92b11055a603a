"""Random estates, judged by the product, and the order that the laws speak of."""

import copy
from pathlib import Path
from typing import Any

import pytest

from nhigraph.assurance.rows import Assessment
from nhigraph.assurance.verdict import SOC1_ORDER
from tests.estate_files import Rows, judged, write_estate
from tests.oracle.estates import estate

SPAN = 20
#: First seeds: a span on every change, the others at night.
SEEDS = [0, *(pytest.param(n, marks=pytest.mark.nightly) for n in range(20, 240, SPAN))]
DAY = "2026-11-23"
CATEGORIES = {"S", "A", "PI", "C", "P"}
EXPOSURES = ("in-population", "gated", "relies_on_subservice", "undetermined", "open")

Facts = list[dict[str, Any]]
Estate = tuple[Facts, dict[str, Any]]


def drawn_estate(seed: int, only: str | None = None) -> Estate:
    """The estate of a seed, to be changed, at a day of its own."""
    facts, scope = copy.deepcopy(estate(seed, only))
    scope["as_of"] = scope.get("as_of") or DAY
    return facts, scope


def judge_in(folder: Path, found: Estate) -> Assessment:
    """What the product says of an estate."""
    folder.mkdir()
    write_estate(folder, *found)
    return judged(folder)


def letters(cell: str) -> set[str]:
    """The categories that a cell proves."""
    return set(cell.split(";")) & CATEGORIES


def at_least(more: Rows, fewer: Rows) -> None:
    """No soc1 falls, no letter is lost, no open question is closed from ``fewer`` to ``more``."""
    rows = {row["identity"]: row for row in more}
    for row in fewer:
        other = rows[row["identity"]]
        low, high = SOC1_ORDER.index(row["soc1"]), SOC1_ORDER.index(other["soc1"])
        assert low <= high, (row, other)
        for name in ("soc2", "soc2_outside"):
            assert letters(row[name]) <= letters(other[name]), (name, row, other)
        assert not row["soc2"] or other["soc2"], (row, other)


def edges_of(facts: Facts) -> list[tuple[int, int]]:
    """The place of each edge: document, number."""
    return [(d, e) for d, doc in enumerate(facts) for e in range(len(doc.get("edges", [])))]


def known_keys(facts: Facts) -> set[str]:
    """The keys of all nodes."""
    return {node["key"] for document in facts for node in document.get("nodes", [])}


def changes_selection(scope: dict[str, Any]) -> bool:
    """Whether lineage selects: then an edge is a claim about targets, and not only a path."""
    items = [item for target in scope["targets"] for item in target.get("select", [])]
    boundary = scope.get("boundary") or {}
    items += [item for many in boundary.values() for item in many or []]
    items += [owner["select"] for owner in scope.get("owners") or []]
    return any("downstream_of" in item for item in items)
