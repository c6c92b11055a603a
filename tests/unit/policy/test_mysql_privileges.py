"""Every privilege of the two manuals is decided, and nothing else is.

The lists are those of the manuals, word by word: of MySQL 8.4 "Permissible Static Privileges" and
"Permissible Dynamic Privileges" (privileges-provided.html), of MariaDB the tables of privilege
levels (https://mariadb.com/kb/en/grant/), read 28 November 2026. A live server prints its own in
``tests/mysql/test_rights.py``.
"""

import pytest

from nhigraph.policy.mysql import powers
from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.bits import privileges_of
from nhigraph.policy.mysql.catalog import Account, Catalog, Granted, Who
from nhigraph.policy.mysql.privileges import MARIADB, MYSQL, OF_DATA, RIGHTS, Does, canonical

STATIC = """
ALTER, ALTER ROUTINE, CREATE, CREATE ROLE, CREATE ROUTINE, CREATE TABLESPACE,
CREATE TEMPORARY TABLES, CREATE USER, CREATE VIEW, DELETE, DROP, DROP ROLE, EVENT, EXECUTE, FILE,
GRANT OPTION, INDEX, INSERT, LOCK TABLES, PROCESS, PROXY, REFERENCES, RELOAD, REPLICATION CLIENT,
REPLICATION SLAVE, SELECT, SHOW DATABASES, SHOW VIEW, SHUTDOWN, SUPER, TRIGGER, UPDATE, USAGE
"""
DYNAMIC = """
ALLOW_NONEXISTENT_DEFINER, APPLICATION_PASSWORD_ADMIN, AUDIT_ABORT_EXEMPT, AUDIT_ADMIN,
AUTHENTICATION_POLICY_ADMIN, BACKUP_ADMIN, BINLOG_ADMIN, BINLOG_ENCRYPTION_ADMIN, CLONE_ADMIN,
CONNECTION_ADMIN, ENCRYPTION_KEY_ADMIN, FIREWALL_ADMIN, FIREWALL_EXEMPT, FIREWALL_USER,
FLUSH_OPTIMIZER_COSTS, FLUSH_PRIVILEGES, FLUSH_STATUS, FLUSH_TABLES, FLUSH_USER_RESOURCES,
GROUP_REPLICATION_ADMIN, GROUP_REPLICATION_STREAM, INNODB_REDO_LOG_ARCHIVE,
INNODB_REDO_LOG_ENABLE, MASKING_DICTIONARIES_ADMIN, NDB_STORED_USER, OPTIMIZE_LOCAL_TABLE,
PASSWORDLESS_USER_ADMIN, PERSIST_RO_VARIABLES_ADMIN, REPLICATION_APPLIER,
REPLICATION_SLAVE_ADMIN, RESOURCE_GROUP_ADMIN, RESOURCE_GROUP_USER, ROLE_ADMIN,
SENSITIVE_VARIABLES_OBSERVER, SERVICE_CONNECTION_ADMIN, SESSION_VARIABLES_ADMIN,
SET_ANY_DEFINER, SHOW_ROUTINE, SKIP_QUERY_REWRITE, SYSTEM_USER, SYSTEM_VARIABLES_ADMIN,
TABLE_ENCRYPTION_ADMIN, TELEMETRY_LOG_ADMIN, TP_CONNECTION_ADMIN, TRANSACTION_GTID_TAG,
VERSION_TOKEN_ADMIN, XA_RECOVER_ADMIN
"""
#: Of 8.0, and of 9: neither is in the tables of 8.4.
OTHER_VERSIONS = "SET_USER_ID, CREATE_SPATIAL_REFERENCE_SYSTEM"
OF_MARIADB = """
ALTER, ALTER ROUTINE, BINLOG ADMIN, BINLOG MONITOR, BINLOG REPLAY, CONNECTION ADMIN, CREATE,
CREATE ROUTINE, CREATE TABLESPACE, CREATE TEMPORARY TABLES, CREATE USER, CREATE VIEW, DELETE,
DELETE HISTORY, DROP, EVENT, EXECUTE, FEDERATED ADMIN, FILE, GRANT OPTION, INDEX, INSERT,
LOCK TABLES, PROCESS, PROXY, READ_ONLY ADMIN, REFERENCES, RELOAD, REPLICATION CLIENT,
REPLICATION MASTER ADMIN, REPLICATION SLAVE, REPLICATION SLAVE ADMIN, SELECT, SET USER,
SHOW CREATE ROUTINE, SHOW DATABASES, SHOW VIEW, SHUTDOWN, SLAVE MONITOR, SUPER, TRIGGER, UPDATE,
USAGE
"""
MARIADB_ALIASES = """
DELETE VERSIONING ROWS, REPLICA MONITOR, REPLICATION REPLICA, REPLICATION REPLICA ADMIN
"""
ME = Who("me", "%")


