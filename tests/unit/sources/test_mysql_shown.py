"""The text of SHOW GRANTS: forms that servers and tools print, and hashes that stay in it."""

from dataclasses import astuple
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge, Fact, Gap, Node, Refused
from nhigraph.ingest.document import Document
from nhigraph.schema.types import Certainty, State
from nhigraph.sources import mysql as source
from tests.postgres.walker import Walker

HASH = "*CANARY94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29"
MARIADB = f"""
-- Grants for 'loader'@'%'
CREATE USER IF NOT EXISTS `loader`@`%`;
ALTER USER `loader`@`%` IDENTIFIED WITH 'mysql_native_password' AS '{HASH}'
  REQUIRE NONE ACCOUNT UNLOCK;
GRANT USAGE ON *.* TO `loader`@`%` IDENTIFIED BY PASSWORD '{HASH}';
GRANT SELECT, INSERT, UPDATE (`amount`, `id`) ON `erp`.`gl` TO `loader`@`%`;
GRANT EXECUTE ON PROCEDURE `erp`.`post` TO `loader`@`%`;
GRANT `poster` TO `loader`@`%` WITH ADMIN OPTION;
GRANT INSERT ON `erp`.* TO `poster`;
SET DEFAULT ROLE `poster` FOR `loader`@`%`;
CREATE USER 'old'@'10.0.0.%' IDENTIFIED VIA ed25519 USING '{HASH}' OR unix_socket ACCOUNT LOCK;
GRANT ALL PRIVILEGES ON *.* TO 'old'@'10.0.0.%' IDENTIFIED BY 'CANARY-plain' WITH GRANT OPTION;
GRANT PROXY ON ''@'%' TO 'old'@'10.0.0.%' WITH GRANT OPTION;
GRANT SELECT ON `er%`.* TO bob@db-1.internal
"""
MYSQL = """
Grants for u1@%
GRANT SELECT, INSERT ON *.* TO `u1`@`%`
GRANT ROLE_ADMIN,SYSTEM_VARIABLES_ADMIN ON *.* TO `u1`@`%`
REVOKE INSERT ON `world`.* FROM `u1`@`%`
GRANT `app_read`@`%` TO `u1`@`%`
GRANT SELECT ON `world`.* TO `app_read`@`%`
"""


def facts(folder: Path, text: str) -> list[Fact]:
    path = folder / "prod.grants.txt"
    path.write_text(text, encoding="utf-8")
    doc = Document(path, path.name)
    assert source.recognises(doc)
    return list(source.read(doc))


def edges(found: list[Fact], *, certain: bool = True) -> set[tuple[str, str, str]]:
    return {
        (one.kind.label, one.source, one.target)
        for one in found
        if isinstance(one, Edge) and (not certain or one.certainty is Certainty.CERTAIN)
    }


def test_privileges_roles_and_proxies_of_a_dump_are_read(tmp_path: Path) -> None:
    found = facts(tmp_path, MARIADB)
    assert not [one for one in found if isinstance(one, Refused)]
    told = edges(found)
    loader, old = "role:mysql:loader@%25", "role:mysql:old@10.0.0.%25"
    gl = "dataset:mysql:erp.gl"
    assert {("CAN_READ", loader, gl), ("CAN_WRITE", loader, gl)} <= told
    assert ("MEMBER_OF", loader, "role:mysql:poster") in told
    assert ("CAN_WRITE", "role:mysql:poster", "container:mysql:erp") in told
    assert ("OWNS", old, "container:mysql:") in told
    assert ("HOLDS", loader, "grant:mysql:execute/erp.post") in told
    nodes = {one.key: one for one in found if isinstance(one, Node)}
    assert nodes[old].props["login"] is False
    assert nodes[loader].props["login"] is True
    assert "role:mysql:bob@db-1.internal" in nodes


def test_what_the_text_cannot_show_is_a_gap_where_it_hides(tmp_path: Path) -> None:
    """Triggers of what is written, a routine that may be run, schemas of a pattern."""
    gaps = {(one.at, one.reason) for one in facts(tmp_path, MARIADB) if isinstance(one, Gap)}
    at = {key for key, reason in gaps if "what triggers of " in reason}
    assert at == {"container:mysql:erp", "dataset:mysql:erp.gl"}
    assert not [reason for _, reason in gaps if "exporter" in reason]
    assert any(key == "grant:mysql:execute/erp.post" for key, _ in gaps)
    assert any(key == "role:mysql:bob@db-1.internal" and "er%" in reason for key, reason in gaps)


