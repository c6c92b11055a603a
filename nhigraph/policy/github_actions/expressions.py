"""The expression language of workflow files.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions . Evaluation is over
*sets of possible values*: what a file does not say is ``UNKNOWN``, and an operation on it yields
every value it could take.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from nhigraph.records import dataclass


class Unknown:
    """A value that the files do not say."""

    def __repr__(self) -> str:
        """Name it in test failures."""
        return "UNKNOWN"


UNKNOWN = Unknown()

Value = str | float | bool | None | Unknown
Values = frozenset[Value]
Path = tuple[str, ...]
Bindings = Callable[[Path], Values | None]

_ANY: Values = frozenset({UNKNOWN})
_EITHER: Values = frozenset({True, False})
_MOST_VALUES = 32

#: A name that is not said: it may be any other name, and is itself.
SOME_NAME = "\x00some"
#: A name that is not said, but is known to be none of those a file would compare it with.
NO_SUCH_NAME = "\x00none"

#: Stands in a path for an index that is itself computed.
COMPUTED = "\x00"


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Value


@dataclass(frozen=True, slots=True)
class Reference:
    """A context and the way into it; ``COMPUTED`` for an index that is an expression."""

    path: Path
    indexes: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A function."""

    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and its one or two operands."""

    operator: str
    operands: tuple["Expression", ...]


Expression = Literal | Reference | Call | Operation


@dataclass(frozen=True, slots=True)
class Embedded:
    """An expression inside text; ``expression`` is None where it was not understood."""

    start: int
    end: int
    expression: Expression | None


class _SyntaxError(ValueError):
    pass


_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?))"
    r"|'(?P<text>(?:[^']|'')*)'"
    r"|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<operator>&&|\|\||==|!=|<=|>=|[!<>()\[\].,*]))"
)
_EMBEDDED = re.compile(r"\$\{\{((?:'[^']*'|[^'}]|\}(?!\}))*)\}\}")
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
_DEEPEST = 40
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            found = _TOKEN.match(text, at)
            if not found or found.lastgroup is None:
                raise _SyntaxError
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return text if kind == "operator" else ""

    def take(self, operator: str) -> bool:
        if self.peek() != operator:
            return False
        self.at += 1
        return True

    def expect(self, operator: str) -> None:
        if not self.take(operator):
            raise _SyntaxError

    def either(self) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _SyntaxError
        left = self.both()
        while self.take("||"):
            left = Operation("||", (left, self.both()))
        self.depth -= 1
        return left

    def both(self) -> Expression:
        left = self.comparison()
        while self.take("&&"):
            left = Operation("&&", (left, self.comparison()))
        return left

    def comparison(self) -> Expression:
        left = self.negation()
        while (operator := self.peek()) in _COMPARISONS:
            self.at += 1
            left = Operation(operator, (left, self.negation()))
        return left

    def negation(self) -> Expression:
        count = 0
        while self.take("!"):
            count += 1
        inner = self.operand()
        for _ in range(min(count, 2 - count % 2)):
            inner = Operation("!", (inner,))
        return inner

    def operand(self) -> Expression:
        if self.take("("):
            inner = self.either()
            self.expect(")")
            return inner
        if self.at >= len(self.tokens):
            raise _SyntaxError
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return Literal(text.replace("''", "'"))
        if kind == "number":
            return Literal(float(int(text, 16)) if "0x" in text else float(text))
        if kind != "name":
            raise _SyntaxError
        if self.take("("):
            return self.call(text)
        if text in _CONSTANTS:
            return Literal(_CONSTANTS[text])
        return self.reference(text)

    def call(self, name: str) -> Expression:
        arguments: list[Expression] = []
        while not self.take(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.either())
        if self.peek() in (".", "["):
            # ``fromJSON(x).y``: what comes out of it is not followed.
            hidden = self.reference("")
            return Call(name.lower(), (*arguments, hidden))
        return Call(name.lower(), tuple(arguments))

    def reference(self, root: str) -> Reference:
        path = [root]
        indexes: list[Expression] = []
        while True:
            if self.take("."):
                if self.take("*"):
                    path.append("*")
                elif self.at < len(self.tokens) and self.tokens[self.at][0] == "name":
                    path.append(self.tokens[self.at][1])
                    self.at += 1
                else:
                    raise _SyntaxError
            elif self.take("["):
                if self.take("*"):
                    path.append("*")
                else:
                    index = self.either()
                    constant = index.value if isinstance(index, Literal) else None
                    path.append(constant if isinstance(constant, str) else COMPUTED)
                    indexes.append(index)
                self.expect("]")
            else:
                return Reference(tuple(path), tuple(indexes))


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression | None:
    """The expression, or None where the text is none that is understood."""
    try:
        parser = _Parser(text)
        found = parser.either()
    except (_SyntaxError, RecursionError, OverflowError):
        return None
    return found if parser.at == len(parser.tokens) else None


@lru_cache(maxsize=4096)
def embedded(text: str) -> tuple[Embedded, ...]:
    """The ``${{ … }}`` expressions of a text, in order."""
    found: list[Embedded] = []
    start = text.find("${{")
    while start >= 0:
        whole = _EMBEDDED.match(text, start)
        if whole is None:
            # Nothing closes it, so that what follows cannot be told either.
            return (*found, Embedded(len(text), len(text), None))
        found.append(Embedded(start, whole.end(), parse(whole[1])))
        start = text.find("${{", whole.end())
    return tuple(found)


def references(expression: Expression) -> Iterator[Path]:
    """Every context path that the expression names."""
    if isinstance(expression, Reference):
        if expression.path[0]:
            yield expression.path
        for index in expression.indexes:
            yield from references(index)
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from references(argument)
    elif isinstance(expression, Operation):
        for operand in expression.operands:
            yield from references(operand)


def _truthy(value: Value) -> bool:
    return value not in (False, 0, "", None)


def _same(left: Value, right: Value) -> Values:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _EITHER
    if isinstance(left, str) and isinstance(right, str):
        unsaid = SOME_NAME in (left, right) and NO_SUCH_NAME not in (left, right)
        if unsaid and left != right:
            return _EITHER
        return frozenset({left.lower() == right.lower()})
    if type(left) is type(right):
        return frozenset({left == right})
    # Unlike types are compared as numbers; only the plain cases are worth knowing.
    if {left, right} in ({None, ""}, {None, False}):
        return frozenset({True})
    return _EITHER


def _combine(operator: str, lefts: Values, rights: Values) -> Values:
    found: set[Value] = set()
    for left in lefts:
        if isinstance(left, Unknown):
            # Kept by ``&&`` it is falsy, so that a later ``||`` passes over it.
            found |= {False if operator == "&&" else left, *rights}
        elif _truthy(left) == (operator == "&&"):
            found |= rights
        else:
            found.add(left)
    return frozenset(found)


def _operation(operation: Operation, bindings: Bindings) -> Values:
    sides = [possible(operand, bindings) for operand in operation.operands]
    operator = operation.operator
    if operator in ("&&", "||"):
        return _combine(operator, sides[0], sides[1])
    if operator == "!":
        plain = {_truthy(value) for value in sides[0] if not isinstance(value, Unknown)}
        return _EITHER if UNKNOWN in sides[0] else frozenset(not value for value in plain)
    if operator in ("==", "!="):
        found: set[Value] = set()
        for left in sides[0]:
            for right in sides[1]:
                found |= _same(left, right)
        return frozenset(found if operator == "==" else {not value for value in found})
    return _EITHER


_LIST = re.compile(r"""\s*\[\s*(?:"[^"]*"\s*,?\s*)*\]\s*\Z""")