def names(text: str) -> set[str]:
    return {one.strip() for one in text.split(",")}


def test_every_privilege_of_the_lists_is_decided_and_nothing_else() -> None:
    of_mysql = names(STATIC) | names(DYNAMIC) | names(OTHER_VERSIONS)
    assert MYSQL.keys() | (OF_DATA.keys() & of_mysql) == of_mysql
    assert MARIADB.keys() | OF_DATA.keys() == names(OF_MARIADB)
    assert of_mysql | names(OF_MARIADB) == RIGHTS.keys()
    assert {canonical(one) for one in names(MARIADB_ALIASES)} <= MARIADB.keys() | OF_DATA.keys()


def test_each_row_says_what_it_gives_or_why_nothing() -> None:
    for name, right in RIGHTS.items():
        assert right.gives, name
        assert not (right.does and right.gives.startswith("nothing")), name


def of(
    *rights: str, mariadb: bool = True, version: tuple[int, ...] = (10, 11, 19), **said: str
) -> set[tuple[Does, bool]]:
    catalog = Catalog(
        mariadb=mariadb,
        version=version,
        variables={"secure_file_priv": "/only/here", **said},
        accounts={ME: Account(ME, ())},
        grants=(Granted(ME, (), frozenset(rights), ()),),
        schemas={"fin": ()},
    )
    return {
        (one.does, bool(one.condition)) for one in powers.reaches(catalog, Access(catalog), ME)
    }


FILES = [
    (True, "", True),
    (True, "NULL", True),
    (True, "/var/lib/mysql-files", False),
    (False, "", True),
    (False, "NULL", False),
    (False, "/var/lib/mysql-files/", False),
]


@pytest.mark.parametrize(("mariadb", "place", "opens"), FILES)
def test_file_reads_and_writes_what_the_server_holds_where_no_folder_keeps_it(
    mariadb: bool, place: str, opens: bool
) -> None:
    found = of("FILE", mariadb=mariadb, secure_file_priv=place)
    assert found == ({(Does.READS, True), (Does.ADMINISTERS, True)} if opens else set())


def test_super_stands_for_less_from_version_to_version_of_mariadb() -> None:
    old, middle, new = (of("SUPER", version=one) for one in ((10, 6), (10, 11), (11, 4)))
    assert (Does.ADMINISTERS, False) in old & middle
    assert new == {(Does.STOPS, False)}
    assert (Does.GRANTS, False) in of("SUPER", mariadb=False, version=(8, 4))


def test_a_definers_right_opens_nothing_without_anything_to_make() -> None:
    for mariadb, right in ((True, "SET USER"), (False, "SET_ANY_DEFINER"), (False, "SET_USER_ID")):
        assert of(right, mariadb=mariadb) == set()
        assert of(right, "EVENT", mariadb=mariadb) == {(Does.DEFINES, False)}


def test_a_bit_that_no_version_has_is_a_right_with_a_number() -> None:
    assert privileges_of(1 << 40 | 1) == {"SELECT", "NUMBER 40"}
    assert not [one for one in privileges_of((1 << 64) - 1) if one.startswith("NUMBER")]
