"""A folder that is replaced whole: written beside its place, then put into it at once.

At every moment one whole folder stands in the place, the old one or the new one, wherever the
file system can exchange two names in one step: ``renameat2`` with ``RENAME_EXCHANGE`` (Linux 3.15,
man 2 rename), ``renamex_np`` with ``RENAME_SWAP`` (macOS 10.12, man 2 rename). Where it cannot,
two renames do it, and between the two the old folder stands beside its place under a name that
``standing`` knows. What a run that was killed leaves behind is put back or removed by the next.

Names beside ``out``: ``.out.nhigraph-new-…`` is being written or, after an exchange, no longer
needed; its writer holds a lock on it, so that a second run leaves it alone while it lives.
``.out.nhigraph-old`` is the old folder between two renames, always whole.
"""

import ctypes
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nhigraph.errors import UsageError

#: What a file manager puts into any folder it shows.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


@contextmanager
def replacing(folder: Path, own: Callable[[Path], set[str] | None]) -> Iterator[Path]:
    """Give an empty folder to write to; it takes the place of ``folder`` when all went well.

    Args:
        folder: Where the result is to stand.
        own: Names in it that may be replaced, or None where the folder is not one of ours.

    Raises:
        UsageError: The folder holds something that is not ours to remove, or it could not be put
            in place; what stood there then stands there still.
    """
    folder = folder.resolve()
    if not folder.name:
        raise UsageError(f"{folder} cannot be replaced: name a folder in it")
    above = next(one for one in folder.parents if one.exists())
    if not above.is_dir():
        raise UsageError(f"{folder.name}: nothing can be written there: {above.name} is a file")
    if folder.is_dir() and not os.access(folder, os.W_OK):
        raise UsageError(f"{folder.name}: nothing can be written there: the folder is read-only")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _recover(folder)
        _refuse_foreign(folder, own)
        new = Path(tempfile.mkdtemp(prefix=_beside(folder, "new-").name, dir=folder.parent))
    except OSError as error:
        raise UsageError(
            f"{folder.name}: nothing can be written there: {error.strerror}"
        ) from error
    lock = _locked(new)
    try:
        new.chmod(_mode(folder))
        yield new
        _settled(new)
        try:
            _put(folder, new)
        except OSError as error:
            raise UsageError(
                f"{folder.name} could not be put in place ({error.strerror}): "
                "what stood there is as it was"
            ) from error
    finally:
        # After an exchange the old folder has the new one's name; after a rename nothing has.
        shutil.rmtree(new, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def standing(folder: Path) -> Path:
    """Where the folder is whole: in its place, or beside it if a run was stopped in a swap.

    The folder may itself lie in one that is being replaced.
    """
    folder = folder.resolve()
    if folder.exists():
        return folder
    old = _beside(folder, "old")
    if old.is_dir():
        return old
    if folder.parent == folder or folder.parent.exists():
        return folder
    return standing(folder.parent) / folder.name


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.nhigraph-{what}")


def _mode(folder: Path) -> int:
    """Who may read the old folder may read the new one, and nobody else."""
    if folder.is_dir():
        return stat.S_IMODE(folder.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o777 & ~mask


def _locked(folder: Path) -> int | None:
    """A lock on a folder that ends with this process, however it ends; None if there is none."""
    try:
        import fcntl  # noqa: PLC0415 - not every system has it; leftovers then stay

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _recover(folder: Path) -> None:
    """Put back or remove what a run that was killed left beside the folder."""
    old = _beside(folder, "old")
    if old.is_dir() and not folder.exists():
        old.rename(folder)
    leftover = [old] if old.is_dir() else []
    prefix = _beside(folder, "new-").name
    leftover += [path for path in folder.parent.iterdir() if path.name.startswith(prefix)]
    for path in leftover:
        lock = _locked(path)
        if lock is not None:
            _removed(path)
            os.close(lock)


def _removed(path: Path) -> None:
    """Remove a folder; half of it is never found under a name that counts as whole."""
    gone = path
    if not path.name.rpartition("nhigraph-")[2].startswith("new-"):
        gone = path.with_name(f"{path.name.removesuffix('old')}new-{os.getpid()}")
        with suppress(OSError):
            path.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


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
            f"{folder.name} is not replaced, because nhigraph did not write {foreign[0]} in it: "
            "name another folder or an empty one"
        )


def _settled(new: Path) -> None:
    """Have the disk hold every file before its name counts."""
    for root, _, names in os.walk(new):
        for path in (*(Path(root, name) for name in names), Path(root)):
            with suppress(OSError):  # some systems open no folder; then there is nothing to do
                handle = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)


def _put(folder: Path, new: Path) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    if exchanged(folder, new):
        return
    old = _beside(folder, "old")
    folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if not folder.exists():
            old.rename(folder)
        raise
    _removed(old)


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system or the file system has no such."""
    names = os.fsencode(one), os.fsencode(other)
    library = ctypes.CDLL(None, use_errno=True) if sys.platform != "win32" else None
    if sys.platform == "darwin":
        swap = getattr(library, "renamex_np", None)
        done = swap(*names, _RENAME_SWAP) if swap else -1
    else:
        swap = getattr(library, "renameat2", None)
        flag = ctypes.c_uint(_RENAME_EXCHANGE)
        done = swap(_AT_FDCWD, names[0], _AT_FDCWD, names[1], flag) if swap else -1
    return bool(done == 0)
