"""The folder of a snapshot: its manifest, and whether its files are those that were written.

Nothing here reads a table: whoever only needs to know what stands there need not load one.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nhigraph.errors import InputError, NoInputError

#: Form of the folder; the number rises with every change of what the tables mean or hold.
FORMAT: Final = "graph/4"
_FORM: Final = "graph/"
#: The folder of a snapshot inside an output folder.
GRAPH: Final = "graph"
MANIFEST: Final = "manifest.json"
NODES: Final = "nodes.parquet"
#: Rows that were made of the graph, for questions that they answer.
ANSWERS: Final = "answers.jsonl"
#: Marks a column whose cells are spelt, because one of them holds half a surrogate pair, which
#: has no UTF-8.
SPELT: Final[Mapping[str, str]] = {"nhigraph": "spelt"}


def place(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Where a snapshot stands, and its manifest.

    Args:
        folder: A snapshot, or an output folder with one in it.

    Raises:
        NoInputError: The folder is no snapshot and holds none.
        InputError: The manifest is damaged, or of another version.
    """
    at, found = folder, manifest(folder)
    if found is None:
        at, found = folder / GRAPH, manifest(folder / GRAPH)
    if found is None and not folder.exists():
        raise NoInputError(
            f"there is no folder {folder.name}: assess, build and demo make one, or name another"
        )
    if found is None:
        raise NoInputError(
            f"{folder.name} holds no graph: name the graph/ folder of an assess or build"
        )
    _refuse_other_forms(found)
    return at, found


def manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest, empty where tables lie there without one; None where it is no snapshot.

    Raises:
        InputError: It is damaged.
    """
    tables = (folder / NODES).exists()
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {} if tables else None
    except ValueError:
        if tables:
            raise damaged(MANIFEST, "broken JSON") from None
        return None
    form = found.get("nhigraph") if isinstance(found, dict) else None
    if isinstance(form, str) and form.startswith(_FORM):
        return dict(found)
    return {} if tables else None


def _refuse_other_forms(found: Mapping[str, Any]) -> None:
    form = found.get("nhigraph")
    if form == FORMAT:
        return
    said = f"form {form}" if form else "no form named"
    number = str(form or "").removeprefix(_FORM)
    newer = number.isdecimal() and int(number) > int(FORMAT.removeprefix(_FORM))
    raise InputError(
        MANIFEST,
        "",
        f"the graph was stored by {'a newer' if newer else 'an older'} nhigraph "
        f"({said}; this one reads {FORMAT})",
        "run assess again" + (", or use the newer nhigraph" if newer else ""),
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def whole(folder: Path, files: Mapping[str, object]) -> bool:
    """Whether every file stands there as its digest in the manifest says."""
    try:
        return all(digest_of(folder / name) == digest for name, digest in files.items())
    except OSError:
        return False


def damaged(file: str, problem: str) -> InputError:
    """What is said of a file that is not as it was written."""
    return InputError(file, "", problem, "write the graph again with assess or build")
