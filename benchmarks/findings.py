"""What the rules cost beside the judging, in one process.

    python -m benchmarks.findings [SIZE TARGETS]

The judging is what `assess` does with an estate before it writes: verdicts, paths, controls. The
rules, with the edges that end what they find, are all that is added. A fifth of the credentials
are old, a tenth of the roles belong to nobody. Figures are ratios within one run.
"""

import sys
import time
from dataclasses import replace

from benchmarks.estate_generator import generate
from nhigraph.app.findings import found_rules
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer
from nhigraph.assurance.day import Day
from nhigraph.assurance.scope import resolve
from nhigraph.facts.facts import Fact, Node
from nhigraph.findings.run import register
from nhigraph.findings.seen import Seen
from nhigraph.graph.build import build
from nhigraph.schema.types import Family


def weak(fact: Fact, number: int) -> Fact:
    """The fact, with a weakness if its turn has come."""
    if not isinstance(fact, Node):
        return fact
    if fact.kind.family is Family.CREDENTIAL and number % 5 == 0:
        return replace(fact, props={**fact.props, "rotated": "2020-01-01"})
    if fact.kind.family is Family.IDENTITY and number % 10 == 0:
        return replace(fact, props={**fact.props, "owner_status": "left"})
    return fact


def main() -> None:
    """Print the ratio, and what takes how much of it."""
    size, targets = map(int, sys.argv[1:3] or ("100000", "10"))
    made = generate(size, targets)
    graph = build([weak(fact, number) for number, fact in enumerate(made.facts)]).graph
    estate = resolve(graph, made.claims, Day("2026-11-23")).estate
    start = time.perf_counter()
    analysis = Analysis(estate)
    answered = answer(analysis)
    judged = time.perf_counter() - start
    start = time.perf_counter()
    found = register(Seen(analysis, answered), found_rules())
    spent = time.perf_counter() - start
    print(
        f"{len(graph.nodes):,} nodes, {len(graph.edges):,} edges, {targets} targets, "
        f"{len(estate.identities):,} identities: {len(found.rows):,} findings, "
        f"{found.uncut:,} without edges to cut, {len(found.not_known):,} not known; the rules "
        f"take {spent / judged:.2f} times the judging"
    )


if __name__ == "__main__":
    main()
