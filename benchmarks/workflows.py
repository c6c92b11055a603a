"""Reading one workflow file, beside a parser that does nothing else, in one process.

    python -m benchmarks.workflows [--rounds N] [--limit-ms MS]

Reading is all that the source does with a file: its bytes, whether it is a workflow, the parse
with lines, and every fact. The peer is PyYAML's own CSafeLoader on the same bytes: it checks no
duplicate key, keeps no line and says nothing. The files are those of the tests and of the sample;
one that is broken on purpose counts until it is refused, by the reader and by the peer alike.
A file's time is the median of its rounds, so that the rest of the machine does not decide which
is the worst; the slowest single reading is said beside. Figures are ratios within one run:
machines are noisy, and milliseconds of two runs compare nothing.
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from nhigraph.errors import InputError
from nhigraph.ingest.discover import discover
from nhigraph.ingest.document import Document
from nhigraph.sources.github_actions import INGESTOR

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests" / "unit" / "sources" / "github_actions"
SAMPLE = ROOT / "samples" / "ledgerline"


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of every file, in the order of the files.

    Attributes:
        read: Medians of the rounds, of reading.
        parsed: The same of the peer.
        slowest: The one slowest reading of all.
        facts: How many facts the files gave in one round.
        refused: How many files are broken.
        size: Bytes of all files.
    """

    read: list[float]
    parsed: list[float]
    slowest: float
    facts: int
    refused: int
    size: int


def files() -> list[Document]:
    """Workflow files of the tests and the sample, found as every input is."""
    found = [doc for doc in discover([FIXTURES]).documents if doc.path.name == "workflow.yml"]
    found += [d for d in discover([SAMPLE]).documents if d.path.parent.name == "workflows"]
    assert len(found) > 100, "the fixtures have moved"
    return found


def reading(known: Document) -> int:
    """Facts of one file, as a run reads it; -1 where it is refused."""
    doc = Document(known.path, known.artifact, checkout=known.checkout)
    try:
        return sum(1 for _ in INGESTOR.read(doc)) if INGESTOR.recognises(doc) else 0
    except InputError:
        return -1


def parsing(data: bytes) -> object:
    """The peer."""
    try:
        return yaml.load(data, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return None


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1_000


def measure(rounds: int) -> Figures:
    """Read and parse every file once a round, one right after the other."""
    found = files()
    contents = [doc.path.read_bytes() for doc in found]
    facts = [reading(doc) for doc in found]  # Imports what is imported late, and warms caches.
    read: list[list[float]] = [[] for _ in found]
    parsed: list[list[float]] = [[] for _ in found]
    gc.collect()
    gc.freeze()  # What the program itself is made of is nobody's garbage.
    for _ in range(rounds):
        for index, doc in enumerate(found):
            read[index].append(timed(partial(reading, doc)))
            parsed[index].append(timed(partial(parsing, contents[index])))
    return Figures(
        [statistics.median(times) for times in read],
        [statistics.median(times) for times in parsed],
        max(max(times) for times in read),
        sum(n for n in facts if n > 0),
        facts.count(-1),
        sum(map(len, contents)),
    )


def show(name: str, values: list[float], digits: int) -> None:
    figures = (statistics.median(values), statistics.quantiles(values, n=20)[-1], max(values))
    print(f"| {name} | {' | '.join(f'{figure:.{digits}f}' for figure in figures)} |")


def main(arguments: list[str]) -> None:
    options = argparse.ArgumentParser(prog="benchmarks.workflows", description=__doc__)
    options.add_argument("--rounds", type=int, default=30, help="times that each file is read")
    options.add_argument("--limit-ms", type=float, default=5.0, help="largest median allowed")
    chosen = options.parse_args(arguments)
    found = measure(chosen.rounds)
    count = f"{len(found.read)} files, {found.size} bytes, {found.facts} facts"
    print(f"{count}, {found.refused} refused; slowest single reading {found.slowest:.3f} ms\n")
    print("| part | median | 95 % | worst |")
    print("|---|---|---|---|")
    ratios = [one / other for one, other in zip(found.read, found.parsed, strict=True)]
    show("reading, ms", found.read, 3)
    show("CSafeLoader, ms", found.parsed, 3)
    show("times CSafeLoader, file by file", ratios, 1)
    median = statistics.median(found.read)
    if median > chosen.limit_ms:
        sys.exit(f"FAILED: the median is {median:.3f} ms, above {chosen.limit_ms} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
