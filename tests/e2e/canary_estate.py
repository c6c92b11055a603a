"""dbt, PostgreSQL, facts and scope with a canary wherever a secret's value may stand."""

import json
from collections.abc import Iterator

import yaml

from tests.e2e.canaries import Input

#: Names of free-form fields under which people keep the secret itself.
SECRET_NAMES = (
    "access_key",
    "access_token",
    "api_key",
    "apikey",
    "auth_token",
    "aws_secret_access_key",
    "client_secret",
    "connection_string",
    "credentials",
    "db_password",
    "dsn",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "pwd",
    "refresh_token",
    "secret",
    "secret_access_key",
    "secret_key",
    "secret_value",
    "token",
)

_PROFILES = """\
config: {send_anonymous_usage_stats: false, token: CANARY}
ledger:
  target: prod
  outputs:
    prod:
      type: postgres
      host: db.internal
      dbname: erp
      schema: marts
      user: dbt_runner
      password: CANARY
    laptop: {type: postgres, host: localhost, dbname: erp, user: dev, pass: CANARY}
    url: {type: postgres, host: "postgresql://admin:CANARY@db.internal/erp", dbname: erp, user: a}
    percent: {type: postgres, host: "admin:CANARY_PERCENT@db.internal", dbname: erp, user: a}
    database: {type: postgres, host: h, user: a, dbname: "postgresql://a:CANARY@db.internal/erp"}
    pairs: {type: postgres, host: h, user: a, dbname: "host=db.internal password=CANARY"}
    odbc: {type: sqlserver, server: "db.internal,1433;Uid=a;Pwd=CANARY", database: erp, user: a}
    unset:
      type: redshift
      host: "{{ env_var('DB_URL', 'postgresql://a:CANARY@db.internal/erp') }}"
      user: "{{ env_var('DBT_USER', 'dev') }}"
      password: "{{ env_var('DBT_PASSWORD', 'CANARY') }}"
      dbname: erp
    partly: {type: postgres, password: "{{ env_var('PW') }}CANARY", user: a, dbname: erp}
    jinja: {type: postgres, password: "{{ 'CANARY' | as_text }}", user: a, dbname: erp}
    listed: {type: postgres, password: [CANARY, {value: CANARY}], user: a, dbname: erp}
cloud:
  outputs:
    snow:
      type: snowflake
      account: ab12345
      user: DBT
      private_key: CANARY
      private_key_passphrase: CANARY
      token: CANARY
      oauth_client_secret: CANARY
      passcode: CANARY
      query_tag: "token=CANARY"
    big:
      type: bigquery
      method: oauth-secrets
      project: acme-erp
      dataset: marts
      refresh_token: CANARY
      client_secret: CANARY
      keyfile_json: {private_key_id: CANARY, private_key: CANARY, extra: {client_secret: CANARY}}
    pasted: {type: bigquery, project: acme, keyfile: '{"type": "x", "private_key": "CANARY"}'}
    brick: {type: databricks, host: h, http_path: /sql, token: CANARY, client_secret: CANARY}
    trino: {type: trino, host: h, user: a, http_headers: {Authorization: Bearer CANARY}}
    duck:
      type: duckdb
      path: "md:erp?motherduck_token=CANARY"
      secrets: [{type: s3, key_id: CANARY, secret: CANARY}]
      settings: {s3_secret_access_key: CANARY, s3_session_token: CANARY}
      attach: [{path: "postgres:dbname=erp password=CANARY"}, {path: "https://a:CANARY@h/x.db"}]
"""
_PROJECT = """\
name: ledger
profile: ledger
vars: {password: CANARY, ledger: {api_token: CANARY}}
on-run-start: ["create role x password 'CANARY'"]
models: {ledger: {+post-hook: "alter role x password 'CANARY'", +meta: {token: CANARY}}}
query-comment: CANARY
flags: {token: CANARY}
"""
#: Statements in which people leave secrets; each is the compiled SQL of one model.
_SQL = (
    "select pgp_sym_decrypt(note, 'CANARY') as note from erp.fin.gl where key <> 'CANARY'",
    "select * from dblink('host=db.internal password=CANARY', 'select 1') as t(a int)",
    "alter role loader password 'CANARY'",
    "create user mapping for loader server s options (user 'loader', password 'CANARY')",
    "set app.token = 'CANARY'",
    "call rotate('CANARY')",
    "copy erp.fin.gl from program 'curl -u loader:CANARY https://bank.example'",
    "insert into erp.fin.gl values ('CANARY')",
    "select a -- password: CANARY\nfrom erp.fin.gl",
    "select * from erp.fin.gl where (((a = 'CANARY'",
)
_LAKE = (
    "select * from 'https://loader:CANARY@lake.example/gl.parquet'",
    "select * from read_csv('https://loader:CANARY@lake.example/gl.csv')",
    "select * from postgres_scan('host=h password=CANARY', 's', 't')",
    "create secret (type s3, secret 'CANARY')",
)


