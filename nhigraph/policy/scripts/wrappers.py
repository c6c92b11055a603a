"""Programs that run the rest of their words, and what stands behind their options."""

import posixpath
import re
from collections.abc import Mapping
from itertools import pairwise

from nhigraph.policy.scripts.tool import Tool, words, wrapper
from nhigraph.policy.shell import SUBSTITUTED

#: Programs that run the rest of their words.
_WRAPPERS: Mapping[tuple[str, ...], Tool] = {
    ("sudo",): wrapper("-u -g -p -C -h --user --group", "-E -H -n -i -S --login --preserve-env"),
    ("env",): wrapper("-u -C --unset --chdir", "-i -0 -v --ignore-environment"),
    ("exec",): wrapper("-a", "-c -l"),
    ("nohup",): wrapper(),
    ("nice",): wrapper("-n"),
    ("timeout",): wrapper("-s -k --signal --kill-after", "-v --foreground --preserve-status", 1),
    ("xargs",): wrapper("-n -I -P -L -d -a -E -s", "-0 -r -t -x --null --no-run-if-empty"),
    ("uvx",): wrapper("--from --with --python -p", "-q --isolated"),
    ("uv", "run"): wrapper(
        "--with --project --directory --extra --group --python -p --env-file --package",
        "-q -m -s --active --all-extras --dev --frozen --isolated --locked --module --script",
    ),
    **{(tool, "run"): wrapper() for tool in ("poetry", "pipenv", "pdm", "rye", "hatch")},
    ("pipx", "run"): wrapper("--spec --python --pip-args"),
    ("bundle", "exec"): wrapper(),
    ("doppler", "run"): wrapper("-p -c --project --config", "--preserve-env --silent"),
    ("op", "run"): wrapper("--env-file --account"),
    ("aws-vault", "exec"): wrapper("-d -t --duration --mfa-token --region", "-n -j -s --json", 1),
}
_IN_CONTAINER = wrapper(
    "-e -u -w --env --env-file --user --workdir --detach-keys --index",
    "-d -i -t -T --detach --interactive --no-TTY --no-tty --privileged --tty",
    1,
)
_OF_IMAGE = wrapper(
    "-a -c -e -h -l -m -p -u -v -w --add-host --attach --cap-add --cap-drop --cgroupns --cidfile"
    " --cpus --dns --entrypoint --env --env-file --expose --group-add --hostname --ip --ipc"
    " --label --link --log-driver --log-opt --memory --mount --name --net --network"
    " --network-alias --pid --platform --publish --pull --restart --secret --security-opt"
    " --shm-size --stop-signal --tmpfs --ulimit --user --volume --volumes-from --workdir",
    "-d -i -t -P -T --detach --init --interactive --no-deps --no-TTY --privileged --publish-all"
    " --quiet --read-only --rm --service-ports --tty --use-aliases",
    1,
)
#: What starts a command in a container beside the job: of these only clients of databases matter
#: here, what else a container does its image says (docs.docker.com/reference/cli/docker).
_CONTAINERS: Mapping[tuple[str, ...], Tool] = {
    **{
        (tool, *word, "exec"): _IN_CONTAINER
        for tool in words("docker podman nerdctl")
        for word in ((), ("container",), ("compose",))
    },
    **{
        (tool, *word, "run"): _OF_IMAGE
        for tool in words("docker podman nerdctl")
        for word in ((), ("container",), ("compose",))
    },
    **{(tool, "exec"): _IN_CONTAINER for tool in ("docker-compose", "podman-compose")},
    **{(tool, "run"): _OF_IMAGE for tool in ("docker-compose", "podman-compose")},
}
#: First words of all of them.
STARTERS = frozenset(name[0] for name in (*_WRAPPERS, *_CONTAINERS))
#: Clients of databases, and shells that are given a text with one.
CLIENT = re.compile(r"(?:(?:mysql|mariadb)[\w-]*|mydumper|myloader|psql|pg_(?:dump|restore))\Z")
_SHELL = re.compile(r"(?:ba|da|z)?sh\Z")
_NAMES_CLIENT = re.compile(r"\b(?:mysql|mariadb|psql|mydumper|myloader|pg_(?:dump|restore))")
#: Actions of ``find`` that start a command.
_EXEC = words("-exec -execdir -ok -okdir")
#: Options without a value, whatever the tool.
FLAG = re.compile(r"--(?:debug|help|no-[\w-]+|quiet|vanilla|verbose|yes)?\Z|-[A-Za-z]?\d+\Z")
#: What stands for a command that cannot be told from the value of an option before it.
_UNTOLD = ("?",)
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*[:+?]?=")


def unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """The command behind ``sudo``, ``uv run`` and the like; ``?`` where that cannot be told."""
    return _unwrapped(words, [])


