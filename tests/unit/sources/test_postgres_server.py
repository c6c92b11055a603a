"""What roles have of the server beside rights on rows: by hand, after trials on 15.20 to 18.4."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nhigraph.facts import keys
from nhigraph.facts.ends import Account
from nhigraph.facts.facts import Fact, Node, Note
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.sources import postgres as source
from tests.postgres.walker import Walker

_LEDGER = Path(__file__).parent / "postgres" / "ledger" / "erp.postgres.json"
_DATABASE = keys.database("postgres", "erp")
_LINE = keys.Dataset(_DATABASE, "fin", "line").text


def _key(name: str) -> str:
    return keys.Role(_DATABASE, name).text


def _role(name: str, **attributes: bool) -> dict[str, Any]:
    nothing = dict.fromkeys(("superuser", "createrole", "createdb", "replication"), False)
    rest = {"inherit": True, "login": True, "bypassrls": False, "valid_until": None}
    return {"name": name, **nothing, **rest, **attributes}


def _member(role: str, member: str, **options: bool) -> dict[str, Any]:
    given = {"inherit": False, "set": False, "admin": False, **options}
    return {"role": role, "member": member, "grantor": "postgres", **given}


def _export(folder: Path, more: Mapping[str, list[Any]], version: int = 180004) -> list[Fact]:
    """The ledger, with further records and as another version has it."""
    content = json.loads(_LEDGER.read_text(encoding="utf-8"))
    content["server_version_num"] = version
    for section, records in more.items():
        content[section] += records
    path = folder / "erp.postgres.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return list(source.read(Document(path, path.name)))


def _held(facts: list[Fact], name: str, *, certain: bool = True) -> set[tuple[str, str]]:
    return Walker(facts, certain=certain).held(_key(name))


#: ADMIN on the role is the second's, whose member without INHERIT and SET the first is.
_BELOW = [_member("hub", "admin"), _member("far", "hub", admin=True)]


@pytest.mark.parametrize(
    ("far", "version", "alters"),
    [
        ({}, 160014, True),
        ({"login": False}, 180004, True),
        ({"replication": True, "bypassrls": True}, 180004, True),
        ({"superuser": True}, 180004, False),
    ],
)
def test_createrole_alters_what_any_membership_gives_admin_on(
    far: dict[str, bool], version: int, alters: bool, tmp_path: Path
) -> None:
    roles = [_role("admin", createrole=True), _role("hub", login=False), _role("far", **far)]
    facts = _export(tmp_path, {"roles": roles, "memberships": _BELOW}, version)
    assert ((_key("far"), "CONTROL") in _held(facts, "admin")) is alters
    assert (_key("hub"), "CONTROL") not in _held(facts, "admin", certain=False)


def test_without_createrole_such_a_membership_gives_nothing(tmp_path: Path) -> None:
    roles = [_role("admin"), _role("hub", login=False), _role("far")]
    facts = _export(tmp_path, {"roles": roles, "memberships": _BELOW})
    assert (_key("far"), "CONTROL") not in _held(facts, "admin", certain=False)


def test_maintain_locks_tables_and_changes_none(tmp_path: Path) -> None:
    roles = [_role("vacuum"), _role("pg_maintain", login=False)]
    given = [_member("pg_maintain", "vacuum", inherit=True, set=True)]
    found = _held(_export(tmp_path, {"roles": roles, "memberships": given}), "vacuum")
    assert {state for at, state in found if at == _LINE} == {"HALT"}

    content = json.loads(_LEDGER.read_text(encoding="utf-8"))
    table = next(one for one in content["relations"] if one["name"] == "gl")
    other = {
        **table,
        "name": "kept",
        "columns": [],
        "acl": ["finance_owner=arwdDxtm/finance_owner"],
    }
    some = {**other, "name": "locked", "acl": [*other["acl"], "loader=m/finance_owner"]}
    facts = _export(tmp_path, {"relations": [other, some]})
    locked, kept = (keys.Dataset(_DATABASE, "fin", name).text for name in ("locked", "kept"))
    assert {state for at, state in _held(facts, "loader") if at == locked} == {"HALT"}
    assert {state for at, state in _held(facts, "loader") if at == kept} == set()


def test_a_function_in_a_language_that_is_not_trusted_runs_as_the_servers_account(
    tmp_path: Path,
) -> None:
    """Whoever may call it; not for certain, since what it does is not read."""
    languages = [{"name": "plpython3u", "owner": "postgres", "trusted": False, "acl": None}]
    function = {
        "schema": "api",
        "name": "run",
        "arguments": "text",
        "kind": "f",
        "owner": "postgres",
        "acl": ["loader=X/postgres"],
        "language": "plpython3u",
        "security_definer": False,
        "returns": "text",
        "search_path": None,
        "body": None,
    }
    facts = _export(tmp_path, {"languages": languages, "functions": [function]}, 150018)
    server = (keys.Cluster(_DATABASE).text, "ALTER")
    assert server in _held(facts, "loader", certain=False)
    assert server not in _held(facts, "loader")
    assert server not in _held(facts, "reporting", certain=False)

    trusted = [{**languages[0], "trusted": True}]
    facts = _export(tmp_path, {"languages": trusted, "functions": [function]}, 150018)
    assert server not in _held(facts, "loader", certain=False)


@pytest.mark.parametrize(
    ("acl", "refused"),
    [
        (["=Tc/postgres", "postgres=CTc/postgres"], ()),
        (["postgres=CTc/postgres", "writer=c/postgres"], ("old_batch", "reporting")),
        (
            ["postgres=CTc/postgres", "loader=c/postgres"],
            ("etl", "old_batch", "reporting"),
        ),
    ],
)
def test_who_has_no_connect_cannot_log_in(
    acl: list[str], refused: tuple[str, ...], tmp_path: Path
) -> None:
    """Members of who has it may come to it; CREATEROLE until 15, which provisioner has, too."""
    content = json.loads(_LEDGER.read_text(encoding="utf-8"))
    content["databases"][0]["acl"] = acl
    path = tmp_path / "erp.postgres.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    facts = list(source.read(Document(path, path.name)))
    known = {one.name for one in facts if isinstance(one, Account) and one.login}
    every = {"etl", "loader", "old_batch", "postgres", "provisioner", "reporting"}
    assert known == every - set(refused)
    said = {
        one.reason.split()[0] for one in facts if isinstance(one, Note) and "CONNECT" in one.reason
    }
    assert said == set(refused)
    nodes = {
        one.key: one for one in facts if isinstance(one, Node) and one.kind == k.DATABASE_ROLE
    }
    assert all(nodes[_key(name)].props["login"] is False for name in refused)
