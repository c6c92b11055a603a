"""Branch protection as a gate on what a job's own token writes to the repository.

Workflows on a schedule run the default branch, and what a push to it changes is what they run
next: so the default branch's rule is the one that guards CAN_WRITE Repository. Which branch that
is, the repository's export says, or a ruleset for ``~DEFAULT_BRANCH`` or ``~ALL``; where neither
is there, the only protected branch is taken for it. A token cannot change workflow files, and what
it pushes starts no other run, except by ``workflow_dispatch``: a job that may also write
``actions`` can start a run on a branch that nobody reviewed, so its writing is not guarded
(https://docs.github.com/en/actions/concepts/security/github_token).
"""

from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import View
from nhigraph.schema import kinds as k

_RULES_OF_DEFAULT = ("~DEFAULT_BRANCH", "~ALL")


def guards(view: View, jobs: Jobs) -> dict[int, str]:
    """Gates by the number of the edge that they guard."""
    found: dict[int, str] = {}
    rules = {node: _rule(view, node) for node in view.of_kind(k.REPOSITORY)}
    for job in jobs.all:
        for arc in view.out(job, k.CAN_WRITE):
            if arc.gate or not view.is_a(arc.target, k.REPOSITORY):
                continue
            gate = rules[arc.target]
            if gate is not None and not _dispatches(view, job, arc.target):
                found[arc.row] = gate
    return found


def _rule(view: View, repository: int) -> str | None:
    mark = f"{view.key(repository)}/protection/"
    protected = {
        key.removeprefix(mark): key for key in view.graph.gate_records if key.startswith(mark)
    }
    default = view.text(repository, "default_branch")
    for branch in ((default,) if default else ()) + _RULES_OF_DEFAULT:
        if branch in protected:
            return protected[branch]
    if default or len(protected) != 1:
        return None
    return next(iter(protected.values()))


def _dispatches(view: View, job: int, repository: int) -> bool:
    """Whether the job can start a workflow of the repository on any branch."""
    own = f"{view.key(repository)}/permission/"
    allowed = any(view.key(arc.target).startswith(own) for arc in view.out(job, k.HOLDS))
    workflows = (arc.target for arc in view.out(repository, k.CONTAINS))
    return allowed and any(
        entry.startswith("workflow_dispatch=")
        for node in workflows
        if view.is_a(node, k.WORKFLOW)
        for entry in view.lines(node, "triggers")
    )
