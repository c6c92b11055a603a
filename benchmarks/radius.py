"""The blast radius of every identity: exact, sketched, and by one plain search an identity.

    python -m benchmarks.radius [SIZE [SAMPLE [tidy|tangled]]]

Exact counts nodes at which an identity holds anything, and each state, and each family's nodes,
for all identities in one go. Of a sample each is walked plainly besides, by a loop of its own that
shares nothing with the package (``plain_walk``): counts must be the same, and seconds are the
ratio. The sketch's error is told over all identities, against the exact.
"""

import sys
import time

import numpy as np

from benchmarks.closure import starts_of
from benchmarks.closure_graph import FAMILIES, Company, generate
from benchmarks.plain_walk import Walk, tally
from nhigraph.schema.types import State
from nhigraph.trace.horn import Horn, taken_apart
from nhigraph.trace.product import STATES, Closure
from nhigraph.trace.radius import Radius, radius

_SHARES = (50, 90, 99, 99.9, 100)


def counted(company: Company, horn: Horn, *, exact: bool) -> tuple[Radius, float]:
    """A radius, and seconds."""
    started = time.perf_counter()
    found = radius(horn, starts_of(company), company.family, exact=exact)
    return found, time.perf_counter() - started


def walk_of(company: Company) -> Walk:
    """The clauses of *may*, laid out for plain walks."""
    reading = company.product.in_closure(Closure.MAY)
    return Walk.of(reading.size, reading.src, reading.dst, reading.need_ptr, reading.need_idx)


def wrong(company: Company, exact: Radius, sample: int) -> tuple[int, int, float]:
    """Sampled identities whose counts are not those of a plain walk, walks, and their seconds."""
    plain = walk_of(company)
    plain.held(0)  # compiles
    family = company.family
    many = min(sample, len(company.identities))
    chosen = np.random.default_rng(2).choice(len(company.identities), many, replace=False)
    differ, spent = 0, 0.0
    for walker in chosen.tolist():
        started = time.perf_counter()
        held = plain.held(int(company.identities[walker]) * STATES + State.CONTROL)
        spent += time.perf_counter() - started
        by_family = tally(held, STATES, family, len(FAMILIES) + 1)
        whole = np.concatenate([by_family.sum(axis=0, keepdims=True), by_family])
        expected = np.concatenate([whole[:, -1:], whole[:, :-1]], axis=1)
        differ += not np.array_equal(expected, exact.counts[exact.which[walker]])
    return differ, many, spent


def errors(exact: Radius, sketched: Radius) -> dict[str, list[float]]:
    """Percentiles of the relative error over all identities, of counts of 20 and more."""
    found = {}
    columns = {"any state": (0, 0), "ALTER": (0, 1 + State.ALTER), "data": (4, 0)}
    for name, (family, slot) in columns.items():
        true = exact.counts[exact.which, family, slot]
        told = sketched.counts[sketched.which, family, slot]
        some = true >= 20
        off = np.abs(told[some] / true[some] - 1)
        found[name] = [float(np.percentile(off, share)) for share in _SHARES] if some.any() else []
    return found


def main(arguments: list[str]) -> None:
    size, sample = (*map(int, arguments[:2]), 2_000)[:2] if arguments else (100_000, 2_000)
    for shape in arguments[2:] or ["tidy", "tangled"]:
        company = generate(size, 1_000 if size >= 10_000 else 20, shape)
        horn = taken_apart(company.product.in_closure(Closure.MAY))
        counted(company, horn, exact=False)  # compiles, as the next does
        exact, seconds = counted(company, horn, exact=True)
        sketched, quick = counted(company, horn, exact=False)
        many = len(company.identities)
        print(f"{shape}: {company.nodes:,} nodes, {company.edges:,} edges, {many:,} identities")
        print(
            f"mean radius {exact.whole().mean():,.1f} nodes, greatest {exact.whole().max():,.0f}"
        )
        print(f"exact {seconds:.2f} s; sketch {quick:.2f} s, stated error {sketched.error:.3f}")
        differ, walked, spent = wrong(company, exact, sample)
        looped = spent / walked * many
        each = f"{spent / walked * 1000:,.0f} ms each"
        print(f"{walked:,} walked plainly, {each}: {differ} differ")
        print(f"all of them would take {looped:,.0f} s, {looped / seconds:,.1f} times the exact")
        print(f"| relative error | {' | '.join(f'{share} %' for share in _SHARES)} |")
        for name, shares in errors(exact, sketched).items():
            print(f"| {name} | {' | '.join(f'{share:.3f}' for share in shares)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
