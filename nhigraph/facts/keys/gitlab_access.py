"""Keys of what groups and servers have on GitLab, and of what projects give access by.

GitLab numbers keys, tokens, triggers, schedules, hooks and runners; numbers are of one server
(https://docs.gitlab.com/api/rest/, "id vs iid", read 28 November 2026).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from nhigraph.facts.keys import forge
from nhigraph.facts.keys.gitlab import PLATFORM, Repository, coded
from nhigraph.facts.keys.parts import PATH, Case, Key, Piece
from nhigraph.records import dataclass

#: Beginnings, behind the server, of what is no project's.
GROUPS, USERS, ADMIN = "groups", "users", "admin"
_HOST: Mapping[str, Case] = {"host": Case.LOWER}
_PATH: Mapping[str, Case] = {"host": Case.LOWER, "group": Case.LOWER}


# -- groups and servers -------------------------------------------------------------------------


class _Owned(forge.Owned):
    """Something of a group, or of the whole server where ``group`` is empty.

    Attributes:
        host: The server.
        group: The group's path, ``group/subgroup``; empty for the server.
    """

    __slots__ = ()
    CASES: ClassVar[Mapping[str, Case]] = _PATH
    platform: ClassVar[str] = PLATFORM
    host: str
    group: str

    @property
    def owner(self) -> str:  # type: ignore[override]  # computed here
        """``host/group/subgroup``."""
        return f"{self.host}/{self.group}" if self.group else self.host

    def is_around(self, other: forge.Owned) -> bool:
        """Whether it is a group around another one, or the server of a group."""
        if not isinstance(other, _Owned) or other.host.lower() != self.host.lower():
            return False
        inner, outer = other.group.lower(), self.group.lower()
        return inner != outer and (not outer or inner.startswith(f"{outer}/"))

    def _at(self, *below: str) -> list[Piece]:
        whose = f"/{GROUPS}/" if self.group else f"/{ADMIN}" if below else ""
        found = [(f"{PLATFORM}:", False), (PATH.encoded(self.host), True), (whose, False)]
        found += [(coded(self.group, 1), True)] if self.group else []
        return [*found, *((f"/{one}", False) for one in below)]


@dataclass(frozen=True, slots=True)
class Namespace(_Owned):
    """A group; the whole server where ``group`` is empty."""

    host: str
    group: str = ""

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/groups/{group}``, of a server ``gitlab:{host}``."""
        return self._at()


def groups(project: Repository) -> tuple[Namespace, ...]:
    """The groups around a project, the innermost first."""
    parts = project.project.split("/")[:-1]
    return tuple(Namespace(project.host, "/".join(parts[:n])) for n in range(len(parts), 0, -1))


@dataclass(frozen=True, slots=True)
class OwnerSecret(_Owned, forge.OwnerSecret):
    """A CI/CD variable of a group, or of the server."""

    host: str
    group: str
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/groups/{group}/variable/{name}``, of a server ``…/admin/variable/…``."""
        return self._at("variable", PATH.encoded(self.name))


@dataclass(frozen=True, slots=True)
class OwnerPermission(_Owned, forge.OwnerPermission):
    """The grant of one permission, or of a role, on all that a group or server has."""

    host: str
    group: str
    permission: str

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/groups/{group}/permission/{permission}``."""
        return self._at("permission", PATH.encoded(self.permission))


@dataclass(frozen=True, slots=True)
class OwnerMachine(_Owned, forge.OwnerMachine):
    """One runner registered with a group or a server, by its number."""

    host: str
    group: str
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/groups/{group}/machine/{number}``."""
        return self._at("machine", PATH.encoded(self.number))


@dataclass(frozen=True, slots=True)
class OwnerMembers(_Owned):
    """Everybody who has at least a role in a group, such as ``maintainer``."""

    host: str
    group: str
    role: str

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/groups/{group}/members/{role}``."""
        return self._at("members", PATH.encoded(self.role))


@dataclass(frozen=True, slots=True)
class OwnerCredential(_Owned):
    """A group's deploy token, access token or hook, by sort and number.

    Of the server: an ``account-number`` or a ``group-number``, of which a rule says no more.
    """

    host: str
    group: str
    sort: str
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/groups/{group}/access-token/{number}``."""
        return self._at(self.sort, PATH.encoded(self.number))


# -- people -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class User(forge.Account):
    """An account of a server, a person's or a bot's."""

    CASES: ClassVar[Mapping[str, Case]] = {"host": Case.LOWER, "login": Case.LOWER}
    host: str
    login: str

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/users/{login}``."""
        host, login = PATH.encoded(self.host), PATH.encoded(self.login)
        return [(f"{PLATFORM}:", False), (host, True), (f"/{USERS}/", False), (login, True)]


@dataclass(frozen=True, slots=True)
class Anyone(Key):
    """Everybody who has an account of a server."""

    CASES: ClassVar[Mapping[str, Case]] = _HOST
    host: str

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/users``."""
        return [(f"{PLATFORM}:", False), (PATH.encoded(self.host), True), (f"/{USERS}", False)]


# -- of a project -------------------------------------------------------------------------------

#: Sorts of credentials, triggers and the like that a project or group has, by their word.
SORTS = ("deploy-key", "deploy-token", "access-token", "trigger", "schedule", "hook")
#: Of a server: who or what a rule names by its number alone.
NUMBERED = ("account-number", "group-number")


@dataclass(frozen=True, slots=True)
class Credential(forge.Inside):
    """A project's deploy key, deploy or access token, trigger, schedule or hook, by its number."""

    repository: Repository
    sort: str
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``…/deploy-key/{number}``."""
        return self.repository.inside((f"/{self.sort}/{PATH.encoded(self.number)}", False))


@dataclass(frozen=True, slots=True)
class Machine(forge.Machine):
    """One runner registered with a project, by its number."""

    repository: Repository
    number: str

    def pieces(self) -> Iterable[Piece]:
        """``…/machine/{number}``."""
        return self.repository.inside((f"/machine/{PATH.encoded(self.number)}", False))


@dataclass(frozen=True, slots=True)
class Members(forge.Inside):
    """Everybody who has at least a role in a project, such as ``maintainer``."""

    repository: Repository
    role: str

    def pieces(self) -> Iterable[Piece]:
        """``…/members/{role}``."""
        return self.repository.inside((f"/members/{PATH.encoded(self.role)}", False))


# -- reading ------------------------------------------------------------------------------------

#: The word after a group or a server, and what reads the name behind it.
OF_OWNER: Mapping[str, Callable[[str, str, str], Key]] = {
    "variable": OwnerSecret,
    "permission": OwnerPermission,
    "machine": OwnerMachine,
    "members": OwnerMembers,
}
