"""Which server a client reaches, and which databases lie on one."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import Collection, collect
from nhigraph.facts import keys
from nhigraph.joins.servers import Server
from tests.unit.joins.company import edges, export, gaps, notes

JOB = """
on: {{schedule: [{{cron: '0 2 * * *'}}]}}
permissions: {{}}
jobs:
  load:
    runs-on: ubuntu-latest
    steps:
      - run: psql {options} -U loader -f load.sql
        env: {{PGPASSWORD: "${{{{ secrets.LOADER }}}}"}}
"""
SECRET = "github:acme/erp/secret/LOADER"


def exported(database: str, **where: object) -> str:
    """An export of one login role; ``login`` false takes its right to log in."""
    stated = {"loader": {"login": where.pop("login", True)}}
    return json.dumps({**json.loads(export(stated, database=database)), **where})


def read(folder: Path, *exports: str, options: str = "-d erp", job: str = JOB) -> Collection:
    """A job that logs in as loader, and exports, each in a folder of its own."""
    workflow = folder / "erp" / ".github" / "workflows" / "load.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(job.format(options=options))
    for number, text in enumerate(exports):
        place = folder / f"server-{number}" / "one.postgres.json"
        place.parent.mkdir()
        place.write_text(text)
    found = collect([folder], repo="acme/erp")
    assert not list(found.coverage.bad)
    return found


def opened(found: Collection) -> list[str]:
    return [
        line.removeprefix(f"AUTHENTICATES_AS {SECRET.removeprefix('github:acme/erp/')} ")
        for line in edges(found, "AUTHENTICATES_AS")
    ]


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("10.0.0.1", "5432", True),
        ("10.0.0.1", "", True),
        ("10.0.0.1", "6543", False),
        ("10.0.0.9", "5432", False),
        ("db.internal", "5432", None),
        ("", "5432", None),
    ],
)
def test_a_server_is_at_its_host_and_port(host: str, port: str, *, expected: bool | None) -> None:
    """A name may be an address; two addresses are two."""
    where = frozenset({"10.0.0.1"}), frozenset({"10.0.0.1:5432"})
    assert Server(keys.database("postgres", "erp"), *where, "").is_at(host, port) is expected


def test_a_name_is_no_other_name(tmp_path: Path) -> None:
    """The only export of a database of that name answers, unless it is of another host."""
    export_ = exported("erp", host="10.0.0.1", port=5432)
    found = read(tmp_path / "a", export_, options="-h db.internal -d erp")
    assert opened(found) == ["role:loader"]
    found = read(tmp_path / "b", export_, options="-h 10.0.0.9 -d erp")
    assert opened(found) == ["role:loader if the erp that is meant is the one at 10.0.0.1:5432"]


@pytest.mark.parametrize(
    ("options", "reached"),
    [
        ("-h 10.0.0.2 -d erp", ["10.0.0.2:5432"]),
        ("-h 10.0.0.1 -p 5432 -d erp", ["10.0.0.1:5432"]),
        ("-h db.internal -d erp", ["10.0.0.1:5432 if", "10.0.0.2:5432 if"]),
        ("-d erp", ["10.0.0.1:5432 if", "10.0.0.2:5432 if"]),
        ("-h 10.0.0.9 -d erp", ["10.0.0.1:5432 if", "10.0.0.2:5432 if"]),
    ],
)
def test_of_two_servers_the_one_at_the_host_answers_else_each_on_condition(
    tmp_path: Path, options: str, reached: list[str]
) -> None:
    """A second export hides nothing, not even with a role that may not log in there."""
    exports = (
        exported("erp", host="10.0.0.1", port=5432),
        exported("erp", host="10.0.0.2", port=5432),
    )
    found = opened(read(tmp_path, *exports, options=options))
    assert [
        line.partition("[")[2].replace("]:erp/loader", "")[: len(reached[0])] for line in found
    ] == reached


@pytest.mark.parametrize(
    ("one", "options", "reached"),
    [
        ({"host": "db.internal"}, "-h 10.0.0.1", ["10.0.0.1:5432", "db.internal if"]),
        ({"host": "db.internal"}, "-h db.internal", ["10.0.0.1:5432 if", "db.internal"]),
        ({}, "-h 10.0.0.1 -p 5432", ["10.0.0.1:5432", "server-0 if"]),
        ({"host": "10.0.0.2"}, "-h 10.0.0.1", ["10.0.0.1:5432"]),
    ],
)
@pytest.mark.parametrize("login", [True, False])
def test_an_export_at_the_host_does_not_stop_one_that_may_be_there_by_another_name(
    tmp_path: Path, one: dict[str, object], options: str, reached: list[str], *, login: bool
) -> None:
    """Alone it answers for certain: a second export takes that away only where it rules it out."""
    alone = read(tmp_path / "alone", exported("erp", **one), options=f"{options} -d erp")
    assert ("role:loader" in opened(alone)) is (one != {"host": "10.0.0.2"})
    second = exported("erp", host="10.0.0.1", port=5432, login=login)
    found = opened(
        read(tmp_path / "both", exported("erp", **one), second, options=options + " -d erp")
    )
    expected = [one for one in reached if login or not one.startswith("10.0.0.1:5432")]
    told = [line.partition("[")[2].replace("]:erp/loader", "") for line in found]
    assert [line[: len(text)] for line, text in zip(told, expected, strict=True)] == expected
    assert [" if " in line for line in told] == [" if" in text for text in expected]


@pytest.mark.parametrize(
    ("options", "at"),
    [("-h 10.0.0.9", "10.0.0.9"), ("-h 10.0.0.1 -p 6543", "10.0.0.1:6543"), ("-h 10.0.0.1", "")],
)
def test_what_a_login_may_do_at_a_server_that_was_not_exported_is_asked_at_its_secret(
    tmp_path: Path, options: str, at: str
) -> None:
    """The other server's export answers on a condition, and is not all that there may be."""
    export_ = exported("erp", host="10.0.0.1", port=5432)
    found = read(tmp_path, export_, options=f"{options} -d erp")
    asked = [gap for gap in gaps(found) if "no export is of" in gap]
    told = f"no export is of the erp at {at}: what the login may do there is in no input"
    assert asked == ([f"secret/LOADER [READ]: {told}"] if at else [])


