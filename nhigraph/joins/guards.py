"""Rules and defaults that stand before what jobs do."""

from nhigraph.joins import protection
from nhigraph.joins.board import Board
from nhigraph.joins.defaults import Defaults
from nhigraph.joins.join import Join
from nhigraph.schema import kinds as k


def settle(board: Board) -> None:
    """Name the gates, and decide what a default decides."""
    if not board.view.of_kind(k.CI_JOB, k.WORKFLOW):
        return
    found = protection.guards(board.view, board.jobs)
    defaults = Defaults(board.view, board.jobs)
    board.guards |= found.gates
    board.add([*found.facts, *defaults.facts(found.gates), *defaults.refused()])
    board.add([*board.lent.facts(found.gates)])
    board.settled |= defaults.settled
    board.missing += found.missing


JOIN = Join(settle, gives=(k.CAN_WRITE, k.HOLDS))
