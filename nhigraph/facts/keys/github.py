"""Keys of what lies on GitHub.

Case, by GitHub's own words (read 28 November 2026):

* Owners and repositories: "The name is not case sensitive" (every path of
  https://docs.github.com/en/rest/repos/repos). The folder of a checkout without a remote is no
  name of GitHub's and keeps its case: ``local/{folder}``.
* Environments: "Environment names are not case sensitive"
  (https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments).
* Secrets and variables are not case sensitive and stored in upper case
  (https://docs.github.com/en/actions/reference/security/secrets, "Naming your secrets").
* Logins, team slugs and labels of runners compare without case.
* Branches, workflow files and folders of actions are git's, which tells case apart
  (https://git-scm.com/docs/git-check-ref-format); job ids, groups of runners and permissions are
  kept as their one document writes them.

A name that is a word of this grammar stays a name: a repository may be called ``job``, an owner
``user``, a workflow file ``x@y.yml``.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import ClassVar

from nhigraph.facts import passwords
from nhigraph.facts.keys import forge
from nhigraph.facts.keys.parts import PATH, Case, Key, Marks, Piece, headed
from nhigraph.records import dataclass

#: Parts before an ``@``, and between commas.
FILE, LABEL = Marks("/#@"), Marks("/#,")
_LOCAL = "local"
#: An owner of this name would look like the beginning of a user's key.
USER, OWNER_USER = "user", "%75ser"
_LOWER: Mapping[str, Case] = {"owner": Case.LOWER, "name": Case.LOWER}
_LOCAL_CASES: Mapping[str, Case] = {"owner": Case.LOWER}
#: Of these repositories an action in the root would look like something of the owner's.
OWNED = frozenset(
    {"secret", "team", "runner-group", "app", "token", "hook", "machine"}
    | {"permission", "other-secret"}
)


@dataclass(frozen=True, slots=True)
class Repository(forge.Repository):
    """A repository; the holder of all that lies in it.

    Attributes:
        owner: Its owner, or ``local``.
        name: Its name, or its folder's.
        at: Qualifier, where two checkouts of one name are two repositories.
    """

    platform: ClassVar[str] = "github"
    owner: str
    name: str
    at: str = ""

    def cases(self) -> Mapping[str, Case]:
        """A folder's name is no name of GitHub's."""
        return _LOCAL_CASES if self.owner.lower() == _LOCAL else _LOWER

    @property
    def is_local(self) -> bool:
        """Whether it is a checkout of which nothing says where it lies on GitHub."""
        return self.owner == _LOCAL

    @property
    def path(self) -> str:
        """``OWNER/NAME`` as it stands in the key."""
        return f"{PATH.encoded(self.owner)}/{PATH.encoded(self.name)}"

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/{name}``."""
        owner = OWNER_USER if self.owner == USER else PATH.encoded(self.owner)
        yield headed("github", self.at), False
        yield owner, True
        yield "/", False
        yield PATH.encoded(self.name), self.owner != _LOCAL

    def inside(self, *pieces: Piece) -> Iterable[Piece]:
        """Pieces of something that lies in it."""
        return [*self.pieces(), *pieces]

    def secret(self, name: str) -> "RepositorySecret":
        """A secret of its own."""
        return RepositorySecret(self, name)

    def permission(self, permission: str) -> "Permission":
        """The grant of one permission on it."""
        return Permission(self, permission)

    def protection(self, branch: str) -> "BranchProtection":
        """The rule of a branch; of the default branch where that is ``UNNAMED``."""
        return BranchProtection(self, branch)


@dataclass(frozen=True, slots=True)
class Workflow(forge.Workflow):
    """A workflow file, by its name in ``.github/workflows``; ``commit`` where a call pins it."""

    repository: Repository
    file: str
    commit: str = ""

    def pieces(self) -> Iterable[Piece]:
        """``…/workflow/{file}``, at a commit ``…/workflow/{file}@{commit}``."""
        at = f"@{PATH.encoded(self.commit)}" if self.commit else ""
        return self.repository.inside((f"/workflow/{FILE.encoded(self.file)}{at}", False))

    def secret(self, name: str) -> "CalledSecret":
        """A secret as it receives it from whoever calls it."""
        return CalledSecret(self, name)

    def job(self, name: str) -> "Job":
        """A job of it."""
        return Job(self.repository, self.file, name)


