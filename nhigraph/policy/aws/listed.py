"""Resources of one type, and which of them a statement names.

Of many, only those are looked at that begin as a pattern does; what a pattern is about is found
once for all identities.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from nhigraph.policy.aws import effects, globs
from nhigraph.policy.aws.context import Context
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.matching import resource_pattern
from nhigraph.policy.aws.statements import Statement

#: Name that no listing has.
OTHER: Final = "nhigraph-any-other"
#: Bits of how a pattern is about something: about it, about any part of it, about some part.
IT, ANY, SOME = 1, 2, 4
#: How many bits a sort of parts has.
_WIDTH: Final = 2
#: Stands for a resource's own ARN.
SELF: Final = "\0self"
#: Parsed patterns, and beside each its text where not all of it is known.
_Patterns = tuple[tuple[str, str], ...]

#: How a statement is about a resource: bits, and which of its patterns are about some of its parts
#: only, or may be about it.
How = int | tuple[int, tuple[str, ...]]
#: Numbers of resources, to how a statement is about each.
Named = Mapping[int, How]


class Listed:
    """Resources of one type.

    Attributes:
        resources: They, by ARN.
        arns: Their ARNs.
        parts: Types of what lies in one of them.
    """

    def __init__(self, holder: str, resources: list[Resource]) -> None:
        """Resources of a type."""
        self.resources = sorted(resources, key=lambda one: one.arn)
        self.arns = [one.arn for one in self.resources]
        self._holder = holder
        self.parts = [
            name for name, kind in effects.types().items()
            if kind.holder == holder and name != holder
        ]  # fmt: skip
        self._about: dict[str, dict[int, int]] = {}
        #: Of each pattern, resources of whose parts it is about some only.
        self._partly: dict[str, set[int]] = {}
        self._named: dict[tuple[bool, _Patterns], tuple[Named, bool]] = {}

    def named(self, statement: Statement, context: Context) -> tuple[Named, bool]:
        """Which resources a statement names, and whether all of them and all in one way.

        Args:
            statement: The statement.
            context: What is known of who asks; what its variables stand for otherwise is not
                known, so that they stand for anything.
        """
        if not statement.resources:
            return dict.fromkeys(range(len(self.arns)), IT | ANY), True
        key = (statement.not_resources, _patterns(statement, context))
        if key not in self._named:
            found = self._names(key[1], but_these=statement.not_resources)
            same = len(found) == len(self.arns) and len(set(found.values())) == 1
            self._named[key] = found, same
        return self._named[key]

    def _names(self, patterns: _Patterns, *, but_these: bool) -> Named:
        if len(patterns) == 1 and not but_these and not patterns[0][1]:
            about = self._of_pattern(patterns[0][0])
            if not self._partly[patterns[0][0]]:
                return about
        # About whatever it does not name; what it names is told apart from the rest.
        bits = dict.fromkeys(range(len(self.arns)), 1) if but_these else {}
        apart: dict[int, tuple[str, ...]] = {}
        for pattern, unsure in patterns:
            about, partly = self._of_pattern(pattern), self._partly[pattern]
            for at, how in about.items():
                if unsure:
                    apart[at] = (*apart.get(at, ()), f"{unsure} {how}")
                    bits.setdefault(at, 0)
                    continue
                bits[at] = bits.get(at, 0) | (how << 1 if but_these else how)
                if at in partly:
                    # Of two that are named alike by two patterns, each by its own.
                    text = globs.shown(pattern).replace(self.arns[at], SELF)
                    apart[at] = (*apart.get(at, ()), text)
        return {at: (how, apart[at]) if at in apart else how for at, how in bits.items()}

    def _of_pattern(self, pattern: str) -> dict[int, int]:
        """Numbers of the resources that a parsed pattern is about, and how."""
        if pattern not in self._about:
            found = ((at, self._how(pattern, self.arns[at])) for at in self._near(pattern))
            self._about[pattern] = {at: how for at, how in found if how}
            self._partly[pattern] = {
                at
                for at, how in self._about[pattern].items()
                if self.parts and not self._of_all(pattern, how, self.arns[at])
            }
        return self._about[pattern]

    def _near(self, pattern: str) -> Iterable[int]:
        """Numbers of resources that begin as a pattern does, or whose parts do."""
        begin = globs.head(pattern)
        first = bisect_left(self.arns, begin)
        last = bisect_left(self.arns, begin + "\U0010ffff")
        if any(effects.types()[name].called for name in self.parts):
            # Their ARNs do not begin as their holder's.
            yield from range(len(self.arns))
            return
        yield from range(first, last)
        for end in (at for at, sign in enumerate(begin) if sign in "/:"):
            at = bisect_left(self.arns, begin[:end])
            if at < first and self.arns[at] == begin[:end]:
                yield at

    def _how(self, pattern: str, arn: str) -> int:
        if pattern == globs.ANY:
            return IT | sum((ANY | SOME) << (_WIDTH * at) for at in range(len(self.parts)))
        itself = effects.asked_of(self._holder, arn)
        how = IT if globs.matches_resource(pattern, itself) else 0
        for number, name in enumerate(self.parts):
            asked = effects.asked_of(name, arn)
            part = asked.replace("*", OTHER)
            bits = ANY if globs.matches_resource(pattern, part) else 0
            bits |= SOME if globs.meet(globs.parse(asked), pattern) is not None else 0
            how |= bits << (_WIDTH * number)
        return how

    def _of_all(self, pattern: str, how: int, arn: str) -> bool:
        """Whether a pattern is about all of a resource's parts, of each sort, or about none."""
        for number, name in enumerate(self.parts):
            bits = how >> (_WIDTH * number)
            if bits & SOME:
                asked = globs.parse(effects.asked_of(name, arn))
                if not bits & ANY or not globs.covers(pattern, asked):
                    return False
        return True


def _patterns(statement: Statement, context: Context) -> _Patterns:
    """Parsed patterns of what a statement names to somebody, whose variables have values.

    Beside each the text of one in which something is not known, else nothing.
    """
    if not statement.variables or not any("${" in text for text in statement.resources):
        return _plain(statement.resources)
    found = []
    for text in statement.resources:
        pattern, sure = resource_pattern(text, statement, context)
        if pattern is not None:
            found.append((pattern, "" if sure else text))
        elif statement.not_resources:
            # Which may make the whole statement be about nothing.
            found.append((globs.ANY, text))
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def _plain(texts: tuple[str, ...]) -> _Patterns:
    return tuple((globs.parse(text), "") for text in texts)