def test_a_login_that_shows_no_password_is_asked_about_at_its_job(tmp_path: Path) -> None:
    export_ = exported("erp", host="10.0.0.1", port=5432)
    workflow = JOB.replace('        env: {{PGPASSWORD: "${{{{ secrets.LOADER }}}}"}}\n', "")
    assert workflow != JOB
    found = read(tmp_path, export_, options="-h 10.0.0.9 -d erp", job=workflow)
    asked = [gap for gap in gaps(found) if "no export is of" in gap]
    assert [gap.partition(":")[0] for gap in asked] == ["job/load.yml#load [CONTROL]"]


TWO = """
  other:
    runs-on: ubuntu-latest
    steps:
      - run: psql -h {host} -d erp -U loader -f load.sql
        env: {{PGPASSWORD: "${{{{ secrets.OTHER }}}}"}}
"""


@pytest.mark.parametrize(
    ("host", "condition"),
    [
        ("10.9.9.9", ""),
        ("other.internal", " if the export of erp is of the server at db.internal"),
    ],
)
def test_another_client_makes_a_login_doubtful_only_where_its_server_may_be_the_exported_one(
    tmp_path: Path, host: str, condition: str
) -> None:
    """Of an address that is not the exported one the export tells; what stays open has a line."""
    export_ = exported("erp", host="10.0.0.1", port=5432)
    job = JOB + TWO.replace("{host}", host)
    found = read(tmp_path, export_, options="-h db.internal -d erp", job=job)
    assert opened(found)[0] == f"role:loader{condition}"
    lines = [line for line in notes(found) if "is reached at" in line]
    place = "erp is reached at db.internal and other.internal: of which an export is"
    assert all(place in line for line in lines)
    assert bool(lines) is bool(condition)


SURE: dict[str, object] = {"system_identifier": "7"}


@pytest.mark.parametrize(
    ("one", "other", "condition"),
    [
        (SURE, SURE, ""),
        ({"host": "10.0.0.1", "port": 5432}, {"host": "10.0.0.1", "port": 5432}, ""),
        (
            {"host": "10.0.0.1"},
            {"host": "10.0.0.1"},
            " if crm and erp are databases of one server",
        ),
        (
            {"host": "10.0.0.1", "port": 5432},
            {"host": "10.0.0.1"},
            " if crm and erp are databases of one server",
        ),
        ({"host": "10.0.0.1", "port": 5432}, {"host": "10.0.0.1", "port": 5433}, None),
        ({"host": "10.0.0.1"}, {"host": "10.0.0.2"}, None),
        ({"host": "db.internal"}, {"host": "10.0.0.2"}, "?"),
        ({"host": "db.internal", "port": 5432}, {"host": "10.0.0.2", "port": 5432}, "?"),
        ({"host": "db.internal", "port": 5432}, {"host": "10.0.0.2", "port": 5433}, None),
        ({"system_identifier": "7"}, {"system_identifier": "8"}, None),
        ({"host": "127.0.0.1", "port": 5432}, {"host": "127.0.0.1", "port": 5432}, "?"),
        ({}, {}, "?"),
    ],
)
def test_databases_of_one_server_have_one_set_of_roles(
    tmp_path: Path, one: dict[str, object], other: dict[str, object], condition: str | None
) -> None:
    """Proven by identifier or address, on condition by the host alone, else asked or not so."""
    found = read(tmp_path, exported("crm", **one), exported("erp", **other), options="-d crm")
    shared = [
        line for line in edges(found, "CAN_ASSUME") if "/loader" in line or ":loader" in line
    ]
    asked = [gap for gap in gaps(found) if "lie on one server" in gap and "loader" in gap]
    crm = "role:postgres:crm/loader"
    if condition is None or condition == "?":
        assert not shared
        assert len(asked) == (2 if condition else 0)
    else:
        assert shared == [
            f"CAN_ASSUME role:loader {crm}{condition}",
            f"CAN_ASSUME {crm} role:loader{condition}",
        ]


