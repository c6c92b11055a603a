"""Exports that would settle what is left open: what each is called, and what makes it.

The commands are those of the providers' own tools: https://docs.github.com/en/rest,
https://cli.github.com/manual/gh_api, https://www.postgresql.org/docs/current/app-psql.html,
https://docs.getdbt.com/reference/commands/parse, and the references of aws, gcloud and az.
"""

from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import quote

from nhigraph.facts.keys.forge import Repository
from nhigraph.facts.missing import Missing
from nhigraph.policy.clouds import Cloud

_FORGE: Final = "github_actions"
_DATABASE: Final = "postgres"
_PROJECT: Final = "dbt"
_EXPORT: Final = "psql -X -q -At -f queries/export/postgres.sql {0} > {0}.postgres.json"
_RULES: Final = 'psql -X -q -At -c "select json_agg(r) from pg_hba_file_rules r" {0}'
#: Platforms whose databases some source reads.
READ: Final = frozenset({_DATABASE})

# -- a forge ------------------------------------------------------------------------------------


def _api(repository: Repository) -> str:
    return f"gh api repos/{'OWNER/NAME' if repository.is_local else repository.path}"


def workflows(repository: Repository) -> Missing:
    """The list of a repository's workflows."""
    return Missing(
        _FORGE,
        f"list of workflows of {repository.path}",
        "whether every workflow's file was given, and which are switched off",
        _FORGE,
        f"{_api(repository)}/actions/workflows --paginate",
    )


def workflow_file(repository: Repository, file: str) -> Missing:
    """One workflow's file."""
    accept = "-H 'Accept: application/vnd.github.raw'"
    return Missing(
        _FORGE,
        f"workflow {file} of {repository.path}",
        "what its jobs run, and with which secrets",
        _FORGE,
        f"{_api(repository)}/contents/.github/workflows/{file} {accept}",
    )


def token_default(repository: Repository) -> Missing:
    """What the tokens of a repository's jobs may do by default."""
    command = f"{_api(repository)}/actions/permissions/workflow"
    return Missing(
        _FORGE,
        f"default of GITHUB_TOKEN of {repository.path}",
        "what jobs without permissions of their own may write",
        _FORGE,
        f"{command} > actions-permissions-workflow.json",
    )


def secrets(repository: Repository, environment: str = "") -> Missing:
    """The list of a repository's secrets, or of one of its environments'."""
    name = quote(environment, safe=" ")
    inside = f"/environments/{name}/secrets" if environment else "/actions/secrets"
    file = f"environment-{name}.secrets.json" if environment else "secrets.json"
    return Missing(
        _FORGE,
        f"secrets of {f'environment {environment} of ' if environment else ''}{repository.path}",
        "how old the secrets are that its jobs hold",
        _FORGE,
        f"{_api(repository)}{inside} --paginate > {file}",
    )


def environments(repository: Repository, gate: str) -> Missing:
    """The list of a repository's environments."""
    return Missing(
        _FORGE,
        f"environments of {repository.path}",
        "whether somebody approves what its jobs do in an environment",
        _FORGE,
        f"{_api(repository)}/environments --paginate",
        gate,
    )


#: What can guard a branch: each has an endpoint of its own.
GUARDS: Final = ("protection", "rulesets")


def branch_rules(
    repository: Repository, branch: str, wanted: Collection[str], gate: str
) -> Missing:
    """What guards a branch, as far as it is wanted."""
    file, api = branch.replace("/", "%2F"), _api(repository)
    commands = {
        "protection": f"{api}/branches/{branch}/protection > branch-{file}.protection.json",
        "rulesets": f"{api}/rules/branches/{branch} > branch-{file}.rules.json",
    }
    what = "branch protection" if "protection" in wanted else f"rules of branch {branch}"
    return Missing(
        _FORGE,
        f"{what} of {repository.path}",
        "whether a review stands before what its jobs write to it",
        _FORGE,
        "; ".join(commands[one] for one in GUARDS if one in wanted),
        gate,
    )


def repository_settings(repository: Repository, gate: str) -> Missing:
    """A repository's own record."""
    return Missing(
        _FORGE,
        f"repository settings of {repository.path}",
        "which branch is the default one, whose protection counts",
        _FORGE,
        _api(repository),
        gate,
    )


# -- databases, and what computes in them -------------------------------------------------------


def database(name: str, settles: str, *, by_jobs: bool) -> Missing:
    """The rights in one database."""
    wanted_by = _FORGE if by_jobs else _PROJECT
    return Missing(_DATABASE, f"database {name}", settles, wanted_by, _EXPORT.format(name))


def client_rules(name: str) -> Missing:
    """Which logins the server of a database refuses."""
    return Missing(
        _DATABASE,
        f"client authentication (pg_hba) of the server of {name}",
        "which logins the server refuses: each role that may log in is taken to be able to",
        _DATABASE,
        _RULES.format(name),
    )


def manifest(job: str, repository: str) -> Missing:
    """What a job builds."""
    return Missing(
        _PROJECT,
        f"dbt manifest of what {job} runs ({repository})",
        "which tables it computes, and from what",
        _FORGE,
        "dbt parse, which writes target/manifest.json",
    )


# -- clouds -------------------------------------------------------------------------------------

_CLOUDS: Final = {
    Cloud.AWS: (
        "AWS: roles, their policies and trust",
        "aws iam get-account-authorization-details",
    ),
    Cloud.GCP: (
        "Google Cloud: service accounts, their roles and who may use them",
        "gcloud asset search-all-iam-policies",
    ),
    Cloud.AZURE: (
        "Azure: applications, their role assignments and federated credentials",
        "az role assignment list --all",
    ),
}


def cloud(one: Cloud, settles: str) -> Missing:
    """What identities of a cloud may do."""
    title, command = _CLOUDS[one]
    return Missing(str(one), title, settles, _FORGE, command)


def clouds(settles: str) -> Iterator[Missing]:
    """The same of every cloud."""
    return (cloud(one, settles) for one in sorted(_CLOUDS))
