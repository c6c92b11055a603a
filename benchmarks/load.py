"""Facts in Parquet, with keys as text, to dense numbers and CSR: this tool's way and others'.

    python -m benchmarks.load [EDGES [ROUNDS]]

A tenth as many nodes as edges, 36 bytes a key, edges in no order. Every way reads the same two
files and ends with the same arrays: numbers of nodes in the order of their keys, offsets by
source, targets sorted within each. Each runs in a process of its own, in turn; the middle of the
rounds counts, by the clock and by the processor. DuckDB and polars are measured, not used:

    pip install duckdb polars
"""

import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import parquet
from scipy import sparse

from nhigraph.graph import hashing, numbering

Ints = npt.NDArray[np.int64]
#: Offsets by source, and targets.
Csr = tuple[Ints, Ints]
_KINDS = ("CAN_ASSUME", "CAN_READ", "CAN_WRITE", "CONTAINS", "FEEDS", "MEMBER_OF")
_SEED = 1
#: Rows that are read at a time.
_TOGETHER = 1 << 17


def write(folder: Path, edges: int) -> None:
    """Two tables of facts/1."""
    rng = np.random.default_rng(_SEED)
    nodes = max(edges // 10, 2)
    digests = rng.integers(0, 1 << 32, nodes)
    keys = pa.array(
        [f"acme:unit{v % 97:04d}/thing/{d:08x}-{v:07d}" for v, d in enumerate(digests.tolist())]
    )
    kinds = pa.array(["Dataset", "ServiceAccount"]).take(pa.array(np.arange(nodes) % 2))
    parquet.write_table(pa.table({"kind": kinds, "key": keys}), folder / "estate.nodes.parquet")
    # Few are in most edges, as hubs are.
    ends = [(rng.random(edges) ** 3 * nodes).astype(np.int64) for _ in range(2)]
    pairs = np.unique(np.stack(ends), axis=1)
    pairs = pairs[:, rng.permutation(pairs.shape[1])]
    sort = pa.array(rng.integers(0, len(_KINDS), pairs.shape[1]))
    table = {
        "kind": pa.array(_KINDS).take(sort),
        "from": keys.take(pa.array(pairs[0])),
        "to": keys.take(pa.array(pairs[1])),
    }
    parquet.write_table(pa.table(table), folder / "estate.edges.parquet", compression="zstd")


def _csr(src: Ints, dst: Ints, nodes: int) -> Csr:
    """Offsets and sorted targets, as scipy counts them."""
    ones = np.ones(len(src), dtype=np.int8)
    made = sparse.csr_matrix((ones, (src, dst)), shape=(nodes, nodes))
    made.sort_indices()
    return made.indptr.astype(np.int64), made.indices.astype(np.int64)


def own(folder: Path) -> Csr:
    with ThreadPoolExecutor(numbering.THREADS) as threads:
        compiled = threads.submit(hashing.loops)  # meanwhile, the keys
        stated = parquet.read_table(folder / "estate.nodes.parquet", columns=["key"])["key"]
        _, keys = numbering.by_key(stated)
        del stated
        compiled.result()
        src, dst = _numbered(folder / "estate.edges.parquet", keys, threads)
    return numbering.adjacency(src, dst, len(keys))


def _numbered(path: Path, keys: "pa.Array", threads: ThreadPoolExecutor) -> list[hashing.Short]:
    """The ends of all edges, in numbers."""
    with parquet.ParquetFile(path) as file:
        told = file.metadata
    look = numbering.lookup(keys, 2 * told.num_rows)
    many = [told.row_group(group).num_rows for group in range(told.num_row_groups)]
    last = np.cumsum(many).tolist()
    ends = {name: np.empty(told.num_rows, dtype=np.int32) for name in ("from", "to")}

    def numbered(part: tuple[str, int]) -> None:
        name, group = part
        at = last[group] - many[group]
        with parquet.ParquetFile(path, memory_map=True) as own:
            # Few at a time, so that what was read is still near when it is looked up.
            for some in own.iter_batches(_TOGETHER, [group], [name], use_threads=False):
                look(some.column(0), ends[name][at : at + len(some)])
                at += len(some)

    list(threads.map(numbered, [(name, group) for name in ends for group in range(len(many))]))
    return list(ends.values())


def duckdb(folder: Path) -> Csr:
    import duckdb as engine  # noqa: PLC0415 - nobody else needs it

    base = engine.connect()
    base.execute("set threads=2")
    base.execute(
        "create table n as select key, row_number() over (order by key) - 1 as i"  # noqa: S608 - our own folder
        f" from '{folder}/estate.nodes.parquet'"
    )
    found = base.execute(
        f"select a.i as s, b.i as d from '{folder}/estate.edges.parquet' e"  # noqa: S608 - as above
        ' join n a on e."from" = a.key join n b on e."to" = b.key'
    ).fetchnumpy()
    (nodes,) = base.execute("select count(*) from n").fetchone() or (0,)
    return _csr(found["s"], found["d"], nodes)


def polars(folder: Path) -> Csr:
    import polars as pl  # noqa: PLC0415 - as above

    nodes = pl.read_parquet(folder / "estate.nodes.parquet", columns=["key"]).sort("key")
    numbered = nodes.with_row_index("i")
    edges = pl.read_parquet(folder / "estate.edges.parquet", columns=["from", "to"])
    for name, short in (("from", "s"), ("to", "d")):
        named = numbered.rename({"key": name, "i": short})
        edges = edges.join(named, on=name, how="left")
    src, dst = (edges[name].to_numpy().astype(np.int64) for name in ("s", "d"))
    return _csr(src, dst, len(nodes))


def polars_enum(folder: Path) -> Csr:
    import polars as pl  # noqa: PLC0415 - as above

    nodes = pl.read_parquet(folder / "estate.nodes.parquet", columns=["key"]).sort("key")
    sort = pl.Enum(nodes["key"])
    edges = pl.read_parquet(folder / "estate.edges.parquet", columns=["from", "to"])
    src, dst = (
        edges[name].cast(sort).to_physical().to_numpy().astype(np.int64) for name in ("from", "to")
    )
    return _csr(src, dst, len(nodes))


def pyarrow(folder: Path) -> Csr:
    nodes = parquet.read_table(folder / "estate.nodes.parquet", columns=["key"])["key"]
    keys = nodes.combine_chunks()
    keys = keys.take(pc.sort_indices(keys))
    edges = parquet.read_table(folder / "estate.edges.parquet", columns=["from", "to"])
    src, dst = (
        pc.index_in(edges[name], value_set=keys).to_numpy().astype(np.int64)
        for name in ("from", "to")
    )
    return _csr(src, dst, len(keys))


WAYS: dict[str, Callable[[Path], Csr]] = {
    "nhigraph": own,
    "duckdb": duckdb,
    "polars, join": polars,
    "polars, enum": polars_enum,
    "pyarrow, index_in": pyarrow,
}


def _one(folder: Path, name: str) -> None:
    """One way, in this process: seconds, peak memory, and a digest of what it made."""
    began, used = time.perf_counter(), time.process_time()
    ptr, ends = WAYS[name](folder)
    spent, used = time.perf_counter() - began, time.process_time() - used
    peak = _peak()
    digest = hashlib.sha256(ptr.tobytes() + ends.tobytes()).hexdigest()
    found = {"s": spent, "cpu": used, "mib": peak, "digest": digest, "edges": len(ends)}
    print(json.dumps(found))


def _peak() -> float:
    """Most MiB of this program; ``getrusage`` would count what its parent had when it began."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def machine() -> str:
    """What the figures were taken on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def main(edges: str = "1000000", rounds: str = "3") -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(folder, int(edges))
        found: dict[str, list[dict[str, float]]] = {name: [] for name in WAYS}
        digests = set()
        for _ in range(int(rounds)):
            for name in WAYS:
                command = [sys.executable, "-m", "benchmarks.load", place, name]
                done = subprocess.run(  # noqa: S603 - this module
                    command, capture_output=True, text=True, check=False
                )
                if done.returncode:
                    print(f"{name}: not measured: {done.stderr.strip().splitlines()[-1]}")
                    continue
                figures = json.loads(done.stdout)
                digests.add(figures.pop("digest"))
                found[name].append(figures)
    assert len(digests) == 1, "every way makes the same arrays"
    print(machine())
    print("| way | edges | s | times DuckDB | processor, s | times DuckDB | peak MiB |")
    print("|---|---|---|---|---|---|---|")
    for name, many in found.items():
        if many:
            cells = [name, f"{many[0]['edges']:.0f}"]
            for what in ("s", "cpu"):
                spent, base = (
                    statistics.median(one[what] for one in some) if some else 0.0
                    for some in (many, found["duckdb"])
                )
                cells += [f"{spent:.2f}", f"{spent / base:.2f}" if base else "-"]
            print(f"| {' | '.join(cells)} | {max(one['mib'] for one in many):.0f} |")


if __name__ == "__main__":
    if len(sys.argv) == 3 and Path(sys.argv[1]).is_dir():
        _one(Path(sys.argv[1]), sys.argv[2])
    else:
        main(*sys.argv[1:])
