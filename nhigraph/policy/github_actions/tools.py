"""What the commands of a script are, as far as their names and options say.

Only options that say *where* a tool works are kept (database, role, profile, directory); a value
that may be a secret never is: passwords in connection texts are dropped, all other arguments too.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nhigraph.policy import machines
from nhigraph.policy.github_actions.connection_text import SECRET, database, points
from nhigraph.policy.shell import SUBSTITUTED, Command, commands

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One recognised command.

    Attributes:
        name: Tool and subcommand, such as ``dbt build``; for an opaque one the command itself.
        options: What says where it works, values as written.
        line: Line of the script, from 0.
        opaque: Its content is not known: a script, a target, a program of its own.
        password: The one that is typed into its connection text; whoever reads it lets no other
            have it.
    """

    name: str
    options: Options = ()
    line: int = 0
    opaque: bool = False
    password: str = field(default="", repr=False, compare=False)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _kept(text: str) -> dict[str, str]:
    return {word.partition("=")[0]: word.partition("=")[2] for word in text.split()}


@dataclass(frozen=True, slots=True)
class _Tool:
    """Own words; options kept, and as what; with another value, without; known subcommands.

    Of ``many``, by the names they are kept under, each has all words up to the next option.
    ``marks`` are kept without a value, and a subcommand of ``deeper`` has one word more.
    """

    words: int = 1
    options: Mapping[str, str] = field(default_factory=dict)
    takes_value: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    marks: Mapping[str, str] = field(default_factory=dict)
    deeper: frozenset[str] = frozenset()


def _wrapper(takes_value: str = "", flags: str = "", words: int = 0) -> _Tool:
    return _Tool(words, {}, _words(takes_value), _words(flags))


_DBT = _kept(
    "--profile=profile --profiles-dir=profiles-dir --project-dir=project-dir --target=target"
    " -t=target --select=select -s=select --models=select --model=select -m=select"
    " --exclude=exclude --selector=selector --resource-type=types --resource-types=types"
    " --exclude-resource-type=excluded-types --exclude-resource-types=excluded-types"
)
_DBT_MANY = _words("select exclude types excluded-types")
_DBT_VALUES = _words(
    "--args --defer-state --log-level --log-level-file --log-path --state --target-path --threads"
    " --vars"
)
_DBT_COMMANDS = _words(
    "build clean clone compile debug deps docs init list ls parse retry run run-operation seed"
    " show snapshot source test"
)
#: Mark of options after which a tool prints something of its own and ends.
_TELLS = "tells"
_DBT_MARKS = {
    **_kept("--config-dir=config-dir --empty-catalog=empty-catalog --no-compile=no-compile"),
    **_kept("--no-introspect=no-introspect --no-populate-cache=no-populate-cache"),
    **dict.fromkeys(_words("--help -h --version -v -V"), _TELLS),
}
#: They end before they connect, wherever the option stands
#: (https://www.postgresql.org/docs/current/app-psql.html, app-pgdump.html).
_LIBPQ_MARKS = dict.fromkeys(_words("--help -? --version -V"), _TELLS)
_LIBPQ = _kept(
    "-h=host --host=host -p=port --port=port -U=user --username=user -d=dbname --dbname=dbname"
)
_PSQL_VALUES = _words(
    "-c --command -v --set --variable -P --pset -o --output -F --field-separator -L --log-file"
    " -R --record-separator -T --table-attr"
)
#: Not ``-W``: what follows it is often a password, though psql takes it for the database.
_PSQL_FLAGS = _words(
    "--csv --echo-all --echo-errors --echo-hidden --echo-queries --expanded --html --list"
    " --single-line --single-step --single-transaction --tuples-only"
    " -a -A -b -e -E -H -l -n -q -s -S -t -w -x -X -z -0 -1"
)
_PG_DUMP_VALUES = _words(
    "-f --file -F --format -j --jobs -Z --compress -E --encoding -n --schema -N --exclude-schema"
    " -t --table -T --exclude-table -e --extension -S --superuser --role --snapshot --section"
    " --exclude-table-data --lock-wait-timeout --extra-float-digits --rows-per-insert"
)
_PG_DUMP_FLAGS = _words(
    "--blobs --clean --column-inserts --create --data-only --if-exists --inserts --no-acl"
    " --no-owner --no-privileges --no-sync --schema-only --serializable-deferrable"
    " -a -b -B -c -C -O -s -v -w -x"
)
_TERRAFORM = _Tool(
    1,
    _kept("-chdir=chdir --terragrunt-working-dir=chdir --working-dir=chdir"),
    commands=_words("apply destroy fmt import init output plan state validate workspace"),
)
_KUBE = _Tool(1, _kept("-n=namespace --namespace=namespace --context=context"))

