"""Jobs, programs and profiles that log in to MySQL or MariaDB, joined with its export."""

import json
from pathlib import Path

import pytest

from tests.unit.joins.company import NIGHTLY, Company, edges, gaps

WORKFLOW = ".github/workflows/load.yml"
PW = "${{ secrets.LOADER }}"
OPENS = "AUTHENTICATES_AS secret/LOADER role:mysql:loader@%25"
SECTIONS = (
    *("role_edges", "global_privileges", "column_privileges", "routine_privileges", "proxies"),
    *("views", "routines", "triggers", "events", "foreign_keys", "table_privileges"),
)


def export(
    accounts: dict[str, list[str]], *, host: str | None = "db.internal", port: int = 3306
) -> str:
    """An export: accounts to what they may do with ``erp.*``."""
    named = [one.rpartition("@") for one in accounts]
    grants = [
        {"grantee": f"'{user}'@'{host_}'", "schema": "erp", "privilege": right, "grantable": "NO"}
        for (user, _, host_), rights in zip(named, accounts.values(), strict=True)
        for right in rights
    ]
    content: dict[str, object] = {
        "nhigraph_export": "mysql/1",
        "extracted_at": "2026-11-20T06:00:00Z",
        "version": "8.4.3",
        "exporter": "root@localhost",
        "host": host,
        "port": port,
        "hostname": "db1",
        "server_uuid": None,
        "variables": [{"name": "lower_case_table_names", "value": "0"}],
        "accounts": [{"user": user, "host": host_} for user, _, host_ in named],
        "schema_privileges": grants,
        "schemas": [{"name": "erp"}, {"name": "mysql"}],
        "tables": [{"schema": "erp", "name": "gl", "kind": "BASE TABLE"}],
        **{section: [] for section in SECTIONS},
    }
    return json.dumps(content)


ONE = export({"loader@%": ["INSERT", "SELECT"], "other@%": []})


def client(folder: Path, step: str, *, around: str = "", exported: str | None = ONE) -> Company:
    """One job with one step."""
    text = (
        "on: {schedule: [{cron: '0 2 * * *'}]}\npermissions: {contents: read}\njobs:\n  load:\n"
        f"    runs-on: ubuntu-latest\n{around}    steps:\n"
    )
    lines = "\n".join(f"        {line}" for line in step.strip().splitlines())
    exports = {} if exported is None else {"erp.mysql.json": exported}
    return Company(folder, {WORKFLOW: f"{text}      - {lines.lstrip()}\n"}, exports)


@pytest.mark.parametrize(
    "step",
    [
        f"run: mysql -h db.internal -u loader -p{PW} erp < load.sql",
        f"run: mysql -hdb.internal -uloader --password={PW} -D erp -e 'select 1'",
        f"run: mysql --user=loader erp < load.sql\nenv: {{MYSQL_PWD: '{PW}'}}",
        f"run: mysql -u loader -p\"$PW\" < load.sql\nenv: {{PW: '{PW}', MYSQL_HOST: db.internal}}",
        f"run: mariadb -u $WHO -p{PW} -P 3306 erp\nenv: {{WHO: loader}}",
        f"run: mysqldump -u loader -p{PW} --single-transaction --routines erp gl > gl.sql",
        f"run: mariadb-dump -u loader -p{PW} --databases erp > erp.sql",
        f"run: mysqlimport -u loader -p{PW} --local erp gl.txt",
        f"run: mysqladmin -h db.internal -u loader -p{PW} ping",
        f"run: python l.py\nenv: {{URL: 'mysql://loader:{PW}@db.internal/erp'}}",
        f"run: python l.py\nenv: {{DATABASE_URL: 'mysql+pymysql://loader:{PW}@db.internal/erp'}}",
        f"run: rails r l.rb\nenv: {{DATABASE_URL: 'mysql2://loader:{PW}@db.internal:3306/erp'}}",
        f"run: java -jar l.jar\nenv: {{U: 'jdbc:mysql://db.internal/erp?user=loader&password={PW}'}}",
        f"run: java -jar l.jar\nenv: {{U: 'jdbc:mariadb://loader:{PW}@db.internal:3306/erp'}}",
    ],
)
def test_the_secret_of_a_client_opens_its_account(tmp_path: Path, step: str) -> None:
    """One account of that name, for every host, is the one."""
    found = client(tmp_path, step).read()
    assert edges(found, "AUTHENTICATES_AS", "CAN_ASSUME") == [OPENS]
    assert gaps(found) == []


