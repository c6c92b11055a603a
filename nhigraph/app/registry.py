"""The sources, found by being there, and the words that other packages bring with theirs.

Whoever reads documents or a stored graph asks here first: only then is the schema complete.
"""

from functools import cache

from nhigraph import sources
from nhigraph.ingest.coverage import DocumentCoverage, Line, Status
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.ingest.registry import GROUP, Found, Package, discover_ingestors


@cache
def found() -> Found:
    """Every source there is."""
    return discover_ingestors(sources)


def ingestors() -> dict[str, Ingestor]:
    """Every source by name."""
    return dict(found().ingestors)


def packages() -> tuple[Package, ...]:
    """Other packages whose sources are used."""
    return tuple(package for package in found().packages if not package.problem)


def unusable() -> tuple[DocumentCoverage, ...]:
    """A line for each package whose sources cannot be used: what they would read stays unread."""
    return tuple(
        DocumentCoverage(
            f"package {package.title}",
            Status.FAILED,
            problem=Line(
                f"{GROUP} {', '.join(package.sources)}",
                f"{package.problem}; its sources are not used: update or remove it",
            ),
        )
        for package in found().packages
        if package.problem
    )
