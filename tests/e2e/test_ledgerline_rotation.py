"""What the sample company is to rotate first: a table written by hand, with the reasoning."""

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.command import inside, rows
from tests.sample import FOLDER, INPUTS, REPOSITORY

pytestmark = pytest.mark.xdist_group("ledgerline")
WAREHOUSE = "github:ledgerline/warehouse"
BACKEND = "aged-receivables board-pack general-ledger revenue"
ACCOUNT = "arn:aws:iam::638378401700"
#: Their ids are moto's.
LISTED = FOLDER / "exports/aws/638378401700/eu-central-1"
(BILLING,) = (
    str(row["ARN"])
    for row in json.loads((LISTED / "secretsmanager/list-secrets.json").read_text())["SecretList"]
)
(KEY,) = (
    str(row["KeyArn"]) for row in json.loads((LISTED / "kms/list-keys.json").read_text())["Keys"]
)
#: Columns, then why: read from the exports, the workflows and truth.csv, before any answer was.
EXPECTED = [
    {
        "credential": f"{WAREHOUSE}/secret/DBT_PASSWORD",
        "holder": WAREHOUSE,
        "opens": "role:postgres:erp/dbt_runner",
        "soc1": "direct",
        "soc2": "S;A",
        "effects": "control;alter;omit;halt",
        "targets": f"{BACKEND} cash nightly-close",
        "age_days": "540",
        "used_by": "1",
        "why": "dbt_runner is a member of the owner of the marts, so all five books fall, and "
        "with marts.revenue the nightly close (A). Last set on 1 June 2025: 540 days, so S as "
        "well, and the only one past the limit: first.",
    },
    {
        "credential": f"{WAREHOUSE}/environment/production/secret/ERP_BACKEND_PASSWORD",
        "holder": f"{WAREHOUSE}/environment/production",
        "opens": "role:postgres:erp/erp_backend",
        "soc1": "direct",
        "soc2": "A",
        "effects": "control;alter;omit;halt",
        "targets": f"{BACKEND} nightly-close",
        "age_days": "83",
        "used_by": "1",
        "why": "erp_backend is a member of the owner of ledger and invoices; cash is fed by bank "
        "lines alone. The release job uses it past a review, but whoever knows the password logs "
        "in without the job: open. One letter (A), so behind the first.",
    },
    {
        "credential": f"{WAREHOUSE}/secret/ERP_BACKEND_PASSWORD",
        "holder": WAREHOUSE,
        "opens": "role:postgres:erp/erp_backend",
        "soc1": "direct",
        "soc2": "A",
        "effects": "control;alter;omit;halt",
        "targets": f"{BACKEND} nightly-close",
        "age_days": "",
        "used_by": "0",
        "why": "A secret of that name may lie in the repository, too, with the same value. No "
        "list has it, so nobody says how old it is: behind the one that is listed.",
    },
    {
        "credential": BILLING,
        "holder": f"{ACCOUNT}:account",
        "opens": "role:postgres:erp/billing_api",
        "soc1": "direct",
        "soc2": "",
        "effects": "alter;omit",
        "targets": "board-pack general-ledger",
        "age_days": "266",
        "used_by": "0",
        "why": "billing_api posts to the ledger, so to trial balance and board pack: two targets. "
        "Made on 2 March 2026, not rotated since. A role reads it, which is no login of a job.",
    },
    {
        "credential": f"{WAREHOUSE}/secret/PAYMENTS_LOADER_PASSWORD",
        "holder": WAREHOUSE,
        "opens": "role:postgres:erp/payments_loader",
        "soc1": "direct",
        "soc2": "",
        "effects": "alter;omit",
        "targets": "aged-receivables",
        "age_days": "103",
        "used_by": "1",
        "why": "It adds payments; what is paid is taken from the open amounts. No promise is "
        "broken, so it stands behind these, older though it is than the second.",
    },
    {
        "credential": f"{ACCOUNT}:user/backup-agent/access-key/1",
        "holder": "",
        "opens": f"{ACCOUNT}:user/backup-agent",
        "soc1": "none",
        "soc2": "",
        "effects": "",
        "targets": "",
        "age_days": "1015",
        "used_by": "0",
        "why": "The oldest of all, and it opens nothing that a statement or a promise rests on.",
    },
    {
        "credential": KEY,
        "holder": f"{ACCOUNT}:account",
        "opens": "",
        "soc1": "none",
        "soc2": "",
        "effects": "",
        "targets": "",
        "age_days": "",
        "used_by": "1",
        "why": "A key of KMS never leaves it: alone it opens nothing.",
    },
]
BREAKS = {
    f"{WAREHOUSE}/secret/DBT_PASSWORD": (
        "the nightly build, what it builds, and every target on that",
        {f"{WAREHOUSE}/job/nightly.yml#build", "fin:revenue", "trust:A/nightly-close"},
    ),
    f"{WAREHOUSE}/secret/PAYMENTS_LOADER_PASSWORD": (
        "the job that loads payments; a table is not stopped where nothing is added to it",
        {f"{WAREHOUSE}/job/load-payments.yml#load"},
    ),
}


