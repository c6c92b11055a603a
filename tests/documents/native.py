"""Documents as their producers write them: GitHub, PostgreSQL, dbt, git, facts/1."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

Json = dict[str, Any]


def yaml_text(content: object) -> str:
    """YAML as people write it: block style, in the order given."""
    text: str = yaml.safe_dump(content, sort_keys=False, width=1000)
    return text


def remote(repository: str) -> str:
    """``.git/config`` of a clone."""
    return (
        "[core]\n\trepositoryformatversion = 0\n"
        f'[remote "origin"]\n\turl = https://github.com/{repository}.git\n'
    )


# -- PostgreSQL ---------------------------------------------------------------------------------


def relation(schema: str, name: str, owner: str, acl: Sequence[str] | None) -> Json:
    """A table, without what the cases here never have."""
    return {
        "schema": schema,
        "name": name,
        "kind": "r",
        "owner": owner,
        "acl": None if acl is None else list(acl),
        "row_security": False,
        "force_row_security": False,
        "security_invoker": False,
        "updatable": None,
        "partition": False,
        "inherits": [],
        "reads": [],
        "definition": None,
        "columns": [],
    }


def export(
    database: str,
    where: Mapping[str, object],
    roles: Mapping[str, Mapping[str, object]],
    memberships: Iterable[tuple[str, str]],
    schemas: Mapping[str, Sequence[str]],
    relations: Iterable[Json],
    admin: str = "admin",
) -> Json:
    """What ``queries/export/postgres.sql`` prints, parsed; schemas are name to ACL."""
    rights = ("superuser", "createrole", "createdb", "replication", "bypassrls")
    plain = {**dict.fromkeys(rights, False), "inherit": True, "login": True, "valid_until": None}
    content: Json = {
        "nhigraph_export": "postgres/1",
        "extracted_at": "2026-11-20T03:00:00Z",
        "server_version_num": 150018,
        "database": database,
        **where,
        "roles": [{"name": name, **plain, **said} for name, said in roles.items()],
        "memberships": [
            {"role": role, "member": member, "grantor": admin}
            | {"inherit": True, "set": True, "admin": False}
            for member, role in memberships
        ],
        "databases": [{"name": database, "owner": admin, "acl": None}],
        "schemas": [
            {"name": name, "owner": admin, "acl": [f"{admin}=UC/{admin}", *acl]}
            for name, acl in schemas.items()
        ],
        "relations": list(relations),
    }
    for name in ("foreign_keys", "policies", "rules", "functions", "triggers"):
        content[name] = []
    return content


# -- dbt ----------------------------------------------------------------------------------------


def manifest(package: str, database: str, models: Iterable[str]) -> Json:
    """A manifest of dbt 1.11: models of schema ``marts`` on one source of schema ``raw``."""
    source = f"source.{package}.raw.payments"
    content: Json = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "adapter_type": "postgres",
            "project_name": package,
            "generated_at": "2026-11-20T02:00:00Z",
        },
        "nodes": {
            f"model.{package}.{name}": {
                "resource_type": "model",
                "package_name": package,
                "name": name,
                "database": database,
                "schema": "marts",
                "relation_name": f'"{database}"."marts"."{name}"',
                "original_file_path": f"models/{name}.sql",
                "raw_code": "select 1 as one",
                "compiled_code": "select 1 as one",
                "language": "sql",
                "depends_on": {"nodes": [source]},
                "config": {"materialized": "table"},
                "tags": [],
            }
            for name in models
        },
        "sources": {
            source: {
                "resource_type": "source",
                "package_name": package,
                "source_name": "raw",
                "name": "payments",
                "relation_name": f'"{database}"."raw"."payments"',
            }
        },
    }
    for name in ("macros", "docs", "exposures", "metrics", "groups", "disabled"):
        content[name] = {}
    return content


def profiles(name: str, output: Mapping[str, object]) -> str:
    """``profiles.yml`` with one output, ``prod``."""
    return yaml_text({name: {"target": "prod", "outputs": {"prod": dict(output)}}})


# -- GitHub -------------------------------------------------------------------------------------


def _api(repository: str) -> str:
    return f"https://api.github.com/repos/{repository}"


def described(repository: str) -> str:
    """``gh api repos/{o}/{r}``."""
    return json.dumps(
        {
            "full_name": repository,
            "name": repository.partition("/")[2],
            "url": _api(repository),
            "default_branch": "main",
            "visibility": "private",
            "archived": False,
        }
    )


def protection(repository: str, reviews: int) -> str:
    """``gh api repos/{o}/{r}/branches/main/protection``."""
    content: Json = {
        "url": f"{_api(repository)}/branches/main/protection",
        "enforce_admins": {"enabled": True},
    }
    if reviews:
        content["required_pull_request_reviews"] = {
            "required_approving_review_count": reviews,
            "dismiss_stale_reviews": True,
        }
    return json.dumps(content)


def environments(repository: str, reviewers: Mapping[str, Sequence[str]]) -> str:
    """``gh api repos/{o}/{r}/environments``: name to logins of reviewers."""
    listed = [
        {
            "name": name,
            "url": f"{_api(repository)}/environments/{name}",
            "can_admins_bypass": False,
            "protection_rules": [
                {
                    "type": "required_reviewers",
                    "reviewers": [
                        {"type": "User", "reviewer": {"login": login}} for login in logins
                    ],
                }
            ]
            if logins
            else [],
        }
        for name, logins in reviewers.items()
    ]
    return json.dumps({"total_count": len(listed), "environments": listed})


def secrets(names: Iterable[str]) -> str:
    """``gh api repos/{o}/{r}/actions/secrets``."""
    day = "2026-10-01T00:00:00Z"
    listed = [{"name": name, "created_at": day, "updated_at": day} for name in names]
    return json.dumps({"total_count": len(listed), "secrets": listed})


def token_default(level: str) -> str:
    """``gh api repos/{o}/{r}/actions/permissions/workflow``."""
    return json.dumps(
        {"default_workflow_permissions": level, "can_approve_pull_request_reviews": False}
    )
