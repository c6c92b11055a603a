"""Repositories whose jobs log in to a database, drawn from a seed, and what undoes a place there.

It shares no code with the product.
"""

import json
from collections.abc import Iterable
from random import Random
from typing import Any

import yaml

from tests.documents import native
from tests.documents.native import Json
from tests.edits.postgres import KEEPER, undone

Texts = dict[str, str]
EXPORT, WORKFLOW = "erp.postgres.json", ".github/workflows/nightly.yml"
TARGETS = ("fin:revenue", "trust:C/payments")
_PEOPLE = [{"key": f"role:postgres:erp/{name}"} for name in (KEEPER, "admin")]
SCOPE: Json = {
    "nhigraph": "scope/1",
    "organization": "Acme",
    "commitments": ["C"],
    "as_of": "2026-11-23",
    "targets": [
        {
            "id": "revenue",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "dataset:postgres:erp.marts.revenue"}],
        },
        {
            "id": "payments",
            "family": "trust-service",
            "commitments": ["C"],
            "select": [{"key": "dataset:postgres:erp.raw.payments"}],
        },
    ],
    "people": _PEOPLE,
}


def documents(seed: int) -> Texts:
    """Files of a checkout, and the export of its database.

    All that jobs run is dbt: of a client that has lost its password the product goes on to say
    that it may log in without one.
    """
    rng = Random(seed)
    jobs = {f"job{number}": _job(rng) for number in range(rng.choice([1, 2, 2]))}
    workflow: Json = {"name": "nightly", "on": {"schedule": [{"cron": "0 2 * * *"}]}}
    workflow["permissions"] = {"contents": rng.choice(["read", "read", "write"])}
    output = {
        "type": "postgres",
        "host": "db.internal",
        "port": 5432,
        "dbname": "erp",
        "schema": "marts",
        "user": "dbt_runner",
        "password": "{{ env_var('DBT_PW') }}",
    }
    return {
        ".git/config": native.remote("acme/books"),
        WORKFLOW: native.yaml_text({**workflow, "jobs": jobs}),
        "transform/dbt_project.yml": native.yaml_text({"name": "ledger", "profile": "ledger"}),
        "transform/profiles.yml": native.profiles("ledger", output),
        "transform/target/manifest.json": json.dumps(
            native.manifest("ledger", "erp", ["revenue"])
        ),
        EXPORT: json.dumps(_export(rng)),
    }


def _job(rng: Random) -> Json:
    job: Json = {"runs-on": "ubuntu-latest", "steps": [{"uses": "actions/checkout@v4"}]}
    step: Json = {"run": "dbt build --profiles-dir .", "working-directory": "transform"}
    env = {"DBT_PW": "${{ secrets.DBT_PW }}"}
    rng.choice([job, step])["env"] = env
    job["steps"].append(step)
    return job


def _export(rng: Random) -> Json:
    revenue = ["poster=arw/transformer"] if rng.random() < 0.5 else []
    payments = ["transformer=r/admin", *(["poster=r/admin"] if rng.random() < 0.3 else [])]
    return native.export(
        "erp",
        {"host": "db.internal", "port": 5432, "system_identifier": None},
        {"admin": {"superuser": True}, "poster": {}, "dbt_runner": {}, "transformer": {}},
        [("dbt_runner", "transformer")],
        {
            "raw": ["transformer=U/admin", "poster=U/admin"],
            "marts": ["transformer=UC/admin", "poster=U/admin"],
        },
        [
            native.relation("raw", "payments", "admin", payments),
            native.relation("marts", "revenue", "transformer", revenue),
        ],
        "admin",
    )


def edited(texts: Texts, places: Iterable[tuple[str, str]]) -> Texts:
    """The files after somebody took out of them what stands at some places."""
    left, wanted = dict(texts), sorted(places)
    left[EXPORT] = json.dumps(
        undone(json.loads(texts[EXPORT]), {at for file, at in wanted if file == EXPORT})
    )
    lines = left[WORKFLOW].split("\n")
    for number in (int(at[5:]) - 1 for _, at in wanted if at.startswith("line ")):
        before, _, _ = lines[number].partition("run:")
        lines[number] = f"{before}run: 'true'"
    workflow: Any = yaml.safe_load("\n".join(lines))
    for file, pointer in wanted:
        assert file in (EXPORT, WORKFLOW), f"{file} {pointer} is no place that anybody edits"
        if file == WORKFLOW and pointer.startswith("/"):
            _taken_out(workflow, pointer)
    left[WORKFLOW] = native.yaml_text(workflow)
    return left


def _taken_out(workflow: Any, pointer: str) -> None:  # noqa: ANN401 - a tree of YAML
    *way, last = pointer.split("/")[1:]
    for part in way:
        workflow = workflow[int(part)] if isinstance(workflow, list) else workflow[part]
    if way[-1] == "permissions":
        workflow[last] = "read"
    else:
        assert way[-1] == "env", f"{pointer} is no place that anybody edits"
        del workflow[last]
