"""Keys of what lies on GitLab: projects in groups of any depth, on one of many servers.

Case, by GitLab's own words (read 28 November 2026):

* Paths of groups and projects are found without regard to case: an address in another case leads
  to the same one, and a second path that differs only in case is "already taken"
  (https://docs.gitlab.com/user/reserved_names/, "Rules for usernames, project and group names, and
  slugs"). So are users' names. A path is of a group or of a project, never of both.
* Names of variables, environments, jobs and tags of runners count as written: a variable is one of
  the job's shell (https://docs.gitlab.com/ci/variables/), an environment ``QA`` is not ``qa``
  (https://gitlab.com/gitlab-org/gitlab/-/issues/415526). Branches, tags and files are git's.

``groups``, ``users`` and ``admin`` are no names of groups (the same page, "Reserved group names"),
so what is no project's stands behind them, as in GitLab's own addresses. A group or project below
another may be called like a word of this grammar; its first letter is then written as a code.

A checkout of which no remote says where it lies is ``gitlab:local/{folder}``.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import ClassVar

from nhigraph.facts import passwords
from nhigraph.facts.keys import forge
from nhigraph.facts.keys.parts import PATH, Case, Key, Marks, Piece, headed
from nhigraph.records import dataclass

PLATFORM, LOCAL = "gitlab", "local"
#: Tags between commas; files before an ``@``.
TAG, FILE = Marks("/#,"), Marks("/#@")
#: Words behind a project or a group; a path's later parts that are one are written with a code.
WORDS = frozenset(
    {"pipeline", "job", "variable", "environment", "protected-branch", "protection"}
    | {"protected-tag", "tag-protection", "permission", "runner", "machine", "members", "include"}
    | {"deploy-key", "deploy-token", "access-token", "trigger", "schedule", "hook", "file"}
    | {"account-number", "group-number"}
)
CODED: Mapping[str, str] = {word: f"%{ord(word[0]):02X}{word[1:]}" for word in WORDS}
_HOST: Mapping[str, Case] = {"host": Case.LOWER}


def coded(path: str, free: int) -> str:
    """A path of groups as it stands in a key; its first ``free`` parts are never words."""
    parts = [PATH.encoded(part) for part in path.split("/")]
    return "/".join(CODED.get(one, one) if at >= free else one for at, one in enumerate(parts))


@dataclass(frozen=True, slots=True)
class Repository(forge.Repository):
    """A project; the holder of all that lies in it.

    Attributes:
        host: The server's name, without a port; ``local`` where nothing says it.
        project: Its path there, ``group/subgroup/name``; a folder's name where it is local.
        at: Qualifier, where two checkouts of one name are two projects.
    """

    platform: ClassVar[str] = PLATFORM
    host: str
    project: str
    at: str = ""

    def cases(self) -> Mapping[str, Case]:
        """A folder's name is no path of GitLab's."""
        return _HOST if self.is_local else {"host": Case.LOWER, "project": Case.LOWER}

    @property
    def is_local(self) -> bool:
        """Whether it is a checkout of which nothing says where it lies on GitLab."""
        return self.host.lower() == LOCAL

    @property
    def owner(self) -> str:  # type: ignore[override]  # computed here
        """Server and group: ``host/group/subgroup``."""
        return f"{self.host}/{self.project}".rpartition("/")[0]

    @property
    def name(self) -> str:  # type: ignore[override]  # computed here
        """The last part of its path."""
        return self.project.rpartition("/")[2]

    @property
    def path(self) -> str:
        """``group/subgroup/name`` as it stands in the key."""
        return coded(self.project, 1 if self.is_local else 2)

    def pieces(self) -> Iterable[Piece]:
        """``gitlab:{host}/{group}/{name}``."""
        yield headed(PLATFORM, self.at), False
        yield PATH.encoded(self.host), True
        yield "/", False
        yield self.path, not self.is_local

    def inside(self, *pieces: Piece) -> Iterable[Piece]:
        """Pieces of something that lies in it."""
        return [*self.pieces(), *pieces]

    def has_owner_of(self, other: forge.Repository | None) -> bool:
        """Whether another one lies below the same group of the first level."""
        return isinstance(other, Repository) and _top(self.owner) == _top(other.owner)

    def belongs_to(self, owned: forge.Owned) -> bool:
        """Whether something is the server's, or of a group around it, however far out."""
        around = f"{self.owner}/".startswith(f"{owned.owner}/")
        return owned.platform == PLATFORM and around and not self.is_local

    def secret(self, name: str) -> "RepositorySecret":
        """A variable of its own."""
        return RepositorySecret(self, name)

    def permission(self, permission: str) -> "Permission":
        """The grant of one permission on it."""
        return Permission(self, permission)

    def protection(self, branch: str) -> "BranchProtection":
        """The rule of a branch; of the default branch where that is ``UNNAMED``."""
        return BranchProtection(self, branch)


