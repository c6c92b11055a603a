"""Cuts of everybody in the sample company: written by hand, and made in the real inputs."""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.changed_sample import assessed
from tests.e2e.command import inside, rows
from tests.sample import FOLDER

pytestmark = pytest.mark.xdist_group("ledgerline")
EXPORT = "erp.postgres.json"
FORMAT, NIGHTLY = ".github/workflows/format.yml", ".github/workflows/nightly.yml"
#: A role that nobody is a member of and nobody logs in as: what is handed over rests there.
NOBODY = "pg_checkpoint"

#: Who reaches everything: what they have over the whole server or database.
ADMINISTRATORS: list[set[str]] = [
    # platform_admin: CREATEROLE grants every role but superusers' to itself (version 15).
    {"/roles/24/createrole"},
    # postgres is a superuser: no right is asked for.
    {"/roles/25/superuser"},
    # It has CREATEROLE as well, and keeps it as no superuser: as platform_admin.
    {"/roles/25/createrole"},
]
#: DROP DATABASE asks for ownership, and for nothing inside.
DATABASE: list[set[str]] = [{"/databases/0/owner"}]
#: DROP SCHEMA asks for ownership, and for nothing inside; these are postgres's.
FIN, RAW, REF = {"/schemas/1/owner"}, {"/schemas/4/owner"}, {"/schemas/5/owner"}
#: And these transformer's, of which dbt_runner is a member, whose password the nightly job has.
MARTS, STAGING = {"/schemas/2/owner"}, {"/schemas/6/owner"}
#: Its token writes to the repository, so to the models.
FORMATTER = {f"{FORMAT} /permissions/contents"}
#: What dbt builds with the profile, on this line of the job. To stop the job stops it as well, so
#: that watchdog, who may cancel its runs, is kept from the target with it.
BUILD = {f"{NIGHTLY} line 20"}
#: post_entry posts with its owner's rights, for billing_api and for finance_app, its owner.
POSTING = {"/functions/0"}
#: INSERT into what becomes cash, or USAGE to name it.
BANK_FEED = {"/relations/8/acl/2", "/schemas/4/acl/2"}
#: UPDATE of the column that says which periods count, or USAGE to name it.
CALENDAR_SYNC = {"/relations/13/columns/0/acl/0", "/schemas/5/acl/3"}

