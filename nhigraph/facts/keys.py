"""The only place where node keys are minted.

A key is canonical: two sources that speak of one thing must meet on it. Parts are percent-encoded
so that no name can imitate another key's structure, and secrets are cut out of them before that.
"""

from nhigraph.facts import passwords

_DATASET = str.maketrans({"%": "%25", ".": "%2E"})
_PATH = str.maketrans({"%": "%25", "/": "%2F", "#": "%23"})
#: Database, schema and name.
_DATASET_PARTS = 3

#: How each platform folds an unquoted name (its own SQL reference); others keep the case.
FOLDING = {
    "postgres": str.lower,
    "redshift": str.lower,
    "duckdb": str.lower,
    "snowflake": str.upper,
    "oracle": str.upper,
}


def fold(platform: str, name: str, *, quoted: bool) -> str:
    """The name as the platform's catalogue stores it."""
    folding = FOLDING.get(platform)
    return name if quoted or folding is None else folding(name)


def part(text: str) -> str:
    """A text as one part of a key between slashes."""
    return _part(text)


def _part(text: str) -> str:
    return passwords.cut_key(text).translate(_PATH)


def _name(text: str) -> str:
    return passwords.cut_key(text).translate(_DATASET)


def dataset(platform: str, database: str, schema: str, name: str) -> str:
    """Key of a table, view, model's relation, seed or source; names already folded."""
    parts = (_name(part) for part in (database, schema, name))
    return f"dataset:{platform}:{'.'.join(parts)}"


def dataset_parts(key: str) -> tuple[str, str, str, str] | None:
    """Platform, database, schema and name from the key of a dataset; None for another key."""
    mark, _, rest = key.partition(":")
    platform, _, path = rest.partition(":")
    parts = [part.replace("%2E", ".").replace("%25", "%") for part in path.split(".")]
    if mark != "dataset" or len(parts) != _DATASET_PARTS:
        return None
    return platform, parts[0], parts[1], parts[2]


def container_parts(key: str) -> tuple[str, str, str] | None:
    """Platform, database and schema from the key of a schema; None for another key."""
    mark, _, rest = key.partition(":")
    platform, _, path = rest.partition(":")
    parts = [part.replace("%2E", ".").replace("%25", "%") for part in path.split(".")]
    if mark != "container" or len(parts) != _DATASET_PARTS - 1:
        return None
    return platform, parts[0], parts[1]


def relation(platform: str, text: str) -> tuple[str, ...] | None:
    """Split a quoted or unquoted relation name such as ``"db"."schema"."name"``, folded.

    Returns None where the text is not a relation name.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        mark = rest[0]
        if mark in '"`[':
            end = "]" if mark == "[" else mark
            name, at = "", 1
            while True:
                stop = rest.find(end, at)
                if stop < 0:
                    return None
                name += rest[at:stop]
                if rest[stop + 1 : stop + 2] != end:
                    break
                name += end
                at = stop + 2
            parts.append(name)
            rest = rest[stop + 1 :]
        else:
            name, dot, tail = rest.partition(".")
            parts.append(fold(platform, name.strip(), quoted=False))
            rest = dot + tail
        if not rest:
            break
        if not rest.startswith(".") or len(rest) == 1:
            return None
        rest = rest[1:]
    return tuple(parts) if parts and all(parts) else None


def database_role(platform: str, database: str, name: str) -> str:
    """Key of a role; ``database`` is the database's name or the scope's alias for its cluster."""
    return f"role:{platform}:{_part(database)}/{_part(name)}"


def role_part(name: str) -> str:
    """How a role's name stands at the end of its key."""
    return _part(name)


def role_name(key: str) -> str:
    """The name of a database role from its key."""
    return key.rpartition("/")[2].replace("%2F", "/").replace("%23", "#").replace("%25", "%")


def database_grant(platform: str, database: str, privilege: str, thing: str) -> str:
    """Key of the grant of one privilege on one object or container."""
    return f"grant:{platform}:{_part(database)}/{_part(privilege)}/{_part(thing)}"


def container(platform: str, *parts: str) -> str:
    """Key of a database or schema as a container of data."""
    return f"container:{platform}:{'.'.join(_name(part) for part in parts)}"


def model(package: str, name: str) -> str:
    """Key of a dbt model's logic."""
    return f"model:dbt:{_part(package)}.{_part(name)}"


def report(exposure: str) -> str:
    """Key of a dbt exposure."""
    return f"report:dbt:{_part(exposure)}"


def repository(name: str) -> str:
    """Key of a GitHub repository ``owner/name``."""
    owner, _, rest = passwords.cut_key(name).partition("/")
    return f"github:{_part(owner)}/{_part(rest)}"


def workflow(repo: str, file: str) -> str:
    """Key of a workflow file, by its name inside ``.github/workflows``."""
    return f"{repository(repo)}/workflow/{_part(file)}"


def job(repo: str, file: str, name: str) -> str:
    """Key of one job of a workflow file."""
    return f"{repository(repo)}/job/{_part(file)}#{_part(name)}"


def environment(repo: str, name: str) -> str:
    """Key of a deployment environment, whose name GitHub compares without case.

    "Environment names are not case sensitive"
    (https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments,
    read 28 November 2026).
    """
    return f"{repository(repo)}/environment/{_part(name.lower())}"


def folded(key: str) -> str:
    """A key, or a pattern of keys, that a person wrote, in the case in which keys are minted."""
    head, mark, rest = key.partition("/environment/")
    if not mark or not head.startswith(("github:", "*", "?")):
        return key
    name, slash, inside = rest.partition("/")
    return f"{head}{mark}{name.lower()}{slash}{inside}"


