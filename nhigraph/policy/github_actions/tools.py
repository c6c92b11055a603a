"""What the commands of a script are, as far as their names and options say.

Only options that say *where* a tool works are kept (database, role, profile, directory); a value
that may be a secret never is: passwords in connection texts are dropped, all other arguments too.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from nhigraph.policy.github_actions.shell import SUBSTITUTED, Command, commands

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One recognised command.

    Attributes:
        name: Tool and subcommand, such as ``dbt build``; for an opaque one the command itself.
        options: What says where it works, values as written.
        line: Line of the script, from 0.
        opaque: Its content is not known: a script, a target, a program of its own.
    """

    name: str
    options: Options = ()
    line: int = 0
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class _Tool:
    words: int = 1
    options: Mapping[str, str] = field(default_factory=dict)
    takes_value: frozenset[str] = frozenset()


_DBT = {
    "--profile": "profile",
    "--profiles-dir": "profiles-dir",
    "--project-dir": "project-dir",
    "--target": "target",
    "-t": "target",
    "--select": "select",
    "-s": "select",
    "--models": "select",
    "--model": "select",
    "-m": "select",
    "--exclude": "exclude",
    "--selector": "selector",
}
_LIBPQ = {
    "-h": "host",
    "--host": "host",
    "-p": "port",
    "--port": "port",
    "-U": "user",
    "--username": "user",
    "-d": "dbname",
    "--dbname": "dbname",
}
_PSQL = {**_LIBPQ, "-f": "file", "--file": "file"}
_TERRAFORM = {"-chdir": "chdir", "--terragrunt-working-dir": "chdir", "--working-dir": "chdir"}
_AWS = {"--role-arn": "role-arn", "--profile": "profile", "--region": "region"}
_GCLOUD = {"--project": "project", "--impersonate-service-account": "service-account"}
_KUBE = {"-n": "namespace", "--namespace": "namespace", "--context": "context"}
_NONE: dict[str, str] = {}

#: Tools with a meaning of their own: words of subcommand kept, and options kept.
#: Option names are those of the tools' own references, such as
#: https://docs.getdbt.com/reference/global-configs/about-global-configs and
#: https://www.postgresql.org/docs/current/app-psql.html .
TOOLS: Mapping[str, _Tool] = {
    "dbt": _Tool(1, _DBT, frozenset({"--vars", "--threads", "--state", "--log-level"})),
    "psql": _Tool(0, _PSQL, frozenset({"-c", "--command", "-v", "--set", "-P", "--pset"})),
    "pg_dump": _Tool(0, _LIBPQ),
    "pg_restore": _Tool(0, _LIBPQ),
    "terraform": _Tool(1, _TERRAFORM),
    "tofu": _Tool(1, _TERRAFORM),
    "terragrunt": _Tool(1, _TERRAFORM),
    "aws": _Tool(2, _AWS),
    "gcloud": _Tool(3, _GCLOUD),
    "bq": _Tool(1, _NONE),
    "gsutil": _Tool(1, _NONE),
    "az": _Tool(2, {"--resource-group": "resource-group", "-g": "resource-group"}),
    "kubectl": _Tool(1, _KUBE),
    "helm": _Tool(1, _KUBE),
    "pulumi": _Tool(1, {"--stack": "stack", "-s": "stack", "--cwd": "chdir", "-C": "chdir"}),
    "cdk": _Tool(1, _NONE),
    "sam": _Tool(1, _NONE),
    "serverless": _Tool(1, {"--stage": "stage"}),
    "ansible-playbook": _Tool(0, _NONE),
    "flyway": _Tool(1, _NONE),
    "liquibase": _Tool(1, _NONE),
    "alembic": _Tool(1, _NONE),
    "sqlmesh": _Tool(1, {"--gateway": "gateway", "--environment": "environment"}),
    "snowsql": _Tool(0, {"-a": "account", "-u": "user", "-d": "dbname", "-r": "role"}),
    "snow": _Tool(1, _NONE),
    "mysql": _Tool(0, {"-h": "host", "--host": "host", "-u": "user", "--user": "user"}),
    "sqlcmd": _Tool(0, {"-S": "host", "-U": "user", "-d": "dbname"}),
    "vault": _Tool(1, _NONE),
    "gh": _Tool(2, _NONE),
    "git": _Tool(1, _NONE),
    "docker": _Tool(1, _NONE),
    "pip": _Tool(1, _NONE),
    "pip3": _Tool(1, _NONE),
    "apt-get": _Tool(1, _NONE),
    "apt": _Tool(1, _NONE),
    "brew": _Tool(1, _NONE),
}
_BARE_INSTALLERS = {"npm": ("ci", "install", "i"), "yarn": ("install", "", "add")}
_BARE_INSTALLERS["pnpm"] = _BARE_INSTALLERS["npm"]

