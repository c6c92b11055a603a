"""What one document may cost, and files that are none."""

import stat
from pathlib import Path

from nhigraph.errors import InputError
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    Attributes:
        text_bytes: Largest text document, in bytes.
        table_bytes: Largest Parquet file, in bytes.
        rows: Most records of one table.
        depth: Deepest nesting.
        values: Most values after YAML aliases are unfolded.
    """

    text_bytes: int = 256 * 2**20
    table_bytes: int = 4 * 2**30
    rows: int = 50_000_000
    depth: int = 100
    values: int = 2_000_000


def within(path: Path, artifact: str, limit: int, advice: str) -> None:
    """Refuse what is larger than allowed, and what would block or never end when opened.

    Args:
        path: The file.
        artifact: Its name in outputs.
        limit: Most bytes.
        advice: What to do with a larger one.

    Raises:
        InputError: It is larger, or no ordinary file.
        OSError: It cannot be asked.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise InputError(artifact, "byte 0", "expected an ordinary file")
    if found.st_size > limit:
        problem = f"{found.st_size} bytes are more than the {limit} read from one file"
        raise InputError(artifact, "byte 0", problem, advice)
