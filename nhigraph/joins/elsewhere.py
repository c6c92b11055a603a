"""Logins to machines and clusters of which no input says as whom, nor what that account may do.

``ssh`` and its like work with a key. One that the job holds as a secret is a question of its own,
asked at the secret and answered there by a link; so is a cloud's identity, with which clusters are
opened. Without either the machine of the job has the key, or a file of it, and the question is the
job's: whoever decides what the job runs has that account.

A secret that opens a database or an application is no key to a machine. Which other secret of the
job is the key the file seldom says, so any is taken for it. A cluster that the job starts itself
is nobody's.
"""

from collections.abc import Collection, Iterator, Sequence

from nhigraph.facts.facts import Gap
from nhigraph.joins import unread
from nhigraph.joins.runs import Jobs, Run
from nhigraph.joins.view import View
from nhigraph.policy import clouds, forges, machines
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State

_SAYS = "a link in the scope from the job, or from the secret that is the key, can say it"
_MACHINE = "as whom it logs in to another machine, and what that account may do, is in no input"
_CLUSTER = "as whom it acts on a cluster, and what that account may do there, is in no input"


def gaps(
    view: View,
    jobs: Jobs,
    runs: Sequence[Run],
    databases: Collection[str],
    linked: Collection[str],
) -> Iterator[Gap]:
    """One gap for each tool of a job whose login nothing else tells of.

    Args:
        view: The graph.
        jobs: Its jobs.
        runs: What they run.
        databases: Keys of secrets that are known to open a database.
        linked: Keys of which the scope says what they may do.
    """
    told: set[tuple[int, str]] = set()
    own = {run.job for run in runs if machines.OWN_CLUSTER.search(run.tool)}
    for run in runs:
        reason = _reason(run)
        tool = run.tool.partition(" ")[0]
        if not reason or (run.job, tool) in told:
            continue
        told.add((run.job, tool))
        if view.key(run.job) in linked or _is_told(view, jobs, run.job, databases):
            continue
        if reason is _CLUSTER and (run.job in own or _by_cloud(view, run.job)):
            continue
        yield Gap(view.key(run.job), f"{tool}: {reason}; {_SAYS}", run.evidence, (State.CONTROL,))


def _reason(run: Run) -> str:
    if "elsewhere" in run.options:
        return _MACHINE
    if not run.opaque and run.tool == "ansible-playbook":
        return "" if run.option("connection") == "local" else _MACHINE
    name = run.tool.partition(" ")[0]
    return _CLUSTER if machines.cluster(run.tool) and name == name.strip("./") else ""


def _is_told(view: View, jobs: Jobs, job: int, databases: Collection[str]) -> bool:
    """Whether a secret of the job may be the key, or a fact says as whom it logs in."""
    held = [arc.target for arc in view.out(job, k.CAN_READ) if view.is_a(arc.target, k.SECRET)]
    for secret in (*held, *unread.written(view, jobs, job)):
        opens = [arc.target for arc in view.out(secret, k.AUTHENTICATES_AS)]
        other = opens and all(view.is_a(n, k.DATABASE_ROLE, k.OAUTH_APP) for n in opens)
        if not other and view.key(secret) not in databases:
            return True
    become = view.out(job, k.CAN_ASSUME, k.RUNS_AS, k.CAN_ADMINISTER)
    kinds = view.graph.kind_list
    return any(arc.certain or clouds.cloud_of(kinds[arc.target]) is None for arc in become)


def _by_cloud(view: View, job: int) -> bool:
    """Whether the job logs in to a cloud, or may, or has a cluster of its own from an action."""
    around = [view.key(arc.source) for arc in view.into(job, k.EXECUTES)]
    held = [view.parsed(arc.target) for arc in view.out(job, k.HOLDS)]
    return (
        any(machines.OWN_CLUSTER.search(key) for key in around)
        or any(forges.gives_identity(key) for key in held)
        or next(view.out(job, k.CAN_ASSUME), None) is not None
    )