def test_partial_revokes_and_roles_of_mysql_are_read(tmp_path: Path) -> None:
    told = edges(facts(tmp_path, MYSQL))
    u1 = "role:mysql:u1@%25"
    assert ("CAN_READ", u1, "container:mysql:") in told
    # Which other schemas there are the text does not say.
    possible = edges(facts(tmp_path, MYSQL), certain=False)
    assert ("CAN_WRITE", u1, "container:mysql:world") not in possible
    assert ("CAN_WRITE", u1, "container:mysql:") in possible - told
    assert ("CAN_ASSUME", u1, "role:mysql:app_read@%25") in told


@pytest.mark.parametrize("text", [MARIADB, MYSQL, MARIADB.replace(";", "")])
def test_no_hash_and_no_password_leaves_the_parser(tmp_path: Path, text: str) -> None:
    found = facts(tmp_path, text)
    assert found
    for one in found:
        assert "CANARY" not in repr(one)
        assert "CANARY" not in repr(astuple(one)) if not isinstance(one, Refused) else True


@pytest.mark.parametrize(
    "line",
    [
        "GRANT SELECT ON TO x",
        "GRANT SELECT ON `a`.`b` `x`@`y`",
        f"GRANT SELECT ON a.b IDENTIFIED BY '{HASH}'",
        "GRANT SELECT (a ON a.b TO x",
    ],
)
def test_a_statement_that_cannot_be_read_is_refused_and_the_others_stand(
    tmp_path: Path, line: str
) -> None:
    found = facts(tmp_path, f"{MYSQL}{line};\nGRANT DELETE ON `world`.* TO `u2`@`%`;\n")
    (refused,) = (one for one in found if isinstance(one, Refused))
    assert refused.evidence.line == MYSQL.count("\n") + 1
    assert "CANARY" not in repr(refused)
    assert ("CAN_DELETE", "role:mysql:u2@%25", "container:mysql:world") in edges(found)


def test_another_text_is_not_taken_for_grants(tmp_path: Path) -> None:
    path = tmp_path / "notes.grants.txt"
    path.write_text("We grant nothing to nobody.\nSELECT 1;\n", encoding="utf-8")
    assert not source.recognises(Document(path, path.name))


OF_OTHERS = {
    "PostgreSQL": "GRANT SELECT ON ALL TABLES IN SCHEMA fin TO app;\nGRANT poster TO app;\n",
    "Redshift": 'GRANT ROLE reader TO ROLE "AWSIDC:ops@acme.example";\n',
    "Snowflake": "GRANT SELECT ON FUTURE TABLES IN SCHEMA erp.fin TO ROLE loader;\n",
    "BigQuery": 'GRANT `roles/editor` ON SCHEMA `erp`.fin TO "user:bob@acme.example";\n',
    "Databricks": "GRANT MODIFY ON TABLE `main`.`fin`.`gl` TO `bob@acme.example`;\n",
    "SQL Server": "GRANT SELECT ON SCHEMA::fin TO [bob@acme.example], [al@acme.example];\n",
    "a macro of dbt": "{% macro x() %} grant {{ r }} on t to {{ u }}@{{ h }} {% endmacro %}",
    "a macro for MySQL": "grant select on {{ schema }}.* to `{{ whom }}`@`%`;\n",
}


@pytest.mark.parametrize("product", OF_OTHERS)
@pytest.mark.parametrize("name", ["V7__grants.sql", "apply_grants.sql", "grants.txt"])
def test_grants_of_another_product_are_not_taken_for_ours(
    tmp_path: Path, name: str, product: str
) -> None:
    """Their roles would be accounts of a server that nobody has."""
    path = tmp_path / name
    path.write_text(OF_OTHERS[product], encoding="utf-8")
    assert not source.recognises(Document(path, path.name))
    path.write_text(
        OF_OTHERS[product] + "\nGRANT USAGE ON *.* TO app@localhost;\n", encoding="utf-8"
    )
    assert source.recognises(Document(path, path.name))


