"""Functions of a shell script, in the place of their calls.

The words behind a function's name are its ``$1``, ``$2`` …, ``$@``, ``$*`` and ``$#`` while it
runs (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html, 2.5.1, 2.5.2,
2.9.5). A body stands in the place of each call with these put in, where that is all that a call
does: a function that is defined once, takes its words as they come or by ``shift`` in its own
line, and sets variables of its own (``local``) or of the script, not both; and that is called
behind its definition, which no condition decides about. Any other stays where it is defined
(``shell_blocks.Part.LATER``), and nobody knows then what it is given.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from nhigraph.policy.shell_blocks import Block, Part, Path
from nhigraph.policy.shell_command import Command
from nhigraph.records import dataclass

#: Functions that call functions are followed so deep, and so many commands come of it.
_DEEPEST: Final = 6
_MOST: Final = 4_000
_LONGEST_PATH: Final = 28
#: Words that a call gives, and their length: functions may double them.
_MOST_WORDS: Final = 200
_LONGEST_WORD: Final = 20_000
_LOCAL: Final = frozenset({"local", "declare", "typeset"})
_GLOBAL: Final = frozenset(
    {
        "export",
        "readonly",
        "read",
        "mapfile",
        "readarray",
        "unset",
        "cd",
        "pushd",
        "popd",
        "source",
    }
    | {".", "eval", "trap"}
)
#: Programs that may call a function which one of their words names.
_CALLERS: Final = frozenset(
    {"bash", "dash", "eval", "find", "parallel", "sh", "trap", "watch", "xargs", "zsh"}
)
#: Programs of whose texts ``$1`` is their own.
_OWN: Final = _CALLERS | {"awk", "gawk", "mawk", "perl", "python", "python3", "sed", "ssh"}
_PUT_IN: Final = re.compile(
    r"\$(?:(?P<digit>\d)|\{(?P<number>\d+)(?:(?P<sign>:?[-+=?])(?P<text>[^{}]*))?\}"
    r"|(?P<all>[@*#])|\{(?P<braced>[@*#])\}|\{[@*]:(?P<rest>\d+)\})"
)
_NAME: Final = re.compile(r"\$(?:(\w+)|\{(\w+)\})\Z")
_NAMED: Final = re.compile(r"\$\{?([A-Za-z_]\w*)")
_SETS: Final = re.compile(r"\$\{[A-Za-z_]\w*:?=")


@dataclass(frozen=True, slots=True)
class _Function:
    """A function.

    Attributes:
        body: Its commands.
        depth: Number of parts around its body.
        at: Place of the first of them.
    """

    body: tuple[Command, ...]
    depth: int
    at: int


def called(commands: Sequence[Command], functions: set[str]) -> list[Command]:
    """Commands with what functions run in the place of their calls.

    Args:
        commands: Those of a script, calls among them.
        functions: Names of its functions.
    """
    work = _Calls(commands, functions)
    work.run(keep=functions)
    if work.spent > _MOST:
        return [one for one in commands if not one.words or one.words[0] not in functions]
    return work.run(keep=functions - work.followed | work.elsewhere)


class _Calls:
    def __init__(self, commands: Sequence[Command], functions: set[str]) -> None:
        self.commands, self.functions = commands, functions
        self.known = dict(_simple(commands))
        self.numbers = count(1 + max(b.number for one in commands for b in one.inside or _NONE))
        self.at = 0
        #: Those that run words which they are given.
        self.runs_words = {
            block.name
            for one in commands
            if one.words and _PUT_IN.match(one.words[0])
            for block in one.inside
            if block.part is Part.LATER
        }
        self.followed: set[str] = set()
        #: Those that something else may call as well.
        self.elsewhere: set[str] = set()
        self.spent = 0

    def run(self, keep: set[str]) -> list[Command]:
        """All commands; bodies of functions to ``keep`` stand where they are defined, too."""
        found: list[Command] = []
        for at, one in enumerate(self.commands):
            self.at = at
            name = next((block.name for block in one.inside if block.part is Part.LATER), "")
            if name not in self.known or name in keep:
                found += self._followed(one, 0)
        return found

    def _followed(self, command: Command, depth: int) -> Iterator[Command]:
        """A command, or what the function that it calls runs."""
        self.spent += 1
        name, *args = command.words or ("",)
        self._mentions(command)
        if name not in self.functions:
            yield command
            return
        known = self.known.get(name)
        deep = depth >= _DEEPEST or len(command.inside) > _LONGEST_PATH or self.spent > _MOST
        body = None
        told = known is not None and known.at <= self.at and _are_words(args)
        if known is not None and told and not deep and not _late(known, args):
            inner = (self._followed(one, depth + 1) for one in self._body(known, command, args))
            body = self._scoped([one for some in inner for one in some], command)
        if body is None:
            self.elsewhere.add(name)
            # The body, where it is defined, may have these; and may run its words.
            later = (*command.inside, Block(next(self.numbers), Part.LATER))
            words = tuple(args) if name in self.runs_words else ()
            if words or command.assigns:
                yield Command(words, command.assigns, command.line, command.output, later)
            return
        self.followed.add(name)
        yield from body

    def _scoped(self, body: Sequence[Command], call: Command) -> list[Command] | None:
        """What a call runs, its own variables ending with it; None where others would end, too."""
        depth = len(call.inside)
        here = [
            (at, one)
            for at, one in enumerate(body)
            if not any(block.part is Part.APART for block in one.inside[depth + 1 :])
        ]
        own, whole = set[str](), False
        for at, one in here:
            if _takes_words(one):
                return None
            own |= _own(one)
            whole = whole or _sets(one, own, given=bool(call.assigns) and at == 0)
        if not whole:
            return [*(_apart(one, depth) for one in body), *self._loops(here, own, call)]
        returns = any(one.words[:1] == ("return",) for at, one in here if at < len(body) - 1)
        return None if own or returns or call.assigns else [*body]

    def _loops(
        self, here: Sequence[tuple[int, Command]], own: set[str], call: Command
    ) -> Iterator[Command]:
        """Variables of a function's loops, which may be any of their words from then on."""
        inside = {block for _, one in here for block in one.inside[len(call.inside) :]}
        for name, words in sorted({block.each for block in inside if block.each[0]}):
            for word in words if name not in own else ():
                perhaps = (*call.inside, Block(next(self.numbers), Part.PERHAPS))
                yield Command((), ((name, word),), call.line, (), perhaps)

    def _mentions(self, command: Command) -> None:
        words = command.words
        if not words:
            return
        if words[0] in _CALLERS or words[:2] == ("export", "-f"):
            told = {part for word in words[1:] for part in re.split(r"[^\w.:-]+", word)}
        elif words[0] not in self.functions:
            told = {*words[1:]} if words[0] not in ("echo", "printf", "type") else set()
        else:
            return
        self.elsewhere |= told & self.functions

    def _body(self, function: _Function, call: Command, args: list[str]) -> Iterator[Command]:
        """What a call runs."""
        around = (*call.inside, Block(next(self.numbers), Part.HERE))
        if call.assigns:
            yield Command((), call.assigns, call.line, (), around)
        new: dict[int, int] = {}
        for one in function.body:
            if one.words[:1] == ("shift",):
                args = args[int((*one.words, "1")[1]) :]
                continue
            inside = tuple(self._block(b, new, args) for b in one.inside[function.depth + 1 :])
            yield replace(
                one,
                words=tuple(_words(one.words, args)),
                assigns=tuple((name, _text(value, args)) for name, value in one.assigns),
                output=one.output or call.output,
                inside=(*around, *inside),
            )

    def _block(self, block: Block, new: dict[int, int], args: list[str]) -> Block:
        if block.number not in new:
            new[block.number] = next(self.numbers)
        name, words = block.each
        each = (name, tuple(one for word in words for one in _put_in(word, args)))
        return replace(block, number=new[block.number], each=each)


