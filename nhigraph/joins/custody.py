"""Secrets under every name they are handed on by, and jobs by what runs under them."""

from collections.abc import Iterator
from dataclasses import replace

from nhigraph.facts import keys
from nhigraph.facts.ends import Call
from nhigraph.facts.facts import Edge, Fact
from nhigraph.facts.keys import forge
from nhigraph.joins import callers, unread
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State, Transform

_SAME = "the secret is the other holder's of that name"


def settle(board: Board) -> None:
    """What opens an account does so under every name; callers hold what they hand over."""
    board.add([*_spread(board)])
    board.add(_written(board))
    board.add(callers.facts(board.view, board.jobs))
    for node in (*board.jobs.all, *board.view.of_kind(k.ARTIFACT)):
        board.answer(*board.view.ends(node, Call))


def _written(board: Board) -> Iterator[Fact]:
    """Secrets that a file of an action shows, which the jobs that use it have."""
    view = board.view
    for job in board.jobs.all:
        for secret in unread.written(view, board.jobs, job):
            place = view.places(secret)[0]
            read = Edge(k.CAN_READ, view.key(job), view.key(secret), place, action="use_secret")
            yield from (replace(read, gate=gate) for gate in board.jobs.gates(job))


def _spread(board: Board) -> Iterator[Edge]:
    """What opens a role under one name opens it under every name it is handed on by.

    Only along copies: a caller's secret and the called one, an environment's and the
    repository's of the same name, an owner's and that of a repository that surely has it.
    """
    shared = _shared(board)
    waiting = [(key, edge) for key, edges in board.opening.items() for edge in edges]
    sure = {(key, edge.target): False for key, edge in waiting}
    for key, edge in waiting:
        sure[key, edge.target] |= edge.certainty is Certainty.CERTAIN
    while waiting:
        key, edge = waiting.pop()
        node = board.view.node(key)
        if node is None or _is_handed(board, node):
            continue
        for source, sure_copy in (*_copies(board, node), *shared.get(key, ())):
            made = _handed_on(source, edge, certain=sure_copy)
            found = (made.source, made.target)
            certain = made.certainty is Certainty.CERTAIN
            if found in sure and (sure[found] or not certain):
                continue  # It is said already, and as surely.
            sure[found] = certain
            board.opening.setdefault(made.source, []).append(made)
            waiting.append((made.source, made))
            yield made


def _is_handed(board: Board, secret: int) -> bool:
    """A called secret whose callers were read: which of theirs it is, each run says itself."""
    key = board.view.parsed(secret)
    asked = isinstance(key, forge.CalledSecret) and board.jobs.has_callers(key.workflow.text)
    return asked and bool(board.view.props(secret).get("parameter"))


def _copies(board: Board, node: int) -> Iterator[tuple[str, bool]]:
    """Secrets that one is a copy of, each with whether that is sure."""
    for arc in board.view.into(node, k.FEEDS):
        decided = board.settled.get(arc.row, arc.certain)
        copied = arc.transform == Transform.COPY and board.view.is_a(arc.source, k.SECRET)
        if copied and board.settled.get(arc.row) is not False:
            yield board.view.key(arc.source), decided


def _shared(board: Board) -> dict[str, list[tuple[str, bool]]]:
    """Secrets of owners that are surely what a repository's jobs see, by that one's key.

    Where it is not sure, what the owner's opens is asked.
    """
    found: dict[str, list[tuple[str, bool]]] = {}
    for fact in board.facts:
        if isinstance(fact, Edge) and fact.kind is k.FEEDS and fact.transform is Transform.COPY:
            owners = isinstance(keys.parse(fact.source), forge.OwnerSecret)
            if owners and fact.certainty is Certainty.CERTAIN:
                found.setdefault(fact.target, []).append((fact.source, True))
    return found


def _handed_on(source: str, edge: Edge, *, certain: bool) -> Edge:
    sure = certain and edge.certainty is Certainty.CERTAIN
    condition = edge.condition if certain else _SAME
    return Edge(
        edge.kind,
        source,
        edge.target,
        edge.evidence,
        certainty=Certainty.CERTAIN if sure else Certainty.CONDITIONAL,
        condition=None if sure else condition,
        because=edge.because,
    )


JOIN = Join(
    settle,
    takes=(Call,),
    gives=(k.AUTHENTICATES_AS, k.CAN_READ, k.CAN_ASSUME, k.CAN_WRITE, k.FEEDS),
    unanswered="what is called, and with which secrets, is not followed",
    hides=(State.CONTROL,),
)