def _top(owner: str) -> list[str]:
    return owner.split("/")[:2]


# -- pipelines and what guards them -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Workflow(forge.Workflow):
    """What the project's pipelines run; ``file`` where it is a child pipeline's configuration."""

    repository: Repository
    file: str = ""
    commit: str = ""

    def pieces(self) -> Iterable[Piece]:
        """``…/pipeline``, of a child ``…/pipeline/{file}``; either with ``@{commit}``."""
        file = f"/{FILE.encoded(self.file)}" if self.file or self.commit else ""
        at = f"@{PATH.encoded(self.commit)}" if self.commit else ""
        return self.repository.inside((f"/pipeline{file}{at}", False))

    def secret(self, name: str) -> "CalledSecret":
        """A variable as it receives it from the pipeline that starts it."""
        return CalledSecret(self, name)

    def job(self, name: str) -> "Job":
        """A job of it."""
        return Job(self.repository, name, self.file)


@dataclass(frozen=True, slots=True)
class Job(forge.Job):
    """One job of a pipeline; of a child's by its file too."""

    repository: Repository
    job: str
    file: str = ""

    @property
    def workflow(self) -> Workflow:
        """The pipeline that it is of."""
        return Workflow(self.repository, self.file)

    def pieces(self) -> Iterable[Piece]:
        """``…/job/{name}``, of a child pipeline ``…/job/{file}#{name}``."""
        file = f"{PATH.encoded(self.file)}#" if self.file else ""
        return self.repository.inside((f"/job/{file}{PATH.encoded(self.job)}", False))


@dataclass(frozen=True, slots=True)
class Environment(forge.Environment):
    """A deployment environment, or the pattern of environments that a variable is for."""

    repository: Repository
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/environment/{name}``."""
        return self.repository.inside((f"/environment/{PATH.encoded(self.name)}", False))


@dataclass(frozen=True, slots=True)
class EnvironmentProtection(forge.EnvironmentProtection):
    """The gate that the protection of an environment is."""

    environment: Environment

    def pieces(self) -> Iterable[Piece]:
        """``…/environment/{name}/protection``."""
        return [*self.environment.pieces(), ("/protection", False)]


@dataclass(frozen=True, slots=True)
class ProtectedBranch(forge.ProtectedBranch):
    """A branch, or a pattern of branches, as the node that enforces its rule."""

    repository: Repository
    branch: str

    @property
    def protection(self) -> "BranchProtection":
        """Its rule."""
        return BranchProtection(self.repository, self.branch)

    def pieces(self) -> Iterable[Piece]:
        """``…/protected-branch/{branch}``."""
        return self.repository.inside((f"/protected-branch/{PATH.encoded(self.branch)}", False))


@dataclass(frozen=True, slots=True)
class BranchProtection(forge.BranchProtection):
    """The gate that a branch's rule is; of the default branch where that is ``UNNAMED``."""

    repository: Repository
    branch: str

    def pieces(self) -> Iterable[Piece]:
        """``…/protection/{branch}``."""
        return self.repository.inside((f"/protection/{PATH.encoded(self.branch)}", False))


