"""Exports that nobody supplied, one line for each thing that the inputs point at.

An export that is absent is no incompleteness: what it would settle is told as unknown where it
matters. The line says what that is, and what makes the export. Protection of branches and
environments has its lines where its gates are named (``protection``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from nhigraph.facts import keys
from nhigraph.facts.missing import Missing
from nhigraph.joins.defaults import stated
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import View
from nhigraph.schema import kinds as k

_GITHUB = "github_actions"
_POSTGRES = "postgres"
_EXPORT = "psql -X -q -At -f queries/export/postgres.sql {0} > {0}.postgres.json"
_RULES = 'psql -X -q -At -c "select json_agg(r) from pg_hba_file_rules r" {0}'


@dataclass(slots=True)
class Needed:
    """What joining met the want of.

    Attributes:
        databases: PostgreSQL databases of which some role that a job logs in as is not described.
        manifests: Jobs that build with dbt what no manifest says.
    """

    databases: set[str] = field(default_factory=set)
    manifests: set[int] = field(default_factory=set)


def exports(view: View, jobs: Jobs, needed: Needed) -> list[Missing]:
    """Every export that is missing, sorted."""
    found = {*of_databases(view, needed), *_manifests(view, jobs, needed)}
    for repository in sorted({jobs.repository(job) for job in jobs.all}):
        found.update(_of_repository(view, jobs, repository))
    return sorted(found)


def named(repository: str) -> str:
    """``OWNER/NAME`` of a repository for a command, by its key."""
    of = keys.Repository.parse(repository)
    return "OWNER/NAME" if of is None or of.is_local else of.path


def shown(repository: str) -> str:
    """``OWNER/NAME`` of a repository as it is printed, by its key."""
    of = keys.Repository.parse(repository)
    return repository if of is None else of.path


# -- GitHub -------------------------------------------------------------------------------------


def _of_repository(view: View, jobs: Jobs, repository: str) -> Iterator[Missing]:
    of, api = shown(repository), f"gh api repos/{named(repository)}"
    yield from _secrets(view, repository)
    workflows = [n for n in view.of_kind(k.WORKFLOW) if _inside(view, n, repository)]
    if not any(view.props(node).get("listed") for node in workflows):
        yield Missing(
            _GITHUB,
            f"list of workflows of {of}",
            "whether every workflow's file was given, and which are switched off",
            _GITHUB,
            f"{api}/actions/workflows --paginate",
        )
    for node in workflows:
        props = view.props(node)
        if props.get("listed") and not props.get("defined") and view.state(node) != "deleted":
            file = view.name(node)
            yield Missing(
                _GITHUB,
                f"workflow {file} of {of}",
                "what its jobs run, and with which secrets",
                _GITHUB,
                f"{api}/contents/.github/workflows/{file} -H 'Accept: application/vnd.github.raw'",
            )
    own = [job for job in jobs.all if jobs.repository(job) == repository]
    if any(view.text(job, "permissions_from") == "default" for job in own):
        yield from _default(view, repository, of, api)


def _inside(view: View, node: int, repository: str) -> bool:
    key = view.parsed(node)
    if not isinstance(key, keys.Workflow) or key.commit:
        return False
    return key.repository.text == repository


def _default(view: View, repository: str, of: str, api: str) -> Iterator[Missing]:
    if stated(view, repository) is None:
        yield Missing(
            _GITHUB,
            f"default of GITHUB_TOKEN of {of}",
            "what jobs without permissions of their own may write",
            _GITHUB,
            f"{api}/actions/permissions/workflow > actions-permissions-workflow.json",
        )


def _secrets(view: View, repository: str) -> Iterator[Missing]:
    """Lists of the secrets of a repository and its environments, none of which was given."""
    of, api = shown(repository), f"gh api repos/{named(repository)}"
    dated: dict[str, bool] = {}
    names: dict[str, str] = {}
    environments = {view.key(node): view.name(node) for node in view.of_kind(k.ENVIRONMENT)}
    for node in view.of_kind(k.SECRET):
        match view.parsed(node):
            case keys.RepositorySecret(of_repository):
                holder = of_repository.text
                held = holder == repository
            case keys.EnvironmentSecret(environment):
                holder = environment.text
                held = environment.repository.text == repository and holder in environments
            case _:
                continue
        if held:
            known = {"created", "rotated"} & view.props(node).keys()
            dated[holder] = dated.get(holder, False) or bool(known)
            names[holder] = environments.get(holder, "")
    for holder in sorted(holder for holder, known in dated.items() if not known):
        name = names[holder]
        inside = f"/environments/{quote(name, safe=' ')}/secrets" if name else "/actions/secrets"
        file = f"environment-{quote(name, safe=' ')}.secrets.json" if name else "secrets.json"
        yield Missing(
            _GITHUB,
            f"secrets of {f'environment {name} of ' if name else ''}{of}",
            "how old the secrets are that its jobs hold",
            _GITHUB,
            f"{api}{inside} --paginate > {file}",
        )


# -- databases and what computes in them --------------------------------------------------------


def of_databases(view: View, needed: Needed | None = None) -> list[Missing]:
    """Exports of databases that something points at, and what their own leave open."""
    servers = (view.parsed(node) for node in view.of_kind(k.CONTAINER))
    exported = {
        key.database.name
        for key in servers
        if isinstance(key, keys.Cluster) and key.database.platform == _POSTGRES
    }
    found = [
        Missing(
            _POSTGRES,
            f"client authentication (pg_hba) of the server of {database}",
            "which logins the server refuses: each role that may log in is taken to be able to",
            _POSTGRES,
            _RULES.format(database),
        )
        for database in sorted(exported)
    ]
    wanted = {
        database: ("what the roles may do that jobs log in as", _GITHUB)
        for database in (needed.databases if needed else ())
        if database
    }
    for node in view.of_kind(k.DATASET):
        key = view.parsed(node)
        if not isinstance(key, keys.Dataset) or key.database.platform != _POSTGRES:
            continue
        if key.database.name not in exported and view.lines(node, "dbt"):
            wanted.setdefault(key.database.name, ("which roles may write its relations", "dbt"))
    found += [
        Missing(_POSTGRES, f"database {database}", settles, by, _EXPORT.format(database))
        for database, (settles, by) in sorted(wanted.items())
    ]
    return found


def is_of_postgres(role: str) -> bool:
    """Whether a key is that of a role of PostgreSQL."""
    key = keys.Role.parse(role)
    return key is not None and key.database.platform == _POSTGRES


def _manifests(view: View, jobs: Jobs, needed: Needed) -> Iterator[Missing]:
    """Manifests of what jobs build with dbt."""
    for job in sorted(needed.manifests):
        of = shown(jobs.repository(job))
        yield Missing(
            "dbt",
            f"dbt manifest of what {view.name(job) or view.key(job)} runs ({of})",
            "which tables it computes, and from what",
            _GITHUB,
            "dbt parse, which writes target/manifest.json",
        )