def _node(type_: str, name: str, **more: object) -> dict[str, object]:
    return {
        "resource_type": type_,
        "package_name": "ledger",
        "name": name,
        "database": "erp",
        "schema": "marts",
        "relation_name": f'"erp"."marts"."{name}"',
        "original_file_path": f"models/{name}.sql",
        "language": "sql",
        "depends_on": {"nodes": ["source.ledger.fin.gl"]},
        "description": "ask for the password, CANARY",
        **more,
    }


def _manifest(adapter: str, statements: tuple[str, ...]) -> dict[str, object]:
    names = ["api-key", *SECRET_NAMES]
    meta = {**dict.fromkeys(sorted(names), "CANARY"), "nested": {"value": "CANARY"}}
    config = {
        "materialized": "table",
        "pre-hook": [{"sql": "set app.key = 'CANARY'", "transaction": True}],
        "post-hook": "alter role x password 'CANARY'",
        "meta": meta,
        "sql_header": "set app.key = 'CANARY'",
        "token": "CANARY",
    }
    nodes = {
        "model.ledger.revenue": _node(
            "model",
            "revenue",
            config=config,
            meta=meta,
            unrendered_config=config,
            raw_code="{{ config(token='CANARY') }} select * from {{ source('fin', 'gl') }}",
            compiled_code="select amount from erp.fin.gl where key = 'CANARY'",
            columns={"a": {"name": "a", "meta": {"token": "CANARY"}, "description": "CANARY"}},
            extra_ctes=[{"id": "x", "sql": "select 'CANARY'"}],
        ),
        "model.ledger.raw": _node(
            "model", "raw", raw_code="select '{{ var('pw', 'CANARY') }}' from {{ this }}"
        ),
        "model.ledger.python": _node(
            "model", "python", language="python", compiled_code="connect('CANARY')"
        ),
        "operation.ledger.start": _node("operation", "start", compiled_code="select 'CANARY'"),
        "test.ledger.t": _node(
            "test",
            "t",
            depends_on={"nodes": ["model.ledger.revenue"]},
            test_metadata={"name": "t", "kwargs": {"token": "CANARY"}},
            compiled_code="select 'CANARY'",
        ),
        **{
            f"model.ledger.m{number}": _node("model", f"m{number}", compiled_code=sql)
            for number, sql in enumerate(statements)
        },
    }
    source = _node(
        "source",
        "gl",
        schema="fin",
        relation_name='"erp"."fin"."gl"',
        source_name="fin",
        loader="loader",
        depends_on={},
        external={"location": "s3://key:CANARY@lake/gl"},
        source_meta={"token": "CANARY"},
        freshness={"warn_after": {"count": 1, "period": "day"}, "filter": "key = 'CANARY'"},
    )
    exposure = {
        "name": "board_pack",
        "package_name": "ledger",
        "type": "dashboard",
        "url": "https://loader:CANARY@bi.example/?token=CANARY",
        "owner": {"name": "Anna", "password": "CANARY"},
        "depends_on": {"nodes": ["model.ledger.revenue"]},
        "meta": {"token": "CANARY"},
    }
    return {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "adapter_type": adapter,
            "generated_at": "2026-11-20T03:00:00Z",
            "project_name": "ledger",
            "env": {"DBT_ENV_CUSTOM_ENV_TOKEN": "CANARY"},
            "vars": {"password": "CANARY"},
            "invocation_args": {"vars": "{token: CANARY}"},
        },
        "nodes": nodes,
        "sources": {"source.ledger.fin.gl": source},
        "exposures": {"exposure.ledger.board_pack": exposure},
        "macros": {"macro.ledger.x": {"name": "x", "macro_sql": "{% set k = 'CANARY' %}"}},
        "disabled": {"model.ledger.old": [_node("model", "old", compiled_code="select 'CANARY'")]},
    }