# fmt: off
#: Commands that run nobody's code and reach no data of their own.
HARMLESS = frozenset({
    ":", "[", "[[", "awk", "base64", "basename", "break", "cat", "cd", "chmod", "chown",
    "command", "continue", "cp", "curl", "cut", "date", "declare", "df", "diff", "dirname",
    "du", "echo", "env", "exit", "export", "false", "find", "getopts", "grep", "gunzip", "gzip",
    "head", "hash", "id", "install", "jq", "kill", "let", "ln", "local", "ls", "md5sum",
    "mkdir", "mktemp", "mv", "popd", "printenv", "printf", "ps", "pushd", "pwd", "read",
    "readonly", "realpath", "return", "rm", "rmdir", "sed", "set", "sha256sum", "shift",
    "shopt", "sleep", "sort", "ssh-keyscan", "stat", "sync", "tail", "tar", "tee", "test",
    "touch", "tr", "trap", "true", "type", "typeset", "umask", "unalias", "uname", "uniq",
    "unset", "unzip", "wait", "wc", "wget", "which", "whoami", "xz", "yq", "zip",
})
# fmt: on
_INTERPRETERS = frozenset(
    {"python", "python3", "bash", "sh", "zsh", "node", "ruby", "perl", "Rscript", "php", "pwsh"}
)
_TARGETED = frozenset(
    {"make", "just", "task", "rake", "npm", "yarn", "pnpm", "invoke", "tox", "nox"}
)
#: Programs that run the rest of their words; options of theirs that take a value.
_WRAPPERS: Mapping[tuple[str, ...], frozenset[str]] = {
    ("sudo",): frozenset({"-u", "-g"}),
    ("env",): frozenset({"-u"}),
    ("exec",): frozenset(),
    ("nohup",): frozenset(),
    ("nice",): frozenset({"-n"}),
    ("xargs",): frozenset({"-n", "-I", "-P"}),
    ("uvx",): frozenset({"--from", "--with", "--python", "-p"}),
    ("uv", "run"): frozenset(
        [
            "--with",
            "--project",
            "--directory",
            "--extra",
            "--group",
            "--python",
            "-p",
            "--env-file",
            "--package",
        ]
    ),
    ("poetry", "run"): frozenset(),
    ("pipenv", "run"): frozenset(),
    ("pdm", "run"): frozenset(),
    ("rye", "run"): frozenset(),
    ("hatch", "run"): frozenset(),
    ("pipx", "run"): frozenset({"--spec"}),
    ("bundle", "exec"): frozenset(),
    ("doppler", "run"): frozenset({"-p", "-c", "--project", "--config"}),
    ("op", "run"): frozenset({"--env-file"}),
    ("aws-vault", "exec"): frozenset(),
}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_PLAIN = re.compile(r"[\w./@+~-]{1,80}\Z")
_PATH = re.compile(r"[\w./-]{1,120}\.\w{1,5}\Z")
_TARGET = re.compile(r"[A-Za-z][\w:.-]{0,60}\Z")
_DEEPEST = 3


