"""Cuts of everybody in the sample company: written by hand, and made in the real export."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.changed_sample import assessed
from tests.e2e.command import nhigraph
from tests.sample import FOLDER

pytestmark = pytest.mark.xdist_group("ledgerline")
EXPORT = "erp.postgres.json"
#: A role that nobody is a member of and nobody logs in as: what is handed over rests there.
NOBODY = "pg_checkpoint"

#: Per target, changes by hand; where a set has several, any one of them does as well.
EXPECTED: dict[str, list[set[str]]] = {
    "trust:C/customer-data": [
        # platform_admin: CREATEROLE grants pg_read_all_data to itself (version 15).
        {"/roles/24/createrole"},
        # postgres is a superuser: no right is asked for.
        {"/roles/25/superuser"},
        # It has CREATEROLE as well, and keeps it as no superuser: as platform_admin.
        {"/roles/25/createrole"},
        # REPLICATION: a replica is a copy of every table.
        {"/roles/25/replication"},
        # It owns the table, which it names by the USAGE that it has as owner of the schema.
        {"/relations/0/owner", "/schemas/0/owner"},
        # support_bot has SELECT on the table, and USAGE to name it.
        {"/relations/0/acl/1", "/schemas/0/acl/1"},
    ],
    "trust:P/customer-data": [
        # The same as above, but for the owner: personal data is lost with the schema, too,
        {"/roles/24/createrole"},
        {"/roles/25/superuser"},
        {"/roles/25/createrole"},
        {"/roles/25/replication"},
        # which its owner drops, and who drops it no more names no table in it,
        {"/schemas/0/owner"},
        # and with the database, which postgres owns.
        {"/databases/0/owner"},
        {"/relations/0/acl/1", "/schemas/0/acl/1"},
    ],
}


def _owned(record: dict[str, Any]) -> None:
    """ALTER … OWNER TO: the owner's own entry goes with it (PostgreSQL 15, sql-altertable)."""
    former, record["owner"] = record["owner"], NOBODY
    record["acl"] = [entry.replace(former, NOBODY) for entry in record["acl"] or []] or None


def _made(document: dict[str, Any], pointer: str) -> Callable[[], None]:
    """What a person does about a place; lists are changed last to first by who calls."""
    section, number, field, *rest = pointer.removeprefix("/").split("/")
    record = document[section][int(number)]
    if field == "owner":
        return lambda: _owned(record)
    if field == "acl":
        entry = record["acl"][int(rest[0])]
        return lambda: record["acl"].remove(entry)
    return lambda: record.update({field: False})


def _rows(path: Path, target: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["target"] == target]


def test_whole_cuts_are_those_by_hand_and_stop_everybody_when_they_are_made(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "before" / "ledgerline"
    shutil.copytree(FOLDER, folder)
    before = assessed(folder)
    for number, (target, expected) in enumerate(EXPECTED.items()):
        rows = _rows(before / "cuts.csv", target)
        assert {row["artifact"] for row in rows} == {EXPORT}
        places = {row["pointer"] for row in rows}
        assert [len(places & one) for one in expected] == [1] * len(expected), target
        assert len(places) == len(expected), target
        assert {row["rank"] for row in rows} == {str(n + 1) for n in range(len(expected))}

        copy = tmp_path / str(number) / "ledgerline"
        shutil.copytree(FOLDER, copy)
        export = copy / "exports" / EXPORT
        document = json.loads(export.read_text(encoding="utf-8"))
        for change in [_made(document, place) for place in sorted(places)]:
            change()
        export.write_text(json.dumps(document), encoding="utf-8")
        reaching = _rows(assessed(copy) / "verdicts.csv", target)
        assert [row["identity"] for row in reaching if row["verdict"] != "neither"] == [], target
        passed = nhigraph("cut", target, "--choke-points", "--graph", before, "--format", "json")
        # Three reach the table: the administrators by the cluster, the bot by its own right. The
        # table is all that they have in common.
        points = [(one["point"], one["from"]) for one in json.loads(passed.out)["rows"]]
        assert points == [("node", "dataset:postgres:erp.crm.customers")], target
