"""Fixtures of a source with a secret in one field after the other.

A field is a text of a document, by its path without the numbers of lists. It is planted in a copy
of the document that is otherwise whole, so that what reads the field meets it: the secret takes
the place of the text, or stands behind it. A name of a field is planted the same way.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import yaml

FIXTURES = Path(__file__).parents[1] / "unit" / "sources"
#: Ways in which people leave a secret, ``{}``, in a text that is not made for one.
FORMS = {
    "address": "postgres://loader:{}@db.internal/erp",
    "words": "host=db.internal password={}",
    "note": "token: {}",
}
WAYS = ("instead", "behind")
#: Deeper than anybody writes; one fixture is, on purpose.
_DEEPEST = 30
_NO_INPUT = re.compile(r"expect(?:ed)?\.(?:ya?ml|json)\Z")
#: Ids of dbt's, and members below which every name is somebody's own.
_ID = re.compile(r"\w+\.\w+\.\S+\Z")
_NAMED = frozenset({"columns", "env", "grants", "jobs", "meta", "outputs", "services", "with"})


@dataclass(frozen=True)
class Place:
    """One text of one document.

    Attributes:
        document: The fixture.
        path: Members that lead to it; ``*`` for an item of a list.
        span: Where it stands in the document.
        text: What it says.
        name: Whether it is the name of a member.
    """

    document: Path
    path: tuple[str, ...]
    span: tuple[int, int]
    text: str
    name: bool = False

    @property
    def case(self) -> str:
        """Source and case of the fixture."""
        return "/".join(self.document.relative_to(FIXTURES).parts[:2])


def documents(source: str) -> list[Path]:
    """Inputs among a source's fixtures; those that lie at an address, too."""
    found = sorted((FIXTURES / source).glob("*/**/*"))
    kept = [path for path in found if path.suffix in (".json", ".yml", ".yaml")]
    return [path for path in kept if not _NO_INPUT.match(path.name)]


def places(document: Path) -> Iterator[Place]:
    """Every text of a document; none of one that cannot be parsed."""
    try:
        text = document.read_text(encoding="utf-8")
        root = yaml.compose(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return
    yield from _within(root, (), document)


def _within(node: yaml.Node | None, path: tuple[str, ...], document: Path) -> Iterator[Place]:
    if len(path) > _DEEPEST:
        return
    if isinstance(node, yaml.ScalarNode):
        span = (node.start_mark.index, node.end_mark.index)
        yield Place(document, path, span, node.value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _within(item, (*path, "*"), document)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode):
                span = (name.start_mark.index, name.end_mark.index)
                yield Place(document, (*path, name.value), span, name.value, name=True)
                yield from _within(value, (*path, name.value), document)


def planted(place: Place, secret: str, way: str) -> str:
    """The document with a text in one place of it: instead of what stands there, or behind it."""
    text = place.document.read_text(encoding="utf-8")
    said = secret if way == "instead" else f"{place.text.rstrip()} {secret}"
    start, end = place.span
    # A block's text ends with its line.
    behind = "\n" if text[start:end].endswith("\n") else ""
    return f"{text[:start]}{json.dumps(said)}{behind}{text[end:]}"


def field(place: Place) -> tuple[str, ...]:
    """The field of a place: names that people give are alike below what holds only such names."""
    found = ["*" if _ID.match(part) else part for part in place.path]
    for at, part in enumerate(place.path[:-1]):
        if part in _NAMED:
            found[at + 1] = "*"
    return tuple(found)


def chosen(source: str, *, every: bool) -> list[tuple[Place, str, str]]:
    """What is planted, in which form and way: each field of a source twice, or all there is."""
    found: list[tuple[Place, str, str]] = []
    seen: set[tuple[str, ...]] = set()
    ways = list(product(FORMS, WAYS))
    for document in documents(source):
        for place in places(document):
            if every:
                found += [(place, *way) for way in ways]
            elif not place.name and field(place) not in seen:
                seen.add(field(place))
                at = len(seen)
                found += [(place, *ways[(at + more) % len(ways)]) for more in (0, 3)]
    return found


def write(folder: Path, number: int, place: Place, text: str) -> None:
    """A document in a checkout of its own."""
    name, own = place.document.name, folder / f"c{number:05}"
    (own / ".git").mkdir(parents=True)
    (own / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    remote = f'[remote "origin"]\n\turl = https://github.com/acme/c{number:05}.git\n'
    (own / ".git" / "config").write_text(remote)
    if name.startswith("workflow."):
        own = own / ".github" / "workflows"
        own.mkdir(parents=True)
    else:
        own /= place.document.parent.relative_to(FIXTURES / place.case)
        own.mkdir(parents=True, exist_ok=True)
    (own / name).write_text(text, encoding="utf-8")
