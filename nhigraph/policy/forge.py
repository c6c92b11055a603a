"""What a forge is to joins: its words, its rules, and the exports that settle what is open.

A forge that says nothing of a rule has the answer that hides less: every secret is inherited, no
branch is known to be without a rule, no listing is complete.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Fact
from nhigraph.facts.keys.forge import Owned, Repository, moved
from nhigraph.facts.keys.parts import Key
from nhigraph.facts.missing import Missing
from nhigraph.policy.rights import Right
from nhigraph.records import dataclass

Lines = tuple[Missing, ...]


class Exports:
    """Exports of one forge that would settle what is left open; each is no line if there is none.

    A forge overrides what it has a command for.
    """

    def workflows(self, repository: Repository) -> Lines:  # noqa: ARG002 - there is none
        """The list of a repository's workflows."""
        return ()

    def workflow_file(self, repository: Repository, file: str) -> Lines:  # noqa: ARG002
        """One workflow's file."""
        return ()

    def token_default(self, repository: Repository) -> Lines:  # noqa: ARG002
        """What the tokens of a repository's jobs may do by default."""
        return ()

    def secrets(self, repository: Repository, environment: str = "") -> Lines:  # noqa: ARG002
        """The list of a repository's secrets, or of one of its environments'."""
        return ()

    def owners_secrets(self, owner: Owned) -> Lines:  # noqa: ARG002
        """The list of the secrets that an owner shares with its repositories."""
        return ()

    def token_scope(self, repository: Repository) -> Lines:  # noqa: ARG002 - there is none
        """Which other repositories' jobs a repository lets in by their tokens."""
        return ()

    def environments(self, repository: Repository, gate: str) -> Lines:  # noqa: ARG002
        """The list of a repository's environments, which tells of a gate."""
        return ()

    def branch_rules(
        self,
        repository: Repository,  # noqa: ARG002
        branch: str,  # noqa: ARG002
        wanted: Collection[str],  # noqa: ARG002
        gate: str,  # noqa: ARG002
    ) -> Lines:
        """What guards a branch, as far as it is wanted; the usual one if ``branch`` is empty."""
        return ()

    def repository_settings(self, repository: Repository, gate: str) -> Lines:  # noqa: ARG002
        """A repository's own record."""
        return ()

    def at_once(self, commands: Collection[str]) -> str:  # noqa: ARG002
        """What fetches what several commands do, and more; empty where nothing does."""
        return ""


def _always(caller: Repository, callee: Repository | None) -> bool:  # noqa: ARG001 - nobody knows
    return True


def _no_more(job: str, label: str, place: Evidence) -> Iterable[Fact]:  # noqa: ARG001
    return ()


def _itself(pattern: str, excluded: Iterable[str], branch: str | None) -> bool:
    return pattern == branch and branch not in excluded


def _nobody(repository: Repository) -> tuple[Owned, ...]:  # noqa: ARG001 - nobody says
    return ()


def _no_server(repository: Repository) -> Owned | None:  # noqa: ARG001 - nobody says
    return None


def _nothing(permission: str) -> tuple[Right, ...]:  # noqa: ARG001 - nobody says
    return ()


def _no_permissions(lines: Iterable[str]) -> frozenset[str]:  # noqa: ARG001 - nobody says
    return frozenset()


def _as_it_is(pattern: str, environment: str) -> str:  # noqa: ARG001 - nobody says
    return pattern


def _no_tokens(repository: Repository) -> "Pushed | None":  # noqa: ARG001
    return None


def _none(record: Mapping[str, object]) -> frozenset[str]:  # noqa: ARG001 - nobody says
    return frozenset()


