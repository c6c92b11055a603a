"""``python -m nhigraph.docsgen docs/reference``: write the reference anew."""

import sys
from pathlib import Path

from nhigraph.docsgen.written import write


def main(arguments: list[str]) -> int:
    """Write pages and schemas; the one argument is the folder of the pages."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m nhigraph.docsgen docs/reference\n")
        return 2
    for path in write(Path(arguments[0])):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
