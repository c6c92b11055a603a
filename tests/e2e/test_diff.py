"""Two dates of the sample company: causes written by hand, each change made in the real inputs."""

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import contents, inside
from tests.sample import ARGUMENTS, FOLDER

pytestmark = pytest.mark.xdist_group("ledgerline")
EXPORT = Path("exports/erp.postgres.json")
ENVIRONMENTS = Path("exports/github/environments.json")
FORMAT = Path("warehouse/.github/workflows/format.yml")
FORMATTER = "github:ledgerline/warehouse/job/format.yml#fix"
MIGRATION = "github:ledgerline/warehouse/job/release.yml#migrate"
CALENDAR = "role:postgres:erp/calendar_sync"
GATE = "github:ledgerline/warehouse/environment/production/protection"
Told = tuple[str, str, str, str]


def _in_json(folder: Path, file: Path, change: Callable[[Any], None]) -> None:
    document = json.loads((folder / file).read_text(encoding="utf-8"))
    change(document)
    (folder / file).write_text(json.dumps(document), encoding="utf-8")


def _in_text(folder: Path, file: Path, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def _revoked(document: Any) -> None:  # noqa: ANN401 - an export
    """REVOKE UPDATE (is_closed) ON ref.fiscal_calendar FROM calendar_sync."""
    document["relations"][13]["columns"][0]["acl"].remove("calendar_sync=w/postgres")


def _nobody_reviews(document: Any) -> None:  # noqa: ANN401 - an export
    """No reviewers are required any more before a job deploys to production."""
    rules = document["environments"][0]["protection_rules"]
    rules[:] = [rule for rule in rules if rule["type"] != "required_reviewers"]


def later(folder: Path) -> None:
    """What happened to the company in between."""
    _in_json(folder, EXPORT, _revoked)
    _in_json(folder, ENVIRONMENTS, _nobody_reviews)
    _in_text(folder, FORMAT, "contents: write", "contents: read")
    _in_text(folder, Path("scope.yaml"), "commitments: [S, A, C]", "commitments: [S, A, C, P]")


def assessed(folder: Path, change: Callable[[Path], None] | None = None) -> Path:
    """The output folder of the sample, with changes."""
    shutil.copytree(FOLDER, folder / "ledgerline")
    if change is not None:
        change(folder / "ledgerline")
    arguments = [
        folder / "ledgerline" / argument.relative_to(FOLDER)
        if isinstance(argument, Path)
        else argument
        for argument in ARGUMENTS
    ]
    ran = inside("assess", *arguments, "--out", folder / "out")
    assert ran.code == 0, ran.err
    return folder / "out"


@pytest.fixture(scope="module")
def before(out: Path) -> Path:
    """The sample as it is."""
    return out


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assessed(tmp_path_factory.mktemp("after"), later)


def answer(*arguments: str | Path) -> dict[str, Any]:
    """What the command says to machines."""
    ran = inside("diff", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


#: Cause: what, change, subject, field or target, place. Explains: identity to targets.
BY_HAND: list[tuple[tuple[str, ...], dict[str, Sequence[str]]]] = [
    (
        (
            "edge",
            "removed",
            FORMATTER,
            "github:ledgerline/warehouse",
            ".github/workflows/format.yml",
            "/permissions/contents",
        ),
        {
            FORMATTER: (
                *("*", "fin:aged-receivables", "fin:board-pack", "fin:cash"),
                *("fin:general-ledger", "fin:revenue", "trust:A/nightly-close"),
            )
        },
    ),
    (
        (
            "control",
            "changed",
            GATE,
            "tests.enforced_by_target",
            "github/environments.json",
            "/environments/0",
        ),
        {
            MIGRATION: (
                "fin:aged-receivables",
                "fin:board-pack",
                "fin:general-ledger",
                "fin:revenue",
            )
        },
    ),
    (
        ("scope", "changed", "scope", "commitments", "scope.yaml", ""),
        {
            "role:postgres:erp/platform_admin": ("trust:P/customer-data",),
            "role:postgres:erp/postgres": ("trust:P/customer-data",),
            "role:postgres:erp/support_bot": ("trust:P/customer-data",),
        },
    ),
    (
        (
            "edge",
            "removed",
            CALENDAR,
            "dataset:postgres:erp.ref.fiscal_calendar",
            "erp.postgres.json",
            "/relations/13/columns/0/acl/0",
        ),
        {CALENDAR: ("fin:board-pack", "fin:revenue")},
    ),
]


def test_each_verdict_has_the_cause_that_was_made(before: Path, after: Path) -> None:
    told = answer(before, after)
    found = []
    for cause in told["causes"]:
        assert cause["changes"] == cause["bound"] == 1
        rows = [row for row in told["rows"] if str(cause["cause"]) in row["cause"]]
        (change,) = [row for row in rows if row["what"] != "verdict"]
        explained: dict[str, list[str]] = {}
        for row in rows:
            if row["what"] == "verdict":
                explained.setdefault(row["subject"], []).append(row["target"])
        named = ("what", "change", "subject")
        said = [change[name] for name in named] + [change["target"] or change["field"]]
        found.append(
            (
                (*said, change["artifact"], change["pointer"]),
                {identity: tuple(targets) for identity, targets in explained.items()},
            )
        )
    assert sorted(found, key=str) == sorted(BY_HAND, key=str)
    assert told["unexplained"] == 0


def test_the_verdicts_are_those_of_both_assessments(before: Path, after: Path) -> None:
    def answers(out: Path) -> dict[tuple[str, str], tuple[str, ...]]:
        columns = ("verdict", "soc1", "soc2", "soc2_outside", "exposure", "certainty")
        with (out / "verdicts.csv").open(encoding="utf-8", newline="") as stream:
            return {
                (row["identity"], row["target"]): tuple(row[name] for name in columns)
                for row in csv.DictReader(stream)
                if row["verdict"] != "neither" or row["soc2_outside"]
            }

    old, new = answers(before), answers(after)
    changed = {pair for pair in old.keys() | new.keys() if old.get(pair) != new.get(pair)}
    rows = [row for row in answer(before, after)["rows"] if row["what"] == "verdict"]
    assert {(row["subject"], row["target"]) for row in rows} == changed
    for row in rows:
        pair = (row["subject"], row["target"])
        assert row["before"].split(", ")[0] == old.get(pair, ("neither",))[0]
        assert row["after"].split(", ")[0] == new.get(pair, ("neither",))[0]
        way = {"removed": pair not in new, "added": pair not in old}
        assert way.get(row["change"], pair in old and pair in new)


def test_nothing_differs_between_two_runs(before: Path, tmp_path: Path) -> None:
    again = assessed(tmp_path)
    assert answer(before, again)["rows"] == []
    ran = inside("diff", before, again)
    assert (ran.code, ran.out) == (0, "nothing differs\n")


def _renamed(folder: Path) -> None:
    (folder / EXPORT).rename(folder / "exports" / "november.postgres.json")
    (folder / FORMAT).write_bytes(b"# a line above\n" + (folder / FORMAT).read_bytes())


def test_what_moved_has_not_changed(before: Path, tmp_path: Path) -> None:
    rows = answer(before, assessed(tmp_path, _renamed))["rows"]
    assert [(row["what"], row["change"]) for row in rows] == [("document", "moved")]
    assert (rows[0]["subject"], rows[0]["target"]) == (
        "erp.postgres.json",
        "november.postgres.json",
    )


def test_causes_are_the_same_where_documents_moved_too(
    before: Path, after: Path, tmp_path: Path
) -> None:
    def both(folder: Path) -> None:
        later(folder)
        _renamed(folder)

    def told(out: Path) -> list[dict[str, Any]]:
        rows = answer(before, out)["rows"]
        names = ("cause", "what", "change", "subject", "target", "field", "before", "after")
        return [{name: row[name] for name in names} for row in rows]

    assert told(assessed(tmp_path, both)) == told(after)


def test_a_right_that_comes_brings_who_has_it_and_an_answer_is_a_row(
    before: Path, tmp_path: Path
) -> None:
    agent, table = "acme:agent", "dataset:postgres:erp.marts.revenue"

    def change(folder: Path) -> None:
        node = {"key": agent, "kind": "AiAgent", "name": "agent"}
        edge = {"kind": "CAN_WRITE", "from": agent, "to": table}
        facts = {"nhigraph": "facts/1", "nodes": [node], "edges": [edge]}
        (folder / "exports/agent.facts.json").write_text(json.dumps(facts), encoding="utf-8")
        scope = (folder / "scope.yaml").read_text(encoding="utf-8")
        # The list of answers stands last there.
        more = '  - {gap: {at: "github:ledgerline/*"}, is: empty}\n'
        (folder / "scope.yaml").write_text(scope + more, encoding="utf-8")

    out = assessed(tmp_path, change)
    rows = answer(before, out)["rows"]
    mine = [row for row in rows if row["subject"] == agent]
    reached = {row["target"] for row in mine if row["what"] == "verdict"}
    assert reached == {"fin:board-pack", "fin:revenue"}
    assert {(row["what"], row["change"]) for row in mine} == {
        *(("verdict", "added"), ("edge", "added"), ("identity", "added"))
    }
    (number,) = {tuple(row["cause"]) for row in mine}
    assert [row["subject"] for row in rows if row["what"] == "answer"] == [
        "gap key: github:ledgerline/*"
    ]
    ran = inside("diff", before, out, "--fail-on", "new")
    assert ran.code == 1
    assert f"{number[0]}. 1 change explains" in ran.out
    back = answer(out, before)["rows"]
    gone = [row for row in back if row["subject"] == agent and row["what"] != "verdict"]
    # The node went, with all that lay at it: that alone explains what went with it.
    assert [(row["what"], row["change"], bool(row["cause"])) for row in gone] == [
        *(("identity", "removed", True), ("edge", "removed", False))
    ]


@pytest.mark.parametrize(
    ("condition", "swapped", "code"),
    [
        ("new", False, 1),
        ("new:soc1", False, 0),
        ("new:soc1", True, 1),
        ("new:soc2", False, 1),
        ("none", False, 0),
        ("old", False, 2),
    ],
)
def test_what_is_new_decides_the_exit_code(
    before: Path, after: Path, condition: str, swapped: bool, code: int
) -> None:
    pair = (after, before) if swapped else (before, after)
    ran = inside("diff", *pair, "--fail-on", condition)
    assert ran.code == code, ran.err
    if code == 1:
        assert f"--fail-on {condition}: " in ran.err


def test_a_scope_error_goes_before_what_is_new(before: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        _in_text(folder, Path("scope.yaml"), "erp.marts.cash_balance", "erp.marts.nothing")

    ran = inside("diff", before, assessed(tmp_path, change), "--fail-on", "new")
    assert ran.code == 3
    assert "in the scope" in ran.err


def test_one_line_for_a_folder_that_holds_no_graph(before: Path, tmp_path: Path) -> None:
    ran = inside("diff", before, tmp_path)
    assert ran.code == 3
    assert ran.err.count("\n") == 1
    assert "holds no graph" in ran.err


def test_one_line_for_a_graph_of_another_version(before: Path, tmp_path: Path) -> None:
    shutil.copytree(before, tmp_path / "old")
    manifest = tmp_path / "old/graph/manifest.json"
    manifest.write_text(manifest.read_text().replace('"graph/4"', '"graph/3"'))
    ran = inside("diff", tmp_path / "old", before)
    assert ran.code == 3
    assert ran.err.count("\n") == 1
    assert "run assess again" in ran.err


def test_the_snapshots_stay_as_they_are(before: Path, after: Path) -> None:
    old = contents(before), contents(after)
    answer(before, after)
    assert (contents(before), contents(after)) == old


def test_two_days_of_one_folder_differ_by_the_day(before: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        _in_text(folder, Path("scope.yaml"), "as_of: 2026-11-23", "as_of: 2027-11-23")

    later = assessed(tmp_path, change)
    told = answer(before, later)
    assert {tuple(row["cause"]) for row in told["rows"]} == {("1",)}
    assert [row["what"] for row in told["rows"] if row["what"] != "verdict"] == ["day"]
    assert answer(before, later, "--as-of", "2026-11-23")["rows"] == []


def test_the_page_is_written_whole_and_the_same_each_time(
    before: Path, after: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    for page in (first, second):
        ran = inside("diff", before, after, "--html", page)
        assert ran.code == 0, ran.err
    text = first.read_text(encoding="utf-8")
    assert first.read_bytes() == second.read_bytes()
    assert "16 answers changed; 4 causes explain all of them." in text
    assert "<script" not in text
    assert str(tmp_path) not in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.html", "second.html"]


@pytest.mark.parametrize("place", ["", "nowhere/page.html"])
def test_a_page_that_cannot_be_written_is_one_line(
    before: Path, tmp_path: Path, place: str
) -> None:
    ran = inside("diff", before, before, "--html", tmp_path / place)
    assert ran.code == 2
    assert ran.err.count("\n") == 1


def test_a_period_tells_when_the_right_was_gone(before: Path, after: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        later(folder)
        _in_text(folder, Path("scope.yaml"), "as_of: 2026-11-23", "as_of: 2026-12-31")

    shutil.copytree(before, tmp_path / "kept/november")
    shutil.move(assessed(tmp_path / "later", change), tmp_path / "kept/december")
    ran = inside("diff", "--period", tmp_path / "kept", "--format", "json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert told["nhigraph"] == "diff/1"
    assert [one["name"] for one in told["snapshots"]] == ["november", "december"]
    found = [
        row for row in told["rows"] if row["what"] == "verdict" and row["subject"] == CALENDAR
    ]
    assert {row["target"] for row in found} == {"fin:board-pack", "fin:revenue"}
    for row in found:
        days = (row["first_seen"], row["last_seen"], row["not_yet"], row["no_longer"])
        assert days == ("2026-11-23", "2026-11-23", "", "2026-12-31")
    assert "what was between two of these days was not seen" in ran.err
    shown = inside("diff", "--period", tmp_path / "kept").out
    assert "identities were active on all of these days" in shown


@pytest.mark.parametrize(
    "arguments", [(), ("A",), ("A", "B", "--period", "C"), ("--period", "C", "--fail-on", "new")]
)
def test_what_is_compared_must_be_named(arguments: tuple[str, ...]) -> None:
    ran = inside("diff", *arguments)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
