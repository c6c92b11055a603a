"""GitLab: what its pipelines, environments and branches follow, and what ``glab api`` tells.

* A pipeline that another one starts, a child's or another project's, runs as its own: with the
  variables of its own project, beside those that the starting job hands over
  (https://docs.gitlab.com/ci/pipelines/downstream_pipelines/). Children nest two deep (the same
  page: "a child pipeline can trigger another level").
* What a job's token pushes starts no pipeline
  (https://gitlab.com/gitlab-org/gitlab/-/merge_requests/197418), and it pushes only where the
  project allows that, which it does not by itself
  (https://docs.gitlab.com/ci/jobs/ci_job_token/, "Allow Git push requests to your project").
* An environment that a job names and that is not there is made, without protection
  (https://docs.gitlab.com/ci/environments/).
* Of one name, a project's variable goes before its groups', and the nearest group's before the
  others' and the server's (https://docs.gitlab.com/ci/variables/#cicd-variable-precedence).
* The default branch is ``main`` or, of older projects, ``master``, and protected from the start
  (https://docs.gitlab.com/user/project/repository/branches/default/).
* Commands: https://docs.gitlab.com/api/rest/ and https://docs.gitlab.com/cli/ (all read 28
  November 2026). Variables are listed with their values: jq takes these away.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from urllib.parse import quote

from nhigraph.facts.keys.forge import Owned, Repository
from nhigraph.facts.keys.gitlab import Repository as Project
from nhigraph.facts.keys.gitlab_access import Namespace, groups
from nhigraph.facts.missing import Missing
from nhigraph.policy.forge import Exports, Forge, Lines
from nhigraph.policy.gitlab import globs, pushed, roles
from nhigraph.policy.gitlab.variables import takes_in
from nhigraph.policy.rights import PUSH, Right, To
from nhigraph.schema import kinds as k

#: The source of listings, and the one whose documents leave open what they would settle.
_LISTINGS: Final = "gitlab"
_PIPELINES: Final = "gitlab_ci"
_USUAL: Final = ("main", "master")
#: What can ask for a review: who may push and merge, and approvals of merge requests.
_PROTECTION, _APPROVALS = "protection", "approvals"
_GUARDS: Final = (_PROTECTION, _APPROVALS)
_ASKED: Final = re.compile(
    r"glab api (?:--hostname (?P<host>\S+) )?'projects/(?P<project>[^/'?]+)"
)
_SEVERAL: Final = 3
#: The script goes where whoever runs it stands: an installed package has no folder to name.
_AT_ONCE: Final = "nhigraph export-query gitlab > gitlab.sh && sh gitlab.sh"
_DEFAULT_HOST: Final = "gitlab.com"
#: What takes the values out of a list of variables.
_STRIP: Final = "jq 'map(del(.value, .description))'"

#: Condition of what a job's token may push where only the project's setting says so.
DEFAULT_WRITES: Final = (
    "the project lets its jobs' tokens push, which is a setting that is not in the files"
)
#: What a job holds that asks for tokens by ``id_tokens``.
IDENTITY_TOKENS: Final = "id-tokens"
#: Events that other pipelines cause, and those that somebody causes on any branch he chooses
#: (https://docs.gitlab.com/ci/jobs/job_rules/#ci_pipeline_source-predefined-variable).
CALLERS: Final = frozenset({"parent_pipeline", "pipeline"})
ON_DEMAND: Final = frozenset({"api", "trigger", "web"})


def api(repository: Repository, below: str) -> str:
    """The command that asks for what lies below a project's address."""
    told = "HOST/GROUP/NAME" if repository.is_local else repository.path
    host = repository.host if isinstance(repository, Project) else ""
    server = f"--hostname {host} " if host not in ("", _DEFAULT_HOST, "local") else ""
    return f"glab api {server}'projects/{quote(told, safe='')}{below}'"


def merged(repository: Repository) -> str:
    """The command that shows a project's configuration with all that it takes in."""
    below = "/ci/lint?include_jobs=false"
    return f"{api(repository, below)} > ci-lint.json"


def _one(title: str, settles: str, command: str, gate: str = "") -> Lines:
    return (Missing(_LISTINGS, title, settles, _PIPELINES, command, gate),)


