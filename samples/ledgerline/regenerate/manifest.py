"""Write the sample's dbt manifest anew, with dbt itself.

    python samples/ledgerline/regenerate/manifest.py DBT

DBT is the dbt command of an environment made from requirements/dbt.txt. `dbt parse` needs no
database. What differs from run to run (times, ids, the folder dbt ran in) is set to fixed values,
so that only a change of the project changes the file.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent / "warehouse" / "transform"
DAY = "2026-11-22T02:10:00.000000Z"
FIXED = {"generated_at": DAY, "invocation_started_at": DAY, "run_started_at": DAY}
UNNAMED = "00000000-0000-0000-0000-000000000000"


def main(dbt: str) -> None:
    """Parse a copy of the project and keep its manifest."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "transform"
        shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns("target"))
        environment = {**os.environ, "DBT_PASSWORD": "unused-by-parse"}
        subprocess.run(  # noqa: S603 - the command the caller named
            [dbt, "parse", "--profiles-dir", ".", "--no-partial-parse"],
            cwd=copy,
            env=environment,
            check=True,
        )
        manifest = json.loads((copy / "target" / "manifest.json").read_text(encoding="utf-8"))
        settled = _settled(manifest, str(copy))
    settled["metadata"].update(FIXED, invocation_id=UNNAMED)
    target = PROJECT / "target" / "manifest.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(settled, indent=1, sort_keys=True) + "\n", encoding="utf-8")


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
