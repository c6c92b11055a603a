"""Gaps where something is needed and was not supplied: "no path" must not rest on it.

They can only be told once everything is merged: one file names what another one describes.
"""

from collections.abc import Collection, Iterator, Mapping

from nhigraph.facts import keys
from nhigraph.facts.asks import Export, Opens
from nhigraph.facts.ends import Call
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gap
from nhigraph.facts.keys import forge
from nhigraph.facts.values import secrets as secrets_in
from nhigraph.joins.builds import Builds
from nhigraph.joins.logins import Login
from nhigraph.joins.missing import file_of, manifest
from nhigraph.joins.operations import is_one
from nhigraph.joins.profile import Projects
from nhigraph.joins.runs import Jobs, Run
from nhigraph.joins.view import View
from nhigraph.policy import exports, programs
from nhigraph.schema import kinds as k
from nhigraph.schema.types import FLOWING, NodeState, State

#: Of a secret that is used and tied to nothing.
_UNKNOWN = "what it opens is in no input; a link in the scope can say it"
#: Of one of which another use says what it opens.
_HANDED = "what it opens in the workflow that it is handed to, which was not read, is in no input"
_RUNNING = (State.CONTROL, State.HALT)


def workflows(view: View, jobs: Jobs) -> Iterator[Gap]:
    """Workflow files that a listing or a caller names, or that somebody changes, and nobody read.

    What another repository's workflow does for its caller, it does with what that has. What it
    does for who may change what it runs, it does with what is its own.
    """
    own = {jobs.repository(job) for job in jobs.all}
    for node in view.of_kind(k.WORKFLOW):
        key, props = view.key(node), view.props(node)
        file = view.parsed(node)
        at_commit = isinstance(file, forge.Workflow) and bool(file.commit)
        ours = isinstance(file, forge.Workflow) and file.repository.text in own
        called = props.get("called") is True and ours
        # Whoever states all of it as facts says all.
        changed = view.is_native(node) and next(view.into(node, k.CAN_WRITE), None) is not None
        named = called or changed or props.get("listed") is True
        gone = str(view.graph.nodes["state"].iat[node]) == NodeState.DELETED
        if named and not gone and not at_commit and not props.get("defined"):
            reason = "its file is not among the inputs: what it runs, and with which secrets"
            yield Gap(key, reason, view.places(node)[0], asks=file_of(key))


def actions(view: View, jobs: Jobs) -> Iterator[Gap]:
    """Jobs that use an action of the own repository that was not read, or not to its end.

    What is not known of an action is not known of a job that runs it.
    """
    for job in jobs.all:
        for action in jobs.all_actions(job):
            name = str(view.graph.nodes["name"].iat[action])
            for reason, place, states, asks in view.gaps(action):
                yield Gap(view.key(job), f"the action {name}: {reason}", place, states, asks=asks)
            if not view.props(action).get("defined"):
                reason = f"what the action {name} runs is not among the inputs"
                yield Gap(view.key(job), reason, jobs.place(job), _RUNNING)


def of_run(
    view: View, projects: Projects, builds: Builds, run: Run, logins: list[Login]
) -> Iterator[Gap]:
    """What one run leaves open, at the job and at those under which it runs."""
    for job in projects.jobs.under(run):
        yield from _at_job(projects, run, logins, job)
    work = bool(programs.of(run.tool).builds) or is_one(run)
    if work and not run.opaque and not projects.projects(run):
        yield from _inputs(view, projects.jobs, builds, run, logins)


def servers(view: View, jobs: Jobs, run: Run, logins: list[Login]) -> Iterator[Gap]:
    """Logins to a server of which no export is, though others have a database of that name."""
    for login in logins:
        if not login.apart or not login.role:
            continue
        for key, _ in login.secrets:
            if view.node(key) is not None or run.context.hands_over(key):
                asks = export_of(login.role)
                yield Gap(key, login.apart, run.evidence, (State.READ,), asks=asks)
        if not login.secrets:
            for job in jobs.under(run):
                asks = export_of(login.role)
                yield Gap(job, login.apart, run.evidence, (State.CONTROL,), asks=asks)


def perhaps(view: View, run: Run, logins: list[Login], certain: Collection[str]) -> Iterator[Gap]:
    """Secrets that open what is known on a condition only, and may open what is not.

    A password is one account's: where a user may be one that the files name or another one, it may
    be that one's.

    Args:
        view: All that is known.
        run: A run.
        logins: Its logins.
        certain: Secrets of which something says for certain what they open.
    """
    held = {key for one in logins if one.role for key, _ in one.secrets}
    for login in logins:
        if login.why and not login.role:
            for key, _ in login.secrets:
                if key in held and key not in certain and view.node(key) is not None:
                    reason = f"{run.tool}: {login.why}"
                    yield Gap(key, reason, run.evidence, (State.READ,), asks=Opens())