@dataclass(frozen=True, slots=True)
class Behind:
    """Tokens of jobs in one place, and what stands before that.

    Attributes:
        subjects: Patterns of their subjects.
        branch: The branch that has to be pushed to; empty for none.
        gate: Key of another gate that stands before it; empty for none.
    """

    subjects: tuple[str, ...]
    branch: str = ""
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """Tokens of jobs that somebody pushes to a repository, files of pipelines among the rest.

    Attributes:
        issuer: Whose tokens they are.
        anywhere: Subjects of jobs on a branch or a tag of a name of their own, or of a request to
            merge one: no rule that is for some branches stands before them.
        behind: Subjects that one value of a claim that a trust asks for leads to.
        whole: Patterns of all that jobs there could have.
    """

    issuer: str
    anywhere: tuple[str, ...]
    behind: Callable[[str, str], Iterable[Behind]]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forge:
    """One forge.

    Attributes:
        platform: Name of its keys' platform, as its form of ``Repository`` has it.
        source: Source that reads its documents; empty where several do.
        by_callers: Events that start a workflow only where a caller does.
        on_demand: Events that a holder of ``starts`` causes, on any branch.
        starts: Permission of a job's token to start workflows; empty where none does.
        identity_tokens: Permission by which a job asks for tokens that other platforms trust.
        writes: Permission of a job's token to push to its repository; empty where none does.
        lets: Permissions that the lines of a job's block of them give.
        pushed: What tokens jobs could have that somebody pushes to a repository; None for none.
        subject_in: A pattern of ``ends.Token.inside``, for the environment of a name.
        pushes: Permission of an account or key that pushes; empty where none has one.
        unfolds: Permissions on a repository, beside that of pushing, of which ``opens`` says what
            they give, and not the document that grants one.
        opens: What a permission on a repository gives there.
        refused: Conditions that a repository's own record, by its properties, says are not met.
        levels: Calls below calls that the forge follows.
        inherits: Whether a caller that hands over all its secrets hands over any, by repository.
        nothing_inherited: The line for one that hands over none.
        of_caller: Forms of key of what called code names, and has of its first caller.
        usual_branches: What the default branch is called unless somebody chose otherwise.
        guards: What can guard a branch, as a branch's ``without_review`` names it.
        covers: Whether a rule's pattern takes in a branch, by pattern, exceptions and branch; None
            for the default branch where no document says which it is.
        hands_all: Every job is handed every secret of its repository, whatever its file names.
        one_list: A repository's list of secrets has those of its environments too.
        owners: Those whose secrets jobs of a repository are then handed too, the nearest first.
        server: What has secrets for all of its server, which the forge tells administrators alone.
        scopes: Whether a secret that is for some environments is for this one, by what it says
            and the environment's name.
        makes_environments: A job that names an environment which is not there makes it, without
            rules.
        job_at: Beginning of the pointer of the place that defines a job; any, if empty.
        action_at: The same of an action.
        default_at: End of the pointer at which the default of tokens is said.
        environments_at: End of the pointer at which the number of environments is said.
        default_writes: Condition of what a job's token may write where only the default says so.
        machine: What follows where the label of a job's machine is known, which no file said: by
            the job's key, the label and the place that says it.
        exports: Exports that would settle what is open.
    """

    platform: str
    source: str = ""
    by_callers: frozenset[str] = frozenset()
    on_demand: frozenset[str] = frozenset()
    starts: str = ""
    identity_tokens: str = ""
    writes: str = ""
    lets: Callable[[Iterable[str]], frozenset[str]] = _no_permissions
    pushed: Callable[[Repository], Pushed | None] = _no_tokens
    subject_in: Callable[[str, str], str] = _as_it_is
    pushes: str = ""
    unfolds: frozenset[str] = frozenset()
    opens: Callable[[str], tuple[Right, ...]] = _nothing
    refused: Callable[[Mapping[str, object]], frozenset[str]] = _none
    levels: int = 10
    inherits: Callable[[Repository, Repository | None], bool] = _always
    nothing_inherited: str = "no secret is handed over, whatever the call says"
    of_caller: tuple[type[Key], ...] = ()
    usual_branches: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    covers: Callable[[str, Iterable[str], str | None], bool] = _itself
    hands_all: bool = False
    one_list: bool = False
    owners: Callable[[Repository], tuple[Owned, ...]] = _nobody
    server: Callable[[Repository], Owned | None] = _no_server
    scopes: Callable[[str, str], bool] = str.__eq__
    makes_environments: bool = False
    job_at: str = ""
    action_at: str = ""
    default_at: str = ""
    environments_at: str = ""
    default_writes: str = ""
    machine: Callable[[str, str, Evidence], Iterable[Fact]] = _no_more
    exports: Exports = field(default_factory=Exports)

    def at_home(self, key: Key, home: Repository) -> Key:
        """What a run about the repository ``home`` has where called code names ``key``."""
        return moved(key, home) if isinstance(key, self.of_caller) else key