#: Tools with a meaning of their own: words of subcommand kept, and options kept.
#: Option names are those of the tools' own references, such as
#: https://docs.getdbt.com/reference/global-configs/about-global-configs and
#: https://www.postgresql.org/docs/current/app-psql.html .
TOOLS: Mapping[str, _Tool] = {
    **dict.fromkeys(_words("alembic apt apt-get bq brew cdk docker flyway git"), _Tool()),
    **dict.fromkeys(_words("gsutil liquibase pip pip3 sam snow vault"), _Tool()),
    "dbt": _Tool(
        1,
        _DBT,
        _DBT_VALUES,
        commands=_DBT_COMMANDS,
        many=_DBT_MANY,
        marks=_DBT_MARKS,
        deeper=_words("docs run-operation source"),
    ),
    "psql": _Tool(
        0,
        {**_LIBPQ, "-f": "file", "--file": "file"},
        _PSQL_VALUES,
        _PSQL_FLAGS,
        marks=_LIBPQ_MARKS,
    ),
    "pg_dump": _Tool(0, _LIBPQ, _PG_DUMP_VALUES, _PG_DUMP_FLAGS, marks=_LIBPQ_MARKS),
    "pg_restore": _Tool(0, _LIBPQ, marks=_LIBPQ_MARKS),
    **dict.fromkeys(("terraform", "tofu", "terragrunt"), _TERRAFORM),
    "aws": _Tool(2, _kept("--role-arn=role-arn --profile=profile --region=region")),
    "gcloud": _Tool(3, _kept("--project=project --impersonate-service-account=service-account")),
    "az": _Tool(2, _kept("--resource-group=resource-group -g=resource-group")),
    **dict.fromkeys(("kubectl", "helm"), _KUBE),
    "pulumi": _Tool(1, _kept("--stack=stack -s=stack --cwd=chdir -C=chdir")),
    "serverless": _Tool(1, _kept("--stage=stage")),
    "ansible-playbook": _Tool(
        0,
        _kept("-c=connection --connection=connection"),
        marks=dict.fromkeys(_words("--help -h --list-hosts --list-tasks --syntax-check"), _TELLS),
    ),
    "sqlmesh": _Tool(1, _kept("--gateway=gateway --environment=environment")),
    "snowsql": _Tool(0, _kept("-a=account -u=user -d=dbname -r=role")),
    "mysql": _Tool(0, _kept("-h=host --host=host -u=user --user=user")),
    "sqlcmd": _Tool(0, _kept("-S=host -U=user -d=dbname")),
    "gh": _Tool(2),
}
_BARE_INSTALLERS = {
    "yarn": ("install", "", "add"),
    **dict.fromkeys(("npm", "pnpm"), ("ci", "install", "i")),
}

