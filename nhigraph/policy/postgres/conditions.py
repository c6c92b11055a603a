"""Conditions of what statements bring about, in words."""

from nhigraph.policy.postgres.catalog import Catalog, Relation, Trigger
from nhigraph.policy.postgres.statement import Columns

CALLERS_PATH = "the caller's search_path decides which relation is meant"
IN_A_BRANCH = "a branch of the function's body decides whether it runs"
MAY_FAIL = "the function's body does not end it with an error of its own"
KEY_CHANGES = "the statement changes the key that is referred to"
ATTACHED = "the function does it when it is attached to another table than it was made for"
MAY_RETURN = "what the function reads may be part of its result"


def held_up(trigger: Trigger, privilege: str, columns: Columns = frozenset()) -> str:
    """What a trigger waits for beside its event; empty where it runs whenever that happens."""
    if trigger.when:
        return f"the condition of trigger {trigger.name} holds"
    if privilege == "UPDATE" and trigger.columns and not trigger.columns & columns:
        return f"the statement sets a column that trigger {trigger.name} is for"
    if trigger.when is None:
        return f"trigger {trigger.name} has no condition, which the export does not say"
    return ""


def row_security(catalog: Catalog, relation: Relation) -> str:
    """The condition that row security puts on whoever it binds."""
    names = sorted(one.name for one in catalog.policies if one.table == relation.name)
    said = f"policies {', '.join(names)}" if names else "no policy"
    return f"row-level security on {'.'.join(relation.name)} ({said})"