def variables_title(repository: Repository) -> str:
    """Title of the list of a project's variables."""
    return f"CI/CD variables of {repository.path}"


class _Exports(Exports):
    """Documents of the REST API."""

    def workflow_file(self, repository: Repository, file: str) -> Lines:
        return (
            Missing(
                _PIPELINES,
                f"pipeline {file or 'configuration'} of {repository.path}",
                "what its jobs run, and with which variables",
                _PIPELINES,
                merged(repository),
            ),
        )

    def token_default(self, repository: Repository) -> Lines:
        return _one(
            f"settings of {repository.path}",
            "whether its jobs' tokens may push, and which branch is the default one",
            f"{api(repository, '')} > project.json",
        )

    def secrets(self, repository: Repository, environment: str = "") -> Lines:  # noqa: ARG002
        below = "/variables?per_page=100"
        return _one(
            variables_title(repository),
            "which variables its jobs are given",
            f"{api(repository, below)} --paginate | {_STRIP} > variables.json",
        )

    def owners_secrets(self, owner: Owned) -> Lines:
        group = owner.group if isinstance(owner, Namespace) else ""
        of = f"groups/{quote(group, safe='')}" if group else "admin/ci"
        below = f"{of}/variables?per_page=100"
        host = owner.host if isinstance(owner, Namespace) else ""
        server = f"--hostname {host} " if host not in ("", _DEFAULT_HOST) else ""
        return _one(
            f"CI/CD variables of {f'group {group}' if group else f'the server {host}'}",
            "which variables the jobs of its projects are given",
            f"glab api {server}'{below}' --paginate | {_STRIP} > variables.json",
        )

    def token_scope(self, repository: Repository) -> Lines:
        return _one(
            f"job token scope of {repository.path}",
            "which other projects' jobs read it by their token",
            f"{api(repository, '/job_token_scope')} > job_token_scope.json",
        )

    def environments(self, repository: Repository, gate: str) -> Lines:
        below = "/protected_environments?per_page=100"
        return _one(
            f"protected environments of {repository.path}",
            "whether somebody approves what its jobs do in an environment",
            f"{api(repository, below)} --paginate > protected_environments.json",
            gate,
        )

    def branch_rules(
        self,
        repository: Repository,
        branch: str,
        wanted: Collection[str],
        gate: str,
    ) -> Lines:
        branch = branch or _USUAL[0]
        of_branch = f"branch-{quote(branch, safe='')}.approval_rules.json"
        commands = {
            _PROTECTION: (
                f"{api(repository, '/protected_branches?per_page=100')} --paginate"
                " > protected_branches.json"
            ),
            _APPROVALS: (
                f"{api(repository, '/approval_rules?per_page=100')} --paginate > {of_branch}"
            ),
        }
        what = "protected branches" if _PROTECTION in wanted else f"approvals for {branch}"
        return _one(
            f"{what} of {repository.path}",
            "whether a review stands before what its jobs write to it",
            "; ".join(commands[one] for one in _GUARDS if one in wanted),
            gate,
        )

    def repository_settings(self, repository: Repository, gate: str) -> Lines:
        return _one(
            f"settings of {repository.path}",
            "which branch is the default one, whose protection counts",
            f"{api(repository, '')} > project.json",
            gate,
        )

    def at_once(self, commands: Collection[str]) -> str:
        found = [one for text in commands for one in _ASKED.finditer(text)]
        asked = [f"{one['host'] or _DEFAULT_HOST}/{one['project']}" for one in found]
        several = sorted({one for one in asked if asked.count(one) >= _SEVERAL})
        told = (one.replace("%2F", "/") for one in several)
        return f"{_AT_ONCE} {' '.join(told)}" if several else ""


