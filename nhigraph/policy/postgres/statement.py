"""A statement as it comes to one relation."""

from enum import Enum

from nhigraph.policy.postgres.catalog import Name, Relation


class How(Enum):
    """How a statement comes to a relation, which decides what its rules do."""

    NAMED = "a client names it, with COPY if it likes"
    WRITTEN = "a view, a rule or a function names it"
    PARENT = "its parent was named, so its rules stay out of it"


#: A relation, what is done to it, and how that came.
Done = tuple[Relation, str, How]
#: Columns that a statement is known to set; it may set others besides.
Columns = frozenset[str]

#: Chains of triggers, keys and views longer than anybody builds; past that a note is left.
DEEPEST = 30


class Seen:
    """Where a walk has been, and how deep it is; a walk under a condition comes second."""

    def __init__(self) -> None:
        self._visited: set[tuple[Name, str, How, Columns, bool]] = set()
        self._depth = 0

    def enter(self, done: Done, columns: Columns, condition: str) -> bool:
        """Whether there is anything new to say here."""
        relation, privilege, how = done
        here = (relation.name, privilege, how, columns)
        if {(*here, False), (*here, bool(condition))} & self._visited or self._depth > DEEPEST:
            return False
        self._visited.add((*here, bool(condition)))
        self._depth += 1
        return True

    def leave(self) -> None:
        """One step up again."""
        self._depth -= 1
