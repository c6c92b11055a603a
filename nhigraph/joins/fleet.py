"""Which machines those are that jobs choose by labels or by a group.

Whoever controls a machine controls what runs on it, for whichever labels it was chosen; what a job
leaves on it meets the next one, unless the machine is made for one job.
"""

from collections.abc import Iterator

from nhigraph.facts.asks import Machine as Ask
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.facts.keys import forge
from nhigraph.facts.keys.parts import Key
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.view import View
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, NodeState, State

#: Stands for a job that asks for nothing.
_OPEN = frozenset({"(untagged)"})
_ONE = "one machine of the owner's has these labels and takes the jobs of both"
_JOBS = "which jobs this machine takes is in no input"
_CHOICE = "which machine a job of {} chooses is in no input: it may be this one"


def settle(board: Board) -> None:
    """Tie machines to what they are chosen by; a label that one carries is no hosted machine's."""
    view = board.view
    runners = view.of_kind(k.RUNNER)
    machines = [node for node in runners if isinstance(view.parsed(node), _MACHINES)]
    board.add([*_unlabelled(view, machines), *_maybe_chosen(board, runners)])
    board.add([*_maybe_one(view, runners, machines)])
    for chosen in runners if machines else ():
        found = [one for one in machines if _serves(view, one, chosen)]
        board.add([*_tied(view, found, chosen)])
        if found:
            board.settled |= {
                arc.row: True for arc in view.out(chosen, k.EXECUTES) if not arc.certain
            }


_MACHINES = (forge.Machine, forge.OwnerMachine)


def _unlabelled(view: View, machines: list[int]) -> Iterator[Gap]:
    """Machines of which no document says what they are chosen by: any job may be theirs."""
    for machine in machines:
        if "labels" not in view.props(machine) and view.state(machine) != NodeState.DISABLED:
            yield Gap(view.key(machine), _JOBS, view.places(machine)[0], (State.CONTROL,))


def _maybe_chosen(board: Board, runners: list[int]) -> Iterator[Gap]:
    """Machines that may run a job of which nobody says what it asks for; once each.

    So may those that another job of the repository chooses, whether a listing has them or not.
    """
    view = board.view
    open_ended: dict[forge.Repository, Evidence] = {}
    for job in board.jobs.all if runners else ():
        home = forge.repository_of(view.parsed(job))
        asked = [place for _, place, _, asks in view.gaps(job) if isinstance(asks, Ask)]
        if home is not None and asked:
            open_ended.setdefault(home, asked[0])
    for machine in runners:
        key = view.parsed(machine)
        homes = [home for home in open_ended if _lends(key, home)]
        for home in homes[:1] if view.state(machine) != NodeState.DISABLED else ():
            reason = _CHOICE.format(home.path)
            yield Gap(view.key(machine), reason, open_ended[home], (State.CONTROL,))


def _maybe_one(view: View, runners: list[int], machines: list[int]) -> Iterator[Edge]:
    """Choices of one owner's jobs, in one repository or several, that one machine may answer.

    Where no listing has the owner's machines, one that has the labels of the one takes jobs of the
    other, if that asks for no more.
    """
    lent = (view.parsed(one) for one in machines)
    listed = {_whose(key) for key in lent if isinstance(key, forge.OwnerMachine)}
    same: dict[tuple[str, str], dict[frozenset[str], list[int]]] = {}
    for chosen in runners:
        key, labels = view.parsed(chosen), frozenset(_labels(view, chosen))
        asks = isinstance(key, forge.Runner) and labels and not _OPEN & labels
        whose = _whose(key)
        if not asks or whose is None or whose in listed:
            continue
        if not any(_serves(view, one, chosen) for one in machines):
            same.setdefault(whose, {}).setdefault(labels, []).append(chosen)
    for alike in same.values():
        for labels, (first, *rest) in alike.items():
            more = [others[0] for asked, others in alike.items() if labels < asked]
            for other in (*rest, *more):
                yield from _one(view, first, other)


def _one(view: View, first: int, second: int) -> Iterator[Edge]:
    for source, target in ((first, second), (second, first)):
        yield Edge(
            k.RUNS_AS,
            view.key(source),
            view.key(target),
            view.places(target)[0],
            certainty=Certainty.CONDITIONAL,
            condition=_ONE,
        )


def _whose(key: Key | None) -> tuple[str, str] | None:
    """Who lends machines to it: an owner, or a server; None where nobody says."""
    home = forge.repository_of(key)
    owner = key if isinstance(key, forge.OwnerMachine) else home
    if owner is None or (home is not None and home.is_local):
        return None
    return owner.platform, owner.owner.partition("/")[0].lower()


def _lends(key: Key | None, to: forge.Repository) -> bool:
    """Whether a machine is there for a repository's jobs."""
    if isinstance(key, forge.Machine | forge.Runner):
        return key.repository == to
    return isinstance(key, forge.OwnerMachine) and to.belongs_to(key)


def _serves(view: View, machine: int, chosen: int) -> bool:
    """Whether a machine is one of those that a job chooses so."""
    key, by = view.parsed(machine), view.parsed(chosen)
    if not _labels(view, chosen) <= _labels(view, machine):
        return False
    if isinstance(by, forge.RunnerGroup):
        group = view.text(chosen, "runner_group")
        ours = isinstance(key, forge.OwnerMachine) and _owner(key) == _owner(by)
        return ours and group != "" and view.text(machine, "runner_group") == group
    if not isinstance(by, forge.Runner) or not _labels(view, chosen):
        return False
    return _lends(key, by.repository)


def _owner(key: forge.Owned) -> tuple[str, str]:
    return key.platform, key.owner


def _labels(view: View, node: int) -> set[str]:
    return {label.lower() for label in view.lines(node, "labels")}


def _tied(view: View, machines: list[int], chosen: int) -> Iterator[Fact]:
    for machine in machines:
        place = view.places(machine)[0]
        yield Edge(k.RUNS_AS, view.key(machine), view.key(chosen), place)
        if view.props(machine).get("ephemeral") is not True:
            yield Edge(k.CONTAINS, view.key(chosen), view.key(machine), place)


JOIN = Join(settle, gives=(k.RUNS_AS, k.CONTAINS))