@dataclass(frozen=True, slots=True)
class Job(forge.Job):
    """One job of a workflow file."""

    repository: Repository
    file: str
    job: str

    @property
    def workflow(self) -> Workflow:
        """The file it stands in."""
        return Workflow(self.repository, self.file)

    def pieces(self) -> Iterable[Piece]:
        """``…/job/{file}#{job}``."""
        named = f"/job/{PATH.encoded(self.file)}#{PATH.encoded(self.job)}"
        return self.repository.inside((named, False))


@dataclass(frozen=True, slots=True)
class Environment(forge.Environment):
    """A deployment environment."""

    CASES: ClassVar[Mapping[str, Case]] = {"name": Case.LOWER}
    repository: Repository
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/environment/{name}``."""
        return self.repository.inside(("/environment/", False), (PATH.encoded(self.name), True))


@dataclass(frozen=True, slots=True)
class EnvironmentProtection(forge.EnvironmentProtection):
    """The gate that an environment's protection rules are."""

    environment: Environment

    def pieces(self) -> Iterable[Piece]:
        """``…/environment/{name}/protection``."""
        return [*self.environment.pieces(), ("/protection", False)]


@dataclass(frozen=True, slots=True)
class ProtectedBranch(forge.ProtectedBranch):
    """A branch as the node that enforces its rule."""

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
    """The gate that a branch's protection is; of the default branch where that is ``UNNAMED``."""

    repository: Repository
    branch: str

    def pieces(self) -> Iterable[Piece]:
        """``…/protection/{branch}``."""
        return self.repository.inside((f"/protection/{PATH.encoded(self.branch)}", False))


@dataclass(frozen=True, slots=True)
class Permission(forge.Permission):
    """The grant of one permission on a repository, such as ``actions:write``."""

    repository: Repository
    permission: str

    def pieces(self) -> Iterable[Piece]:
        """``…/permission/{permission}``."""
        return self.repository.inside((f"/permission/{PATH.encoded(self.permission)}", False))


@dataclass(frozen=True, slots=True)
class Action(forge.Inside):
    """An action by its folder, empty for the root; ``ref`` where it is not our own."""

    repository: Repository
    folder: str = ""
    ref: str = ""

    def pieces(self) -> Iterable[Piece]:
        """``…/action``, ``…/action/{folder}``, either with ``@{ref}``."""
        folder = f"/{FILE.encoded(self.folder)}" if self.folder else ""
        if not folder and self.repository.name in OWNED:
            folder = "/"
        at = f"@{PATH.encoded(self.ref)}" if self.ref else ""
        return self.repository.inside((f"/action{folder}{at}", False))


@dataclass(frozen=True, slots=True)
class Runner(forge.Runner):
    """The runners that a repository's jobs choose by labels, in whatever order and case."""

    repository: Repository
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        """Labels are a set."""
        found = tuple(sorted({passwords.cut_key(one).lower() for one in self.labels} - {""}))
        object.__setattr__(self, "labels", found)

    def pieces(self) -> Iterable[Piece]:
        """``…/runner/{label},{label}``."""
        labels = ",".join(map(LABEL.encoded, self.labels))
        return self.repository.inside(("/runner/", False), (labels, True))


@dataclass(frozen=True, slots=True)
class Thing(forge.Inside):
    """Something in a repository under a key of none of these forms: only reading makes one."""

    repository: Repository
    path: str

    def pieces(self) -> Iterable[Piece]:
        """``…/{path}``, as it was written."""
        return self.repository.inside((f"/{self.path}", False))


# -- secrets ------------------------------------------------------------------------------------


