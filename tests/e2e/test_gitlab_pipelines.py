"""Pipelines of GitLab against PostgreSQL and MariaDB, judged by the real program, argued by hand.

One server's export says that ``poster`` may write ``fin.gl`` and ``viewer`` may read it, the
other's that ``loader@%`` may insert, update and delete in ``er_``, and ``clerk`` insert into
``erp.balances``. No line of a join knows of any vendor
(``tests/contract/test_no_vendor_in_joins``).
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.documents import native
from tests.e2e.command import inside

pytestmark = pytest.mark.xdist_group("gitlab_pipelines")

PROJECT = "gitlab:gitlab.com/acme/data/erp"
PIPELINE = """
include: [{local: ci/base.yml}]
variables: {PGHOST: 10.0.0.1, PGDATABASE: erp}

# Its password is a variable of the project's, which it names: it is the role, past no rule.
post: {extends: .as-poster, script: [psql -f post.sql]}
# The same behind an environment, of whose rule nobody says anything.
deploy: {extends: .as-poster, environment: production, script: [psql -f post.sql]}
# It works in the environment and deploys nothing: no approval stands before it.
prepare: {extends: .as-poster, environment: {name: production, action: prepare}, script: [psql]}
# Somebody starts it by hand, which is no approval.
manual: {extends: .as-poster, when: manual, script: [psql -f post.sql]}
# It can only read the table.
report: {variables: {PGUSER: viewer, PGPASSWORD: $VIEWER_PW}, script: [psql -c 'select 1']}
# Its database is the container beside it.
test:
  services: [{name: "postgres:15", alias: db}]
  variables:
    {PGHOST: db, PGUSER: poster, PGPASSWORD: CANARY-e2e-1, POSTGRES_PASSWORD: CANARY-e2e-1}
  script: [psql -f post.sql]
# No file names its password: a variable called PGPASSWORD may be there.
quiet: {variables: {PGUSER: poster}, script: [psql -f post.sql]}
# A connection text put together, with the host of the export.
text:
  variables: {DSN: "postgresql://poster:$POSTER_PW@10.0.0.1/erp"}
  inherit: {variables: false}
  script: [psql "$DSN" -f post.sql]
# Another project's runner could still take it.
idle: {inherit: {variables: false}, script: [echo nothing], tags: [own]}
# A client of the other server, which is told its password, or may be.
books:
  variables: {MYSQL_PWD: $CLERK_PW}
  script: [mysql -h db.internal -P 3306 -u clerk erp -e 'source post.sql']
# Of its user there are two accounts: which one it is the host decides that it comes from.
load-books: {variables: {MYSQL_PWD: $LOADER_PW}, script: [mysql -h db.internal -u loader erp]}
quiet-books: {script: [mysql -h db.internal -u clerk erp]}
# What the program does with the connection text nobody says.
text-books:
  variables: {BOOKS_URL: "mysql://clerk:$CLERK_PW@db.internal:3306/erp"}
  script: [python load.py]
# The project has a variable of that name, which goes before the file's.
over: {inherit: {variables: false}, variables: {WHO: nobody}, script: [./run "$WHO"]}
never: {extends: .as-poster, script: [psql], rules: [{when: never}]}
"""
BASE = ".as-poster: {variables: {PGUSER: poster, PGPASSWORD: $POSTER_PW}}\n"
SCOPE = """
nhigraph: scope/1
organization: Anvil Ltd
commitments: [S]
as_of: 2026-11-23
targets:
  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
     select: [{key: "dataset:postgres:erp.fin.gl"}]}
  - {id: books, family: financial-reporting, fs_role: record, icfr_basis: own,
     select: [{key: "dataset:mysql:erp.balances"}]}
"""
#: Lists of variables, as an export of them says it: all there are, and nothing of a group's.
LISTED = """
nhigraph: facts/1
nodes:
  - kind: Repository
    key: "gitlab:gitlab.com/acme/data/erp"
    props: {secrets_total: 3, token_read_only: true}
  - {kind: Secret, key: "gitlab:gitlab.com/acme/data/erp/variable/WHO", props: {listed: true}}
  - kind: Secret
    key: "gitlab:gitlab.com/acme/data/erp/variable/POSTER_PW"
    props: {listed: true}
  - kind: Secret
    key: "gitlab:gitlab.com/acme/data/erp/variable/VIEWER_PW"
    props: {listed: true}
  - {kind: Container, key: "gitlab:gitlab.com/groups/acme", props: {secrets_total: 0}}
  - {kind: Container, key: "gitlab:gitlab.com/groups/acme/data", props: {secrets_total: 0}}
