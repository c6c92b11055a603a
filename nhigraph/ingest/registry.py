"""Finds the sources: modules of a package, and entry points of other distributions.

The package is handed in, because ingest stands below the sources. Another distribution that
cannot be used is told in one line, and stops nothing: an exception's text is left out, as it may
name folders of this machine.
"""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import field
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType, UnionType
from typing import Final

from nhigraph.errors import SchemaError
from nhigraph.ingest.admission import admit
from nhigraph.ingest.brings import Brings
from nhigraph.ingest.checked_source import held
from nhigraph.ingest.ingestor import Expected, Ingestor
from nhigraph.records import dataclass
from nhigraph.schema.types import EdgeKind, NodeKind

#: Entry-point group under which another distribution offers an ``Ingestor``.
GROUP: Final = "nhigraph.sources"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """Another distribution that offers sources.

    Attributes:
        name: Its name.
        version: Its version; empty where it states none.
        sources: Names of its sources.
        problem: Why none of them is used; empty where they are.
        brings: What each of them brings.
    """

    name: str
    version: str
    sources: tuple[str, ...]
    problem: str = ""
    brings: tuple[Brings, ...] = field(default=(), compare=False)

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Found:
    """The sources there are.

    Attributes:
        ingestors: Sources by name, sorted.
        packages: Other distributions that offer some, used or not, sorted.
    """

    ingestors: Mapping[str, Ingestor]
    packages: tuple[Package, ...] = ()


def source_names(package: ModuleType) -> list[str]:
    """Names of the modules of a package, without importing them."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(package.__path__)
        if not module.name.startswith("_")
    )


def discover_ingestors(package: ModuleType, *, group: str = GROUP) -> Found:
    """Sources by name: a module's ``INGESTOR`` under the module's name, and those of others.

    What other distributions bring is part of the schema from then on.

    Args:
        package: Where the modules are, such as ``nhigraph.sources``.
        group: Entry-point group to look in too.
    """
    found: dict[str, Ingestor] = {}
    for name in source_names(package):
        module = importlib.import_module(f"{package.__name__}.{name}")
        ingestor = getattr(module, "INGESTOR", None)
        if isinstance(ingestor, Ingestor):
            found[name] = ingestor
    offered: dict[tuple[str, str], list[EntryPoint]] = {}
    for entry in entry_points(group=group):
        offered.setdefault(_distribution(entry), []).append(entry)
    owners = dict.fromkeys(found, "nhigraph")
    packages = []
    for (name, version), entries in sorted(offered.items()):
        names = tuple(sorted(entry.name for entry in entries))
        try:
            offers = _offers(name, entries, owners)
            admit(name, offers.values())
        except Exception as error:  # noqa: BLE001 - of fields that nobody checked, too
            packages.append(Package(name, version, names, _problem(error)))
            continue
        found |= {source: held(one) for source, one in offers.items()}
        owners |= dict.fromkeys(offers, f"the package {name}")
        brings = tuple(one.brings for one in offers.values())
        packages.append(Package(name, version, names, brings=brings))
    return Found(dict(sorted(found.items())), tuple(packages))


def _distribution(entry: EntryPoint) -> tuple[str, str]:
    """Name and version of what offers an entry point, however little its metadata says."""
    if entry.dist is None:
        return "of unknown name", ""
    stated = {name: entry.dist.metadata[name] for name in ("Name", "Version")}
    return stated["Name"] or "of unknown name", stated["Version"] or ""


def _problem(error: Exception) -> str:
    if isinstance(error, SchemaError):
        return str(error)
    return f"what it declares is malformed ({type(error).__name__})"


def _offers(
    package: str, entries: list[EntryPoint], owners: Mapping[str, str]
) -> dict[str, Ingestor]:
    """The sources of a package by name.

    Raises:
        SchemaError: One of them cannot be had.
    """
    found: dict[str, Ingestor] = {}
    for entry in sorted(entries, key=lambda one: (one.name, one.value)):
        if not _NAME.fullmatch(entry.name):
            raise SchemaError(f"{entry.name[:60]!r} is no name of a source: it is snake_case")
        whose = owners.get(entry.name) or (f"the package {package}" if entry.name in found else "")
        if whose:
            raise SchemaError(f"there is a source '{entry.name}' of {whose} already")
        found[entry.name] = _loaded(entry)
    return found


def _loaded(entry: EntryPoint) -> Ingestor:
    try:
        ingestor = entry.load()
    except ModuleNotFoundError as error:
        missing = f"no module named {error.name!r}" if error.name else "a module is missing"
        raise SchemaError(f"its source '{entry.name}' cannot be loaded: {missing}") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a module may do anything
        why = type(error).__name__
        raise SchemaError(f"its source '{entry.name}' cannot be loaded ({why})") from None
    if not isinstance(ingestor, Ingestor):
        raise SchemaError(f"its source '{entry.name}' is no Ingestor")
    _formed(entry.name, ingestor)
    return ingestor


def _formed(name: str, ingestor: Ingestor) -> None:
    """Whether the fields of a source are what they should be; nobody checked its types."""
    right = {
        "title": _texts((ingestor.title,)),
        "accepts": bool(ingestor.accepts) and _texts(ingestor.accepts),
        "recognises": callable(ingestor.recognises),
        "read": callable(ingestor.read),
        "emits": bool(ingestor.emits) and _tuple(ingestor.emits, NodeKind | EdgeKind),
        "expects": _tuple(ingestor.expects, Expected),
        "extracted": callable(ingestor.extracted),
    }
    wrong = [part for part, good in right.items() if not good]
    if wrong:
        raise SchemaError(f"its source '{name}' has no usable '{wrong[0]}'")


def _texts(many: object) -> bool:
    return isinstance(many, tuple) and all(isinstance(one, str) and one for one in many)


def _tuple(many: object, kind: type | UnionType) -> bool:
    return isinstance(many, tuple) and all(isinstance(one, kind) for one in many)
