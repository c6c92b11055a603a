"""Which secret opens which account, or that somebody is in it without one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nhigraph.facts import ends, keys
from nhigraph.facts.evidence import IMPLIED, Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.values import literal, secrets
from nhigraph.joins import alongside, unread
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.logins import Login
from nhigraph.joins.runs import Run
from nhigraph.joins.view import View
from nhigraph.policy import clouds, exports, forges
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, EdgeKind, State

_INSIDE = "the secret is a part of the password"
_UNSTATED = "it logs in without a password that the files show"
_WHO = "as which account of {} it logs in is not in the files"
_WHICH = "which account a login to {} opens is not read"


def settle(board: Board) -> None:
    """Answer the logins of runs, and those that a document states of a node itself."""
    named: dict[str, list[Login]] = {}
    for _, logins in board.runs:
        for login in logins:
            if login.role:
                named.setdefault(login.role, []).append(login)
            board.add(_login(board, login))
    board.add(_roles(board, {role: logins[0] for role, logins in named.items()}))
    board.add(alongside.facts(board.view, board.servers, named))
    for node in board.graph.ends_of(ends.Login.__name__):
        for end in board.view.ends(node, ends.Login):
            if _is_answered_elsewhere(board, node, end):
                board.answer(end)
            else:
                board.add(_stated(board, end))
                board.answer(end)
    # Whoever logs in looks for them; one whose server nobody can tell is looked for in vain.
    told = (one for one in board.servers.stated if board.servers.knows(one))
    board.answer(*told)


def _is_answered_elsewhere(board: Board, node: int, end: ends.Login) -> bool:
    """A connection logs in as part of a run, and to a cloud the pass ``trust`` answers."""
    run = bool(board.view.ends(node, ends.Target))
    return run or clouds.is_cloud(end.endpoint.platform)


def _stated(board: Board, end: ends.Login) -> Iterator[Fact]:
    """What a document says of a node: it presents a secret, as somebody, somewhere."""
    where = end.endpoint
    known = board.accounts.are_known(where.platform)
    user, database = literal(end.user), literal(where.database)
    if not known or user is None or database is None:
        reason = (_WHO if known else _WHICH).format(where.platform)
        yield Gap(end.at, reason, end.evidence, (State.CONTROL,))
        return
    asked = (where.platform, literal(where.host) or "", literal(where.port) or "", database)
    apart = board.servers.elsewhere(*asked)
    yield from _apart(board, end, apart) if apart else ()
    for found in board.accounts.answering(*asked, user):
        if not found.key:
            yield Gap(end.at, _WHICH.format(where.platform), end.evidence, (State.CONTROL,))
            continue
        yield from _role(board, found.key, user, end.evidence)
        if _is_closed(board, found.key):
            for key, _ in secrets(end.password):
                board.opening.setdefault(key, [])
                if not found.condition:
                    board.idle.setdefault(key, set()).add(end.at)
        else:
            yield from _opened(board, end, found.key, found.condition)


def _apart(board: Board, end: ends.Login, reason: str) -> Iterator[Fact]:
    """Only another server answers: what is presented may open more than the roles there."""
    held = secrets(end.password)
    for key, _ in held:
        if board.view.node(key) is None:
            yield Node(k.SECRET, key, end.evidence)
        yield Gap(key, reason, end.evidence, (State.READ,))
    if not held:
        yield Gap(end.at, reason, end.evidence, (State.CONTROL,))


def _opened(board: Board, end: ends.Login, role: str, condition: str) -> Iterator[Fact]:
    """The secret that is presented opens the account; without one the node is in it."""
    held = secrets(end.password)
    if not held:
        yield _stated_edge(k.CAN_ASSUME, end.at, role, end, condition, _UNSTATED)
    for key, whole in held:
        doubt = "" if whole else _INSIDE
        opens = _stated_edge(k.AUTHENTICATES_AS, key, role, end, condition, doubt)
        board.opening.setdefault(key, []).append(opens)
        if board.view.node(key) is None:
            yield Node(k.SECRET, key, end.evidence)
        yield opens
        yield Edge(k.CAN_READ, end.at, key, end.evidence, action="use_secret")


def _stated_edge(
    kind: EdgeKind, source: str, role: str, end: ends.Login, *conditions: str
) -> Edge:
    text = " and ".join(one for one in conditions if one)
    certainty = Certainty.CONDITIONAL if text else Certainty.CERTAIN
    return Edge(kind, source, role, end.evidence, certainty=certainty, condition=text or None)


def _is_closed(board: Board, role: str) -> bool:
    """Whether no password opens it, because an export says that it may not log in.

    One that says that it may outweighs it: they may be of two databases, or of two days.
    """
    node = board.view.node(role) if role else None
    if node is None:
        return False
    said = {one.login for one in board.view.ends(node, ends.Account)}
    said.add(board.view.props(node).get("login"))
    return False in said and True not in said


def _is_described(board: Board, role: str) -> bool:
    """Whether some input says what a role is or may do."""
    node = board.view.node(role)
    return node is not None and board.builds.rights(node).described


def _role(board: Board, role: str, user: str, place: Evidence) -> Iterator[Fact]:
    """An account as a login names it, with a gap where no document describes it."""
    if board.view.node(role) is None:
        yield Node(k.DATABASE_ROLE, role, place, name=user or None)
    if not _is_described(board, role):
        yield unread.role(role, place)


def _login(board: Board, login: Login) -> Iterator[Fact]:
    """The secret that opens the role, or that the job has it without one."""
    run = login.run
    closed = _is_closed(board, login.role)
    if login.own or closed:
        _opens_nothing(board, login)
    if closed or not login.role:
        return
    if not login.secrets:
        stated = login.under(_UNSTATED)
        for job, gate in board.jobs.holders(run):
            one = stated if job == board.view.key(run.job) else stated.above
            yield replace(_edge(k.CAN_ASSUME, job, one), gate=gate)
        return
    for key, whole in login.secrets:
        if board.view.node(key) is None and not run.context.hands_over(key):
            continue
        held = login.above if run.context.hands_over(key) else login
        edge = _shown(_edge(k.AUTHENTICATES_AS, key, held if whole else held.under(_INSIDE)))
        board.opening.setdefault(key, []).append(edge)
        yield edge
        # What a caller hands over, the callers have (``callers``).
        if not run.context.callers and not _reads(board.view, run, key):
            # A password in a file of the checkout: the job has the file.
            for job, gate in board.jobs.holders(run):
                yield Edge(k.CAN_READ, job, key, run.evidence, action="use_secret", gate=gate)


def _opens_nothing(board: Board, login: Login) -> None:
    """Its secrets open nothing where this run uses them.

    Under a condition they may open something after all, and so may they where others use them:
    with these it is still asked (``unread.secrets``).
    """
    jobs = board.jobs.under(login.run) if not login.above.condition else []
    own = [] if login.condition else [board.view.key(login.run.job)]
    for key, _ in login.secrets:
        board.opening.setdefault(key, [])
        if jobs or own:
            board.idle.setdefault(key, set()).update(jobs, own)


def _edge(kind: EdgeKind, source: str, login: Login) -> Edge:
    return Edge(
        kind,
        source,
        login.role,
        login.run.evidence,
        certainty=login.certainty,
        condition=login.condition or None,
        because=login.because,
    )


def _shown(edge: Edge) -> Edge:
    """What a secret opens a run shows, and it opens the same once nothing runs."""
    return replace(edge, evidence=replace(edge.evidence, basis=IMPLIED))


def _reads(view: View, run: Run, secret: str) -> bool:
    node = view.node(secret)
    arcs = view.into(node, k.CAN_READ) if node is not None else iter(())
    feeds = view.out(node, k.FEEDS) if node is not None else iter(())
    return any(arc.source == run.job for arc in arcs) or next(feeds, None) is not None


def _roles(board: Board, roles: Mapping[str, Login]) -> Iterator[Fact]:
    """Roles as logins name them, with a gap on those that no export describes."""
    for key, login in sorted(roles.items()):
        parsed = keys.Role.parse(key)
        platform = parsed.database.platform if parsed is not None else ""
        if platform in exports.databases() and not _is_described(board, key):
            wanted_by = forges.of(board.view.parsed(login.run.job)).source
            board.needed.databases.setdefault((platform, login.database), set()).add(wanted_by)
        yield from _role(board, key, login.user, login.run.evidence)


JOIN = Join(
    settle,
    takes=(ends.Login, ends.Account),
    gives=(k.AUTHENTICATES_AS, k.CAN_ASSUME, k.CAN_READ),
    unanswered="which account this login opens, or which logins this account, is in no input",
    hides=(State.CONTROL,),
)