def _listed(argument: Expression) -> tuple[str, ...] | None:
    """Members of ``fromJSON('["A", "B"]')``."""
    inner = argument.arguments[:1] if isinstance(argument, Call) else ()
    if not isinstance(argument, Call) or argument.name != "fromjson" or not inner:
        return None
    written = inner[0].value if isinstance(inner[0], Literal) else None
    if not isinstance(written, str) or not _LIST.match(written):
        return None
    return tuple(re.findall(r'"([^"]*)"', written))


def _call(call: Call, bindings: Bindings) -> Values:
    if call.name == "always":
        return frozenset({True})
    two = 2
    if call.name == "contains" and len(call.arguments) == two:
        members = _listed(call.arguments[0])
        sought = possible(call.arguments[1], bindings)
        if members is not None and UNKNOWN not in sought:
            lower = {member.lower() for member in members}
            return frozenset(str(value).lower() in lower for value in sought)
    if call.name in ("contains", "startswith", "endswith", "success", "failure", "cancelled"):
        return _EITHER
    return _ANY


def possible(expression: Expression, bindings: Bindings) -> Values:
    """Every value the expression can take; holds ``UNKNOWN`` where that is not all of them.

    Args:
        expression: What to evaluate.
        bindings: Possible values of a context path, None where nothing is known.
    """
    if isinstance(expression, Literal):
        return frozenset({expression.value})
    if isinstance(expression, Reference):
        return bindings(tuple(part.lower() for part in expression.path)) or _ANY
    if isinstance(expression, Call):
        return _call(expression, bindings)
    found = _operation(expression, bindings)
    return found if len(found) <= _MOST_VALUES else _ANY


def may_hold(condition: object, bindings: Bindings) -> bool:
    """Whether an ``if`` can be true; without one, or where it is not understood, it can.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idif
    lets the ``${{ }}`` be left out; an expression with text around it is a text, thus true.
    """
    if condition is None:
        return True
    if not isinstance(condition, str):
        return bool(condition)
    text = condition.strip()
    whole = _EMBEDDED.fullmatch(text)
    if not whole and "${{" in text:
        return True
    expression = parse(whole[1] if whole else text)
    if expression is None:
        return True
    values = possible(expression, bindings)
    return any(isinstance(value, Unknown) or _truthy(value) for value in values)


def texts(text: str, bindings: Bindings) -> tuple[tuple[str, ...], bool]:
    """Texts that a text with expressions can become, and whether these are all."""
    results, complete, at = [""], True, 0
    for part in embedded(text):
        if part.expression is None:
            return (), False
        values = possible(part.expression, bindings)
        known = sorted({_spelt(v) for v in values if not isinstance(v, Unknown)})
        complete = complete and UNKNOWN not in values
        head = text[at : part.start]
        results = [before + head + value for before in results for value in known]
        if len(results) > _MOST_VALUES:
            return (), False
        at = part.end
    return tuple(result + text[at:] for result in results), complete


def _spelt(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
