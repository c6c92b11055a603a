"""A way through a text on which macros that only make a value are taken for what they return.

Each condition in such a macro doubles the ways through the whole text, though all that comes of
it is a name of a bucket or a flag. Where there are too many ways to follow, each call of a macro
is therefore gone through by itself: if on all its ways it returns a value and runs nothing, the
value stands for it where it is the same on all of them, and otherwise ``UNKNOWN`` does.
"""

from typing import Final

from nhigraph.policy.dbt_expressions import Frame, StuckError, every_way
from nhigraph.policy.dbt_library import Library, Place
from nhigraph.policy.dbt_values import UNKNOWN, Given, Relation, Undefined, Unknown, Value
from nhigraph.policy.dbt_walk import FailedError, ReturnedError, Walk
from nhigraph.records import dataclass

#: Ways through one macro that are followed.
_MOST_WAYS: Final = 64


@dataclass(frozen=True, slots=True)
class Summary:
    """What a call comes to.

    Attributes:
        value: What it returns; ``UNKNOWN`` where that depends.
        fails: Whether it always ends the run.
        named: Relations that are named on its ways.
        problems: Why there may be more.
    """

    value: Value
    fails: bool
    named: frozenset[Relation]
    problems: tuple[str, ...]


class Summarised(Walk):
    """One way through the conditions of a text, those in such macros left out."""

    def __init__(
        self,
        place: Place,
        library: Library,
        choices: list[bool],
        known: dict[str, Summary | None],
    ) -> None:
        """``known`` holds what calls came to on other ways through the same text."""
        super().__init__(place, library, choices)
        self._known = known

    def called(
        self, at: tuple[str, str], given: list[Value], named: Frame, *, unknown: bool
    ) -> Value:
        """What a macro returns, its statements run where it is more than a value."""
        # Lists that are handed over may be changed, and then it is more than what it returns.
        if any(map(_is_open, (*given, *named.values()))):
            return super().called(at, given, named, unknown=unknown)
        words = repr((at, self.package, given, sorted(named.items()), unknown))
        if words not in self._known:
            self._known[words] = self._summary(at, given, named, unknown=unknown)
        found = self._known[words]
        if found is None:
            return super().called(at, given, named, unknown=unknown)
        self.named |= found.named
        self.problems += found.problems
        if found.fails:
            raise FailedError
        return found.value

    def _summary(
        self, at: tuple[str, str], given: list[Value], named: Frame, *, unknown: bool
    ) -> Summary | None:
        values: dict[str, Value] = {}
        relations: set[Relation] = set()
        problems: dict[str, None] = {}
        for walk in every_way(self._inner, _MOST_WAYS):
            failed, value = False, None
            try:
                value = walk.returned(at, given, named, unknown=unknown)
            except FailedError:
                failed = True
            except StuckError:
                return None
            # What is run before an error is run.
            if walk.scripts or (value is None and not failed):
                return None
            relations |= walk.named
            problems.update(dict.fromkeys(walk.problems))
            if value is not None:
                values[repr(value.value)] = value.value
        if len(values) > 1 or any(map(_is_open, values.values())):
            values = {"": UNKNOWN}
        held = next(iter(values.values()), None)
        return Summary(held, not values, frozenset(relations), tuple(problems))

    def _inner(self, choices: list[bool]) -> "Summarised":
        """A walk that begins where this one stands."""
        walk = Summarised(self.place, self.library, choices, self._known)
        walk.goes_on_from(self)
        return walk

    def returned(
        self, at: tuple[str, str], given: list[Value], named: Frame, *, unknown: bool
    ) -> ReturnedError | None:
        """What ``return`` of a macro gives; None where it ends with its text."""
        try:
            self.inside(at, given, named, unknown=unknown)
        except ReturnedError as returned:
            return returned
        return None


_FIXED: Final = (str, bool, int, float, type(None), tuple, Given, Relation, Undefined, Unknown)


def _is_open(value: Value) -> bool:
    """Whether a value may be changed later, as a list, or does something, as a macro."""
    return not isinstance(value, _FIXED)
