"""What jobs run, and how it connects: by its project's profile, or by options and variables.

A project and a run give logins here, which ``login`` and ``work`` both read.
"""

from collections.abc import Iterable, Iterator, Mapping

from nhigraph.facts.ends import Container, Interface, Project, Step, Target, Work
from nhigraph.facts.facts import Note
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.logins import Login
from nhigraph.joins.runs import Run
from nhigraph.joins.servers import Servers
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State


def settle(board: Board) -> None:
    """Read every run, with its logins."""
    found = [one for job in board.jobs.all for one in _runs(board, job)]
    hosts = _hosts((login for _, logins in found for login in logins), board.servers)
    for _, logins in found:
        board.add(_several(logins, hosts))
    board.runs = [(run, [_of_one_server(one, hosts) for one in logins]) for run, logins in found]
    # An action runs as part of the jobs that use it; of what none uses there is nothing to say.
    places = [*board.jobs.all, *board.view.of_kind(k.ARTIFACT)]
    for node in places:
        for kind in (Work, Step, Container):
            board.answer(*board.view.ends(node, kind))
    for node in board.view.of_kind(k.ARTIFACT, k.WORKFLOW):
        board.answer(*board.view.ends(node, Interface))
    # A project that nobody runs does nothing, and by a connection that nobody opens nobody goes.
    for node in board.view.of_kind(k.SYSTEM):
        board.answer(*board.view.ends(node, Project), *board.view.ends(node, Target))


def _runs(board: Board, job: int) -> Iterator[tuple[Run, list[Login]]]:
    """What a job runs, with its logins; steps that tell no more come last."""
    told: set[str] = set()
    for run in board.jobs.runs(job):
        logins = [*board.logins.of(run)]
        told |= {key for one in logins for key, _ in one.secrets}
        yield run, logins
    for run in board.jobs.steps(job):
        more = [*board.logins.of(run), *board.logins.by_name(run)]
        logins = [
            one
            for one in more
            if (one.role or one.own) and not told.issuperset(key for key, _ in one.secrets)
        ]
        if logins:
            yield run, logins


def _hosts(logins: Iterator[Login], servers: Servers) -> dict[str, set[str]]:
    """Servers that runs name for each database, but those of which scope or export tells."""
    found: dict[str, set[str]] = {}
    for login in logins:
        named = login.local or any(host == login.host for _, host in servers.aliases)
        if login.role and login.host and not named and not servers.tells(login.server, login.host):
            found.setdefault(login.database, set()).add(login.host)
    return found


def _of_one_server(login: Login, hosts: Mapping[str, set[str]]) -> Login:
    """Two servers with a database of one name: which one an export shows, no file says."""
    known = hosts.get(login.database, set())
    if login.role and len(known) > 1 and login.host in known:
        return login.under(f"the export of {login.database} is of the server at {login.host}")
    return login


def _several(logins: Iterable[Login], hosts: Mapping[str, set[str]]) -> Iterator[Note]:
    """A line where a login may be at another server than the one that was exported."""
    for login in logins:
        known = sorted(hosts.get(login.database, ()))
        if login.role and len(known) > 1 and login.host in known:
            places = " and ".join(known)
            reason = (
                f"{login.database} is reached at {places}: of which an export is, no file says"
            )
            yield Note(reason, login.run.evidence)


JOIN = Join(
    settle,
    takes=(Work, Step, Interface, Container, Project, Target),
    unanswered="what it runs, and how that connects, is not followed",
    hides=(State.CONTROL,),
)
