"""Whom a server refuses by pg_hba.conf: really tried over its socket, and said so by the export.

Drawn files have entries for the socket alone: there is one way in, and what is not refused there
is let in. ``ssl`` entries and addresses are the table's of the unit tests.
"""

import json
from collections.abc import Iterator
from random import Random

import pytest

from nhigraph.ingest.document import Document
from nhigraph.sources import postgres as source
from tests.postgres.cluster import SUPERUSER, Cluster, binaries, running
from tests.postgres.comparison import EXPORT

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

DATABASE = "erp"
ROLES = ("ada", "bo", "erp", "boss", "team", "all_of_them")
DATABASES = ("all", DATABASE, "postgres", "sameuser", "samerole", "replication", "ERP")
USERS = ("all", *ROLES, "+team", "+boss", "+erp", "Ada", "nobody_here")
LDAP = "host all all 10.0.0.0/8 ldap ldapserver=CANARY-host"
FILES, LINES = 40, 5


@pytest.fixture(scope="module")
def ruled(cluster: Cluster) -> Iterator[Cluster]:
    """A server whose file may be written: one of its own, where there is one at all."""
    programs = binaries()
    assert programs is not None
    assert cluster.folder.exists()
    with running(programs) as found:
        roles = " ".join(f"CREATE ROLE {role} LOGIN;" for role in ROLES)
        made = f"{roles} ALTER ROLE boss SUPERUSER; GRANT team TO bo; GRANT erp TO team;"
        found.psql("postgres", f"{made} CREATE DATABASE {DATABASE};")
        yield found


def _drawn(rng: Random) -> list[str]:
    lines = []
    for _ in range(rng.randint(1, LINES)):
        databases = ",".join(rng.sample(DATABASES, rng.randint(1, 2)))
        users = ",".join(rng.sample(USERS, rng.randint(1, 2)))
        lines.append(f"local {databases} {users} {rng.choice(('trust', 'reject', 'reject'))}")
    return lines


def _served(cluster: Cluster, lines: list[str]) -> Document:
    """The export of a server that has read these lines, behind one for whoever exports."""
    text = "\n".join((f"local all {SUPERUSER} trust", *lines, ""))
    (cluster.folder / "data" / "pg_hba.conf").write_text(text, encoding="utf-8")
    cluster.psql("postgres", "SELECT pg_reload_conf();")
    # A signal is no answer: the file is in force once the server says when it was read.
    cluster.psql("postgres", "SELECT pg_sleep(0.05);")
    path = cluster.folder / "erp.postgres.json"
    path.write_text(cluster.export(EXPORT, DATABASE), encoding="utf-8")
    return Document(path, path.name)


def _logs_in(doc: Document) -> dict[str, bool]:
    """Role to whether the facts say that somebody can log in as it."""
    found = {}
    for fact in source.read(doc):
        props = getattr(fact, "props", None) or {}
        if "login" in props:
            found[str(getattr(fact, "name", ""))] = bool(props["login"])
    return found


def test_whom_it_refuses_is_said_to_be_refused_and_nobody_else(ruled: Cluster) -> None:
    refused = 0
    for seed in range(FILES):
        lines = _drawn(Random(seed))
        told = _logs_in(_served(ruled, lines))
        for role in ROLES:
            opens = ruled.opens(DATABASE, role, "SELECT 1")
            assert told[role] is opens, f"{role} of {lines}"
            refused += not opens
    assert refused > FILES


def test_who_may_not_see_the_file_exports_without_it(ruled: Cluster) -> None:
    _served(ruled, ["local all all trust"])
    said = json.loads(ruled.export(EXPORT, DATABASE, user="ada"))
    assert "client_authentication" not in said


def test_a_line_in_error_refuses_nobody(ruled: Cluster) -> None:
    """The server goes on with the file that it had."""
    _served(ruled, ["local all all trust"])
    doc = _served(ruled, ["local all ada reject", "local all all no_such_method"])
    assert ruled.opens(DATABASE, "ada", "SELECT 1")
    assert _logs_in(doc)["ada"]
    lines = [str(getattr(fact, "reason", "")) for fact in source.read(doc)]
    assert any("line in error" in line for line in lines)


def test_no_password_and_no_option_is_in_the_export(ruled: Cluster) -> None:
    doc = _served(
        ruled,
        [
            f'{LDAP} ldapbasedn="dc=x" ldapbinddn="cn=b" ldapbindpasswd="CANARY-word"',
            f'{LDAP} ldapport="CANARY-port"',
        ],
    )
    rules = doc.content["client_authentication"]
    assert "CANARY" not in json.dumps(rules)
    assert [one["in_error"] for one in rules] == [False, False, True]
    said = [rules[1][name] for name in ("type", "address", "netmask", "method")]
    assert said == ["host", "10.0.0.0", "255.0.0.0", "ldap"]