def _catalog() -> dict[str, object]:
    column = {"type": "character varying", "index": 1, "name": "a", "comment": "CANARY"}
    about = {"type": "VIEW", "database": "erp", "schema": "marts", "name": "revenue"}
    relation = {
        "metadata": {**about, "owner": "transformer", "comment": "password: CANARY"},
        "columns": {"a": column, "b": {**column, "type": "jsonb"}},
        "stats": {"x": {"id": "x", "value": "CANARY"}},
    }
    schema = "https://schemas.getdbt.com/dbt/catalog/v1.json"
    return {
        "metadata": {"dbt_schema_version": schema, "env": {"TOKEN": "CANARY"}},
        "nodes": {"model.ledger.revenue": relation},
        "sources": {},
        "errors": ["could not connect with password CANARY"],
    }


def dbt() -> Iterator[Input]:
    """A project with its profile, and what two runs of it wrote."""
    for name, text in {
        "transform/profiles.yml": _PROFILES,
        "transform/dbt_project.yml": _PROJECT,
        "transform/target/manifest.json": json.dumps(_manifest("postgres", _SQL), indent=1),
        "transform/target/catalog.json": json.dumps(_catalog(), indent=1),
        "lake/target/manifest.json": json.dumps(_manifest("duckdb", _LAKE), indent=1),
    }.items():
        yield Input("dbt", f"warehouse/{name}", text)


# --- PostgreSQL --------------------------------------------------------------------------------


def _role(name: str, *, superuser: bool = False) -> dict[str, object]:
    flags = ("createrole", "createdb", "replication", "bypassrls")
    return {
        "name": name,
        "superuser": superuser,
        "inherit": True,
        "login": True,
        **dict.fromkeys(flags, False),
        "valid_until": None,
        "password": "CANARY",
        "rolpassword": "SCRAM-SHA-256$4096:CANARY",
    }


def _relation(schema: str, name: str, kind: str, **more: object) -> dict[str, object]:
    return {
        "schema": schema,
        "name": name,
        "kind": kind,
        "owner": "transformer",
        "acl": ["transformer=arwdDxt/transformer", "dbt_runner=arwd/transformer"],
        **dict.fromkeys(("row_security", "force_row_security", "security_invoker"), False),
        "updatable": None,
        "partition": False,
        "inherits": [],
        "reads": [],
        "definition": None,
        "columns": [{"name": "note", "acl": None, "owner": "", "default": "'CANARY'::text"}],
        **more,
    }


def _function(name: str, language: str, body: str) -> dict[str, object]:
    return {
        "schema": "fin",
        "name": name,
        "arguments": "password text",
        "defaults": ["'CANARY'::text"],
        "kind": "f",
        "owner": "transformer",
        "acl": None,
        "language": language,
        "security_definer": True,
        "returns": "void",
        "search_path": "fin",
        "body": body,
    }


def _export() -> dict[str, object]:
    view = " SELECT gl.amount\n   FROM fin.gl\n  WHERE (gl.note <> 'CANARY'::text);"
    reads = [{"schema": "fin", "name": "gl", "columns": ["amount", "note"]}]
    connect = "SELECT * FROM dblink('host=h password=CANARY', 'select 1') AS t(a int);"
    functions = [
        _function("book", "sql", " INSERT INTO gl VALUES (1, 'CANARY') "),
        _function("rotate", "plpgsql", " BEGIN ALTER ROLE x PASSWORD 'CANARY'; END "),
        _function("run", "plpgsql", " BEGIN EXECUTE 'SET ROLE x; -- CANARY'; END "),
        _function("odd", "plpgsql", " BEGIN IF note = 'CANARY' THEN (((; 'CANARY "),
        _function("python", "plpython3u", "connect(password='CANARY')"),
    ]
    return {
        "nhigraph_export": "postgres/1",
        "extracted_at": "2026-11-23T08:00:00Z",
        "server_version_num": 150018,
        "database": "erp",
        "host": None,
        "password": "CANARY",
        "roles": [_role("postgres", superuser=True), _role("dbt_runner"), _role("transformer")],
        "memberships": [],
        "databases": [{"name": "erp", "owner": "postgres", "acl": None}],
        "schemas": [{"name": n, "owner": "transformer", "acl": None} for n in ("fin", "marts")],
        "relations": [
            _relation("fin", "gl", "r"),
            _relation("marts", "revenue", "v", definition=view, reads=reads, updatable=28),
            _relation("marts", "linked", "v", definition=connect, updatable=0),
        ],
        "foreign_keys": [],
        "policies": [],
        "rules": [],
        "functions": functions,
        "triggers": [],
        "foreign_servers": [{"name": "s", "owner": "postgres", "options": "password=CANARY"}],
        "user_mappings": [{"user": "x", "options": ["password=CANARY"]}],
        "settings": [{"name": "ssl_passphrase_command", "acl": [], "value": "echo CANARY"}],
        "parameters": {"ssl_passphrase_command": "echo CANARY"},
    }


