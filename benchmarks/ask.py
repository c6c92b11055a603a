"""What the questions cost beside the judging, in one process.

    python -m benchmarks.ask [SIZE TARGETS GAPS]

The judging is what `assess` does with an estate before it writes: verdicts, paths, controls. The
asking is all that is added. Figures are ratios within one run.
"""

import random
import sys
import time

from benchmarks.estate_generator import generate
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer
from nhigraph.assurance.day import Day
from nhigraph.assurance.questions.candidates import Absent, candidates
from nhigraph.assurance.questions.rank import rank
from nhigraph.assurance.scope import resolve
from nhigraph.facts.asks import Opens
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Fact, Gap, Node
from nhigraph.graph.build import build
from nhigraph.schema.types import State


def gaps(facts: list[Fact], count: int, seed: int) -> list[Fact]:
    """Gaps at nodes drawn from all: of credentials what they open, of others whatever is there."""
    rng = random.Random(seed)
    nodes = [fact for fact in facts if isinstance(fact, Node)]
    found: list[Fact] = []
    for number, node in enumerate(rng.sample(nodes, count)):
        place = Evidence("gaps.facts.json", f"/{number}", "0" * 64)
        if node.kind.label == "Secret":
            found.append(Gap(node.key, "what it opens", place, (State.READ,), asks=Opens()))
        else:
            found.append(Gap(node.key, "not understood", place))
    return found


def main() -> None:
    """Print the ratio."""
    size, targets, many = map(int, sys.argv[1:4] or ("100000", "10", "2000"))
    made = generate(size, targets)
    graph = build([*made.facts, *gaps(made.facts, many, 7)]).graph
    estate = resolve(graph, made.claims, Day("2026-11-23")).estate
    start = time.perf_counter()
    analysis = Analysis(estate)
    answer(analysis)
    judged = time.perf_counter() - start
    start = time.perf_counter()
    asked = candidates(estate, Absent())
    listed = time.perf_counter() - start
    ranked = rank(analysis, asked)
    spent = time.perf_counter() - start
    print(
        f"{len(graph.nodes):,} nodes, {len(graph.edges):,} edges, {targets} targets, "
        f"{len(graph.gaps):,} gaps, {len(asked):,} candidates: {len(ranked.questions)} questions, "
        f"{ranked.undecided:,} undecided; asking is {spent / judged:.2f} times the judging "
        f"(limit 2; of it {listed / judged:.2f} to list what could be asked)"
    )


if __name__ == "__main__":
    main()
