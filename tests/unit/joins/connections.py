"""Ask dbt itself as whom it connects, for flags, variables and folders, and write it down.

    PYTHON -m tests.unit.joins.connections

PYTHON is that of an environment made from requirements/dbt.txt. No database is needed: ``dbt
debug`` says the connection before it tries it. The answers are the oracle of
``test_connections.py``; tests read them and never run dbt.
"""

import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ANSWERS = Path(__file__).parent / "connections.json"
#: Profile, its outputs with their users, its own target.
PROFILES = {
    "": {"ledger": (("dev", "root_dev"), ("prod", "root_prod"), "dev")},
    "transform": {
        "ledger": (("dev", "dbt_dev"), ("prod", "dbt_prod"), "dev"),
        "other": (("dev", "other_dev"), ("prod", "other_prod"), "prod"),
    },
    "config/ci": {"ledger": (("dev", "ci_dev"), ("prod", "ci_prod"), "prod")},
}
PROJECT = "name: ledger\nprofile: ledger\nversion: '1.0'\nconfig-version: 2\n"
FOLDERS = ("transform", "")
FLAGS = (
    "",
    "--target prod",
    "-t prod",
    "--target=prod",
    "--profile other",
    "--profile other --target dev",
    "--profiles-dir .",
    "--profiles-dir ..",
    "--profiles-dir ../config/ci",
    "--profiles-dir config/ci --target dev",
    "--project-dir transform",
    "--project-dir transform --target prod",
    "--project-dir transform --profiles-dir transform",
    "--project-dir transform --profiles-dir config/ci",
    "--project-dir ../transform",
)
VARIABLES: tuple[dict[str, str], ...] = (
    {},
    {"DBT_TARGET": "prod"},
    {"DBT_PROFILES_DIR": "../config/ci"},
    {"DBT_PROFILES_DIR": "config/ci"},
    {"DBT_PROJECT_DIR": "transform"},
    {"DBT_PROFILE": "other"},
    {"DBT_PROFILES_DIR": "transform", "DBT_PROJECT_DIR": "transform", "DBT_TARGET": "prod"},
)


def cases() -> list[tuple[str, str, dict[str, str]]]:
    """Working directory, flags and variables."""
    return list(itertools.product(FOLDERS, FLAGS, VARIABLES))


def profiles(folder: str) -> str:
    """Text of the profiles.yml of a folder."""
    lines = []
    for name, (first, second, target) in PROFILES[folder].items():
        lines += [f"{name}:", f"  target: {target}", "  outputs:"]
        for output, user in (first, second):
            lines += [
                f"    {output}:",
                "      {type: postgres, host: 127.0.0.1, port: 1, dbname: erp, schema: s,",
                f"       user: {user}, password: \"{{{{ env_var('DBT_PASSWORD') }}}}\"}}",
            ]
    return "\n".join(lines) + "\n"


def lay(root: Path) -> None:
    """Write the checkout."""
    for folder in PROFILES:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "profiles.yml").write_text(profiles(folder), encoding="utf-8")
    (root / "transform" / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")


def main() -> None:
    """Run ``dbt debug`` for each case."""
    dbt = str(Path(sys.executable).with_name("dbt"))
    answers = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "checkout"
        lay(root)
        home = Path(name) / "home"
        home.mkdir()
        kept = {key: os.environ[key] for key in ("PATH",) if key in os.environ}
        for folder, flags, variables in cases():
            done = subprocess.run(
                [dbt, "--no-use-colors", "debug", *flags.split()],
                cwd=root / folder,
                env={**kept, "HOME": str(home), "DBT_PASSWORD": "unused", **variables},
                capture_output=True,
                text=True,
                check=False,
            )
            found = re.search(r"^\S+\s+user: (\S+)", done.stdout, re.MULTILINE)
            known = "dbt_project.yml file [OK" in done.stdout
            user = found[1] if found and known else None
            answers.append({"in": folder, "flags": flags, "env": variables, "user": user})
            sys.stderr.write(".")
    lines = ",\n".join(json.dumps(answer) for answer in answers)
    ANSWERS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
