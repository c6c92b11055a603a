"""Run hooks and operations with dbt itself on a PostgreSQL of its own, and write down what moved.

    PYTHON -m tests.unit.sources.dbt_hooks

PYTHON is that of an environment made from requirements/dbt.txt; PostgreSQL's server programs are
needed too. Every case has two tables of its own, ``ledger.t_NAME`` and ``ledger.u_NAME``. The
project is built once as it is, and once for each change of one input (a value, or a row less):
what a table then holds otherwise, it took from there. The answers and the manifest are the oracle
of ``test_dbt_hooks.py``; tests read them and never run dbt.
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.postgres import cluster as postgres

ANSWERS = Path(__file__).parent / "dbt_hooks.json"
MANIFEST = Path(__file__).parent / "dbt_hooks_manifest.json"
INPUTS = ("a", "b", "c")
CHANGES = {"value": "update raw.{} set n = n + 1000", "rows": "delete from raw.{} where k = 1"}


@dataclass(frozen=True)
class Case:
    """One hook.

    Attributes:
        name: Part of the names of its model and tables.
        sql: The hook; T and U stand for its tables.
        where: ``post``, ``pre``, ``seed``, ``snapshot``, ``ephemeral``, ``start``, ``end``, or
            ``function``: then it is the body of one that the model calls, and the model's own
            table is looked at.
        macro: A macro it calls.
    """

    name: str
    sql: str
    where: str = "post"
    macro: str = ""


CASES = tuple(
    Case(**one)
    for one in yaml.safe_load(Path(__file__).with_name("dbt_hooks_cases.yaml").read_text("utf-8"))
)
MODEL = "select k, n from {{ source('raw', 'a') }}"
SNAPSHOT = (
    "{%% snapshot %s %%}{{ config(unique_key='k', strategy='check', check_cols='all',"
    " target_schema='marts', post_hook=\"%s\") }}" + MODEL + "{%% endsnapshot %%}\n"
)
SETUP = """
create role reader; create role writer;
create schema raw; create schema ledger; create schema marts;
create table raw.a (k int, n numeric); insert into raw.a values (1, 10), (2, 20), (3, 30);
create table raw.b (k int, n numeric); insert into raw.b values (1, 100), (2, 200);
create table raw.c (k int, n numeric); insert into raw.c values (1, 7);
"""
PROCEDURES = """
create procedure ledger.proc_it() language sql as
  'insert into ledger.t_procedure select k, n from raw.b';
create function ledger.func_it() returns int language sql as
  'insert into ledger.t_function select k, n from raw.c; select 1';
