"""A folder that is replaced whole: written beside its place, then renamed into it.

An interrupted run leaves the old folder as it was; what it left beside it is removed by the next.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nhigraph.errors import UsageError

#: What a file manager puts into any folder it shows.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@contextmanager
def replacing(folder: Path, own: Callable[[Path], set[str] | None]) -> Iterator[Path]:
    """Give an empty folder to write to; it takes the place of ``folder`` when all went well.

    Args:
        folder: Where the result is to stand.
        own: Names of the files that may be replaced there, or None where the folder is not
            one of ours.

    Raises:
        UsageError: The folder holds something that is not ours to remove.
    """
    folder = folder.resolve()
    _recover(folder)
    _refuse_foreign(folder, own)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = _beside(folder, f"new-{os.getpid()}")
    new.mkdir()
    try:
        yield new
        _exchange(folder, new)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def standing(folder: Path) -> Path:
    """The folder, or the old one beside it where a run was stopped in the middle of a swap."""
    old = _beside(folder.resolve(), "old")
    return old if not folder.exists() and old.is_dir() else folder


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.nhigraph-{what}")


def _recover(folder: Path) -> None:
    old = _beside(folder, "old")
    if old.is_dir():
        if folder.exists():
            shutil.rmtree(old)
        else:
            old.rename(folder)
    if folder.parent.is_dir():
        prefix = _beside(folder, "new-").name
        for path in folder.parent.iterdir():
            if path.name.startswith(prefix):
                shutil.rmtree(path)


def _refuse_foreign(folder: Path, own: Callable[[Path], set[str] | None]) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder.name} is a file: name a folder that may be replaced")
    found = {path.name for path in folder.iterdir()} - _LITTER
    if not found:
        return
    foreign = sorted(found - (own(folder) or set()))
    if foreign:
        raise UsageError(
            f"{folder.name} is not replaced, because {foreign[0]} in it is not part of a graph: "
            "name another folder or an empty one"
        )


def _exchange(folder: Path, new: Path) -> None:
    """Two renames: at every moment the old or the new one is whole."""
    if not folder.exists():
        new.rename(folder)
        return
    old = _beside(folder, "old")
    folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if not folder.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old)
