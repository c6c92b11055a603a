"""What somebody says is always so where requests come from, against conditions of rights.

A condition of an edge is told as a policy's line is: key, operator, values (``Clause.text``), or
as a statement that does not apply, with the lines of which one must not hold. Whoever knows that
programs run in one network, or that none has a second factor, settles all conditions on that key
at once; the same evaluator decides them as decides everything else.
"""

import re
from typing import Final

from nhigraph.policy.aws.conditions import holds
from nhigraph.policy.aws.context import Context, Profile
from nhigraph.policy.aws.operators import form
from nhigraph.policy.aws.statements import AS_WELL, Clause
from nhigraph.policy.trusts import Answer

_CLAUSE: Final = re.compile(
    r"(?P<key>[\w-]+:[\w:/+=.@-]+) (?P<operator>[A-Za-z:]+) (?P<values>.*)\Z"
)
_DENIED: Final = " does not apply: "
_OR: Final = " or "


def settled(condition: str, key: str, values: tuple[str, ...]) -> bool | None:
    """Whether a condition holds where a key is always worth so; None where that is not enough.

    Args:
        condition: One condition of an edge.
        key: A condition key, in any case.
        values: What it is worth; empty for a key that no request has.
    """
    _, denied, lines = condition.rpartition(_DENIED)
    if not denied:
        return _line(condition, key, values)
    found = [_line(one, key, values) for one in lines.split(AS_WELL)]
    if False in found:
        return True
    return None if None in found else False


def _line(text: str, key: str, values: tuple[str, ...]) -> bool | None:
    found = _CLAUSE.match(text)
    if found is None or found["key"].lower() != key.lower():
        return None
    asked = form(found["operator"])
    if asked.operator is None and not asked.null:
        return None
    clause = Clause(found["operator"], found["key"], tuple(found["values"].split(_OR)))
    context = Context(profile=Profile({key.lower(): values}))
    answer = holds(clause, context, variables=True)
    return None if answer is Answer.POSSIBLE else answer is Answer.YES
