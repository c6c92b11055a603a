"""What a rewrite rule puts in the place of a statement, or beside it.

Tried on PostgreSQL 15.18 (rules-privileges, sql-createrule):

* What its statements name is accessed with the rights of the *relation's owner*, on a
  ``security_invoker`` view too; if the owner lacks one, the statement is refused to everybody,
  superusers and a condition that is never true included. Triggers and functions in it run as who
  writes.
* INSTEAD with nothing behind it asks for no privilege and does nothing. INSTEAD with a condition
  on a view makes the server refuse the statement, unless another rule replaces it always.
* An action that refers to OLD or NEW, by a table's INSERT too, takes SELECT of the owner on the
  relation itself; a condition does not. From 16 on every action with a statement does (tried on
  16.14 and 18.4).
* Only an action that refers to OLD or NEW reads the view whose UPDATE or DELETE it meets, and so
  what the view reads.
* COPY goes past the rules of a table, so INSERT is a write whatever they say. A parent's UPDATE or
  DELETE goes past its children's rules; a write through a view does not go past those of its base.
* A rule that is enabled for replicas only does nothing in a session.
"""

from collections.abc import Set as AbstractSet
from itertools import pairwise

from sqlglot.errors import SqlglotError

from nhigraph.policy.postgres.asking import NotStaticError, statement
from nhigraph.policy.postgres.bodies import Body, expression
from nhigraph.policy.postgres.tokens import Token, first_word, split, text_of, tokenize

#: The version from which on every action takes SELECT of the owner on the relation.
RULES_READ = 160000
#: What an export of an earlier form says of a rule's action.
UNREAD = Body(problem="the export does not have its action")


def understand(definition: str, functions: AbstractSet[str]) -> Body:
    """Read what ``pg_get_ruledef`` prints.

    Rows of a SELECT are the statement's result, which is why they count as returned.

    Args:
        definition: ``CREATE RULE … DO …;``; empty where the export does not have it.
        functions: Names of functions the database defines: calling one is not followed.
    """
    if not definition:
        return UNREAD
    try:
        condition, action = _parts(tokenize(definition))
        steps = list(expression(definition, condition, functions))
        for chunk in split(action):
            if not chunk or first_word(chunk) in ("NOTHING", "NOTIFY"):
                continue
            text = text_of(definition, chunk)
            steps += statement(text, functions, returned=True, branch=False)
    except NotStaticError as error:
        return Body(problem=str(error))
    except (SqlglotError, RecursionError):
        return Body(problem="its text could not be parsed")
    return Body(tuple(dict.fromkeys(steps)))


def refers(definition: str, *, action: bool = False) -> bool:
    """Whether a rule, or its action, looks at the statement's rows; unknown ones are taken to."""
    if not definition:
        return True
    try:
        found = tokenize(definition)
        found = _parts(found)[1] if action else found
    except (SqlglotError, NotStaticError):
        return True
    return any(
        token.text in ("old", "new") and after.kind == "DOT" for token, after in pairwise(found)
    )


def takes_select(definition: str, action: Body, version: int) -> bool:
    """Whether a rule takes SELECT of the owner on its own relation."""
    every = version >= RULES_READ and bool(action.steps)
    return bool(definition) and (every or refers(definition, action=True))


def _parts(found: list[Token]) -> tuple[list[Token], list[Token]]:
    """The condition, and the statements without what holds several together."""
    depth, where, do = 0, None, None
    for number, token in enumerate(found):
        depth += {"L_PAREN": 1, "R_PAREN": -1}.get(token.kind, 0)
        if depth or token.kind in ("IDENTIFIER", "STRING"):
            continue
        if token.text.upper() == "WHERE":
            where = number
        elif token.text.upper() == "DO":
            do = number
            break
    if do is None:
        raise NotStaticError("its text could not be read")
    start = do + 1
    if first_word(found[start:]) in ("INSTEAD", "ALSO"):
        start += 1
    condition = found[where + 1 : do] if where is not None else []
    return condition, _inside(found[start:])


def _inside(action: list[Token]) -> list[Token]:
    """What stands between the parentheses around several statements."""
    while action and action[-1].kind == "SEMICOLON":
        action = action[:-1]
    depth, several = 0, False
    for number, token in enumerate(action):
        depth += {"L_PAREN": 1, "R_PAREN": -1}.get(token.kind, 0)
        several = several or token.kind == "SEMICOLON"
        if depth == 0 and number < len(action) - 1:
            return action
    return action[1:-1] if several else action
