"""Parts of a shell script that may run or not, run instead of others, or run apart.

Which parts these are its grammar says (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/
V3_chap02.html, 2.9.3 to 2.9.5): branches of ``if`` and ``case``, bodies of loops and functions,
what stands behind ``&&`` and ``||``, subshells and parts of pipelines, whose variables end with
them.
"""

from collections.abc import Sequence
from enum import Enum
from itertools import count
from typing import Final

from nhigraph.records import dataclass


class Part(Enum):
    """What a part of a script is."""

    TEST = "a condition, which runs before the branch that it decides about"
    BRANCH = "one branch of several"
    REST = "the branch that runs where no other does"
    LOOP = "the body of a loop"
    PERHAPS = "what runs after another command went well, or did not"
    APART = "a subshell: what it sets ends with it"
    LATER = "the body of a function"
    HERE = "commands in braces"


@dataclass(frozen=True, slots=True)
class Block:
    """One part.

    Attributes:
        number: Of what it is a part of; of one script, each has its own.
        part: What it is.
        branch: Its place among the branches.
        falls: Whether the branch before goes on into this one.
        name: Of a function's body, its name.
        each: Of ``for``, the variable and the words it is.
    """

    number: int
    part: Part
    branch: int = 0
    each: tuple[str, tuple[str, ...]] = ("", ())
    falls: bool = False
    name: str = ""


Path = tuple[Block, ...]
#: Deeper than anybody writes; what lies deeper is taken for what lies here.
_DEEPEST = 32
#: Commands that go well, as far as what follows by ``&&`` is concerned.
_GO_WELL: Final = frozenset(
    {
        *(".", ":", "cd", "chmod", "cp", "declare", "echo", "export", "local", "mkdir", "mv"),
        *("popd", "printf", "pushd", "readonly", "rm", "set", "shopt", "sleep", "source"),
        *("touch", "true", "typeset", "umask", "unset"),
    }
)


class _Frame:
    """What is open: its part, and the list of commands that is read in it."""

    def __init__(self, kind: str, path: Path) -> None:
        self.kind = kind
        self.outer = path
        self.own: Path = ()
        self.chain: Path = ()
        self.piped: Path = ()
        self.either = False
        self.falls = False


class Blocks:
    """Follows which part of a script is read."""

    def __init__(self, inside: Path = (), numbers: "count[int] | None" = None) -> None:
        """Start with what the whole script is a part of, and how many parts there were."""
        self.numbers = count() if numbers is None else numbers
        self._open = [_Frame("", inside)]
        self._function = ""

    @property
    def path(self) -> Path:
        """Parts that a command which stands here is in, the outermost first."""
        top = self._open[-1]
        return (*top.outer, *top.own, *top.chain, *top.piped)[:_DEEPEST]

    def _push(
        self, kind: str, part: Part, each: tuple[str, tuple[str, ...]] = ("", ()), name: str = ""
    ) -> None:
        frame = _Frame(kind, self.path)
        frame.own = (Block(next(self.numbers), part, 0, each, name=name),)
        self._open.append(frame)

    def open(self, kind: str, words: Sequence[str] = ()) -> None:
        """A word or mark that opens something; ``words`` are those behind ``for``."""
        part = {"if": Part.TEST, "case": Part.BRANCH, "(": Part.APART, "{": Part.HERE}.get(kind)
        name, self._function = self._function, ""
        if kind in ("(", "{") and name:
            self._push(kind, Part.LATER, name=name)
            return
        if kind in ("for", "select") and words:
            self._push("loop", Part.LOOP, (words[0], tuple(words[2:])))
        elif part is None:
            self._push("loop", Part.LOOP)
        else:
            self._push(kind, part)

    def function(self, name: str) -> None:
        """The name of a function was read: what opens next is its body."""
        self._function = name

    def branch(self, kind: str, part: Part) -> bool:
        """The next branch of what is open; False where that has none."""
        top = self._open[-1]
        if top.kind != kind:
            return False
        (own,) = top.own
        top.own = (Block(own.number, part, own.branch + 1, falls=top.falls),)
        top.falls = False
        self._rest(top)
        return True

    def fall(self) -> None:
        """The branch that is read goes on into the next one."""
        self._open[-1].falls = True

    @staticmethod
    def _rest(top: _Frame) -> None:
        top.chain, top.piped, top.either = (), (), False

    def close(self, kind: str) -> int | None:
        """The end of what was opened, and of all in it that was not ended; the part's number."""
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].kind == kind:
                (own,) = self._open[at].own
                del self._open[at:]
                return own.number
        return None

    def is_in(self, kind: str) -> bool:
        """Whether the innermost that is open is of a kind."""
        return self._open[-1].kind == kind

    def encloses(self, kind: str) -> bool:
        """Whether anything that is open is of a kind."""
        return any(one.kind == kind for one in self._open)

    def apart(self) -> "Blocks":
        """The parts of a substitution that stands here."""
        path = (*self.path, Block(next(self.numbers), Part.APART))
        return Blocks(path[:_DEEPEST], self.numbers)

    def after(self, mark: str, words: Sequence[str], *, simple: bool) -> None:
        """A command ended by a mark; whether it is a simple one, and its words."""
        top = self._open[-1]
        if mark in ("|", "|&"):
            top.piped = top.piped or (Block(next(self.numbers), Part.APART),)
            return
        top.piped = ()
        if mark not in ("&&", "||"):
            self._rest(top)
            return
        well = simple and (not words or words[0] in _GO_WELL)
        if mark == "||" or top.either or not (well or top.chain):
            top.chain = (Block(next(self.numbers), Part.PERHAPS),)
        top.either = top.either or mark == "||"