"""
Row = dict[str, str]


def estate(folder: Path, **more: str) -> Path:
    """The project, the export and the scope."""
    project = folder / "erp"
    (project / ".git").mkdir(parents=True)
    remote = '[remote "origin"]\n\turl = git@gitlab.com:acme/data/erp.git\n'
    (project / ".git" / "config").write_text(remote)
    (project / ".gitlab-ci.yml").write_text(PIPELINE)
    (project / "ci").mkdir()
    (project / "ci" / "base.yml").write_text(BASE)
    acl = ["poster=arw/admin", "viewer=r/admin"]
    export = native.export(
        "erp",
        {"host": "10.0.0.1", "port": 5432, "system_identifier": "7000"},
        {"admin": {"superuser": True}, "poster": {}, "viewer": {}},
        [],
        {"fin": ["poster=U/admin", "viewer=U/admin"]},
        [native.relation("fin", "gl", "admin", acl)],
        "admin",
    )
    (folder / "erp.postgres.json").write_text(json.dumps(export))
    books = Path(__file__).parents[1] / "unit" / "sources" / "mysql" / "erp.mysql.json"
    (folder / "books.mysql.json").write_text(books.read_text())
    (folder / "scope.yaml").write_text(SCOPE)
    for name, text in more.items():
        (folder / f"{name}.facts.yaml").write_text(text)
    return folder


def assessed(folder: Path, out: Path) -> Path:
    """The output folder of ``assess``."""
    ran = inside("assess", folder, "--out", out)
    assert ran.code == 0, ran.err
    return out


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without lists of variables."""
    return assessed(estate(tmp_path_factory.mktemp("in")), tmp_path_factory.mktemp("out") / "a")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With them."""
    folder = estate(tmp_path_factory.mktemp("in"), listed=LISTED)
    return assessed(folder, tmp_path_factory.mktemp("out") / "b")


def rows(file: Path) -> list[Row]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def of(out: Path, job: str, target: str = "fin:gl") -> Row | None:
    found = [
        one for one in rows(out / "verdicts.csv") if one["identity"] == f"{PROJECT}/job/{job}"
    ]
    return next((one for one in found if one["target"] == target), None)


#: Job to soc1, certainty and exposure of its row.
EXPECTED = {
    "post": ("direct", "can", "open"),
    "deploy": ("direct", "can", "undetermined"),
    "prepare": ("direct", "can", "open"),
    "manual": ("direct", "can", "open"),
    "text": ("direct", "can", "open"),
}


@pytest.mark.parametrize("job", EXPECTED)
def test_a_job_is_whom_its_variable_opens(alone: Path, job: str) -> None:
    row = of(alone, job)
    assert row is not None
    assert (row["soc1"], row["certainty"], row["exposure"]) == EXPECTED[job]


@pytest.mark.parametrize("job", ["books", "load-books", "quiet-books", "text-books"])
def test_a_job_is_whom_it_logs_in_as_at_the_other_server(alone: Path, job: str) -> None:
    """Under a condition: from the server itself an account without a name goes before ``%``."""
    row = of(alone, job, "fin:books")
    assert row is not None
    assert (row["soc1"], row["certainty"], row["exposure"]) == ("direct", "may", "open")
    path_id, told = row["path_id"], rows(alone / "paths.csv")
    path = [one for one in told if (one["path_id"], one["alternative"]) == (path_id, "0")]
    user = "loader" if job == "load-books" else "clerk"
    assert (path[1]["edge_kind"], path[1]["to"]) == ("AUTHENTICATES_AS", f"role:mysql:{user}@%25")


def test_a_password_that_no_file_names_may_be_there(alone: Path) -> None:
    row = of(alone, "quiet")
    assert row is not None
    assert (row["soc1"], row["certainty"]) == ("direct", "may")


@pytest.mark.parametrize("job", ["report", "test", "idle"])
def test_without_lists_of_variables_nobody_says_that_a_job_reaches_nothing(
    alone: Path, job: str
) -> None:
    """Every job is handed every variable, whatever its script does."""
    found = {one["identity"]: one for one in rows(alone / "identities.csv")}
    assert found[f"{PROJECT}/job/{job}"]["soc1"] in ("undetermined", "direct")
    absent: list[dict[str, Any]] = json.loads((alone / "coverage.json").read_text())["absent"]
    titles = {one["title"] for one in absent if one["source"] == "gitlab"}
    assert {
        "CI/CD variables of acme/data/erp",
        "CI/CD variables of group acme",
        "CI/CD variables of group acme/data",
    } <= titles


@pytest.mark.parametrize("job", ["report", "test", "idle"])
def test_with_them_every_job_has_what_they_show(listed: Path, job: str) -> None:
    """The password of ``poster`` is a variable for all: whatever runs could use it."""
    row = of(listed, job)
    assert row is not None
    assert (row["soc1"], row["certainty"], row["exposure"]) == ("direct", "can", "open")
    path_id, told = row["path_id"], rows(listed / "paths.csv")
    path = [one for one in told if (one["path_id"], one["alternative"]) == (path_id, "0")]
    assert [(one["edge_kind"], one["to"]) for one in path[:3]] == [
        ("HOLDS", f"{PROJECT}/permission/every-secret"),
        ("CAN_READ", f"{PROJECT}/variable/POSTER_PW"),
        ("AUTHENTICATES_AS", "role:postgres:erp/poster"),
    ]


def test_a_job_that_never_runs_keeps_a_row_and_reaches_nothing(listed: Path) -> None:
    found = {one["identity"]: one for one in rows(listed / "identities.csv")}
    assert found[f"{PROJECT}/job/never"]["verdict"] == "neither"


def test_a_variable_of_the_project_goes_before_the_files(alone: Path, listed: Path) -> None:
    """What the file writes under its name is then not what the job has."""
    for out, there in ((alone, False), (listed, True)):
        found = {one["identity"]: one for one in rows(out / "identities.csv")}
        own = f"{PROJECT}/job/over"
        assert (own in found[own]["gaps"].split(";")) is there


def test_files_that_are_read_as_parts_are_read(alone: Path) -> None:
    coverage: dict[str, Any] = json.loads((alone / "coverage.json").read_text())
    status = {one["artifact"]: one["status"] for one in coverage["artifacts"]}
    assert status["erp/ci/base.yml"] == status["erp/.gitlab-ci.yml"] == "read"


def test_no_password_is_told(alone: Path, listed: Path) -> None:
    for out in (alone, listed):
        for file in out.rglob("*"):
            assert not file.is_file() or b"CANARY" not in file.read_bytes(), file
