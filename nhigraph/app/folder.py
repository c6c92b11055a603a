"""Writing an output folder: whole or not at all.

What is written lies beside the destination until it is complete. An interrupted run leaves the
old folder as it was.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nhigraph.errors import UsageError

MARK = "manifest.json"
_STALE = ".nhigraph-"


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of ``folder`` when the block ends without an error.

    Raises:
        UsageError: The destination holds something that this tool did not write.
    """
    folder = folder.absolute()
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder.name}: --out must name a folder")
    if folder.exists() and any(folder.iterdir()) and not is_ours(folder):
        raise UsageError(
            f"{folder.name} holds files that nhigraph did not write: name an empty or new folder"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{_STALE}{folder.name}-", dir=folder.parent))
    try:
        fresh.chmod(0o755)
        yield fresh
        old = fresh.with_name(fresh.name + "-old")
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def is_ours(folder: Path) -> bool:
    """Whether this tool wrote the folder."""
    try:
        with (folder / MARK).open("rb") as stream:
            return b'"nhigraph"' in stream.read(4096)
    except OSError:
        return False


def write(folder: Path, name: str, text: str) -> str:
    """Write one text file; returns its digest."""
    data = text.encode("utf-8", errors="backslashreplace")
    with (folder / name).open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return hashlib.sha256(data).hexdigest()
