"""Passwords that workflow files and actions show."""

from pathlib import Path

import pytest

from tests.unit.joins.company import edges, gaps
from tests.unit.joins.test_clients import CALLER, LIBPQ, UNKNOWN, WORKFLOW, calling, client
from tests.unit.joins.test_services import job_with

WRITTEN = "secret:file/.github/workflows/load.yml#"
LITERAL = "CANARY-not-a-password-7"


def opened(name: str, role: str = "loader") -> list[str]:
    """The edges of a password that a workflow file shows for a variable."""
    key = f"{WRITTEN}{name}"
    return [
        f"AUTHENTICATES_AS {key} role:{role}",
        f"CAN_READ job/load.yml#load {key}",
        f"CONTAINS github:acme/erp {key}",
    ]


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (LIBPQ.replace("${{ secrets.LOADER }}", LITERAL), "PGPASSWORD"),
        (LIBPQ.replace("${{ secrets.LOADER }}", "changeme"), "PGPASSWORD"),
        (LIBPQ.replace("${{ secrets.LOADER }}", "20261128"), "PGPASSWORD"),
        (f"run: PGPASSWORD={LITERAL} psql -U loader -d erp -f load.sql", "PGPASSWORD"),
        (f"run: |\n  export PGPASSWORD='{LITERAL}'\n  psql -U loader erp", "PGPASSWORD"),
        (f"run: psql postgres://loader:{LITERAL}@db.internal/erp -f l.sql", "psql"),
        (f"run: psql 'host=db user=loader dbname=erp password={LITERAL}'", "psql"),
        (f"run: pg_dump -d postgres://loader:{LITERAL}@db.internal/erp", "pg_dump"),
        (f"run: ./load --to postgresql://loader:{LITERAL}@db.internal:5432/erp", "load"),
        (f"run: ./load\nenv: {{URL: 'postgres://loader:{LITERAL}@db/erp'}}", "URL"),
        (f"run: ./load\nenv: {{DSN: 'host=db user=loader dbname=erp password={LITERAL}'}}", "DSN"),
        (
            f"run: psql \"$URL\" -f l.sql\nenv: {{URL: 'postgres://loader:{LITERAL}@db/erp'}}",
            "URL",
        ),
        (f"run: ./l\nenv: {{DB_USER: loader, DB_NAME: erp, DB_PASS: {LITERAL}}}", "DB_PASS"),
        (
            f"uses: acme/sql@v2\nenv: {{PGUSER: loader, PGDATABASE: erp, PGPASSWORD: {LITERAL}}}",
            "PGPASSWORD",
        ),
    ],
)
def test_a_password_that_the_file_shows_is_a_secret_of_the_repository(
    tmp_path: Path, step: str, name: str
) -> None:
    """Whoever reads the repository has it; that there is none is not said."""
    found = client(tmp_path, step).read()
    lines = edges(found, "AUTHENTICATES_AS", "CAN_READ", "CAN_ASSUME")
    lines += [line for line in edges(found, "CONTAINS") if line.endswith(f"#{name}")]
    assert [line.partition(" if ")[0] for line in lines] == opened(name)
    assert gaps(found) == []
    node = found.graph.node_id(f"secret:github:acme/erp/{WRITTEN.partition(':')[2]}{name}")
    assert node is not None
    assert found.graph.props(node)["exposed"] is True


@pytest.mark.parametrize("text", ["'***'", "'<password>'", "xxxxxx", "$PASSWORD", "''", "true"])
def test_a_text_that_stands_for_a_password_is_none(tmp_path: Path, text: str) -> None:
    found = client(tmp_path, LIBPQ.replace("${{ secrets.LOADER }}", text)).read()
    (line,) = edges(found, "AUTHENTICATES_AS", "CAN_ASSUME")
    assert line.startswith("CAN_ASSUME job/load.yml#load role:loader if it logs in without")


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (f"run: ./notify.sh\nenv: {{API_KEY: {LITERAL}}}", "API_KEY"),
        (f"run: curl -u app:{LITERAL} https://api.example.com", "curl"),
        (f"run: curl https://app:{LITERAL}@api.example.com/x", "curl"),
        (f"run: \"curl -H 'Authorization: Bearer {LITERAL}' https://api.example.com\"", "curl"),
        (f"run: mysqldump --password={LITERAL} erp", "mysqldump"),
        (f"run: sshpass -p {LITERAL} ssh db", "sshpass"),
        (f"run: docker login -u app -p {LITERAL} registry.example.com", "docker"),
        (f"run: sudo redis-cli -a {LITERAL} flushall", "redis-cli"),
        (f"run: snow sql --token {LITERAL}", "snow"),
        (f"run: make deploy TOKEN={LITERAL}", "make"),
        (f"run: terraform apply -var db_password={LITERAL}", "terraform"),
        (f"run: kubectl create secret generic x --from-literal=password={LITERAL}", "kubectl"),
        (f'run: echo "TOKEN={LITERAL}" >> $GITHUB_ENV', "TOKEN"),
        (f"uses: acme/deploy@v1\nwith: {{api-token: {LITERAL}}}", "api-token"),
        (f"uses: acme/deploy@v1\nwith: {{url: 'mysql://root:{LITERAL}@db/erp'}}", "url"),
    ],
)
def test_what_a_written_secret_opens_is_asked(tmp_path: Path, step: str, name: str) -> None:
    """As of any other secret that a job has."""
    assert gaps(client(tmp_path, step).read()) == [f"{WRITTEN}{name} [READ]: {UNKNOWN}"]


