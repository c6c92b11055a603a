"""Expressions of dbt's Jinja: what each is, as far as text alone tells."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias, TypeVar

from jinja2 import nodes

from nhigraph.policy.dbt_filters import filtered, tested
from nhigraph.policy.dbt_library import Library, Place
from nhigraph.policy.dbt_values import (
    UNDEFINED,
    UNKNOWN,
    Relation,
    Unknown,
    Value,
    attribute,
    compared,
    sliced,
    text_of,
    truth,
)

Frame: TypeAlias = dict[str, Value]

_MOST_STEPS = 20_000
_DEEPEST = 30
#: Longest text, in characters, and longest list that a value may grow to.
LONGEST = 1_000_000
_LONGEST_LIST = 10_000


class StuckError(Exception):
    """The walk cannot go on."""


class Expressions:
    """One way through the conditions of a text.

    Attributes:
        place: Where it is rendered.
        library: The macros.
        choices: Which way each condition that only a run can tell was taken.
        named: Relations that were named on the way.
        depth: Macros around this place.
    """

    def __init__(self, place: Place, library: Library, choices: list[bool]) -> None:
        """Take the first conditions as chosen, and further ones as not met."""
        self.place, self.library = place, library
        self.choices = [*choices]
        self.named: set[Relation] = set()
        self.depth = 0
        self._chosen = self._steps = 0
        self._settled: dict[str, bool] = {}

    def step(self) -> None:
        """Count one node as read.

        Raises:
            StuckError: There are more than are followed.
        """
        self._steps += 1
        self.library.steps -= 1
        if self._steps > _MOST_STEPS or self.depth > _DEEPEST or self.library.steps < 0:
            raise StuckError("it is longer than is followed")

    def choose(self) -> bool:
        """One way of a condition that only a run can tell."""
        if self._chosen == len(self.choices):
            self.choices.append(False)
        self._chosen += 1
        return self.choices[self._chosen - 1]

    def met(self, test: nodes.Node, frame: Frame) -> bool:
        """Whether the condition of a branch is met on this way.

        What does not change while a text is rendered answers the same to the same words.
        """
        known = truth(self.value(test, frame))
        if known is not None:
            return known
        if not _is_steady(test, frame):
            return self.choose()
        words = repr(test)
        if words not in self._settled:
            self._settled[words] = self.choose()
        return self._settled[words]

    def noted(self, value: Value) -> Value:
        """The value; a relation is one that was named."""
        if isinstance(value, Relation):
            self.named.add(value)
        return value

    def value(self, node: nodes.Node | None, frame: Frame) -> Value:
        """What an expression is."""
        self.step()
        read = getattr(self, f"_{type(node).__name__.lower()}", None)
        found: Value = UNKNOWN if read is None else read(node, frame)
        long = isinstance(found, str) and len(found) > LONGEST
        if long or (isinstance(found, list) and len(found) > _LONGEST_LIST):
            raise StuckError("it becomes longer than is followed")
        return found

    def call(self, node: nodes.Call, frame: Frame) -> Value:
        """What a call answers."""
        raise NotImplementedError

    def _const(self, node: nodes.Const, _frame: Frame) -> Value:
        value: Value = node.value
        return value

    def _templatedata(self, node: nodes.TemplateData, _frame: Frame) -> Value:
        return str(node.data)

    def _name(self, node: nodes.Name, frame: Frame) -> Value:
        if node.name in frame:
            return frame[node.name]
        return True if node.name == "execute" else self.noted(self._global(node.name))

    def _global(self, name: str) -> Value:
        return self.place.names.get(name, UNKNOWN)

    def _getattr(self, node: nodes.Getattr, frame: Frame) -> Value:
        return attribute(self.value(node.node, frame), node.attr)

    def _getitem(self, node: nodes.Getitem, frame: Frame) -> Value:
        held = self.value(node.node, frame)
        if isinstance(node.arg, nodes.Slice):
            ends = (node.arg.start, node.arg.stop, node.arg.step)
            start, stop, step = (None if one is None else self.value(one, frame) for one in ends)
            return sliced(held, start, stop, step)
        return attribute(held, text_of(self.value(node.arg, frame)))

    def _call(self, node: nodes.Call, frame: Frame) -> Value:
        return self.call(node, frame)

    def _filter(self, node: nodes.Filter, frame: Frame) -> Value:
        given = [self.value(one, frame) for one in node.args]
        return filtered(self.value(node.node, frame), node.name, given)

    def _list(self, node: nodes.List, frame: Frame) -> Value:
        return [self.value(one, frame) for one in node.items]

    def _tuple(self, node: nodes.Tuple, frame: Frame) -> Value:
        return tuple(self.value(one, frame) for one in node.items)

    def _dict(self, node: nodes.Dict, frame: Frame) -> Value:
        pairs = [(self.value(p.key, frame), self.value(p.value, frame)) for p in node.items]
        return {text_of(key): value for key, value in pairs}

    def _concat(self, node: nodes.Concat, frame: Frame) -> Value:
        return "".join(text_of(self.value(one, frame)) for one in node.nodes)

    def _add(self, node: nodes.Add, frame: Frame) -> Value:
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        if isinstance(left, str) and isinstance(right, str):
            return left + right
        return [*left, *right] if isinstance(left, list) and isinstance(right, list) else UNKNOWN

    def _neg(self, node: nodes.Neg, frame: Frame) -> Value:
        value = self.value(node.node, frame)
        return -value if isinstance(value, int | float) else UNKNOWN

    def _sub(self, node: nodes.Sub, frame: Frame) -> Value:
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        if isinstance(left, int | float) and isinstance(right, int | float):
            return left - right
        return UNKNOWN

    def _condexpr(self, node: nodes.CondExpr, frame: Frame) -> Value:
        taken = node.expr1 if self.met(node.test, frame) else node.expr2
        return UNDEFINED if taken is None else self.value(taken, frame)

    def _not(self, node: nodes.Not, frame: Frame) -> Value:
        known = truth(self.value(node.node, frame))
        return UNKNOWN if known is None else not known

    def _and(self, node: nodes.And, frame: Frame) -> Value:
        return self._either(node, frame, settles=False)

    def _or(self, node: nodes.Or, frame: Frame) -> Value:
        return self._either(node, frame, settles=True)

    def _either(self, node: nodes.BinExpr, frame: Frame, *, settles: bool) -> Value:
        """One side that is ``settles`` decides, the other one known or not."""
        left = self.value(node.left, frame)
        known = truth(left)
        if known is settles:
            return left
        right = self.value(node.right, frame)
        if known is not None:
            return right
        # Which of them it is nobody knows, though both may count alike.
        return Unknown(holds=settles) if truth(right) is settles else UNKNOWN

    def _compare(self, node: nodes.Compare, frame: Frame) -> Value:
        left, found = self.value(node.expr, frame), True
        for one in node.ops:
            right = self.value(one.expr, frame)
            answer = compared(left, one.op, right)
            if answer is None:
                return UNKNOWN
            left, found = right, found and answer
        return found

    def _test(self, node: nodes.Test, frame: Frame) -> Value:
        answer = tested(self.value(node.node, frame), node.name)
        return UNKNOWN if answer is None else answer


_Way = TypeVar("_Way", bound=Expressions)


def every_way(started: Callable[[list[bool]], _Way], most: int) -> Iterator[_Way]:
    """Each way through the conditions of a text in turn; whoever is given one goes it.

    Args:
        started: Begins one that takes the first conditions as chosen.
        most: Ways that are followed.

    Raises:
        StuckError: There are more.
    """
    choices: list[bool] = []
    for _ in range(most):
        way = started(choices)
        yield way
        choices = way.choices
        while choices and choices[-1]:
            choices.pop()
        if not choices:
            return
        choices[-1] = True
    raise StuckError("it has more branches than are followed")


#: Calls whose answer is the same as long as a text is rendered.
_STEADY: Final = frozenset({"var", "env_var", "is_incremental"})


def _is_steady(test: nodes.Node, frame: Frame) -> bool:
    """Whether nothing that is done meanwhile changes the answer to a condition."""
    named = {one.name for one in test.find_all(nodes.Name)}
    named |= {test.name} if isinstance(test, nodes.Name) else set()
    if not named.isdisjoint(frame):
        return False
    calls = [*test.find_all(nodes.Call), *([test] if isinstance(test, nodes.Call) else [])]
    return all(isinstance(call.node, nodes.Name) and call.node.name in _STEADY for call in calls)