@pytest.mark.parametrize(
    "grant", ["FROBNICATE_ADMIN ON *.*", "FROBNICATE, SELECT ON `fin`.*", "FROB NICATE ON `f`.`t`"]
)
def test_a_right_that_nobody_knows_is_a_gap_at_whoever_has_it(tmp_path: Path, grant: str) -> None:
    found = facts(tmp_path, f"GRANT {grant} TO `y`@`%`;\nGRANT SELECT ON `f`.`t` TO `z`@`%`;\n")
    word = grant.partition(" ON ")[0].partition(",")[0]
    gaps = {(one.at, one.reason) for one in found if isinstance(one, Gap)}
    assert ("role:mysql:y@%25", f"what the right {word} gives is not known here") in gaps
    assert not [reason for at, reason in gaps if at == "role:mysql:z@%25"]


#: A text, and whose answer it leaves open.
OPEN = {
    "a role with a host": ("GRANT `w`@`%` TO `app`@`%`;", {"app@%25", "w@%25"}),
    "a role without one": ("GRANT `w` TO `app`@`%`;", {"app@%25", "w"}),
    "an account by proxy": ("GRANT PROXY ON `boss`@`%` TO `app`@`%`;", {"app@%25", "boss@%25"}),
    "everybody by proxy": ("GRANT PROXY ON ''@'%' TO `app`@`%`;", {"app@%25"}),
    "an account that is only made": ("CREATE USER `app`@`%`;", {"app@%25"}),
    "EXECUTE on a schema": ("GRANT EXECUTE ON `fin`.* TO `app`@`%`;", {"app@%25"}),
    "EXECUTE everywhere": ("GRANT EXECUTE ON *.* TO `app`@`%`;", {"app@%25"}),
    "EXECUTE on a package": ("GRANT EXECUTE ON PACKAGE `fin`.`p` TO `app`@`%`;", {"app@%25"}),
    "EVENT on a schema": ("GRANT EVENT ON `fin`.* TO `app`@`%`;", {"app@%25"}),
    "INSERT on a schema": ("GRANT INSERT ON `crm`.* TO `app`@`%`;", {"app@%25"}),
    "INSERT on a table": ("GRANT INSERT ON `crm`.`t` TO `app`@`%`;", {"app@%25"}),
    "INSERT everywhere": ("GRANT INSERT ON *.* TO `app`@`%`;", {"app@%25"}),
    "accounts of others": ("GRANT CREATE USER ON *.* TO `app`@`%`;", {"app@%25"}),
    "a statement that cannot be read": ("GRANT SELECT ON fin TO `app`@`%`;", {"app@%25"}),
}
SETTLED = {
    "a role that is shown": (
        "GRANT USAGE ON *.* TO `w`@`%`;\nGRANT `w`@`%` TO `app`@`%`;\n",
        {"app@%25", "w@%25"},
    ),
    "SELECT on a table": ("GRANT SELECT ON `crm`.`t` TO `app`@`%`;\n", {"app@%25"}),
}


def left_open(found: list[Fact]) -> set[str]:
    """Accounts and roles that reach a gap."""
    walker = Walker(found, certain=False, planted=True)
    gaps = [one for one in found if isinstance(one, Gap)]
    roles = [one.key for one in found if isinstance(one, Node) and one.key.startswith("role:")]
    return {
        role.removeprefix("role:mysql:")
        for role in roles
        if any(
            gap.at == at and state in [one.name for one in gap.states or State]
            for gap in gaps
            for at, state in walker.held(role)
        )
    }


@pytest.mark.parametrize("name", OPEN)
def test_what_a_text_does_not_show_leaves_an_answer_open(tmp_path: Path, name: str) -> None:
    text, accounts = OPEN[name]
    calm = "GRANT SELECT ON `f`.`t` TO `calm`@`%`;\n"
    found = facts(tmp_path, f"{calm}{text}\n")
    assert left_open(found) - {"PUBLIC", "calm@%25"} == accounts
    assert ("calm@%25" in left_open(found)) is ("PUBLIC" in left_open(found))


@pytest.mark.parametrize("name", SETTLED)
def test_what_a_text_shows_is_settled(tmp_path: Path, name: str) -> None:
    text, accounts = SETTLED[name]
    assert not left_open(facts(tmp_path, text)) & accounts


def test_a_package_is_a_routine_and_no_table(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        "GRANT EXECUTE ON PACKAGE `f`.`p` TO `a`@`%`;\n"
        "GRANT EXECUTE ON PACKAGE BODY `f`.`p` TO `a`@`%`;\n",
    )
    assert not [one.key for one in found if isinstance(one, Node) and "dataset:" in one.key]