def test_the_table_is_as_it_was_written_by_hand(out: Path) -> None:
    found = rows(out / "rotation.csv")
    assert [row["rank"] for row in found] == [*"1234567"]
    for row, expected in zip(found, EXPECTED, strict=True):
        told = dict(expected)
        names = [one.rpartition("/")[2].removeprefix("fin:") for one in row["targets"].split(";")]
        assert sorted(filter(None, names)) == sorted(told.pop("targets").split())
        assert told.pop("why")
        assert {name: row[name] for name in told} == told


def test_what_breaks_is_what_stops_with_the_job_that_uses_it(out: Path) -> None:
    found = {
        row["credential"]: set(row["breaks"].split(";")) for row in rows(out / "rotation.csv")
    }
    for key, (why, expected) in BREAKS.items():
        assert expected <= found[key], why
    assert len(found[f"{WAREHOUSE}/secret/PAYMENTS_LOADER_PASSWORD"]) == 1


def test_every_path_that_is_named_stands_in_paths_csv(out: Path) -> None:
    """From the credential to one of its targets, of whatever reaches one."""
    paths: dict[str, list[dict[str, str]]] = {}
    for step in rows(out / "paths.csv"):
        paths.setdefault(step["path_id"], []).append(step)
    for row in rows(out / "rotation.csv"):
        if not row["targets"]:
            assert not row["path_id"]
            continue
        steps = paths[row["path_id"]]
        assert steps[0]["from"] == row["credential"]
        assert steps[0]["edge_kind"] == "AUTHENTICATES_AS"
        assert steps[-1]["to"] in row["targets"].split(";")


def test_the_command_has_the_rows_of_the_file(out: Path) -> None:
    listed = inside("rotate", "--graph", out, "--format", "csv")
    assert listed.out == (out / "rotation.csv").read_text(encoding="utf-8")
    assert inside("rotate", "--graph", out, "--format", "csv", "--top", "1").out == "".join(
        listed.out.splitlines(keepends=True)[:2]
    )
    answer = json.loads(inside("rotate", "--graph", out, "--format", "json").out)
    assert (answer["nhigraph"], answer["coverage"]["complete"]) == ("rotate/1", False)
    assert [row["credential"] for row in answer["rows"]] == [
        row["credential"] for row in rows(out / "rotation.csv")
    ]
    assert answer["fewest"]["rotate"] == [f"{WAREHOUSE}/secret/DBT_PASSWORD"]
    assert all(row["reason"].endswith(".") for row in answer["rows"])


def test_people_are_told_the_fewest_and_why(out: Path) -> None:
    ran = inside("rotate", "--graph", out)
    assert ran.code == 0, ran.err
    assert (
        "1. DBT_PASSWORD, in github:ledgerline/warehouse. As dbt_runner, whoever knows it can "
        "change the books and break a promise (S, A) at aged-receivables, board-pack, cash and 3 "
        "more, past no control that holds; its value is 540 days old, past the limit of 365.\n"
    ) in ran.out
    assert (
        "Rotate DBT_PASSWORD (rank 1) and no long-lived or exposed credential reaches the books: "
        "searched again without it.\n"
        "One more (rank 3) reaches the books, and nobody says how old it is.\n"
    ) in ran.out
    only = inside("rotate", "--graph", out, "--until", "soc2", "--format", "csv").out
    assert len(only.splitlines()) == 2


def test_after_the_rotation_there_is_nothing_old_to_rotate(tmp_path: Path) -> None:
    """The change is made in the export: the password was set again in November."""
    for folder in INPUTS:
        shutil.copytree(folder, tmp_path / folder.name)
    secrets = tmp_path / "exports/github/secrets.json"
    text = secrets.read_text(encoding="utf-8")
    old = '"updated_at": "2025-06-01T07:55:12Z"'
    assert text.count(old) == 1
    secrets.write_text(text.replace(old, '"updated_at": "2026-11-20T08:00:00Z"'), "utf-8")
    inputs = [tmp_path / folder.name for folder in INPUTS]
    scope = ("--scope", FOLDER / "scope.yaml", "--repo", REPOSITORY)
    ran = inside("assess", *inputs, *scope, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    answer = json.loads(inside("rotate", "--graph", tmp_path / "out", "--format", "json").out)
    assert answer["fewest"]["rotate"] == []
    # Its promise of security is kept again, and the older of two alike stands first.
    told = [(row["name"], row["soc2"], row["age_days"]) for row in answer["rows"][:2]]
    assert told == [("ERP_BACKEND_PASSWORD", ["A"], 83), ("DBT_PASSWORD", ["A"], 3)]


def test_the_report_has_the_answer_and_the_first_credential(out: Path) -> None:
    page = (out / "report.html").read_text(encoding="utf-8")
    section = page.partition('<section id="rotation"')[2].partition("</section>")[0]
    assert (
        "Rotate DBT_PASSWORD (rank 1) and no long-lived or exposed credential reaches the books"
        in section
    )
    assert section.index("DBT_PASSWORD") < section.index("PAYMENTS_LOADER_PASSWORD")
    assert "540 days" in section
    assert '<a href="#rotation">' in page
