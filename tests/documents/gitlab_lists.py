"""What GitLab lists of a project of the small company, as ``glab api`` prints it.

Any list may be missing, some are refused, some break off.
"""

import json
import random
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from tests.documents.native import Json

_HOST = "gitlab.com"
_REFUSED = {"message": "403 Forbidden"}


def listings(rng: random.Random, path: str, variables: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Address below a folder, and text, of each list that somebody saved.

    Args:
        rng: Where it is drawn from.
        path: The project's path.
        variables: Names of its variables, as its jobs use them.
    """
    at = f"{_HOST}/projects/{quote(path, safe='')}"
    first = rng.randrange(1000, 9000)
    found: dict[str, object] = {
        at: _project(rng, path),
        f"{at}/variables": _variables(rng, variables),
        f"{at}/members/all": _members(rng, first),
        f"{at}/access_tokens": _tokens(rng, first),
        f"{at}/deploy_keys": [
            {"id": first + n, "title": f"key {n}", "can_push": rng.random() < 0.5}
            for n in range(rng.choice([0, 1, 2]))
        ],
        f"{at}/triggers": [{"id": first, "description": "nightly", "token": "CANARY-not-kept"}],
        f"{at}/protected_branches": _branches(rng),
        f"{at}/protected_environments": _environments(rng),
        f"{_HOST}/runners/{first}": _runner(rng, first, path),
    }
    outer = path.split("/")[:-1]
    for depth in range(1, len(outer) + 1):
        group = quote("/".join(outer[:depth]), safe="")
        found[f"{_HOST}/groups/{group}/variables"] = _variables(rng, ["SHARED"])
    for address, content in found.items():
        if rng.random() < 0.75:
            refused = rng.random() < 0.06 and address != at
            text = json.dumps(_REFUSED if refused else content)
            if rng.random() < 0.04 and isinstance(content, list):
                text += json.dumps(_REFUSED)
            yield f"{address}.json", text


def _project(rng: random.Random, path: str) -> Json:
    return {
        "id": rng.randrange(1, 9000),
        "path_with_namespace": path,
        "default_branch": rng.choice(["main", "main", "trunk"]),
        "visibility": rng.choice(["private", "private", "internal"]),
        "ci_push_repository_for_job_token_allowed": rng.random() < 0.4,
        "ci_allow_fork_pipelines_to_run_in_parent_project": rng.random() < 0.5,
        "forking_access_level": "enabled",
        "shared_with_groups": [],
    }


def _variables(rng: random.Random, names: Sequence[str]) -> list[Json]:
    found: list[Json] = []
    for name in [*names, "LOG_LEVEL"]:
        if rng.random() < 0.85:
            scope = rng.choice(["*", "*", "*", "production", "stag*"])
            found.append(
                {
                    "key": name,
                    "variable_type": "env_var",
                    "value": "CANARY-not-kept",
                    "protected": rng.random() < 0.5,
                    "masked": rng.random() < 0.5,
                    "environment_scope": scope,
                }
            )
    return found


def _members(rng: random.Random, first: int) -> list[Json]:
    logins = ["anna", "ben", f"project_{first}_bot_ab"]
    return [
        {"id": first + n, "username": login, "access_level": rng.choice([20, 30, 40])}
        for n, login in enumerate(logins)
    ]


def _tokens(rng: random.Random, first: int) -> list[Json]:
    return [
        {
            "id": first + n,
            "name": f"token {n}",
            "scopes": rng.choice([["api"], ["write_repository"], ["read_api"]]),
            "access_level": rng.choice([20, 30, 40]),
            "expires_at": rng.choice(["2026-11-01", "2027-06-30", None]),
            "revoked": rng.random() < 0.1,
            "active": True,
        }
        for n in range(rng.choice([0, 1, 2]))
    ]


def _branches(rng: random.Random) -> list[Json]:
    return [
        {
            "name": name,
            "push_access_levels": [{"access_level": rng.choice([0, 30, 40])}],
            "merge_access_levels": [{"access_level": rng.choice([30, 40])}],
        }
        for name in rng.choice([[], ["main"], ["main", "m*"], ["release/*"]])
    ]


def _environments(rng: random.Random) -> list[Json]:
    return [
        {
            "name": "production",
            "deploy_access_levels": [{"access_level": 40}],
            "approval_rules": rng.choice([[], [{"access_level": 40, "required_approvals": 1}]]),
        }
    ] * rng.choice([0, 1])


def _runner(rng: random.Random, number: int, path: str) -> Json:
    return {
        "id": number,
        "description": "books",
        "runner_type": "project_type",
        "tag_list": [rng.choice(["own", "big"])],
        "run_untagged": rng.random() < 0.5,
        "access_level": rng.choice(["not_protected", "ref_protected"]),
        "projects": [{"id": 1, "path_with_namespace": path}],
    }