#: Per target, changes by hand; where a set has several, any one of them does as well. An owner
#: drops what it may not name: DROP OWNED asks for nothing of the schema. So a table's owner is a
#: change beside its schema's, all along to the target.
EXPECTED: dict[str, list[set[str]]] = {
    "fin:aged-receivables": [
        *ADMINISTRATORS,
        *DATABASE,
        # Schemas of what it is made of: payments (raw), invoices (fin), and what dbt makes.
        *(RAW, FIN, STAGING, MARTS),
        # raw.payments is postgres's.
        {"/relations/10/owner"},
        # fin.invoices is finance_app's, whose rights erp_backend has, so the release job too.
        {"/relations/2/owner"},
        # stg_invoices, stg_payments and receivables are transformer's.
        *({"/relations/15/owner"}, {"/relations/16/owner"}, {"/relations/4/owner"}),
        # payments_loader, and the job that has its password: INSERT, or USAGE to name the table.
        {"/relations/10/acl/2", "/schemas/4/acl/1"},
        FORMATTER,
        # A report that comes late is no wrong report: watchdog is not among them.
        BUILD,
    ],
    "fin:board-pack": [
        *ADMINISTRATORS,
        *DATABASE,
        # It reads revenue, cash and trial balance, so it is made of what these are.
        *(RAW, FIN, REF, STAGING, MARTS),
        # bank_lines, fx_rates and fiscal_calendar are postgres's.
        *({"/relations/8/owner"}, {"/relations/9/owner"}, {"/relations/13/owner"}),
        # gl_entries and invoices are finance_app's.
        *({"/relations/1/owner"}, {"/relations/2/owner"}),
        POSTING,
        # stg_bank_lines, stg_invoices, account_map are transformer's,
        *({"/relations/14/owner"}, {"/relations/15/owner"}, {"/relations/12/owner"}),
        # and so are cash_balance, revenue and trial_balance.
        *({"/relations/3/owner"}, {"/relations/5/owner"}, {"/relations/7/owner"}),
        BANK_FEED,
        CALENDAR_SYNC,
        FORMATTER,
        BUILD,
    ],
    "fin:cash": [
        *ADMINISTRATORS,
        *DATABASE,
        *(RAW, STAGING, MARTS),
        # bank_lines is postgres's; stg_bank_lines and cash_balance are transformer's.
        *({"/relations/8/owner"}, {"/relations/14/owner"}, {"/relations/3/owner"}),
        BANK_FEED,
        FORMATTER,
        BUILD,
    ],
    "fin:general-ledger": [
        *ADMINISTRATORS,
        *DATABASE,
        # The trial balance takes the accounts' statements from ref.account_map.
        *(FIN, REF, MARTS),
        # gl_entries is finance_app's; account_map and trial_balance are transformer's.
        *({"/relations/1/owner"}, {"/relations/12/owner"}, {"/relations/7/owner"}),
        # Neither legacy_etl, who has INSERT and may not name the table, nor migration_2026, whose
        # password has expired, has a way to be cut.
        POSTING,
        FORMATTER,
        BUILD,
    ],
    "fin:revenue": [
        *ADMINISTRATORS,
        *DATABASE,
        # Rates are in raw, invoices in fin, and the calendar is in ref.
        *(RAW, FIN, REF, STAGING, MARTS),
        # fx_rates and fiscal_calendar are postgres's, invoices is finance_app's.
        *({"/relations/9/owner"}, {"/relations/13/owner"}, {"/relations/2/owner"}),
        # stg_invoices and revenue are transformer's.
        *({"/relations/15/owner"}, {"/relations/5/owner"}),
        CALENDAR_SYNC,
        FORMATTER,
        BUILD,
    ],
    "trust:A/nightly-close": [
        # That revenue is there in time: whoever drops what it is made of, or stops the job. To
        # change a model or the calendar makes it another revenue, not a late one.
        *ADMINISTRATORS,
        *DATABASE,
        *(RAW, FIN, REF, STAGING, MARTS),
        *({"/relations/9/owner"}, {"/relations/13/owner"}, {"/relations/2/owner"}),
        *({"/relations/15/owner"}, {"/relations/5/owner"}),
        BUILD,
    ],
    "trust:C/customer-data": [
        *ADMINISTRATORS,
        # REPLICATION: a replica is a copy of every table.
        {"/roles/25/replication"},
        # postgres owns the table, which it names by the USAGE that it has as owner of the schema.
        {"/relations/0/owner", "/schemas/0/owner"},
        # support_bot has SELECT on the table, and USAGE to name it.
        {"/relations/0/acl/1", "/schemas/0/acl/1"},
    ],
    "trust:P/customer-data": [
        # The same, but for the owner: personal data is lost with table, schema and database, too.
        *ADMINISTRATORS,
        *DATABASE,
        {"/roles/25/replication"},
        {"/schemas/0/owner"},
        {"/relations/0/owner"},
        {"/relations/0/acl/1", "/schemas/0/acl/1"},
    ],
}

#: Per target, by hand, what all ways of everybody pass. Nobody has a right or a role in common.
POINTS = {
    # Open amounts are read from one table, by the report.
    "fin:aged-receivables": [
        "dataset:postgres:erp.marts.receivables",
        "report:dbt:aged_receivables",
    ],
    # Three tables are read by the report.
    "fin:board-pack": ["report:dbt:board_pack"],
    "fin:cash": ["dataset:postgres:erp.marts.cash_balance"],
    # It is two tables: who owns the account map alters the second one only.
    "fin:general-ledger": [],
    "fin:revenue": ["dataset:postgres:erp.marts.revenue"],
    "trust:A/nightly-close": ["dataset:postgres:erp.marts.revenue"],
    "trust:C/customer-data": ["dataset:postgres:erp.crm.customers"],
    "trust:P/customer-data": ["dataset:postgres:erp.crm.customers"],
}
_RECORD, _REPORT = {"CONTROL", "ALTER", "OMIT", "HALT"}, {"CONTROL", "ALTER", "OMIT"}
#: What a target is kept from.
HARM = {
    **dict.fromkeys(("fin:cash", "fin:general-ledger", "fin:revenue"), _RECORD),
    **dict.fromkeys(("fin:aged-receivables", "fin:board-pack"), _REPORT),
    "trust:A/nightly-close": {"CONTROL", "HALT"},
    "trust:C/customer-data": {"CONTROL", "READ"},
    "trust:P/customer-data": {"CONTROL", "READ", "ALTER", "OMIT"},
}
#: Who still does when the cut is made: an account of a carve-out is its owner's to cut.
LEFT = {"fin:aged-receivables": ["role:postgres:erp/cardwell_settlement"]}