@dataclass(frozen=True, slots=True)
class ProtectedTag(forge.Inside):
    """A tag, or a pattern of tags, as the node that enforces its rule."""

    repository: Repository
    tag: str

    @property
    def protection(self) -> "TagProtection":
        """Its rule."""
        return TagProtection(self.repository, self.tag)

    def pieces(self) -> Iterable[Piece]:
        """``…/protected-tag/{tag}``."""
        return self.repository.inside((f"/protected-tag/{PATH.encoded(self.tag)}", False))


@dataclass(frozen=True, slots=True)
class TagProtection(forge.Inside):
    """The gate that a tag's rule is."""

    repository: Repository
    tag: str

    def pieces(self) -> Iterable[Piece]:
        """``…/tag-protection/{tag}``."""
        return self.repository.inside((f"/tag-protection/{PATH.encoded(self.tag)}", False))


@dataclass(frozen=True, slots=True)
class Permission(forge.Permission):
    """The grant of one permission on a project, or of a role such as ``maintainer``."""

    repository: Repository
    permission: str

    def pieces(self) -> Iterable[Piece]:
        """``…/permission/{permission}``."""
        return self.repository.inside((f"/permission/{PATH.encoded(self.permission)}", False))


@dataclass(frozen=True, slots=True)
class Runner(forge.Runner):
    """The runners that a project's jobs choose by tags, in whatever order; any without tags."""

    repository: Repository
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Tags are a set."""
        found = tuple(sorted({passwords.cut_key(one) for one in self.tags} - {""}))
        object.__setattr__(self, "tags", found)

    def pieces(self) -> Iterable[Piece]:
        """``…/runner/{tag},{tag}``."""
        return self.repository.inside((f"/runner/{','.join(map(TAG.encoded, self.tags))}", False))


@dataclass(frozen=True, slots=True)
class Included(forge.Inside):
    """A file of a project that pipelines of others take in; ``ref`` where they say which."""

    repository: Repository
    file: str
    ref: str = ""

    def pieces(self) -> Iterable[Piece]:
        """``…/include/{file}``, at a reference ``…/include/{file}@{ref}``."""
        at = f"@{PATH.encoded(self.ref)}" if self.ref else ""
        return self.repository.inside((f"/include/{FILE.encoded(self.file)}{at}", False))


@dataclass(frozen=True, slots=True)
class RemoteFile(Key):
    """A file of anywhere that pipelines take in, by its address."""

    url: str

    def pieces(self) -> Iterable[Piece]:
        """``include:{url}``."""
        return [(f"include:{self.url}", False)]


@dataclass(frozen=True, slots=True)
class Thing(forge.Inside):
    """Something in a project under a key of none of these forms: only reading makes one."""

    repository: Repository
    word: str

    def pieces(self) -> Iterable[Piece]:
        """``…/{word}/…``, as it was written."""
        return self.repository.inside((f"/{self.word}", False))


# -- variables ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RepositorySecret(forge.RepositorySecret):
    """A CI/CD variable of a project; GitLab knows no secrets beside variables."""

    repository: Repository
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/variable/{name}``."""
        return self.repository.inside((f"/variable/{PATH.encoded(self.name)}", False))


@dataclass(frozen=True, slots=True)
class EnvironmentSecret(forge.EnvironmentSecret):
    """A CI/CD variable of a project that is for some of its environments only."""

    environment: Environment
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/environment/{scope}/variable/{name}``."""
        return [*self.environment.pieces(), (f"/variable/{PATH.encoded(self.name)}", False)]


@dataclass(frozen=True, slots=True)
class CalledSecret(forge.CalledSecret):
    """A variable as a pipeline receives it from the one that starts it."""

    workflow: Workflow
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/pipeline/{file}/variable/{name}``."""
        file = self.workflow.file or self.workflow.commit
        own = self.workflow.pieces() if file else self.workflow.repository.inside(_ROOT)
        return [*own, (f"/variable/{PATH.encoded(self.name)}", False)]


_ROOT: Piece = ("/pipeline/", False)


# -- by name ------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 12)
def project(address: str) -> Repository:
    """A project by ``host/group/name``."""
    host, _, path = passwords.cut_key(address).strip("/").partition("/")
    return Repository(host, path)
