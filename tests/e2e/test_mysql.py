"""A job of GitHub, a server of MySQL and a ledger, through the real program."""

import csv
from pathlib import Path

from tests.e2e.command import nhigraph
from tests.unit.joins.test_mysql_clients import ONE, PW

WORKFLOW = f"""
on: {{schedule: [{{cron: "0 2 * * *"}}]}}
permissions: {{contents: read}}
jobs:
  load:
    runs-on: ubuntu-latest
    steps:
      - run: mysql -h db.internal -u loader -p{PW} erp < load.sql
  read:
    runs-on: ubuntu-latest
    steps:
      - run: mysqldump -h db.internal -u other -p${{{{ secrets.OTHER }}}} erp > /dev/null
"""
SCOPE = """
nhigraph: scope/1
organization: Acme
commitments: [S, PI]
targets:
  - id: gl
    family: financial-reporting
    fs_role: record
    icfr_basis: own
    select: [{key: "dataset:mysql:erp.gl"}]
"""


def test_a_job_that_posts_by_its_account_is_direct_and_one_that_may_nothing_is_not(
    tmp_path: Path,
) -> None:
    checkout = tmp_path / "erp"
    (checkout / ".github" / "workflows").mkdir(parents=True)
    (checkout / ".github" / "workflows" / "load.yml").write_text(WORKFLOW)
    (checkout / ".git").mkdir()
    (checkout / ".git" / "config").write_text(
        '[remote "origin"]\n\turl = https://github.com/acme/erp.git\n'
    )
    (tmp_path / "erp.mysql.json").write_text(ONE)
    (tmp_path / "scope.yaml").write_text(SCOPE)
    ran = nhigraph(
        "assess", str(checkout), str(tmp_path / "erp.mysql.json"),
        "--scope", str(tmp_path / "scope.yaml"), "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert ran.code == 0, ran.err
    with (tmp_path / "out" / "identities.csv").open(newline="") as stream:
        rows = {row["identity"]: row for row in csv.DictReader(stream)}
    load, read = (f"github:acme/erp/job/load.yml#{name}" for name in ("load", "read"))
    assert (rows[load]["soc1"], rows[load]["exposure"]) == ("direct", "open")
    assert (rows[read]["soc1"], rows[read]["gaps"]) == ("none", "")
    with (tmp_path / "out" / "verdicts.csv").open(newline="") as stream:
        (verdict,) = (row for row in csv.DictReader(stream) if row["identity"] == load)
    assert (verdict["certainty"], verdict["states"]) == ("can", "ALTER+READ")
    with (tmp_path / "out" / "paths.csv").open(newline="") as stream:
        best = [row for row in csv.DictReader(stream) if row["alternative"] == "0"]
    steps = [row for row in best if row["path_id"] == verdict["path_id"]]
    assert [step["edge_kind"] for step in steps] == [
        "CAN_READ",
        "AUTHENTICATES_AS",
        "CAN_WRITE",
        "CONTAINS",
        "SUPPORTS",
    ]
