"""A company in native files, as small as a case needs: workflows, a dbt project, an export."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from nhigraph.app.collect import Collection, collect
from nhigraph.graph.columns import needs_of
from nhigraph.schema.types import Certainty

REPOSITORY = "acme/erp"
JOB = "github:acme/erp/job/nightly.yml#build"
#: Roles with what stands in their records besides the defaults; memberships; relations.
Roles = Mapping[str, Mapping[str, object]]

NIGHTLY = """
on:
  schedule: [{cron: "0 2 * * *"}]
permissions: {contents: read}
jobs:
  build:
    runs-on: ubuntu-latest
    env:
      DBT_PASSWORD: ${{ secrets.DBT_PASSWORD }}
    steps:
      - run: dbt build --profiles-dir . --target prod
        working-directory: transform
"""
PROFILES = """
ledger:
  target: prod
  outputs:
    prod:
      type: postgres
      host: db.internal
      dbname: erp
      schema: marts
      user: dbt_runner
      password: "{{ env_var('DBT_PASSWORD') }}"
"""


def relation(
    schema: str, name: str, owner: str, acl: Iterable[str] | None = None
) -> dict[str, object]:
    """One table of an export."""
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
    roles: Roles,
    *,
    member_of: Iterable[tuple[str, str]] = (),
    schemas: Mapping[str, Iterable[str]] | None = None,
    relations: Iterable[Mapping[str, object]] = (),
    database: str = "erp",
    version: int = 150018,
) -> str:
    """An export as ``queries/export/postgres.sql`` prints it; schemas are name to ACL."""
    plain: dict[str, object] = {
        **dict.fromkeys(("superuser", "createrole", "createdb", "replication"), False),
        "bypassrls": False,
        "inherit": True,
        "login": True,
        "valid_until": None,
    }
    everyone = {"admin": {"superuser": True}, **roles}
    content: dict[str, object] = {
        "nhigraph_export": "postgres/1",
        "extracted_at": "2026-11-20T03:00:00Z",
        "server_version_num": version,
        "database": database,
        "host": None,
        "roles": [{"name": name, **plain, **said} for name, said in everyone.items()],
        "memberships": [
            {
                "role": role,
                "member": member,
                "grantor": "admin",
                "inherit": True,
                "set": True,
                "admin": False,
            }
            for member, role in member_of
        ],
        "databases": [{"name": database, "owner": "admin", "acl": None}],
        "schemas": [
            {"name": name, "owner": "admin", "acl": ["admin=UC/admin", *acl]}
            for name, acl in (schemas or {}).items()
        ],
        "relations": list(relations),
    }
    for name in ("foreign_keys", "policies", "rules", "functions", "triggers"):
        content[name] = []
    return json.dumps(content)


def model(name: str, *inputs: str, sql: str = "", **config: object) -> dict[str, Any]:
    """One model of schema ``marts``; inputs are sources of schema ``raw`` or other models."""
    return {
        "resource_type": "model",
        "package_name": "ledger",
        "name": name,
        "database": "erp",
        "schema": "marts",
        "relation_name": f'"erp"."marts"."{name}"',
        "original_file_path": f"models/marts/{name}.sql",
        "raw_code": sql or "select 1 as one",
        "compiled_code": sql or "select 1 as one",
        "language": "sql",
        "depends_on": {"nodes": list(inputs)},
        "config": {"materialized": "table", **config},
        "tags": config.get("tags", []),
    }


def manifest(*models: dict[str, Any], sources: Iterable[str] = ("payments",)) -> str:
    """A manifest of dbt 1.11."""
    content: dict[str, Any] = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "adapter_type": "postgres",
            "project_name": "ledger",
            "generated_at": "2026-11-20T02:00:00Z",
        },
        "nodes": {f"model.ledger.{one['name']}": one for one in models},
        "sources": {
            f"source.ledger.raw.{name}": {
                "resource_type": "source",
                "package_name": "ledger",
                "source_name": "raw",
                "name": name,
                "relation_name": f'"erp"."raw"."{name}"',
            }
            for name in sources
        },
    }
    for name in ("macros", "docs", "exposures", "metrics", "groups", "disabled"):
        content[name] = {}
    return json.dumps(content)


REVENUE = manifest(model("revenue"))
OWNER = export(
    {"dbt_runner": {}, "transformer": {"login": False}},
    member_of=[("dbt_runner", "transformer")],
    schemas={"marts": ["transformer=UC/admin"], "raw": ["transformer=U/admin"]},
    relations=[
        relation("marts", "revenue", "transformer"),
        relation("raw", "payments", "admin", ["admin=arwd/admin", "transformer=r/admin"]),
    ],
)


@dataclass
class Company:
    """Files below one checkout, and exports beside it.

    Attributes:
        folder: Where it lies.
        files: Path inside the checkout to text; an empty text takes a file out.
        exports: Name to text.
    """

    folder: Path
    files: dict[str, str] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)

    def read(self, scope: str = "") -> Collection:
        """Collect it."""
        files = {f"erp/{path}": text for path, text in self.files.items()}
        files |= {f"exports/{name}": text for name, text in self.exports.items()}
        for name, text in files.items():
            if text:
                path = self.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        inputs = [self.folder / name for name in ("erp", "exports")]
        if scope:
            (self.folder / "scope.yaml").write_text(dedent(scope), encoding="utf-8")
            inputs.append(self.folder / "scope.yaml")
        found = collect([path for path in inputs if path.exists()], repo=REPOSITORY)
        bad = [f"{d.artifact}: {d.problem}" for d in found.coverage.bad]
        assert not bad, bad
        return found


def standard(folder: Path) -> Company:
    """One nightly job that runs dbt by a profile, and what its role may do."""
    return Company(
        folder,
        {
            ".github/workflows/nightly.yml": NIGHTLY,
            "transform/profiles.yml": PROFILES,
            "transform/dbt_project.yml": "name: ledger\nprofile: ledger\n",
            "transform/target/manifest.json": REVENUE,
        },
        {"erp.postgres.json": OWNER},
    )


def short(key: str) -> str:
    """A key without what all of them share."""
    return (
        key.replace("github:acme/erp/", "")
        .replace("dataset:postgres:erp.", "")
        .replace("role:postgres:erp/", "role:")
    )


def edges(found: Collection, *kinds: str) -> list[str]:
    """Edges of some kinds, sorted: ``KIND FROM TO [gate G] [until D] [if CONDITION]``."""
    graph = found.graph
    lines = []
    for row in graph.edges.to_dict("records"):
        if row["kind"] not in kinds:
            continue
        source, target = (graph.key_list[int(row[end])] for end in ("src", "dst"))
        parts = [row["kind"], short(source), short(target)]
        parts += [f"gate {short(row['gate'])}"] if row["gate"] else []
        parts += [f"until {row['valid_until']}"] if row["valid_until"] else []
        parts += [f"needs {needs_of(row['needs'])}"] if row["needs"] else []
        assert (row["certainty"] == Certainty.CERTAIN) is (not row["condition"])
        parts += [f"if {row['condition']}"] if row["condition"] else []
        lines.append(" ".join(parts))
    return sorted(lines)


def gaps(found: Collection) -> list[str]:
    """Gaps as ``NODE [STATES]: REASON``, sorted."""
    graph = found.graph
    return sorted(
        f"{short(graph.key_list[int(row['node'])])} [{row['states']}]: {row['reason']}"
        for row in graph.gaps.to_dict("records")
    )


def notes(found: Collection) -> list[str]:
    """Notes as ``FILE: REASON``, in the order of the documents."""
    return [
        f"{document.artifact}: {line.reason}"
        for document in found.coverage.documents
        for line in document.notes.first
    ]