#: Commands that run nobody's code and reach no data of their own.
HARMLESS = _words(
    ": [ [[ awk base64 basename break cat cd chmod chown command continue cp curl cut date"
    " declare df diff dirname du echo env exit export false find getopts grep gunzip gzip head"
    " hash id install jq kill let ln local ls md5sum mkdir mktemp mv popd printenv printf ps"
    " pushd pwd read readonly realpath return rm rmdir sed set sha256sum shift shopt sleep sort"
    " ssh-keyscan stat sync tail tar tee test touch tr trap true type typeset umask unalias"
    " uname uniq unset unzip wait wc wget which whoami xz yq zip"
)
_SHELLS = _words("bash sh zsh")
INTERPRETERS = _SHELLS | _words("python python3 node ruby perl Rscript php pwsh")
#: Programs whose first word is a target in a file beside them.
_NPM = _wrapper("", "-s -r --silent --if-present")
_TARGETED: Mapping[str, _Tool] = {
    "make": _wrapper("-C -f --directory --file", "-B -i -j -k -n -s -w --silent"),
    **dict.fromkeys(("npm", "yarn", "pnpm"), _NPM),
    **dict.fromkeys(("just", "task", "rake", "invoke", "tox", "nox"), _wrapper()),
}
#: Programs that run the rest of their words.
_WRAPPERS: Mapping[tuple[str, ...], _Tool] = {
    ("sudo",): _wrapper("-u -g -p -C -h --user --group", "-E -H -n -i -S --login --preserve-env"),
    ("env",): _wrapper("-u -C --unset --chdir", "-i -0 -v --ignore-environment"),
    ("exec",): _wrapper("-a", "-c -l"),
    ("nohup",): _wrapper(),
    ("nice",): _wrapper("-n"),
    ("timeout",): _wrapper("-s -k --signal --kill-after", "-v --foreground --preserve-status", 1),
    ("xargs",): _wrapper("-n -I -P -L -d -a -E -s", "-0 -r -t -x --null --no-run-if-empty"),
    ("uvx",): _wrapper("--from --with --python -p", "-q --isolated"),
    ("uv", "run"): _wrapper(
        "--with --project --directory --extra --group --python -p --env-file --package",
        "-q -m -s --active --all-extras --dev --frozen --isolated --locked --module --script",
    ),
    **{(tool, "run"): _wrapper() for tool in ("poetry", "pipenv", "pdm", "rye", "hatch")},
    ("pipx", "run"): _wrapper("--spec --python --pip-args"),
    ("bundle", "exec"): _wrapper(),
    ("doppler", "run"): _wrapper("-p -c --project --config", "--preserve-env --silent"),
    ("op", "run"): _wrapper("--env-file --account"),
    ("aws-vault", "exec"): _wrapper("-d -t --duration --mfa-token --region", "-n -j -s --json", 1),
}
#: Actions of ``find`` that start a command.
_EXEC = _words("-exec -execdir -ok -okdir")
#: Options without a value, whatever the tool.
_FLAG = re.compile(r"--(?:debug|help|no-[\w-]+|quiet|vanilla|verbose|yes)?\Z|-[A-Za-z]?\d+\Z")
#: What stands for a command that cannot be told from the value of an option before it.
_UNTOLD = ("?",)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*[:+?]?=")
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
            yield replace(run, options=(*run.options, *place))


def _moved(here: str, to: str) -> str:
    if not to or SUBSTITUTED in to or to.startswith(("-", "~")):
        return "?"
    return to if to.startswith("/") else posixpath.normpath(posixpath.join(here, to))


def unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """The command behind ``sudo``, ``uv run`` and the like; ``?`` where that cannot be told."""
    for _ in range(len(words)):
        words = _started(words)
        name = next((w for w in (words[:1], words[:2]) if w in _WRAPPERS), None)
        if name is None:
            return words
        wrapper = _WRAPPERS[name]
        words = _behind(words[len(name) :], wrapper)
        for _ in range(wrapper.words):
            words = words if words == _UNTOLD else _behind(words[1:], wrapper)
        while words and _ASSIGNMENT.match(words[0]):
            words = words[1:]
    return words


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


