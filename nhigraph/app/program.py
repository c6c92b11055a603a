"""Which program this is, to the byte: a version says it of releases alone.

What is stored beside a graph is worth as much as the program that made it. Two builds of one
version, as of a checkout that is worked on, answer differently; a number that people have to
raise is forgotten. So the program is known by what it consists of.
"""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Final

#: Folders of the package that make no answer: what it reads as a sample, and compiled modules.
_NO_PART: Final = frozenset({"_data", "__pycache__"})


@cache
def program() -> str:
    """SHA-256 of the package's own files, by name; the same wherever they lie."""
    return digest_of(Path(__file__).parents[1])


def digest_of(folder: Path) -> str:
    """SHA-256 of a package's files, by name."""
    found, begin = hashlib.sha256(), len(str(folder))
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - _NO_PART)
        inside = place[begin:].replace(os.sep, "/")
        for name in sorted(files):
            data = Path(place, name).read_bytes()
            found.update(f"{inside}/{name}\0{len(data)}\0".encode())
            found.update(data)
    return found.hexdigest()
