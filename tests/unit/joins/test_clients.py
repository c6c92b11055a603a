"""Database clients in jobs, reusable workflows, branch protection, and what nobody supplied."""

import json
from pathlib import Path
from textwrap import dedent

import pytest

from tests.unit.joins.company import Company, edges, export, gaps, notes, relation

WORKFLOW = ".github/workflows/load.yml"
OPENS = "AUTHENTICATES_AS secret/LOADER role:loader"
UNKNOWN = "what it opens is in no input; a link in the scope can say it"
ROLES = export(
    {"loader": {}, "other": {}},
    schemas={"raw": ["loader=U/admin"]},
    relations=[relation("raw", "payments", "admin", ["admin=arwd/admin", "loader=a/admin"])],
)


def scope(rest: str) -> str:
    """A scope with one target, and more."""
    target = '{id: t, family: trust-service, commitments: [A], select: [{key: "dataset:*"}]}'
    head = (
        "nhigraph: scope/1\norganization: Acme\ncommitments: [S]\nas_of: 2026-11-23\n"
        f"targets:\n  - {target}\n"
    )
    return head + dedent(rest)


def client(folder: Path, step: str, *, roles: str = ROLES) -> Company:
    """One job with one step."""
    text = (
        "on: {schedule: [{cron: '0 2 * * *'}]}\npermissions: {contents: read}\njobs:\n  load:\n"
        "    runs-on: ubuntu-latest\n    steps:\n"
    )
    lines = "\n".join(f"        {line}" for line in step.strip().splitlines())
    return Company(
        folder, {WORKFLOW: f"{text}      - {lines.lstrip()}\n"}, {"erp.postgres.json": roles}
    )


LIBPQ = """
run: psql -f load.sql
env:
  PGUSER: loader
  PGDATABASE: erp
  PGPASSWORD: ${{ secrets.LOADER }}
"""


@pytest.mark.parametrize(
    "step",
    [
        LIBPQ,
        "run: psql -U loader -d erp -f load.sql\nenv: {PGPASSWORD: '${{ secrets.LOADER }}'}",
        "run: psql erp loader -f load.sql\nenv: {PGPASSWORD: '${{ secrets.LOADER }}'}",
        (
            "run: psql 'host=db dbname=erp user=loader' -f l.sql\n"
            "env: {PGPASSWORD: '${{ secrets.LOADER }}'}"
        ),
        (
            "run: psql postgresql://loader:$PASSWORD@db.internal/erp -f load.sql\n"
            "env: {PASSWORD: '${{ secrets.LOADER }}'}"
        ),
        (
            "run: |\n  export PGUSER=loader PGDATABASE=erp\n"
            "  PGPASSWORD=${{ secrets.LOADER }} psql -f l.sql"
        ),
        LIBPQ.replace("psql -f load.sql", "python load.py"),
        LIBPQ.replace("psql -f load.sql", "pg_restore -d erp dump"),
    ],
)
def test_the_secret_of_a_client_opens_its_role(tmp_path: Path, step: str) -> None:
    """Options before variables, and any program that has libpq's variables."""
    found = client(tmp_path, step).read()
    assert edges(found, "AUTHENTICATES_AS", "CAN_ASSUME") == [OPENS]
    assert gaps(found) == []


def test_options_stand_before_variables(tmp_path: Path) -> None:
    step = LIBPQ.replace("psql -f", "psql -U other -f")
    found = client(tmp_path, step).read()
    assert edges(found, "AUTHENTICATES_AS") == [OPENS.replace("role:loader", "role:other")]


def test_without_a_database_the_only_role_of_that_name_is_assumed(tmp_path: Path) -> None:
    step = LIBPQ.replace("  PGDATABASE: erp\n", "")
    found = client(tmp_path, step).read()
    assert edges(found, "AUTHENTICATES_AS") == [
        f"{OPENS} if the database is the one whose export was read"
    ]