def runs(found: Sequence[Command], directory: str = "") -> Iterator[Run]:
    """What the commands of one script run; ``cd`` is followed, subshells are not."""
    here = directory
    for command in found:
        words = unwrapped(command.words)
        if words and words[0] in ("cd", "pushd"):
            here = _moved(here, words[1] if len(words) > 1 else "")
            continue
        place: Options = (("dir", here),) if here else ()
        for run in recognised(command, 0):
            yield Run(run.name, (*run.options, *place), run.line, run.opaque)


def _moved(here: str, to: str) -> str:
    if not to or SUBSTITUTED in to or to.startswith(("-", "~")):
        return "?"
    return to if to.startswith("/") else posixpath.normpath(posixpath.join(here, to))


def unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """The command that is run in the end, without ``sudo``, ``uv run`` and the like."""
    for _ in range(len(words)):
        wrapper = next((w for w in (words[:1], words[:2]) if w in _WRAPPERS), None)
        if wrapper is None:
            if words[:1] == ("timeout",):
                words = _skip_options(words[1:], frozenset({"-s", "-k"}))[1:]
                continue
            return words
        words = _skip_options(words[len(wrapper) :], _WRAPPERS[wrapper])
        if wrapper == ("aws-vault", "exec"):
            words = _skip_options(words[1:], frozenset())
        while words and _ASSIGNMENT.match(words[0]):
            words = words[1:]
    return words


def _skip_options(words: tuple[str, ...], valued: frozenset[str]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] == "--":
            return words[at + 1 :]
        at += 2 if words[at] in valued else 1
    return words[at:]


def recognised(command: Command, depth: int) -> Iterator[Run]:
    """What one command runs; ``depth`` counts the shells around it."""
    words = unwrapped(command.words)
    if not words:
        return
    name, rest = posixpath.basename(words[0]), words[1:]
    if name in _INTERPRETERS:
        yield from _interpreted(name, rest, command, depth)
    elif name in _BARE_INSTALLERS and next(iter(rest), "") in _BARE_INSTALLERS[name]:
        yield Run(f"{name} install", (), command.line)
    elif name == "uv" and rest[:1] in (("sync",), ("pip",), ("venv",), ("lock",), ("tool",)):
        yield Run(f"uv {rest[0]}", (), command.line)
    elif name in TOOLS and words[0] in (name, f"/usr/bin/{name}", f".venv/bin/{name}"):
        yield _tool(name, rest, command)
    elif words[0] not in HARMLESS and not words[0].startswith("-"):
        yield Run(_opaque(words), (), command.line, opaque=True)


def _interpreted(name: str, rest: tuple[str, ...], command: Command, depth: int) -> Iterator[Run]:
    if rest[:1] == ("-m",) and name.startswith("python") and len(rest) > 1:
        if rest[1] in TOOLS:
            yield _tool(rest[1], rest[2:], command)
        else:
            shown = rest[1] if _TARGET.match(rest[1]) else "?"
            yield Run(f"{name} -m {shown}", (), command.line, opaque=shown != "venv")
        return
    inline = next((i for i, w in enumerate(rest) if re.match(r"-[a-z]*c\Z", w)), None)
    if inline is not None and name in ("bash", "sh", "zsh") and depth < _DEEPEST:
        for inner in commands(rest[inline + 1] if inline + 1 < len(rest) else ""):
            moved = Command(inner.words, inner.assigns, command.line + inner.line, inner.output)
            yield from recognised(moved, depth + 1)
        return
    if rest and rest[0] in ("--version", "-V", "-v"):
        return
    script = next((w for w in rest if not w.startswith("-")), "")
    shown = f" {script}" if _PATH.match(script) else ""
    yield Run(f"{name}{shown}", (), command.line, opaque=True)


def _opaque(words: tuple[str, ...]) -> str:
    name = words[0] if _PLAIN.match(words[0]) else "?"
    if posixpath.basename(name) in _TARGETED:
        targets = [w for w in words[1:] if _TARGET.match(w) and w not in ("run", "exec")]
        return " ".join((name, *targets[:3]))
    if name in ("source", ".") and len(words) > 1 and _PLAIN.match(words[1]):
        return f"source {words[1]}"
    return name