def repository_secret(repo: str, name: str) -> str:
    """Key of a repository's secret."""
    return f"{repository(repo)}/secret/{_part(name)}"


def organization_secret(owner: str, name: str) -> str:
    """Key of an organization's secret."""
    return f"github:{_part(owner)}/secret/{_part(name)}"


def environment_secret(repo: str, env: str, name: str) -> str:
    """Key of an environment's secret."""
    return f"{environment(repo, env)}/secret/{_part(name)}"


def protected_branch(repo: str, branch: str) -> str:
    """Key of a protected branch, the node that enforces its rule."""
    return f"{repository(repo)}/protected-branch/{_part(branch)}"


#: Stands for a branch or environment that is there, and of which no file says which it is.
UNNAMED = "?"


def protection(repo: str, branch: str) -> str:
    """Key of the gate a branch's protection is; of the default branch where it is ``UNNAMED``."""
    return f"{repository(repo)}/protection/{_part(branch)}"


def recovery(target: str) -> str:
    """Key of the gate that a tested recovery of an assurance node is, by that node's key."""
    return f"recovery:{target}"


def github_user(login: str) -> str:
    """Key of a GitHub user; logins compare without case."""
    return f"github:user/{_part(login.lower())}"


def stored_secret(holder: str, name: str) -> str:
    """Key of a secret in a store: holder and name, never the name alone."""
    return f"secret:{holder}/{_part(name)}"


def written_secret(repo: str, path: str, name: str) -> str:
    """Key of a secret that a file of a repository shows, by the variable it is written for."""
    # Folders of the path stay readable.
    marks = {ord(mark): f"%{ord(mark):02X}" for mark in "%#|;"}
    shown = passwords.cut_key(name).translate({**marks, ord("/"): "%2F"})
    return f"secret:{repository(repo)}/file/{passwords.cut_key(path).translate(marks)}#{shown}"


def financial(target: str) -> str:
    """Key of a financial-reporting node, by the id in the scope."""
    return f"fin:{target}"


def trust(category: str, target: str) -> str:
    """Key of a trust-service node; ``category`` is one of S, A, PI, C, P, unknown."""
    return f"trust:{category}/{target}"


def unread_target(target: str) -> str:
    """Key of a target whose family could not be read."""
    return f"target:{target}"


def environment_protection(repo: str, env: str) -> str:
    """Key of the gate an environment's protection rules are; ``UNNAMED`` where none says which."""
    return f"{environment(repo, env)}/protection"


def called_secret(repo: str, file: str, name: str) -> str:
    """Key of a secret as a reusable workflow receives it from whoever calls it."""
    return f"{workflow(repo, file)}/secret/{_part(name)}"


def action(repo: str, path: str, ref: str | None = None) -> str:
    """Key of an action by its folder (empty for the root); ``ref`` where it is not our own."""
    folder = f"/{_part(path)}" if path else ""
    return f"{repository(repo)}/action{folder}{f'@{_part(ref)}' if ref else ''}"


def called_workflow(repo: str, file: str, commit: str) -> str:
    """Key of a reusable workflow at one commit, whose content nobody can exchange."""
    return f"{workflow(repo, file)}@{_part(commit)}"


def repository_permission(repo: str, permission: str) -> str:
    """Key of the grant of one permission on a repository, such as ``actions:write``."""
    return f"{repository(repo)}/permission/{_part(permission)}"


def runner(repo: str, labels: tuple[str, ...]) -> str:
    """Key of the runners a repository's jobs choose by labels, in whatever order and case."""
    return f"{repository(repo)}/runner/{_part(','.join(sorted({x.lower() for x in labels})))}"


def runner_group(owner: str, group: str) -> str:
    """Key of an organization's runner group."""
    return f"github:{_part(owner)}/runner-group/{_part(group)}"


def github_anyone() -> str:
    """Key of everybody who has a GitHub account."""
    return "github:anyone"


def github_team(organization: str, slug: str) -> str:
    """Key of a team of a GitHub organization."""
    return f"github:{_part(organization)}/team/{_part(slug.lower())}"


def image(reference: str) -> str:
    """Key of a container image, by its reference as written."""
    return f"image:{reference}"


def aws_principal(arn: str) -> str:
    """Key of an AWS role or user: its ARN."""
    return arn


def gcp_service_account(email: str) -> str:
    """Key of a Google Cloud service account, by its address."""
    return f"gcp:serviceaccount/{_part(email.lower())}"


def entra_application(client: str) -> str:
    """Key of an application registered with Microsoft Entra, by its client id."""
    return f"entra:application/{_part(client.lower())}"


def database_cluster(platform: str, database: str) -> str:
    """Key of the server that holds a database and the roles of all its databases."""
    return f"cluster:{platform}:{_part(database)}"


def qualified(*parts: str) -> str:
    """A dotted name in which no part can imitate two; for the thing a grant is about."""
    return ".".join(_name(part) for part in parts)


def seed(package: str, name: str) -> str:
    """Key of a dbt seed's file, from which its table is made."""
    return f"seed:dbt:{_part(package)}.{_part(name)}"


def connection(profile: str, output: str, home: str = "") -> str:
    """Key of one output of a dbt profile: the connection a run of dbt opens.

    ``home`` is the repository and path of the profiles.yml where it lies in a checkout: two
    checkouts may both have a profile of one name.
    """
    inside = f"{_part(home)}/" if home else ""
    return f"connection:dbt:{inside}{_part(profile)}/{_part(output)}"


def dbt_project(name: str, repository: str = "") -> str:
    """Key of a dbt project, by its name; inside its repository where it lies in a checkout."""
    inside = f"{_part(repository)}/" if repository else ""
    return f"project:dbt:{inside}{_part(name)}"
