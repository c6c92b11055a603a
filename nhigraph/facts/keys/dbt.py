"""Keys of what dbt declares; dbt's names count as written.

Names of packages and projects are identifiers (https://docs.getdbt.com/reference/project-configs/name:
letters, digits and underscores), so that the first ``.`` ends one; a model's name may have dots of
its own, such as that of a version. A package of one name may lie in two repositories; a qualifier
then tells its models apart.
"""

from collections.abc import Iterable
from typing import Self

from nhigraph.facts.keys.forge import Repository
from nhigraph.facts.keys.github import Repository as _GitHub
from nhigraph.facts.keys.parts import PATH, Key, Marks, Parts, Piece, head, headed, reads
from nhigraph.records import dataclass

_PACKAGE = Marks("/#.")
_NAMED, _HOMED = 2, 3


@dataclass(frozen=True, slots=True)
class Package(Parts):
    """A package as the holder of its models and seeds.

    Attributes:
        name: Its name.
        at: Qualifier, where two projects have a package of that name.
    """

    name: str
    at: str = ""

    @property
    def holder_name(self) -> str:
        """``dbt:{name}``."""
        return f"dbt:{self.name}"

    def pieces(self, family: str, name: str) -> list[Piece]:
        """Pieces of the key of something in it."""
        named = f"{_PACKAGE.encoded(self.name)}.{PATH.encoded(name)}"
        return [(f"{family}:{headed('dbt', self.at)}{named}", False)]


@dataclass(frozen=True, slots=True)
class Model(Key):
    """The logic of a model."""

    package: Package
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``model:dbt:{package}.{name}``."""
        return self.package.pieces("model", self.name)


@dataclass(frozen=True, slots=True)
class Seed(Key):
    """The file of a seed, from which its table is made."""

    package: Package
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``seed:dbt:{package}.{name}``."""
        return self.package.pieces("seed", self.name)


@dataclass(frozen=True, slots=True)
class Report(Key):
    """An exposure."""

    name: str
    at: str = ""

    @property
    def holder_name(self) -> str:
        """``dbt report:{name}``: exposures are of no package."""
        return f"dbt report:{self.name}"

    def pieces(self) -> Iterable[Piece]:
        """``report:dbt:{name}``."""
        return [(f"report:{headed('dbt', self.at)}{PATH.encoded(self.name)}", False)]


class _Homed(Key):
    """Something that lies in a repository where its file lies in a checkout.

    The repository tells it apart; where that itself needs a qualifier, it is this key's too.
    """

    __slots__ = ()
    repository: Repository | None
    at: str

    def __post_init__(self) -> None:
        """One qualifier, not two."""
        Parts.__post_init__(self)
        if self.repository is not None and not self.at:
            object.__setattr__(self, "at", self.repository.qualifier)
        if self.repository is not None and self.repository.qualifier != self.at:
            object.__setattr__(self, "repository", self.repository.qualified(self.at))

    def qualified(self, at: str) -> Self:
        """The same in the repository that ``at`` tells apart."""
        home = None if self.repository is None else self.repository.qualified(at)
        return self._of(home, at)

    def _of(self, repository: Repository | None, at: str) -> Self:
        raise NotImplementedError

    def _begins(self, family: str, *below: str) -> list[Piece]:
        start = [(f"{family}:{headed('dbt', self.at)}", False)]
        if self.repository is None:
            return start
        if not isinstance(self.repository, _GitHub):
            return [*start, *_elsewhere(self.repository, *below)]
        parts = (self.repository.owner, self.repository.name)
        owner, name = (PATH.encoded(PATH.encoded(part)) for part in parts)
        path = "".join(f"%2F{PATH.encoded(part)}" for part in below)
        folds = not self.repository.is_local
        return [*start, (owner, True), ("%2F", False), (name, folds), (f"{path}/", False)]


#: How deep a repository lies is its forge's to say: behind it a path begins with this.
_FILE = "/file/"


