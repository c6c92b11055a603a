"""Cuts of the sample company: a table written by hand, each change made in the real export."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.changed_sample import assessed
from tests.e2e.command import inside
from tests.sample import FOLDER

pytestmark = pytest.mark.xdist_group("ledgerline")
TARGET = "fin:revenue"
EXPORT = "erp.postgres.json"


def _export(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def made(folder: Path) -> None:
        document = json.loads((folder / "exports" / EXPORT).read_text(encoding="utf-8"))
        change(document)
        (folder / "exports" / EXPORT).write_text(json.dumps(document), encoding="utf-8")

    return made


def _revoked(document: dict[str, Any]) -> None:
    """REVOKE UPDATE (is_closed) ON ref.fiscal_calendar FROM calendar_sync."""
    document["relations"][13]["columns"][0]["acl"].remove("calendar_sync=w/postgres")


def _left(document: dict[str, Any]) -> None:
    """REVOKE transformer FROM dbt_runner."""
    del document["memberships"][5]


def _altered(document: dict[str, Any]) -> None:
    """ALTER ROLE platform_admin NOCREATEROLE."""
    document["roles"][24]["createrole"] = False


def _read_only(folder: Path) -> None:
    """`contents: read` in the workflow."""
    path = folder / "warehouse/.github/workflows/format.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("contents: write", "contents: read"), encoding="utf-8")


#: Identity, the one place that is to change, and that change.
CASES = [
    (
        "role:postgres:erp/calendar_sync",
        EXPORT,
        "/relations/13/columns/0/acl/0",
        _export(_revoked),
    ),
    ("role:postgres:erp/dbt_runner", EXPORT, "/memberships/5", _export(_left)),
    ("role:postgres:erp/platform_admin", EXPORT, "/roles/24/createrole", _export(_altered)),
    (
        "github:ledgerline/warehouse/job/format.yml#fix",
        ".github/workflows/format.yml",
        "/permissions/contents",
        _read_only,
    ),
]


def _answers(out: Path, identity: str) -> dict[str, str]:
    with (out / "verdicts.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["target"]: f"{row['verdict']} {row['exposure']}"
            for row in csv.DictReader(stream)
            if row["identity"] == identity and row["verdict"] != "neither"
        }


@pytest.mark.parametrize(
    ("identity", "artifact", "pointer", "change"), CASES, ids=[case[0] for case in CASES]
)
def test_one_line_is_the_cut_and_changing_it_is_enough(
    identity: str,
    artifact: str,
    pointer: str,
    change: Callable[[Path], None],
    out: Path,
    tmp_path: Path,
) -> None:
    ran = inside("cut", TARGET, "--identity", identity, "--graph", out, "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert {(row["artifact"], row["pointer"]) for row in answer["rows"]} == {(artifact, pointer)}
    assert answer["changes"] == answer["bound"] == 1
    assert answer["stopped"] == [identity]

    after = tmp_path / "after" / "ledgerline"
    shutil.copytree(FOLDER, after)
    change(after)
    old, new = (_answers(one, identity) for one in (out, assessed(after)))
    assert TARGET in old
    assert TARGET not in new
    told = {
        one["target"]: one["after"] for one in answer["changed"] if one["identity"] == identity
    }
    assert told == {
        target: new.get(target, "neither")
        for target in (old.keys() | new.keys()) - {TARGET}
        if old.get(target) != new.get(target)
    }
