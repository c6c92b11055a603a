"""Alternatives of the sample company: what is left when a right is taken from the real export."""

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
EXPORT = "erp.postgres.json"
Step = tuple[str, str, str, str]


def _handed_over(number: int) -> Callable[[dict[str, Any]], None]:
    """ALTER TABLE … OWNER TO postgres; what the owner granted goes with it."""

    def change(document: dict[str, Any]) -> None:
        relation = document["relations"][number]
        old, relation["owner"] = relation["owner"], "postgres"
        acl = [one.replace(f"/{old}", "/postgres") for one in relation["acl"] or []]
        own = (one.replace(f"{old}=", "postgres=") for one in acl if one.startswith(f"{old}="))
        others = [one for one in acl if not one.startswith(f"{old}=")]
        relation["acl"] = [*own, *others] or None

    return change


def _revoked(document: dict[str, Any]) -> None:
    """REVOKE USAGE ON SCHEMA fin FROM finance_app."""
    document["schemas"][1]["acl"].remove("finance_app=U/postgres")


#: Whose path to which target; the kinds of the edges of the path and of each alternative, written
#: by hand; and what takes the path's right away, so that the first alternative is the path.
CASES = [
    (
        "role:postgres:erp/dbt_runner",
        "fin:cash",
        [
            ["MEMBER_OF", "OWNS", "SUPPORTS"],
            ["MEMBER_OF", "CAN_DELETE", "CONTAINS", "SUPPORTS"],
            ["MEMBER_OF", "OWNS", "FEEDS", "SUPPORTS"],
        ],
        [_handed_over(3)],
    ),
    (
        "role:postgres:erp/transformer",
        "fin:board-pack",
        [["OWNS", "FEEDS", "SUPPORTS"]] * 3,
        [_handed_over(3)],
    ),
    (
        "role:postgres:erp/finance_app",
        "fin:revenue",
        # It may no longer name the table, and drops it by DROP OWNED.
        [["OWNS", "FEEDS", "FEEDS", "SUPPORTS"], ["CAN_DELETE", "FEEDS", "FEEDS", "SUPPORTS"]],
        [_revoked],
    ),
    (
        "role:postgres:erp/payments_loader",
        "fin:aged-receivables",
        [["CAN_WRITE", "FEEDS", "FEEDS", "FEEDS", "SUPPORTS"]],
        [],
    ),
]


def _paths(out: Path, identity: str, target: str) -> list[list[Step]]:
    with (out / "verdicts.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = [
            row
            for row in csv.DictReader(stream)
            if (row["identity"], row["target"]) == (identity, target)
        ]
    found: dict[int, list[Step]] = {}
    with (out / "paths.csv").open(encoding="utf-8", newline="") as stream:
        for step in csv.DictReader(stream):
            if step["path_id"] == row["path_id"]:
                told = (step["from"], step["edge_kind"], step["to"], step["state"])
                found.setdefault(int(step["alternative"]), []).append(told)
    return [found[number] for number in sorted(found)]


@pytest.mark.parametrize(
    ("identity", "target", "kinds", "changes"), CASES, ids=[case[0] for case in CASES]
)
def test_what_is_left_when_the_right_of_the_path_is_gone_is_the_first_alternative(
    identity: str,
    target: str,
    kinds: list[list[str]],
    changes: list[Callable[[dict[str, Any]], None]],
    out: Path,
    tmp_path: Path,
) -> None:
    found = _paths(out, identity, target)
    assert [[step[1] for step in path] for path in found] == kinds
    for number, change in enumerate(changes):
        after = tmp_path / f"after-{number}" / "ledgerline"
        shutil.copytree(FOLDER, after)
        document = json.loads((after / "exports" / EXPORT).read_text(encoding="utf-8"))
        change(document)
        (after / "exports" / EXPORT).write_text(json.dumps(document), encoding="utf-8")
        assert _paths(assessed(after), identity, target)[0] == found[1]


def test_why_shows_them_to_people_and_to_scripts(out: Path) -> None:
    asked = ("why", "dbt_runner", "fin:cash", "--graph", out)
    people = inside(*asked, "--alternatives", "2").out
    assert "\nalternative 1, without step 2\n" in people
    assert "\nalternative 2, without step 2\n" in people
    assert "alternative 3" not in people
    assert "no further" not in people
    rows = json.loads(inside(*asked, "--alternatives", "--format", "json").out)["rows"]
    assert [row["alternative"] for row in rows if row["step"] == 1] == [0, 1, 2, 3]
    assert len({row["path_id"] for row in rows}) == 1
    plain = json.loads(inside(*asked, "--format", "json").out)["rows"]
    assert plain == [row for row in rows if row["alternative"] == 0]
    few = inside("why", "finance_app", "fin:revenue", "--graph", out, "--alternatives").out
    assert "no further alternative in what was read" in few
    asked = ("why", "payments_loader", "fin:aged-receivables", "--graph", out)
    assert "no alternative in what was read" in inside(*asked, "--alternatives").out
    wrong = inside("why", "--alternatives", "dbt_runner", "fin:cash", "--graph", out)
    assert wrong.code == 2
    assert "put the option behind FROM and TO" in wrong.err
