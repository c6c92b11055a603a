"""Weaknesses at their thresholds, and with the flag that counts inactive nodes as active."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows

TARGET = {"id": "t", "family": "trust-service", "commitments": ["S"], "select": [{"key": "a:d"}]}


def judged(
    folder: Path,
    nodes: list[dict[str, object]],
    thresholds: dict[str, float] | None = None,
    *,
    include_disabled: bool = False,
) -> Judged:
    facts = {"nhigraph": "facts/1", "nodes": [*nodes, {"kind": "Dataset", "key": "a:d"}]}
    scope = {
        "nhigraph": "scope/1",
        "commitments": ["S"],
        "as_of": "2026-11-23",
        "targets": [TARGET],
        "thresholds": thresholds or {},
    }
    (folder / "a.facts.json").write_text(json.dumps(facts))
    (folder / "scope.json").write_text(json.dumps(scope))
    return of_collection(collect([folder]), include_disabled=include_disabled)


def weaknesses(found: Judged) -> dict[str, tuple[str, ...]]:
    return {row.identity: row.weaknesses for row in rows(Analysis(found.estate)).identities}


@pytest.mark.parametrize("share", ["0.55", "0.07", "0.29", "0.8", "0.1", "0.57", "0.14", "1"])
@pytest.mark.parametrize("granted", [100, 300, 1000])
def test_a_share_of_unused_rights_is_taken_as_it_is_written(
    share: str, granted: int, tmp_path: Path
) -> None:
    """Just as many as the share says are enough, one fewer is not: 0.55 times 100 is 55."""
    limit = Fraction(share) * granted
    assert limit.denominator == 1
    nodes: list[dict[str, object]] = [
        {
            "kind": "ServiceAccount",
            "key": f"a:{unused - int(limit):+d}",
            "props": {"rights_granted": granted, "rights_used": granted - unused},
        }
        for unused in (int(limit) - 1, int(limit), int(limit) + 1)
        if unused <= granted
    ]
    found = weaknesses(
        judged(tmp_path, nodes, {"unused_rights_share": float(share), "unused_rights_min": 1})
    )
    assert found == {
        str(node["key"]): () if str(node["key"]) == "a:-1" else ("overprivileged",)
        for node in nodes
    }


@pytest.mark.parametrize("gone", [{"state": "disabled"}, {"expires": "2026-11-22"}])
def test_who_has_left_is_gone_whatever_their_account_would_open(
    gone: dict[str, str], tmp_path: Path
) -> None:
    """Counting inactive nodes as active shows more, and takes no weakness away."""
    nodes: list[dict[str, object]] = [
        {"kind": "ServiceAccount", "key": "a:bot", "owner": "a:ada"},
        {"kind": "ServiceAccount", "key": "a:kept", "owner": "a:bob"},
        {"kind": "User", "key": "a:ada", **gone},
        {"kind": "User", "key": "a:bob"},
    ]
    for include_disabled in (False, True):
        found = weaknesses(judged(tmp_path, nodes, include_disabled=include_disabled))
        assert found == {"a:bot": ("orphaned",), "a:kept": ()}
