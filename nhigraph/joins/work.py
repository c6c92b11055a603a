"""What runs compute, as far as whom they log in as may write it."""

from nhigraph.facts.ends import Would, Writes
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.policy import programs
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State


def settle(board: Board) -> None:
    """Edges from jobs to what their runs compute; what a job builds that no manifest says."""
    for run, logins in board.runs:
        program = programs.of(run.tool)
        if run.opaque or not program.works:
            continue
        for login in logins:
            if not login.own:
                board.add(board.builds.facts(run, login))
        if not logins:
            board.add(board.builds.facts(run, None))
        if program.builds and not board.projects.projects(run):
            board.needed.manifests.add(run.job)
    # Logic that no run runs does nothing.
    for node in board.view.of_kind(k.MODEL):
        board.answer(*board.view.ends(node, Writes), *board.view.ends(node, Would))


JOIN = Join(
    settle,
    takes=(Writes, Would),
    gives=(k.COMPUTES, k.DEPENDS_ON, k.OWNS, k.FEEDS, k.FILTERS),
    unanswered="what it writes once it runs is not followed",
    hides=(State.CONTROL, State.ALTER),
)