def test_a_password_alone_is_asked_for_and_the_next_word_is_the_database(tmp_path: Path) -> None:
    step = f"run: mysql -u loader -p erp < load.sql\nenv: {{MYSQL_PWD: '{PW}'}}"
    assert edges(client(tmp_path, step).read(), "AUTHENTICATES_AS") == [OPENS]


def test_without_a_user_it_is_not_known_who_connects(tmp_path: Path) -> None:
    found = client(tmp_path / "a", "run: mysql -h db.internal erp < load.sql").read()
    assert gaps(found) == [
        "job/load.yml#load [CONTROL]: mysql: as which role it connects is not in the files"
    ]
    step = "run: mysql --defaults-extra-file=ci/my.cnf erp < load.sql"
    (gap,) = gaps(client(tmp_path / "b", step).read())
    assert gap.endswith("as which account it connects stands in an option file, which is not read")


def test_of_several_accounts_each_may_be_the_one_under_its_host(tmp_path: Path) -> None:
    exported = export({"loader@%": ["SELECT"], "loader@10.%": ["INSERT"], "@localhost": []})
    step = f"run: mysql -h db.internal -u loader -p{PW} erp"
    found = edges(client(tmp_path, step, exported=exported).read(), "AUTHENTICATES_AS")
    whom = sorted(line.partition(" if it connects as the ")[2] for line in found)
    assert whom == ["loader of %", "loader of 10.%", "loader of localhost"]


def test_an_account_that_the_export_lacks_is_a_gap_and_no_other_account(tmp_path: Path) -> None:
    step = f"run: mysql -h db.internal -u gone -p{PW} erp"
    found = client(tmp_path, step).read()
    assert edges(found, "AUTHENTICATES_AS") == ["AUTHENTICATES_AS secret/LOADER role:mysql:gone@?"]
    assert gaps(found) == [
        "role:mysql:gone@? [CONTROL]: no export describes what this role may do in its database"
    ]


def test_a_locked_account_is_opened_by_nobody(tmp_path: Path) -> None:
    content = json.loads(ONE)
    content["accounts"][0]["locked"] = "Y"
    step = f"run: mysql -h db.internal -u loader -p{PW} erp"
    found = client(tmp_path, step, exported=json.dumps(content)).read()
    assert edges(found, "AUTHENTICATES_AS") == []


@pytest.mark.parametrize(
    ("variables", "opens"),
    [
        ("MYSQL_USER: loader, MYSQL_PASSWORD: '{}', MYSQL_DATABASE: erp", True),
        ("DB_USER: loader, DB_PASSWORD: '{}', DB_NAME: erp, DB_PORT: '3306'", True),
        ("DB_USERNAME: loader, DB_PASSWORD: '{}', DB_DATABASE: erp, DB_CONNECTION: mysql", True),
        ("DB_USER: loader, DB_PASSWORD: '{}', DB_NAME: erp", True),
        ("DB_USER: loader, DB_PASSWORD: '{}', DB_NAME: erp, DB_PORT: '5432'", False),
        ("PG_USER: loader, PG_PASSWORD: '{}', PG_NAME: erp", False),
        ("DB_USER: stranger, DB_PASSWORD: '{}', DB_NAME: erp", False),
    ],
)
def test_variables_of_programs_are_a_login_where_the_account_is_known(
    tmp_path: Path, variables: str, opens: bool
) -> None:
    step = f"run: php artisan migrate\nenv: {{{variables.format(PW)}}}"
    found = edges(client(tmp_path, step).read(), "AUTHENTICATES_AS")
    assert [line.partition(" if ")[0] for line in found] == ([OPENS] if opens else [])


SERVICE = (
    "    services:\n      db:\n        image: mariadb:11\n        ports: ['3306:3306']\n"
    "        env: {MARIADB_ROOT_PASSWORD: CANARY-of-the-test-server}\n"
)


def test_a_container_of_the_job_is_its_own_and_another_port_is_not(tmp_path: Path) -> None:
    step = f"run: mysql -h 127.0.0.1 -u loader -p{PW} erp < load.sql"
    found = client(tmp_path / "a", step, around=SERVICE).read()
    assert edges(found, "AUTHENTICATES_AS") == []
    found = client(tmp_path / "b", step.replace("-u", "-P 6306 -u"), around=SERVICE).read()
    assert edges(found, "AUTHENTICATES_AS") == [
        f"{OPENS} if what answers on the job's own machine is the server whose export was read"
    ]