def postgres() -> Iterator[Input]:
    """An export with all that it should not have, too."""
    yield Input("postgres", "erp.postgres.json", json.dumps(_export(), indent=1))


REVENUE = "dataset:postgres:erp.marts.revenue"


def _facts(about: str) -> dict[str, object]:
    names = [*sorted(SECRET_NAMES), "API-Key", "Client Secret", "PASSWORD"]
    node = {
        "kind": "ServiceAccount",
        "key": f"acme:{about}",
        "name": "postgres://poster:CANARY@db.internal/erp",
        "owner": "host=db.internal user=poster password=CANARY",
        "tags": ["https://h.internal/x?access_token=CANARY", "Pwd=CANARY;Uid=a"],
        "weaknesses": ["https://u:CANARY@h.internal"],
        "props": {
            "docs": "https://u:CANARY@h.internal",
            **dict.fromkeys(names, "CANARY"),
            "nested": {"value": "CANARY"},
        },
    }
    edge = {"kind": "CAN_READ", "from": f"acme:{about}", "to": "dataset:postgres:erp.fin.gl"}
    more = {
        "condition": "while Authorization: Bearer CANARY is taken",
        "gate": "acme:gate/https://u:CANARY@h",
    }
    odd = {
        "action": "https://u:CANARY@h",
        "certainty": "password=CANARY",
        "valid_from": "x:CANARY",
    }
    elsewhere = "redis://u:CANARY@h.internal"
    return {
        "nhigraph": "facts/1",
        "extracted": "2026-11-23",
        "password": "CANARY",
        "nodes": [
            {**node, "secret": "CANARY", "password": ["CANARY"]},
            {**node, "key": elsewhere, "state": "https://u:CANARY@h", "props": {}},
            {
                "kind": "ApiKey",
                "key": f"acme:key-{about}",
                "name": "https://u:CANARY@h/key",
                "props": {"note": "password=CANARY", "rotated": "2020-01-01"},
            },
            {
                "kind": "OAuthApp",
                "key": f"acme:app-{about}",
                "name": "https://u:CANARY@h/app",
                "owner": "password=CANARY",
                "props": {"vendor": "Supplies", "docs": "https://u:CANARY@h"},
            },
        ],
        "edges": [
            {**edge, **more, "token": "CANARY", "props": {"password": "CANARY"}},
            {**edge, "to": elsewhere},
            {"kind": "AUTHENTICATES_AS", "from": f"acme:key-{about}", "to": f"acme:{about}"},
            {"kind": "CAN_WRITE", "from": f"acme:app-{about}", "to": REVENUE},
            {"kind": "DEPENDS_ON", "from": f"acme:key-{about}", "to": f"acme:app-{about}"},
            *({**edge, name: value} for name, value in odd.items()),
        ],
        "gates": [
            {
                "key": f"acme:gate/{about}",
                "kind": "review",
                "tests": {"password": "CANARY", "human": "CANARY"},
                "token": "CANARY",
                "approvers": ["https://u:CANARY@h"],
                "at": "https://u:CANARY@h/at",
                "log": "https://u:CANARY@h/log",
            }
        ],
        "gaps": [
            {"at": f"acme:{about}", "reason": "AccountKey=CANARY;", "password": "CANARY"},
            {"at": "https://u:CANARY@h/gap", "reason": "mysql --password CANARY"},
        ],
    }


