"""Code that a server keeps, by the names under which it is called or fired."""

from functools import cached_property

from nhigraph.policy.mysql import packages
from nhigraph.policy.mysql.catalog import Catalog, Code, Name


class Stored:
    """Routines, packages and triggers of one server, each index made once."""

    def __init__(self, catalog: Catalog) -> None:
        """Nothing is indexed before it is asked for."""
        self._catalog = catalog

    @cached_property
    def functions(self) -> frozenset[str]:
        """Names of functions, those of packages too, in lower case."""
        own = (one.name[1].lower() for one in self._catalog.code if one.sort == "function")
        return frozenset([*own, *packages.functions(self.packages)])

    @cached_property
    def packages(self) -> packages.Packages:
        """Bodies of packages, by schema and name in lower case."""
        return packages.packages(self._catalog.code)

    @cached_property
    def routines(self) -> dict[tuple[str, str], list[Code]]:
        """Routines by schema and name in lower case: a function and a procedure may share one."""
        found: dict[tuple[str, str], list[Code]] = {}
        for one in self._catalog.code:
            if one.sort in ("function", "procedure"):
                found.setdefault((one.name[0], one.name[1].lower()), []).append(one)
        return found

    @cached_property
    def triggers(self) -> dict[tuple[str, Name], list[Code]]:
        """Triggers by what fires them."""
        found: dict[tuple[str, Name], list[Code]] = {}
        for one in self._catalog.code:
            if one.sort == "trigger":
                found.setdefault((one.event, (one.name[0], one.table)), []).append(one)
        return found