"""
#: Commands of a project whose on-run-end hook writes a line: which of them write it?
COMMANDS = (
    "build",
    "build --empty",
    "build --select nothing_of_that_name",
    "clone --state state",
    "compile",
    "docs generate",
    "ls",
    "parse",
    "retry",
    "run",
    "run --empty",
    "run --select nothing_of_that_name",
    "run-operation note",
    "seed",
    "show --select plain",
    "snapshot",
    "source freshness",
    "test",
    "test --select nothing_of_that_name",
)


def sql_of(case: Case) -> str:
    """The hook with the names of its own tables."""
    text = case.sql
    for letter in ("T", "U"):
        name = f"ledger.{letter.lower()}_{case.name}"
        for before in (" ", "'"):
            for after in (" ", "'", ";", ".", ""):
                at_end = text.endswith(before + letter) and not after
                if at_end:
                    text = text[: -len(letter)] + name
                elif after:
                    text = text.replace(before + letter + after, before + name + after)
    return text


def project(folder: Path) -> None:
    """Write the project."""
    files = {"models/m_other.sql": "select k, n from {{ source('raw', 'b') }}\n"}
    hooks: dict[str, list[str]] = {"start": [], "end": []}
    seeds = {}
    functions: list[str] = []
    for case in CASES:
        sql, name = sql_of(case), f"m_{case.name}"
        quoted = sql.replace("\\", "\\\\").replace('"', '\\"')
        if case.where in hooks:
            hooks[case.where].append(sql)
        elif case.where == "function":
            files[f"functions/f_{case.name}.sql"] = sql
            functions.append(f"f_{case.name}")
            call = f"{{{{ function('f_{case.name}') }}}}()"
            files[f"models/{name}.sql"] = (
                f"select k, {call} as n from {{{{ source('raw', 'a') }}}}"
            )
        elif case.where == "seed":
            files[f"seeds/{name}.csv"] = "k,n\n4,40\n"
            seeds[name] = {"+post-hook": sql}
        elif case.where == "snapshot":
            files[f"snapshots/{name}.sql"] = SNAPSHOT % (name, quoted)
        else:
            made = "ephemeral" if case.where == "ephemeral" else "table"
            option = "pre_hook" if case.where == "pre" else "post_hook"
            config = f"{{{{ config(materialized='{made}', {option}=\"{quoted}\") }}}}"
            files[f"models/{name}.sql"] = f"{config}\n{MODEL}\n"
            if made == "ephemeral":
                files["models/m_uses.sql"] = "select * from {{ ref('m_ephemeral') }}\n"
        if case.macro:
            files[f"macros/{name}.sql"] = case.macro
    files["models/sources.yml"] = json.dumps(
        {"sources": [{"name": "raw", "tables": [{"name": name} for name in INPUTS]}]}
    )
    returns = {"arguments": [], "returns": {"data_type": "numeric"}}
    listed = [{"name": name, **returns} for name in functions]
    files["functions/functions.yml"] = json.dumps({"functions": listed})
    files["dbt_project.yml"] = json.dumps(
        {
            "name": "books",
            "version": "1.0",
            "profile": "books",
            "models": {"books": {"+materialized": "table"}},
            "seeds": {"books": seeds},
            "on-run-start": hooks["start"],
            "on-run-end": hooks["end"],
        }
    )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def profile(folder: Path, cluster: postgres.Cluster, database: str) -> None:
    """Say where the server is."""
    output = {
        "type": "postgres",
        "host": str(cluster.folder),
        "port": 5432,
        "user": postgres.SUPERUSER,
        "password": "unused",
        "dbname": database,
        "schema": "marts",
        "threads": 1,
    }
    content = {"books": {"target": "prod", "outputs": {"prod": output}}}
    (folder / "profiles.yml").write_text(json.dumps(content), encoding="utf-8")


def fresh(cluster: postgres.Cluster, change: str = "") -> None:
    """The database as it was, but for one change."""
    cluster.psql("postgres", "drop database if exists books; drop role if exists reader, writer")
    cluster.psql("postgres", "create database books")
    tables = [f"{letter}_{case.name}" for case in CASES for letter in "tu"]
    made = "".join(
        f"create table ledger.{table} (k int, n numeric);"
        f"insert into ledger.{table} values (1, 1), (2, 2), (9, 9);"
        for table in tables
    )
    cluster.psql("books", SETUP + made + PROCEDURES + change)


def dbt(folder: Path, command: str) -> int:
    """Run dbt in the project."""
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "False"}
    words = [sys.executable, "-m", "dbt.cli.main", *shlex.split(command)]
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == 2:  # dbt's own: it did not run
        sys.stderr.write(done.stdout[-1500:])
    return done.returncode


def tables_of(case: Case) -> list[str]:
    """Tables that a case may change."""
    if case.where == "function":
        return [f"m_{case.name}"]
    return [f"{letter}_{case.name}" for letter in "tu"]


def contents(cluster: postgres.Cluster) -> dict[str, str]:
    """What each table of the ledger holds, and who has which right on it."""
    found = {}
    for case in CASES:
        for table in tables_of(case):
            schema = "marts" if case.where == "function" else "ledger"
            select = f"select k, n from {schema}.{table} order by k, n"
            found[table] = cluster.psql("books", select, stop=False) or "none"
    rights = "select relname, relacl from pg_class where relacl is not null and relname ~ '^[tu]_'"
    granted = cluster.psql("books", rights).splitlines()
    for line in granted:
        table, _, acl = line.partition("|")
        found[f"acl {table}"] = acl
    return found


def moved(cluster: postgres.Cluster, folder: Path) -> list[dict[str, object]]:
    """Build once for each change, and compare."""
    before = contents_of(cluster, folder, "", build=False)
    plain = contents_of(cluster, folder, "")
    changed = {
        f"{name}:{how}": contents_of(cluster, folder, sql.format(name))
        for name in INPUTS
        for how, sql in CHANGES.items()
    }
    answers: list[dict[str, object]] = []
    for case in CASES:
        for table in tables_of(case):
            took = sorted(what for what, found in changed.items() if found[table] != plain[table])
            written = plain[table] != before[table]
            acl = plain.get(f"acl {table}", "")
            if written or took or acl or table.startswith("t"):
                told = {"written": written, "from": took, "acl": acl}
                answers.append({"case": case.name, "table": table, **told})
    return answers


def contents_of(
    cluster: postgres.Cluster, folder: Path, change: str, *, build: bool = True
) -> dict[str, str]:
    """What there is after one build of a database with one change."""
    fresh(cluster, change)
    if build and dbt(folder, "build") != 0:
        raise SystemExit("the build failed")
    return contents(cluster)


def trimmed(folder: Path) -> dict[str, object]:
    """The manifest without dbt's own macros and without what differs from run to run."""
    content = json.loads((folder / "target" / "manifest.json").read_text("utf-8"))
    kept = ("dbt_schema_version", "dbt_version", "adapter_type", "project_name", "quoting")
    metadata = {name: content["metadata"][name] for name in kept}
    own = {uid: m for uid, m in content["macros"].items() if m["package_name"] == "books"}
    found = {"metadata": metadata, "nodes": content["nodes"], "sources": content["sources"]}
    found |= {"macros": own, "functions": content["functions"], "exposures": {}}
    for part in found.values():
        for record in part.values():
            if isinstance(record, dict):
                record.pop("created_at", None)
                if "root_path" in record:
                    record["root_path"] = "/project"
    return found


