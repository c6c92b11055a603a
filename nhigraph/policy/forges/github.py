"""GitHub: what its workflows, environments and branches follow, and what ``gh api`` tells of them.

* A called workflow's ``environment`` is the caller's repository's: "If you include ``environment``
  in the reusable workflow at the job level, the environment secret will be used"; so are the
  runners whose labels it names. ``secrets: inherit`` works within one organization or enterprise
  (https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations).
  Which owners are of one enterprise no file says.
* Up to ten levels of workflows can be connected (the same page, "Limitations"), and composite
  actions nest as deep.
* What a job's token pushes starts no run; ``workflow_dispatch`` with ``actions: write`` does, on
  any branch (https://docs.github.com/en/actions/concepts/security/github_token).
* An environment that a workflow names and that is not there is made, without rules
  (https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments).
* Commands: https://docs.github.com/en/rest and https://cli.github.com/manual/gh_api (all read
  28 November 2026).
"""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import quote

from nhigraph.facts.keys import forge
from nhigraph.facts.keys.forge import Repository
from nhigraph.facts.missing import Missing
from nhigraph.policy import rights
from nhigraph.policy.forge import Exports, Forge, Lines
from nhigraph.policy.github_actions import pushed, subjects
from nhigraph.policy.github_actions.branches import covers
from nhigraph.policy.github_actions.events import EVENTS, Starter
from nhigraph.policy.github_actions.machines import runs_elsewhere
from nhigraph.policy.github_actions.permissions import (
    DEFAULT_WRITES,
    IDENTITY_TOKENS,
    PUSHES,
    STARTS_RUNS,
    given,
)

_SOURCE: Final = "github_actions"
#: What a command asks for, and how many of one repository are better fetched at once.
_ASKED: Final = re.compile(r"gh api repos/(?P<repository>[^/\s]+/[^/\s]+)")
_SEVERAL: Final = 3
#: The script goes where whoever runs it stands: an installed package has no folder to name.
_AT_ONCE: Final = "nhigraph export-query github > github.sh && bash github.sh"
_USUAL: Final = ("main", "master")
#: What can guard a branch: each has an endpoint of its own.
_GUARDS: Final = ("protection", "rulesets")


def _api(repository: Repository) -> str:
    return f"gh api repos/{'OWNER/NAME' if repository.is_local else repository.path}"


def _one(title: str, settles: str, command: str, gate: str = "") -> Lines:
    return (Missing(_SOURCE, title, settles, _SOURCE, command, gate),)


class _Exports(Exports):
    """Documents of the REST API."""

    def workflows(self, repository: Repository) -> Lines:
        return _one(
            f"list of workflows of {repository.path}",
            "whether every workflow's file was given, and which are switched off",
            f"{_api(repository)}/actions/workflows --paginate",
        )

    def workflow_file(self, repository: Repository, file: str) -> Lines:
        accept = "-H 'Accept: application/vnd.github.raw'"
        return _one(
            f"workflow {file} of {repository.path}",
            "what its jobs run, and with which secrets",
            f"{_api(repository)}/contents/.github/workflows/{file} {accept}",
        )

    def token_default(self, repository: Repository) -> Lines:
        command = f"{_api(repository)}/actions/permissions/workflow"
        return _one(
            f"default of GITHUB_TOKEN of {repository.path}",
            "what jobs without permissions of their own may write",
            f"{command} > actions-permissions-workflow.json",
        )

    def secrets(self, repository: Repository, environment: str = "") -> Lines:
        name = quote(environment, safe=" ")
        inside = f"/environments/{name}/secrets" if environment else "/actions/secrets"
        file = f"environment-{name}.secrets.json" if environment else "secrets.json"
        of = f"environment {environment} of " if environment else ""
        return _one(
            f"secrets of {of}{repository.path}",
            "how old the secrets are that its jobs hold",
            f"{_api(repository)}{inside} --paginate > {file}",
        )

    def environments(self, repository: Repository, gate: str) -> Lines:
        return _one(
            f"environments of {repository.path}",
            "whether somebody approves what its jobs do in an environment",
            f"{_api(repository)}/environments --paginate",
            gate,
        )

    def branch_rules(
        self, repository: Repository, branch: str, wanted: Collection[str], gate: str
    ) -> Lines:
        branch = branch or _USUAL[0]
        file, api = branch.replace("/", "%2F"), _api(repository)
        commands = {
            "protection": f"{api}/branches/{branch}/protection > branch-{file}.protection.json",
            "rulesets": f"{api}/rules/branches/{branch} > branch-{file}.rules.json",
        }
        what = "branch protection" if "protection" in wanted else f"rules of branch {branch}"
        return _one(
            f"{what} of {repository.path}",
            "whether a review stands before what its jobs write to it",
            "; ".join(commands[one] for one in _GUARDS if one in wanted),
            gate,
        )

    def repository_settings(self, repository: Repository, gate: str) -> Lines:
        return _one(
            f"repository settings of {repository.path}",
            "which branch is the default one, whose protection counts",
            _api(repository),
            gate,
        )

    def at_once(self, commands: Collection[str]) -> str:
        asked = [found["repository"] for text in commands for found in _ASKED.finditer(text)]
        several = sorted({one for one in asked if asked.count(one) >= _SEVERAL})
        return f"{_AT_ONCE} {' '.join(several)}" if several else ""


FORGE: Final = Forge(
    platform="github",
    source=_SOURCE,
    by_callers=frozenset(event for event, by in EVENTS.items() if by is Starter.CALLER),
    on_demand=frozenset({"workflow_dispatch"}),
    starts=STARTS_RUNS,
    identity_tokens=IDENTITY_TOKENS,
    writes=PUSHES,
    lets=given,
    subject_in=subjects.in_environment,
    pushed=pushed.of,
    pushes=rights.PUSH,
    opens=rights.opens,
    levels=10,
    inherits=Repository.has_owner_of,
    nothing_inherited=(
        "'secrets: inherit' hands nothing to a workflow of another owner, unless both owners are"
        " of one enterprise, which no file says"
    ),
    of_caller=(
        forge.Environment,
        forge.EnvironmentProtection,
        forge.EnvironmentSecret,
        forge.Runner,
    ),
    usual_branches=_USUAL,
    guards=_GUARDS,
    covers=covers,
    makes_environments=True,
    job_at="/jobs/",
    action_at="/runs",
    default_at="/default_workflow_permissions",
    environments_at="/total_count",
    default_writes=DEFAULT_WRITES,
    machine=runs_elsewhere,
    exports=_Exports(),
)
