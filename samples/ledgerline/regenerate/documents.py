"""Write the sample's database export and dbt manifest anew, with the real tools.

    python samples/ledgerline/regenerate/documents.py DBT

DBT is the dbt command of an environment made from requirements/dbt.txt. A PostgreSQL server is
started in a temporary folder (its programs must be installed), `database.sql` makes the company's
database there, dbt builds the project as `dbt_runner`, and psql runs the export script. What
differs from run to run (times, ids, folders) is set to fixed values, so that only a change of the
company changes a file.

The files below `exports/github` are not made by this script: they have the shape that `gh api`
prints, but no such repository exists.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SAMPLE = HERE.parent
ROOT = SAMPLE.parents[1]
PROJECT = SAMPLE / "warehouse" / "transform"
EXPORT_SCRIPT = ROOT / "queries" / "export" / "postgres.sql"
sys.path.insert(0, str(ROOT))

from tests.postgres.cluster import Cluster, binaries, running  # noqa: E402

DATABASE = "erp"
DAY = "2026-11-22T02:10:00.000000Z"
FIXED = {"generated_at": DAY, "invocation_started_at": DAY, "run_started_at": DAY}
UNNAMED = "00000000-0000-0000-0000-000000000000"
EXTRACTED = "2026-11-22T02:30:00Z"


def main(dbt: str) -> None:
    """Make the database, build it, and keep what the tools say of it."""
    programs = binaries()
    if programs is None:
        raise SystemExit("PostgreSQL's server programs (initdb, pg_ctl) are not installed")
    with running(programs) as cluster, tempfile.TemporaryDirectory() as folder:
        make(cluster)
        manifest = built(cluster, dbt, Path(folder) / "transform")
        export = exported(cluster)
    written(PROJECT / "target" / "manifest.json", json.dumps(manifest, indent=1, sort_keys=True))
    written(SAMPLE / "exports" / f"{DATABASE}.postgres.json", export)


def make(cluster: Cluster) -> None:
    """The database as the administrators left it."""
    cluster.psql("postgres", f"create database {DATABASE};")
    cluster.psql(DATABASE, (HERE / "database.sql").read_text(encoding="utf-8"))


def built(cluster: Cluster, dbt: str, copy: Path) -> Any:  # noqa: ANN401 - a JSON tree
    """The manifest of a real build, as the role and by the profile of the nightly job."""
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns("target"))
    profiles = copy / "profiles.yml"
    text = profiles.read_text(encoding="utf-8")
    # The server of this run, instead of the company's.
    profiles.write_text(re.sub(r"host: \S+", f"host: {cluster.folder}", text), encoding="utf-8")
    environment = {**os.environ, **cluster.environment, "DBT_PASSWORD": "unused"}
    subprocess.run(  # noqa: S603 - the command the caller named
        [dbt, "build", "--profiles-dir", ".", "--target", "prod", "--no-partial-parse"],
        cwd=copy,
        env=environment,
        check=True,
    )
    manifest = json.loads((copy / "target" / "manifest.json").read_text(encoding="utf-8"))
    settled = _settled(manifest, str(copy))
    settled["metadata"].update(FIXED, invocation_id=UNNAMED)
    return settled


def exported(cluster: Cluster) -> str:
    """What the export script says, with a fixed moment."""
    text = cluster.export(EXPORT_SCRIPT, DATABASE)
    return re.sub(r'("extracted_at": )"[^"]*"', rf'\1"{EXTRACTED}"', text, count=1)


def written(path: Path, text: str) -> None:
    """Write a file whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def _settled(value: Any, folder: str) -> Any:  # noqa: ANN401 - a JSON tree
    if isinstance(value, dict):
        return {
            name: 0 if name == "created_at" else _settled(member, folder)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [_settled(member, folder) for member in value]
    return value.replace(folder, ".") if isinstance(value, str) else value


if __name__ == "__main__":
    main(sys.argv[1])
