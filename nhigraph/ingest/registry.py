"""Finds the sources: modules of a package, and entry points of other distributions.

The package is handed in, because ingest stands below the sources.
"""

import importlib
import pkgutil
from importlib.metadata import entry_points
from types import ModuleType

from nhigraph.errors import SchemaError
from nhigraph.ingest.ingestor import Ingestor

#: Entry-point group under which another distribution offers an ``Ingestor``.
GROUP = "nhigraph.sources"


def source_names(package: ModuleType) -> list[str]:
    """Names of the modules of a package, without importing them."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(package.__path__)
        if not module.name.startswith("_")
    )


def discover_ingestors(package: ModuleType, *, group: str = GROUP) -> dict[str, Ingestor]:
    """Sources by name, sorted: a module's ``INGESTOR`` under the module's name.

    Args:
        package: Where the modules are, such as ``nhigraph.sources``.
        group: Entry-point group to look in too.

    Raises:
        SchemaError: Two sources of one name, or an entry point that is no ``Ingestor``.
    """
    found: dict[str, Ingestor] = {}
    for name in source_names(package):
        module = importlib.import_module(f"{package.__name__}.{name}")
        ingestor = getattr(module, "INGESTOR", None)
        if isinstance(ingestor, Ingestor):
            found[name] = ingestor
    for entry in entry_points(group=group):
        ingestor = entry.load()
        if not isinstance(ingestor, Ingestor):
            raise SchemaError(f"the entry point '{entry.name}' is no Ingestor")
        if entry.name in found:
            raise SchemaError(f"two sources have the name '{entry.name}'")
        found[entry.name] = ingestor
    return dict(sorted(found.items()))
