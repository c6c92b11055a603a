"""What alternatives of the shown paths cost, beside the answer without them.

python -m benchmarks.alternatives [SIZE TARGETS]…     the sample, then generated estates
"""

import sys
import time

from benchmarks.estate_generator import generate
from nhigraph.app.collect import collect
from nhigraph.app.judge import ALTERNATIVES, ALTERNATIVES_WORK
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer, Options, answer
from nhigraph.assurance.day import Day
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.scope import resolve
from nhigraph.graph.build import build
from tests.sample import INPUTS, REPOSITORY, SCOPE


def timed(estate: Estate, options: Options) -> tuple[Answer, float]:
    """An answer, and the seconds of the processor that it took."""
    began = time.process_time()
    found = answer(Analysis(estate), options)
    return found, time.process_time() - began


def show(name: str, estate: Estate) -> None:
    """One line of the table: the better of two runs each."""
    wanted = Options(alternatives=ALTERNATIVES, work=ALTERNATIVES_WORK)
    plain = min(timed(estate, Options())[1] for _ in range(2))
    found, first = timed(estate, wanted)
    spent = min(first, timed(estate, wanted)[1])
    rows, left = len(found.paths), found.alternatives_left_out
    many = sum(len(one) for one in found.alternatives.values())
    print(
        f"| {name} | {rows} | {rows - left} | {many} | {plain:.2f} | {spent - plain:.2f} |",
        flush=True,
    )


def main(arguments: list[str]) -> None:
    """Print the table."""
    print("| estate | paths | looked at | alternatives | answer, s | alternatives, s |")
    print("|---|---|---|---|---|---|")
    sample = collect([*INPUTS, SCOPE], repo=REPOSITORY)
    show("ledgerline", of_collection(sample, option=None).estate)
    sizes = [int(one) for one in arguments] or [10_000, 200, 100_000, 20]
    for size, targets in zip(sizes[::2], sizes[1::2], strict=True):
        made = generate(size, targets)
        resolved = resolve(build(made.facts).graph, made.claims, Day("2026-11-23"))
        show(f"{size} nodes, {targets} targets", resolved.estate)


if __name__ == "__main__":
    main(sys.argv[1:])