def test_a_connection_text_in_a_secret_is_a_gap_until_a_link_says_what_it_opens(
    tmp_path: Path,
) -> None:
    step = "run: psql $DATABASE_URL -f load.sql\nenv: {DATABASE_URL: '${{ secrets.LOADER }}'}"
    company = client(tmp_path, step)
    assert gaps(company.read()) == [f"secret/LOADER [READ]: {UNKNOWN}"]
    more = scope("""
        links:
          - kind: AUTHENTICATES_AS
            from: "github:acme/erp/secret/LOADER"
            to: "role:postgres:erp/loader"
        """)
    assert gaps(company.read(more)) == []


def test_a_secret_of_which_nothing_is_known_is_a_gap(tmp_path: Path) -> None:
    step = "run: ./notify.sh\nenv: {HOOK: '${{ secrets.HOOK }}'}"
    assert gaps(client(tmp_path, step).read()) == [f"secret/HOOK [READ]: {UNKNOWN}"]


def test_other_names_for_user_and_password_are_assumed_where_the_role_is_known(
    tmp_path: Path,
) -> None:
    step = """
        run: python load.py
        env:
          DB_USER: loader
          DB_NAME: erp
          DB_PASSWORD: ${{ secrets.LOADER }}
        """
    said = step.replace("\n        ", "\n")
    assert edges(client(tmp_path / "a", said).read(), "AUTHENTICATES_AS") == [
        f"{OPENS} if DB_USER and the password beside it are one login to erp"
    ]
    found = client(tmp_path / "b", said.replace("loader", "stranger")).read()
    assert edges(found, "AUTHENTICATES_AS") == []
    assert gaps(found) == [f"secret/LOADER [READ]: {UNKNOWN}"]


def test_a_role_that_the_export_lacks_is_a_gap(tmp_path: Path) -> None:
    found = client(tmp_path, LIBPQ.replace("PGUSER: loader", "PGUSER: gone")).read()
    assert edges(found, "AUTHENTICATES_AS") == ["AUTHENTICATES_AS secret/LOADER role:gone"]
    assert gaps(found) == [
        "role:gone [CONTROL]: no export describes what this role may do in its database"
    ]


def test_a_client_without_a_user_leaves_the_job_open(tmp_path: Path) -> None:
    found = client(tmp_path, "run: psql -d erp -f load.sql").read()
    assert gaps(found) == [
        "job/load.yml#load [CONTROL]: psql: as which role it connects is not in the files"
    ]


def test_the_scope_names_a_server_whose_roles_have_a_name_of_their_own(tmp_path: Path) -> None:
    """Two servers with a database "erp": an alias tells them apart for good."""
    step = LIBPQ.replace("PGUSER:", "PGHOST: db2.internal\n  PGUSER:")
    more = scope("""
        aliases: [{platform: postgres, host: db2.internal, as: second}]
        """)
    found = client(tmp_path, step).read(more)
    (line,) = edges(found, "AUTHENTICATES_AS")
    assert line.endswith("role:postgres:second/loader")


# -- reusable workflows -------------------------------------------------------------------------

CALLED = """
on:
  workflow_call:
    inputs: {user: {type: string}}
    secrets: {password: {required: true}}
permissions: {contents: read}
jobs:
  load:
    runs-on: ubuntu-latest
    steps:
      - run: psql -d erp -U ${{ inputs.user }} -f load.sql
        env: {PGPASSWORD: "${{ secrets.password }}"}
"""
CALLER = """
on: {schedule: [{cron: "0 2 * * *"}]}
permissions: {contents: read}
jobs:
  one:
    uses: ./.github/workflows/load.yml
    with: {user: loader}
    secrets: {password: "${{ secrets.LOADER }}"}
  two:
    uses: ./.github/workflows/load.yml
    with: {user: other}
    secrets: {password: "${{ secrets.OTHER }}"}
"""


def calling(folder: Path, caller: str = CALLER) -> Company:
    files = {WORKFLOW: CALLED, ".github/workflows/nightly.yml": caller}
    return Company(folder, files, {"erp.postgres.json": ROLES})


