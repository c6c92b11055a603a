"""What a join is: which ends it takes, what it gives, and what an end without an answer hides."""

from collections.abc import Callable

from nhigraph.facts.ends import End
from nhigraph.joins.board import Board
from nhigraph.records import dataclass
from nhigraph.schema.types import EdgeKind, State


@dataclass(frozen=True, slots=True)
class Join:
    """One relation between documents, or one pass over what others found.

    Attributes:
        settle: Adds to the board, and notes every end that it took as answered.
        takes: Types of the ends that it answers.
        gives: Kinds of the edges that it adds.
        unanswered: Why nobody can tell what such an end does, in a sentence.
        hides: States that it then hides at its node.
    """

    settle: Callable[[Board], None]
    takes: tuple[type[End], ...] = ()
    gives: tuple[EdgeKind, ...] = ()
    unanswered: str = ""
    hides: tuple[State, ...] = ()
