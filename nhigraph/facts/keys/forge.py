"""What the keys of every forge have in common: a holder of code, and what lies in it.

A forge (whatever keeps repositories and runs jobs of them) has a module of its own beside this
one, whose forms of key derive from these; joins know no others. What a platform does not have, it
has no form for. A form has no parts here: which parts tell its things apart, how they are written
and which of them are compared without case is each platform's own.
"""

from typing import ClassVar

from nhigraph.facts.keys.parts import Key, Parts, parse

#: Stands for a branch or environment that is there, and of which no file says which it is.
UNNAMED = "?"


class Repository(Key):
    """A repository, or what a forge calls so; the holder of all that lies in it.

    Attributes:
        platform: The forge, by which ``policy.forges`` finds its rules.
        owner: Whose it is there, with the server's name where a forge has several servers.
        name: Its own name there, without its owner's.
    """

    __slots__ = ()
    platform: ClassVar[str]
    owner: str
    name: str

    @property
    def path(self) -> str:
        """What people call it, such as ``OWNER/NAME``."""
        raise NotImplementedError

    @property
    def is_local(self) -> bool:
        """Whether it is a checkout of which nothing says where it lies on the forge."""
        return False

    def has_owner_of(self, other: "Repository | None") -> bool:
        """Whether another one is the same owner's."""
        return other is not None and (self.platform, self.owner) == (other.platform, other.owner)

    def belongs_to(self, owned: "Owned") -> bool:
        """Whether what an owner has for all its repositories is for this one too."""
        return (self.platform, self.owner) == (owned.platform, owned.owner)

    def secret(self, name: str) -> "RepositorySecret":
        """A secret of its own."""
        raise NotImplementedError

    def permission(self, permission: str) -> "Permission":
        """The grant of one permission on it."""
        raise NotImplementedError

    def protection(self, branch: str) -> "BranchProtection":
        """The rule of a branch; of the default branch where that is ``UNNAMED``."""
        raise NotImplementedError


class Inside(Key):
    """Something that lies in a repository.

    Attributes:
        repository: The repository.
    """

    __slots__ = ()
    repository: Repository


class Workflow(Inside):
    """A file of jobs, which jobs of others may call.

    Attributes:
        file: Its name.
        commit: Where a call pins it; empty for the one that is in force.
    """

    __slots__ = ()
    file: str
    commit: str

    def secret(self, name: str) -> "CalledSecret":
        """A secret as it receives it from whoever calls it."""
        raise NotImplementedError

    def job(self, name: str) -> "Job":
        """A job of it, which values of other jobs name (``values.Output``)."""
        raise NotImplementedError


class Job(Inside):
    """One job of such a file."""

    __slots__ = ()

    @property
    def workflow(self) -> Workflow:
        """The file it stands in."""
        raise NotImplementedError


class Environment(Inside):
    """A deployment environment.

    Attributes:
        name: Its name.
    """

    __slots__ = ()
    name: str


class EnvironmentProtection(Key):
    """The gate that an environment's rules are.

    Attributes:
        environment: The environment.
    """

    __slots__ = ()
    environment: Environment


class ProtectedBranch(Inside):
    """A branch, or a pattern of branches, as the node that enforces its rule."""

    __slots__ = ()

    @property
    def protection(self) -> "BranchProtection":
        """Its rule."""
        raise NotImplementedError


class BranchProtection(Inside):
    """The gate that a branch's rule is.

    Attributes:
        branch: The branch; ``UNNAMED`` for the default branch, whichever that is.
    """

    __slots__ = ()
    branch: str


class Variable(Inside):
    """A variable that a forge keeps for a repository.

    Attributes:
        name: Its name.
    """

    __slots__ = ()
    name: str


class Permission(Inside):
    """The grant of one permission on a repository.

    Attributes:
        permission: It, in the forge's words.
    """

    __slots__ = ()
    permission: str


class Runner(Inside):
    """The machines that a repository's jobs choose."""

    __slots__ = ()


class Secret(Key):
    """A secret that a forge keeps.

    Attributes:
        name: Its name.
    """

    __slots__ = ()
    name: str


class RepositorySecret(Secret):
    """A repository's secret.

    Attributes:
        repository: The repository.
    """

    __slots__ = ()
    repository: Repository


class EnvironmentSecret(Secret):
    """An environment's secret.

    Attributes:
        environment: The environment.
    """

    __slots__ = ()
    environment: Environment


class CalledSecret(Secret):
    """A secret as a called workflow receives it from whoever calls it.

    Attributes:
        workflow: The workflow.
    """

    __slots__ = ()
    workflow: Workflow


class Account(Key):
    """An account of a forge, a person's or a bot's.

    Attributes:
        login: Its name there.
    """

    __slots__ = ()
    login: str


class Owned(Key):
    """Something that an owner has for all its repositories.

    Attributes:
        platform: The forge.
        owner: Whose it is there.
    """

    __slots__ = ()
    platform: ClassVar[str]
    owner: str

    def is_around(self, other: "Owned") -> bool:  # noqa: ARG002 - no owner is inside another
        """Whether what is granted for all of this owner's is so for all of another one's too."""
        return False


class OwnerPermission(Owned):
    """The grant of one permission on all that an owner has.

    Attributes:
        permission: It, in the forge's words.
    """

    __slots__ = ()
    permission: str


class Machine(Inside):
    """One machine that a repository alone uses."""

    __slots__ = ()


class OwnerMachine(Owned):
    """One machine that an owner lends to repositories."""

    __slots__ = ()


class RunnerGroup(Owned):
    """Machines that an owner lends together, by the group's name."""

    __slots__ = ()


class OwnerSecret(Secret, Owned):
    """A secret that an owner shares with its repositories."""

    __slots__ = ()


# -- holders ------------------------------------------------------------------------------------


def repository_of(key: Parts | None) -> Repository | None:
    """The repository that a key lies in, or is."""
    if key is None or isinstance(key, Repository):
        return key
    inner = (getattr(key, name) for name in key.names())
    return next((repository_of(one) for one in inner if isinstance(one, Parts)), None)


def home_of(text: str) -> Repository | None:
    """The repository in which something lies, by the text of its key; itself, where it is one."""
    return repository_of(parse(text))


def is_account(text: str) -> bool:
    """Whether a key is that of somebody's account."""
    return isinstance(parse(text), Account)


def moved(key: Key, to: Repository) -> Key:
    """The same thing of another repository; unchanged where it lies in none of that forge."""
    of = repository_of(key)
    if of is None or of.platform != to.platform:
        return key

    def within(whole: Parts) -> Parts:
        if isinstance(whole, Repository):
            return to
        found = {name: getattr(whole, name) for name in whole.names()}
        inner = {name: within(one) for name, one in found.items() if isinstance(one, Parts)}
        return whole.with_parts(**inner) if inner else whole

    found = within(key)
    return found if isinstance(found, Key) else key
