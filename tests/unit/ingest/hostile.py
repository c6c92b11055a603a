"""Reads one folder and prints what became of it and what it cost; run as a process of its own."""

import json
import sys
import time
from pathlib import Path

from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.sources import facts, scope


def megabytes() -> int:
    """Peak of this program's own memory; ``ru_maxrss`` would count the process it came from."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def main() -> None:
    """Print the coverage lines, seconds, and megabytes at the peak."""
    start = time.perf_counter()
    found = discover([Path(sys.argv[1])])
    ingestors = {"facts": facts.INGESTOR, "scope": scope.INGESTOR}
    collected = run(found.documents, ingestors, explicit=found.explicit)
    peak = megabytes()
    lines = [line.as_json() for line in (*collected.documents, *found.skipped)]
    seconds = time.perf_counter() - start
    json.dump({"lines": lines, "seconds": seconds, "megabytes": peak}, sys.stdout)


if __name__ == "__main__":
    main()
