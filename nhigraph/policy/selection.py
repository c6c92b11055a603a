"""Which resources ``dbt build --select … --exclude …`` takes, as far as names and lineage say.

https://docs.getdbt.com/reference/node-selection/syntax: terms apart by spaces add up, terms joined
by commas must all hold; ``+`` before and after takes ancestors and descendants, ``@`` descendants
with all their ancestors. Methods that depend on other runs, on configuration or on a file
of selectors (``state:``, ``config.…:``, ``selector:``) are not decided.
"""

import re
from collections.abc import Callable, Collection, Mapping
from fnmatch import fnmatchcase

from nhigraph.records import dataclass

_ATOM = re.compile(
    r"(?P<at>@)?(?:(?P<up>\d*)(?P<parents>\+))?(?:(?P<method>[a-z_]+(?:\.[\w.]+)?):)?"
    r"(?P<value>[^+@]+?)(?:(?P<children>\+)(?P<down>\d*))?\Z"
)
#: Methods whose words a resource carries as they are written.
_WORDS = frozenset({"tag", "group", "access", "package", "source", "exposure"})
_EVERYTHING = 1 << 30


@dataclass(frozen=True, slots=True)
class Selectable:
    """What selection looks at.

    Attributes:
        words: What dbt finds it by: names, ``tag:…``, ``package:…``, as the dbt source keeps them.
        package: Package that declares it.
        name: Its name.
        path: Path of its file from the project's folder, if it has one.
        type: model, seed, snapshot, source or exposure.
    """

    words: frozenset[str]
    package: str = ""
    name: str = ""
    path: str = ""
    type: str = ""

    @property
    def fqn(self) -> tuple[str, ...]:
        """Package, folders below the first (``models``), name."""
        folders = self.path.replace("\\", "/").split("/")[1:-1]
        return (self.package, *folders, self.name)


@dataclass(frozen=True, slots=True)
class Selected:
    """What a selection takes for certain, and what it may take besides."""

    certain: frozenset[str]
    possible: frozenset[str]


class Selection:
    """Selections over one project.

    Attributes:
        resources: What can be selected, by key.
    """

    def __init__(
        self,
        resources: Mapping[str, Selectable],
        parents: Callable[[str], Collection[str]],
        children: Callable[[str], Collection[str]],
    ) -> None:
        """Lineage is asked for only where a selection has an operator."""
        self.resources = resources
        self._parents, self._children = parents, children

    def taken(self, select: str | None, exclude: str | None = None) -> Selected:
        """What ``--select`` and ``--exclude`` take; None where the option was not given."""
        everything = frozenset(self.resources)
        chosen = Selected(everything, everything) if select is None else self._union(select)
        if exclude is None:
            return chosen
        out = self._union(exclude)
        return Selected(chosen.certain - out.possible, chosen.possible - out.certain)

    def _union(self, text: str) -> Selected:
        certain: frozenset[str] = frozenset()
        possible: frozenset[str] = frozenset()
        for term in text.split():
            parts = [self._atom(atom) for atom in term.split(",") if atom]
            if parts:
                certain |= frozenset.intersection(*(part.certain for part in parts))
                possible |= frozenset.intersection(*(part.possible for part in parts))
        return Selected(certain, possible)

    def _atom(self, text: str) -> Selected:
        atom = _ATOM.match(text)
        everything = frozenset(self.resources)
        if atom is None:
            return Selected(frozenset(), everything)
        answers = {key: self._named(one, atom) for key, one in self.resources.items()}
        if None in answers.values():
            return Selected(frozenset(), everything)
        found = {key for key, answer in answers.items() if answer}
        return self._widened(found, atom)

    def _named(self, one: Selectable, atom: re.Match[str]) -> bool | None:
        method, value = atom["method"] or "", atom["value"]
        if method in _WORDS:
            return any(fnmatchcase(word, f"{method}:{value}") for word in one.words)
        if method == "resource_type":
            return fnmatchcase(one.type, value)
        if method == "file":
            return fnmatchcase(one.path.rpartition("/")[2], value)
        if method == "path" or (not method and "/" in value):
            return _below(one.path, value)
        if method in ("", "fqn"):
            return _is_named(one, value)
        return None

    def _widened(self, found: set[str], atom: re.Match[str]) -> Selected:
        taken = set(found)
        if atom["parents"]:
            taken |= _walk(found, self._parents, int(atom["up"] or _EVERYTHING))
        if atom["children"] or atom["at"]:
            below = _walk(found, self._children, int(atom["down"] or _EVERYTHING))
            taken |= below
            if atom["at"]:
                taken |= _walk(taken, self._parents, _EVERYTHING)
        kept = frozenset(taken & self.resources.keys())
        return Selected(kept, kept)


def _is_named(one: Selectable, value: str) -> bool:
    if any(fnmatchcase(word, value) for word in one.words if ":" not in word):
        return True
    if fnmatchcase(one.path.rpartition("/")[2], value):
        return True
    wanted = value.removesuffix(".*").split(".")
    fqn = one.fqn
    return any(
        len(wanted) <= len(parts)
        and all(fnmatchcase(part, want) for part, want in zip(parts, wanted, strict=False))
        for parts in (fqn, fqn[1:])
    )


def _below(path: str, value: str) -> bool:
    folder = value.strip("/").removesuffix("/*").removesuffix("/**")
    return path == folder or path.startswith(f"{folder}/") or fnmatchcase(path, value)


def _walk(
    start: Collection[str], following: Callable[[str], Collection[str]], steps: int
) -> set[str]:
    found: set[str] = set()
    edge = set(start)
    while edge and steps > 0:
        edge = {after for one in edge for after in following(one)} - found
        found |= edge
        steps -= 1
    return found
