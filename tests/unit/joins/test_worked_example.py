"""The worked example from native files: its rows are those that its facts give.

The rows stand in tests/data/worked-example and were written with the specification, not by the
joins. What no native export shows (the agent, the bot, who reviews) stays in a facts file.
"""

import csv
import json
from pathlib import Path

import yaml

from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.output.csv_files import identities_csv, verdicts_csv
from tests.unit.joins.company import export, manifest, model, relation

DATA = Path(__file__).parents[2] / "data" / "worked-example"
REPOSITORY = "ledgerline/warehouse"
WORKFLOW = """\
on:
  schedule: [{cron: "0 2 * * *"}]
permissions: {contents: read}
jobs:
  build:
    name: nightly build
    runs-on: ubuntu-latest
    env:
      DBT_PASSWORD: ${{ secrets.DBT_PASSWORD }}
    steps:
      - run: dbt build --profiles-dir .
"""
PROFILES = """\
ledgerline:
  target: prod
  outputs:
    prod: {type: postgres, host: db.internal, dbname: erp, schema: marts, user: dbt_runner,
           password: "{{ env_var('DBT_PASSWORD') }}"}
"""
SQL = """
select p.amount from "erp"."raw"."payments" as p
where exists (select 1 from "erp"."raw"."calendar" as c where c.day = p.day)
"""
#: What the native files of this test show, and the facts need not say.
SHOWN = {
    "github:ledgerline/warehouse/workflow/nightly.yml",
    "github:ledgerline/warehouse/job/nightly.yml#build",
    "role:postgres:erp/dbt_runner",
    "role:postgres:erp/transformer",
    "role:postgres:erp/payments_loader",
    "grant:postgres:erp/create/marts",
    "dataset:postgres:erp.raw.payments",
    "dataset:postgres:erp.raw.calendar",
    "dataset:postgres:erp.marts.revenue",
    "model:dbt:ledgerline.revenue",
    "report:dbt:board_pack",
}


def native(folder: Path) -> list[Path]:
    """Checkout, export, the rest of the facts, and the scope."""
    reads = ("source.ledger.raw.payments", "source.ledger.raw.calendar")
    revenue = model("revenue", *reads, sql=SQL) | {"package_name": "ledgerline"}
    content = json.loads(manifest(revenue, sources=("payments", "calendar")))
    content["metadata"]["project_name"] = "ledgerline"
    content["nodes"] = {"model.ledgerline.revenue": revenue}
    content["exposures"] = {
        "exposure.ledgerline.board_pack": {
            "resource_type": "exposure",
            "package_name": "ledgerline",
            "name": "board_pack",
            "label": "board pack",
            "type": "dashboard",
            "depends_on": {"nodes": ["model.ledgerline.revenue"]},
        }
    }
    roles = export(
        {"dbt_runner": {}, "transformer": {}, "payments_loader": {}},
        member_of=[("dbt_runner", "transformer")],
        schemas={
            "marts": ["transformer=UC/admin"],
            "raw": ["payments_loader=U/admin"],
        },
        relations=[
            relation("marts", "revenue", "transformer"),
            relation("raw", "payments", "admin", ["payments_loader=a/admin"]),
            relation("raw", "calendar", "admin", ["payments_loader=w/admin"]),
        ],
    )
    files = {
        "warehouse/.github/workflows/nightly.yml": WORKFLOW,
        "warehouse/profiles.yml": PROFILES,
        "warehouse/target/manifest.json": json.dumps(content),
        "exports/erp.postgres.json": roles,
        "exports/rest.facts.yaml": yaml.safe_dump(rest()),
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / "warehouse", folder / "exports", DATA / "scope.yaml"]


def rest() -> dict[str, object]:
    """The example's facts without what the native files show."""
    facts = yaml.safe_load((DATA / "chain.facts.yaml").read_text(encoding="utf-8"))
    facts["nodes"] = [node for node in facts["nodes"] if node["key"] not in SHOWN]
    outside = {"mcp:code-fixer", "t:ops-bot"}
    facts["edges"] = [edge for edge in facts["edges"] if edge["from"] in outside]
    return dict(facts)


def test_native_files_give_the_rows_that_the_facts_give(tmp_path: Path) -> None:
    """Every column of every row of the example's identities, but for the path's id."""
    found = collect(native(tmp_path), repo=REPOSITORY)
    assert not found.coverage.bad
    answered = assess(of_collection(found))
    for name, text in (
        ("expected-identities.csv", identities_csv(answered.identities)),
        ("expected-verdicts.csv", verdicts_csv(answered.verdicts)),
    ):
        with (DATA / name).open(encoding="utf-8", newline="") as stream:
            expected = list(csv.DictReader(stream))
        rows = csv.DictReader(text.splitlines())
        ours = [
            {column: cell for column, cell in row.items() if column != "path_id"}
            for row in rows
            if row["identity"] != "role:postgres:erp/admin"  # a database has a superuser
        ]
        assert ours == expected
