"""Steps that log in, really run: the server's own log says as whom and where.

A little runner stands in for GitHub's: it puts the secrets in, sets the variables and hands the
script to bash. What it cannot show (whether the password is right) the server does not ask here.
"""

import os
import random
import re
import socket
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from nhigraph.app.collect import collect
from tests.postgres.cluster import Cluster, binaries, running
from tests.unit.joins.company import edges

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

REPOSITORY = "acme/erp"


@dataclass(frozen=True)
class Step:
    """A script with its variables; ``PORT`` stands for the server's."""

    run: str
    env: dict[str, str] = field(default_factory=dict)


LIBPQ = {"PGHOST": "127.0.0.1", "PGPORT": "PORT", "PGPASSWORD": "${{ secrets.SECRET }}"}
LOADER = {**LIBPQ, "PGUSER": "loader", "PGDATABASE": "erp"}
URL = "postgresql://loader:$PGPASSWORD@127.0.0.1:PORT/erp"
HANDED = URL.replace("$PGPASSWORD", "${{ secrets.SECRET }}")
STEPS = (
    Step("psql -c 'select 1'", LOADER),
    Step("psql -U other -c 'select 1'", LOADER),
    Step("psql -d crm -c 'select 1'", LOADER),
    Step("psql crm -c 'select 1'", LOADER),
    Step("psql crm other -c 'select 1'", LOADER),
    Step("psql -d crm other -c 'select 1'", LOADER),
    Step("psql -Uother -dcrm -tAc 'select 1'", LIBPQ),
    Step("psql --username other --dbname crm -c 'select 1'", LIBPQ),
    Step("psql --username=other --dbname=crm --command='select 1'", LIBPQ),
    Step("psql -h 127.0.0.1 -p PORT -U loader -d erp -f load.sql", {}),
    Step(f"psql '{URL.replace('$PGPASSWORD', 'x')}' -c 'select 1'", LIBPQ),
    Step(f'psql "{URL}" -c "select 1"', LIBPQ),
    Step(f'psql {URL} -c "select 1"', {**LIBPQ, "PGUSER": "other"}),
    Step(f'psql -U other "{URL}" -c "select 1"', LIBPQ),
    Step(f'psql "{URL}?sslmode=disable" -c "select 1"', LIBPQ),
    Step(f'psql -d "{URL}" -c "select 1"', {**LOADER, "PGDATABASE": "crm"}),
    Step("psql 'host=127.0.0.1 port=PORT user=loader dbname=erp' -c 'select 1'", LIBPQ),
    Step("psql 'user=loader dbname=erp' -c 'select 1'", {**LIBPQ, "PGUSER": "other"}),
    Step("psql \"dbname='crm' user=other\" -c 'select 1'", LOADER),
    Step("psql -U other 'user=loader dbname=erp' -c 'select 1'", LIBPQ),
    Step("PGUSER=loader PGDATABASE=erp psql -c 'select 1'", LIBPQ),
    Step("export PGUSER=loader\nexport PGDATABASE=erp\npsql -c 'select 1'", LIBPQ),
    Step("export PGUSER=other PGDATABASE=crm; psql -c 'select 1'", LOADER),
    Step("env PGUSER=other psql -c 'select 1'", LOADER),
    Step("PGUSER=other\npsql -c 'select 1'", LOADER),
    Step("psql <<'SQL'\nselect 1;\n\\q\nSQL", LOADER),
    Step("echo 'select 1' | psql", LOADER),
    Step("if psql -c 'select 1'; then echo yes; fi", LOADER),
    Step("for f in a b; do\n  psql -d crm -c 'select 1'\ndone", LOADER),
    Step("bash -c 'psql -U other -c \"select 1\"'", LOADER),
    Step("cd sql && psql -f ../load.sql", LOADER),
    Step("psql -v ON_ERROR_STOP=1 -X -q -d crm -f load.sql", LOADER),
    Step("psql -c 'select 1' && psql -U other -d crm -c 'select 1'", LOADER),
    Step("timeout 20 psql -c 'select 1'", LOADER),
    Step("result=$(psql -tAc 'select 1')\necho \"$result\"", LOADER),
    Step("psql \\\n  --username other \\\n  --dbname crm \\\n  -c 'select 1'", LIBPQ),
    Step("pg_dump -s erp > dump.sql", {**LIBPQ, "PGUSER": "loader"}),
    Step("pg_dump --schema-only --username=other crm -f dump.sql", LIBPQ),
    Step("pg_dump -s -d crm > dump.sql", LOADER),
    Step(f'pg_dump -s "{URL}" > dump.sql', {**LIBPQ, "PGUSER": "other"}),
    Step("pg_dump -s -Fc erp > d && pg_restore -d crm d", LOADER),
    Step('psql "$DSN" -c "select 1"', {"DSN": HANDED}),
    Step("psql -c 'select 1'", {**LOADER, "PGHOST": "localhost"}),
    Step("user=other; psql -U $user -c 'select 1'", LOADER),
    Step("psql -U ${WHO} -d ${AT} -c 'select 1'", {**LIBPQ, "WHO": "other", "AT": "crm"}),
    Step('psql -U "$WHO" -h "$AT" crm -l', {**LIBPQ, "WHO": "other", "AT": "localhost"}),
    Step("psql --no-password --single-transaction --file=load.sql", LOADER),
)  # fmt: skip