def hooked(cluster: postgres.Cluster) -> dict[str, bool]:
    """Which commands run the hooks around a run."""
    answers = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small_project(folder)
        profile(folder, cluster, "books")
        fresh(cluster, "create table ledger.seen (one int);")
        dbt(folder, "parse")
        (folder / "state").mkdir()
        (folder / "state" / "manifest.json").write_bytes(
            (folder / "target" / "manifest.json").read_bytes()
        )
        for command in COMMANDS:
            if command == "retry":
                (folder / "models" / "plain.sql").write_text("select * from nowhere")
                dbt(folder, "run")
            cluster.psql("books", "truncate ledger.seen")
            dbt(folder, command)
            answers[command] = cluster.psql("books", "select count(*) from ledger.seen") != "0\n"
            (folder / "models" / "plain.sql").write_text("select 1 as one")
    return answers


def small_project(folder: Path) -> None:
    """A project of which every command has something to do."""
    files = {
        "dbt_project.yml": "name: books\nversion: '1.0'\nprofile: books\n"
        "on-run-end: [insert into ledger.seen values (1)]\n",
        "models/plain.sql": "select 1 as one",
        "models/t.yml": "models: [{name: plain, columns: [{name: one, data_tests: [not_null]}]}]\n"
        "sources: [{name: raw, tables: [{name: a, config: {loaded_at_field: now(),"
        " freshness: {warn_after: {count: 1, period: day}}}}]}]\n",
        "seeds/s.csv": "k\n1\n",
        "snapshots/kept.sql": "{% snapshot kept %}{{ config(unique_key='one', strategy='check',"
        " check_cols='all', target_schema='marts') }}select 1 as one{% endsnapshot %}",
        "macros/note.sql": "{% macro note() %}{% do run_query('select 1') %}{% endmacro %}",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> None:
    """Ask dbt."""
    programs = postgres.binaries()
    if programs is None:
        raise SystemExit("PostgreSQL's server programs are needed")
    with postgres.running(programs) as cluster, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder)
        profile(folder, cluster, "books")
        answers = moved(cluster, folder)
        commands = hooked(cluster)
        lines = ",\n".join(json.dumps(answer) for answer in answers)
        told = json.dumps(commands, indent=1)
        ANSWERS.write_text(f'{{"tables": [\n{lines}\n],\n"commands": {told}}}\n', encoding="utf-8")
        MANIFEST.write_text(json.dumps(trimmed(folder), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