_NODES = """\
kind,key,password,props.password,props.api-key,props.rotated,note,name,owner,props.docs
ServiceAccount,acme:ABOUT-1,CANARY,CANARY,CANARY,2025-01-01,CANARY,,,
ServiceAccount,acme:ABOUT-2,CANARY,"CANARY, ""CANARY"" too",CANARY,,,,,
ServiceAccount,acme:ABOUT-3,,,,,,postgres://u:CANARY@h/d,password=CANARY,https://u:CANARY@h
ServiceAccount,https://u:CANARY@h/ABOUT,,,,,,,,
"""
_EDGES = """\
kind,from,to,password,condition,gate,action
CAN_READ,acme:table-1,dataset:postgres:erp.fin.gl,CANARY,Pwd=CANARY,https://u:CANARY@h,
CAN_READ,https://u:CANARY@h/table,dataset:postgres:erp.fin.gl,,,,
CAN_READ,acme:table-1,dataset:postgres:erp.fin.gl,,,,https://u:CANARY@h
"""


def facts() -> Iterator[Input]:
    """The four forms of nhigraph's own facts."""
    yield Input("facts", "people.facts.yaml", yaml.safe_dump(_facts("yaml")))
    yield Input("facts", "people.json", json.dumps(_facts("json"), indent=1))
    yield Input("facts", "table.nodes.csv", _NODES.replace("ABOUT", "table"))
    yield Input("facts", "table.edges.csv", _EDGES)
    yield Input("facts", "lake.nodes.parquet", _NODES.replace("ABOUT", "lake"))


_SCOPE = """\
nhigraph: scope/1
organization: Ledgerline of https://u:CANARY@h.internal
commitments: [S, A, C]
as_of: 2026-11-23
password: CANARY
thresholds: {password: CANARY, shared_by: CANARY}
targets:
  - id: revenue
    family: financial-reporting
    fs_role: record
    icfr_basis: own
    password: CANARY
    process: close by password=CANARY
    recoverable: https://u:CANARY@h
    token: {value: CANARY}
    select: [{dbt: "model:ledger.revenue"}, {key: "dataset:postgres:erp.marts.revenue"}]
  - id: customers
    family: trust-service
    commitments: [C]
    select: [{key: "dataset:postgres:erp.fin.gl"}]
    secret: CANARY
  - {id: odd, family: trust-service, select: [{password: CANARY}]}
owners:
  - {select: {key: "github:ledgerline/*"}, owner: "https://u:CANARY@h/team"}
  - {select: {owner: "https://u:CANARY@h/*"}, owner: finance}
  - {select: {key: "github:ledgerline/*"}, owner: finance, password: CANARY}
aliases:
  - {platform: postgres, host: "https://u:CANARY@h", as: "password=CANARY"}
  - {platform: postgres, host: h, as: erp, password: CANARY}
links:
  - kind: CAN_READ
    from: acme:yaml
    to: acme:json
    confirmed_by: ticket at https://u:CANARY@h.internal
    condition: password=CANARY
    gate: https://u:CANARY@h/gate
  - {kind: CAN_READ, from: "https://u:CANARY@h", to: "acme:json", action: "https://u:CANARY@h"}
  - {kind: CAN_READ, from: "acme:yaml", to: "acme:json", confirmed_by: Anna, token: CANARY}
answers:
  - secret: {key: "https://u:CANARY@h/*"}
    opens: "https://u:CANARY@h"
    because: password=CANARY
    confirmed_by: ticket at https://u:CANARY@h.internal
  - {token: {key: "github:ledgerline/*"}, trusted_by: "https://u:CANARY@h/role"}
  - {condition: password=CANARY, is: true, because: "https://u:CANARY@h"}
  - {variable: {key: "github:*"}, is: "https://u:CANARY@h"}
  - {gate: "https://u:CANARY@h/gate", test: human, is: true, password: CANARY}
  - {same: ["https://u:CANARY@h", "postgres:erp"]}
  - {gap: {at: "*", token: CANARY}, is: empty, because: "https://u:CANARY@h"}
  - {secret: {password: CANARY}, opens: nothing}
people: [{key: "https://u:CANARY@h/*"}, {password: CANARY}]
boundary: {password: [{key: CANARY}]}
"""


def scope() -> Iterator[Input]:
    """A scope, in which nothing secret has a place."""
    yield Input("scope", "scope.yaml", _SCOPE)
