"""What the commands of a script are, as far as their names and options say.

Only options that say *where* a tool works are kept (database, role, profile, directory); a value
that may be a secret never is: passwords in connection texts are dropped, all other arguments too.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from nhigraph.policy import machines
from nhigraph.policy.scripts.connection_text import SECRET, database, is_database, parts, points
from nhigraph.policy.scripts.flow import Flow
from nhigraph.policy.scripts.known import (
    BARE_INSTALLERS,
    HARMLESS,
    INTERPRETERS,
    NPM,
    SHELLS,
    TARGETED,
    TELLS,
    TOOLS,
)
from nhigraph.policy.scripts.tool import Tool
from nhigraph.policy.scripts.wrappers import (
    ASSIGNMENT,
    FLAG,
    apart,
    behind,
    stands_alone,
    unwrapped,
)
from nhigraph.policy.shell import SUBSTITUTED, Command, commands
from nhigraph.records import dataclass

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One recognised command.

    Attributes:
        name: Tool and subcommand, such as ``dbt build``; for an opaque one the command itself.
        options: What says where it works, values as written.
        line: Line of the script, from 0.
        opaque: Its content is not known: a script, a target, a program of its own.
        at: Number of the command, then those within the shells that it starts.
        password: The one that is typed into its connection text; whoever reads it lets no other
            have it.
    """

    name: str
    options: Options = ()
    line: int = 0
    opaque: bool = False
    at: tuple[int, ...] = field(default=(), compare=False)
    password: str = field(default="", repr=False, compare=False)

    def quoted(self, script: str) -> str:
        """Its name, where its line of the script has these words; its others may be secret.

        Empty where they stand otherwise: behind a variable, say, or on several lines.
        """
        written = "".join(script.split("\n")[self.line : self.line + 1])
        at = 0
        for word in self.name.split():
            at = written.find(word, at) + len(word)
            if at < len(word):
                return ""
        return f"{self.name} …"


_PLAIN = re.compile(r"[\w./@+~-]{1,80}\Z")
_PATH = re.compile(r"[\w./-]{1,120}\.\w{1,5}\Z")
_TARGET = re.compile(r"[A-Za-z][\w:.-]{0,60}\Z")
#: A word that a shell may make several words of.
_VARIABLE = re.compile(r"\$(?:\w+|\{\w+(?:\[[@*]\])?\}|[@*])\Z")
#: A word that a shell makes several words of, options as a rule.
_MANY = re.compile(r"\$(?:[@*]|\{\w+\[[@*]\]\})\Z")
_DEEPEST = 3
_MOVES = frozenset({"cd", "pushd"})
#: Stands for the folder among the variables of a script.
_HERE = ""


def runs(found: Sequence[Command], directory: str = "", depth: int = 0) -> Iterator[Run]:
    """What the commands of one script run, and in which folder; ``depth`` counts shells around."""
    folders = Flow(found, {_HERE: directory}, _moves, _one_of).states
    for at, (command, folder) in enumerate(zip(found, folders, strict=True)):
        words = unwrapped(command.words)
        if words and words[0] in _MOVES:
            continue
        for run in recognised(command, depth, folder[_HERE]):
            # What a shell of its own runs in a folder has said so.
            here = dict(run.options).get("dir", folder[_HERE])
            rest = tuple(option for option in run.options if option[0] != "dir")
            place: Options = (("dir", here),) if here else ()
            yield replace(run, options=(*rest, *place), at=(at, *run.at))


def _moves(
    command: Command, folder: Mapping[str, str]
) -> tuple[Mapping[str, str], Mapping[str, str | None]]:
    words = unwrapped(command.words)
    if not words or words[0] not in _MOVES:
        return {}, {}
    return {}, {_HERE: _moved(folder[_HERE], words[1] if len(words) > 1 else "")}


def _one_of(folders: Iterable[str]) -> str:
    """A folder that may be any of several is not known."""
    found = set(folders)
    return found.pop() if len(found) == 1 else "?"