def _behind(words: tuple[str, ...], wrapper: _Tool) -> tuple[str, ...]:
    """What stands behind the options of a wrapper."""
    at, doubt = 0, False
    while at < len(words) and words[at].startswith("-"):
        word, at = _apart(words[at], wrapper), at + 1
        if word == "--":
            return words[at:]
        if word in wrapper.takes_value:
            at += 1
        elif not _stands_alone(word, wrapper) and words[at : at + 1] and words[at][:1] != "-":
            # Its value, or the command: ``--`` alone can tell.
            at, doubt = at + 1, True
    return _UNTOLD if doubt else words[at:]


def _apart(word: str, tool: _Tool) -> str:
    """The last of several short options in one word, if only the last can have a value."""
    inner = {f"-{letter}" for letter in word[1:-1]}
    return f"-{word[-1]}" if inner and inner <= tool.flags else word


def _stands_alone(word: str, tool: _Tool) -> bool:
    """Whether an option that is not kept has no value in the next word."""
    if "=" in word or word in tool.flags or _FLAG.match(word):
        return True
    return len(word) > len("-x") and word[:2] in tool.takes_value


def recognised(command: Command, depth: int) -> Iterator[Run]:
    """What one command runs; ``depth`` counts the shells around it."""
    words = unwrapped(command.words)
    if not words:
        return
    name, rest = posixpath.basename(words[0]), words[1:]
    if name in INTERPRETERS:
        yield from _interpreted(name, rest, command, depth)
    elif name in _BARE_INSTALLERS and next(iter(rest), "") in _BARE_INSTALLERS[name]:
        yield Run(f"{name} install", (), command.line)
    elif name == "uv" and rest[:1] in (("sync",), ("pip",), ("venv",), ("lock",), ("tool",)):
        yield Run(f"uv {rest[0]}", (), command.line)
    elif name in TOOLS and words[0] in (name, f"/usr/bin/{name}", f".venv/bin/{name}"):
        yield from _tool(name, rest, command)
    elif words[0] not in HARMLESS and not words[0].startswith("-"):
        machine = machines.reaches(words)
        where: Options = (("elsewhere", machine),) if machine else ()
        yield Run(_opaque(words), where, command.line, opaque=True)


def _interpreted(name: str, rest: tuple[str, ...], command: Command, depth: int) -> Iterator[Run]:
    if rest[:1] == ("-m",) and name.startswith("python") and len(rest) > 1:
        if rest[1] in TOOLS:
            yield from _tool(rest[1], rest[2:], command)
        else:
            shown = rest[1] if _TARGET.match(rest[1]) else "?"
            yield Run(f"{name} -m {shown}", (), command.line, opaque=shown != "venv")
        return
    inline = next((i for i, w in enumerate(rest) if re.match(r"-[a-z]*c\Z", w)), None)
    if inline is not None and name in _SHELLS and depth < _DEEPEST:
        for inner in commands(rest[inline + 1] if inline + 1 < len(rest) else ""):
            moved = Command(inner.words, inner.assigns, command.line + inner.line, inner.output)
            yield from recognised(moved, depth + 1)
        return
    if rest and rest[0] in ("--version", "-V", "-v"):
        return
    script = _script(rest, shell=name in _SHELLS)
    shown = f" {script}" if _PATH.match(script) else ""
    yield Run(f"{name}{shown}", (), command.line, opaque=True)


def _script(rest: tuple[str, ...], *, shell: bool) -> str:
    """The file an interpreter runs; empty where it may be the value of an option."""
    valued, code = (r"-\w*o\Z", r"-\w*c\Z") if shell else (r"-[rWX]\Z", r"-[cem]\Z")
    at = 0
    while at < len(rest) and rest[at].startswith("-"):
        word = rest[at]
        if re.match(code, word) or not (word[1:2] != "-" or "=" in word or _FLAG.match(word)):
            return ""
        at += 2 if re.match(valued, word) else 1
    return rest[at] if at < len(rest) else ""