def test_each_caller_hands_over_its_own_secret_for_its_own_user(tmp_path: Path) -> None:
    """The called job has both in turn; whoever knows one secret has one role."""
    handed = "AUTHENTICATES_AS workflow/load.yml/secret/PASSWORD"
    found = calling(tmp_path).read()
    assert edges(found, "AUTHENTICATES_AS") == [
        OPENS,
        "AUTHENTICATES_AS secret/OTHER role:other",
        f"{handed} role:loader",
        f"{handed} role:other",
    ]
    assert gaps(found) == []


def test_inherited_secrets_keep_their_names(tmp_path: Path) -> None:
    caller = """
        on: {schedule: [{cron: "0 2 * * *"}]}
        permissions: {contents: read}
        jobs:
          one:
            uses: ./.github/workflows/load.yml
            with: {user: loader}
            secrets: inherit
        """
    assert edges(calling(tmp_path, caller).read(), "AUTHENTICATES_AS") == [
        "AUTHENTICATES_AS secret/PASSWORD role:loader",
        "AUTHENTICATES_AS workflow/load.yml/secret/PASSWORD role:loader",
    ]


def test_a_called_workflow_that_was_not_read_leaves_gaps(tmp_path: Path) -> None:
    company = calling(tmp_path)
    del company.files[WORKFLOW]
    found = gaps(company.read())
    missing = "its file is not among the inputs: what it runs, and with which secrets"
    assert f"workflow/load.yml []: {missing}" in found
    assert f"secret/LOADER [READ]: {UNKNOWN}" in found


# -- protection and listings --------------------------------------------------------------------

FIXER = """
on: {schedule: [{cron: "0 2 * * *"}]}
permissions: {contents: write}
jobs:
  fix:
    runs-on: ubuntu-latest
    steps: [{run: ./fix.sh}]
"""
WRITES = "CAN_WRITE job/fix.yml#fix github:acme/erp"


def protection(branch: str) -> str:
    url = f"https://api.github.com/repos/acme/erp/branches/{branch}/protection"
    reviews = {"required_approving_review_count": 1, "dismiss_stale_reviews": True}
    return json.dumps({"url": url, "required_pull_request_reviews": reviews})


def repository(branch: str) -> str:
    url = "https://api.github.com/repos/acme/erp"
    return json.dumps({"full_name": "acme/erp", "default_branch": branch, "url": url})


def test_the_default_branchs_rule_guards_what_a_token_writes(tmp_path: Path) -> None:
    """Which documents tell of it, and what they show: test_protection."""
    company = Company(tmp_path, {".github/workflows/fix.yml": FIXER})
    assert edges(company.read(), "CAN_WRITE") == [f"{WRITES} gate protection/?"]
    company.exports["main.json"] = protection("main")
    assert edges(company.read(), "CAN_WRITE") == [f"{WRITES} gate protection/main"]
    company.exports["old.json"] = protection("old")
    company.exports["repository.json"] = repository("main")
    assert edges(company.read(), "CAN_WRITE") == [f"{WRITES} gate protection/main"]


def test_another_branchs_rule_guards_nothing(tmp_path: Path) -> None:
    """And the default branch's own is not known."""
    company = Company(tmp_path, {".github/workflows/fix.yml": FIXER})
    company.exports |= {"old.json": protection("old"), "repository.json": repository("main")}
    found = company.read()
    assert edges(found, "CAN_WRITE") == [f"{WRITES} gate protection/main"]
    assert list(found.graph.gate_records) == ["github:acme/erp/protection/old"]


def test_a_token_that_may_start_runs_of_any_branch_is_not_guarded(tmp_path: Path) -> None:
    text = FIXER.replace("{contents: write}", "{contents: write, actions: write}")
    company = Company(tmp_path, {".github/workflows/fix.yml": text})
    company.exports["main.json"] = protection("main")
    assert edges(company.read(), "CAN_WRITE") == [f"{WRITES} gate protection/main"]
    company.files[".github/workflows/by_hand.yml"] = FIXER.replace(
        '{schedule: [{cron: "0 2 * * *"}]}', "workflow_dispatch"
    ).replace("contents: write", "contents: read")
    assert edges(company.read(), "CAN_WRITE") == [WRITES]


