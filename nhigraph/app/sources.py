"""The sources as rows for people."""

import sys

from nhigraph.app.registry import found, ingestors, packages
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.ingest.registry import Package
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: what it reads, what it says, what it cannot see.

    One of another package has that package's name and version; ``problem`` says why such a one is
    not used.
    """

    source: str
    title: str
    accepts: tuple[str, ...]
    emits: tuple[str, ...]
    blind_spots: str
    package: str = ""
    version: str = ""
    problem: str = ""


def source_rows() -> list[SourceRow]:
    """One row per source, by name; then those of packages that cannot be used."""
    whose = {source: package for package in packages() for source in package.sources}
    rows = [_row(name, one, whose.get(name)) for name, one in sorted(ingestors().items())]
    for package in found().packages:
        if package.problem:
            said = package.name, package.version, package.problem
            rows += [SourceRow(name, "", (), (), "", *said) for name in package.sources]
    return rows


def _row(name: str, ingestor: Ingestor, package: Package | None) -> SourceRow:
    return SourceRow(
        name,
        ingestor.title,
        ingestor.accepts,
        tuple(kind.label for kind in ingestor.emits),
        _blind_spots(ingestor.read.__module__),
        package.name if package else "",
        package.version if package else "",
    )


def _blind_spots(module: str) -> str:
    """The paragraph that starts with "Blind spots:" in a source's docstring."""
    names = [module, *(module.rsplit(".", i)[0] for i in range(1, module.count(".")))]
    for name in names:
        for part in (sys.modules[name].__doc__ or "").split("\n\n"):
            text = " ".join(part.split())
            if text.lower().startswith("blind spots:"):
                return text.split(":", 1)[1].strip()
    return ""
