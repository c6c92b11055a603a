"""Keys of secrets outside GitHub's own store, and of images.

A name in a store counts as written: stores differ. The holder keeps its own platform's rules. A
reference of an image counts as written too: tags tell case apart.
"""

import re
from collections.abc import Iterable
from typing import Self

from nhigraph.facts.keys import parts
from nhigraph.facts.keys.forge import Repository
from nhigraph.facts.keys.parts import PATH, Key, Marks, Piece, reads
from nhigraph.records import dataclass

#: Folders of a path stay readable; ``|`` and ``;`` stand between values where keys are listed.
_FOLDERS, _SHOWN = Marks("#|;"), Marks("/#|;")
#: Where a file may begin; two such places share a slash in ``acme/file/file/…``.
_FILE = re.compile(r"(?=/file/)")


@dataclass(frozen=True, slots=True)
class Stored(Key):
    """A secret in a store: holder and name, never the name alone.

    Attributes:
        holder: Text of the key of what holds it.
        name: Its name there.
    """

    holder: str
    name: str

    def __post_init__(self) -> None:
        """The holder as its own platform prints it."""
        Key.__post_init__(self)
        object.__setattr__(self, "holder", parts.canonical(self.holder))

    @property
    def qualifier(self) -> str:
        """The holder's."""
        found = parts.parse(self.holder)
        return "" if found is None else found.qualifier

    def qualified(self, at: str) -> Self:
        """The same of another holder."""
        found = parts.parse(self.holder)
        return self if found is None else type(self)(found.qualified(at).text, self.name)

    def pieces(self) -> Iterable[Piece]:
        """``secret:{holder}/{name}``."""
        name = (f"/{PATH.encoded(self.name)}", False)
        return [("secret:", False), *parts.pieces(self.holder), name]


@dataclass(frozen=True, slots=True)
class Written(Key):
    """A secret that a file of a repository shows, by the variable it is written for.

    Attributes:
        repository: The repository.
        path: The file's path from its root.
        name: The variable.
    """

    repository: Repository
    path: str
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``secret:{repository}/file/{path}#{name}``."""
        place = f"/file/{_FOLDERS.encoded(self.path)}#{_SHOWN.encoded(self.name)}"
        return [("secret:", False), *self.repository.pieces(), (place, False)]


@dataclass(frozen=True, slots=True)
class Image(Key):
    """A container image, by its reference."""

    reference: str

    def pieces(self) -> Iterable[Piece]:
        """``image:{reference}``."""
        return [(f"image:{self.reference}", False)]


@reads("secret", folds=True)
def _written(text: str) -> Key | None:
    """How deep a repository lies is its forge's to say: it ends at a ``/file/``, the first so."""
    told = text.removeprefix("secret:")
    for found in _FILE.finditer(told):
        whose = parts.parse(told[: found.start()])
        path, mark, variable = told[found.end() + len("/file/") :].partition("#")
        if mark and isinstance(whose, Repository):
            return Written(whose, _FOLDERS.decoded(path), _SHOWN.decoded(variable))
    return None


@reads("secret", folds=True)
def _stored(text: str) -> Key | None:
    holder, slash, name = text.removeprefix("secret:").rpartition("/")
    return Stored(holder, PATH.decoded(name)) if slash else None


@reads("image")
def _image(text: str) -> Key | None:
    return Image(text.removeprefix("image:"))