def test_rows_of_the_vertical_form_are_statements(tmp_path: Path) -> None:
    """With what ``\\G`` prints around them; the lines are those of the file."""
    row = "*************************** {}. row ***************************\n"
    text = (
        row.format(1)
        + "Grants for app@%: GRANT USAGE ON *.* TO `app`@`%`\n"
        + row.format(2)
        + "Grants for app@%: GRANT INSERT ON `fin`.`gl` TO `app`@`%`\n2 rows in set (0.00 sec)\n"
        + row.format(1)
        + f"CREATE USER for old@%: CREATE USER `old`@`%` IDENTIFIED BY '{HASH}' ACCOUNT LOCK\n"
    )
    found = facts(tmp_path, text)
    assert not [one for one in found if isinstance(one, Refused)]
    told = [one for one in found if isinstance(one, Edge) and one.kind.label == "CAN_WRITE"]
    assert [(one.source, one.target) for one in told] == [
        ("role:mysql:app@%25", "dataset:mysql:fin.gl")
    ]
    assert told[0].evidence.pointer == "line 4"
    nodes = {one.key: one for one in found if isinstance(one, Node)}
    assert nodes["role:mysql:old@%25"].props["login"] is False


@pytest.mark.parametrize("escaped", [False, True])
def test_a_schema_with_an_underscore_is_itself_however_the_client_prints_it(
    tmp_path: Path, escaped: bool
) -> None:
    r"""Without ``-r`` the client writes each backslash twice; a wildcard stays one."""
    text = r"""
GRANT INSERT ON `team\_fin`.* TO `app`@`%`
GRANT INSERT ON `team_fin`.* TO `any`@`%`
GRANT INSERT ON `team\_fin`.`gl` TO `one`@`%`
""".replace("`team\\_fin`.`gl`", "`team_fin`.`gl`")
    found = facts(tmp_path, text.replace("\\", "\\\\") if escaped else text)
    assert ("CAN_WRITE", "role:mysql:app@%25", "container:mysql:team_fin") in edges(found)
    assert ("CAN_WRITE", "role:mysql:one@%25", "dataset:mysql:team_fin.gl") in edges(found)
    asked = {one.at for one in found if isinstance(one, Gap) and "pattern" in one.reason}
    assert asked == {"role:mysql:any@%25"}


@pytest.mark.parametrize(
    "text",
    [
        "/*!50003 GRANT INSERT ON `fin`.* TO `app`@`%` */;\n",
        "/*M!100005 GRANT INSERT ON `fin`.*\n  TO `app`@`%`*/;\n",
        "GRANT USAGE ON *.* TO `app`@`%`;\n/*!80001 grant insert on fin.* to `app`@`%` */\n",
    ],
)
def test_a_statement_that_only_newer_servers_run_counts(tmp_path: Path, text: str) -> None:
    assert edges(facts(tmp_path, text)) >= {
        ("CAN_WRITE", "role:mysql:app@%25", "container:mysql:fin")
    }


def test_a_comment_is_none(tmp_path: Path) -> None:
    text = "GRANT USAGE ON *.* TO `app`@`%`;\n/* GRANT INSERT ON `fin`.* TO `app`@`%` */;\n"
    assert not [one for one in edges(facts(tmp_path, text)) if one[0] == "CAN_WRITE"]


CUT = [
    "GRANT INSERT ON `fin`.`gl` TO `trunc",
    "GRANT INSERT ON `fin`.`gl` TO `trunc`@`10.",
    "GRANT INSERT ON `fin`.`gl` TO 'trunc",
    "GRANT INSERT ON `fin`.`gl` TO",
    "GRANT INSERT ON `fin`.`g",
    "GRANT INSERT ON `fin`.`gl` TO `trunc`@",
]


@pytest.mark.parametrize("cut", CUT)
@pytest.mark.parametrize("last", [True, False])
def test_a_statement_that_ends_too_early_is_refused(tmp_path: Path, cut: str, last: bool) -> None:
    """At the end of the text, or before another statement, which stands."""
    whole = "GRANT INSERT ON `fin`.`gl` TO `app`@`%`"
    found = facts(tmp_path, f"{whole}\n{cut}" if last else f"{cut}\n{whole}\n")
    assert len([one for one in found if isinstance(one, Refused)]) == 1
    told = edges(found, certain=False)
    writers = {source for kind, source, _ in told if kind == "CAN_WRITE"}
    assert writers == {"role:mysql:app@%25"}