def _moved(here: str, to: str) -> str:
    if not to or SUBSTITUTED in to or to.startswith(("-", "~")):
        return "?"
    return to if to.startswith("/") else posixpath.normpath(posixpath.join(here, to))


def recognised(command: Command, depth: int, directory: str = "") -> Iterator[Run]:
    """What one command runs in a folder; ``depth`` counts the shells around it."""
    words = unwrapped(command.words)
    if not words:
        return
    name, rest = posixpath.basename(words[0]), words[1:]
    if name in INTERPRETERS:
        if depth < _DEEPEST and (inner := inside(command)) is not None:
            yield from runs(inner, directory, depth + 1)
        else:
            yield from _interpreted(name, rest, command)
    elif name == "trap":
        # A function that it calls is read where that stands.
        inner = (inside(command) if depth < _DEEPEST else None) or []
        found = runs(inner, directory, depth + 1)
        yield from (replace(one, line=command.line) for one in found if not one.opaque)
    elif name in BARE_INSTALLERS and next(iter(rest), "") in BARE_INSTALLERS[name]:
        yield Run(f"{name} install", (), command.line)
    elif name == "uv" and rest[:1] in (("sync",), ("pip",), ("venv",), ("lock",), ("tool",)):
        yield Run(f"uv {rest[0]}", (), command.line)
    elif name in TOOLS and words[0] in (name, f"/usr/bin/{name}", f".venv/bin/{name}"):
        yield from _tool(name, rest, command)
    elif words[0] not in HARMLESS and not words[0].startswith("-"):
        machine = machines.reaches(words)
        where: Options = (("elsewhere", machine),) if machine else ()
        yield Run(_opaque(words), where, command.line, opaque=True)


def inside(command: Command) -> list[Command] | None:
    """The commands that ``sh -c`` or ``trap`` is given as one word, or a shell as its input.

    None for any other command.
    """
    name, *rest = unwrapped(command.words) or ("",)
    if name == "trap":
        written = rest[0] if len(rest) > 1 and " " in rest[0] else ""
        return commands(written) if written else None
    if posixpath.basename(name) not in SHELLS or rest[:1] == ["-m"]:
        return None
    inline = next((i for i, w in enumerate(rest) if re.match(r"-[a-z]*c\Z", w)), None)
    if inline is not None:
        written = rest[inline + 1] if inline + 1 < len(rest) else ""
    elif command.here and ("-s" in rest or all(word.startswith("-") for word in rest)):
        written = "\n".join(command.here)
        command = replace(command, line=command.line + 1)
    else:
        return None
    return [replace(one, line=command.line + one.line) for one in commands(written)]


def _interpreted(name: str, rest: tuple[str, ...], command: Command) -> Iterator[Run]:
    if rest[:1] == ("-m",) and name.startswith("python") and len(rest) > 1:
        if rest[1] in TOOLS:
            yield from _tool(rest[1], rest[2:], command)
        else:
            shown = rest[1] if _TARGET.match(rest[1]) else "?"
            yield Run(f"{name} -m {shown}", (), command.line, opaque=shown != "venv")
        return
    if rest and rest[0] in ("--version", "-V", "-v"):
        return
    script = _script(rest, shell=name in SHELLS)
    shown = f" {script}" if _PATH.match(script) else ""
    yield Run(f"{name}{shown}", (), command.line, opaque=True)


def _script(rest: tuple[str, ...], *, shell: bool) -> str:
    """The file an interpreter runs; empty where it may be the value of an option."""
    valued, code = (r"-\w*o\Z", r"-\w*c\Z") if shell else (r"-[rWX]\Z", r"-[cem]\Z")
    at = 0
    while at < len(rest) and rest[at].startswith("-"):
        word = rest[at]
        if re.match(code, word) or not (word[1:2] != "-" or "=" in word or FLAG.match(word)):
            return ""
        at += 2 if re.match(valued, word) else 1
    return rest[at] if at < len(rest) else ""