def test_two_servers_are_told_apart_by_their_hosts_and_not_by_their_own_names(
    tmp_path: Path,
) -> None:
    """Both have an account loader, and both call themselves db1."""
    company = client(tmp_path, f"run: mysql -h db.internal -u loader -p{PW} erp")
    company.exports["more.mysql.json"] = export(
        {"loader@%": ["DELETE"]}, host="staging.internal", port=3307
    )
    found = company.read()
    assert edges(found, "AUTHENTICATES_AS") == [
        "AUTHENTICATES_AS secret/LOADER role:mysql[db.internal:3306]:loader@%25"
    ]


@pytest.mark.parametrize("kind", ["mysql", "mysql5", "mariadb"])
@pytest.mark.parametrize("database", ["", "      database: erp\n"])
def test_a_profile_of_dbt_logs_in_to_the_server(tmp_path: Path, kind: str, database: str) -> None:
    """Its schema is the database, its server the host; each product has a type of its own."""
    profiles = (
        "ledger:\n  target: prod\n  outputs:\n    prod:\n"
        f"      type: {kind}\n      server: db.internal\n      schema: erp\n{database}"
        "      username: loader\n      password: \"{{ env_var('DBT_PASSWORD') }}\"\n"
    )
    files = {
        ".github/workflows/nightly.yml": NIGHTLY,
        "transform/profiles.yml": profiles,
        "transform/dbt_project.yml": "name: books\nprofile: ledger\nversion: '1.0'\n",
    }
    found = Company(tmp_path, files, {"erp.mysql.json": ONE}).read()
    lines = edges(found, "AUTHENTICATES_AS")
    assert lines == [OPENS.replace("LOADER", "DBT_PASSWORD")]


def test_a_password_in_a_profile_opens_the_account_for_whoever_has_the_file(
    tmp_path: Path,
) -> None:
    profiles = (
        "ledger:\n  target: prod\n  outputs:\n    prod:\n      type: mysql\n"
        "      server: db.internal\n      schema: erp\n      username: loader\n"
        "      password: CANARY-not-a-password-8\n"
    )
    found = Company(tmp_path, {"transform/profiles.yml": profiles}, {"erp.mysql.json": ONE}).read()
    lines = [line for line in edges(found, "AUTHENTICATES_AS") if "role:mysql:loader" in line]
    assert len(lines) == 1
    assert " if " not in lines[0]
    assert not [line for line in gaps(found) if "which identity it opens" in line]


def test_a_typed_password_opens_the_account_that_it_names_whoever_describes_that(
    tmp_path: Path,
) -> None:
    """Without an export it is asked what the account may do, and not what the secret opens."""
    step = "run: mysql -h db -u root -pCANARY-not-a-password-7 erp"
    found = client(tmp_path, step, exported=None).read()
    (line,) = edges(found, "AUTHENTICATES_AS")
    assert line.endswith(".github/workflows/load.yml#mysql role:mysql:erp/root@?")
    (gap,) = gaps(found)
    assert gap.startswith(
        "role:mysql:erp/root@? [CONTROL]: no export describes what this role may"
    )


def test_a_server_that_was_exported_is_not_asked_for_once_more(tmp_path: Path) -> None:
    """Its schemas are served by it; of a schema that it lacks another export is wanted."""
    company = client(tmp_path, f"run: mysql -h db.internal -u loader -p{PW} erp")
    assert missing(company) == []
    company.files[WORKFLOW] = company.files[WORKFLOW].replace(" erp", " billing")
    assert missing(company) == ["database billing"]


def missing(company: Company) -> list[str]:
    """Databases whose export is not there."""
    coverage = company.read().coverage
    return [one.title for one in coverage.absent if one.source == "mysql"]


def test_a_server_has_its_platforms_name_where_it_is_told_apart(tmp_path: Path) -> None:
    company = client(tmp_path, f"run: mysql -u loader -p{PW} erp")
    company.exports["more.mysql.json"] = export({"loader@%": []}, host="b.internal")
    found = company.read()
    assert {line.partition(" if ")[2] for line in edges(found, "AUTHENTICATES_AS")} == {
        "the mysql that is meant is the one at db.internal:3306",
        "the mysql that is meant is the one at b.internal:3306",
    }
