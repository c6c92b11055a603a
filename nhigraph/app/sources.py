"""The sources as rows for people."""

import sys
from dataclasses import dataclass

from nhigraph.app.registry import ingestors


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: what it reads, what it says, what it cannot see."""

    source: str
    title: str
    accepts: tuple[str, ...]
    emits: tuple[str, ...]
    blind_spots: str


def source_rows() -> list[SourceRow]:
    """One row per source, by name."""
    return [
        SourceRow(
            name,
            ingestor.title,
            ingestor.accepts,
            tuple(kind.label for kind in ingestor.emits),
            _blind_spots(ingestor.read.__module__),
        )
        for name, ingestor in sorted(ingestors().items())
    ]


def _blind_spots(module: str) -> str:
    """The paragraph that starts with "Blind spots:" in a source's docstring."""
    names = [module, *(module.rsplit(".", i)[0] for i in range(1, module.count(".")))]
    for name in names:
        for part in (sys.modules[name].__doc__ or "").split("\n\n"):
            text = " ".join(part.split())
            if text.lower().startswith("blind spots:"):
                return text.split(":", 1)[1].strip()
    return ""
