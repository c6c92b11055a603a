"""Which page a person means to see."""

from pathlib import Path

from nhigraph.errors import NoInputError, UsageError

REPORT = "report.html"
_PAGES = {".html", ".htm"}


def page(path: Path) -> Path:
    """The page of a path: itself, the report of an output folder, or of one that holds graph/.

    Raises:
        NoInputError: Nothing lies there, or a folder without a page.
        UsageError: A file that is no page.
    """
    if path.is_file():
        if path.suffix.lower() not in _PAGES:
            raise UsageError(f"{path.name}: expected a page (.html) or an output folder")
        return path.absolute()
    if not path.is_dir():
        raise NoInputError(f"{path}: no such page or folder; `nhigraph assess` makes one")
    for folder in (path, path.absolute().parent if path.name == "graph" else path):
        if (folder / REPORT).is_file():
            return (folder / REPORT).absolute()
    raise NoInputError(f"{path}: holds no {REPORT}; `nhigraph assess … --out {path}` writes one")
