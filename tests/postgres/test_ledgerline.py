"""The sample's export is what a real server says, and its story is tried there."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT
from tests.sample import FOLDER

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

MANIFEST = FOLDER / "warehouse" / "transform" / "target" / "manifest.json"
COMMITTED = FOLDER / "exports" / "erp.postgres.json"
#: Of a trial: who, what, and whether the server lets it happen.
TRIALS = (
    ("billing_api", "select fin.post_entry('2026-11-02', '4000', 0, 5)", True),
    ("billing_api", "insert into fin.gl_entries (memo) values ('x')", False),
    ("billing_api", "select memo from fin.gl_entries", False),
    ("legacy_etl", "insert into fin.gl_entries (memo) values ('x')", False),
    ("erp_backend", "update fin.gl_entries set memo = 'x'", True),
    ("erp_backend", "drop table fin.invoices cascade", True),
    ("payments_loader", "insert into raw.payments (payment_id) values (2)", True),
    ("payments_loader", "update raw.payments set amount = 0", False),
    ("payments_loader", "delete from raw.payments", False),
    ("bank_feed", "insert into raw.bank_lines (line_id) values (2)", True),
    ("bank_feed", "insert into raw.payments (payment_id) values (2)", False),
    ("calendar_sync", "update ref.fiscal_calendar set is_closed = true", True),
    ("calendar_sync", "update ref.fiscal_calendar set period = 'x'", False),
    ("clicks_loader", "insert into raw.web_clicks (page) values ('/')", True),
    ("support_bot", "select full_name from crm.customers", True),
    ("support_bot", "update crm.customers set email = 'x'", False),
    ("bi_reader", "select amount from marts.revenue", True),
    ("bi_reader", "select full_name from crm.customers", False),
    ("bi_reader", "update marts.revenue set amount = 0", False),
    ("dbt_runner", "drop table marts.revenue", True),
    ("dbt_runner", "update marts.revenue set amount = 0", True),
    ("dbt_runner", "update fin.gl_entries set memo = 'x'", False),
    ("cardwell_settlement", "update raw.payments set amount = 0", True),
    ("migration_2026", "update fin.gl_entries set memo = 'x'", True),
    ("platform_admin", "update fin.gl_entries set memo = 'x'", False),
    ("platform_admin", ("grant finance_app to platform_admin; set role finance_app;"
     " update fin.gl_entries set memo = 'x'"), True),
)  # fmt: skip


def _steps(manifest: dict[str, Any]) -> Iterator[str]:
    """What ``dbt build`` ran, from the SQL it compiled: relations in order, then grants."""
    yield "set role transformer;"
    yield "create table ref.account_map (account_code text, statement text);"
    waiting = [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]
    done: set[str] = set()
    while waiting:
        ready = [
            node
            for node in waiting
            if all(u in done or not u.startswith("model.") for u in node["depends_on"]["nodes"])
        ]
        for node in ready:
            kind = node["config"]["materialized"]
            yield f"create {kind} {node['relation_name']} as {node['compiled_code']};"
            for role in node["config"]["grants"].get("select", ()):
                yield f"grant select on {node['relation_name']} to {role};"
            done.add(node["unique_id"])
        waiting = [node for node in waiting if node not in ready]
    yield "reset role;"


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> Iterator[str]:
    """Ledgerline's database; its roles go with it."""
    script = (FOLDER / "regenerate" / "database.sql").read_text(encoding="utf-8")
    roles = re.findall(r"^create role (\w+)", script, re.MULTILINE)
    cluster.psql("postgres", "create database erp;")
    try:
        cluster.psql("erp", script)
        cluster.psql("erp", "\n".join(_steps(json.loads(MANIFEST.read_text(encoding="utf-8")))))
        yield "erp"
    finally:
        cluster.psql("postgres", "drop database erp;")
        cluster.psql("postgres", "".join(f"drop role {role};" for role in roles))


def test_the_committed_export_is_what_the_script_prints(cluster: Cluster, database: str) -> None:
    """All but the moment and the server's own version, identity and roles."""
    found = json.loads(cluster.export(EXPORT, database))
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))
    for export in (found, committed):
        for name in ("extracted_at", "server_version_num", "system_identifier"):
            export.pop(name)
        # Of the server that a superuser asks; the committed one was made by somebody else.
        export.pop("client_authentication", None)
        for name in ("roles", "memberships"):
            export[name] = [r for r in export[name] if "pg_" not in json.dumps(r)]
    columns = next(r for r in committed["relations"] if r["name"] == "account_map")
    assert columns["owner"] == "transformer"
    assert found == committed


@pytest.mark.parametrize(("role", "statement", "allowed"), TRIALS)
def test_each_role_can_do_what_the_story_says_and_no_more(
    cluster: Cluster, database: str, role: str, statement: str, allowed: bool
) -> None:
    """Really tried, as that role, and rolled back."""
    script = f"begin; set session authorization {role}; {statement}; rollback;"
    printed = cluster.psql(
        database,
        f"\\set VERBOSITY sqlstate\n\\o /dev/null\n{script}\n\\o\n\\echo :LAST_ERROR_SQLSTATE",
        stop=False,
    )
    assert printed.strip() == ("00000" if allowed else "42501"), statement


def test_the_truth_says_of_the_books_what_the_trials_do() -> None:
    """Who was let in by a trial that changes data of a target's way is soc1 in the truth."""
    truth = {}
    for line in (FOLDER / "truth.csv").read_text(encoding="utf-8").splitlines()[1:]:
        identity, _, soc1, *_ = line.split(",")
        truth[identity.removeprefix("role:postgres:erp/")] = soc1
    changing = {role for role, text, allowed in TRIALS if allowed and "select" not in text[:6]}
    for role in sorted(changing - {"clicks_loader", "migration_2026", "cardwell_settlement"}):
        assert truth[role] == "direct", role
    assert truth["billing_api"] == "direct"
    for role in ("legacy_etl", "bi_reader", "support_bot", "clicks_loader", "migration_2026"):
        assert truth[role] == "none", role
