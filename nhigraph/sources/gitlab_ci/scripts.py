"""What a job's scripts run, with which variables.

``before_script`` and ``script`` are one shell, ``after_script`` another that has none of what the
first set (https://docs.gitlab.com/ci/yaml/script/); ``hooks:pre_get_sources_script`` is one more.
Of ``run`` each step is read that is a script; one that uses a function of elsewhere is a gap.
"""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import accumulate

from nhigraph.facts import ends
from nhigraph.facts.ends import End, Work
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gap
from nhigraph.facts.values import (
    Connection,
    Input,
    Local,
    Named,
    Ref,
    Secret,
    Value,
    Variable,
    Within,
)
from nhigraph.ingest.literals import is_secret
from nhigraph.policy import clients, shell
from nhigraph.policy.scripts import connection_text, tools, typed
from nhigraph.policy.scripts.coordinates import is_coordinate
from nhigraph.policy.scripts.expand import expanded
from nhigraph.policy.scripts.states import SAYS, States, written
from nhigraph.policy.scripts.wrappers import unwrapped
from nhigraph.policy.shell import Command
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.sources.gitlab_ci.model import Job
from nhigraph.sources.gitlab_ci.tree import Part, Place, flat
from nhigraph.sources.gitlab_ci.variables import Reader, names_in

#: Stands for the variable where a connection text is typed into a command.
_TYPED = ""
_ASSIGNED = re.compile(
    r"(?:^|[\s;&|(])(\w+)\+?=(\S*)|\bfor\s+(\w+)\s+in\b|\bread\s+(?:-\w+\s+)*(\w+)"
)
_FUNCTION = "a step is a function that is in no file of the project: what it runs is not known"


@dataclass
class Script:
    """Lines that one shell runs.

    Attributes:
        step: Its number.
        lines: The lines, each where it is written.
        commands: Commands of it.
        runs: What these run.
        env: Variables that its shell has beside the job's, at any command.
        own: By run, those of its command that differ.
    """

    step: int
    lines: tuple[Part, ...]
    commands: tuple[Command, ...] = ()
    runs: tuple[tools.Run, ...] = ()
    env: dict[str, Value] = field(default_factory=dict)
    own: list[Named] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(one.text for one in self.lines)

    def place(self, line: int) -> Place:
        """Where a line of the text is written."""
        starts = [0, *accumulate(one.text.count("\n") + 1 for one in self.lines)]
        at = min(bisect_right(starts, line) - 1, len(self.lines) - 1)
        return self.lines[at].place

    def evidence(self, line: int) -> Evidence:
        """The same as evidence; the line of the file where the text stands there as it is."""
        return self.place(line).evidence()


def scripts(job: Job) -> Iterator[Script | Gap]:
    """The job's scripts."""
    main = (*flat(job.get("before_script")), *flat(job.get("script")))
    if main:
        yield _read(job, Script(0, main))
    for number, part in ((1, job.get("after_script")), (2, job.get("hooks"))):
        lines = (*flat(part.get("pre_get_sources_script") if number > 1 else part),)
        if lines:
            yield _read(job, Script(number, lines))
    for number, one in enumerate(job.get("run").items, 3):
        if one.get("script").text:
            yield _read(job, Script(number, (one.get("script"),)))
        else:
            yield Gap(job.key, _FUNCTION, one.place.evidence(), (State.CONTROL,))


def _read(job: Job, script: Script) -> Script:
    around = {
        name: [part.text for part in parts]
        for name, parts in job.variables.items()
        if job.is_raw(name) or not any("$" in part.text for part in parts)
    }
    script.commands = tuple(expanded(shell.commands(script.text), around))
    script.runs = tuple(tools.runs(script.commands))
    return script


def told(job: Job, found: Iterable[Script], more: Iterable[str] = ()) -> frozenset[str]:
    """Variables that tools take for user, database, host, folder or target, or are made of.

    Args:
        job: The job.
        found: Its scripts.
        more: Further ones that are asked for.
    """
    made: dict[str, set[str]] = {}
    for name, parts in job.variables.items():
        for part in parts if not job.is_raw(name) else ():
            made.setdefault(name, set()).update(names_in(part.text))
    names = set(more)
    for script in found:
        for run in script.runs:
            words = [word for option, word in run.options if option != "password"]
            names.update(one for word in words for one in names_in(word))
        for command in script.commands:
            for name, word, _ in written(command):
                made.setdefault(name, set()).update(names_in(word or ""))
    waiting = [*names, *filter(is_coordinate, made)]
    while waiting:
        others = made.get(waiting.pop(), set()) - names
        names |= others
        waiting += others
    return frozenset(names)