def _owned(record: dict[str, Any]) -> None:
    """ALTER … OWNER TO: the owner's own entry goes with it (PostgreSQL 15, sql-altertable)."""
    former, record["owner"] = record["owner"], NOBODY
    record["acl"] = [entry.replace(former, NOBODY) for entry in record["acl"] or []] or None


def _made(document: dict[str, Any], pointer: str) -> Callable[[], None]:
    """What a person does about a place of the export; found before anything is changed."""
    section, number, *rest = pointer.removeprefix("/").split("/")
    record = document[section][int(number)]
    if section == "functions":
        return lambda: record.update(security_definer=False)
    if rest[0] == "columns":
        record, rest = record["columns"][int(rest[1])], rest[2:]
    if rest[0] == "owner":
        return lambda: _owned(record)
    if rest[0] == "acl":
        entry = record["acl"][int(rest[1])]
        return lambda: record["acl"].remove(entry)
    return lambda: record.update({rest[0]: False})


def _change(folder: Path, places: Iterable[str]) -> None:
    """Make changes in a copy of the sample."""
    export = folder / "exports" / EXPORT
    document = json.loads(export.read_text(encoding="utf-8"))
    for change in [_made(document, one) for one in sorted(places) if one.startswith("/")]:
        change()
    export.write_text(json.dumps(document), encoding="utf-8")
    for place, line, instead in (
        (FORMATTER, "contents: write", "contents: read"),
        (BUILD, "run: dbt build --profiles-dir . --target prod", "run: dbt --version"),
    ):
        if place & set(places):
            (at,) = place
            path = folder / "warehouse" / at.partition(" ")[0]
            text = path.read_text(encoding="utf-8")
            assert text.count(line) == 1
            path.write_text(text.replace(line, instead), encoding="utf-8")


def _reaching(out: Path, target: str) -> list[str]:
    """Whoever still harms a target; that dbt_runner reads the ledger alters no book."""
    found = [one for one in rows(out / "verdicts.csv") if one["target"] == target]
    return [one["identity"] for one in found if HARM[target] & set(one["states"].split("+"))]


def _told(out: Path, target: str) -> list[set[str]]:
    """Changes of a cut in order of rank, each by its places; the export's need no name."""
    told: dict[str, set[str]] = {}
    for row in rows(out / "cuts.csv"):
        if row["target"] == target:
            place = f"{row['artifact']} {row['pointer']}".removeprefix(f"{EXPORT} ")
            told.setdefault(row["rank"], set()).add(place)
    assert list(told) == [str(number + 1) for number in range(len(told))]
    return list(told.values())


@pytest.mark.parametrize("target", EXPECTED)
def test_a_whole_cut_is_that_by_hand_and_stops_everybody_when_it_is_made(
    target: str, out: Path, tmp_path: Path
) -> None:
    told, expected = _told(out, target), EXPECTED[target]
    found = [[places for places in told if not one.isdisjoint(places)] for one in expected]
    assert [len(many) for many in found] == [1] * len(told)

    copy = tmp_path / "ledgerline"
    shutil.copytree(FOLDER, copy)
    _change(copy, [place for places in told for place in places])
    assert _reaching(assessed(copy), target) == LEFT.get(target, [])


def test_what_a_job_or_a_function_does_falls_with_the_rights_it_is_done_with(
    out: Path, tmp_path: Path
) -> None:
    """A cut has both, for the graph knows each by itself; without them it would do."""
    told = _told(out, "fin:general-ledger")
    kept = [places for places in told if places.isdisjoint(BUILD | POSTING)]
    assert len(kept) == len(told) - 2

    copy = tmp_path / "ledgerline"
    shutil.copytree(FOLDER, copy)
    _change(copy, [place for places in kept for place in places])
    assert _reaching(assessed(copy), "fin:general-ledger") == []


@pytest.mark.parametrize("target", POINTS)
def test_choke_points_are_those_by_hand(target: str, out: Path) -> None:
    passed = inside("cut", target, "--choke-points", "--graph", out, "--format", "json")
    assert passed.code == 0, passed.err
    points = json.loads(passed.out)["rows"]
    assert {one["point"] for one in points} <= {"node"}
    assert sorted(one["from"] for one in points) == POINTS[target]
