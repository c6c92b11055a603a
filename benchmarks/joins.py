"""Joining what many workflow files, one dbt project and one database say, beside reading it.

    python -m benchmarks.joins [WORKFLOWS] [MODELS]

Every workflow has a job that logs in as a role of its own; ten of them build the whole project.
The peer is what comes before in the same run: reading the documents and merging their facts.
"""

import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from nhigraph.app.registry import ingestors
from nhigraph.graph.build import build
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.joins import passes
from nhigraph.joins.board import Board

LOADER = """\
on: {{schedule: [{{cron: "0 2 * * *"}}]}}
permissions: {{contents: read}}
jobs:
  load:
    runs-on: ubuntu-latest
    steps:
      - run: psql -h db -U r{number} -d erp -f load.sql
        env: {{PGPASSWORD: "${{{{ secrets.S{number} }}}}"}}
"""
BUILDER = """\
  dbt:
    runs-on: ubuntu-latest
    env: {DBT_PASSWORD: "${{ secrets.DBT_PASSWORD }}"}
    steps: [{run: dbt build --profiles-dir .}]
"""
PROFILES = """\
ledger:
  target: prod
  outputs:
    prod: {type: postgres, host: db, dbname: erp, user: r0, password: "{{ env_var('P') }}"}
"""
BUILDERS = 10


def company(folder: Path, workflows: int, models: int) -> None:
    """Write the inputs."""
    place = folder / "erp" / ".github" / "workflows"
    place.mkdir(parents=True)
    for number in range(workflows):
        text = LOADER.format(number=number) + (BUILDER if number < BUILDERS else "")
        (place / f"w{number}.yml").write_text(text, encoding="utf-8")
    (folder / "erp" / "profiles.yml").write_text(
        PROFILES.replace("'P'", "'DBT_PASSWORD'"), encoding="utf-8"
    )
    (folder / "erp" / "target").mkdir()
    (folder / "erp" / "target" / "manifest.json").write_text(manifest(models), encoding="utf-8")
    (folder / "erp.postgres.json").write_text(export(workflows, models), encoding="utf-8")


def manifest(models: int) -> str:
    """A chain of models."""
    nodes = {}
    for number in range(models):
        above = f"m{number - 1}" if number else "m0"
        nodes[f"model.ledger.m{number}"] = {
            "resource_type": "model",
            "package_name": "ledger",
            "name": f"m{number}",
            "relation_name": f'"erp"."marts"."m{number}"',
            "original_file_path": f"models/m{number}.sql",
            "raw_code": "",
            "compiled_code": f'select amount from "erp"."marts"."{above}"',  # noqa: S608 - a text
            "depends_on": {"nodes": [f"model.ledger.{above}"] if number else []},
            "config": {"materialized": "table"},
        }
    schema = "https://schemas.getdbt.com/dbt/manifest/v12.json"
    metadata = {"dbt_schema_version": schema, "adapter_type": "postgres", "project_name": "ledger"}
    return json.dumps({"metadata": metadata, "nodes": nodes, "sources": {}})


def export(roles: int, tables: int) -> str:
    """A database in which every role may insert into a table of its own."""
    flags = ("superuser", "createrole", "createdb", "replication", "bypassrls")
    plain = {**dict.fromkeys(flags, False), "inherit": True, "login": True, "valid_until": None}
    relation: dict[str, object] = {
        "kind": "r",
        "owner": "admin",
        "updatable": None,
        "definition": None,
    }
    relation |= dict.fromkeys(
        ("row_security", "force_row_security", "security_invoker", "partition"), False
    )
    usage = [f"r{number}=U/admin" for number in range(roles)]
    content: dict[str, object] = {
        "nhigraph_export": "postgres/1",
        "extracted_at": "2026-11-20T03:00:00Z",
        "server_version_num": 150018,
        "database": "erp",
        "host": None,
        "roles": [{"name": name, **plain} for name in ("admin", *(f"r{n}" for n in range(roles)))],
        "databases": [{"name": "erp", "owner": "admin", "acl": None}],
        "schemas": [
            {"name": "raw", "owner": "admin", "acl": usage},
            {"name": "marts", "owner": "admin", "acl": ["r0=UC/admin"]},
        ],
        "relations": [
            {
                **relation,
                "schema": "raw",
                "name": f"t{number}",
                "acl": [f"r{number % roles}=a/admin"],
                "inherits": [],
                "reads": [],
                "columns": [],
            }
            for number in range(tables)
        ],
    }
    for name in ("memberships", "foreign_keys", "policies", "rules", "functions", "triggers"):
        content[name] = []
    return json.dumps(content)


def main(workflows: int, models: int) -> None:
    """Print seconds of each part and how often reading fits into it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        company(folder, workflows, models)
        marks = [time.perf_counter()]
        found = discover([folder / "erp", folder / "erp.postgres.json"], repo="acme/erp")
        collected = run(found.documents, ingestors(), explicit=found.explicit)
        marks.append(time.perf_counter())
        graph = build([*collected.facts, *collected.tables]).graph
        marks.append(time.perf_counter())
        board = passes.run(Board(graph))
        marks.append(time.perf_counter())
        whole = passes.sealed(board)
        marks.append(time.perf_counter())
    spent = [after - before for before, after in pairwise(marks)]
    print(f"{workflows} workflow files, {models} models: {len(graph.nodes)} nodes,")
    print(f"{len(graph.edges)} edges, {len(whole.edges)} with the joins")
    for part, seconds in zip(("read", "merge", "join", "merge the joins"), spent, strict=True):
        print(f"| {part} | {seconds:.2f} | {seconds / spent[0]:.2f} |")


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:3]]
    main(*(sizes if len(sizes) == 2 else (400, 2000)))
