"""Keys of what lies in databases.

Names are those of the platform's catalogue, already folded (``names``), so every part counts as
written. A holder is a database of one server: where two servers have a database of one name, a
qualifier (``host:port``) tells them apart.

Where a schema is a database (``names.SCHEMAS_ARE_DATABASES``), a relation has two parts: its
schema is the empty text, and so is the name of the database that stands for the server itself.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Self

from nhigraph.facts import passwords
from nhigraph.facts.keys.names import SCHEMAS_ARE_DATABASES
from nhigraph.facts.keys.parts import DOTTED, PATH, Key, Parts, Piece, head, headed, reads
from nhigraph.records import dataclass

_DATASET_PARTS = 3
_TWO_PARTS = 2
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
        if platform in SCHEMAS_ARE_DATABASES:
            return cls(database(platform, schema or name), "", relation)
        return cls(database(platform, name), schema, relation)

    @property
    def container(self) -> "Container":
        """The schema it lies in."""
        return Container(self.database, None if self._has_two_parts else self.schema)

    @property
    def _has_two_parts(self) -> bool:
        return not self.schema and self.database.platform in SCHEMAS_ARE_DATABASES

    def pieces(self) -> Iterable[Piece]:
        """``dataset:{platform}:{database}.{schema}.{name}``."""
        return [(self.text, False)]

    @property
    def text(self) -> str:
        """The canonical text."""
        name, schema, relation = self.database.name, self.schema, self.name
        between = "." if self._has_two_parts else f".{_encoded(schema)}."
        named = f"{_encoded(name)}{between}{_encoded(relation)}"
        return f"{self.database.headed('dataset')}{named}"


@dataclass(frozen=True, slots=True)
class Container(Key):
    """A schema as a container of data; the database itself where there is none."""

    database: Database
    schema: str | None = None

    @classmethod
    def of(cls, platform: str, name: str, schema: str) -> Self:
        """A schema by the names of its database and its own."""
        if platform in SCHEMAS_ARE_DATABASES:
            return cls(database(platform, schema or name))
        return cls(database(platform, name), schema)

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
        """``role:{platform}:{database}/{name}``; the name alone where the server has none."""
        return [(f"{self.database.headed('role')}{_path(self.database, self.name)}", False)]


@dataclass(frozen=True, slots=True)
class Grant(Key):
    """One privilege on one object or container, whose name is ``dotted``."""

    database: Database
    privilege: str
    thing: str

    def pieces(self) -> Iterable[Piece]:
        """``grant:{platform}:{database}/{privilege}/{thing}``."""
        named = _path(self.database, self.privilege, self.thing)
        return [(f"{self.database.headed('grant')}{named}", False)]


def _path(holder: Database, *parts: str) -> str:
    """Parts between slashes, the holder's name first where it has one."""
    return "/".join([PATH.encoded(part) for part in (*filter(None, (holder.name,)), *parts)])


# -- reading ------------------------------------------------------------------------------------


def _split(text: str, mark: str) -> tuple[str, str, list[str]] | None:
    found = head(text, text.find(":") + 1)
    return None if found is None else (found[0], found[1], found[2].split(mark))


@reads("dataset")
def _dataset(text: str) -> Key | None:
    found = _split(text, ".")
    if found is None:
        return None
    platform, at, parts = found
    if platform in SCHEMAS_ARE_DATABASES and len(parts) == _TWO_PARTS:
        parts = [parts[0], "", parts[1]]
    if len(parts) != _DATASET_PARTS:
        return None
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
    form, count = (Role, 1) if text.startswith("role:") else (Grant, 2)
    rest = [*map(PATH.decoded, found[2])]
    # Without one part more, it is of the server itself.
    name = rest.pop(0) if len(rest) > count else ""
    return form(Database(found[0], name, found[1]), *rest) if len(rest) == count else None
