"""Reading GitHub's keys: the inverse of ``github``."""

from collections.abc import Callable

from nhigraph.facts.keys.github import (
    FILE,
    LABEL,
    OWNED,
    OWNER_USER,
    USER,
    Action,
    Anyone,
    BranchProtection,
    CalledSecret,
    Environment,
    EnvironmentProtection,
    EnvironmentSecret,
    Job,
    OrganizationSecret,
    Permission,
    ProtectedBranch,
    Repository,
    RepositorySecret,
    RepositoryVariable,
    Runner,
    RunnerGroup,
    Team,
    Thing,
    User,
    Workflow,
)
from nhigraph.facts.keys.github_access import (
    ANYONE,
    OF_OWNER,
    OF_REPOSITORY,
    OWNER_ANYONE,
    Owner,
)
from nhigraph.facts.keys.parts import PATH, Key, head, reads


@reads("github", folds=True)
def _read(text: str) -> Key | None:
    found = head(text)
    if found is None:
        return None
    _, at, rest = found
    return (None if at else _outside(rest)) or _repository(text, at, rest)


def _outside(rest: str) -> Key | None:
    """What lies in no repository."""
    match rest.split("/"):
        case ["anyone"]:
            return Anyone()
        case [owner]:
            return Owner(ANYONE if owner.lower() == OWNER_ANYONE else PATH.decoded(owner))
        case ["user", login]:
            return User(PATH.decoded(login))
        case [owner, word, name] if word in OWNED:
            return _of_owner(PATH.decoded(owner), word, name)
    return None


def _repository(text: str, at: str, rest: str) -> Key | None:
    """A repository, or something in it."""
    owner, slash, below = rest.partition("/")
    name, inner, path = below.partition("/")
    if not slash:
        return None
    owner = USER if owner.lower() == OWNER_USER else PATH.decoded(owner)
    repository = Repository(owner, PATH.decoded(name), at)
    if not inner:
        return repository
    key = _inside(repository, path.split("/"))
    if key is None or key.text.casefold() != text.casefold():
        return Thing(repository, path)
    return key


def _inside(repository: Repository, parts: list[str]) -> Key | None:
    word, _, ref = parts[0].partition("@")
    if ref:
        # An action in the root, of another repository.
        root = word == "action" and len(parts) == 1
        return Action(repository, "", PATH.decoded(ref)) if root else None
    if word in OF_REPOSITORY:
        return OF_REPOSITORY[word](repository, "/".join(parts[1:]))
    reader = _INSIDE.get(word)
    return None if reader is None else reader(repository, parts[1:])


def _of_owner(owner: str, word: str, written: str) -> Key:
    if word in OF_OWNER:
        return OF_OWNER[word](owner, written)
    name = PATH.decoded(written)
    if word == "secret":
        return OrganizationSecret(owner, name)
    return Team(owner, name) if word == "team" else RunnerGroup(owner, name)


def _workflow(repository: Repository, rest: list[str]) -> Key | None:
    file, _, commit = rest[0].partition("@") if rest else ("", "", "")
    workflow = Workflow(repository, FILE.decoded(file), PATH.decoded(commit))
    match rest[1:]:
        case []:
            return workflow
        case ["secret", name]:
            return CalledSecret(workflow, PATH.decoded(name))
    return None


def _environment(repository: Repository, rest: list[str]) -> Key | None:
    environment = Environment(repository, PATH.decoded(rest[0] if rest else ""))
    match rest[1:]:
        case []:
            return environment
        case ["protection"]:
            return EnvironmentProtection(environment)
        case ["secret", name]:
            return EnvironmentSecret(environment, PATH.decoded(name))
    return None


def _job(repository: Repository, rest: list[str]) -> Key:
    file, _, job = "/".join(rest).partition("#")
    return Job(repository, PATH.decoded(file), PATH.decoded(job))


def _action(repository: Repository, rest: list[str]) -> Key:
    folder, _, ref = "/".join(rest).partition("@")
    return Action(repository, FILE.decoded(folder), PATH.decoded(ref))


def _runner(repository: Repository, rest: list[str]) -> Key:
    return Runner(repository, tuple(map(LABEL.decoded, "/".join(rest).split(","))))


def _one(form: Callable[[Repository, str], Key]) -> Callable[[Repository, list[str]], Key]:
    return lambda repository, rest: form(repository, PATH.decoded("/".join(rest)))


#: The word after the repository, and what reads what follows it.
_INSIDE: dict[str, Callable[[Repository, list[str]], Key | None]] = {
    "workflow": _workflow,
    "job": _job,
    "environment": _environment,
    "action": _action,
    "runner": _runner,
    "secret": _one(RepositorySecret),
    "variable": _one(RepositoryVariable),
    "protected-branch": _one(ProtectedBranch),
    "protection": _one(BranchProtection),
    "permission": _one(Permission),
}