_UNPROTECTED: Final = "the variable is not protected, which its listing says"
_STORES: Final = (To.SECRETS, To.ENVIRONMENT_SECRETS)
#: Who pushes to a branch of no rule runs what he pushed, with all that is not protected. To the
#: default branch the way leads past its rule.
_PUSHING: Final = (
    Right(k.CAN_WRITE, action="change_logic", guarded=True),
    Right(k.CAN_ASSUME, To.TRUSTING),
    *(
        Right(k.CAN_READ, to, action="read_secret", spares="protected", unless=_UNPROTECTED)
        for to in _STORES
    ),
)
_SHOWN: Final = "the variable is not hidden, which its listing says"
#: ``GET /projects/:id/variables`` shows the project's own alone.
_READING: Final = tuple(
    Right(k.CAN_READ, to, action="read_secret", spares="hidden", unless=_SHOWN, own=True)
    for to in _STORES
)
_EDITING: Final = (
    Right(k.CAN_ADMINISTER),
    *(Right(k.CAN_READ, to, action="read_secret") for to in _STORES),
    *(Right(k.CAN_WRITE, to) for to in _STORES),
)
#: By role, for those that a group gives in all its projects (``policy.gitlab.roles``).
_RIGHTS: Final = {
    PUSH: _PUSHING,
    roles.REPORTER: (Right(k.CAN_READ),),
    roles.DEVELOPER: (Right(k.CAN_READ), *_PUSHING),
    roles.MAINTAINER: (Right(k.CAN_READ), *_EDITING),
    roles.OWNER: (Right(k.CAN_READ), *_EDITING),
    roles.READ_VARIABLES: _READING,
    roles.RUNNERS: (Right(k.CAN_WRITE, To.WORKFLOWS, condition=roles.FIRST),),
}


def opens(permission: str) -> tuple[Right, ...]:
    """What a permission on a project gives there."""
    return _RIGHTS.get(permission, ())


def refused(record: Mapping[str, object]) -> frozenset[str]:
    """Conditions that a project's settings say are not met.

    Whoever starts a pipeline with variables, by a trigger's token or from another project's job,
    is refused where nobody may set any
    (https://docs.gitlab.com/ci/variables/#restrict-pipeline-variables, read 28 November 2026; a
    trigger's token then starts none at all: https://gitlab.com/gitlab-org/gitlab/-/issues/557381).
    """
    return frozenset({roles.TAKES} if record.get("override_role") == roles.NO_ONE else ())


def covers(pattern: str, excluded: Iterable[str], branch: str | None) -> bool:
    """Whether a protected branch's name or pattern takes in a branch.

    What is excluded may be patterns too: a listing of rules says what has none.
    """
    if branch is None or any(globs.covers(one, branch) for one in excluded):
        return False
    return globs.covers(pattern, branch)


def owners(repository: Repository) -> tuple[Owned, ...]:
    """The groups around a project, whose variables its jobs have, the innermost first.

    Those of the server, which its administrators alone see, are left out.
    """
    own = isinstance(repository, Project) and not repository.is_local
    return groups(repository) if own and isinstance(repository, Project) else ()


def server(repository: Repository) -> Owned | None:
    """The server of a project, whose variables all jobs have; gitlab.com has none of its own.

    Only its administrators list them (https://docs.gitlab.com/api/instance_level_ci_variables/),
    so that whoever cannot is not left in doubt of all his jobs: a line of coverage says it.
    """
    own = isinstance(repository, Project) and not repository.is_local
    apart = own and isinstance(repository, Project) and repository.host != _DEFAULT_HOST
    return Namespace(repository.host) if apart and isinstance(repository, Project) else None


def in_scope(scope: str, environment: str) -> bool:
    """Whether a variable for some environments is for this one.

    Which of several of one name it is, ``policy.gitlab.variables`` says: the one of that very
    name before all others.
    """
    return takes_in(scope, environment)


FORGE: Final = Forge(
    platform=Project.platform,
    source=_PIPELINES,
    by_callers=CALLERS,
    on_demand=ON_DEMAND,
    identity_tokens=IDENTITY_TOKENS,
    pushed=pushed.of,
    pushes=PUSH,
    unfolds=frozenset({roles.READ_VARIABLES}),
    opens=opens,
    refused=refused,
    levels=4,
    usual_branches=_USUAL,
    guards=_GUARDS,
    covers=covers,
    hands_all=True,
    one_list=True,
    owners=owners,
    server=server,
    scopes=in_scope,
    makes_environments=True,
    default_at="/ci_push_repository_for_job_token_allowed",
    default_writes=DEFAULT_WRITES,
    exports=_Exports(),
)
