"""What falls with a table, a system or a repository falls to whoever owns it, by brute force.

The test writes an identity that owns one such thing into the facts, one at a time, and asks the
walker of ``tests/oracle``, which shares no code with the product.
"""

from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.questions.reach import blast, reach_one
from nhigraph.app.questions.why import why
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.subjects import IMAGINED, Subject, planted
from tests.oracle.vocabulary import NHI_KINDS
from tests.oracle.walker import judge
from tests.oracle.world import World, build_world

DAY = "2026-11-23"
Facts = list[dict[str, object]]
#: Kinds that act, and those that are known rather than taken over.
OTHER = {
    *NHI_KINDS,
    *("User", "Group", "Grant", "ApiKey", "Token", "Secret", "Certificate", "SecretStore"),
    *("EncryptionKey", "FinancialReporting", "TrustService", "Unknown"),
}


def _told(found: Judged, key: str) -> dict[str, str]:
    """Targets to states, of three questions that have to agree."""
    node = found.estate.graph.node_id(key)
    assert node is not None
    targets = {one.key for one in found.estate.targets}
    rows = {x.node: x.states for x in blast(found, node) if x.node in targets and x.states}
    for target in sorted(targets):
        states = [x.states for x in reach_one(found, node, target) if x.states]
        assert states == [rows[target]] if target in rows else not states, target
        assert bool(rows.get(target)) == bool(why(found, node, target).steps) or target == key
    return rows


def things(world: World) -> list[str]:
    """Keys of what acts on nothing by itself."""
    return sorted(
        key
        for key, node in world.nodes.items()
        if not node.kinds & OTHER and not node.is_nhi and world.active(key)
    )


@pytest.mark.parametrize("seed", range(71_000, 71_008))
def test_what_falls_with_a_thing_falls_to_whoever_owns_it(seed: int, tmp_path: Path) -> None:
    facts, scope = estate(seed)
    write_estate(tmp_path, facts, scope)
    dated = scope.get("as_of") or any(document.get("extracted") for document in facts)
    day = None if dated else DAY
    found = of_collection(collect([tmp_path]), option=day)
    checked = 0
    for key in things(build_world(facts, scope, day))[:12]:
        grown = planted(facts, scope, Subject(key, "thing", frozenset({key}), frozenset({key})))
        if grown is None:
            continue
        _, verdicts = judge(grown, scope, all_reached=True, as_of=day)
        expected = {
            str(x["target"]): str(x["states"])
            for x in verdicts
            if x["identity"] == IMAGINED and x["states"]
        }
        assert _told(found, key) == expected, (seed, key)
        checked += 1
    assert checked