def _tool(name: str, rest: tuple[str, ...], command: Command) -> Run:
    tool = TOOLS[name]
    options: dict[str, str] = {}
    loose: list[str] = []
    at = 0
    while at < len(rest):
        word = rest[at]
        option, equals, value = word.partition("=")
        short = word[:2] if word[:1] == "-" and word[1:2] != "-" else ""
        if word.startswith("-") and option in tool.options and equals:
            options.setdefault(tool.options[option], value)
        elif word in tool.options and at + 1 < len(rest):
            at += 1
            options.setdefault(tool.options[word], rest[at])
        elif short in tool.options and len(word) > len(short) and tool.words == 0:
            options.setdefault(tool.options[short], word[2:])
        elif word in tool.takes_value or (name == "psql" and _SQL_FOLLOWS.match(word)):
            at += 1
        elif not word.startswith("-"):
            loose.append(word)
        at += 1
    subcommand = [w for w in loose[: tool.words] if _TARGET.match(w)]
    if name == "psql":
        _psql(loose, options)
    if name in ("pip", "pip3", "apt", "apt-get") and not subcommand:
        subcommand = ["install"]
    return Run(" ".join((name, *subcommand)), tuple(options.items()), command.line)


_URL = re.compile(
    r"(?:postgres|postgresql)://(?:(?P<user>[^:@/]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<host>[^:/?@]*)(?::(?P<port>\d+))?(?:/(?P<dbname>[^?]*))?(?:\?.*)?\Z",
    re.DOTALL,
)
_PAIR = re.compile(r"(\w+)\s*=\s*('[^']*'|\S*)")
_KEPT = {name: name for name in ("host", "port", "user", "dbname", "password")}
#: Flags in one word that end with ``c``: the next word is SQL, which may hold anything.
_SQL_FOLLOWS = re.compile(r"-[A-Za-z]*c\Z")
_DATABASE = re.compile(r"[\w.${}\ue000\ue001-]{1,80}\Z")
_POINTS = re.compile(r"[\ue000$]")


def _psql(loose: list[str], options: dict[str, str]) -> None:
    """First loose word is the database or a connection text, the second the user."""
    # https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
    target = options.pop("dbname", None) or (loose[0] if loose else "")
    if len(loose) > 1:
        options.setdefault("user", loose[1])
    url = _URL.match(target)
    if url:
        found = {part: unquote(value) for part, value in url.groupdict().items() if value}
    elif "=" in target and "://" not in target:
        pairs = _PAIR.findall(target)
        found = {_KEPT[key]: value.strip("'") for key, value in pairs if key in _KEPT}
    elif _DATABASE.match(target):
        whole = _POINTS.match(target) is not None
        found = {"connection" if whole and "host" not in options else "dbname": target}
    else:
        found = {"connection": "?"} if target else {}
    # Only what points elsewhere is kept of a password, never its text.
    if not _POINTS.match(found.get("password", "$")):
        del found["password"]
    for name, value in found.items():
        options.setdefault(name, value)


def environment_writes(found: Sequence[Command]) -> Iterator[tuple[str, str]]:
    """Variables a script sets for later steps: ``echo "NAME=value" >> "$GITHUB_ENV"``."""
    # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    for command in found:
        written = any("GITHUB_ENV" in out for out in command.output)
        if written and command.words[:1] in (("echo",), ("printf",)) and len(command.words) > 1:
            name, equals, value = command.words[-1].partition("=")
            if equals and re.fullmatch(r"[A-Za-z_]\w*", name):
                yield name, value


def local_writes(found: Sequence[Command]) -> Iterator[tuple[str, str]]:
    """Variables set inside the script: in front of a command, alone, or by ``export``."""
    for command in found:
        yield from command.assigns
        if command.words[:1] in (("export",), ("declare",), ("env",)):
            for word in command.words[1:]:
                name, equals, value = word.partition("=")
                if equals and re.fullmatch(r"[A-Za-z_]\w*", name):
                    yield name, value
