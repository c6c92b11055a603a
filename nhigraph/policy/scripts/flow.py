"""What the variables of a script may be at each of its commands.

A script runs from its first command to its last, so what is set last stands; where it may have
gone another way (``shell_blocks``), each way's value may stand. What a function sets whose calls
nobody follows (``shell_functions``) may stand from then on. A subshell's variables end with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import Final, Generic, TypeVar

from nhigraph.policy.shell import SUBSTITUTED, Command
from nhigraph.policy.shell_blocks import Block, Part

T = TypeVar("T")
#: A command, and the environment that it has: the names it sets for itself, and for what follows.
Writes = Callable[[Command, Mapping[str, T]], tuple[Mapping[str, T], Mapping[str, T | None]]]
#: Names and values of all commands together, before they are no longer told apart.
_MOST: Final = 200_000
#: Looks at all commands for what stands where they run in no order: a variable that is made of
#: another one, which is made of another one, needs one more.
_ROUNDS: Final = 8


class Flow(Generic[T]):
    """Follows the variables of one script.

    Attributes:
        states: By command, what its variables may be.
        end: What they may be after the last.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        outer: Mapping[str, T],
        writes: Writes[T],
        any_of: Callable[[Iterable[T]], T],
        missing: Callable[[str], T | None] = lambda _: None,
    ) -> None:
        """Follow it.

        Args:
            commands: Its commands, in their order.
            outer: Variables before the first one.
            writes: What a command sets, for itself and for what follows; None unsets.
            any_of: A value that may be any of several.
            missing: What a variable is that the script has not set; None for nothing: then it is
                what is set where anything is.
        """
        self._commands, self._writes = commands, writes
        self._any_of, self._missing = any_of, missing
        self._copied = 0
        self._rest: Mapping[str, T] | None = None
        self.states: list[Mapping[str, T]] = [outer] * len(commands)
        #: What functions set: nobody follows when, so it may stand from the first command on.
        self._loose: dict[str, T] = {}
        self._outer = outer
        later = [any(block.part is Part.LATER for block in one.inside) for one in commands]
        if any(later):
            said: dict[str, list[T]] = {}
            for one in compress(self._everything, later):
                for name, values in one.items():
                    said.setdefault(name, []).extend(values)
            self._loose = {name: any_of(values) for name, values in said.items()}
        self.end = self._walk(0, len(commands), 0, outer)

    @cached_property
    def _everything(self) -> list[dict[str, list[T]]]:
        """What each command may set, in whichever order they run and however often."""
        env: dict[str, T] = dict(self._outer)
        found: list[dict[str, list[T]]] = []
        for _ in range(_ROUNDS):
            found, grown, begun = [], False, set[int]()
            for command in self._commands:
                said: dict[str, list[T]] = {}
                for block in command.inside:
                    if block.number not in begun and block.each[0]:
                        said.setdefault(block.each[0], []).extend(self._words(block, env))
                    begun.add(block.number)
                for name, value in self._writes(command, env)[1].items():
                    said.setdefault(name, []).extend(() if value is None else (value,))
                for name, values in said.items():
                    wider = self._any_of([*self._was(env, name), *values]) if values else None
                    if wider is not None and env.get(name) != wider:
                        env[name], grown = wider, True
                found.append(said)
            if not grown:
                break
        return found

    def _words(self, block: Block, env: Mapping[str, T]) -> Iterator[T]:
        """What the variable of a ``for`` may be."""
        name, words = block.each
        for word in words or (SUBSTITUTED,):
            value = self._writes(Command((), ((name, word),)), env)[1].get(name)
            if value is not None:
                yield value

    def _set_in(self, start: int, stop: int) -> dict[str, list[T]]:
        found: dict[str, list[T]] = {}
        for said in self._everything[start:stop]:
            for name, values in said.items():
                if values:
                    found.setdefault(name, []).extend(values)
        return found

    def _widened(self, env: Mapping[str, T], start: int, stop: int) -> Mapping[str, T]:
        """What variables may be where commands may have run already, as often as one likes."""
        found = self._set_in(start, stop)
        self._copied += len(found)
        wider = {
            name: self._any_of([*self._was(env, name), *values]) for name, values in found.items()
        }
        return self._over(env, wider)

    def _was(self, env: Mapping[str, T], name: str) -> tuple[T, ...]:
        value = env[name] if name in env else self._missing(name)
        return () if value is None else (value,)

    def _over(self, env: Mapping[str, T], new: Mapping[str, T | None]) -> Mapping[str, T]:
        if all(name in env and env[name] == value for name, value in new.items()):
            return env
        self._copied += len(env)
        result = dict(env)
        for name, value in new.items():
            if name in self._loose:
                known = () if value is None else (value,)
                result[name] = self._any_of([*known, self._loose[name]])
            elif value is None:
                result.pop(name, None)
                for unset in self._was(result, name):
                    result[name] = unset
            else:
                result[name] = value
        return result

    def _join(self, ways: Sequence[Mapping[str, T]]) -> Mapping[str, T]:
        first, *others = ways
        if all(other is first for other in others):
            return first
        names = dict.fromkeys(name for way in ways for name in way)
        self._copied += len(names)
        found: dict[str, T] = {}
        for name in names:
            values = [value for way in ways for value in self._was(way, name)]
            same = all(value == values[0] for value in values)
            found[name] = values[0] if same else self._any_of(values)
        return found

    # -- parts ----------------------------------------------------------------------------------

    def _walk(self, start: int, stop: int, depth: int, env: Mapping[str, T]) -> Mapping[str, T]:
        at = start
        while at < stop:
            if self._copied > _MOST:
                return self._untold(at, stop, env)
            inside = self._commands[at].inside
            if len(inside) <= depth:
                env = self._command(at, env)
                at += 1
                continue
            number, after = inside[depth].number, at
            while after < stop and self._number(after, depth) == number:
                after += 1
            env = self._block(at, after, depth, env)
            at = after
        return env

    def _untold(self, start: int, stop: int, env: Mapping[str, T]) -> Mapping[str, T]:
        """Told apart no more: what is set anywhere may stand everywhere from here on."""
        if self._rest is None:
            self._rest = self._widened(env, 0, len(self._commands))
        self.states[start:stop] = [self._rest] * (stop - start)
        return self._rest

    def _number(self, at: int, depth: int) -> int:
        inside = self._commands[at].inside
        return inside[depth].number if len(inside) > depth else -1

    def _command(self, at: int, env: Mapping[str, T]) -> Mapping[str, T]:
        own, after = self._writes(self._commands[at], env)
        self.states[at] = self._over(env, own) if own else env
        return self._over(env, after) if after else env

    def _block(self, start: int, stop: int, depth: int, env: Mapping[str, T]) -> Mapping[str, T]:
        part = self._commands[start].inside[depth].part
        if part in (Part.TEST, Part.BRANCH, Part.REST):
            return self._branches(start, stop, depth, env)
        if part is Part.HERE:
            return self._walk(start, stop, depth + 1, env)
        begin = env
        if part is Part.LOOP:
            begin = self._widened(self._each(start, depth, env), start, stop)
        elif part is Part.LATER:
            begin = self._widened(env, 0, len(self._commands))
        end = self._walk(start, stop, depth + 1, begin)
        return env if part is Part.APART else self._join([env, end])

    def _each(self, start: int, depth: int, env: Mapping[str, T]) -> Mapping[str, T]:
        """The variable of a ``for`` may be any of its words."""
        block = self._commands[start].inside[depth]
        values = [*self._words(block, env)] if block.each[0] else []
        return self._over(env, {block.each[0]: self._any_of(values)}) if values else env

    def _branches(
        self, start: int, stop: int, depth: int, env: Mapping[str, T]
    ) -> Mapping[str, T]:
        ends: list[Mapping[str, T]] = []
        at, otherwise = start, True
        while at < stop:
            block, after = self._commands[at].inside[depth], at
            while after < stop and self._commands[after].inside[depth] == block:
                after += 1
            begin = self._join([env, ends[-1]]) if block.falls and ends else env
            end = self._walk(at, after, depth + 1, begin)
            if block.part is Part.TEST:
                env = end
            else:
                ends.append(end)
            otherwise = otherwise and block.part is not Part.REST
            at = after
        return self._join([*ends, env] if otherwise else ends)
