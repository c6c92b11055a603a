"""What the variables of a shell script may be where its commands run, those of ``bash -c`` too."""

import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from nhigraph.facts.values import UNKNOWN, UNSET, Literal, Named, Value, any_of
from nhigraph.policy.scripts.flow import Flow
from nhigraph.policy.scripts.tools import inside
from nhigraph.policy.scripts.wrappers import handed
from nhigraph.policy.shell import SUBSTITUTED, Command

#: Where a word of a command, given to a variable, comes from in an environment.
Reads = Callable[[Command, str, str, Named], Value]
#: Commands whose words are names, some with values.
DECLARE: Final = frozenset({"declare", "export", "local", "readonly", "typeset"})
#: Commands that connect nowhere with what they print or set.
SAYS: Final = DECLARE | {"echo", "env", "printf"}
#: Commands that fill variables with what no file shows.
_FILL: Final = frozenset({"getopts", "mapfile", "read", "readarray"})
#: Texts that a variable is told to be; with more, it may be any.
_MOST: Final = 64
#: Variables that commands of one script have of their own, all together.
_MOST_OWN: Final = 20_000
_NAME: Final = re.compile(r"[A-Za-z_]\w*\Z")
#: An expansion that sets its variable where that is not set.
_SETS: Final = re.compile(r"\$\{([A-Za-z_]\w*):?=[^{}]*\}")


def written(command: Command) -> Iterator[tuple[str, str | None, bool]]:
    """Names that a command sets, their words, and whether for itself alone; None unsets."""
    words = command.words
    for name, word in command.assigns:
        yield name, word, bool(words)
    for word in (*words, *(word for _, word in command.assigns)):
        yield from ((found[1], found[0], False) for found in _SETS.finditer(word))
    yield from ((name, word, True) for name, word in handed(words) if _NAME.match(name))
    verb = words[0] if words else ""
    if verb in DECLARE:
        for word in words[1:]:
            name, equals, value = word.partition("=")
            if equals and _NAME.match(name):
                yield name, value, False
    elif verb == "unset":
        yield from ((name, None, False) for name in words[1:] if _NAME.match(name))
    elif words[:2] == ("printf", "-v") and words[2:]:
        yield words[2], SUBSTITUTED, False
    elif verb in _FILL:
        yield from ((name, SUBSTITUTED, False) for name in words[1:] if _NAME.match(name))


def _any_of(values: Iterable[Value]) -> Value:
    """A value that may be any of some; of very many texts, which it is is not known."""
    found = any_of(values)
    if len(found) <= _MOST:
        return found
    return any_of([tuple(ref for ref in found if not isinstance(ref, Literal)), UNKNOWN])


class States:
    """Environments of the commands of one script.

    Attributes:
        end: That after the last.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        outer: Named,
        reads: Reads,
        missing: Callable[[str], Value | None] = lambda _: None,
    ) -> None:
        """Follow it; ``missing`` is what a variable is that the script has not set."""

        def absent(name: str) -> Value:
            known = missing(name)
            return UNSET if known is None else known

        self._commands, self._reads, self._missing = commands, reads, absent
        flow = Flow(commands, outer, self._writes, _any_of, absent)
        self._flow, self.end = flow, flow.end
        self._inner: dict[int, States] = {}
        self._said = 0

    def _writes(
        self, command: Command, env: Named
    ) -> tuple[Mapping[str, Value], Mapping[str, Value | None]]:
        own: dict[str, Value] = {}
        after: dict[str, Value | None] = {}
        new: dict[str, Value] = {}
        seen = ChainMap(new, env)  # type: ignore[arg-type] # what it falls back to is only read
        for name, word, alone in written(command):
            if word is None:
                after[name] = None
                continue
            value = self._reads(command, name, word, seen)
            new[name] = value
            if alone:
                own[name] = value
            else:
                after[name] = value
        return own, after

    def at(self, place: Sequence[int]) -> Named:
        """Variables that a command has.

        Args:
            place: Its number, then those within the shells that the commands before it start.
        """
        first, *rest = place
        env = self._flow.states[first]
        if not rest:
            return env
        if first not in self._inner:
            inner = inside(self._commands[first]) or ()
            self._inner[first] = States(inner, env, self._reads, self._missing)
        return self._inner[first].at(rest)

    def own(self, place: Sequence[int], env: Named) -> Named:
        """What of a command's variables differs from what they may be in the whole script.

        Of a script with very many of them it is nothing more: all that they may be stands.
        """
        if self._said > _MOST_OWN:
            return {}
        state = self.at(place)
        gone = {name: self._missing(name) or UNSET for name in env if name not in state}
        own = {name: value for name, value in state.items() if env.get(name) != value}
        found = {**own, **gone}
        self._said += len(found)
        return found

    def used(self) -> Named:
        """What variables may be at any command; at the end where there is none but such as set."""
        states = {
            id(state): state
            for command, state in zip(self._commands, self._flow.states, strict=True)
            if command.words and command.words[0] not in DECLARE
        }
        found: dict[str, Value] = {}
        for state in states.values() or (self.end,):
            for name, value in state.items():
                known = found.setdefault(name, value)
                if known is not value and known != value:
                    found[name] = _any_of([known, value])
        return found
