"""Alternatives of paths against exhaustive search by the brute-force walker, on random estates."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.answer import Options
from nhigraph.assurance.rows import PathStep
from tests.estate_files import write_estate
from tests.oracle.alternatives import Everything, told
from tests.oracle.alternatives import Path as Walk
from tests.oracle.estates import estate
from tests.oracle.records import edge_refused, is_text
from tests.oracle.shapes import DATA_KINDS
from tests.oracle.vocabulary import NHI_KINDS
from tests.oracle.walker import identities_of, prepared
from tests.oracle.world import Edge, all_records, link_record, read_edge

FIRST, ESTATES, CHUNK = 400_000, 400, 5
#: Estates on every change; all of them at night.
ALWAYS = 15
#: Alternatives asked for: more than most pairs have, so that most lists are whole.
WANTED = 6
#: Walks of a pair that are tried at most.
WALKS = 1_500
DAY = "2026-11-23"
Shown = tuple[PathStep, ...]


def tangled(seed: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """An estate with more ways than most, and more that a way needs."""
    facts, scope = estate(seed)
    rng = Random(seed)
    nodes = [node for node in all_records(facts, "nodes") if is_text(node.get("key"))]
    keys = sorted({node["key"] for node in nodes})
    data = sorted({n["key"] for n in nodes if n.get("kind") in DATA_KINDS}) or keys
    walkers = sorted({n["key"] for n in nodes if n.get("kind") in (*NHI_KINDS, "Grant")}) or keys
    shapes = [("CAN_ASSUME", walkers, walkers), ("HOLDS", walkers, walkers)]
    shapes += [("CAN_WRITE", walkers, data), ("OWNS", walkers, keys), ("FEEDS", data, data)]
    for _ in range(rng.randint(4, 10)):
        kind, sources, targets = rng.choice(shapes)
        edge = {"kind": kind, "from": rng.choice(sources), "to": rng.choice(targets)}
        rng.choice(facts).setdefault("edges", []).append(edge)
    sound = [edge for edge in all_records(facts, "edges") if not edge_refused(edge)]
    given = [edge["to"] for edge in sound if edge["kind"] in ("CAN_ASSUME", "HOLDS", "RUNS_AS")]
    for edge in sound:
        if rng.random() < (0.6 if edge["kind"] == "FEEDS" else 0.2) and not edge.get("needs"):
            edge["needs"] = [{"at": rng.choice(given or walkers), "state": "CONTROL"}]
    return facts, scope


class Places:
    """Where each edge of an estate stands."""

    def __init__(self, seed: int) -> None:
        """Draw the estate; every second one is a tangle."""
        self.facts, self.scope = tangled(seed) if seed % 2 else estate(seed)
        self.ctx, self.targets, self.moves = prepared(self.facts, self.scope, DAY)
        self._of: dict[Edge, set[tuple[str, str]]] = {}
        for name, document in ((f"part-{n}.facts.json", one) for n, one in enumerate(self.facts)):
            for number, record in enumerate(all_records([document], "edges")):
                edge = self._add(record, (name, f"/edges/{number}"))
                # What is said and what goes without saying are two edges of the product.
                if edge is not None and edge.action:
                    record["action"] = edge.action
                if edge is not None and edge.kind == "FEEDS":
                    record["transform"] = edge.transform
        for number, link in enumerate(self.scope.get("links") or []):
            edge = self._add(link_record(link), ("scope.json", f"/links/{number}"))
            if edge is not None and edge.action:
                link["action"] = edge.action

    def _add(self, record: dict[str, Any], place: tuple[str, str]) -> Edge | None:
        if edge_refused(record):
            return None
        edge = read_edge(record, self.ctx.world.nodes)
        self._of.setdefault(edge, set()).add(place)
        return edge

    def shown_as(self, walk: Walk, steps: Shown) -> bool:
        """Whether the steps of the product are those of a walk of the oracle."""
        if told(walk) != [(step.source, step.target, step.state) for step in steps]:
            return False
        edges = [m.edge for m in walk if m.edge is not None or m.source[0] != m.target[0]]
        places = [(step.artifact, step.pointer) for step in steps]
        return all(
            edge is None or min(self._of[edge]) == place
            for edge, place in zip(edges, places, strict=True)
        )


def pairs(seed: int, folder: Path) -> Iterator[tuple[Places, Everything, list[Shown]]]:
    """What the product shows of every reached pair of an estate, beside all walks that it has."""
    places = Places(seed)
    write_estate(folder, places.facts, places.scope)
    options = Options(all_reached=True, alternatives=WANTED)
    found = assess(of_collection(collect([folder]), option=DAY), options)
    rows = {(row.identity, row.target): row for row in found.verdicts if row.path_id}
    targets = {target.key: target for target in places.targets}
    for identity in identities_of(places.ctx, places.targets, places.moves):
        for key in sorted(identity.paths):
            row = rows.get((identity.key, key))
            if row is not None:
                name = row.path_id
                shown = [found.paths[name], *found.alternatives.get(name, ())]
                walks = Everything(places.ctx, identity, targets[key], places.moves, WALKS)
                yield places, walks, shown


def check(places: Places, everything: Everything, shown: list[Shown]) -> Counter[str]:
    """Each is the best beside those before it, and none is missing."""
    if everything.walks is None:
        return Counter(["too many walks"])
    assert [step.alternative for path in shown for step in path] == [
        number for number, path in enumerate(shown) for _ in path
    ]
    listed: list[Walk] = []
    for number in range(WANTED + 1):
        best = everything.beside(listed)
        if number == len(shown):
            assert not best, f"left out: {[told(walk) for walk in best]}"
            break
        same = [walk for walk in best if places.shown_as(walk, shown[number])]
        assert same, f"{told(best[0]) if best else None} is better than {shown[number]}"
        listed.append(same[0])
    counts = Counter({"pairs": 1, "alternatives": len(listed) - 1})
    counts["whole"] = len(shown) <= WANTED
    stops = everything.stops(listed[0])
    for edge in stops:
        left = any(everything.stands(walk, {edge}) for walk in everything.walks)
        stand = any(everything.stands(walk, {edge}) for walk in listed)
        # Whichever stops the path shown: what is left then is among the alternatives.
        assert stand == left or not counts["whole"], edge
        counts["stops that leave one"] += left
    counts["by a need"] += any(all(m.edge != e for m in listed[0]) for e in stops)
    counts["with a gate"] += any(m.gate for walk in listed[1:] for m in walk)
    counts["with a condition"] += any(not m.certain for walk in listed[1:] for m in walk)
    counts["that need"] += any(m.needs for walk in listed[1:] for m in walk)
    return counts


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ESTATES, CHUNK)
    ],
)
def test_no_better_alternative_is_left_out(first: int, tmp_path: Path) -> None:
    """For every reached pair of every estate, by trying all walks and all removals."""
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for places, everything, shown in pairs(seed, folder):
            check(places, everything, shown)


def test_the_search_above_sees_what_it_is_about(tmp_path: Path) -> None:
    """Without these it would show little."""
    counts: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + 4 * CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for places, everything, shown in pairs(seed, folder):
            counts += check(places, everything, shown)
    expected = {"whole", "alternatives", "stops that leave one", "with a gate", "that need"}
    assert all(counts[name] >= 10 for name in expected), counts
    assert counts["by a need"]
    assert counts["with a condition"]
    assert not counts["too many walks"]