def rolled(rng: random.Random) -> Step:
    """One more step: forms of user and database, and options around them, in any order."""
    env = dict(LIBPQ)
    for name, choices in (("PGUSER", ("loader", "other")), ("PGDATABASE", ("erp", "crm"))):
        if rng.random() < 0.5:
            env[name] = rng.choice(choices)
    user, database = rng.choice(("loader", "other")), rng.choice(("erp", "crm"))
    env |= {"WHO": user, "WHERE": database} if rng.random() < 0.3 else {}
    who, where = ("$WHO", "${WHERE}") if "WHO" in env else (user, database)
    users: tuple[list[str], ...] = (
        [],
        ["-U", who],
        [f"-U{who}"],
        ["--username", who],
        [f"--username={who}"],
    )
    text = f"postgresql://{user}:$PGPASSWORD@127.0.0.1:PORT/{database}"
    named: tuple[tuple[list[str], list[str]], ...] = (
        ([], []),
        (["-d", where], []),
        ([f"-d{where}"], []),
        ([f"--dbname={where}"], []),
        ([], [where]),
        ([], [where, who]),
        ([], [f'"{text}"']),
        (["-d", f'"{text}"'], []),
        ([], [f"'user={user} dbname={database}'"]),
        ([], [f'"dbname={database}"']),
    )
    options, loose = rng.choice(named)
    flags = rng.sample([["-X"], ["-q"], ["-tA"], ["-v", "a=b"], ["-P", "pager=off"], ["-w"]], 3)
    groups = [rng.choice(users), options, ["-c", "'select 1'"], *flags]
    rng.shuffle(groups)
    words = [word for group in groups for word in group]
    # Loose words may stand before, between or behind the options; here at either end.
    words = [*loose, *words] if rng.random() < 0.3 else [*words, *loose]
    return Step(f"psql {' '.join(words)}", env)