def handed(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Variables that such a program gives the command behind it, and what it is told they are."""
    given: list[str] = []
    if any("=" in word for word in words):
        _unwrapped(words, given)
    return [(name, value) for name, _, value in (word.partition("=") for word in given)]


def _unwrapped(words: tuple[str, ...], given: list[str]) -> tuple[str, ...]:
    for _ in range(len(words)):
        words = _started(words)
        name = next((w for w in (words[:1], words[:2]) if w in _WRAPPERS), None)
        if name is None:
            inner = _contained(words)
            if not inner:
                return words
            given += _of_container(words[: len(words) - len(inner)])
            words = inner
            continue
        wrapping = _WRAPPERS[name]
        options, words = words, behind(words[len(name) :], wrapping)
        if name == ("xargs",) and words:
            words = _with_input(options[: len(options) - len(words)], words)
        for _ in range(wrapping.words):
            words = words if words == _UNTOLD else behind(words[1:], wrapping)
        while words and ASSIGNMENT.match(words[0]):
            given.append(words[0])
            words = words[1:]
    return words


def _with_input(options: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """The command of ``xargs``: words that it reads stand behind it, or where a mark stands."""
    mark = ""
    for at, word in enumerate(options):
        if word == "-I":
            mark = "".join(options[at + 1 : at + 2])
        elif word.startswith("-I"):
            mark = word[2:]
        elif word in ("-i", "--replace"):
            mark = "{}"
    if not mark:
        return (*words, SUBSTITUTED)
    return tuple(word.replace(mark, SUBSTITUTED) for word in words)


def _of_container(options: tuple[str, ...]) -> list[str]:
    """Variables that options of a container say: ``-e NAME=VALUE`` and ``--env=NAME=VALUE``."""
    apart = [two for one, two in pairwise(options) if one in ("-e", "--env")]
    joined = [word.removeprefix("--env=") for word in options if word.startswith("--env=")]
    return [word for word in (*apart, *joined) if ASSIGNMENT.match(word)]


def _contained(words: tuple[str, ...]) -> tuple[str, ...]:
    """The client of a database that a command starts in a container; empty for anything else."""
    name = next((words[:n] for n in (2, 3) if words[:n] in _CONTAINERS), None)
    if name is None:
        return ()
    starting = _CONTAINERS[name]
    rest = behind(words[len(name) :], starting)
    inner = behind(rest[1:], wrapper()) if rest[:1] != _UNTOLD else ()
    entry = next((two for one, two in pairwise(words) if one == "--entrypoint"), "")
    entry = next((w.partition("=")[2] for w in words if w.startswith("--entrypoint=")), entry)
    inner = (entry, *rest[1:]) if entry and rest[:1] != _UNTOLD else inner
    if not inner:
        return ()
    shell = _SHELL.match(posixpath.basename(inner[0])) and any(map(_NAMES_CLIENT.search, inner))
    return inner if shell or CLIENT.match(posixpath.basename(inner[0])) else ()


def _started(words: tuple[str, ...]) -> tuple[str, ...]:
    """What ``command`` or ``find -exec`` starts; other words as they are."""
    if words[:1] == ("command",) and words[1:2] and not words[1].startswith("-"):
        return words[1:]
    if words[:1] == ("find",):
        at = next((i for i, word in enumerate(words) if word in _EXEC), len(words))
        behind = words[at + 1 :]
        end = next((i for i, word in enumerate(behind) if word in (";", "+")), len(behind))
        return behind[:end] or words
    return words


def behind(words: tuple[str, ...], wrapping: Tool) -> tuple[str, ...]:
    """What stands behind the options of a program that runs the rest of its words."""
    at, doubt = 0, False
    while at < len(words) and words[at].startswith("-"):
        word, at = apart(words[at], wrapping), at + 1
        if word == "--":
            return words[at:]
        if word in wrapping.takes_value:
            at += 1
        elif not stands_alone(word, wrapping) and words[at : at + 1] and words[at][:1] != "-":
            # Its value, or the command: ``--`` alone can tell.
            at, doubt = at + 1, True
    return _UNTOLD if doubt else words[at:]


def apart(word: str, tool: Tool) -> str:
    """The last of several short options in one word, if only the last can have a value."""
    inner = {f"-{letter}" for letter in word[1:-1]}
    return f"-{word[-1]}" if inner and inner <= tool.flags else word


def stands_alone(word: str, tool: Tool) -> bool:
    """Whether an option that is not kept has no value in the next word."""
    if "=" in word or word in tool.flags | tool.attached or FLAG.match(word):
        return True
    return len(word) > len("-x") and word[:2] in tool.takes_value
