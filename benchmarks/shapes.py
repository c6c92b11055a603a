"""How many identities stay undecided, question by question, on checkouts of sixteen shapes.

python -m benchmarks.shapes [--each]
"""

import sys
import tempfile
from pathlib import Path

from tests.shapes.curve import MOST, curves


def main() -> None:
    """Print the curve of all together, and of each."""
    with tempfile.TemporaryDirectory() as place:
        found = [*curves(Path(place))]
    for one in found if "--each" in sys.argv else ():
        print(f"{one.name:20} {one.identities:4}  {' '.join(map(str, one.undecided))}")
    total = sum(one.identities for one in found)
    print(f"{'all':20} {total:4}  ", end="")
    print(" ".join(str(sum(one.after(n) for one in found)) for n in range(MOST + 1)))


if __name__ == "__main__":
    main()
