"""What was needed and not supplied: gaps where it is missed, exports that would settle it."""

from collections.abc import Collection, Iterator, Mapping

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Gap
from nhigraph.joins import callers, elsewhere, missing, namesakes, owners, unread
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty


def settle(board: Board) -> None:
    """Gaps of runs, workflows, actions and secrets; lines for exports."""
    view, jobs = board.view, board.jobs
    if not view.of_kind(k.CI_JOB, k.WORKFLOW):
        board.missing += missing.of_databases(view)
        return
    certain = {
        key
        for key, edges in board.opening.items()
        if any(edge.certainty is Certainty.CERTAIN for edge in edges)
    }
    for run, logins in board.runs:
        board.add(unread.perhaps(view, run, logins, certain | {*board.opened}))
        board.add(unread.servers(view, jobs, run, logins))
        board.add(unread.of_run(view, board.projects, board.builds, run, logins))
    databases = {*board.opening, *_of_databases(board.opened)}
    runs = [run for run, _ in board.runs]
    board.add(elsewhere.gaps(view, jobs, runs, databases, board.linked))
    board.add(unread.workflows(view, jobs))
    board.add(namesakes.gaps(view, jobs))
    board.add(unread.actions(view, jobs))
    board.add(unread.secrets(view, jobs, _tied(board), board.idle))
    board.add([*_given(board)])
    # Where nothing says what it opens, that was asked.
    used = {key for key, edges in board.opening.items() if edges}
    board.add(gap for gap in unread.handed(view, jobs, board.opened) if gap.at in used)
    board.missing += missing.of_all(view, jobs, board.needed)


def _tied(board: Board) -> set[str]:
    """Secrets of which something says what they open."""
    known = {*(key for key, edges in board.opening.items() if edges), *board.opened}
    return known | {*owners.handed_on(board, known), *callers.handed_down(board.jobs)}


def _given(board: Board) -> Iterator[Gap]:
    """Secrets that jobs have by what runs under them, and of which nothing says what they open."""
    known = _tied(board)
    given = {
        fact.target: fact.evidence
        for fact in reversed(board.facts)
        if isinstance(fact, Edge)
        and (fact.kind is k.CAN_READ and fact.action == "use_secret")
        and fact.source not in board.idle.get(fact.target, ())
    }
    for key, place in sorted(given.items()):
        yield from unread.untied(board.view, key, place, known)


def _of_databases(opened: Mapping[str, Collection[str]]) -> set[str]:
    """Secrets that the scope ties to roles of databases only."""
    return {
        key for key, to in opened.items() if all(keys.Role.parse(one) is not None for one in to)
    }


JOIN = Join(settle)
