"""Whether a run fits the memory that is free, said before it begins."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

#: Bytes of a record of facts in a table, and in JSON or YAML, read and merged; and what tracing
#: and judging take besides. Of a table a million nodes and 9,065,965 edges took 430 and 85
#: (``benchmarks/million.py``), 100,000 nodes with 500 targets 450 and 500
#: (``benchmarks/whole.py``); of JSON the same took 2,600 for each 150 bytes of the file.
READ: Final = 450
READ_ALONE: Final = 2_600
JUDGED: Final = 400
#: What the program takes before it has read anything.
_BASE: Final = 250_000_000
#: Bytes of a line of CSV, and of a record of YAML or JSON, where nobody has counted them.
_LINE, _RECORD = 60, 150
_GB: Final = 1e9


def said(inputs: Sequence[Path], *, judging: bool) -> str:
    """A line on memory, where a run would hardly fit; empty where it would.

    Args:
        inputs: Files and folders.
        judging: Whether the graph is judged, too, and not stored alone.
    """
    files = [*_files(inputs)]
    many, free = sum(map(records, files)), free_bytes()
    alone = _BASE + sum(records(path) * (READ if _tabular(path) else READ_ALONE) for path in files)
    needed = alone + (many * JUDGED if judging else 0)
    if free is None or needed <= free:
        return ""
    told = f"memory: about {needed / _GB:.1f} GB for some {many:,} records"
    told += f", and {free / _GB:.1f} GB are free"
    if judging and alone <= free:
        return (
            f"{told}; `nhigraph build` takes about {alone / _GB:.1f} GB, and `who` asks its graph"
        )
    return f"{told}; give it the tables of one system at a time"


def records(path: Path) -> int:
    """About how many records a file of facts has; none of what is no such file."""
    name, size = path.name.lower(), path.stat().st_size
    if _tabular(path):
        return _rows(path) if name.endswith(".parquet") else size // _LINE
    facts = (".facts.json", ".facts.yaml", ".facts.yml")
    return size // _RECORD if name.endswith(facts) else 0


def _tabular(path: Path) -> bool:
    """Whether it is a table of facts."""
    forms = (".nodes.parquet", ".edges.parquet", ".nodes.csv", ".edges.csv")
    return path.name.lower().endswith(forms)


def _rows(path: Path) -> int:
    """Rows that a Parquet file says it has; none where it is broken: its reader says so."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return int(parquet.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return 0


def _files(inputs: Iterable[Path]) -> Iterator[Path]:
    """Files given, and those below folders; no link is followed."""
    for given in inputs:
        if given.is_file():
            yield given
        for folder, _, names in os.walk(given):
            found = (Path(folder, name) for name in names)
            yield from (path for path in found if path.is_file() and not path.is_symlink())


def free_bytes() -> int | None:
    """Memory that this process may still take; None where nobody says."""
    known = [*_of_machine(), *_of_group(), *_of_process()]
    return min(known, default=None)


def _of_machine() -> Iterator[int]:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:  # not Linux
        return
    yield from (int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))


def _of_group() -> Iterator[int]:
    """What a container leaves (cgroup, version 2)."""
    try:
        texts = [
            Path("/sys/fs/cgroup", f"memory.{name}").read_text("ascii")
            for name in ("max", "current")
        ]
    except OSError:
        return
    if texts[0].strip().isdecimal():
        yield int(texts[0]) - int(texts[1])


def _of_process() -> Iterator[int]:
    try:
        import resource
    except ImportError:  # not Unix
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        yield limit