def _opaque(words: tuple[str, ...]) -> str:
    """The program and at most the first target: further words may be anything."""
    name = words[0] if _PLAIN.match(words[0]) else "?"
    if name in ("source", ".") and len(words) > 1 and _PLAIN.match(words[1]):
        return f"source {words[1]}"
    if (tool := TARGETED.get(posixpath.basename(name))) is None:
        return name
    rest = behind(words[1 : words.index("--") if "--" in words else None], tool)
    if tool is NPM and rest[:1] in (("run",), ("run-script",)):
        rest = behind(rest[1:], tool)
    # The number of jobs may stand apart from its option.
    targets = [word for word in rest if not ASSIGNMENT.match(word) and not word.isdigit()]
    return f"{name} {targets[0]}" if targets and _TARGET.match(targets[0]) else name


def _tool(name: str, rest: tuple[str, ...], command: Command) -> Iterator[Run]:
    tool = TOOLS[name]
    options, loose, lost = _read(tool, rest)
    if options.pop(TELLS, None) is not None:
        return
    words = tool.words + (loose[:1] != [] and loose[0] in tool.deeper)
    subcommand = [w for w in loose[:words] if _TARGET.match(w)]
    subcommand = subcommand or ["?"] * (lost and bool(tool.commands))
    if name == "dbt" and any(map(_VARIABLE.match, loose[words:])):
        options.setdefault("target", SUBSTITUTED)  # the variable may hold any option
    if "user" in tool.options.values() and any(map(_MANY.match, loose)):
        options.setdefault("user", SUBSTITUTED)  # they may name another one
    if "dbname" in tool.options.values():
        # The loose word of pg_restore is the file it reads.
        database([] if name == "pg_restore" else loose, options, lost=lost and name == "psql")
    if "uri" in tool.options.values():
        loose = _by_uri(options, loose)
    if "database" in tool.options.values() and loose and is_database(loose[0]):
        options.setdefault("database", loose[0])
    if name in ("pip", "pip3", "apt", "apt-get") and not subcommand:
        subcommand = ["install"]
    password = "" if points(options.get("password", "$")) else options.pop("password")
    kept = tuple((n, "?" if SECRET.search(value) else value) for n, value in options.items())
    yield Run(" ".join((name, *subcommand)), kept, command.line, password=password)


def _by_uri(options: dict[str, str], loose: list[str]) -> list[str]:
    """Loose words behind the one that says where to connect, which goes behind each option.

    ``user:password@host:port/schema``, with or without a scheme
    (https://dev.mysql.com/doc/refman/8.4/en/connecting-using-uri-or-key-value-pairs.html).
    """
    named = options.pop("uri", "")
    if not named and loose and ("@" in loose[0] or "://" in loose[0]):
        named, loose = loose[0], loose[1:]
    text = re.sub(r"\Amysqlx?://", "", named)
    for part, value in (parts(f"mysql://{text}") or {}).items() if text else ():
        options.setdefault("database" if part == "dbname" else part, value)
    if named and not text.partition("@")[2] and "host" not in options:
        options.setdefault("host", "?")
    return loose


def _goes_on(tool: Tool, word: tuple[str, ...], loose: list[str]) -> bool:
    """Whether the next word is one more of an option that has many."""
    return bool(word) and word[0][:1] != "-" and bool(loose or word[0] not in tool.commands)


def _read(tool: Tool, rest: tuple[str, ...]) -> tuple[dict[str, str], list[str], bool]:
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
        word = apart(word, tool)
        option, equals, value = word.partition("=")
        attached = tool.options.get(word[:2]) if word[2:] and word[1] != "-" else None
        apart_ = at < len(rest) and option not in tool.attached
        if option in tool.options and (equals or apart_):
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
            doubt = not stands_alone(word, tool)
    return options, loose, lost
