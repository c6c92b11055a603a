"""The macros of a dbt project, and where a text is rendered.

https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch has the order of packages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property

from jinja2 import Environment, TemplateSyntaxError, nodes

from nhigraph.policy.dbt_values import Relation, Value
from nhigraph.records import dataclass


@dataclass
class Library:
    """The macros of a project.

    Attributes:
        texts: Text of each macro by package and name.
        root: The project's own package, whose macros come before those of dbt's own packages.
        adapter: Name of the adapter.
        steps: Nodes that may still be read for all texts of the project.
    """

    texts: Mapping[tuple[str, str], str]
    root: str
    adapter: str
    steps: int = 2_000_000
    _parsed: dict[tuple[str, str], nodes.Macro | None] = field(default_factory=dict)

    @cached_property
    def packages(self) -> frozenset[str]:
        """Packages that have macros."""
        return frozenset(package for package, _ in self.texts)

    @cached_property
    def environment(self) -> Environment:
        """The parser, with the extensions that dbt uses."""
        extensions = ["jinja2.ext.do", "jinja2.ext.loopcontrols"]
        return Environment(extensions=extensions)  # noqa: S701 - it only parses, nothing is shown

    def found(self, name: str, packages: Sequence[str]) -> tuple[str, str] | None:
        """Package and name of a macro, the first package first.

        https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch has the order.
        """
        inner = (self.root, f"dbt_{self.adapter}", "dbt_postgres", "dbt")
        asked = dict.fromkeys((*packages, *inner))
        return next(((p, name) for p in asked if (p, name) in self.texts), None)

    def dispatched(self, name: str, packages: Sequence[str]) -> tuple[str, str] | None:
        """The macro that stands in for ``name`` on this adapter."""
        first = (self.root, *packages)
        names = (f"{self.adapter}__{name}", f"default__{name}")
        return next((one for n in names for one in [self.found(n, first)] if one), None)

    def macro(self, at: tuple[str, str]) -> nodes.Macro | None:
        """One macro, parsed; None where its text is no macro that can be read."""
        if at not in self._parsed:
            self._parsed[at] = self._read(at)
        return self._parsed[at]

    def _read(self, at: tuple[str, str]) -> nodes.Macro | None:
        try:
            tree = self.environment.parse(self.texts[at])
        except (TemplateSyntaxError, RecursionError, ValueError):
            return None
        return next((one for one in tree.find_all(nodes.Macro) if one.name == at[1]), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is rendered.

    Attributes:
        package: Package whose macros come first.
        names: What names stand for: ``this``, ``schema``, ``target``, ``schemas``, ``model``.
        refs: Relations by ``(name,)``, ``(package, name)``, each also with the version last.
        sources: Relations by source and table name.
    """

    package: str
    names: Mapping[str, Value]
    refs: Mapping[tuple[str, ...], Relation]
    sources: Mapping[tuple[str, str], Relation]