def _opaque(words: tuple[str, ...]) -> str:
    """The program and at most the first target: further words may be anything."""
    name = words[0] if _PLAIN.match(words[0]) else "?"
    if name in ("source", ".") and len(words) > 1 and _PLAIN.match(words[1]):
        return f"source {words[1]}"
    if (tool := _TARGETED.get(posixpath.basename(name))) is None:
        return name
    rest = _behind(words[1 : words.index("--") if "--" in words else None], tool)
    if tool is _NPM and rest[:1] in (("run",), ("run-script",)):
        rest = _behind(rest[1:], tool)
    # The number of jobs may stand apart from its option.
    targets = [word for word in rest if not _ASSIGNMENT.match(word) and not word.isdigit()]
    return f"{name} {targets[0]}" if targets and _TARGET.match(targets[0]) else name


def _tool(name: str, rest: tuple[str, ...], command: Command) -> Iterator[Run]:
    tool = TOOLS[name]
    options, loose, lost = _read(tool, rest)
    if options.pop(_TELLS, None) is not None:
        return
    words = tool.words + (loose[:1] != [] and loose[0] in tool.deeper)
    subcommand = [w for w in loose[:words] if _TARGET.match(w)]
    subcommand = subcommand or ["?"] * (lost and bool(tool.commands))
    if "dbname" in tool.options.values():
        # The loose word of pg_restore is the file it reads.
        database([] if name == "pg_restore" else loose, options, lost=lost and name == "psql")
    if name in ("pip", "pip3", "apt", "apt-get") and not subcommand:
        subcommand = ["install"]
    password = "" if points(options.get("password", "$")) else options.pop("password")
    kept = tuple((n, "?" if SECRET.search(value) else value) for n, value in options.items())
    yield Run(" ".join((name, *subcommand)), kept, command.line, password=password)


def _goes_on(tool: _Tool, word: tuple[str, ...], loose: list[str]) -> bool:
    """Whether the next word is one more of an option that has many."""
    return bool(word) and word[0][:1] != "-" and bool(loose or word[0] not in tool.commands)


def _read(tool: _Tool, rest: tuple[str, ...]) -> tuple[dict[str, str], list[str], bool]:
    """Options kept, loose words, and whether some are left out: they may be options' values."""
    options: dict[str, str] = {}
    loose: list[str] = []
    at, doubt, lost = 0, False, False
    while at < len(rest):
        word, at, after, doubt = rest[at], at + 1, doubt, False
        if not word.startswith("-"):
            known = word in tool.commands
            lost = lost or (after and not known)
            loose += [word] if known or not lost else []
            continue
        word = _apart(word, tool)
        option, equals, value = word.partition("=")
        attached = tool.options.get(word[:2]) if word[2:] and word[1] != "-" else None
        if option in tool.options and (equals or at < len(rest)):
            kept, value, at = (
                tool.options[option],
                value if equals else rest[at],
                at + (not equals),
            )
            while kept in tool.many and _goes_on(tool, rest[at : at + 1], loose):
                value, at = f"{value} {rest[at]}", at + 1
            said = options.setdefault(kept, value)
            if kept in tool.many and said is not value:
                options[kept] = f"{said} {value}"
        elif attached:
            if not tool.words:
                options.setdefault(attached, word[2:])
        elif word in tool.takes_value:
            at += 1
        elif word in tool.marks:
            options[tool.marks[word]] = "true"
        else:
            doubt = not _stands_alone(word, tool)
    return options, loose, lost


def environment_writes(found: Sequence[Command]) -> Iterator[tuple[str, str]]:
    """Variables a script sets for later steps: ``echo "NAME=value" >> "$GITHUB_ENV"``."""
    # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    for command in found:
        written = any("GITHUB_ENV" in out for out in command.output)
        if written and command.words[:1] in (("echo",), ("printf",)) and len(command.words) > 1:
            name, equals, value = command.words[-1].partition("=")
            if equals and re.fullmatch(r"[A-Za-z_]\w*", name):
                yield name, value
