"""Commands whose words are in variables: ``$ARGS``, ``"${ARGS[@]}"``, ``$DBT build``.

Where a script or what stands around it says what such a variable holds, and that is several words,
an option or the command itself, these words stand in its place, as a shell puts them there
(https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html, 2.6.5; quotes in a
value are no quotes, but of an array each member was one word). What may hold one of several texts
gives a command for each. Any other variable stays a word.
"""

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod
from typing import Final

from nhigraph.policy.scripts.flow import Flow
from nhigraph.policy.scripts.known import (
    BARE_INSTALLERS,
    HARMLESS,
    INTERPRETERS,
    TARGETED,
    TOOLS,
)
from nhigraph.policy.scripts.states import written
from nhigraph.policy.scripts.wrappers import STARTERS
from nhigraph.policy.shell import SUBSTITUTED, Command

Texts = frozenset[str]

_WHOLE: Final = re.compile(r"\$(?:(\w+)|\{(\w+)(?:\[[@*]\])?\})\Z")
_NAMED: Final = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_PROGRAMS: Final = frozenset(
    {*TOOLS, *BARE_INSTALLERS, *HARMLESS, *INTERPRETERS, *TARGETED, *STARTERS}
)
#: Words that stand in the place of a variable that is set, or is not.
_INSTEAD: Final = re.compile(r"\$\{(\w+):?(?P<sign>[-+])(?P<words>.*)\}\Z", re.DOTALL)
#: An option, or several words; not a connection text, which quotes keep together.
_WORDS: Final = re.compile(r"-|[\w./-]+\s+\S")
_UNKNOWN: Final = frozenset({SUBSTITUTED})
_NOTHING: Final = frozenset({""})
#: Texts that one variable is told to be, and commands that one command is told to be.
_MOST: Final = 16


def expanded(commands: Sequence[Command], around: Mapping[str, Iterable[str]]) -> list[Command]:
    """The commands, words of variables put in.

    Args:
        commands: Those of a script.
        around: Texts that variables may be before it; what is not known is left out.
    """
    words = [word for command in commands for word in command.words if word[:1] == "$"]
    if not any(_WHOLE.match(word) or _INSTEAD.match(word) for word in words):
        return [*commands]
    outer = {name: frozenset(texts) for name, texts in around.items()}
    states = Flow(commands, outer, _writes, _any_of).states
    return [
        one
        for command, state in zip(commands, states, strict=True)
        for one in _each(command, state)
    ]


def _any_of(values: Iterable[Texts]) -> Texts:
    found = frozenset[str]().union(*values)
    return found if len(found) <= _MOST else _UNKNOWN


def _writes(
    command: Command, env: Mapping[str, Texts]
) -> tuple[Mapping[str, Texts], Mapping[str, Texts | None]]:
    """What a command sets for what follows: its own words are put in before that."""
    after: dict[str, Texts | None] = {}
    for name, word, alone in written(command):
        if not alone:
            after[name] = _NOTHING if word is None else _texts(word, env)
    return {}, after


def _texts(word: str, env: Mapping[str, Texts]) -> Texts:
    """All that a word may come to."""
    names = [found[1] or found[2] for found in _NAMED.finditer(word)]
    known = [env.get(name, _UNKNOWN) for name in names]
    if "$" in _NAMED.sub("", word) or any(SUBSTITUTED in text for one in known for text in one):
        return _UNKNOWN
    found: set[str] = set()
    for texts in product(*known):
        filled = iter(texts)
        found.add(_NAMED.sub(lambda _, filled=filled: next(filled), word))  # type: ignore[misc] # bound here
        if len(found) > _MOST:
            return _UNKNOWN
    return frozenset(found)


def _each(command: Command, env: Mapping[str, Texts]) -> Iterator[Command]:
    """The command, or one for each text that its variables hold."""
    ways = [_put_in(at, word, env) for at, word in enumerate(command.words)]
    if prod(map(len, ways)) > _MOST or all(
        way == [(word,)] for way, word in zip(ways, command.words, strict=True)
    ):
        yield command
        return
    for words in product(*ways):
        yield replace(command, words=tuple(one for some in words for one in some))


def _put_in(at: int, word: str, env: Mapping[str, Texts]) -> list[tuple[str, ...]]:
    """Words that stand in the place of one, for each text that it may be."""
    if (instead := _INSTEAD.match(word)) and _WORDS.match(instead["words"]):
        return _stands(instead, env.get(instead[1]))
    whole = _WHOLE.match(word)
    texts = sorted(text.strip() for text in env.get(whole[1] or whole[2], ())) if whole else []
    if not any(texts) or any(SUBSTITUTED in text for text in texts):
        return [(word,)]
    if at > 0 and not all(_WORDS.match(text) for text in texts if text):
        return [(word,)]
    ways = [_split(text) for text in texts]
    # A text of a variable is told as a program only where it is one: it may be a secret.
    if at == 0 and not all(_is_program(way[0]) for way in ways if way):
        return [(word,)]
    return ways


def _is_program(word: str) -> bool:
    return word.startswith(("./", "../", "/")) or posixpath.basename(word) in _PROGRAMS


def _stands(instead: re.Match[str], texts: Texts | None) -> list[tuple[str, ...]]:
    """What an expansion comes to that has words for a variable that is, or is not, set."""
    known = texts if texts and not any(SUBSTITUTED in text for text in texts) else None
    words = _split(instead["words"])
    if instead["sign"] == "-":
        own = [_split(text) if text else words for text in sorted(known or ("",))]
        return [*dict.fromkeys(own)]
    perhaps = known is None or not all(known)
    return [*([words] if known is None or any(known) else []), *([()] if perhaps else [])]


def _split(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError:  # a quote that nothing closes
        return tuple(text.split())