MORE = [rolled(random.Random(seed)) for seed in range(150)]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Cluster, int]]:
    """A server on a port of its own that logs who connects."""
    programs = binaries()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL's server programs are not installed")
        pytest.skip("PostgreSQL's server programs are not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = "-c log_connections=on -c log_min_messages=log"
    with running(programs, f"-c listen_addresses=127.0.0.1 -c port={port} {log}") as cluster:
        script = "CREATE ROLE loader LOGIN SUPERUSER; CREATE ROLE other LOGIN SUPERUSER;"
        for statement in (script, "CREATE DATABASE erp;", "CREATE DATABASE crm;"):
            subprocess.run(
                ["psql", "-X", "-q", "-p", str(port), "-c", statement, "postgres"],
                env=cluster.environment,
                check=True,
            )
        yield cluster, port


def connected(cluster: Cluster, since: int) -> tuple[set[str], int]:
    """``DATABASE/USER`` of the connections that the log has beyond a place, and its end."""
    log = (cluster.folder / "log").read_text(encoding="utf-8")
    found = re.findall(r"connection authorized: user=(\S+) database=(\S+)", log[since:])
    return {f"{database}/{user}" for user, database in found}, len(log)


def really(
    server: tuple[Cluster, int], folder: Path, steps: Sequence[Step], *, check: bool
) -> list[set[str]]:
    """Run every step; whom the server saw, per step."""
    cluster, port = server
    (folder / "sql").mkdir(parents=True)
    (folder / "load.sql").write_text("select 1;\n")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    _, at = connected(cluster, 0)
    seen = []
    for step in steps:
        filled = {
            name: value.replace("PORT", str(port)).replace("${{ secrets.SECRET }}", "x")
            for name, value in step.env.items()
        }
        script = step.run.replace("PORT", str(port)).replace("${{ secrets.SECRET }}", "x")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=folder,
            env={**kept, **filled},
            check=check,
            capture_output=True,
        )
        found, at = connected(cluster, at)
        # Who is let in and then finds no database or no role of its name has done nothing.
        seen.append(found if done.returncode == 0 else set())
    return seen


def said(folder: Path, steps: Sequence[Step]) -> list[set[str]]:
    """What the joins make of the same steps, each a job with a secret of its own."""
    place = folder / "erp" / ".github" / "workflows"
    place.mkdir(parents=True)
    for number, step in enumerate(steps):
        body = {"run": step.run.replace("PORT", "5432"), "env": step.env}
        env = {name: value.replace("PORT", "5432") for name, value in step.env.items()}
        body["env"] = {n: v.replace("SECRET", f"S{number}") for n, v in env.items()}
        jobs = {"load": {"runs-on": "ubuntu-latest", "steps": [body]}}
        text = yaml.safe_dump({"on": "push", "permissions": {}, "jobs": jobs})
        (place / f"w{number}.yml").write_text(text, encoding="utf-8")
    found: list[set[str]] = [set() for _ in steps]
    graph = collect([folder / "erp"], repo=REPOSITORY)
    for line in edges(graph, "AUTHENTICATES_AS", "CAN_ASSUME"):
        _, source, rest = line.split(" ", 2)
        where = re.search(r"\d+", source)
        assert where is not None
        role = rest.partition(" if ")[0]
        key = f"erp/{role[5:]}" if "postgres" not in role else role.removeprefix("role:postgres:")
        found[int(where[0])].add(key)
    return found


def test_a_step_logs_in_where_the_server_says_it_does(
    server: tuple[Cluster, int], tmp_path: Path
) -> None:
    different = []
    seen_by_step = really(server, tmp_path / "run", STEPS, check=True)
    for step, seen, read in zip(STEPS, seen_by_step, said(tmp_path, STEPS), strict=True):
        assert seen, f"the server saw nobody: {step}"
        if seen != read:
            different.append((step.run, step.env, sorted(seen), sorted(read)))
    assert different == []


def test_whatever_the_order_of_options_the_server_says_the_same(
    server: tuple[Cluster, int], tmp_path: Path
) -> None:
    """Steps that fail, for want of a user or a database, log in nowhere."""
    different, alive = [], 0
    seen_by_step = really(server, tmp_path / "run", MORE, check=False)
    for step, seen, read in zip(MORE, seen_by_step, said(tmp_path, MORE), strict=True):
        alive += bool(seen)
        if seen != read:
            different.append((step.run, step.env, sorted(seen), sorted(read)))
    assert different == []
    assert alive > len(MORE) / 2