class Secret(forge.Secret):
    """A secret that GitHub keeps.

    Attributes:
        name: Its name.
    """

    __slots__ = ()
    CASES: ClassVar[Mapping[str, Case]] = {"name": Case.UPPER}

    def _named(self) -> list[Piece]:
        return [("/secret/", False), (PATH.encoded(self.name), True)]


@dataclass(frozen=True, slots=True)
class RepositorySecret(Secret, forge.RepositorySecret):
    """A repository's secret."""

    repository: Repository
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/secret/{name}``."""
        return self.repository.inside(*self._named())


@dataclass(frozen=True, slots=True)
class EnvironmentSecret(Secret, forge.EnvironmentSecret):
    """An environment's secret."""

    environment: Environment
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/environment/{environment}/secret/{name}``."""
        return [*self.environment.pieces(), *self._named()]


@dataclass(frozen=True, slots=True)
class CalledSecret(Secret, forge.CalledSecret):
    """A secret as a reusable workflow receives it from whoever calls it."""

    workflow: Workflow
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/workflow/{file}/secret/{name}``."""
        return [*self.workflow.pieces(), *self._named()]


@dataclass(frozen=True, slots=True)
class OrganizationSecret(Secret, forge.OwnerSecret):
    """An organization's secret."""

    platform: ClassVar[str] = "github"
    CASES: ClassVar[Mapping[str, Case]] = {"owner": Case.LOWER, "name": Case.UPPER}
    owner: str
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/secret/{name}``."""
        return [("github:", False), (PATH.encoded(self.owner), True), *self._named()]


@dataclass(frozen=True, slots=True)
class RepositoryVariable(forge.Variable):
    """A variable that GitHub keeps for a repository."""

    CASES: ClassVar[Mapping[str, Case]] = {"name": Case.UPPER}
    repository: Repository
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``…/variable/{name}``."""
        return self.repository.inside(("/variable/", False), (PATH.encoded(self.name), True))


# -- people and what owners have ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class User(forge.Account):
    """A person's account."""

    CASES: ClassVar[Mapping[str, Case]] = {"login": Case.LOWER}
    login: str

    def pieces(self) -> Iterable[Piece]:
        """``github:user/{login}``."""
        return [(f"github:{USER}/", False), (PATH.encoded(self.login), True)]


@dataclass(frozen=True, slots=True)
class Anyone(Key):
    """Everybody who has an account."""

    def pieces(self) -> Iterable[Piece]:
        """``github:anyone``."""
        return [("github:anyone", False)]


@dataclass(frozen=True, slots=True)
class Team(Key):
    """A team of an organization."""

    CASES: ClassVar[Mapping[str, Case]] = {"organization": Case.LOWER, "slug": Case.LOWER}
    organization: str
    slug: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{organization}/team/{slug}``."""
        owner, slug = PATH.encoded(self.organization), PATH.encoded(self.slug)
        return [("github:", False), (owner, True), ("/team/", False), (slug, True)]


@dataclass(frozen=True, slots=True)
class RunnerGroup(forge.RunnerGroup):
    """An organization's group of runners."""

    platform: ClassVar[str] = "github"
    CASES: ClassVar[Mapping[str, Case]] = {"owner": Case.LOWER}
    owner: str
    group: str

    def pieces(self) -> Iterable[Piece]:
        """``github:{owner}/runner-group/{group}``."""
        named = f"/runner-group/{PATH.encoded(self.group)}"
        return [("github:", False), (PATH.encoded(self.owner), True), (named, False)]


# -- by name ------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 12)
def repository(repo: str) -> Repository:
    """A repository by ``owner/name``, or ``[place]owner/name`` where its place tells it apart."""
    at, bracket, rest = repo.partition("]") if repo.startswith("[") else ("", "", repo)
    # As a whole: an address is none any more once it is parted.
    # As a whole: an address is none any more once it is parted.
    owner, _, name = passwords.cut_key(rest).partition("/")
    return Repository(owner, name, at.removeprefix("[") if bracket else "")