_NONE: Final[Path] = (Block(0, Part.HERE),)


# -- functions that are followed ------------------------------------------------------------------


def _simple(commands: Sequence[Command]) -> Iterator[tuple[str, _Function]]:
    bodies: dict[int, list[Command]] = {}
    places: dict[int, int] = {}
    named: dict[str, set[int]] = {}
    for at, one in enumerate(commands):
        later = next((block for block in one.inside if block.part is Part.LATER), None)
        if later is not None:
            bodies.setdefault(later.number, []).append(one)
            places.setdefault(later.number, at)
            named.setdefault(later.name, set()).add(later.number)
    for name, numbers in named.items():
        if len(numbers) == 1:
            (number,) = numbers
            found = _function(bodies[number], number, places[number])
            if found is not None:
                yield name, found


def _function(body: Sequence[Command], number: int, at: int) -> _Function | None:
    """A function, if a call can be told; None for any other."""
    depth = [block.number for block in body[0].inside].index(number)
    for one in body:
        nested = any(block.part is Part.LATER for block in one.inside[depth + 1 :])
        shifts = one.words[:1] == ("shift",) and (
            len(one.inside) > depth + 1 or not re.fullmatch(r"\d", (*one.words, "1")[1])
        )
        if nested or shifts or _takes_words(one):
            return None
    here = all(block.part is Part.HERE for block in body[0].inside[:depth])
    return _Function(tuple(body), depth, at) if here else None


