"""Whether a statement's condition holds in a request, in three values.

Keys and operators of one condition are AND, the values of a key are OR, and of a negated operator
none may fit. Where a key is missing: an operator does not hold, a negated one does, ``IfExists``
and ``ForAllValues`` do, ``ForAnyValue`` does not
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
and ``…/reference_policies_condition-single-vs-multi-valued-context-keys.html``, read 29 November
2026).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.context import Context, State, Value
from nhigraph.policy.aws.operators import Form, Operator, form
from nhigraph.policy.aws.statements import Clause, Statement
from nhigraph.policy.trusts import Answer

#: A value that a caller may choose and that no policy asks for.
OTHER: Final = "nhigraph-any-other-value"
#: Stands for a variable that the request does not have: it is nobody's value.
_NOBODYS: Final = "\x00"


class UnknownVariableError(Exception):
    """A variable has some value that is not known."""


def holds(test: Clause, context: Context, *, variables: bool) -> Answer:
    """Whether one line of a condition holds.

    A value that is still chosen counts as not known: ``decision`` chooses first.
    """
    asked = form(test.operator)
    value = context.of(test.key)
    if asked.null:
        return _null(test, value)
    if asked.operator is None:
        return Answer.POSSIBLE
    if value.state in {State.UNKNOWN, State.CHOSEN}:
        return Answer.POSSIBLE
    if value.state is State.ABSENT or not value.values:
        # With the key, ForAllValues of no value holds too.
        return _yes(_without(asked))
    fitting, unsure = [], False
    for text in test.values:
        pattern = _parsed(asked.operator, text, context, variables=variables)
        unsure = unsure or pattern is None
        fitting += [] if pattern is None else [pattern]
    return _of_values(asked, value, fitting, unsure=unsure)


def _without(asked: Form) -> bool:
    if asked.if_exists or asked.every:
        return True
    if asked.some:
        return False
    return asked.operator is not None and asked.operator.negated


def _of_values(asked: Form, value: Value, patterns: list[str], *, unsure: bool) -> Answer:
    operator = asked.operator
    if operator is None:
        return Answer.POSSIBLE
    each = [_one(operator, had, patterns, value.state, unsure=unsure) for had in value.values]
    if asked.every:
        return min(each)
    if asked.some or not operator.negated:
        return max(each)
    return min(each)


def _one(
    operator: Operator, had: str, patterns: list[str], state: State, *, unsure: bool
) -> Answer:
    """Whether one value fits one of those asked for, or of a negated operator none."""
    found = Answer.POSSIBLE if unsure else Answer.NO
    for pattern in patterns:
        found = max(found, _fits(operator, pattern, had, state))
    return Answer(Answer.YES - found) if operator.negated else found


def _fits(operator: Operator, pattern: str, had: str, state: State) -> Answer:
    if state is not State.LIKE:
        return _yes(operator.fits(pattern, had))
    if not operator.patterns:
        return Answer.POSSIBLE if globs.matches(had, pattern) else Answer.NO
    if globs.covers(pattern, had):
        return Answer.YES
    return Answer.POSSIBLE if globs.meet(pattern, had) is not None else Answer.NO


def _null(test: Clause, value: Value) -> Answer:
    if value.state in {State.UNKNOWN, State.CHOSEN}:
        return Answer.POSSIBLE
    absent = value.state is State.ABSENT or not value.values
    asks = {text.lower() == "true" for text in test.values}
    return _yes(absent in asks)


def _parsed(operator: Operator, text: str, context: Context, *, variables: bool) -> str | None:
    """A value of the policy as the operator takes it.

    None where it is not known what it stands for.
    """
    if not operator.variables or not variables or "${" not in text:
        return globs.parse(text) if operator.patterns else text
    try:
        pattern = globs.parse(text, lookup(context))
    except UnknownVariableError:
        return None
    except globs.UnresolvedError:
        return _NOBODYS
    return pattern if operator.patterns else globs.shown(pattern)


def lookup(context: Context) -> globs.Lookup:
    """Values of policy variables, for ``globs.parse``.

    ``${key, 'text'}`` stands for the text where the request has no such key
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html, read
    29 November 2026).
    """

    def value(name: str) -> str:
        if name in {"*", "?", "$"}:
            return name
        key, comma, default = name.partition(",")
        found = context.of(key.strip())
        if found.state is State.KNOWN and len(found.values) == 1:
            return found.values[0]
        if found.state is State.ABSENT and comma:
            return default.strip().strip("'")
        if found.state in {State.ABSENT, State.KNOWN}:
            raise globs.UnresolvedError(name)
        raise UnknownVariableError(name)

    return value


def all_hold(statement: Statement, context: Context) -> tuple[Answer, tuple[str, ...]]:
    """Whether a statement's condition holds, and the texts of what is not known."""
    answer, open_tests = Answer.YES, []
    for test in statement.tests:
        found = holds(test, context, variables=statement.variables)
        if found is Answer.NO:
            return Answer.NO, ()
        if found is Answer.POSSIBLE:
            open_tests.append(test.text)
        answer = min(answer, found)
    return answer, tuple(open_tests)


def chosen_keys(
    statements: Iterable[Statement], context: Context
) -> Iterator[tuple[str, Clause, bool]]:
    """Keys, lower case, that the caller chooses and conditions ask for; with variables or none."""
    for statement in statements:
        for test in statement.tests:
            if context.of(test.key).state is State.CHOSEN:
                yield test.key.lower(), test, statement.variables


def candidates(test: Clause, context: Context, *, variables: bool) -> Iterator[str]:
    """Values by which a caller may meet a line of a condition, or fail it.

    What a variable stands for is chosen with it: a session's name may have to be the user's.
    """
    asked = form(test.operator)
    if asked.null or asked.operator is None:
        yield OTHER
        return
    for text in test.values:
        pattern = _parsed(asked.operator, text, context, variables=variables)
        if pattern is None or pattern == _NOBODYS:
            continue
        yield pattern.replace(globs.ANY, "").replace(globs.ONE, "z")
        if globs.ANY in pattern:
            yield pattern.replace(globs.ANY, "zqx").replace(globs.ONE, "z")
        try:
            number = float(text)
        except ValueError:
            continue
        yield from (f"{number - 1:g}", f"{number + 1:g}")
    if test.operator.lower().removesuffix("ifexists") == "bool":
        yield from ("true", "false")


def _yes(found: bool) -> Answer:  # noqa: FBT001 - turns one answer into the other form
    return Answer.YES if found else Answer.NO
