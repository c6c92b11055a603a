"""The passes over one merged graph, in their order.

Before them the documents are merged, and holders of one name told apart (``graph.build``); after
them all that was added is sealed into the graph at once (``graph.append``). Each pass is a room of
this package with a ``JOIN``; none returns quietly: an end that a join takes and does not note as
answered is a gap at its node.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from nhigraph.facts import ends
from nhigraph.facts.aliases import names
from nhigraph.facts.facts import Gap
from nhigraph.graph.append import Changes, extend
from nhigraph.graph.resolve import renamed
from nhigraph.graph.store import Graph
from nhigraph.joins import brought
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.servers import Servers
from nhigraph.joins.view import View

PASSES: Final = (
    "same",  # databases of one server share their roles
    "schema_usage",  # grants that a project makes need what an export shows
    "profile_login",  # what jobs run, and by which profile or options it connects
    "login",  # which secret opens which account
    "work",  # what runs compute
    "owners",  # what is granted or shared for all that an owner has
    "custody",  # secrets under every name they are handed on by; what runs under a caller
    "trust",  # whom a job becomes elsewhere by its own token
    "brought",  # ends of other packages' types, by what these bring for them
    "fleet",  # which machines those are that jobs choose by labels
    "guards",  # rules and defaults that stand before what jobs do
    "handed_all",  # secrets that jobs are handed without naming them
    "unanswered",  # what was needed and not supplied
    "refused",  # which of that was asked for, and not given
)

_UNKNOWN = "what it says of a {} is answered by nothing"


def joins() -> Mapping[str, Join]:
    """The joins by name, in the order of the passes."""
    return {name: import_module(f"nhigraph.joins.{name}").JOIN for name in PASSES}


def run(board: Board) -> Board:
    """Run every pass; what they add is on the board."""
    for join in joins().values():
        join.settle(board)
    board.add(_gaps(board))
    return board


def _gaps(board: Board) -> Iterator[Gap]:
    """An end without an answer hides what it could have opened; of no join's type, anything."""
    every = [*joins().values(), *brought.as_joins()]
    takers = {kind: join for join in every for kind in join.takes}
    for kind in ends.TYPES.values():
        join = takers.get(kind)
        for end in board.unanswered(kind):
            reason = join.unanswered if join is not None else _UNKNOWN.format(kind.__name__)
            yield Gap(end.at, reason, end.evidence, join.hides if join is not None else ())


def sealed(board: Board) -> Graph:
    """The graph with all that the passes added."""
    changes = Changes(board.guards, board.needs, board.settled)
    return extend(board.graph, board.facts, changes).graph


def unified(graph: Graph, aliases: tuple[ends.Alias, ...]) -> Graph:
    """The graph with the roles of each server that the scope names under that name."""
    return renamed(graph, Servers(View(graph), names(aliases)).renamed()) if aliases else graph
