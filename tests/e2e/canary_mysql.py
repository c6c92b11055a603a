"""MySQL's exports and texts of grants with a canary wherever a secret's value may stand."""

import json
from collections.abc import Iterator

from tests.e2e.canaries import Input

_TEXT = """\
-- Grants for 'loader'@'%', password CANARY
CREATE USER IF NOT EXISTS `loader`@`%` IDENTIFIED BY 'CANARY';
ALTER USER `loader`@`%` IDENTIFIED WITH 'mysql_native_password' AS '*CANARY' REQUIRE NONE;
ALTER USER 'two'@'%' IDENTIFIED VIA ed25519 USING 'CANARY' OR unix_socket USING '*CANARY';
ALTER USER 'three'@'%' IDENTIFIED WITH 'x' AS '$A$005$CANARY' PASSWORD EXPIRE ACCOUNT LOCK;
ALTER USER 'four'@'%' IDENTIFIED BY 'CANARY' REPLACE 'CANARY' RETAIN CURRENT PASSWORD;
GRANT USAGE ON *.* TO `loader`@`%` IDENTIFIED BY PASSWORD '*CANARY' WITH GRANT OPTION;
GRANT SELECT ON `erp`.* TO 'old'@'%' IDENTIFIED BY 'CANARY' REQUIRE SUBJECT '/CN=CANARY';
SET PASSWORD FOR 'old'@'%' = 'CANARY';
SET PASSWORD FOR 'old'@'%' = PASSWORD('CANARY');
GRANT SELECT ON `erp`.`gl` `loader`@`%` IDENTIFIED BY 'CANARY';
GRANT INSERT ON `erp`.`gl` TO `loader`@`%` IDENTIFIED 'CANARY
"""


def _export() -> dict[str, object]:
    view = "select amount from erp.gl where note <> 'CANARY'"
    bodies = (
        "INSERT INTO erp.gl VALUES (1, 'CANARY')",
        "SET PASSWORD FOR x = 'CANARY'",
        "BEGIN PREPARE s FROM 'ALTER USER x IDENTIFIED BY CANARY'; EXECUTE s; END",
        "BEGIN IF note = 'CANARY' THEN (((; 'CANARY",
        "SELECT connect('mysql://loader:CANARY@db/erp')",
    )
    loader = {"user": "loader", "host": "%"}
    secrets = {
        "plugin": "mysql_native_password",
        "authentication_string": "*CANARY",
        "Password": "*CANARY",
        "user_attributes": {"additional_password": "$A$005$CANARY"},
        "restrictions": [{"Database": "mysql", "Privileges": ["INSERT"], "password": "CANARY"}],
    }
    code = {"schema": "erp", "definer": "loader@%", "security": "DEFINER"}
    return {
        "nhigraph_export": "mysql/1",
        "extracted_at": "2026-11-23T08:00:00Z",
        "version": "8.4.3",
        "exporter": "root@localhost",
        "host": None,
        "port": 3306,
        "password": "CANARY",
        "variables": [
            {"name": "init_connect", "value": "SET @token = 'CANARY'"},
            {"name": "read_only", "value": "OFF", "password": "CANARY"},
        ],
        "accounts": [{**loader, **secrets}],
        "role_edges": [],
        "global_privileges": [
            {"grantee": "'loader'@'%'", "privilege": "SELECT", "token": "CANARY"}
        ],
        "schema_privileges": [
            {"grantee": "'loader'@'%'", "schema": "erp", "privilege": "INSERT"},
        ],
        "table_privileges": [],
        "column_privileges": [],
        "routine_privileges": [],
        "proxies": [],
        "schemas": [{"name": "erp"}, {"name": "mysql"}],
        "tables": [
            {"schema": "erp", "name": "gl", "kind": "BASE TABLE", "comment": "password=CANARY"},
            {"schema": "erp", "name": "far", "connection": "mysql://loader:CANARY@db/erp/gl"},
        ],
        "views": [{**code, "name": "v", "updatable": "YES", "definition": view}],
        "routines": [
            {**code, "sort": "PROCEDURE", "name": f"p{number}", "body": body}
            for number, body in enumerate(bodies)
        ],
        "triggers": [
            {**code, "name": "t", "table": "gl", "event": "INSERT", "body": bodies[0]},
        ],
        "events": [{**code, "name": "e", "status": "ENABLED", "body": bodies[1]}],
        "foreign_keys": [],
        "servers": [{"name": "far", "host": "db", "username": "loader", "password": "CANARY"}],
    }


def mysql() -> Iterator[Input]:
    """An export with all that it should not have, and a text of grants."""
    yield Input("mysql", "erp.mysql.json", json.dumps(_export(), indent=1))
    yield Input("mysql", "prod.grants.sql", _TEXT)
