"""Ask dbt itself which of its commands open a connection, and write it down.

    PYTHON -m tests.unit.joins.dbt_commands

PYTHON is that of an environment made from requirements/dbt.txt. The profile names a socket of this
script's own, which counts who knocks and hangs up: a command connects if it knocks, whether or not
it would have gone on. The answers are the oracle of ``test_dbt_commands.py``.
"""

import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ANSWERS = Path(__file__).parent / "dbt_commands.json"
#: Every command of dbt 1.11 (``dbt --help``), with the options that decide whether it connects.
COMMANDS = (
    "",
    "--version",
    "--help",
    "build",
    "build --empty",
    "build --help",
    "clean",
    "clone --state state",
    "compile",
    "compile --no-introspect",
    "compile --no-populate-cache",
    "compile --no-introspect --no-populate-cache",
    "compile --select plain",
    "compile --inline 'select 1 as one'",
    "debug",
    "debug --config-dir",
    "debug --connection",
    "deps",
    "docs generate",
    "docs generate --no-compile",
    "docs generate --empty-catalog",
    "docs generate --no-compile --empty-catalog",
    "docs serve --no-browser --port 0",
    "init books --skip-profile-setup",
    "list",
    "ls",
    "ls --select state:modified --state state",
    "parse",
    "parse --no-partial-parse",
    "retry",
    "run",
    "run --select nothing_of_that_name",
    "run --no-populate-cache",
    "run-operation note",
    "seed",
    "seed --show",
    "show --select plain",
    "show --inline 'select 1 as one'",
    "snapshot",
    "source freshness",
    "source snapshot-freshness",
    "test",
    "test --select nothing_of_that_name",
)
FILES = {
    "dbt_project.yml": "name: books\nversion: '1.0'\nprofile: books\nmodel-paths: [models]\n",
    "models/plain.sql": "select 1 as one\n",
    "models/asking.sql": "{% set found = run_query('select 1') %}select 2 as two\n",
    "models/sources.yml": (
        "sources:\n  - name: raw\n    tables:\n      - name: lines\n"
        "        config:\n          loaded_at_field: at\n"
        "          freshness: {warn_after: {count: 1, period: day}}\n"
    ),
    "models/tests.yml": (
        "models:\n  - name: plain\n    columns:\n      - name: one\n"
        "        data_tests: [not_null]\n"
    ),
    "macros/note.sql": "{% macro note() %}{% do run_query('select 1') %}{% endmacro %}\n",
    "seeds/rates.csv": "currency,rate\nEUR,1\n",
    "snapshots/kept.sql": (
        "{% snapshot kept %}{{ config(unique_key='one', strategy='check', check_cols='all',"
        " target_schema='kept') }}select 1 as one{% endsnapshot %}\n"
    ),
}
#: What a run leaves in which a model failed: without it there is nothing to try again.
FAILED = {
    "metadata": {
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json",
        "dbt_version": "1.11.16",
    },
    "args": {"which": "run"},
    "elapsed_time": 1.0,
    "results": [
        {
            "status": "error",
            "unique_id": "model.books.plain",
            "timing": [],
            "thread_id": "Thread-1",
            "execution_time": 1.0,
            "adapter_response": {},
            "message": "failed",
            "failures": None,
            "compiled": True,
            "compiled_code": "select 1 as one",
            "relation_name": None,
            "batch_results": None,
        }
    ],
}


class Door:
    """A port that counts connections and closes each of them."""

    def __init__(self) -> None:
        """Listen on a port that nobody has."""
        self.knocks = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            caller, _ = self._socket.accept()
            self.knocks += 1
            caller.close()


def project(folder: Path, port: int) -> None:
    """Write the project, its profile and a state to compare with."""
    profile = (
        "books:\n  target: prod\n  outputs:\n    prod: {type: postgres, host: 127.0.0.1,"
        f" port: {port}, user: runner, password: unused, dbname: wh, schema: marts,"
        " connect_timeout: 2, retries: 0}\n"
    )
    for name, text in {**FILES, "profiles.yml": profile}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def asked(command: str, door: Door) -> dict[str, object]:
    """Whether one command knocks, in a project of its own that ran and failed once before."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder, door.port)
        _dbt(folder, "parse")
        (folder / "state").mkdir()
        (folder / "target" / "manifest.json").rename(folder / "state" / "manifest.json")
        if command.startswith("retry"):
            results = folder / "target" / "run_results.json"
            results.write_text(json.dumps(FAILED), encoding="utf-8")
        before = door.knocks
        code = _dbt(folder, command)
        return {"command": command, "connects": door.knocks > before, "code": code}


def _dbt(folder: Path, command: str) -> int | None:
    """Run dbt; what serves pages is ended after a while."""
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "False"}
    words = [sys.executable, "-m", "dbt.cli.main", *shlex.split(command)]
    try:
        done = subprocess.run(
            words, cwd=folder, env=environment, capture_output=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def main() -> None:
    """Ask for each command."""
    door = Door()
    answers = []
    for command in COMMANDS:
        answers.append(asked(command, door))
        sys.stderr.write(f"{answers[-1]}\n")
    lines = ",\n".join(json.dumps(answer) for answer in answers)
    ANSWERS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
