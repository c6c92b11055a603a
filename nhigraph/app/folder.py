"""The output folder: whole or not at all, and only what this tool wrote is ever replaced."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nhigraph.app.whole_file import write_whole
from nhigraph.errors import UsageError
from nhigraph.graph import swap

MARK = "manifest.json"
#: The snapshot beside the files of the answer.
GRAPH = "graph"
#: A manifest is small; what is larger is somebody else's.
_MOST_BYTES = 1 << 26


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of ``folder`` when the block ends without an error.

    Raises:
        UsageError: The destination holds something that this tool did not write, or could not be
            put in place; it then stands as it was.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder.absolute().name}: --out must name a folder")
    with swap.replacing(folder, written) as fresh:
        yield fresh


def written(folder: Path) -> set[str] | None:
    """Names of what this tool wrote into a folder, or None where it is none of ours."""
    try:
        if (folder / MARK).stat().st_size > _MOST_BYTES:
            return None
        manifest = json.loads((folder / MARK).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("nhigraph"), str):
        return None
    outputs = manifest.get("outputs")
    return {MARK, GRAPH, *(outputs if isinstance(outputs, dict) else ())}


def write(folder: Path, name: str, text: str) -> str:
    """Write one text file; returns its digest."""
    data = text.encode("utf-8", errors="backslashreplace")
    (folder / name).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def write_page(page: Path, text: str) -> Path:
    """Write a page of its own, whole or not at all; returns its path.

    Raises:
        UsageError: Nothing can be written there.
    """
    if page.is_dir():
        raise UsageError(f"{page.name}: expected a file, and this is a folder")
    try:
        write_whole(page, text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise UsageError(f"{page.name}: it cannot be written there: {error.strerror}") from error
    return page