def test_a_workflow_that_is_listed_and_was_not_read_is_a_gap(tmp_path: Path) -> None:
    base = "https://api.github.com/repos/acme/erp/actions/workflows"
    listed = [
        {"name": name, "path": f".github/workflows/{name}", "state": state, "url": f"{base}/{at}"}
        for at, (name, state) in enumerate(
            [("fix.yml", "active"), ("gone.yml", "deleted"), ("missing.yml", "active")]
        )
    ]
    company = Company(tmp_path, {".github/workflows/fix.yml": FIXER})
    company.exports["workflows.json"] = json.dumps({"total_count": 3, "workflows": listed})
    missing = "its file is not among the inputs: what it runs, and with which secrets"
    assert gaps(company.read()) == [f"workflow/missing.yml []: {missing}"]


def test_facts_say_all_that_they_mean_and_get_no_gaps(tmp_path: Path) -> None:
    """A job, a workflow and a secret stated as facts are not asked for files."""
    company = Company(tmp_path)
    company.exports["a.facts.yaml"] = """
        nhigraph: facts/1
        nodes:
          - {kind: Workflow, key: "github:acme/erp/workflow/a.yml"}
          - {kind: CiJob, key: "github:acme/erp/job/a.yml#a"}
          - {kind: Secret, key: "github:acme/erp/secret/S"}
          - {kind: Repository, key: "github:acme/erp"}
        edges:
          - {kind: CAN_READ, from: "github:acme/erp/job/a.yml#a", to: "github:acme/erp/secret/S"}
          - {kind: CAN_WRITE, from: "github:acme/erp/job/a.yml#a", to: "github:acme/erp"}
        """
    company.exports["main.json"] = protection("main")
    found = company.read()
    assert gaps(found) == []
    assert edges(found, "CAN_WRITE") == ["CAN_WRITE job/a.yml#a github:acme/erp"]


def _hosted(database: str, host: str, roles: dict[str, dict[str, object]]) -> str:
    content = json.loads(export(roles, database=database))
    return json.dumps({**content, "host": host})


ALIASED = scope("""
    aliases:
      - {platform: postgres, host: 10.0.0.5, as: main}
      - {platform: postgres, host: db.internal, as: main}
    """)


def test_roles_of_one_server_are_one_whatever_database_shows_them(tmp_path: Path) -> None:
    """Two exports of one server, by its address, and a client that knows it by name."""
    step = LIBPQ.replace("PGUSER:", "PGHOST: db.internal\n  PGUSER:")
    company = client(tmp_path, step)
    company.exports = {
        "erp.postgres.json": _hosted("erp", "10.0.0.5", {"loader": {}}),
        "crm.postgres.json": _hosted("crm", "10.0.0.5", {"loader": {}}),
    }
    assert "role:loader" in "".join(edges(company.read(), "MEMBER_OF"))
    found = company.read(ALIASED)
    roles = [key for key in found.graph.key_list if key.startswith("role:")]
    assert {key.partition("/")[0] for key in roles} == {"role:postgres:main"}
    (line,) = edges(found, "AUTHENTICATES_AS")
    assert line == "AUTHENTICATES_AS secret/LOADER role:postgres:main/loader"
    assert gaps(found) == []


def test_a_database_on_two_servers_keeps_its_own_name(tmp_path: Path) -> None:
    company = client(tmp_path, LIBPQ)
    company.exports = {
        "one.postgres.json": _hosted("erp", "10.0.0.5", {"loader": {}}),
        "two.postgres.json": _hosted("erp", "10.0.0.6", {"loader": {}}),
    }
    found = company.read(ALIASED)
    roles = [key for key in found.graph.key_list if key.endswith(":erp/loader")]
    assert roles == ["role:postgres[10.0.0.6]:erp/loader"]
    assert "role:postgres:main/loader" in found.graph.key_list


