"""Keys of what a repository or its owner gives access by: keys, apps, tokens, hooks, machines.

GitHub numbers deploy keys, webhooks, tokens and machines; a number belongs to one listing. An
app's slug is part of its address, which GitHub reads without case (read 28 November 2026,
https://docs.github.com/en/rest/apps/apps#get-an-app). Stores of secrets beside that of Actions,
Dependabot's and Codespaces', have secrets of their own under the same names
(https://docs.github.com/en/rest/dependabot/secrets, https://docs.github.com/en/rest/codespaces).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from nhigraph.facts.keys import forge
from nhigraph.facts.keys.github import Repository
from nhigraph.facts.keys.parts import PATH, Case, Key, Marks, Piece
from nhigraph.records import dataclass

#: A store and a name in it.
_STORE = Marks("/#:")
#: An owner of this name would look like everybody.
ANYONE, OWNER_ANYONE = "anyone", "%61nyone"
_OWNER: Mapping[str, Case] = {"owner": Case.LOWER}


def _of_owner(owner: str, word: str, name: str, *, folds: bool = False) -> list[Piece]:
    """``github:{owner}/{word}/{name}``."""
    return [
        ("github:", False),
        (PATH.encoded(owner), True),
        (f"/{word}/", False),
        (PATH.encoded(name), folds),
    ]


# -- of a repository ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeployKey(Key):
    """A deploy key by its number."""

    repository: Repository
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``…/deploy-key/{number}``."""
        return self.repository.inside((f"/deploy-key/{PATH.encoded(self.number)}", False))


@dataclass(frozen=True, slots=True)
class Hook(Key):
    """A repository's webhook by its number."""

    repository: Repository
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``…/hook/{number}``."""
        return self.repository.inside((f"/hook/{PATH.encoded(self.number)}", False))


@dataclass(frozen=True, slots=True)
class Machine(forge.Machine):
    """One machine registered with a repository, by its number."""

    repository: Repository
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``…/machine/{number}``."""
        return self.repository.inside((f"/machine/{PATH.encoded(self.number)}", False))


@dataclass(frozen=True, slots=True)
class OtherSecret(Key):
    """A repository's secret in a store that is not that of Actions."""

    CASES: ClassVar[Mapping[str, Case]] = {"store": Case.LOWER, "name": Case.UPPER}
    repository: Repository
    store: str
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/other-secret/{store}:{name}``."""
        found = f"{_STORE.encoded(self.store)}:{_STORE.encoded(self.name)}"
        return self.repository.inside(("/other-secret/", False), (found, True))


# -- of an owner --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Owner(forge.Owned):
    """An account that has repositories."""

    CASES: ClassVar[Mapping[str, Case]] = _OWNER
    platform: ClassVar[str] = "github"
    owner: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}``."""
        yield "github:", False
        yield (OWNER_ANYONE if self.owner == ANYONE else PATH.encoded(self.owner)), True


@dataclass(frozen=True, slots=True)
class App(Key):
    """An app as it is installed for an owner."""

    CASES: ClassVar[Mapping[str, Case]] = {"owner": Case.LOWER, "slug": Case.LOWER}
    owner: str
    slug: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/app/{slug}``."""
        return _of_owner(self.owner, "app", self.slug, folds=True)


@dataclass(frozen=True, slots=True)
class AccessToken(Key):
    """A person's token that an owner let in, by its number."""

    CASES: ClassVar[Mapping[str, Case]] = _OWNER
    owner: str
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/token/{number}``."""
        return _of_owner(self.owner, "token", self.number)


@dataclass(frozen=True, slots=True)
class OwnerHook(Key):
    """An owner's webhook by its number."""

    CASES: ClassVar[Mapping[str, Case]] = _OWNER
    owner: str
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/hook/{number}``."""
        return _of_owner(self.owner, "hook", self.number)


@dataclass(frozen=True, slots=True)
class OwnerMachine(forge.OwnerMachine):
    """One machine registered with an owner, by its number."""

    platform: ClassVar[str] = "github"
    CASES: ClassVar[Mapping[str, Case]] = _OWNER
    owner: str
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/machine/{number}``."""
        return _of_owner(self.owner, "machine", self.number)


@dataclass(frozen=True, slots=True)
class OwnerPermission(forge.OwnerPermission):
    """The grant of one permission on all that an owner has, such as ``contents:write``."""

    CASES: ClassVar[Mapping[str, Case]] = _OWNER
    platform: ClassVar[str] = "github"
    owner: str
    permission: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/permission/{permission}``."""
        return _of_owner(self.owner, "permission", self.permission)


@dataclass(frozen=True, slots=True)
class OwnerOtherSecret(Key):
    """An owner's secret in a store that is not that of Actions."""

    CASES: ClassVar[Mapping[str, Case]] = {**_OWNER, "store": Case.LOWER, "name": Case.UPPER}
    owner: str
    store: str
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/other-secret/{store}:{name}``."""
        yield "github:", False
        yield PATH.encoded(self.owner), True
        yield "/other-secret/", False
        yield f"{_STORE.encoded(self.store)}:{_STORE.encoded(self.name)}", True


# -- reading ------------------------------------------------------------------------------------


def _stored(text: str) -> tuple[str, str]:
    store, _, name = text.partition(":")
    return _STORE.decoded(store), _STORE.decoded(name)


#: The word after an owner, and what reads what follows it as it is written.
OF_OWNER: Mapping[str, Callable[[str, str], Key]] = {
    "app": lambda owner, name: App(owner, PATH.decoded(name)),
    "token": lambda owner, name: AccessToken(owner, PATH.decoded(name)),
    "hook": lambda owner, name: OwnerHook(owner, PATH.decoded(name)),
    "machine": lambda owner, name: OwnerMachine(owner, PATH.decoded(name)),
    "permission": lambda owner, name: OwnerPermission(owner, PATH.decoded(name)),
    "other-secret": lambda owner, name: OwnerOtherSecret(owner, *_stored(name)),
}
#: The word after a repository, alike.
OF_REPOSITORY: Mapping[str, Callable[[Repository, str], Key]] = {
    "deploy-key": lambda repository, name: DeployKey(repository, PATH.decoded(name)),
    "hook": lambda repository, name: Hook(repository, PATH.decoded(name)),
    "machine": lambda repository, name: Machine(repository, PATH.decoded(name)),
    "other-secret": lambda repository, name: OtherSecret(repository, *_stored(name)),
}
