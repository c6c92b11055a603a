"""The mysql source on documents: what is refused, what is a gap, and what MySQL 8 alone says."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.errors import InputError
from nhigraph.facts.ends import Account, Holder
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Refused
from nhigraph.ingest.document import Document
from nhigraph.schema.types import Certainty
from nhigraph.sources import mysql as source

FIXTURES = Path(__file__).parent / "mysql"
STORED: dict[str, Any] = json.loads((FIXTURES / "erp.mysql.json").read_text(encoding="utf-8"))


def facts(folder: Path, content: object) -> list[Fact]:
    path = folder / "x.mysql.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return list(source.read(Document(path, path.name)))


def edges(found: list[Fact], *, certain: bool = False) -> set[tuple[str, str, str]]:
    return {
        (one.kind.label, one.source, one.target)
        for one in found
        if isinstance(one, Edge) and (not certain or one.certainty is Certainty.CERTAIN)
    }


@pytest.fixture
def erp() -> dict[str, Any]:
    return copy.deepcopy(STORED)


def test_what_the_fixture_grants_is_told_once_and_where_it_holds(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    found = edges(facts(tmp_path, erp), certain=True)
    loader, near = "role:mysql:loader@%25", "role:mysql:loader@10.0.0.%25"
    gl, lines = "dataset:mysql:erp.gl", "dataset:mysql:erp.lines"
    assert ("CAN_WRITE", loader, "container:mysql:erp") not in found, "a trigger stands before it"
    assert ("CAN_WRITE", loader, gl) in found
    # Rows of schemas and tables are looked up by name and host, not by account.
    assert ("CAN_WRITE", near, gl) in found
    assert ("CAN_READ", near, lines) in found
    assert ("CAN_READ", loader, lines) not in found
    assert ("MEMBER_OF", "role:mysql:reader@%25", "role:mysql:analyst") in found
    assert ("CAN_ASSUME", "role:mysql:clerk@%25", "role:mysql:poster") in found
    assert ("OWNS", "role:mysql:owner@localhost", "container:mysql:erp") not in found
    assert ("OWNS", "role:mysql:owner@localhost", gl) in found


def test_a_definers_rights_are_lent_by_what_could_not_be_read(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    found = facts(tmp_path, erp)
    lent = ("RUNS_AS", "grant:mysql:execute/erp.any_sql", "role:mysql:owner@localhost")
    assert lent in edges(found)
    assert lent not in edges(found, certain=True)


def test_a_missing_definer_makes_a_statement_depend_on_the_account(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    conditions = {
        one.condition
        for one in facts(tmp_path, erp)
        if isinstance(one, Edge) and one.target == "dataset:mysql:erp.totals" and one.condition
    }
    assert any("gone@localhost" in (condition or "") for condition in conditions)


def test_accounts_are_found_by_the_names_that_clients_give(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    """A client of localhost that says clerk is the anonymous user there."""
    found = [one for one in facts(tmp_path, erp) if isinstance(one, Account)]
    anonymous = {one.name for one in found if one.at == "role:mysql:@localhost"}
    assert {"", "clerk", "loader", "reader"} <= anonymous
    assert "owner" not in anonymous, "its host is as near and its name is nearer"
    locked = {one.login for one in found if one.at == "role:mysql:batch@localhost"}
    assert locked == {False}
    assert not any(one.at == "role:mysql:analyst" for one in found), "nobody logs in as a role"


def test_a_server_is_told_by_what_the_exporter_said_of_it(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    (holder,) = (one for one in facts(tmp_path, erp) if isinstance(one, Holder))
    assert holder.proofs == {"host": "db.internal", "address": "db.internal:3306"}
    erp["host"] = None
    (holder,) = (one for one in facts(tmp_path, erp) if isinstance(one, Holder))
    assert holder.proofs == {}, "its own hostname is not where clients reach it"
    erp["server_uuid"] = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
    (holder,) = (one for one in facts(tmp_path, erp) if isinstance(one, Holder))
    assert list(holder.proofs) == ["system"]


def test_names_fold_where_the_server_folds_them(tmp_path: Path, erp: dict[str, Any]) -> None:
    erp["table_privileges"].append(
        {
            "grantee": "'reader'@'%'",
            "schema": "ERP",
            "table": "GL",
            "privilege": "DELETE",
            "grantable": "NO",
        }
    )
    edge = ("CAN_DELETE", "role:mysql:reader@%25", "dataset:mysql:erp.gl")
    assert edge not in edges(facts(tmp_path, erp))
    for one in erp["variables"]:
        if one["name"] == "lower_case_table_names":
            one["value"] = "1"
    assert edge in edges(facts(tmp_path, erp))


def test_read_only_makes_what_writes_conditional(tmp_path: Path, erp: dict[str, Any]) -> None:
    edge = ("CAN_WRITE", "role:mysql:loader@%25", "dataset:mysql:erp.gl")
    for one in erp["variables"]:
        if one["name"] == "read_only":
            one["value"] = "ON"
    found = facts(tmp_path, erp)
    assert edge in edges(found)
    assert edge not in edges(found, certain=True)


def test_a_section_that_the_exporter_could_not_read_is_a_gap_with_what_it_hides(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    del erp["routine_privileges"]
    gaps = [one for one in facts(tmp_path, erp) if isinstance(one, Gap)]
    told = [one for one in gaps if "(routine_privileges)" in one.reason]
    accounts = {one for one in {gap.at for gap in told} if one.startswith("role:")}
    assert {one.at for one in told} == {"cluster:mysql:", "container:mysql:"} | accounts
    assert "role:mysql:clerk@%25" in accounts, "whoever it is may have more"
    assert all("export as" in one.reason for one in told)


DAMAGED = [
    ("schema_privileges", {"grantee": 7}),
    ("views", {"definer": None}),
    ("accounts", {"restrictions": "[]"}),
    ("accounts", {"role": "1", "access": "many"}),
    ("tables", {"name": 7}),
]


@pytest.mark.parametrize(("section", "damage"), DAMAGED)
def test_a_damaged_record_is_refused_and_the_others_stand(
    tmp_path: Path, erp: dict[str, Any], section: str, damage: dict[str, object]
) -> None:
    before = edges(facts(tmp_path, erp))
    erp[section].append({**erp[section][0], "security": "DEFINER", "user": "x", **damage})
    found = facts(tmp_path, erp)
    assert sum(isinstance(one, Refused) for one in found) >= 1
    assert edges(found) >= before


def test_another_form_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected mysql/1"):
        facts(tmp_path, {"nhigraph_export": "mysql/9"})
    with pytest.raises(InputError, match="expected a list"):
        facts(tmp_path, {**STORED, "views": {}})


def test_mysql_8_has_roles_that_are_accounts_dynamic_rights_and_restrictions(
    tmp_path: Path,
) -> None:
    content = json.loads((FIXTURES / "mysql8.mysql.json").read_text(encoding="utf-8"))
    found = facts(tmp_path, content)
    assert not [one for one in found if isinstance(one, Refused)]
    certain = edges(found, certain=True)
    ops, app = "role:mysql:ops@%25", "role:mysql:app@%25"
    assert ("CAN_WRITE", app, "container:mysql:erp") in certain
    assert ("CAN_WRITE", app, "container:mysql:payroll") not in edges(found)
    assert ("MEMBER_OF", app, "role:mysql:app_read@%25") in certain
    (grant,) = (target for _, holder, target in certain if holder == ops and "grants/" in target)
    opened = {target for _, holder, target in certain if holder == grant}
    assert app in opened
    assert "role:mysql:root@localhost" not in opened, "it has SYSTEM_USER, and ops has not"
    nodes = {one.key: one for one in found if isinstance(one, Node)}
    assert nodes["role:mysql:mysql.sys@localhost"].nhi is False
    assert nodes["role:mysql:app_read@%25"].props["login"] is False


def given(erp: dict[str, Any], section: str, **cells: str) -> str:
    """Add a record of a right; its pointer."""
    erp[section].append({"grantee": "'reader'@'%'", "grantable": "NO", **cells})
    return f"/{section}/{len(erp[section]) - 1}"


def places(found: list[Fact], kind: str, source: str, target: str) -> set[str]:
    edge = (kind, source, target)
    return {
        one.evidence.pointer
        for one in found
        if isinstance(one, Edge) and (one.kind.label, one.source, one.target) == edge
    }


def test_every_record_that_gives_a_right_is_a_place_of_it(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    """The server's, the schema's, the table's and a column's: each gives it by itself."""
    at = {"schema": "erp", "table": "gl"}
    expected = {
        given(erp, "global_privileges", privilege="INSERT"),
        given(erp, "schema_privileges", privilege="INSERT", schema="erp"),
        given(erp, "table_privileges", privilege="INSERT", **at),
        given(erp, "column_privileges", privilege="INSERT", column="account", **at),
    }
    other = given(erp, "table_privileges", privilege="DELETE", **at)
    found, gl = facts(tmp_path, erp), "dataset:mysql:erp.gl"

    assert expected == places(found, "CAN_WRITE", "role:mysql:reader@%25", gl)
    assert places(found, "CAN_DELETE", "role:mysql:reader@%25", gl) == {other}


def test_a_right_on_less_is_told_beside_the_same_on_more(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    """Else it would come to light when the wider one is gone."""
    erp["triggers"] = erp["views"] = []
    erp["tables"] = [one for one in erp["tables"] if one["kind"] != "VIEW"]
    who, table = "role:mysql:reader@%25", "dataset:mysql:erp.lines"
    told = {
        "container:mysql:": given(erp, "global_privileges", privilege="DELETE"),
        "container:mysql:erp": given(erp, "schema_privileges", privilege="DELETE", schema="erp"),
        table: given(erp, "table_privileges", privilege="DELETE", schema="erp", table="lines"),
    }
    found = facts(tmp_path, erp)
    for thing, pointer in told.items():
        assert places(found, "CAN_DELETE", who, thing) == {pointer}


def test_what_a_right_of_several_opens_stands_at_none_of_their_records(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    """Whom CREATE USER changes is there for all who have it."""
    erp["global_privileges"] = []
    for who in ("reader", "loader"):
        grantee = f"'{who}'@'%'"
        erp["global_privileges"].append(
            {"grantee": grantee, "privilege": "CREATE USER", "grantable": "NO"}
        )
    edges_at = {
        one.evidence.pointer
        for one in facts(tmp_path, erp)
        if isinstance(one, Edge) and one.kind.label == "CAN_ASSUME" and one.action == "mint_secret"
    }
    assert edges_at
    assert not any(one.startswith("/global_privileges/") for one in edges_at)


def test_a_record_of_a_right_is_shown_in_the_words_of_grant(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    cells = {"schema": "erp", "table": "gl", "privilege": "INSERT"}
    pointer = given(erp, "table_privileges", **cells)
    said = {
        one.evidence.excerpt.rpartition("read as: ")[2]
        for one in facts(tmp_path, erp)
        if one.evidence.pointer == pointer
    }

    assert said == {"INSERT ON `erp`.`gl` TO `reader`@`%`"}


def test_a_word_that_may_be_secret_keeps_a_record_from_being_shown(
    tmp_path: Path, erp: dict[str, Any]
) -> None:
    erp["role_edges"][0]["role"] = "password=CANARY-of-a-name"
    assert "CANARY" not in repr([one.evidence.excerpt for one in facts(tmp_path, erp)])