def test_databases_of_one_name_on_two_servers_are_kept_apart(tmp_path: Path) -> None:
    """Whoever reads the answer has to know it; a copy of a document says nothing of its own."""
    company = client(tmp_path, LIBPQ)
    first = _hosted("erp", "10.0.0.5", {"loader": {}})
    company.exports = {"a.postgres.json": first, "copy.postgres.json": first}
    assert notes(company.read()) == []
    second = _hosted("erp", "10.0.0.6", {"loader": {}})
    company.exports |= {"z.postgres.json": second}
    lines = notes(company.read())
    assert [line.partition(":")[0] for line in lines] == [
        "a.postgres.json",
        "copy.postgres.json",
        "z.postgres.json",
    ]
    two = "10.0.0.5 (a.postgres.json) and 10.0.0.6 (z.postgres.json)"
    told = {line.partition(": ")[2] for line in lines}
    assert told == {f"erp is the name of 2, kept apart: {two}"}


# -- where the server is, and other ways to say who logs in -------------------------------------


def test_a_connection_text_with_a_secret_in_it_is_read(tmp_path: Path) -> None:
    """As applications are given it: user, host and database in the open, the password a secret."""
    step = """
run: python load.py
env:
  DATABASE_URL: postgresql://loader:${{ secrets.LOADER }}@db.internal:5432/erp?sslmode=require
"""
    found = client(tmp_path, step).read()
    assert edges(found, "AUTHENTICATES_AS") == [OPENS]
    assert gaps(found) == []


def test_a_client_may_be_given_such_a_text(tmp_path: Path) -> None:
    step = """
run: psql "$DATABASE_URL" -f load.sql
env:
  DATABASE_URL: postgres://loader:${{ secrets.LOADER }}@db.internal/erp
"""
    assert edges(client(tmp_path, step).read(), "AUTHENTICATES_AS") == [OPENS]


def test_a_user_that_is_an_expression_is_not_known(tmp_path: Path) -> None:
    step = """
run: python load.py
env:
  DATABASE_URL: postgres://${{ vars.DB_USER }}:${{ secrets.LOADER }}@db.internal/erp
"""
    found = client(tmp_path, step).read()
    assert edges(found, "AUTHENTICATES_AS") == []
    assert gaps(found) == [f"secret/LOADER [READ]: {UNKNOWN}"]


def test_an_action_of_others_has_what_its_step_has(tmp_path: Path) -> None:
    step = LIBPQ.replace("run: psql -f load.sql", "uses: acme/run-sql@v2")
    assert edges(client(tmp_path, step).read(), "AUTHENTICATES_AS") == [OPENS]


def test_what_answers_on_the_machine_itself_may_be_a_tunnel(tmp_path: Path) -> None:
    step = LIBPQ.replace("PGUSER:", "PGHOST: 127.0.0.1\n  PGUSER:")
    assert edges(client(tmp_path, step).read(), "AUTHENTICATES_AS") == [
        f"{OPENS} if what answers on the job's own machine is the server whose export was read"
    ]


def test_a_server_on_the_machine_casts_no_doubt_on_another_jobs_server(tmp_path: Path) -> None:
    company = client(tmp_path, LIBPQ.replace("PGUSER:", "PGHOST: db.internal\n  PGUSER:"))
    company.files[".github/workflows/test.yml"] = """
        on: push
        permissions: {contents: read}
        jobs:
          test:
            runs-on: ubuntu-latest
            steps:
              - run: psql -h localhost -U loader -d erp -f load.sql
                env: {PGPASSWORD: "${{ secrets.TEST }}"}
        """
    found = edges(company.read(), "AUTHENTICATES_AS")
    assert found[0] == OPENS
    assert found[1].startswith("AUTHENTICATES_AS secret/TEST role:loader if what answers")