def _rules(*methods: str, user: str = "loader") -> dict[str, object]:
    """Client authentication of a server: the same way for one user, each by one method."""
    common = {"type": "host", "database": ["all"], "user": [user], "address": "all"}
    more = {"netmask": None, "in_error": False}
    return {"client_authentication": [{**common, **more, "method": one} for one in methods]}


@pytest.mark.parametrize(
    ("rules", "opens"),
    [
        (_rules("md5"), 1),
        (_rules("reject"), 0),
        (_rules("reject", "md5"), 0),
        (_rules("md5", "reject"), 1),
        (_rules("md5", user="somebody"), 0),
        ({"client_authentication": None}, 1),
        # A line in error, and a word where a list belongs: the server's own rules are not known.
        ({"client_authentication": [{**_rules("reject"), "in_error": True, "type": None}]}, 1),
        ({"client_authentication": [{"type": "host", "in_error": False, "database": "all"}]}, 1),
    ],
)
def test_no_password_opens_a_role_that_its_server_refuses(
    rules: dict[str, object], opens: int, tmp_path: Path
) -> None:
    assert len(opened(read(tmp_path, exported("erp", **rules)))) == opens


def test_only_logins_that_both_have_are_asked_about(tmp_path: Path) -> None:
    """Of a role that may not log in by one of them, nobody asks."""
    found = read(tmp_path, exported("crm", login=False), exported("erp"), options="-d crm")
    assert not [gap for gap in gaps(found) if "lie on one server" in gap and "loader" in gap]


def test_a_link_that_names_no_checkout_is_of_each_that_has_the_name(tmp_path: Path) -> None:
    """As a selector without a qualifier matches all: what it ties is asked about no more."""
    for place in ("a", "b"):
        workflow = tmp_path / place / "jobs" / ".github" / "workflows" / "load.yml"
        workflow.parent.mkdir(parents=True)
        step = "run: ./load\n        env: {TOKEN: '${{ secrets.TOKEN }}'}"
        workflow.write_text(
            "on: push\npermissions: {}\njobs:\n  load:\n    runs-on: x\n    steps:\n"
            f"      - {step}\n"
        )
    scope = tmp_path / "scope.yaml"
    scope.write_text(
        "nhigraph: scope/1\nlinks:\n  - {kind: AUTHENTICATES_AS,"
        " from: 'github:local/jobs/secret/TOKEN', to: 'acme:codecov'}\n"
    )
    asked = [gap for gap in gaps(collect([tmp_path])) if "what it opens" in gap]
    assert not asked
    scope.unlink()
    asked = [gap for gap in gaps(collect([tmp_path])) if "what it opens" in gap]
    assert [gap.partition("]")[0] for gap in asked] == ["github[a", "github[b"]


@pytest.mark.parametrize(
    ("options", "shared", "asked"),
    [
        ("-h 10.0.0.1 -p 5432 -d crm", True, False),
        ("-h 10.0.0.1 -d crm", True, False),
        ("-h db.internal -d crm", False, True),
        ("-d crm", False, True),
        ("-h 10.0.0.2 -d crm", False, False),
        ("-h 10.0.0.1 -p 6543 -d crm", False, False),
    ],
)
def test_a_login_to_a_database_that_nobody_exported_is_of_the_servers_role(
    tmp_path: Path, options: str, *, shared: bool, asked: bool
) -> None:
    """At the host of another database's export, on a condition; where nobody can tell, asked."""
    found = read(tmp_path, exported("erp", host="10.0.0.1", port=5432), options=options)
    crm, why = "role:postgres:crm/loader", " if crm and erp are databases of one server"
    pair = [f"CAN_ASSUME role:loader {crm}{why}", f"CAN_ASSUME {crm} role:loader{why}"]
    assert [line for line in edges(found, "CAN_ASSUME") if "loader" in line] == pair * shared
    told = "whether crm and erp lie on one server is in no input: its roles would be one"
    assert [gap for gap in gaps(found) if "one server" in gap] == (
        [f"role:loader [CONTROL]: {told}"] * asked
    )


@pytest.mark.parametrize(("host", "named"), [("DB.Internal", "db.internal"), ("db", "DB")])
def test_names_of_hosts_are_not_told_apart_by_case(tmp_path: Path, host: str, named: str) -> None:
    """A job may write a name in another case than its export has it."""
    found = read(tmp_path, exported("erp", host=named), options=f"-h {host} -d erp")
    assert opened(found) == ["role:loader"]
    assert gaps(found) == []


def test_a_role_that_is_refused_in_the_other_database_is_not_had_there(tmp_path: Path) -> None:
    """It has no CONNECT there; from there it is had here, by whoever becomes it."""
    apart = [{"name": "crm", "owner": "postgres", "acl": ["postgres=CTc/postgres"]}]
    where = {"system_identifier": "7"}
    here, there = exported("erp", **where), exported("crm", databases=apart, **where)
    found = read(tmp_path, here, there)
    between = [line for line in edges(found, "CAN_ASSUME") if line.count("loader") > 1]
    assert len(between) == 1
    assert "crm" in between[0].split()[1]
