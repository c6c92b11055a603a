"""Ends of types that other packages bring, answered by what these bring for them.

A package says of each of its own types what an end of it comes to: a pure function of the end and
the merged graph. It adds nothing to what others say, so one place in the order is enough; what it
does not know, and whatever goes wrong in it, leaves the end without an answer, which is a gap.
"""

from collections.abc import Callable, Iterable
from typing import Final

from nhigraph.facts.ends import End
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.view import View
from nhigraph.records import dataclass
from nhigraph.schema.types import EdgeKind, State


@dataclass(frozen=True, slots=True)
class Answers:
    """How ends of one type are answered.

    Attributes:
        end: The type, one of the package's own.
        answer: What an end comes to: nodes, edges, gaps and notes with its evidence; None where
            the graph does not say.
        gives: Kinds of the edges that it makes.
        unanswered: Why nobody can tell what such an end does, in a sentence.
        hides: States that are then hidden at its node; empty for all.
    """

    end: type[End]
    answer: Callable[[End, View], Iterable[Fact] | None]
    gives: tuple[EdgeKind, ...]
    unanswered: str
    hides: tuple[State, ...] = ()


#: By name of the type; packages that register sources add to it (``ingest.admission``).
ANSWERS: Final[dict[str, Answers]] = {}


def settle(board: Board) -> None:
    """Answer the ends of other packages' types."""
    for _, one in sorted(ANSWERS.items()):
        for node in board.graph.ends_of(one.end.__name__):
            for end in board.view.ends(node, one.end):
                found = _answer(one, end, board.view)
                if found is not None:
                    board.add(found)
                    board.answer(end)


def _answer(one: Answers, end: End, view: View) -> list[Fact] | None:
    try:
        said = one.answer(end, view)
        found = None if said is None else [*said]
    except Exception:  # noqa: BLE001 - code of somebody else may raise anything
        return None
    return found if found is not None and all(_is_due(fact, one) for fact in found) else None


def _is_due(fact: object, one: Answers) -> bool:
    """Whether a fact is one that was declared."""
    if isinstance(fact, Edge):
        return fact.kind in one.gives
    return isinstance(fact, Node | Gap | Note)


def as_joins() -> list[Join]:
    """What takes the ends of each type, for the account of those without an answer."""
    return [
        Join(settle, (one.end,), one.gives, one.unanswered, one.hides) for one in ANSWERS.values()
    ]


JOIN = Join(settle)