def given_as_password(job: Job, found: Sequence[Script]) -> frozenset[str]:
    """Variables that somebody is given as a password, whatever they are called.

    By a client's option, in a connection text, or under a name that says so; and what a variable
    of the file or the script that is given so is made of.
    """
    stated = [
        (name, part.text)
        for name, parts in job.variables.items()
        for part in parts
        if not job.is_raw(name)
    ]
    stated += [
        (name, word)
        for script in found
        for command in script.commands
        for name, word, _ in written(command)
        if word is not None
    ]
    names: set[str] = set()
    for text in _passwords(found, stated):
        names.update(names_in(text))
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        made_of = {one for own, text in stated if own == name for one in names_in(text)} - names
        names |= made_of
        waiting += made_of
    return frozenset(names)


def _passwords(found: Iterable[Script], stated: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Texts that are handed over as a password, of scripts and of variables."""
    for script in found:
        for run in script.runs:
            yield from (word for option, word in run.options if option == "password")
        for command in script.commands:
            yield from map(_password_in, command.words)
    for name, text in stated:
        yield _password_in(text) or (text if is_secret(name) else "")


def _password_in(text: str) -> str:
    """The password of a connection text; empty for any other text."""
    return (connection_text.parts(text.strip()) or {}).get("password", "")


def assigned(found: Iterable[Script]) -> frozenset[str]:
    """Variables that scripts set themselves, and not from what they had before."""
    names: set[str] = set()
    for script in found:
        for one in _ASSIGNED.finditer(script.text):
            name = one[1] or one[3] or one[4]
            if name not in names_in(one[2] or ""):
                names.add(name)
    return frozenset(names)


def read(reader: Reader, script: Script) -> None:
    """Find what the shell has: what it sets, connection texts, passwords that clients are told."""

    def reads(command: Command, name: str, word: str, env: Named) -> Value:
        return reader.word(word, name, script.place(command.line), env)

    states = States(script.commands, {}, reads, reader.of_job)
    env = dict(states.used())
    script.own = [states.own(run.at, env) for run in script.runs]
    for name in names_in(script.text):
        if name not in env:
            reader.named(name, _first(script, name))
    typed_in = tuple(dict.fromkeys(_typed(reader, script, env)))
    if typed_in:
        env[_TYPED] = typed_in
    env |= _unnamed(reader, script, env)
    script.env = env


def _first(script: Script, name: str) -> Place:
    """The first line that names a variable."""
    return next(one.place for one in script.lines if name in names_in(one.text))


def _typed(reader: Reader, script: Script, env: dict[str, Value]) -> Iterator[Ref]:
    """Keep passwords that are typed into commands; connection texts among their words."""
    for command in script.commands:
        words = unwrapped(command.words)
        if not words or words[0] in SAYS:
            continue
        name, place = posixpath.basename(words[0]), script.place(command.line)
        for value in typed.passwords(words, is_secret):
            reader.literals(place.doc).password(name, value, place.at)
        for word in words[1:]:
            if told := connection_text.of_word(word):
                refs = reader.word(told, name, place, env)
                yield from (one for one in refs if isinstance(one, Connection))


def _unnamed(reader: Reader, script: Script, env: dict[str, Value]) -> dict[str, Value]:
    """What clients may be told by variables that no file names."""
    found: dict[str, Value] = {}
    for run in script.runs:
        given = {name for name, _ in run.options} | ({"password"} if run.password else set())
        if run.name not in clients.PLACES or "connection" in given:
            continue
        for option, name in clients.PLACES[run.name].items():
            if option != "port" and option not in given and not _has(reader, env, name):
                found[name] = (Variable(name),)
        name = clients.PASSWORDS[run.name]
        if not given & {"password", "defaults"} and not _has(reader, env, name, "PGPASSFILE"):
            found[name] = (Secret(reader.holder(name)),)
            reader.unnamed.setdefault(name, script.place(run.line))
    return found


def _has(reader: Reader, env: dict[str, Value], *names: str) -> bool:
    own = (*env, *reader.job.variables, *reader.handed)
    return any(name in own for name in names)


def said(reader: Reader, found: Sequence[Script], variables: dict[str, Value]) -> Iterator[End]:
    """What each script has, and what it runs."""
    key, place = reader.job.key, reader.job.place
    for script in found:
        env = {**variables, **script.env}
        if env:
            yield ends.Step(key, place, step=script.step, env=env)
        for run, own in zip(script.runs, script.own, strict=True):
            options = dict(_options(reader, script, run, {**env, **own}))
            yield Work(
                key,
                script.evidence(run.line).quoting(run.quoted(script.text)),
                program=run.name,
                opaque=run.opaque,
                step=script.step,
                options=options,
                env=own,
            )


def _options(
    reader: Reader, script: Script, run: tools.Run, env: Mapping[str, Value]
) -> Iterator[tuple[str, Value]]:
    place = script.place(run.line)
    for name, word in run.options:
        value = reader.option(word, place, env, secret=name == "password")
        if name != "password" or isinstance(value[0], Input | Local | Secret | Within):
            yield name, value
    known = None
    if run.password:
        known = reader.literals(place.doc).password(run.name, run.password, place.at)
    if known:
        yield "password", (Secret(known),)
