"""A file of its own, written whole or not at all: what stood there stays until it is."""

import os
import stat
import tempfile
from pathlib import Path


def write_whole(file: Path, data: bytes) -> None:
    """Put a file in place of what has its name; its mode stays, and a link stays a link.

    Args:
        file: Where it is to stand; what is no file (a pipe, a device) is written to as it is.
        data: Its content.

    Raises:
        OSError: Nothing can be written there; nothing is left of the attempt.
    """
    file = file.resolve()
    mode = _mode(file)
    if mode is None:
        file.write_bytes(data)
        return
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as made:
            made.write(data)
        fresh.chmod(mode)
        fresh.replace(file)
    except BaseException:  # Ctrl-C, too
        fresh.unlink(missing_ok=True)
        raise


def _mode(file: Path) -> int | None:
    """Mode of the file that is there, else of a new one; None where it is no file."""
    try:
        found = file.stat().st_mode
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    if stat.S_ISDIR(found):
        raise IsADirectoryError(21, "Is a directory", str(file))
    return stat.S_IMODE(found) if stat.S_ISREG(found) else None
