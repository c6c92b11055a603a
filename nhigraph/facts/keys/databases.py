"""Keys of what lies in databases.

Names are those of the platform's catalogue, already folded (``names``), so every part counts as
written. A holder is a database of one server: where two servers have a database of one name, a
qualifier (``host:port``) tells them apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from nhigraph.facts import passwords
from nhigraph.facts.keys.parts import DOTTED, PATH, Key, Parts, Piece, head, headed, reads

_DATASET_PARTS = 3
_encoded = DOTTED.encoded


@dataclass(frozen=True, slots=True)
class Database(Parts):
    """A database as the holder of what lies in it.

    Attributes:
        platform: The kind of server, such as ``postgres``.
        name: Its name, or the scope's name for its server.
        at: Qualifier, where two servers have a database of that name.
    """

    platform: str
    name: str
    at: str = ""

    @property
    def holder_name(self) -> str:
        """``{platform}:{name}``."""
        return f"{self.platform}:{self.name}"

    def headed(self, family: str) -> str:
        """The beginning of a key in it."""
        return f"{family}:{headed(self.platform, self.at)}"


@lru_cache(maxsize=1 << 12)
def database(platform: str, name: str) -> Database:
    """A database that nothing needs to tell from another one of its name."""
    return Database(platform, name)


def dotted(*parts: str) -> str:
    """A dotted name in which no part can imitate two; for the thing a grant is about."""
    return ".".join([DOTTED.encoded(passwords.cut_key(part)) for part in parts])


def undotted(text: str) -> tuple[str, ...]:
    """The parts of a dotted name."""
    return tuple(map(DOTTED.decoded, text.split(".")))


@dataclass(frozen=True, slots=True)
class Dataset(Key):
    """A table, view, model's relation, seed or source."""

    database: Database
    schema: str
    name: str

    @classmethod
    def of(cls, platform: str, parts: Sequence[str]) -> Self:
        """The dataset by database, schema and name of its relation."""
        name, schema, relation = parts
        return cls(database(platform, name), schema, relation)

    @property
    def container(self) -> "Container":
        """The schema it lies in."""
        return Container(self.database, self.schema)

    def pieces(self) -> Iterable[Piece]:
        """``dataset:{platform}:{database}.{schema}.{name}``."""
        return [(self.text, False)]

    @property
    def text(self) -> str:
        """The canonical text."""
        name, schema, relation = self.database.name, self.schema, self.name
        named = f"{_encoded(name)}.{_encoded(schema)}.{_encoded(relation)}"
        return f"{self.database.headed('dataset')}{named}"


@dataclass(frozen=True, slots=True)
class Container(Key):
    """A schema as a container of data; the database itself where there is none."""

    database: Database
    schema: str | None = None

    def pieces(self) -> Iterable[Piece]:
        """``container:{platform}:{database}.{schema}``."""
        named = [self.database.name, *([] if self.schema is None else [self.schema])]
        return [(f"{self.database.headed('container')}{dotted(*named)}", False)]


@dataclass(frozen=True, slots=True)
class Cluster(Key):
    """The server that holds a database and the roles of all its databases."""

    database: Database

    def pieces(self) -> Iterable[Piece]:
        """``cluster:{platform}:{database}``."""
        return [(f"{self.database.headed('cluster')}{PATH.encoded(self.database.name)}", False)]


@dataclass(frozen=True, slots=True)
class Role(Key):
    """A role of a server, known by one of its databases or by the scope's name for it."""

    database: Database
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``role:{platform}:{database}/{name}``."""
        named = f"{PATH.encoded(self.database.name)}/{PATH.encoded(self.name)}"
        return [(f"{self.database.headed('role')}{named}", False)]


@dataclass(frozen=True, slots=True)
class Grant(Key):
    """One privilege on one object or container, whose name is ``dotted``."""

    database: Database
    privilege: str
    thing: str

    def pieces(self) -> Iterable[Piece]:
        """``grant:{platform}:{database}/{privilege}/{thing}``."""
        parts = (self.database.name, self.privilege, self.thing)
        named = "/".join([PATH.encoded(part) for part in parts])
        return [(f"{self.database.headed('grant')}{named}", False)]


# -- reading ------------------------------------------------------------------------------------


def _split(text: str, mark: str) -> tuple[str, str, list[str]] | None:
    found = head(text, text.find(":") + 1)
    return None if found is None else (found[0], found[1], found[2].split(mark))


@reads("dataset")
def _dataset(text: str) -> Key | None:
    found = _split(text, ".")
    if found is None or len(found[2]) != _DATASET_PARTS:
        return None
    platform, at, parts = found
    name, schema, relation = map(DOTTED.decoded, parts)
    return Dataset(Database(platform, name, at), schema, relation)


@reads("container")
def _container(text: str) -> Key | None:
    found = _split(text, ".")
    if found is None or len(found[2]) >= _DATASET_PARTS:
        return None
    platform, at, parts = found
    name, *schema = map(DOTTED.decoded, parts)
    return Container(Database(platform, name, at), *schema)


@reads("cluster")
def _cluster(text: str) -> Key | None:
    found = head(text, text.find(":") + 1)
    return None if found is None else Cluster(Database(found[0], PATH.decoded(found[2]), found[1]))


@reads("role")
@reads("grant")
def _of_database(text: str) -> Key | None:
    found = _split(text, "/")
    if found is None:
        return None
    name, *rest = map(PATH.decoded, found[2])
    database = Database(found[0], name, found[1])
    form = Role if text.startswith("role:") else Grant
    return form(database, *rest) if len(rest) == (1 if form is Role else 2) else None