def _takes_words(command: Command) -> bool:
    """Whether it gives its function other words, or takes them one by one."""
    first, *rest = command.words or ("",)
    return first == "getopts" or (
        first == "set" and any(one[:1] not in ("-", "+") for one in rest)
    )


def _late(function: _Function, args: Sequence[str]) -> bool:
    """Whether it takes a word after a variable in that is set anew: its text was put in before."""
    named = {name for one in args for name in _NAMED.findall(one)}
    if not named:
        return False
    inside = {block.part for one in function.body for block in one.inside[function.depth + 1 :]}
    parts = [part for one in function.body for part in _parts(one)]
    again = {name for _, name in parts} if Part.LOOP in inside else set()
    for word, name in parts:
        if _PUT_IN.search(word) and named & again:
            return True
        again.add(name)
    return False


def _parts(command: Command) -> Iterator[tuple[str, str]]:
    """Words of a command in the order in which a shell looks at them, each with what it sets."""
    for block in command.inside:
        yield from ((word, block.each[0]) for word in block.each[1])
    for name, word in command.assigns:
        yield word, name
    sets = command.words[:1] and command.words[0] in (_LOCAL | _GLOBAL)
    for word in command.words:
        yield word, re.split(r"[+=]", word)[0] if sets or command.words[0] == "printf" else ""


def _own(command: Command) -> set[str]:
    """Variables that a command makes its function's own."""
    words = command.words
    if not words or words[0] not in _LOCAL or "-g" in words:
        return set()
    return {word.partition("=")[0] for word in words[1:] if word[:1] != "-"}


def _sets(command: Command, own: set[str], *, given: bool) -> bool:
    """Whether a command sets a variable of the script; ``given`` are those before a call."""
    words = command.words
    if not words:
        return not given and any(name not in own for name, _ in command.assigns)
    everybodys = words[0] in _GLOBAL or (words[0] in _LOCAL and "-g" in words)
    return everybodys or words[:2] == ("printf", "-v") or any(map(_SETS.search, words))


def _apart(command: Command, depth: int) -> Command:
    inside = command.inside
    own = replace(inside[depth], part=Part.APART)
    return replace(command, inside=(*inside[:depth], own, *inside[depth + 1 :]))


# -- words ----------------------------------------------------------------------------------------


_LIST: Final = re.compile(r"\[[@*]\]|\$\{?[@*]")


def _are_words(args: Sequence[str]) -> bool:
    """Whether each is one word, as far as anybody can see: no list of a variable's."""
    few = len(args) <= _MOST_WORDS and sum(map(len, args)) <= _LONGEST_WORD
    return few and not any(map(_LIST.search, args))


def _words(words: Sequence[str], args: Sequence[str]) -> Iterator[str]:
    own = bool(words) and words[0].rpartition("/")[2] in _OWN
    for word in words:
        if own and re.search(r"\s", word):
            yield word
        else:
            yield from _put_in(word, args)


def _put_in(word: str, args: Sequence[str]) -> Sequence[str]:
    """The words that one comes to."""
    whole = _PUT_IN.fullmatch(word)
    if whole is not None and whole["rest"]:
        return args[max(int(whole["rest"]), 1) - 1 :]
    if whole is not None and (whole["all"] or whole["braced"]) in ("@", "*"):
        return args
    return (_text(word, args),)


def _text(word: str, args: Sequence[str]) -> str:
    return _PUT_IN.sub(lambda found: _one(found, args), word) if "$" in word else word


def _one(found: re.Match[str], args: Sequence[str]) -> str:
    if found["rest"]:
        return " ".join(args[max(int(found["rest"]), 1) - 1 :])
    every = found["all"] or found["braced"]
    if every:
        return str(len(args)) if every == "#" else " ".join(args)
    number = int(found["digit"] or found["number"])
    if number == 0:
        return found[0]
    return _or_else(
        args[number - 1] if number <= len(args) else "",
        (found["sign"] or "")[-1:],
        found["text"] or "",
    )


def _or_else(given: str, sign: str, instead: str) -> str:
    """A word that is given, or what an expansion says where it is, or is not."""
    if sign == "+":
        return instead if given else ""
    if sign not in ("-", "="):
        return given
    # A variable may be empty itself.
    variable = _NAME.match(given)
    named = f"${{{variable[1] or variable[2]}:-{instead}}}" if variable else given
    return named or instead