def _at_job(projects: Projects, run: Run, logins: list[Login], job: str) -> Iterator[Gap]:
    for login in logins:
        if login.why and not login.secrets:
            # Where a secret is known, what it opens is asked at the secret.
            yield Gap(job, f"{run.tool}: {login.why}", run.evidence, (State.CONTROL,))
    if run.opaque or not programs.of(run.tool).by_profile:
        return
    if programs.connects(run.tool, run.options) and (not logins or projects.is_borrowed(run)):
        reason = f"{run.tool}: the profile it connects by is not among the inputs"
        yield Gap(job, reason, run.evidence, (State.CONTROL,))
    if (programs.of(run.tool).builds or is_one(run)) and not projects.projects(run):
        reason = f"{run.tool}: the manifest that says what it builds is not among the inputs"
        yield Gap(job, reason, run.evidence, _RUNNING, asks=_manifest_of(projects.jobs, run))


def _inputs(
    view: View, jobs: Jobs, builds: Builds, run: Run, logins: list[Login]
) -> Iterator[Gap]:
    """Whatever the run may read may go into what it builds, and be read there."""
    asks = _manifest_of(jobs, run)
    for role in sorted({login.role for login in logins if login.role}):
        node = view.node(role)
        for dataset in builds.rights(node).readable() if node is not None else ():
            reason = f"{run.tool} may read it, and no manifest says what it makes of it"
            yield Gap(view.key(dataset), reason, run.evidence, FLOWING, asks=asks)
    for role in sorted({login.acts_as or login.role for login in logins if login.role}):
        node = view.node(role)
        for dataset in builds.rights(node).buildable() if node is not None else ():
            reason = f"{run.tool} may build it, and no manifest says what it makes it of"
            yield Gap(view.key(dataset), reason, run.evidence, (State.READ,), asks=asks)


def _manifest_of(jobs: Jobs, run: Run) -> Export:
    """The manifest that says what a run builds."""
    return Export(manifest(jobs, run.job).title)


def secrets(
    view: View, jobs: Jobs, opening: set[str], idle: Mapping[str, Collection[str]]
) -> Iterator[Gap]:
    """Secrets that somebody has and nothing says what they open.

    Those of jobs that were read, whatever they are called, and whoever else reads those of these
    jobs' repositories: only what the jobs do with them says what they open. Whoever states all of
    it as facts says all. That it opens nothing where one job uses it says nothing of another job.

    Args:
        view: The graph.
        jobs: Its jobs.
        opening: Keys of secrets that a join or the scope ties to what they open.
        idle: Key of a secret to the keys of those who use it where it opens nothing.
    """
    used: dict[int, Evidence] = {}
    for job in jobs.all:
        key = view.key(job)
        for arc in view.out(job, k.CAN_READ):
            asked = view.is_a(arc.target, k.SECRET) and arc.target not in used
            if asked and key not in idle.get(view.key(arc.target), ()):
                used[arc.target] = view.said(arc)[0]
        for secret in written(view, jobs, job):
            if key not in idle.get(view.key(secret), ()):
                used.setdefault(secret, view.places(secret)[0])
    for node in view.of_kind(k.SECRET):
        held = forge.repository_of(view.parsed(node)) in jobs.given
        if held and not idle.get(view.key(node)):
            for arc in view.into(node, k.CAN_READ):
                used.setdefault(node, view.said(arc)[0])
    for node, place in sorted(used.items()):
        yield from untied(view, view.key(node), place, opening)


def handed(view: View, jobs: Jobs, opened: Collection[str]) -> Iterator[Gap]:
    """Secrets that a job hands, one by one, to a workflow of its own that was not read.

    That another job's use says what one opens is no answer to what it is handed on for: a link of
    the scope is, a fact, and the file. Of all that are inherited the caller has the gap, because
    which of them are asked for is not in the files.
    """
    for job in jobs.all:
        for call in view.ends(job, Call):
            callee = view.node(call.callee)
            read = callee is not None and view.props(callee).get("defined")
            if call.step is not None or read or not jobs.is_ours(job, call):
                continue
            for key in sorted(
                {key for one in call.secrets.values() for key, _ in secrets_in(one)}
            ):
                if not _is_tied(view, key, opened):
                    asks = file_of(call.callee)
                    yield Gap(key, _HANDED, call.evidence, (State.READ,), asks=asks)


def untied(view: View, key: str, place: Evidence, opening: Collection[str]) -> Iterator[Gap]:
    """The gap of a used secret, where neither an edge nor ``opening`` says what it opens."""
    if not _is_tied(view, key, opening):
        yield Gap(key, _UNKNOWN, place, (State.READ,), asks=Opens())


def _is_tied(view: View, key: str, opening: Collection[str]) -> bool:
    node = view.node(key)
    if node is not None and next(view.out(node, k.AUTHENTICATES_AS), None) is not None:
        return True
    return key in opening


def written(view: View, jobs: Jobs, job: int) -> Iterator[int]:
    """Secrets whose value an action of the own repository shows, which has the job's steps."""
    for action in jobs.all_actions(job):
        for key in view.lines(action, "written"):
            node = view.node(key)
            if node is not None:
                yield node


def role(key: str, place: Evidence) -> Gap:
    """A role that a login names and no export describes."""
    reason = "no export describes what this role may do in its database"
    return Gap(key, reason, place, (State.CONTROL,), asks=export_of(key))


def export_of(role: str) -> Export | None:
    """The export that describes a role, where some source reads one."""
    key = keys.Role.parse(role)
    read = exports.databases().get(key.database.platform) if key is not None else None
    if key is None or read is None:
        return None
    return Export(read.database(key.database.name, "", "").title)
