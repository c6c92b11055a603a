"""Write the sample's database export and dbt manifest anew, with the real tools.

    python samples/ledgerline/regenerate/documents.py DBT

DBT is the dbt command of an environment made from requirements/dbt.txt. A PostgreSQL server is
started in a temporary folder (its programs must be installed), `database.sql` makes the company's
database there, dbt builds the project as `dbt_runner`, and psql runs the export script. What
differs from run to run (times, ids, folders) is set to fixed values where it stands, so that only
a change of the company changes a file: all else are the tools' own bytes, dbt's in its one line.

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

HERE = Path(__file__).parent
SAMPLE = HERE.parent
ROOT = SAMPLE.parents[1]
PROJECT = SAMPLE / "warehouse" / "transform"
EXPORT_SCRIPT = ROOT / "queries" / "export" / "postgres.sql"
sys.path.insert(0, str(ROOT))

from tests.postgres.cluster import Cluster, binaries, running  # noqa: E402

DATABASE = "erp"
DAY = "2026-11-22T02:10:00.000000Z"
FIXED = {
    "generated_at": DAY,
    "invocation_started_at": DAY,
    "run_started_at": DAY,
    "invocation_id": "00000000-0000-0000-0000-000000000000",
}
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
    written(PROJECT / "target" / "manifest.json", manifest)
    written(SAMPLE / "exports" / f"{DATABASE}.postgres.json", export)


def make(cluster: Cluster) -> None:
    """The database as the administrators left it."""
    cluster.psql("postgres", f"create database {DATABASE};")
    cluster.psql(DATABASE, (HERE / "database.sql").read_text(encoding="utf-8"))


def built(cluster: Cluster, dbt: str, copy: Path) -> str:
    """The manifest of a real build, as the role and by the profile of the nightly job."""
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns("target"))
    profiles = copy / "profiles.yml"
    text = profiles.read_text(encoding="utf-8")
    # The server of this run, instead of the company's.
    profiles.write_text(re.sub(r"host: \S+", f"host: {cluster.folder}", text), encoding="utf-8")
    # dbt lists what a model reads in the order of a set, which this seed settles.
    fixed = {"DBT_PASSWORD": "unused", "PYTHONHASHSEED": "3"}
    environment = {**os.environ, **cluster.environment, **fixed}
    subprocess.run(  # noqa: S603 - the command the caller named
        [dbt, "build", "--profiles-dir", ".", "--target", "prod", "--no-partial-parse"],
        cwd=copy,
        env=environment,
        check=True,
    )
    return settled((copy / "target" / "manifest.json").read_text(encoding="utf-8"), str(copy))


def settled(manifest: str, folder: str) -> str:
    """A manifest in dbt's own bytes, but for what differs from run to run."""
    for name, value in FIXED.items():
        manifest = re.sub(rf'("{name}": )"[^"]*"', rf'\1"{value}"', manifest)
    manifest = re.sub(r'("created_at": )[\d.]+', r"\g<1>0", manifest)
    return manifest.replace(json.dumps(folder)[1:-1], ".")


def exported(cluster: Cluster) -> str:
    """What the export script says, with a fixed moment."""
    text = cluster.export(EXPORT_SCRIPT, DATABASE)
    text = re.sub(r'("extracted_at": )"[^"]*"', rf'\1"{EXTRACTED}"', text, count=1)
    return text.rstrip("\n") + "\n"


def written(path: Path, text: str) -> None:
    """Write a file whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
