"""A statement as it comes to one relation."""

from enum import Enum

from nhigraph.policy.postgres.catalog import Relation


class How(Enum):
    """How a statement comes to a relation, which decides what its rules do."""

    NAMED = "a client names it, with COPY if it likes"
    WRITTEN = "a view, a rule or a function names it"
    PARENT = "its parent was named, so its rules stay out of it"


#: A relation, what is done to it, and how that came.
Done = tuple[Relation, str, How]
