"""Records of a database's export that cannot be read: nobody is cleared by what is not known.

FORMATS: "Never is a record lost and "no path" printed beside it." Every record of an export is
torn in turn, a member of another type or all of it, and judged beside the whole.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.documents.judging import Judged, judge, level, of

_SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "ledgerline"
_EXPORT = _SAMPLE / "exports" / "erp.postgres.json"
_WRONG = {"": 7}  # of a type that no member has
#: By system, the sections that are torn, and the member by which an account is known.
_SECTIONS = {
    "postgres": (
        *("roles", "memberships", "schemas", "relations", "foreign_keys", "policies", "rules"),
        *("functions", "triggers"),
    ),
    "mysql": (
        *("accounts", "role_edges", "global_privileges", "schema_privileges"),
        *("table_privileges", "column_privileges", "routine_privileges", "schemas", "tables"),
        *("views", "routines", "triggers", "events", "foreign_keys"),
    ),
}


def _mysql() -> dict[str, Any]:
    """Accounts that come to the ledger in one way each: by a right, a role, code or a key."""
    names = ("direct", "column", "wide", "root", "member", "viewer", "caller", "by_key", "feeder")
    accounts = [{"user": name, "host": "%", "restrictions": None} for name in (*names, "owner")]
    accounts.append({"user": "poster", "host": "", "is_role": "Y", "restrictions": None})

    def right(user: str, privilege: str, **on: str) -> dict[str, object]:
        role = user == "poster"
        grantee = f"'{user}'" if role else f"'{user}'@'%'"
        return {"grantee": grantee, "privilege": privilege, "grantable": "NO", **on}

    gl = {"schema": "erp", "table": "gl"}
    code = {"schema": "erp", "definer": "owner@%", "security": "DEFINER"}
    raw = "INSERT INTO erp.gl SELECT id, amount FROM erp.raw"
    return {
        "nhigraph_export": "mysql/1",
        "extracted_at": "2026-11-20T06:00:00Z",
        "version": "10.11.19-MariaDB",
        "exporter": "root@%",
        "host": "db.internal",
        "port": 3306,
        "hostname": "db1",
        "server_uuid": None,
        "variables": [{"name": "lower_case_table_names", "value": "0"}],
        "accounts": accounts,
        "role_edges": [
            {"from_user": "poster", "from_host": "", "to_user": "member", "to_host": "%",
             "admin": "N"},
        ],
        "default_roles": [],
        "proxies": [],
        "global_privileges": [right("root", "SUPER"), right("root", "SELECT")],
        "schema_privileges": [
            right("wide", "UPDATE", schema="erp"), right("owner", "INSERT", schema="erp"),
            right("owner", "SELECT", schema="erp"),
        ],
        "table_privileges": [
            right("direct", "INSERT", **gl), right("poster", "DELETE", **gl),
            right("viewer", "UPDATE", schema="erp", table="v"),
            right("feeder", "INSERT", schema="erp", table="raw"),
            right("by_key", "DELETE", schema="erp", table="parent"),
        ],
        "column_privileges": [{**right("column", "UPDATE", **gl), "column": "amount"}],
        "routine_privileges": [
            {**right("caller", "EXECUTE", schema="erp", routine="post"), "sort": "PROCEDURE"},
        ],
        "schemas": [{"name": "erp"}, {"name": "mysql"}],
        "tables": [
            {"schema": "erp", "name": name, "kind": "BASE TABLE"}
            for name in ("gl", "raw", "parent")
        ],
        "views": [{**code, "name": "v", "updatable": "YES",
                   "definition": "select id, amount from erp.gl"}],
        "routines": [{**code, "sort": "PROCEDURE", "name": "post", "body": raw}],
        "triggers": [{**code, "name": "t", "table": "raw", "event": "INSERT", "timing": "AFTER",
                      "body": "INSERT INTO erp.gl VALUES (NEW.id, NEW.amount)"}],
        "events": [],
        "foreign_keys": [{"schema": "erp", "table": "gl", "references_schema": "erp",
                          "references_table": "parent", "on_delete": "CASCADE",
                          "on_update": "NO ACTION"}],
    }  # fmt: skip


_LEDGER = """\
nhigraph: scope/1
organization: Acme
commitments: [S, PI]
targets:
  - id: gl
    family: financial-reporting
    fs_role: record
    icfr_basis: own
    select: [{key: "%s"}]
"""


def _whole(system: str) -> tuple[dict[str, Any], str]:
    """An export and a scope."""
    if system == "mysql":
        return _mysql(), _LEDGER % "dataset:mysql:erp.gl"
    export = json.loads(_EXPORT.read_text(encoding="utf-8"))
    return export, _LEDGER % "dataset:postgres:erp.fin.gl_entries"


def _torn(
    system: str, body: dict[str, Any], *, members: bool
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is torn, the name of an account that is gone with it, and the export then."""
    for section in _SECTIONS[system]:
        for number, record in enumerate(body[section]):
            for member in (*record, "") if members else ("",):
                rest = [*body[section]]
                rest[number] = {**record, member: _WRONG} if member else "torn"
                gone = ""
                if section in ("roles", "accounts") and member in ("", "name", "user", "host"):
                    gone = record.get("name") or record["user"]
                yield f"{section}/{number}/{member}", gone, {**body, section: rest}


def _judged(folder: Path, system: str, body: object, scope: str, known: str) -> Judged:
    texts = {
        f"erp.{system}.json": json.dumps(body),
        "scope.yaml": scope,
        "known.facts.json": known,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return judge([folder / name for name in texts])


def _known(system: str, body: dict[str, Any]) -> str:
    """What another document names: without it a target that is torn is one for everybody."""
    section = "relations" if system == "postgres" else "tables"
    names = [f"erp.{one['schema']}.{one['name']}" for one in body[section]]
    if system == "mysql":
        names = [name.removeprefix("erp.") for name in names]
    nodes = [{"kind": "Dataset", "key": f"dataset:{system}:{name}"} for name in names]
    return json.dumps({"nhigraph": "facts/1", "nodes": nodes})


#: Whole records on every change, and members of the smaller export; all members at night.
_RUNS = [
    *(pytest.param("postgres", False, 3, part) for part in range(3)),
    *(pytest.param("mysql", True, 4, part) for part in range(4)),
    *(pytest.param("postgres", True, 37, n, marks=pytest.mark.nightly) for n in range(37)),
]


@pytest.mark.parametrize(("system", "members", "parts", "part"), _RUNS)
def test_nobody_is_cleared_by_a_record_that_cannot_be_read(
    system: str,
    members: bool,
    parts: int,
    part: int,
    tmp_path: Path,
) -> None:
    body, scope = _whole(system)
    known = _known(system, body)
    whole = _judged(tmp_path, system, body, scope, known)
    assert sum(level([row]) > 0 for row in whole.identities) >= 5, whole.identities
    cleared = []
    for what, gone, torn in [*_torn(system, body, members=members)][part::parts]:
        found = _judged(tmp_path, system, torn, scope, known)
        for row in whole.identities:
            here = of(found.identities, identity=row["identity"])
            if not here:
                if not gone or gone not in row["identity"]:
                    cleared.append(f"{what}: {row['identity']} is gone")
            elif level([row]) > 0 and level(here) == 0:
                cleared.append(f"{what}: {row['identity']} is cleared")
    assert not cleared, cleared
