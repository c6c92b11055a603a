"""Which command of a script brings code of a fork into the workspace, and which may then run it.

The commands and options are those of https://git-scm.com/docs/git and
https://cli.github.com/manual .
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from nhigraph.policy import shell
from nhigraph.policy.github_actions import untrusted
from nhigraph.policy.github_actions.expressions import Path
from nhigraph.policy.scripts.known import HARMLESS, INTERPRETERS
from nhigraph.policy.scripts.wrappers import unwrapped
from nhigraph.policy.shell import Command

Words = tuple[str, ...]

_PULL_REF = re.compile(r"(?:\A|[\s:/\"'+])pull/[^\s]*(?:/(?:head|merge))?|refs/pull/")
_GIT_VALUES = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path"})
#: Of git: from another repository; and from what is here already, or comes with the name.
_REMOTE = frozenset({"fetch", "pull", "clone", "remote", "submodule"})
_CHANGING = frozenset(
    {"checkout", "cherry-pick", "merge", "read-tree", "rebase", "reset", "restore", "switch"}
) | {"worktree"}
_NEW_BRANCH = frozenset({"-b", "-B", "-c", "-C", "--create", "--orphan"})
_DOWNLOADS = frozenset({"curl", "wget"})
_UNPACKS = frozenset({"bsdtar", "patch", "tar", "unzip"})
_CLIENTS = frozenset({"git", "gh"})
_DEEPEST = 2


def is_pull_ref(ref: str) -> bool:
    """Whether a reference is one of those that GitHub keeps for pull requests."""
    return _PULL_REF.search(ref) is not None


def fetched_after(
    commands: Sequence[Command], asks: Callable[[str], Iterable[Path]]
) -> tuple[int, str] | None:
    """The first command with which code of a pull request is there, and how it came.

    Args:
        commands: Commands of one script, in order.
        asks: The contexts of which a text is made, variables followed.
    """
    downloaded = False
    for place, command in enumerate(commands):
        words = unwrapped(command.words)
        if downloaded and (_unpacks(words) or _reads_script(words)):
            # What reads its script from a pipe executes it at once.
            return place - _reads_script(words), "code of the pull request is downloaded"
        if words[:1] in (("echo",), ("printf",)):
            continue
        for inner in _inside(command.words):
            how = _how(inner, asks)
            if how:
                return place, how
        downloaded = downloaded or _downloads(words, asks)
    return None


def may_execute(words: Words) -> bool:
    """Whether a command, its wrappers taken off, may run files of the workspace."""
    return bool(words) and words[0] not in HARMLESS and words[0] not in _CLIENTS


def _inside(words: Words, depth: int = 0) -> Iterator[Words]:
    """A command and those of the scripts that its words hold, as of ``bash -c``.

    The first is looked for behind any word: not every wrapper is known.
    """
    for client in _CLIENTS:
        places = [at for at, word in enumerate(words) if posixpath.basename(word) == client]
        if places and (depth == 0 or places[0] == 0):
            yield (client, *words[places[0] + 1 :])
    if depth < _DEEPEST:
        for word in words:
            if " " in word and ("git" in word or "gh" in word):
                for command in shell.commands(word):
                    yield from _inside(unwrapped(command.words), depth + 1)


def _how(words: Words, asks: Callable[[str], Iterable[Path]]) -> str | None:
    if words[0] == "gh":
        rest = [word for word in words[1:] if not word.startswith("-")]
        if "pr" in rest and "checkout" in rest[rest.index("pr") :][:3]:
            return "code of the pull request is checked out"
        cloned = "repo" in rest and "clone" in rest[rest.index("repo") :][:2]
        return _named(words, asks) if cloned else None
    command, *rest = (*_behind_options(words[1:]), "")
    if command in _REMOTE:
        return _named(words, asks, elsewhere=True)
    if command in _CHANGING:
        return _named(words, asks, elsewhere=_NEW_BRANCH.isdisjoint(rest))
    return None


def _behind_options(words: Words) -> Words:
    """The subcommand of git and what follows it."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _GIT_VALUES else 1
    return words[at:]


def _named(
    words: Words, asks: Callable[[str], Iterable[Path]], *, elsewhere: bool = False
) -> str | None:
    written = " ".join(words)
    asked = list(asks(written))
    if is_pull_ref(written) or untrusted.names_fork_code(asked):
        return "code of the pull request is fetched"
    if elsewhere and untrusted.computed_elsewhere(asked):
        return "a commit that an earlier step chose is fetched"
    return None


def _downloads(words: Words, asks: Callable[[str], Iterable[Path]]) -> bool:
    if words[:1] == ("gh",):
        if "pr" in words[1:3] and "diff" in words[2:5]:
            return True
        if "api" not in words[1:3]:
            return False
    elif not words or words[0] not in _DOWNLOADS:
        return False
    return _named(words, asks) is not None


def _unpacks(words: Words) -> bool:
    if words[:1] == ("git",):
        return _behind_options(words[1:])[:1] in (("apply",), ("am",))
    return bool(words) and words[0] in _UNPACKS


def _reads_script(words: Words) -> bool:
    """Whether a command executes its input: a shell without the name of a file."""
    if words[:1] == ("eval",):
        return True
    return bool(words) and words[0] in INTERPRETERS and all(w[:1] == "-" for w in words[1:])
