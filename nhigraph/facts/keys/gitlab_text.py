"""Reading GitLab's keys: the inverse of ``gitlab``."""

from collections.abc import Callable

from nhigraph.facts.keys.gitlab import (
    CODED,
    FILE,
    LOCAL,
    PLATFORM,
    TAG,
    WORDS,
    BranchProtection,
    CalledSecret,
    Environment,
    EnvironmentProtection,
    EnvironmentSecret,
    Included,
    Job,
    Permission,
    ProtectedBranch,
    ProtectedTag,
    RemoteFile,
    Repository,
    RepositorySecret,
    Runner,
    TagProtection,
    Thing,
    Workflow,
)
from nhigraph.facts.keys.gitlab_access import (
    ADMIN,
    GROUPS,
    NUMBERED,
    OF_OWNER,
    SORTS,
    USERS,
    Anyone,
    Credential,
    Machine,
    Members,
    Namespace,
    OwnerCredential,
    User,
)
from nhigraph.facts.keys.parts import PATH, Key, head, reads

_UNCODED = {code: word for word, code in CODED.items()}
_SHORTEST = 2


@reads(PLATFORM, folds=True)
def _read(text: str) -> Key | None:
    found = head(text)
    if found is None:
        return None
    _, at, rest = found
    host, *parts = rest.split("/")
    if PATH.decoded(host).lower() != LOCAL and not at:
        match parts:
            case []:
                return Namespace(PATH.decoded(host))
            case [word] if word == USERS:
                return Anyone(PATH.decoded(host))
            case [word, login] if word == USERS:
                return User(PATH.decoded(host), PATH.decoded(login))
            case [word, *below] if word in (GROUPS, ADMIN):
                return _owned(PATH.decoded(host), word, below)
    return _project(text, PATH.decoded(host), at, parts)


@reads("include")
def _remote(text: str) -> Key | None:
    return RemoteFile(text.removeprefix("include:"))


def _path(parts: list[str], free: int) -> tuple[str, list[str]]:
    """A path of groups, and what stands behind it."""
    ends = (at for at, one in enumerate(parts) if at >= free and one in WORDS)
    end = next(ends, len(parts))
    names = [PATH.decoded(_UNCODED.get(one, one)) for one in parts[:end]]
    return "/".join(names), parts[end:]


def _owned(host: str, word: str, parts: list[str]) -> Key | None:
    group, below = _path(parts, 1) if word == GROUPS else ("", parts)
    if word == GROUPS and not group:
        return None
    match below:
        case [] if word == GROUPS:
            return Namespace(host, group)
        case [sort, name] if sort in OF_OWNER:
            return OF_OWNER[sort](host, group, PATH.decoded(name))
        case [sort, number] if sort in (*SORTS, *NUMBERED):
            return OwnerCredential(host, group, sort, PATH.decoded(number))
    return None


def _project(text: str, host: str, at: str, parts: list[str]) -> Key | None:
    local = host.lower() == LOCAL
    path, below = _path(parts, 1 if local else _SHORTEST)
    if not path or (not local and "/" not in path):
        return None
    own = Repository(host, path, at)
    if not below:
        return own
    key = _inside(own, below[0], below[1:])
    if key is None or key.text.casefold() != text.casefold():
        return Thing(own, "/".join(below))
    return key


def _inside(own: Repository, word: str, rest: list[str]) -> Key | None:
    if word in SORTS:
        return Credential(own, word, PATH.decoded("/".join(rest)))
    reader = _READERS.get(word)
    return None if reader is None else reader(own, rest)


def _pipeline(own: Repository, rest: list[str]) -> Key | None:
    file, _, commit = rest[0].partition("@") if rest else ("", "", "")
    workflow = Workflow(own, FILE.decoded(file), PATH.decoded(commit))
    match rest[1:]:
        case []:
            return workflow
        case ["variable", name]:
            return CalledSecret(workflow, PATH.decoded(name))
    return None


def _job(own: Repository, rest: list[str]) -> Key:
    file, mark, job = "/".join(rest).rpartition("#")
    return Job(own, PATH.decoded(job), PATH.decoded(file) if mark else "")


def _environment(own: Repository, rest: list[str]) -> Key | None:
    environment = Environment(own, PATH.decoded(rest[0] if rest else ""))
    match rest[1:]:
        case []:
            return environment
        case ["protection"]:
            return EnvironmentProtection(environment)
        case ["variable", name]:
            return EnvironmentSecret(environment, PATH.decoded(name))
    return None


def _include(own: Repository, rest: list[str]) -> Key:
    file, _, ref = "/".join(rest).partition("@")
    return Included(own, FILE.decoded(file), PATH.decoded(ref))


def _runner(own: Repository, rest: list[str]) -> Key:
    return Runner(own, tuple(map(TAG.decoded, "/".join(rest).split(","))))


def _one(form: Callable[[Repository, str], Key]) -> Callable[[Repository, list[str]], Key]:
    return lambda own, rest: form(own, PATH.decoded("/".join(rest)))


#: The word after the project, and what reads what follows it.
_READERS: dict[str, Callable[[Repository, list[str]], Key | None]] = {
    "pipeline": _pipeline,
    "job": _job,
    "environment": _environment,
    "include": _include,
    "runner": _runner,
    "variable": _one(RepositorySecret),
    "protected-branch": _one(ProtectedBranch),
    "protection": _one(BranchProtection),
    "protected-tag": _one(ProtectedTag),
    "tag-protection": _one(TagProtection),
    "permission": _one(Permission),
    "machine": _one(Machine),
    "members": _one(Members),
}