def _elsewhere(repository: Repository, *below: str) -> Iterable[Piece]:
    """``{forge}/{repository}``, with a path in it: of any forge but the one that is usual."""
    first, *rest = repository.unqualified().pieces()
    text = first[0].removeprefix(f"{repository.platform}:")
    yield f"{PATH.encoded(repository.platform)}/", False
    for piece, folds in ((text, first[1]), *rest):
        yield PATH.encoded(piece), folds
    yield "".join(PATH.encoded(f"{_FILE}{path}") for path in below) + "/", False


@dataclass(frozen=True, slots=True)
class Connection(_Homed):
    """One output of a profile: the connection that a run of dbt opens.

    Attributes:
        profile: The profile.
        output: Its output.
        repository: Where its profiles.yml lies, if in a checkout.
        path: The file's path from the root of that.
        at: Qualifier; the repository's where there is one.
    """

    profile: str
    output: str
    repository: Repository | None = None
    path: str = ""
    at: str = ""

    def __post_init__(self) -> None:
        """A path without a repository leads nowhere."""
        _Homed.__post_init__(self)
        if self.repository is None:
            object.__setattr__(self, "path", "")

    def _of(self, repository: Repository | None, at: str) -> Self:
        return type(self)(self.profile, self.output, repository, self.path, at)

    def pieces(self) -> Iterable[Piece]:
        """``connection:dbt:{profile}/{output}``, after the file where that is known."""
        named = f"{PATH.encoded(self.profile)}/{PATH.encoded(self.output)}"
        return [*self._begins("connection", self.path), (named, False)]


@dataclass(frozen=True, slots=True)
class Project(_Homed):
    """A project; inside its repository where it lies in a checkout."""

    name: str
    repository: Repository | None = None
    at: str = ""

    @property
    def holder_name(self) -> str:
        """``dbt project:{name}`` of one that lies in no checkout; else its repository tells."""
        return "" if self.repository is not None else f"dbt project:{self.name}"

    def _of(self, repository: Repository | None, at: str) -> Self:
        return type(self)(self.name, repository, at)

    def pieces(self) -> Iterable[Piece]:
        """``project:dbt:{name}``, after the repository where that is known."""
        return [*self._begins("project"), (PATH.encoded(self.name), False)]


# -- reading ------------------------------------------------------------------------------------


@reads("model")
@reads("seed")
@reads("report")
@reads("connection", folds=True)
@reads("project", folds=True)
def _read(text: str) -> Key | None:
    family, colon, _ = text.partition(":")
    found = head(text, len(family) + 1)
    if not colon or found is None or found[0] != "dbt":
        return None
    _, at, rest = found
    if family == "report":
        return Report(PATH.decoded(rest), at)
    if family in {"model", "seed"}:
        package, _, name = rest.partition(".")
        form = Model if family == "model" else Seed
        return form(Package(_PACKAGE.decoded(package), at), PATH.decoded(name))
    *home, last = rest.split("/")
    if family == "project":
        return _project([PATH.decoded(part) for part in home], PATH.decoded(last), at)
    return _connection([PATH.decoded(part) for part in home], PATH.decoded(last), at)


def _home(text: str, at: str) -> tuple[Repository, str]:
    owner, _, rest = text.partition("/")
    name, _, path = rest.partition("/")
    return _GitHub(PATH.decoded(owner), PATH.decoded(name), at), path


def _home_elsewhere(forge: str, text: str, at: str) -> tuple[Repository, str] | None:
    found, _, path = text.partition(_FILE)
    home = Repository.parse(f"{forge}:{found}")
    return None if home is None else (home.qualified(at), path)


def _project(home: list[str], name: str, at: str) -> Key | None:
    match home:
        case []:
            return Project(name, None, at)
        case [text]:
            return Project(name, _home(text, at)[0], at)
        case [forge, text]:
            found = _home_elsewhere(forge, text, at)
            return None if found is None else Project(name, found[0], at)
    return None


def _connection(parts: list[str], output: str, at: str) -> Key | None:
    match parts:
        case [profile]:
            return Connection(profile, output, None, "", at)
        case [home, profile]:
            return Connection(profile, output, *_home(home, at), at)
        case [forge, home, profile]:
            found = _home_elsewhere(forge, home, at)
            return None if found is None else Connection(profile, output, *found, at)
    return None
