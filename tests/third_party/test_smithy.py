"""A second forge, of another distribution: its jobs go through the same joins as anybody's.

The package ``tests/data/smithy`` is built, installed into a folder, and read by the real program.
What it brings is a source, keys derived from ``facts.keys.forge`` and an entry of rules: that no
room of joins had to change for it is what is shown here.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.third_party.packages import TAPLINE, install, nhigraph

pytestmark = pytest.mark.xdist_group("smithy")

SMITHY = TAPLINE.parent / "smithy"
NORTH, SOUTH = "smithy:forge.example/north/deep/tools", "smithy:forge.example/south/lib"
LOGIN = {"PGDATABASE": "erp", "PGUSER": "loader", "PGHOST": "db.example"}
LOADS: dict[str, object] = {"with": LOGIN, "tokens": {"PGPASSWORD": "PW"}, "does": ["psql"]}


def calling(name: str, book: str) -> dict[str, object]:
    """A yard with one order, which calls a book of another owner's and hands it all tokens."""
    orders = {"for": {"book": f"forge.example/south/lib/{book}"}}
    books = {"ask": {"struck_by": ["clock"], "orders": orders}}
    return {"smithy": 1, "yard": f"forge.example/{name}/asks", "books": books}


YARDS = {
    "north": {
        "smithy": 1,
        "yard": "forge.example/north/deep/tools",
        "lines": {"red": True, "blue": False},
        "places": ["hall"],
        "books": {
            "night": {
                "struck_by": ["clock"],
                "orders": {
                    "load": LOADS,
                    "guarded": {**LOADS, "place": "hall"},
                    "unmade": {**LOADS, "place": "attic"},
                    "carver": {"may": ["carve"]},
                    "idle": {},
                },
            },
            "other": {"struck_by": ["clock"], "orders": {"sealed": {"may": ["seal"]}}},
        },
    },
    "south": {
        "smithy": 1,
        "yard": "forge.example/south/lib",
        "books": {
            "share": {"struck_by": ["book"], "orders": {"do": LOADS}},
            "hut": {"struck_by": ["book"], "orders": {"there": {**LOADS, "place": "hall"}}},
        },
    },
    "token": calling("token", "share"),
    "place": calling("place", "hut"),
    "west": {
        "smithy": 1,
        "yard": "forge.example/west/open",
        "lines": {"red": True},
        "books": {
            "any": {
                "struck_by": ["hand"],
                "orders": {"load": LOADS, "carver": {"may": ["carve", "strike"]}},
            },
        },
    },
    "east": {
        "smithy": 1,
        "yard": "forge.example/east/bare",
        "lines": {"red": False},
        "books": {
            "any": {
                "struck_by": ["clock"],
                "orders": {"load": LOADS, "carver": {"may": ["carve"]}},
            },
        },
    },
}
FACTS = """
nhigraph: facts/1
nodes:
  - {kind: DatabaseRole, key: "role:postgres:erp/loader"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl"}
edges:
  - {kind: CAN_WRITE, from: "role:postgres:erp/loader", to: "dataset:postgres:erp.fin.gl"}
"""
SCOPE = """
nhigraph: scope/1
organization: Anvil Ltd
commitments: [S]
targets:
  - id: gl
    family: financial-reporting
    fs_role: record
    icfr_basis: own
    select: [{key: "dataset:postgres:erp.fin.gl"}]
"""
Row = dict[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package installed."""
    return install(SMITHY, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def out(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of ``assess``."""
    folder = tmp_path_factory.mktemp("inputs")
    for name, yard in YARDS.items():
        (folder / f"{name}.smithy.json").write_text(json.dumps(yard))
    (folder / "role.facts.yaml").write_text(FACTS)
    (folder / "scope.yaml").write_text(SCOPE)
    answer = tmp_path_factory.mktemp("out") / "answer"
    ran = nhigraph("assess", folder, "--out", answer, sites=(site,))
    assert ran.code == 0, ran.err
    return answer


def rows(file: Path) -> list[Row]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def verdict(out: Path, job: str) -> Row:
    found = [row for row in rows(out / "verdicts.csv") if row["identity"] == job]
    (row,) = (row for row in found if row["target"] == "fin:gl")
    return row


def steps(out: Path, job: str) -> list[Row]:
    path = verdict(out, job)["path_id"]
    found = [row for row in rows(out / "paths.csv") if row["path_id"] == path]
    return [row for row in found if row["alternative"] == "0"]


def absent(out: Path, source: str) -> list[dict[str, Any]]:
    coverage: dict[str, list[dict[str, Any]]] = json.loads((out / "coverage.json").read_text())
    return [one for one in coverage["absent"] if one["source"] == source]


def test_a_secret_that_a_file_of_a_yard_shows_lies_in_the_yard_however_deep(site: Path) -> None:
    """Its key is read back, though the path has the word that ends the yard's address too."""
    code = """
from nhigraph.app.registry import packages
from nhigraph.facts import keys
packages()
yard = keys.forge.Repository.parse("smithy:forge.example/north/deep/tools")
shown = keys.Written(yard, "a/file/b.yml", "PW")
assert keys.parse(shown.text) == shown, shown.text
assert keys.repository_of(keys.parse(shown.text)) == yard
assert keys.repository_named(yard.text) == yard
"""
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr


def test_an_order_is_who_its_yards_token_opens(out: Path) -> None:
    job = f"{NORTH}/~/order/night/load"
    row = verdict(out, job)
    assert (row["soc1"], row["certainty"], row["exposure"]) == ("direct", "can", "open")
    assert [(step["edge_kind"], step["to"]) for step in steps(out, job)[:2]] == [
        ("CAN_READ", f"{NORTH}/~/token/PW"),
        ("AUTHENTICATES_AS", "role:postgres:erp/loader"),
    ]


def test_an_order_without_a_token_or_a_leave_reaches_nothing(out: Path) -> None:
    """The others are not told of everybody."""
    found = {row["identity"]: row for row in rows(out / "identities.csv")}
    assert found[f"{NORTH}/~/order/night/idle"]["soc1"] == "none"


@pytest.mark.parametrize("place", ["hall", "attic"])
def test_what_an_order_does_in_a_place_stands_behind_the_rule_of_the_place(
    out: Path, place: str
) -> None:
    """Nobody made the attic: a forge that makes no place by itself has not opened it either."""
    job = f"{NORTH}/~/order/night/{'guarded' if place == 'hall' else 'unmade'}"
    assert verdict(out, job)["exposure"] == "undetermined"
    first = steps(out, job)[0]
    assert first["to"] == f"{NORTH}/~/place/{place}/token/PW"
    assert first["gate"] == f"{NORTH}/~/place/{place}/rule"
    (rule,) = (row for row in rows(out / "controls.csv") if row["gate"] == first["gate"])
    assert rule["enforced_by_target"] == "not told"


def test_a_called_book_is_handed_the_tokens_of_a_caller_of_another_owner(out: Path) -> None:
    """Its forge says so; that the called book is the one that was read nobody knows."""
    job = "smithy:forge.example/token/asks/~/order/ask/for"
    row = verdict(out, job)
    assert (row["soc1"], row["certainty"]) == ("direct", "may")
    assert steps(out, job)[0]["to"] == "smithy:forge.example/token/asks/~/token/PW"


def test_a_called_book_works_in_the_place_of_its_own_yard(out: Path) -> None:
    job = "smithy:forge.example/place/asks/~/order/ask/for"
    first = steps(out, job)[0]
    assert first["to"] == f"{SOUTH}/~/place/hall/token/PW"
    assert first["gate"] == f"{SOUTH}/~/place/hall/rule"


def test_what_an_order_carves_stands_behind_the_rule_of_the_usual_line(out: Path) -> None:
    job = f"{NORTH}/~/order/night/carver"
    assert verdict(out, job)["exposure"] == "undetermined"
    first = steps(out, job)[0]
    assert (first["to"], first["gate"]) == (NORTH, f"{NORTH}/~/line/red/rule")


def test_a_line_that_nobody_signs_off_has_a_rule_that_fails(out: Path) -> None:
    yard = "smithy:forge.example/east/bare"
    assert verdict(out, f"{yard}/~/order/any/carver")["exposure"] == "open"
    (rule,) = (
        row for row in rows(out / "controls.csv") if row["gate"] == f"{yard}/~/line/red/rule"
    )
    assert rule["enforced_by_target"] == "no"


def test_who_may_strike_a_book_by_hand_writes_past_the_rule(out: Path) -> None:
    job = "smithy:forge.example/west/open/~/order/any/carver"
    assert verdict(out, job)["exposure"] == "open"
    assert not any(step["gate"] for step in steps(out, job))


def test_the_exports_that_would_settle_more_are_the_forges_own(out: Path) -> None:
    """Those over which it stumbles are left out, and so is what no command of its tells."""
    commands = {one["command"] for one in absent(out, "smithy")}
    yards = ("north/deep/tools", "south/lib", "west/open", "east/bare")
    assert commands == {f"smithyctl tokens forge.example/{yard}" for yard in yards}


def test_what_other_platforms_trust_is_asked_for_whoever_has_its_identity_tokens(
    out: Path,
) -> None:
    settles = "which identities trust the tokens of forge.example/north/deep/tools"
    for source in ("aws_iam", "azure", "gcp"):
        (line,) = absent(out, source)
        assert (line["settles"], line["wanted_by"]) == (settles, "smithy")
