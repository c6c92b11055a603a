"""What the steps of a job or composite action run, with which variables."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from nhigraph.errors import InputError
from nhigraph.facts import ends
from nhigraph.facts.ends import End, Work
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.values import (
    UNSET,
    Connection,
    Input,
    Local,
    Named,
    Ref,
    Secret,
    Value,
    Within,
    any_of,
)
from nhigraph.ingest.document import Document, pointer_text
from nhigraph.ingest.literals import is_secret
from nhigraph.policy import clouds, shell
from nhigraph.policy.scripts import files, tools, typed
from nhigraph.policy.scripts.connection_text import of_word
from nhigraph.policy.scripts.coordinates import is_coordinate, is_input_coordinate
from nhigraph.policy.scripts.expand import expanded
from nhigraph.policy.scripts.states import SAYS, States, written
from nhigraph.policy.scripts.windows import as_unix
from nhigraph.policy.scripts.wrappers import unwrapped
from nhigraph.policy.shell import Command
from nhigraph.records import dataclass
from nhigraph.sources.github_actions.model import Pointer, Step
from nhigraph.sources.github_actions.shape import mapping, text
from nhigraph.sources.github_actions.values import (
    Reader,
    Script,
    env_names,
    script,
    variable,
)

#: Shells whose scripts are read; another one's script is a program of unknown content.
_SHELLS = re.compile(r"(?P<windows>pwsh|powershell|cmd)(?:\s|\Z)|(?:bash|sh)(?:\s|\Z)")
#: Clients whose own options say where a connection text leads.
_LIBPQ = frozenset({"psql", "pg_dump", "pg_restore"})
#: Names of the files for variables, and for outputs of the step.
_ENV, _OUTPUT = "GITHUB_ENV", "GITHUB_OUTPUT"
#: Stands for the variable where a connection text is typed into a command.
_TYPED = ""
_MOST_VARIABLES = 200_000
_LITERAL_BLOCK = re.compile(r"run\s*:\s*\|")


@dataclass(frozen=True, slots=True)
class StepReading:
    """One step, read.

    Attributes:
        step: The step.
        env: Its variables and where their values come from; those of a script at any command.
        script: Its script without expressions.
        commands: Commands of the script.
        runs: What these run, each with its own variables as far as these differ.
        line: Line of the document on which the script starts; 0 where it has none.
        later: Variables that the steps behind it have.
    """

    step: Step
    env: Named
    script: Script
    commands: tuple[Command, ...] = ()
    runs: tuple[tuple[tools.Run, Named], ...] = ()
    line: int = 0
    later: Named = field(default_factory=dict)


def layered(
    reader: Reader, outer: Named, variables: Mapping[str, object], at: Pointer
) -> dict[str, Value]:
    """Variables of one level, which stand at a place, over those of the levels around it."""
    found = dict(outer)
    for name, value in variables.items():
        found[name] = reader.refs(value, outer, name, (*at, name))
    return found


@dataclass(frozen=True, slots=True)
class Source:
    """Where steps stand.

    Attributes:
        doc: The document.
        lines: Its lines.
        reader: Reads values.
        directory: Working directory where a step names none.
        shell: Shell where a step names none; empty for one of Unix.
        around: Texts of the variables that they have from outside; for looking, never to keep.
    """

    doc: Document
    lines: Sequence[str]
    reader: Reader
    directory: str = ""
    shell: str = ""
    around: Mapping[str, str] = field(default_factory=dict, repr=False)


#: Tools whose options say where they work, as a quick look at a script finds them.
_PLACED = re.compile(r"\b(?:dbt|psql|pg_dump|pg_restore|(?:mysql|mariadb)(?:-?\w+)?)\b")


#: A variable that is set to what another one is, as a quick look finds it.
_HANDED_ON = re.compile(r"\b(\w+)=[\"']?\$")


def told(
    steps: Iterable[Step], *levels: Mapping[str, object], asked: Iterable[str] = ()
) -> frozenset[str]:
    """Variables that tools take for user, database, host, folder or target, or are made of.

    Args:
        steps: The steps.
        levels: Variables of the levels around them.
        asked: Texts that others take for such.
    """
    found = {one for written_out in asked for one in env_names(written_out)}
    made: dict[str, set[str]] = {}
    for level in levels:
        _made_of(level, made)
    for step in steps:
        _made_of(step.env, made)
        login = clouds.ACTIONS.get(step.uses.partition("@")[0].lower())
        whom = login.identity if login is not None else ""
        given = [
            value
            for name, value in step.inputs.items()
            if is_input_coordinate(name) or name.lower() == whom
        ]
        found |= {one for value in given for one in env_names(text(value))}
        if "$" not in step.run:
            continue
        placed = _PLACED.search(step.run)
        leaves = _OUTPUT in step.run
        if not placed and not leaves and not any(map(is_coordinate, _HANDED_ON.findall(step.run))):
            continue
        around = {name: (one,) for name, one in texts_of({}, step.env).items()}
        taken = script(step.run)
        # Whichever shell it is: in one of Unix nothing looks like PowerShell's variables.
        commands = expanded(shell.commands(as_unix(taken.text, "pwsh")), around)
        set_here = [(name, word) for one in commands for name, word, _ in written(one) if word]
        left = [(name, word) for _, name, word in files.lines(commands, _ENV)]
        for name, word in (*set_here, *left):
            made.setdefault(name, set()).update(_in_word(word, taken))
        for _, _, word in files.lines(commands, _OUTPUT) if leaves else ():
            found |= _in_word(word, taken)
        for run in tools.runs(commands) if placed else ():
            words = [word for name, word in run.options if name != "password"]
            found |= {name for word in words for name in _in_word(word, taken)}
    waiting = [*found, *filter(is_coordinate, made)]
    while waiting:
        more = made.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return frozenset(found)


def _made_of(level: Mapping[str, object], made: dict[str, set[str]]) -> None:
    """Add what variables of a level are made of."""
    for name, value in level.items():
        made.setdefault(name, set()).update(env_names(text(value)))


def _in_word(word: str, taken: Script) -> set[str]:
    """Variables in a word of a script: the one that it is, and those of its expressions."""
    return {*filter(None, [variable(word)]), *env_names(taken.filled(word))}


def read(source: Source, steps: Sequence[Step], outer: Named) -> list[StepReading]:
    """Read the steps in order; what one writes to ``GITHUB_ENV`` the next ones have.

    Raises:
        InputError: More variables, over all steps, than are read.
    """
    found: list[StepReading] = []
    total = 0
    for step in steps:
        env = layered(source.reader, outer, step.env, (*step.at, "env"))
        total += len(env)
        if total > _MOST_VARIABLES:
            place = pointer_text(step.at)
            problem = f"more than {_MOST_VARIABLES} variables over all steps"
            raise InputError(source.doc.artifact, place, problem)
        if not step.run:
            found.append(StepReading(step, env, script("")))
            continue
        reading = _script_step(source, step, env, outer)
        found.append(reading)
        outer = reading.later
    return found


def texts_of(outer: Mapping[str, str], *levels: Mapping[str, object]) -> dict[str, str]:
    """Texts of variables that levels write out, the innermost last."""
    found = dict(outer)
    for level in levels:
        for name, value in level.items():
            found.pop(name, None)
            written_out = text(value)
            if written_out and "${{" not in written_out:
                found[name] = written_out
    return found


def _script_step(source: Source, step: Step, env: dict[str, Value], outer: Named) -> StepReading:
    """A step with a script; ``outer`` are the variables that the steps around it have."""
    lines, reader = source.lines, source.reader
    taken = script(step.run)
    line = source.doc.at(*step.at, "run", excerpt=False).line
    declared = text(step.body.get("shell")) or source.shell
    if declared and not _SHELLS.match(declared):
        name = declared.split()[0] if declared.split() else "?"
        shown = name if re.fullmatch(r"[\w.-]+", name) else "?"
        opaque = tools.Run(shown, (), 0, opaque=True)
        return StepReading(step, env, taken, (), ((opaque, {}),), line, outer)
    if 0 < line <= len(lines) and _LITERAL_BLOCK.search(lines[line - 1]):
        line += 1
    around = {name: (one,) for name, one in texts_of(source.around, step.env).items()}
    known = _SHELLS.match(declared)
    other = known["windows"] if known else ""
    readable = as_unix(taken.text, other) if other else taken.text
    commands = expanded(shell.commands(readable), around)
    at = (*step.at, "run")

    def reads(_: Command, name: str, word: str, env: Named) -> Value:
        return reader.word(word, taken, env, name, at)

    states = States(commands, env, reads)
    env = dict(states.used())
    stated = _typed(reader, step, commands, env)
    if stated:
        env[_TYPED] = stated
    here = text(step.body.get("working-directory")) or source.directory
    here = posixpath.normpath(here) if here and "${{" not in here else ("?" if here else "")
    runs = tuple(tools.runs(commands, "" if here == "." else here))
    if other and any(run.opaque for run in runs):
        # Words of another language: what is a known tool is said, the rest is the shell's.
        rest = tools.Run(other, (), 0, opaque=True)
        runs = (*(run for run in runs if not run.opaque), rest)
    told = tuple((run, states.own(run.at, env) if run.at else {}) for run in runs)
    later = _later(step, outer, files.left(commands, states, reads, _ENV, outer))

    def says(_: Command, name: str, word: str, env: Named) -> Value:
        return reader.output(word, taken, env, name, at)

    outputs = files.left(commands, states, says, _OUTPUT, {})
    number = text(step.body.get("id")).lower()
    # Of a step that is left out an output is empty.
    perhaps = [UNSET] if step.body.get("if") else []
    reader.outputs.update(
        {(number, name.lower()): any_of([one, *perhaps]) for name, one in outputs.items()}
    )
    return StepReading(step, env, taken, tuple(commands), told, line, later)


def _later(step: Step, outer: Named, end: Named) -> Named:
    """Variables behind a step: all that they may be, where it may not run."""
    if end is outer or not step.body.get("if"):
        return end
    return {
        name: value if outer.get(name) == value else any_of([outer.get(name, UNSET), value])
        for name, value in end.items()
    }


def _typed(reader: Reader, step: Step, commands: Sequence[Command], env: Named) -> Value:
    """Keep passwords that are typed into commands; connection texts among their words."""
    found: list[Ref] = []
    at = (*step.at, "run")
    taken = script(step.run)
    for command in commands:
        words = unwrapped(command.words)
        if not words or words[0] in SAYS:
            continue
        name = posixpath.basename(words[0])
        for value in typed.passwords(words, is_secret):
            reader.literals.password(name, value, at)
        for word in words[1:]:
            if told := of_word(word):
                refs = reader.word(told, taken, env, name, at)
                found += refs if name not in _LIBPQ else ()
    return tuple(dict.fromkeys(ref for ref in found if isinstance(ref, Connection)))


def default_of(name: str, *levels: Mapping[str, object]) -> str:
    """``defaults.run.NAME`` of the innermost level that has one."""
    for level in levels:
        found = text(mapping(mapping(level.get("defaults")).get("run")).get(name))
        if found:
            return found
    return ""


def said(
    reader: Reader, readings: Iterable[StepReading], key: str, place: Evidence
) -> Iterator[End]:
    """What each step has, and what it runs; of the job or action with that key."""
    for reading in readings:
        step = reading.step
        env = reading.env if step.run or step.uses else {}
        given = {
            name.lower(): reader.given(value, reading.env, name, (*step.at, "with", name))
            for name, value in step.inputs.items()
        }
        if env or given:
            yield ends.Step(key, place, step=step.index, env=dict(env), given=given)
        for run, own in reading.runs:
            # A file of one line has no line for a command of it.
            line = reading.line and reading.line + run.line
            at = place.at_line(line, run.quoted(reading.script.text))
            env = {**reading.env, **own} if own else reading.env
            options = dict(_options(reader, reading, run, env))
            yield Work(
                key,
                at,
                program=run.name,
                opaque=run.opaque,
                step=step.index,
                options=options,
                env=own,
            )


def _options(
    reader: Reader, reading: StepReading, run: tools.Run, env: Named
) -> Iterator[tuple[str, Value]]:
    for name, word in run.options:
        value = reader.option(word, reading.script, env, secret=name == "password")
        if name != "password" or isinstance(value[0], Input | Local | Secret | Within):
            yield name, value
    at = (*reading.step.at, "run")
    known = reader.literals.password(run.name, run.password, at) if run.password else None
    if known:
        yield "password", (Secret(known),)