@pytest.mark.parametrize(
    "step",
    [
        "run: ./notify.sh\nenv: {API_KEY: dummy, TOKEN: test, DB_PASSWORD: postgres}",
        "run: docker login --password-stdin registry.example.com",
        "run: psql --password -U x",
        "run: docker run -p 5432:5432 app",
        "run: mysql -u root -p erp",
        'run: curl -u "$USER:$PASS" https://api.example.com',
        "uses: actions/checkout@v4\nwith: {persist-credentials: false}",
        "uses: hashicorp/x@v1\nwith: {secrets: 'secret/data/ci token | TOKEN'}",
        "run: ./x\nenv: {TOKEN_URL: 'https://api.example.com', SECRET_NAME: erp, PASSFILE: /x}",
        "run: echo postgres://u:" + LITERAL + "@h/d",
    ],
)
def test_what_is_no_secret_or_a_word_of_every_file_is_not_asked(tmp_path: Path, step: str) -> None:
    found = gaps(client(tmp_path, step).read())
    assert [line for line in found if line.startswith("secret")] == []


def test_two_passwords_of_one_variable_are_two_secrets(tmp_path: Path) -> None:
    """A number tells them apart: what one step logs in with is not the other's."""
    company = client(tmp_path, LIBPQ)
    body = "".join(
        f"      - run: PGPASSWORD={LITERAL}-{number} psql -U {who} -d erp\n"
        for number, who in ((1, "loader"), (2, "other"), (1, "loader"))
    )
    head, _, _ = company.files[WORKFLOW].partition("      - ")
    company.files[WORKFLOW] = head + body
    assert edges(company.read(), "AUTHENTICATES_AS") == [
        f"AUTHENTICATES_AS {WRITTEN}PGPASSWORD role:loader",
        f"AUTHENTICATES_AS {WRITTEN}PGPASSWORD~2 role:other",
    ]


def test_the_password_of_the_jobs_own_container_asks_nothing_of_the_company(
    tmp_path: Path,
) -> None:
    """But at the company's server the same word is a password like any other."""
    company = client(tmp_path, LIBPQ)
    text = job_with("localhost", "5432", "['5432:5432']", "null", "postgres:16")
    company.files[WORKFLOW] = text.replace("${{ secrets.LOADER }}", LITERAL)
    found = company.read()
    assert gaps(found) == []
    assert edges(found, "AUTHENTICATES_AS", "CAN_ASSUME", "CAN_READ") == []
    company.files[WORKFLOW] = company.files[WORKFLOW].replace("localhost", "db.internal")
    assert edges(company.read(), "AUTHENTICATES_AS", "CAN_READ") == opened("PGPASSWORD")[:2]


def test_a_password_that_an_action_shows_is_the_jobs_that_uses_it(tmp_path: Path) -> None:
    company = client(tmp_path, "uses: ./.github/actions/load")
    action = f"""
        runs:
          using: composite
          steps:
            - shell: bash
              run: psql -f load.sql
              env: {{PGUSER: loader, PGDATABASE: erp, PGPASSWORD: {LITERAL}}}
            - shell: bash
              run: ./notify.sh
              env: {{API_KEY: {LITERAL}-2}}
        """
    company.files[".github/actions/load/action.yml"] = action
    found = company.read()
    file = "secret:file/.github/actions/load/action.yml#"
    assert edges(found, "AUTHENTICATES_AS", "CAN_READ", "CAN_ASSUME") == [
        f"AUTHENTICATES_AS {file}PGPASSWORD role:loader",
        f"CAN_READ job/load.yml#load {file}API_KEY",
        f"CAN_READ job/load.yml#load {file}PGPASSWORD",
    ]
    assert gaps(found) == [f"{file}API_KEY [READ]: {UNKNOWN}"]


def test_a_password_that_a_caller_writes_out_opens_what_the_called_job_logs_in_to(
    tmp_path: Path,
) -> None:
    caller = CALLER.replace("${{ secrets.LOADER }}", LITERAL)
    found = calling(tmp_path, caller).read()
    key = "secret:file/.github/workflows/nightly.yml#PASSWORD"
    assert f"AUTHENTICATES_AS {key} role:loader" in edges(found, "AUTHENTICATES_AS")
    assert gaps(found) == []
