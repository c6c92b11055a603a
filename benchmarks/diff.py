"""What a comparison of two snapshots costs, and how many sets of changes it tries.

python -m benchmarks.diff [SIZE TARGETS CHANGES]
python -m benchmarks.diff --profile …             the same under the profiler

Changes are edges of the second estate that went or lost their certainty, drawn at random.
"""

import cProfile
import random
import sys
import time
from dataclasses import replace

from benchmarks.estate_generator import generate
from nhigraph.assurance.day import Day
from nhigraph.assurance.diff.causes import differences
from nhigraph.assurance.diff.mixed import Stored
from nhigraph.assurance.scope import resolve
from nhigraph.facts.facts import Edge, Fact
from nhigraph.graph.build import build
from nhigraph.schema.types import Certainty


def later(facts: list[Fact], many: int, seed: int) -> list[Fact]:
    """The facts of another day."""
    rng = random.Random(seed)
    edges = [at for at, fact in enumerate(facts) if isinstance(fact, Edge)]
    chosen = set(rng.sample(edges, many))
    found: list[Fact] = []
    for at, fact in enumerate(facts):
        if at not in chosen or not isinstance(fact, Edge):
            found.append(fact)
        elif rng.random() < 0.5:
            found.append(replace(fact, certainty=Certainty.ASSUMED))
    return found


def main() -> None:
    """Print the figures."""
    arguments = [one for one in sys.argv[1:] if one != "--profile"]
    size, targets, many = map(int, arguments or ("2000", "10", "40"))
    made = generate(size, targets)
    day = Day("2026-11-23")
    graphs = [build(made.facts).graph, build(later(made.facts, many, 3)).graph]
    sides = [Stored(graph, made.claims, day) for graph in graphs]
    start = time.perf_counter()
    estates = [resolve(side.graph, side.claims, day).estate for side in sides]
    judged = time.perf_counter() - start
    profile = cProfile.Profile() if "--profile" in sys.argv else None
    start = time.perf_counter()
    if profile:
        profile.enable()
    found = differences(sides[0], sides[1], estates[0], estates[1])
    if profile:
        profile.disable()
        profile.print_stats("cumulative")
    spent = time.perf_counter() - start
    causes = {one.cause.changes for one in found.verdicts if one.cause}
    proven = sum(one.cause is not None and one.cause.smallest for one in found.verdicts)
    print(
        f"{len(graphs[0].nodes):,} nodes, {len(graphs[0].edges):,} edges, "
        f"{len(found.mixed.atoms):,} changes: {len(found.verdicts):,} verdicts changed, "
        f"{len(causes)} causes, {proven:,} proven smallest; {found.trials:,} sets tried in "
        f"{spent:.1f} s (resolving both takes {judged:.2f} s)"
    )


if __name__ == "__main__":
    main()
